//! Where prices come from: the bundled books, or a folder whose compiled form is kept in the cache directory.

use std::path::{Path, PathBuf};

use loadline_contract::book::Shelf;
use loadline_contract::{Pricing, Provider, RegionOffers};

use super::exit::Failure;
use super::screen::Screen;

/// The price books of this run.
pub(super) enum Books {
    /// Those that the program carries.
    Bundled,
    /// Those of a folder.
    Folder(Shelf),
}

impl Books {
    /// The books of a folder, or the bundled ones.
    pub(super) fn new(folder: Option<&Path>) -> Self {
        folder.map_or(Self::Bundled, |folder| Self::Folder(Shelf::new(folder, cache_folder().as_deref())))
    }

    /// The regions of a cloud that the books cover.
    pub(super) fn regions(&self, cloud: &dyn Provider) -> Result<Vec<String>, Failure> {
        match self {
            Self::Bundled => {
                let regions = cloud.profile().regions.iter();
                let covered = regions.filter(|region| region.priced == Pricing::Covered);
                Ok(covered.map(|region| region.name.to_owned()).collect())
            }
            Self::Folder(shelf) => {
                let name = cloud.profile().name;
                if !shelf.clouds().map_err(unreadable)?.iter().any(|known| known == name) {
                    return Ok(Vec::new());
                }
                Ok(shelf.open(name).map_err(unreadable)?.regions())
            }
        }
    }

    /// What a cloud sells in a region.
    pub(super) fn offers(
        &self,
        cloud: &dyn Provider,
        region: &str,
        screen: &Screen,
    ) -> Result<RegionOffers, Failure> {
        match self {
            Self::Bundled => cloud.offers(region).map_err(|error| Failure::failed(error.to_string())),
            Self::Folder(shelf) => {
                let book = shelf.open(cloud.profile().name).map_err(unreadable)?;
                if let Some(problem) = book.cache_problem() {
                    screen
                        .note(&format!("note: {problem}; prices are read from the text, which takes longer"));
                }
                book.offers(region).map_err(unreadable)
            }
        }
    }
}

fn unreadable(error: impl std::fmt::Display) -> Failure {
    Failure::failed(error.to_string()).hint("--prices takes a folder that holds <cloud>/*.book")
}

/// `$XDG_CACHE_HOME/loadline`, else `~/.cache/loadline`; `None` where there is no home.
fn cache_folder() -> Option<PathBuf> {
    let folder = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let base = folder("XDG_CACHE_HOME").or_else(|| Some(folder("HOME")?.join(".cache")))?;
    Some(base.join("loadline"))
}
