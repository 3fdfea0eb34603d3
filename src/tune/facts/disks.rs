//! The file systems that files are written to: free space, and whether they can be written at all.

use super::frame::{Files, Printed};

/// A file system, by a folder in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disk {
    /// The folder that was asked for.
    pub folder: String,
    /// Room that is left, bytes; `None`: the host did not say.
    pub free_bytes: Option<u64>,
    /// Whether it can be written.
    pub writable: bool,
}

/// The file systems of `/etc` and `/var/lib`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Disks(pub Vec<Disk>);

/// The folders that the script asks `df` for, in its order.
const FOLDERS: [&str; 2] = ["/etc", "/var/lib"];

pub(super) fn read(printed: &Printed, files: &Files) -> Disks {
    let lines = printed.section("disks").unwrap_or_default();
    let free: Vec<u64> = lines.iter().filter_map(|line| free(line)).collect();
    // A folder that `df` could not look at leaves a line less: then nobody knows which is which.
    let known = free.len() == FOLDERS.len();
    let disks = FOLDERS.iter().enumerate().map(|(index, folder)| Disk {
        folder: (*folder).to_owned(),
        free_bytes: free.get(index).filter(|_| known).copied(),
        writable: files.get(&format!("{folder}/")).is_none_or(|file| file.writable),
    });
    Disks(disks.collect())
}

/// `Filesystem 1024-blocks Used Available Capacity Mounted on`; a source may hold blanks, so it is counted from the `%`.
fn free(line: &str) -> Option<u64> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let percent = words.iter().position(|word| word.ends_with('%') || *word == "-")?;
    let kib: u64 = words.get(percent.checked_sub(1)?)?.parse().ok()?;
    Some(kib * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn free_room_is_the_column_before_the_percentage() {
        assert_eq!(free("/dev/my disk 264212084 13749604 81536284 15% /"), Some(81_536_284 * 1024));
        assert_eq!(free("tmpfs 10 10 0 100% /var/lib"), Some(0));
        assert_eq!(free("Filesystem 1024-blocks Used Available Capacity Mounted on"), None);
        assert_eq!(free("df: /etc: Permission denied"), None);
    }
}
