//! Takes the best of a tier's offers under the commitment and availability that were asked for, and says aloud where
//! only another commitment or a single node can be had.

use loadline_contract::{Availability, Kind, Profile, RegionOffers, Term};

use super::shop::Charges;
use super::survey::{Fit, Keep, PriceKnown, Survey};
use super::tiers::{AppTier, CacheTier, DatabaseTier};
use super::words;
use super::{Objection, ObjectionSeverity};
use crate::sizing::Requirements;
use crate::spec::{Survive, Terms};

/// The best of a tier with its survey and what it does not do of what was asked.
#[derive(Debug, Clone)]
pub(super) struct Selected<'a> {
    /// The last survey that was made.
    pub(super) survey: Survey<'a>,
    /// The best; `None`: nothing fits.
    pub(super) fit: Option<Fit<'a>>,
    /// Where less or another commitment was taken, and why nothing fits.
    pub(super) objections: Vec<Objection>,
}

/// Everything that a tier is selected with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counter<'a> {
    /// Cloud.
    pub(super) profile: &'a Profile,
    /// Region.
    pub(super) region: &'a str,
    /// What it sells.
    pub(super) sold: &'a RegionOffers,
    /// What it charges beside.
    pub(super) charges: &'a Charges<'a>,
    /// Date of judgement.
    pub(super) today: &'a str,
    /// Commitments asked for.
    pub(super) terms: Terms,
    /// Zones to spread over.
    pub(super) zones: u32,
}

impl<'a> Counter<'a> {
    /// The app tier of requirements.
    pub(super) fn app(&self, requirements: &'a Requirements) -> AppTier<'a> {
        AppTier::of(requirements, self.charges, self.zones, self.today)
    }

    /// The database tier; `None` when there is none.
    pub(super) fn database(&self, requirements: &'a Requirements) -> Option<DatabaseTier<'a>> {
        let requirement = requirements.database.as_ref()?;
        Some(DatabaseTier::of(requirement, self.charges, self.today))
    }

    /// The cache tier; `None` when there is none.
    pub(super) fn cache(&self, requirements: &'a Requirements) -> Option<CacheTier<'a>> {
        let requirement = requirements.cache.as_ref()?;
        Some(CacheTier::of(requirement, self.charges, self.sold, self.today))
    }

    /// The best machines.
    pub(super) fn select_app(&self, requirements: &'a Requirements, keep: Keep) -> Selected<'a> {
        let tier = self.app(requirements);
        self.attempt((Kind::Compute, self.terms.app, Availability::Single), |term, _| {
            tier.survey(self.sold, term, keep)
        })
    }

    /// The best database; `None` when there is none.
    pub(super) fn select_database(&self, requirements: &'a Requirements, keep: Keep) -> Option<Selected<'a>> {
        let tier = self.database(requirements)?;
        let wanted = availability(requirements.database.as_ref().is_some_and(|database| database.standby));
        Some(self.attempt((Kind::Database, self.terms.database, wanted), |term, availability| {
            tier.survey(self.sold, term, availability, keep)
        }))
    }

    /// The best cache; `None` when there is none.
    pub(super) fn select_cache(&self, requirements: &'a Requirements, keep: Keep) -> Option<Selected<'a>> {
        let tier = self.cache(requirements)?;
        let wanted = availability(requirements.cache.as_ref().is_some_and(|cache| cache.replica));
        let mut selected = self.attempt((Kind::Cache, self.terms.cache, wanted), |term, availability| {
            tier.survey(self.sold, term, availability, keep)
        });
        if let (Some(fit), Some(cache)) = (selected.fit, &requirements.cache) {
            selected.objections.extend(self.other_engine(&cache.engine, tier.other_engine(fit.offer)));
        }
        Some(selected)
    }

    /// Said where only an engine of the same protocol can be had. Valkey for Redis is no objection but a note: nothing
    /// is lost by it.
    fn other_engine(&self, wanted: &str, runs: Option<&str>) -> Option<Objection> {
        let runs = runs.filter(|runs| *runs == "redis")?;
        let stated = self.profile.inabilities.iter().find(|inability| inability.what == wanted);
        let none = stated.map_or_else(
            || format!("{} sells no {wanted}", self.place()),
            |inability| inability.why.to_owned(),
        );
        let why = format!("{none}: {runs} is taken, which answers the same protocol under another licence");
        Some(Objection { what: "engine".to_owned(), why, severity: ObjectionSeverity::Reduced })
    }

    /// `cloud region`, for sentences.
    pub(super) fn place(&self) -> String {
        format!("{} {}", self.profile.title, self.region)
    }

    /// First what was asked for; then the same on demand; then one node where no pair is to be had. A known price
    /// under another commitment goes before an unknown one, but a pair of unknown price before one node.
    fn attempt(
        &self,
        (kind, term, wanted): (Kind, Term, Availability),
        survey: impl Fn(Term, Availability) -> Survey<'a>,
    ) -> Selected<'a> {
        let mut terms = vec![term];
        if term != Term::OnDemand {
            terms.push(Term::OnDemand);
        }
        let availabilities = match wanted {
            Availability::Standby => vec![Availability::Standby, Availability::Single],
            Availability::Single => vec![Availability::Single],
        };
        let mut first_failed: Option<Survey<'a>> = None;
        for availability in availabilities {
            let surveys: Vec<Survey<'a>> = terms.iter().map(|&term| survey(term, availability)).collect();
            let known =
                |survey: &&Survey<'a>| survey.best.is_some_and(|best| best.price == PriceKnown::Known);
            let taken =
                surveys.iter().find(known).or_else(|| surveys.iter().find(|survey| survey.best.is_some()));
            if let Some(taken) = taken {
                let fit = taken.best;
                let mut objections = Vec::new();
                if let Some(fit) = fit {
                    objections.extend((fit.term != term).then(|| self.other_term(kind, term)));
                    objections.extend((fit.availability != wanted).then(|| self.one_node(kind)));
                }
                return Selected { survey: taken.clone(), fit, objections };
            }
            first_failed = first_failed.or_else(|| surveys.into_iter().next_back());
        }
        let survey = first_failed.expect("at least one availability was surveyed");
        let objections = vec![survey.objection(&self.place())];
        Selected { survey, fit: None, objections }
    }

    fn other_term(&self, kind: Kind, term: Term) -> Objection {
        let why = format!(
            "no {} that fits has a known price for {} in {}: priced on demand",
            words::kind(kind),
            words::term(term),
            self.place()
        );
        Objection { what: "terms".to_owned(), why, severity: ObjectionSeverity::Reduced }
    }

    fn one_node(&self, kind: Kind) -> Objection {
        let what = if kind == Kind::Cache { "replica" } else { "standby" };
        let stated = self.profile.inabilities.iter().find(|inability| inability.what == what);
        let why = stated.map_or_else(
            || {
                let noun = words::kind(kind);
                format!(
                    "no {noun} that fits is sold as a pair in {}, or no source states its price: one node is taken",
                    self.place()
                )
            },
            |inability| inability.why.to_owned(),
        );
        Objection { what: what.to_owned(), why, severity: ObjectionSeverity::Reduced }
    }
}

/// A pair where a second node is wanted.
pub(super) fn availability(second_node: bool) -> Availability {
    if second_node { Availability::Standby } else { Availability::Single }
}

/// Zones that can be had of those asked for, and what is said where they are fewer.
pub(super) fn spread(
    profile: &Profile,
    region: &str,
    (asked, survive): (u32, Survive),
) -> (u32, Vec<Objection>) {
    let sold = profile.region(region).map_or(0, |region| region.zones.len() as u32);
    let zones = asked.clamp(1, sold.max(1));
    let stated = profile.inabilities.iter().find(|inability| inability.what == "zones");
    let why = stated.map_or_else(
        || format!("{} {region} has {sold} zones, {asked} are asked for", profile.title),
        |inability| inability.why.to_owned(),
    );
    let mut objections = Vec::new();
    if survive == Survive::Zone && zones < 2 {
        let why = if asked < 2 {
            format!("surviving a zone needs at least 2 zones, {asked} is asked for: write `zones: 2`")
        } else {
            format!("surviving a zone needs at least 2 zones: {why}")
        };
        objections.push(Objection { what: "zones".to_owned(), why, severity: ObjectionSeverity::Impossible });
    } else if zones < asked {
        objections.push(Objection { what: "zones".to_owned(), why, severity: ObjectionSeverity::Reduced });
    }
    (zones, objections)
}
