//! Ports that must not be taken by outgoing connections: a list as the kernel writes it (`8000,9100-9105`).

use std::collections::BTreeSet;
use std::fmt;

use crate::tune::facts::Facts;

/// A set of ports.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ports(BTreeSet<u16>);

/// Ports that the kernel gives out by itself where nobody changed the range; a listener among them may have got its port by
/// chance and have another at the next start.
const BY_CHANCE: std::ops::RangeInclusive<u16> = 32_768..=60_999;

/// Ports among those that services are known to listen on: MySQL X.
const KNOWN: [u16; 1] = [33_060];

impl Ports {
    /// Reads a list; empty text is an empty list. `None`: it is no list of ports.
    pub fn read(text: &str) -> Option<Self> {
        let mut ports = BTreeSet::new();
        for part in text.split([',', ' ', '\t', '\n']).filter(|part| !part.is_empty()) {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            ports.extend(first.parse::<u16>().ok()?..=last.parse::<u16>().ok()?);
        }
        Some(Self(ports))
    }

    /// Whether the other list has all of these.
    pub fn is_within(&self, other: &Self) -> bool {
        self.0.is_subset(&other.0)
    }

    /// Both lists together.
    #[must_use]
    pub fn with(&self, other: &Self) -> Self {
        Self(self.0.union(&other.0).copied().collect())
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those of the list within a range.
    #[must_use]
    pub fn between(&self, low: u16, high: u16) -> Self {
        Self(self.0.iter().copied().filter(|port| (low..=high).contains(port)).collect())
    }
}

/// Ports that services of the host listen on, without those that are theirs by chance.
pub(super) fn listening(facts: &Facts) -> Ports {
    let ports = facts.sockets.listeners.iter().map(|it| it.port);
    Ports(ports.filter(|port| !BY_CHANCE.contains(port) || KNOWN.contains(port)).collect())
}

impl fmt::Display for Ports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut runs: Vec<(u16, u16)> = Vec::new();
        for port in &self.0 {
            match runs.last_mut() {
                Some((_, last)) if u32::from(*last) + 1 == u32::from(*port) => *last = *port,
                _ => runs.push((*port, *port)),
            }
        }
        for (index, (first, last)) in runs.iter().enumerate() {
            f.write_str(if index > 0 { "," } else { "" })?;
            if first == last { write!(f, "{first}")? } else { write!(f, "{first}-{last}")? }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_written_as_the_kernel_writes_it() {
        let ports = Ports::read("9102,8000,9100-9101\n").unwrap();
        assert_eq!(ports.to_string(), "8000,9100-9102");
        assert_eq!(Ports::read("").unwrap().to_string(), "");
        assert_eq!(Ports::read("65535").unwrap().to_string(), "65535");
        assert_eq!(Ports::read("many"), None);
        assert_eq!(ports.between(9000, 9101).to_string(), "9100-9101");
        assert!(Ports::read("9101").unwrap().is_within(&ports));
    }
}
