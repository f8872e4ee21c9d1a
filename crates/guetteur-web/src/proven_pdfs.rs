//! No PDF leaves whose bytes are not those that its name says: the archive is proof, and a disk that
//! loses a bit must not make it lie.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use guetteur_model::Sha256;

/// A file found sound is not read again for so long: readers of PDFs ask for one in many pieces.
const TRUSTED_FOR: Duration = Duration::from_mins(10);
/// Files remembered; a full memory is emptied.
const REMEMBERED: usize = 4_096;

/// Why an archived PDF is not given out.
#[derive(Debug, thiserror::Error)]
pub enum UnprovenPdf {
    /// There is no such file.
    #[error("{} is missing from the archive: restore it from a backup (guetteur verify lists all)", path.display())]
    Missing {
        /// Where it should be.
        path: PathBuf,
    },
    /// The file has other bytes.
    #[error(
        "{} was altered: its SHA-256 is now {found}; restore it from a backup (guetteur verify lists all)",
        path.display()
    )]
    Altered {
        /// Where it is.
        path: PathBuf,
        /// The hash of its bytes.
        found: Sha256,
    },
    /// The file cannot be read to its end.
    #[error("reading {} failed: {source}; check the disk of the archive", path.display())]
    Unreadable {
        /// Where it is.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// What tells a file that was written to since.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Shape {
    size: u64,
    modified: SystemTime,
}

/// The files found sound of late.
#[derive(Debug, Default)]
pub struct ProvenPdfs {
    proven: Mutex<HashMap<Sha256, (Shape, Instant)>>,
}

impl ProvenPdfs {
    /// Demands that the file at `path` has the hash `sha256`. It blocks: for `spawn_blocking`.
    ///
    /// # Errors
    /// See [`UnprovenPdf`].
    pub fn prove(&self, sha256: Sha256, path: &Path) -> Result<(), UnprovenPdf> {
        let unreadable = |source: io::Error| match source.kind() {
            io::ErrorKind::NotFound => UnprovenPdf::Missing { path: path.to_owned() },
            _ => UnprovenPdf::Unreadable { path: path.to_owned(), source },
        };
        let shape = shape(path).map_err(unreadable)?;
        if self.is_trusted(sha256, shape) {
            return Ok(());
        }
        let found = File::open(path).and_then(Sha256::of_reader).map_err(unreadable)?;
        if found != sha256 {
            return Err(UnprovenPdf::Altered { path: path.to_owned(), found });
        }
        let mut proven = self.proven.lock().unwrap_or_else(PoisonError::into_inner);
        if proven.len() >= REMEMBERED {
            proven.clear();
        }
        proven.insert(sha256, (shape, Instant::now()));
        Ok(())
    }

    fn is_trusted(&self, sha256: Sha256, shape: Shape) -> bool {
        let proven = self.proven.lock().unwrap_or_else(PoisonError::into_inner);
        proven.get(&sha256).is_some_and(|(then, at)| *then == shape && at.elapsed() < TRUSTED_FOR)
    }
}

fn shape(path: &Path) -> io::Result<Shape> {
    let file = fs::metadata(path)?;
    Ok(Shape { size: file.len(), modified: file.modified()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_bytes_that_the_name_says() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("a.pdf");
        let (proven, name) = (ProvenPdfs::default(), Sha256::of(b"%PDF a"));
        assert!(matches!(proven.prove(name, &path), Err(UnprovenPdf::Missing { .. })));
        fs::write(&path, b"%PDF a").expect("written");
        proven.prove(name, &path).expect("sound");
        proven.prove(name, &path).expect("still");
        fs::write(&path, b"%PDF a et plus").expect("written to");
        let Err(UnprovenPdf::Altered { found, .. }) = proven.prove(name, &path) else {
            panic!("altered after it was proven")
        };
        assert_eq!(found, Sha256::of(b"%PDF a et plus"));
        let of_a_folder = proven.prove(name, folder.path());
        assert!(matches!(of_a_folder, Err(UnprovenPdf::Unreadable { .. })), "{of_a_folder:?}");
    }
}
