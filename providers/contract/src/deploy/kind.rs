//! What the core must know of each kind of resource of a cloud: when it is made, what a change of a setting takes, what
//! it holds, what it is billed as, how long it takes, and which permissions it needs.

/// Rules of one kind.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KindRule {
    /// Name: the first part of an address.
    pub kind: &'static str,
    /// Name for people.
    pub title: &'static str,
    /// Settings that do not just change in place. A setting that is not listed does.
    pub settings: &'static [SettingRule],
    /// Whether losing it loses something that cannot be made again.
    pub contents: Contents,
    /// Which part of the bill it stands for.
    pub billed: Billed,
    /// Minutes that making, changing and removing one takes, as experience has it.
    pub minutes: [f64; 3],
    /// Permissions to look, to make, to change and to remove one, as the cloud spells them.
    pub permissions: [&'static [&'static str]; 4],
}

/// What a change of one setting takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SettingRule {
    /// The setting.
    pub setting: &'static str,
    /// What its change takes.
    pub on_change: OnChange,
}

/// What a change takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnChange {
    /// The thing is removed and made again.
    Replace,
    /// It can be raised in place, and lowered only by making the thing again (storage).
    RaiseOnly,
    /// Nothing: it holds for new ones only, or something else moves it (an autoscaler).
    Ignore,
}

/// Whether a thing holds data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contents {
    /// Nothing that cannot be made again.
    Nothing,
    /// Data of the people who use the application: replaced or removed only with consent by name, and then this is left of
    /// it; `None`: nothing, its backups go with it.
    Data(Option<Survivor>),
}

/// What is left of a thing that held data when it was removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Survivor {
    /// What, for a person: `final snapshot`.
    pub what: &'static str,
    /// The setting with the storage of what was removed, GiB: it is no larger. `None`: how large it is cannot be told.
    pub storage_setting: Option<&'static str>,
    /// Days after which the cloud removes it; `None`: it stays, and is billed, until somebody removes it.
    pub kept_days: Option<u32>,
}

/// Which part of the bill a kind stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Billed {
    /// None by itself.
    Free,
    /// Machines and their disks.
    App,
    /// Database with storage and backups.
    Database,
    /// Read replicas of the database, with their storage.
    ReadReplica,
    /// Cache.
    Cache,
    /// Balancer.
    Balancer,
    /// NAT gateways.
    Nat,
    /// Public addresses.
    PublicAddress,
    /// Alarms.
    Alarm,
}

impl KindRule {
    /// Whether losing one loses data.
    pub fn holds_data(&self) -> bool {
        matches!(self.contents, Contents::Data(_))
    }

    /// What a change of that setting takes; `None`: it changes in place.
    pub fn on_change(&self, setting: &str) -> Option<OnChange> {
        self.settings.iter().find(|rule| rule.setting == setting).map(|rule| rule.on_change)
    }
}

/// A setting that is fixed when the thing is made: its change makes the thing anew.
pub const fn fixed(setting: &'static str) -> SettingRule {
    SettingRule { setting, on_change: OnChange::Replace }
}

/// A setting that only grows in place.
pub const fn growing(setting: &'static str) -> SettingRule {
    SettingRule { setting, on_change: OnChange::RaiseOnly }
}

/// A setting that something else moves, or that holds for new things only.
pub const fn ignored(setting: &'static str) -> SettingRule {
    SettingRule { setting, on_change: OnChange::Ignore }
}

/// The stage of a kind and its rule; `None`: there is no such kind in these stages.
pub fn rule<'a>(stages: &'a [&'a [KindRule]], kind: &str) -> Option<(usize, &'a KindRule)> {
    stages
        .iter()
        .enumerate()
        .find_map(|(stage, kinds)| kinds.iter().find(|rule| rule.kind == kind).map(|rule| (stage, rule)))
}
