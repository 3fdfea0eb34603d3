//! How many machines of one size the app tier needs. Decides the count; not which size, not its price.
//!
//! In go the requirement and the zones to be had, out comes the least count that meets every limit at once: cores in
//! normal operation, cores after the failure that must be survived (capacity model, section 2.4), memory, network,
//! zones, and how fixed worker processes spread.

use loadline_contract::Shape;

use super::super::survey::{Amount, Misfit, at_least};
use super::servers::{servers, whole_servers};
use crate::sizing::AppRequirement;
use crate::spec::Survive;

/// Machines of one tier beyond which no count is proposed: more than one balancer or one region's default quota
/// serves; larger machines are the answer.
const MOST_MACHINES: u32 = 10_000;

/// What a failure takes.
#[derive(Debug, Clone, Copy)]
struct Loss {
    machines: u32,
    processes: u32,
}

/// What the machines together must give.
#[derive(Debug, Clone, Copy)]
pub(in crate::market) struct MachineNeed<'a> {
    requirement: &'a AppRequirement,
    /// Zones to spread over: those that can be had of those asked for.
    pub(in crate::market) zones: u32,
    /// Cores that must work at once in normal operation, no more than the processes can use.
    pub(in crate::market) cores: f64,
    /// Cores that must be left after the failure, no more than the processes can use.
    pub(in crate::market) failover_cores: f64,
    /// What `failover_cores` would be if processes were not fixed: the machines that are left must have as many cores,
    /// whatever the processes can use of them.
    pub(in crate::market) failover_wanted: f64,
    /// Cores that must be left when a single machine is lost, where a whole zone is to be survived: whoever survives
    /// the larger failure survives the smaller one.
    instance_cores: f64,
}

impl<'a> MachineNeed<'a> {
    /// The need of a tier spread over `zones`.
    pub(in crate::market) fn of(requirement: &'a AppRequirement, zones: u32) -> Self {
        let zones = zones.max(1);
        let wanted = requirement.pinned_cores.map_or(requirement.cores, f64::from);
        let failover_wanted = match requirement.survive {
            Survive::Nothing => 0.0,
            Survive::Instance | Survive::Zone => requirement.busy_cores / requirement.failover_utilisation,
        };
        let mut need = Self {
            requirement,
            zones,
            cores: wanted,
            failover_cores: failover_wanted,
            failover_wanted,
            instance_cores: failover_wanted,
        };
        if let Some(processes) = need.processes() {
            // More machines cannot make fixed processes use more cores: buy what they can use; the shortfall is
            // reported, not bought.
            let lost = match requirement.survive {
                Survive::Nothing => 0,
                Survive::Instance => 1,
                Survive::Zone => processes.div_ceil(zones),
            };
            need.cores = need.cores.min(f64::from(processes));
            need.failover_cores = failover_wanted.min(f64::from(processes.saturating_sub(lost)));
            need.instance_cores = failover_wanted.min(f64::from(processes.saturating_sub(1)));
        }
        need
    }

    /// The same need were the processes free to grow with the machines: what they can use in normal operation bounds
    /// the cores before and after a failure. `free` is the requirement without fixed processes.
    pub(in crate::market) fn with_free_processes<'b>(&self, free: &'b AppRequirement) -> MachineNeed<'b> {
        let most = self.processes().map_or(f64::INFINITY, f64::from);
        MachineNeed {
            requirement: free,
            zones: self.zones,
            cores: self.cores,
            failover_cores: self.failover_wanted.min(most),
            failover_wanted: self.failover_wanted.min(most),
            instance_cores: self.failover_wanted.min(most),
        }
    }

    /// Processes over all machines that would survive the failure on so many machines, where the machines themselves
    /// would; `None` where the processes are not what is missing.
    pub(in crate::market) fn processes_to_survive(&self, count: u32, each: f64) -> Option<u32> {
        let lost = self.loss(count)?.machines;
        let kept = count.checked_sub(lost).filter(|kept| *kept > 0)?;
        let fewer = self.processes()? < whole_servers(f64::from(count) * each);
        let machines_suffice = f64::from(kept) * each + 1e-9 >= self.failover_wanted;
        let on_each = ceil(self.failover_wanted / f64::from(kept));
        // At most 10,000 machines of at most a few thousand cores.
        (fewer && machines_suffice && on_each <= each + 1e-9).then_some(on_each as u32 * count)
    }

    fn processes(&self) -> Option<u32> {
        (self.requirement.processes_fixed && self.requirement.processes > 0)
            .then_some(self.requirement.processes)
    }

    /// Whole cores that can work at once on `count` machines of `each` servers.
    pub(in crate::market) fn working(&self, count: u32, each: f64) -> u32 {
        whole_servers(self.left(count, each, Loss { machines: 0, processes: 0 }))
    }

    /// Whole cores left after the failure that must be survived.
    pub(in crate::market) fn working_after_failure(&self, count: u32, each: f64) -> u32 {
        let none = Loss { machines: 0, processes: 0 };
        whole_servers(self.left(count, each, self.loss(count).unwrap_or(none)))
    }

    /// What the failure to be survived takes of so many machines; `None` where none is to be survived. Machines and
    /// processes are spread evenly over the zones, and over the machines of each.
    fn loss(&self, count: u32) -> Option<Loss> {
        match self.requirement.survive {
            Survive::Nothing => None,
            Survive::Instance => Some(self.loss_of_one(count)),
            Survive::Zone => Some(Loss {
                machines: count.div_ceil(self.zones),
                processes: self.processes().map_or(0, |processes| processes.div_ceil(self.zones)),
            }),
        }
    }

    fn loss_of_one(&self, count: u32) -> Loss {
        let processes = self.processes().map_or(0, |processes| processes.div_ceil(count.max(1)));
        Loss { machines: 1, processes }
    }

    /// Servers at work after a loss: those of the machines that are kept, as far as the processes on them can use them.
    fn left(&self, count: u32, each: f64, loss: Loss) -> f64 {
        let kept = count.saturating_sub(loss.machines);
        let Some(processes) = self.processes() else { return f64::from(kept) * each };
        if kept == 0 {
            return 0.0;
        }
        let processes = processes.saturating_sub(loss.processes);
        let (base, fuller) = (processes / kept, processes % kept);
        f64::from(fuller) * each.min(f64::from(base + 1))
            + f64::from(kept - fuller) * each.min(f64::from(base))
    }

    /// Least machines of a shape that meet every limit; `None`, and the limits missed, where no count does.
    pub(in crate::market) fn count(&self, shape: &Shape, misfits: &mut Vec<Misfit<'_>>) -> Option<u32> {
        let requirement = self.requirement;
        let own_gib = requirement.memory_per_machine_gib;
        // Memory that any machine must have at the very least: its own share and something beside it.
        let least_gib = if requirement.memory_shared_gib > 0.0 { own_gib * (1.0 + 1e-9) } else { own_gib };
        misfits.extend(at_least("memory", least_gib, shape.memory_gib, Amount::Gib));
        let each = servers(shape, requirement.cpu_measured_on).filter(|&each| each > 0.0);
        misfits.extend(at_least("cores", f64::MIN_POSITIVE, each, |cores| Amount::Count(cores, "cores")));
        let (Some(each), Some(memory_gib), true) = (each, shape.memory_gib, misfits.is_empty()) else {
            return None;
        };
        let from = self.least(each, memory_gib, shape.network_mbps);
        let step = if requirement.survive == Survive::Zone { self.zones } else { 1 };
        let last = f64::from(self.processes().unwrap_or(0)).max(from) + f64::from(2 * step);
        if last > f64::from(MOST_MACHINES) {
            let most = Amount::Count(f64::from(MOST_MACHINES), "machines at most");
            misfits.push(Misfit::flat("machines", Amount::Count(from, "machines"), most));
            return None;
        }
        let mut count = from as u32;
        while f64::from(count) <= last {
            if self.enough(count, each) {
                return Some(count);
            }
            count += step;
        }
        let needed = Amount::Count(self.cores.max(self.failover_cores), "cores for the fixed processes");
        misfits.push(Misfit::flat("processes", needed, Amount::Count(each, "cores each")));
        None
    }

    /// Whether the cores suffice, before and after the failure.
    pub(in crate::market) fn enough(&self, count: u32, each: f64) -> bool {
        f64::from(self.working(count, each)) + 1e-9 >= self.cores && self.survives(count, each)
    }

    /// Whether enough is left after the failure that must be survived.
    pub(in crate::market) fn survives(&self, count: u32, each: f64) -> bool {
        let Some(loss) = self.loss(count) else { return true };
        let left = |loss: Loss| self.left(count, each, loss) + 1e-9;
        count > loss.machines
            && left(loss) >= self.failover_cores
            && left(self.loss_of_one(count)) >= self.instance_cores
            && f64::from(count - loss.machines) * each + 1e-9 >= self.failover_wanted
    }

    /// The count that no limit goes below, were processes free to spread.
    fn least(&self, each: f64, memory_gib: f64, network_mbps: Option<f64>) -> f64 {
        let requirement = self.requirement;
        let zones = f64::from(self.zones);
        let normal = ceil(self.cores / each);
        let after_failure = ceil(self.failover_cores.max(self.failover_wanted) / each).max(1.0);
        let failover = match requirement.survive {
            Survive::Nothing => 1.0,
            Survive::Instance => after_failure + 1.0,
            Survive::Zone => zones * ceil(after_failure / (zones - 1.0).max(1.0)),
        };
        let memory = if requirement.memory_shared_gib > 0.0 {
            ceil(requirement.memory_shared_gib / (memory_gib - requirement.memory_per_machine_gib))
        } else {
            1.0
        };
        let network =
            network_mbps.filter(|&each| each > 0.0).map_or(1.0, |each| ceil(requirement.network_mbps / each));
        let most = normal.max(failover).max(memory).max(network).max(zones);
        if requirement.survive == Survive::Zone { zones * ceil(most / zones) } else { most }
    }
}

/// Upwards to a whole number, a billionth being rounding.
fn ceil(value: f64) -> f64 {
    (value - 1e-9).ceil().max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sizing::Tally;
    use crate::spec::{ArchitectureWish, CpuMeasuredOn};

    fn requirement() -> AppRequirement {
        AppRequirement {
            tally: Tally { needs: Vec::new(), binding: "cpu" },
            busy_cores: 11.35,
            cores: 16.2,
            pinned_cores: None,
            target_utilisation: 0.70,
            failover_utilisation: 0.85,
            survive: Survive::Nothing,
            zones: 1,
            processes: 16,
            processes_fixed: false,
            memory_per_machine_gib: 1.5,
            memory_shared_gib: 24.6,
            disk_gib: 0.0,
            network_mbps: 387.0,
            architecture: ArchitectureWish::Any,
            cpu_measured_on: CpuMeasuredOn::Thread,
        }
    }

    fn count(requirement: &AppRequirement, zones: u32, vcpus: f64, memory_gib: f64) -> Option<u32> {
        let shape = Shape {
            vcpus: Some(vcpus),
            cores: Some(vcpus),
            memory_gib: Some(memory_gib),
            disk_gib: Some(0.0),
            network_mbps: None,
            transfer_gib: Some(0.0),
            architecture: None,
            burstable: false,
        };
        MachineNeed::of(requirement, zones).count(&shape, &mut Vec::new())
    }

    #[test]
    fn cores_at_target_utilisation_decide_without_failures() {
        // 16.2 / 16 -> 2; 16.2 / 8 -> 3; 16.2 / 2 -> 9
        assert_eq!(count(&requirement(), 1, 16.0, 32.0), Some(2));
        assert_eq!(count(&requirement(), 1, 8.0, 32.0), Some(3));
        assert_eq!(count(&requirement(), 1, 2.0, 8.0), Some(9));
    }

    #[test]
    fn one_more_survives_an_instance() {
        // 11.35 / 0.85 = 13.35 cores must be left: 2 of 8, so 3; 4 of 4, so 5.
        let requirement = AppRequirement { survive: Survive::Instance, cores: 13.0, ..requirement() };
        assert_eq!(count(&requirement, 1, 8.0, 32.0), Some(3));
        assert_eq!(count(&requirement, 1, 4.0, 32.0), Some(5));
    }

    #[test]
    fn a_lost_zone_leaves_enough_in_the_others() {
        // 13.35 cores left, 7 each: 2 machines; 3 zones: 3 x ceil(2 / 2) = 3; 2 zones: 2 x ceil(2 / 1) = 4.
        let requirement = AppRequirement { survive: Survive::Zone, ..requirement() };
        assert_eq!(count(&requirement, 3, 7.0, 32.0), Some(3));
        assert_eq!(count(&requirement, 2, 7.0, 32.0), Some(4));
    }

    #[test]
    fn shared_memory_is_spread_and_own_memory_is_not() {
        // 24.6 / (8 - 1.5) = 3.8 -> 4 machines; a machine of 1.5 GiB never holds anything beside itself.
        let requirement = AppRequirement { cores: 1.0, ..requirement() };
        assert_eq!(count(&requirement, 1, 16.0, 8.0), Some(4));
        assert_eq!(count(&requirement, 1, 16.0, 1.5), None);
    }

    #[test]
    fn fixed_processes_must_be_left_after_a_failure() {
        // 16 processes: 8 machines of 2 lose 2 and keep 14 >= 13.35; 7 machines lose 3 and keep 13.
        let requirement =
            AppRequirement { survive: Survive::Instance, processes_fixed: true, ..requirement() };
        let need = MachineNeed::of(&requirement, 1);
        assert!((need.cores - 16.0).abs() < 1e-12);
        assert!(need.enough(8, 2.0));
        assert!(!need.enough(7, 4.0));
        assert_eq!(count(&requirement, 1, 16.0, 32.0), Some(8));
    }

    #[test]
    fn pinned_cores_replace_the_derived_ones() {
        let requirement = AppRequirement { pinned_cores: Some(16), ..requirement() };
        assert_eq!(count(&requirement, 1, 16.0, 32.0), Some(1));
    }

    #[test]
    fn an_absurd_load_asks_for_no_absurd_count() {
        let requirement = AppRequirement { cores: 1e30, ..requirement() };
        assert_eq!(count(&requirement, 1, 16.0, 32.0), None);
    }
}
