//! Looks at every offer of a kind: which fit, which of those is best, and why the others do not. Decides the order
//! among offers that fit; what fits is decided by each tier.

use std::fmt;

use loadline_contract::{Availability, Kind, Money, Offer, Term};

use super::lifecycle::{self, Standing, standing};
use super::parts::Cost;
use super::words::{dollars, gib, kind, number};
use super::{Objection, ObjectionSeverity, Rejection};

/// An amount of something, kept as a number until somebody reads it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Amount<'a> {
    /// GiB.
    Gib(f64),
    /// Anything counted, with its unit.
    Count(f64, &'static str),
    /// Words.
    Words(&'a str),
    /// No source states it.
    Unknown,
}

impl fmt::Display for Amount<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gib(size) => out.write_str(&gib(*size)),
            Self::Count(count, unit) => write!(out, "{} {unit}", number(*count)),
            Self::Words(words) => out.write_str(words),
            Self::Unknown => out.write_str("unknown"),
        }
    }
}

/// A limit that an offer does not meet.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Misfit<'a> {
    /// The limit.
    pub(super) limit: &'static str,
    /// What was needed.
    pub(super) needed: Amount<'a>,
    /// What the offer has.
    pub(super) has: Amount<'a>,
    /// How far it is off: the missing share of what is needed, 1 where it cannot be measured.
    pub(super) gap: f64,
}

impl<'a> Misfit<'a> {
    /// A limit that is met or not, nothing between.
    pub(super) const fn flat(limit: &'static str, needed: Amount<'a>, has: Amount<'a>) -> Self {
        Self { limit, needed, has, gap: 1.0 }
    }
}

/// `Some` where `has` is known to be less than `needed` or is unknown.
pub(super) fn at_least<'a>(
    limit: &'static str,
    needed: f64,
    has: Option<f64>,
    amount: impl Fn(f64) -> Amount<'a>,
) -> Option<Misfit<'a>> {
    match has {
        // Sizes are derived from each other: a billionth is rounding, not need.
        Some(has) if has + 1e-9 >= needed => None,
        Some(has) => {
            Some(Misfit { limit, needed: amount(needed), has: amount(has), gap: (needed - has) / needed })
        }
        None => Some(Misfit::flat(limit, amount(needed), Amount::Unknown)),
    }
}

/// An offer that fits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fit<'a> {
    /// The offer.
    pub(super) offer: &'a Offer,
    /// How many.
    pub(super) count: u32,
    /// Commitment.
    pub(super) term: Term,
    /// One node or a pair.
    pub(super) availability: Availability,
    /// What it costs with everything that depends on it.
    pub(super) cost: Cost,
    /// Whether its own price is known.
    pub(super) price: PriceKnown,
}

/// Whether an offer's own price is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum PriceKnown {
    /// Known.
    Known,
    /// In the book, amount unknown.
    Unknown,
}

impl<'a> Fit<'a> {
    /// Order among fits: known prices first, then products that last, then the cheaper, the fewer, the name.
    fn order(&self, today: &str) -> (PriceKnown, u32, bool, u64, Money, bool, u32, &'a str) {
        let lasts = standing(&self.offer.lifecycle, today);
        let size = match self.price {
            PriceKnown::Known => 0,
            // Without prices the smallest that fits is the best guess. Milli-vCPUs keep the order whole.
            PriceKnown::Unknown => {
                (self.offer.shape.vcpus.unwrap_or(1e6) * 1000.0) as u64 * u64::from(self.count)
            }
        };
        let retiring = lasts >= Standing::Retiring;
        let legacy = lasts == Standing::Legacy;
        let Cost { known, unknown_parts } = self.cost;
        (self.price, unknown_parts, retiring, size, known, legacy, self.count, &self.offer.sku)
    }
}

/// How much of a survey is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keep {
    /// Only the best.
    Best,
    /// Everything, to explain it.
    Everything,
}

/// What looking at every offer of a kind gave.
#[derive(Debug, Clone)]
pub(super) struct Survey<'a> {
    kind: Kind,
    /// The best that fits.
    pub(super) best: Option<Fit<'a>>,
    fits: Vec<Fit<'a>>,
    misfits: Vec<(&'a Offer, Vec<Misfit<'a>>)>,
}

impl<'a> Survey<'a> {
    /// Judges every offer of a kind. `judge` either gives a fit or writes down why not.
    pub(super) fn of(
        offers: &'a [Offer],
        kind: Kind,
        (keep, today): (Keep, &str),
        mut judge: impl FnMut(&'a Offer, &mut Vec<Misfit<'a>>) -> Option<Fit<'a>>,
    ) -> Self {
        let mut survey = Self { kind, best: None, fits: Vec::new(), misfits: Vec::new() };
        let mut reasons = Vec::new();
        for offer in offers.iter().filter(|offer| offer.kind == kind) {
            if lifecycle::is_closed(&offer.lifecycle) {
                let (needed, has) = ("open to new customers", "refused to new customers");
                reasons.push(Misfit::flat("closed", Amount::Words(needed), Amount::Words(has)));
                survey.misfits.extend((keep == Keep::Everything).then(|| (offer, reasons.clone())));
            } else if let Some(fit) = judge(offer, &mut reasons) {
                if survey.best.is_none_or(|best| fit.order(today) < best.order(today)) {
                    survey.best = Some(fit);
                }
                if keep == Keep::Everything {
                    survey.fits.push(fit);
                }
            } else if keep == Keep::Everything {
                survey.misfits.push((offer, reasons.clone()));
            }
            reasons.clear();
        }
        survey
    }

    /// Every offer not taken, one entry for each limit that it misses.
    pub(super) fn rejections(&self) -> Vec<Rejection> {
        let mut rejections = Vec::with_capacity(self.fits.len() + self.misfits.len());
        for (offer, misfits) in &self.misfits {
            rejections.extend(misfits.iter().map(|misfit| Rejection {
                kind: self.kind,
                sku: offer.sku.clone(),
                limit: misfit.limit,
                needed: misfit.needed.to_string(),
                has: misfit.has.to_string(),
                dearer_by: None,
            }));
        }
        let Some(best) = self.best else { return rejections };
        let best_text = priced(&best);
        for fit in self.fits.iter().filter(|fit| !std::ptr::eq(fit.offer, best.offer)) {
            rejections.push(Self::beaten(fit, &best, &best_text));
        }
        rejections
    }

    fn beaten(fit: &Fit<'a>, best: &Fit<'a>, best_text: &str) -> Rejection {
        let dearer_by = fit.cost.known - best.cost.known;
        let unknown = |fit: &Fit<'_>| (fit.price, fit.cost.unknown_parts);
        let (limit, dearer_by) = if unknown(fit) > unknown(best) {
            ("price unknown", None)
        } else if dearer_by < Money::ZERO {
            ("retiring", Some(dearer_by))
        } else {
            ("dearer", Some(dearer_by))
        };
        Rejection {
            kind: fit.offer.kind,
            sku: fit.offer.sku.clone(),
            limit,
            needed: best_text.to_owned(),
            has: priced(fit),
            dearer_by,
        }
    }

    /// Why nothing fits: the limit that binds and the nearest offer.
    pub(super) fn objection(&self, place: &str) -> Objection {
        let noun = kind(self.kind);
        let why = self.nearest().map_or_else(
            || format!("the price book has no {noun} for {place}: run `loadline prices show` for what it has"),
            |(nearest, misfits)| {
                let (limit, excluded, alone) = self.binding();
                let lacks: Vec<String> = misfits
                    .iter()
                    .map(|misfit| format!("{}: {} needed, has {}", misfit.limit, misfit.needed, misfit.has))
                    .collect();
                format!(
                    "no {noun} in {place} meets every requirement: {limit} excludes {excluded} of {} ({alone} by itself); nearest is {} ({})",
                    self.misfits.len(),
                    nearest.sku,
                    lacks.join("; ")
                )
            },
        );
        Objection { what: noun.to_owned(), why, severity: ObjectionSeverity::Impossible }
    }

    /// The limit that most offers miss and nothing else, or else the one that most offers miss; with both counts.
    fn binding(&self) -> (&'static str, usize, usize) {
        let mut counts: Vec<(&'static str, usize, usize)> = Vec::new();
        for (_, misfits) in &self.misfits {
            for misfit in misfits {
                let alone = usize::from(misfits.len() == 1);
                match counts.iter_mut().find(|count| count.0 == misfit.limit) {
                    Some(count) => *count = (count.0, count.1 + 1, count.2 + alone),
                    None => counts.push((misfit.limit, 1, alone)),
                }
            }
        }
        let measurable =
            |limit: &str| !["engine", "architecture", "retired", "closed", "burstable"].contains(&limit);
        counts.sort_by_key(|&(limit, all, alone)| {
            (!measurable(limit), usize::MAX - alone, usize::MAX - all, limit)
        });
        counts.first().copied().unwrap_or(("nothing", 0, 0))
    }

    /// The offer with the fewest limits missed, and of those the one that is least off.
    fn nearest(&self) -> Option<&(&'a Offer, Vec<Misfit<'a>>)> {
        self.misfits.iter().min_by(|left, right| {
            let off = |misfits: &[Misfit<'_>]| misfits.iter().map(|misfit| misfit.gap).sum::<f64>();
            let flat = |misfits: &[Misfit<'_>]| misfits.iter().filter(|misfit| misfit.gap >= 1.0).count();
            flat(&left.1)
                .cmp(&flat(&right.1))
                .then(left.1.len().cmp(&right.1.len()))
                .then(off(&left.1).total_cmp(&off(&right.1)))
                .then(left.0.sku.cmp(&right.0.sku))
        })
    }
}

fn priced(fit: &Fit<'_>) -> String {
    let price = match (fit.price, fit.cost.unknown_parts) {
        (PriceKnown::Unknown, _) => "price unknown".to_owned(),
        (PriceKnown::Known, 0) => dollars(fit.cost.known),
        (PriceKnown::Known, _) => format!("more than {}", dollars(fit.cost.known)),
    };
    format!("{price} ({} x {})", fit.count, fit.offer.sku)
}
