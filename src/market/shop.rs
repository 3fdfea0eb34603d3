//! What one region bills, sorted by the tier that uses it. Decides which charges belong to every design; no quantity.

use loadline_contract::{Charge, ChargeRole, Meter, Offer, RegionOffers, Surcharge};

/// The charges of a region, in a fixed order whatever the book's.
#[derive(Debug, Clone)]
pub(super) struct Charges<'a> {
    /// Disks of app machines.
    pub(super) disks: Vec<&'a Charge>,
    /// Traffic that depends on the app machines: egress, NAT by machine and by GB.
    pub(super) machine_traffic: Vec<&'a Charge>,
    /// Storage, IOPS and backups of the database.
    pub(super) database: Vec<&'a Charge>,
    /// Snapshots of the cache.
    pub(super) cache: Vec<&'a Charge>,
    /// Balancers, those that are only listed among them.
    pub(super) balancers: Vec<&'a Charge>,
    /// Traffic and addresses that depend on zones only.
    pub(super) zones: Vec<&'a Charge>,
    /// Alarms.
    pub(super) alarms: Vec<&'a Charge>,
    /// Extra prices for engine versions.
    pub(super) surcharges: &'a [Surcharge],
    /// Everything that is for sale, among it the successors of retired products.
    pub(super) offers: &'a [Offer],
}

impl<'a> Charges<'a> {
    /// Sorts a region's charges by their meters.
    pub(super) fn of(sold: &'a RegionOffers) -> Self {
        let mut charges = Self {
            disks: Vec::new(),
            machine_traffic: Vec::new(),
            database: Vec::new(),
            cache: Vec::new(),
            balancers: Vec::new(),
            zones: Vec::new(),
            alarms: Vec::new(),
            surcharges: &sold.surcharges,
            offers: &sold.offers,
        };
        for charge in &sold.charges {
            let balancer = matches!(
                charge.meter,
                Meter::BalancerHours
                    | Meter::BalancerUnits { .. }
                    | Meter::BalancerNodes { .. }
                    | Meter::BalancerGb
            );
            if balancer {
                charges.balancers.push(charge);
            } else if charge.role == ChargeRole::Default
                && let Some(shelf) = charges.shelf(&charge.meter)
            {
                shelf.push(charge);
            }
        }
        for shelf in [
            &mut charges.disks,
            &mut charges.machine_traffic,
            &mut charges.database,
            &mut charges.cache,
            &mut charges.balancers,
            &mut charges.zones,
            &mut charges.alarms,
        ] {
            shelf
                .sort_by(|left, right| (rank(&left.meter), &left.sku).cmp(&(rank(&right.meter), &right.sku)));
        }
        charges
    }

    /// Where charges of a meter are kept; `None` for those that never enter a bill.
    fn shelf(&mut self, meter: &Meter) -> Option<&mut Vec<&'a Charge>> {
        Some(match meter {
            Meter::AppDiskGib | Meter::AppDiskSteps => &mut self.disks,
            Meter::EgressGb | Meter::EgressGib | Meter::NatMachineHours { .. } | Meter::NatGb => {
                &mut self.machine_traffic
            }
            Meter::DatabaseStorageGib | Meter::DatabaseIops { .. } | Meter::DatabaseBackupGib { .. } => {
                &mut self.database
            }
            Meter::CacheBackupGib { .. } => &mut self.cache,
            Meter::CrossZoneGb { .. } | Meter::NatHours | Meter::PublicIpHours { .. } => &mut self.zones,
            Meter::Alarms => &mut self.alarms,
            Meter::LookUpOnly => return None,
            Meter::BalancerHours
            | Meter::BalancerUnits { .. }
            | Meter::BalancerNodes { .. }
            | Meter::BalancerGb => &mut self.balancers,
        })
    }

    /// Public addresses of NAT gateways: one for each gateway, one for a gateway that is billed by machine, none
    /// where the book knows no NAT.
    pub(super) fn nat_addresses(&self, gateways: u32) -> u32 {
        if self.zones.iter().any(|charge| charge.meter == Meter::NatHours) {
            gateways
        } else {
            let by_machine = |charge: &&Charge| matches!(charge.meter, Meter::NatMachineHours { .. });
            u32::from(self.machine_traffic.iter().any(by_machine))
        }
    }
}

/// Order of the lines of a bill within a tier.
fn rank(meter: &Meter) -> u8 {
    match meter {
        Meter::BalancerHours | Meter::AppDiskGib | Meter::DatabaseStorageGib | Meter::EgressGb => 0,
        Meter::BalancerNodes { .. } | Meter::AppDiskSteps | Meter::EgressGib => 1,
        Meter::BalancerUnits { .. } | Meter::DatabaseIops { .. } | Meter::CrossZoneGb { .. } => 2,
        Meter::BalancerGb | Meter::DatabaseBackupGib { .. } | Meter::NatHours => 3,
        Meter::NatMachineHours { .. } | Meter::CacheBackupGib { .. } => 4,
        Meter::NatGb => 5,
        Meter::PublicIpHours { .. } => 6,
        Meter::Alarms => 7,
        Meter::LookUpOnly => 8,
    }
}
