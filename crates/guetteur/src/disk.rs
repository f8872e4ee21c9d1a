//! Free space: fetching pauses before the disk is full, so that what is fetched can still be read,
//! cut and told.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

/// Watches the disks on which folders lie.
#[derive(Debug, Default)]
pub struct FreeSpace {
    was_short: AtomicBool,
}

impl FreeSpace {
    /// Whether less than `least_mb` MiB are left in one of `folders`; each change is logged once. A disk
    /// that does not tell is not short.
    pub fn is_short(&self, folders: &[&Path], least_mb: u64) -> bool {
        let Some((free_mb, folder)) = fullest(folders) else { return false };
        let short = free_mb < least_mb;
        if self.was_short.swap(short, Ordering::Relaxed) != short {
            let folder = folder.display();
            if short {
                tracing::warn!(%folder, free_mb, least_mb, "little space is left: fetching pauses");
            } else {
                tracing::info!(%folder, free_mb, "there is space again: fetching goes on");
            }
        }
        short
    }
}

/// Of `folders` the one in which the fewest MiB may still be written, and how many.
#[must_use]
pub fn fullest<'a>(folders: &[&'a Path]) -> Option<(u64, &'a Path)> {
    folders.iter().filter_map(|folder| Some((free_mb(folder)?, *folder))).min()
}

/// MiB that we may still write in `folder`.
#[must_use]
pub fn free_mb(folder: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize) >> 20)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_is_short_below_the_least() {
        let folder = tempfile::tempdir().expect("folder");
        let (space, nowhere) = (FreeSpace::default(), Path::new("/nulle/part"));
        assert!(!space.is_short(&[folder.path()], 0));
        assert!(space.is_short(&[nowhere, folder.path()], u64::MAX));
        assert!(!space.is_short(&[nowhere], u64::MAX), "it does not tell");
    }
}
