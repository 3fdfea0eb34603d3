//! Which machines fit the app tier, how many, and what they cost with disks and the traffic that depends on them.

use loadline_contract::{Architecture, Availability, Kind, Offer, RegionOffers, Term};

use super::super::parts::{Cost, MachineTraffic, app_parts, disk_beyond_gib};
use super::super::shop::Charges;
use super::super::survey::{Amount, Fit, Keep, Misfit, Survey, at_least};
use super::machines::MachineNeed;
use super::{price, servers, standing_misfit};
use crate::sizing::{AppRequirement, Requirements};
use crate::spec::{ArchitectureWish, Survive};

/// The app tier of an ask in one region.
#[derive(Debug, Clone)]
pub(in crate::market) struct AppTier<'a> {
    requirement: &'a AppRequirement,
    /// Cores and machines that are needed.
    pub(in crate::market) need: MachineNeed<'a>,
    traffic: MachineTraffic<'a>,
    today: &'a str,
}

impl<'a> AppTier<'a> {
    /// The tier spread over `zones`.
    pub(in crate::market) fn of(
        requirements: &'a Requirements,
        charges: &'a Charges<'a>,
        zones: u32,
        today: &'a str,
    ) -> Self {
        Self {
            requirement: &requirements.app,
            need: MachineNeed::of(&requirements.app, zones),
            traffic: MachineTraffic::of(charges, &requirements.traffic),
            today,
        }
    }

    /// Every machine judged at one commitment.
    pub(in crate::market) fn survey(&self, sold: &'a RegionOffers, term: Term, keep: Keep) -> Survey<'a> {
        Survey::of(&sold.offers, Kind::Compute, (keep, self.today), |offer, misfits| {
            self.judge(offer, term, misfits)
        })
    }

    fn judge(&self, offer: &'a Offer, term: Term, misfits: &mut Vec<Misfit<'a>>) -> Option<Fit<'a>> {
        misfits.extend(standing_misfit(offer, self.today).or_else(|| self.architecture(offer)));
        if !misfits.is_empty() {
            return None;
        }
        let count = self.need.count(&offer.shape, misfits)?;
        match price(offer, term, Availability::Single) {
            Ok(known) => Some(Fit {
                offer,
                count,
                term,
                availability: Availability::Single,
                cost: self.cost(offer, term, count),
                price: known,
            }),
            Err(misfit) => {
                misfits.push(misfit);
                None
            }
        }
    }

    /// What so many of an offer cost with everything that depends on them.
    pub(in crate::market) fn cost(&self, offer: &'a Offer, term: Term, count: u32) -> Cost {
        let mut cost = Cost::default();
        app_parts(&self.traffic, self.requirement, offer, (term, count), &mut |part| cost.add(&part));
        cost
    }

    /// The least count of a named offer: by every limit but the fixed processes, since more machines of a size that
    /// the user named are a dear way to spread processes (the shortfall is reported); where a limit can never be met,
    /// by cores and zones alone.
    pub(in crate::market) fn count_of(&self, offer: &Offer) -> u32 {
        let free = AppRequirement { processes_fixed: false, ..self.requirement.clone() };
        let need = self.need.with_free_processes(&free);
        need.count(&offer.shape, &mut Vec::new()).unwrap_or_else(|| {
            let each = servers(&offer.shape, self.requirement.cpu_measured_on).unwrap_or(1.0).max(0.1);
            let spare = u32::from(self.requirement.survive != Survive::Nothing);
            // A float above u32::MAX saturates; the bound keeps the bill in range.
            let cores = (need.cores.max(need.failover_cores) / each - 1e-9).ceil().clamp(1.0, 10_000.0);
            (cores as u32 + spare).max(need.zones)
        })
    }

    /// Limits that so many of a named offer miss; empty when they meet all.
    pub(in crate::market) fn lacks(&self, offer: &'a Offer, count: u32) -> Vec<Misfit<'a>> {
        let mut misfits: Vec<Misfit<'a>> =
            standing_misfit(offer, self.today).into_iter().chain(self.architecture(offer)).collect();
        let (requirement, shape) = (self.requirement, &offer.shape);
        let machines = f64::from(count.max(1));
        let each_gib = requirement.memory_per_machine_gib + requirement.memory_shared_gib / machines;
        misfits.extend(at_least("memory", each_gib, shape.memory_gib, Amount::Gib));
        let cores = |cores| Amount::Count(cores, "cores");
        match servers(shape, requirement.cpu_measured_on) {
            None => misfits.push(Misfit::flat("cores", cores(self.need.cores), Amount::Unknown)),
            Some(each) => {
                let working = f64::from(self.need.working(count, each));
                misfits.extend(at_least("cores", self.need.cores, Some(working), cores));
                let left = f64::from(self.need.working_after_failure(count, each));
                if requirement.survive != Survive::Nothing && !self.need.survives(count, each) {
                    let needed = self.need.failover_cores.max(1.0);
                    let gap = ((needed - left) / needed).clamp(0.0, 1.0);
                    misfits.push(Misfit { limit: "failover", needed: cores(needed), has: cores(left), gap });
                }
            }
        }
        let zones = Amount::Count(f64::from(self.need.zones), "machines, one in each zone");
        if count < self.need.zones {
            misfits.push(Misfit::flat("zones", zones, Amount::Count(machines, "machines")));
        }
        if shape.network_mbps.is_some() {
            let mbps = |mbps| Amount::Count(mbps, "Mbit/s each");
            misfits.extend(at_least(
                "network",
                requirement.network_mbps / machines,
                shape.network_mbps,
                mbps,
            ));
        }
        misfits
    }

    /// Disk to buy beside each machine, GiB.
    pub(in crate::market) fn disk_gib(&self, offer: &Offer) -> f64 {
        disk_beyond_gib(self.requirement, offer)
    }

    fn architecture(&self, offer: &'a Offer) -> Option<Misfit<'a>> {
        let wanted = match self.requirement.architecture {
            ArchitectureWish::Any => return None,
            ArchitectureWish::X86 => Architecture::X86,
            ArchitectureWish::Arm => Architecture::Arm,
        };
        let words = |architecture| match architecture {
            Architecture::X86 => Amount::Words("x86"),
            Architecture::Arm => Amount::Words("arm"),
        };
        let has = offer.shape.architecture;
        (has != Some(wanted))
            .then(|| Misfit::flat("architecture", words(wanted), has.map_or(Amount::Unknown, words)))
    }
}
