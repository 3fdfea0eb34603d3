//! The words that a spec may use and that this module does not know by itself: clouds and their regions.

/// What the caller knows about clouds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Vocabulary {
    /// The clouds, in the order in which they are considered.
    pub clouds: Vec<CloudWords>,
}

/// One cloud.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloudWords {
    /// Short name.
    pub name: String,
    /// Regions that it has.
    pub regions: Vec<String>,
    /// The one taken when none is named.
    pub default_region: String,
}
