//! Joins the tiers into designs: the cheapest that meets every requirement, and the one with the pinned products.

use loadline_contract::{Availability, Kind, Offer, Profile, RegionOffers};

use super::bill::bill;
use super::honour::{Said, honoured};
use super::judge::{self, Taken};
use super::lifecycle::surcharge_for;
use super::pins::{self, PinError, Pinned};
use super::regret::least_regret;
use super::select::{Counter, Selected, availability, spread};
use super::shop::Charges;
use super::survey::{Fit, Keep};
use super::tiers::{BalancerTier, servers, whole_servers};
use super::{
    Ask, Balancer, Choice, Design, Objection, ObjectionSeverity, Pick, PickedBy, Rejection, Selection,
};
use crate::sizing::{Capacity, Requirements};
use crate::spec::Pin;

/// Chooses what to take of what a region sells.
///
/// For each tier the cheapest offers that meet every requirement, all else being equal the fewer and then the first by
/// name, so that the order of the offers changes nothing. A product that retires is taken only where none that lasts
/// fits; a price that is not known only where none that is known fits.
///
/// # Errors
/// Every pinned name that the region's book does not know, with the nearest that it does.
pub fn choose(
    ask: &Ask<'_>,
    profile: &Profile,
    region: &str,
    sold: &RegionOffers,
) -> Result<Choice, Vec<PinError>> {
    let charges = Charges::of(sold);
    let asked = ask.requirements;
    let (zones, mut objections) = spread(profile, region, (asked.app.zones, asked.app.survive));
    let counter =
        Counter { profile, region, sold, charges: &charges, today: ask.today, terms: ask.terms, zones };
    let pin = ask.pin.filter(|pin| names_something(pin) && !sold.offers.is_empty());
    let resolved =
        pin.map(|pin| pins::resolve(pin, (profile.name, region), asked, sold, &charges)).transpose()?;

    let selection = TierSelection::of(&counter, asked, Keep::Everything);
    objections.extend(selection.objections());
    objections.extend(ended_version(&counter, asked));
    let possible = !objections.iter().any(|objection| objection.severity == ObjectionSeverity::Impossible);
    let trio = selection.trio().filter(|_| possible);
    let chosen = trio.map(|trio| {
        let balancer = BalancerTier::of(&asked.balancer, &charges).cheapest();
        finish(&counter, asked, (trio, Named::default()), balancer)
    });
    let least_regret = trio.and_then(|trio| least_regret(&counter, asked, &trio, ask.scenarios));

    let pinned_requirements = pin.map(|pin| with_overrides(asked, pin));
    let pinned = match (pin, resolved, &pinned_requirements) {
        (Some(pin), Some(resolved), Some(requirements)) => {
            pinned_selection(&counter, pin, &resolved, requirements)
        }
        _ => None,
    };
    let mut rejections = selection.rejections();
    rejections.sort_unstable_by(|left, right| {
        (left.kind, &left.sku, left.limit, &left.has).cmp(&(right.kind, &right.sku, right.limit, &right.has))
    });
    Ok(Choice { chosen, pinned, objections, rejections, least_regret })
}

/// An engine version that the cloud no longer runs at all.
fn ended_version(counter: &Counter<'_>, requirements: &Requirements) -> Option<Objection> {
    let database = requirements.database.as_ref()?;
    let version = (database.engine.as_str(), database.version.as_str());
    let surcharge = surcharge_for(counter.charges.surcharges, version, counter.today)?;
    let until = surcharge.until.as_deref().filter(|until| *until < counter.today)?;
    let why = format!(
        "{} {} is not run any more since {until} ({}): ask for a newer version",
        database.engine, database.version, surcharge.per_vcpu_hour.source.place
    );
    Some(Objection { what: "version".to_owned(), why, severity: ObjectionSeverity::Impossible })
}

/// The best of each tier.
#[derive(Debug, Clone, Copy)]
pub(super) struct Trio<'a> {
    /// App machines.
    pub(super) app: Fit<'a>,
    /// Database; `None` when there is none.
    pub(super) database: Option<Fit<'a>>,
    /// Cache; `None` when there is none.
    pub(super) cache: Option<Fit<'a>>,
}

/// What was looked at for each tier.
pub(super) struct TierSelection<'a> {
    app: Selected<'a>,
    database: Option<Selected<'a>>,
    cache: Option<Selected<'a>>,
}

impl<'a> TierSelection<'a> {
    /// Selects each tier on its own: no price of one depends on another.
    pub(super) fn of(counter: &Counter<'a>, requirements: &'a Requirements, keep: Keep) -> Self {
        Self {
            app: counter.select_app(requirements, keep),
            database: counter.select_database(requirements, keep),
            cache: counter.select_cache(requirements, keep),
        }
    }

    fn each(&self) -> impl Iterator<Item = &Selected<'a>> {
        std::iter::once(&self.app).chain(&self.database).chain(&self.cache)
    }

    fn objections(&self) -> Vec<Objection> {
        let mut objections: Vec<Objection> = Vec::new();
        for objection in self.each().flat_map(|selected| &selected.objections) {
            if !objections.contains(objection) {
                objections.push(objection.clone());
            }
        }
        objections
    }

    fn rejections(&self) -> Vec<Rejection> {
        self.each().flat_map(|selected| selected.survey.rejections()).collect()
    }

    /// The best of each; `None` where a tier has none.
    pub(super) fn trio(&self) -> Option<Trio<'a>> {
        let fits = |selected: &Option<Selected<'a>>| match selected {
            None => Some(None),
            Some(selected) => selected.fit.map(Some),
        };
        Some(Trio { app: self.app.fit?, database: fits(&self.database)?, cache: fits(&self.cache)? })
    }
}

/// Which tiers the spec names.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Named {
    app: bool,
    app_count: bool,
    database: bool,
    cache: bool,
}

fn names_something(pin: &Pin) -> bool {
    *pin != Pin::default()
}

/// Requirements with the resilience that a pin overrides.
fn with_overrides(asked: &Requirements, pin: &Pin) -> Requirements {
    let mut requirements = asked.clone();
    if let (Some(database), Some(standby)) = (&mut requirements.database, pin.database_standby) {
        database.standby = standby;
    }
    if let (Some(cache), Some(replica)) = (&mut requirements.cache, pin.cache_replica) {
        cache.replica = replica;
    }
    requirements
}

/// The design with the pinned products, the rest chosen around them; `None` where nothing fits an unpinned tier.
fn pinned_selection<'a>(
    counter: &Counter<'a>,
    pin: &Pin,
    pinned: &Pinned<'a>,
    requirements: &'a Requirements,
) -> Option<Selection> {
    let mut said = Said::default();
    let app = match pinned.app {
        None => counter.select_app(requirements, Keep::Best).fit?,
        Some(offer) => {
            let count = counter.app(requirements).count_of(offer);
            let way = (counter.terms.app, Availability::Single);
            Fit { count, ..honoured(counter, offer, way, &mut said) }
        }
    };
    let app = Fit { count: pin.app_count.unwrap_or(app.count), ..app };
    let database = match (&requirements.database, pinned.database) {
        (None, _) => None,
        (Some(_), None) => Some(counter.select_database(requirements, Keep::Best)?.fit?),
        (Some(database), Some(offer)) => {
            let way = (counter.terms.database, availability(database.standby));
            Some(honoured(counter, offer, way, &mut said))
        }
    };
    let cache = match (&requirements.cache, pinned.cache) {
        (None, _) => None,
        (Some(_), None) => Some(counter.select_cache(requirements, Keep::Best)?.fit?),
        (Some(cache), Some(offer)) => {
            let way = (counter.terms.cache, availability(cache.replica));
            Some(honoured(counter, offer, way, &mut said))
        }
    };
    let tier = BalancerTier::of(&requirements.balancer, counter.charges);
    let balancer = pinned.balancer.map_or_else(|| tier.cheapest(), |sku| Some(tier.named(sku)));
    let named = Named {
        app: pinned.app.is_some(),
        app_count: pin.app_count.is_some(),
        database: pinned.database.is_some(),
        cache: pinned.cache.is_some(),
    };
    let mut selection = finish(counter, requirements, (Trio { app, database, cache }, named), balancer);
    selection.misses.extend(said.misses);
    selection.notes.extend(said.notes);
    Some(selection)
}

/// Writes a design out, bills and judges it.
pub(super) fn finish<'a>(
    counter: &Counter<'a>,
    requirements: &'a Requirements,
    (trio, named): (Trio<'a>, Named),
    balancer: Option<Balancer>,
) -> Selection {
    let Trio { app, database, cache } = trio;
    let by = |named: bool| if named { PickedBy::Pin } else { PickedBy::Choice };
    let pick = |fit: Fit<'_>, named: bool| Pick {
        offer: fit.offer.clone(),
        count: fit.count,
        term: fit.term,
        availability: fit.availability,
        by: by(named),
    };
    let design = Design {
        cloud: counter.profile.name.to_owned(),
        region: counter.region.to_owned(),
        zones: counter.zones.min(app.count.max(1)),
        app: pick(app, named.app),
        app_disk_gib: counter.app(requirements).disk_gib(app.offer),
        database: database.map(|fit| pick(fit, named.database)),
        database_storage_gib: requirements.database.as_ref().map(|database| database.storage_gib),
        cache: cache.map(|fit| pick(fit, named.cache)),
        balancer,
        capacity: capacity(counter, requirements, &trio),
    };
    let taken = Taken {
        app: app.offer,
        app_count_pinned: named.app_count,
        database: database.map(|fit| fit.offer),
        cache: cache.map(|fit| fit.offer),
        balancer: design.balancer.as_ref().and_then(|balancer| {
            let described = |offer: &&Offer| offer.kind == Kind::Balancer && offer.sku == balancer.sku;
            counter.sold.offers.iter().find(described)
        }),
    };
    Selection {
        bill: bill(&design, requirements, counter.sold, counter.today),
        misses: judge::misses(counter, requirements, &taken, &design),
        notes: judge::notes(counter, requirements, &taken, &design),
        lifecycle: judge::lifecycle(counter, requirements, &taken),
        design,
    }
}

/// Servers that a design really has; exactly the pinned cores where the spec pins them. At least one each, so that a
/// prediction exists; where vCPUs are unknown a miss says so.
fn capacity<'a>(counter: &Counter<'a>, requirements: &'a Requirements, trio: &Trio<'a>) -> Capacity {
    let Trio { app, database, .. } = trio;
    let wish = &requirements.app;
    let each = servers(&app.offer.shape, wish.cpu_measured_on).unwrap_or(0.0);
    let working = counter.app(requirements).need.working(app.count, each);
    let app_servers = wish.pinned_cores.map_or(working, |pinned| pinned.min(working)).max(1);
    let database_servers = requirements.database.as_ref().zip(*database).map(|(wish, fit)| {
        let working = servers(&fit.offer.shape, wish.cpu_measured_on).map_or(0, whole_servers);
        wish.pinned_cores.map_or(working, |pinned| pinned.min(working)).max(1)
    });
    let max_connections = requirements.database.as_ref().zip(*database).map(|(wish, fit)| {
        fit.offer.connections.map_or(wish.max_connections, |limit| wish.max_connections.min(limit.maximum))
    });
    Capacity {
        app_servers,
        database_servers,
        max_connections,
        app_memory_gib: app.offer.shape.memory_gib.map(|each| each * f64::from(app.count)),
        app_machines: app.count,
    }
}
