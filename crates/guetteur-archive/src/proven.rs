//! No PDF leaves whose bytes are not those that its name says: the archive is proof, and a disk that
//! loses a bit must not make it lie.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use guetteur_model::Sha256;

use crate::{ArchiveError, UnprovenPdf};

/// A file found sound is not read again for so long: readers of PDFs ask for one in many pieces.
const TRUSTED_FOR: Duration = Duration::from_mins(10);
/// Files remembered; a full memory is emptied.
const REMEMBERED: usize = 4_096;

/// A file that held the bytes its name says when it was given out. What is kept near stays there
/// as long as this value lives.
#[derive(Debug)]
pub struct ProvenFile {
    path: PathBuf,
    /// Locked, so that whoever makes room leaves it alone.
    _held: Option<File>,
}

impl ProvenFile {
    pub(crate) fn new(path: PathBuf, held: Option<File>) -> Self {
        Self { path, _held: held }
    }

    /// Where it lies on this machine.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// What tells a file that was written to since.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Shape {
    size: u64,
    modified: SystemTime,
}

/// The files found sound of late.
#[derive(Debug, Default)]
pub(crate) struct Proven {
    proven: Mutex<HashMap<Sha256, (Shape, Instant)>>,
}

impl Proven {
    /// Demands that the file at `path` has the hash `sha256`. It blocks.
    pub(crate) fn prove(&self, sha256: Sha256, path: &Path) -> Result<(), UnprovenPdf> {
        let place = || path.display().to_string();
        let unreadable = |source: io::Error| match source.kind() {
            io::ErrorKind::NotFound => UnprovenPdf::Missing { place: place() },
            _ => ArchiveError::folder(path, "reading")(source).into(),
        };
        let shape = shape(path).map_err(unreadable)?;
        if self.is_trusted(sha256, shape) {
            return Ok(());
        }
        let found = File::open(path).and_then(Sha256::of_reader).map_err(unreadable)?;
        if found != sha256 {
            return Err(UnprovenPdf::Altered { place: place(), found });
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
        let (proven, name) = (Proven::default(), Sha256::of(b"%PDF a"));
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
        assert!(matches!(of_a_folder, Err(UnprovenPdf::Unreadable(_))), "{of_a_folder:?}");
    }
}
