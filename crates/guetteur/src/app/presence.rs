//! Who is alive: a process that works holds a locked file, so that the next one can tell whose
//! leases were left behind by a kill.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use guetteur_store::Store;

/// Our own locked file; dropped, it goes.
pub struct Presence {
    name: String,
    path: PathBuf,
    _lock: File,
}

impl Presence {
    /// Announces this process in `data`, and gives back the leases of those that died there.
    ///
    /// The lock goes with the process, however it ends; a process id would not do, since they come
    /// back, and are all alike in containers.
    ///
    /// # Errors
    /// When the folder or the database refuses.
    pub async fn begin(data: &Path, store: &Store) -> Result<Self> {
        let dir = data.join("workers");
        std::fs::create_dir_all(&dir).with_context(|| format!("dossier {}", dir.display()))?;
        release_leases_of_dead_processes(&dir, store).await?;
        let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
        let file = tempfile::Builder::new()
            .prefix(&format!("{}-{}-", host.trim(), std::process::id()))
            .tempfile_in(&dir)
            .with_context(|| format!("écriture dans {}", dir.display()))?;
        let (lock, path) = file.keep().context("fichier de présence")?;
        lock.lock().context("verrou du fichier de présence")?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        Ok(Self { name: name.unwrap_or_default(), path, _lock: lock })
    }

    /// Whether any process works on `data`.
    #[must_use]
    pub fn is_any(data: &Path) -> bool {
        let entries = std::fs::read_dir(data.join("workers")).into_iter().flatten().flatten();
        let held = |path: PathBuf| {
            File::open(path)
                .is_ok_and(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock)))
        };
        entries.map(|entry| entry.path()).any(held)
    }

    /// The name under which this process holds leases.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        // Left behind, it is removed by the next process.
        let _ = std::fs::remove_file(&self.path);
    }
}

async fn release_leases_of_dead_processes(dir: &Path, store: &Store) -> Result<()> {
    for entry in std::fs::read_dir(dir)?.flatten() {
        let Ok(file) = File::open(entry.path()) else { continue };
        match file.try_lock() {
            Ok(()) => {
                let name = entry.file_name().to_string_lossy().into_owned();
                let released = store.release_worker(&name).await?;
                tracing::info!(worker = %name, released, "a former process was killed; its work is taken over");
                let _ = std::fs::remove_file(entry.path());
            }
            Err(TryLockError::WouldBlock | TryLockError::Error(_)) => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_living_are_left_alone_and_the_dead_are_buried() {
        let data = tempfile::tempdir().expect("dir");
        let store = Store::open(&data.path().join("db").to_string_lossy()).await.expect("store");
        let dir = data.path().join("workers");
        let living = Presence::begin(data.path(), &store).await.expect("first");
        std::fs::write(dir.join("dead"), "").expect("left by a kill");
        let second = Presence::begin(data.path(), &store).await.expect("second");
        assert!(Presence::is_any(data.path()));
        assert_ne!(living.name(), second.name());
        assert!(!dir.join("dead").exists());
        assert!(dir.join(living.name()).exists());
        drop((living, second));
        assert_eq!(std::fs::read_dir(&dir).expect("dir").count(), 0);
        assert!(!Presence::is_any(data.path()));
    }
}
