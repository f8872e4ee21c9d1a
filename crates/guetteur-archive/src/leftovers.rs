//! Files on their way into the archive. Each is locked while its process lives; the lock goes with the
//! process, however it ends, so that the next one can tell what a kill left behind.

use std::fs::File;
use std::io;
use std::path::Path;

use tempfile::NamedTempFile;

/// A new file in `folder`. Dropped, it is removed; its process killed, [`sweep`] removes it.
pub(crate) fn new_file(folder: &Path) -> io::Result<NamedTempFile> {
    // Between its making and its lock a file looks abandoned: the folder's lock keeps sweepers out.
    // A file system without locks has no sweepers either.
    let guard = File::open(folder)?;
    let _ = guard.lock_shared();
    let file = NamedTempFile::new_in(folder)?;
    let _ = file.as_file().try_lock();
    Ok(file)
}

/// Removes the files in `folder` whose processes are gone. What cannot be removed is left: nothing
/// but space is lost.
pub(crate) fn sweep(folder: &Path) {
    let Ok(guard) = File::open(folder) else { return };
    // Held by a process that starts a file or sweeps just now: the next start will do.
    if guard.try_lock().is_err() {
        return;
    }
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        let abandoned = File::open(&path).is_ok_and(|file| file.try_lock().is_ok());
        if abandoned && std::fs::remove_file(&path).is_ok() {
            tracing::info!(file = %path.display(), "a download cut by a kill is removed");
        }
    }
}
