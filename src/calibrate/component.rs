//! The parts of a stack whose utilisation can be measured.

/// A part of the stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Component {
    /// The application tier.
    App,
    /// The database tier.
    Database,
    /// The cache tier.
    Cache,
    /// The balancer.
    Balancer,
}

impl Component {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::App, Self::Database, Self::Cache, Self::Balancer];

    /// The word for it, in files, flags and output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::Database => "database",
            Self::Cache => "cache",
            Self::Balancer => "balancer",
        }
    }

    /// The component of a word.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|component| component.word() == word)
    }
}
