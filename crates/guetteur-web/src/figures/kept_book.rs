//! The book of figures on disk, so that a site that starts again shows them at once: who comes first
//! does not wait until all acts that count are read from the database.
//!
//! Lines of JSON, packed with zstd, whose checksum proves them whole: a [`Head`], then an act a line,
//! then a [`ChangeLink`] a line. The file may be lost at any time.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use guetteur_figures::count::{COUNT_VERSION, ChangeLink, CountedAct, Ledger};
use guetteur_search::Origin;
use guetteur_store::{Store, StoreError};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tokio::task::JoinError;

/// Fast, and a tenth of the text.
const LEVEL: i32 = 1;

/// Changes after which it is of no use: to read the acts that count takes less.
const MANY: i64 = 50_000;

/// How the names of books begin that are being written.
const UNFINISHED: &str = ".figures-";

/// Why a book is neither taken nor kept.
#[derive(Debug, thiserror::Error)]
pub(super) enum BookError {
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It is damaged, or the disk refuses.
    #[error(transparent)]
    File(#[from] io::Error),
    #[error("a thread ended: {0}")]
    Thread(#[from] JoinError),
}

/// What the lines after it are.
#[derive(Debug, Serialize, Deserialize)]
struct Head {
    /// [`COUNT_VERSION`] of who wrote it.
    version: u32,
    /// The mark of the installation: revisions of another one mean other acts.
    installation: String,
    /// Which life of its database the revision belongs to ([`Store::lineage`]).
    lineage: String,
    revision: i64,
    acts: usize,
    links: usize,
}

/// A book as it was written.
pub(super) struct KeptBook {
    /// The state of the database that it stands for.
    pub(super) origin: Origin,
    pub(super) ledger: Ledger,
    /// Codes of sources, each once in memory.
    pub(super) codes: HashMap<String, Arc<str>>,
}

/// The book at `path`; `None` where there is none of this database, or it is too old to be followed.
///
/// # Errors
/// When it is damaged, or the database fails.
pub(super) async fn take(path: PathBuf, store: &Store) -> Result<Option<KeptBook>, BookError> {
    let Some(installation) = store.archive_mark().await? else { return Ok(None) };
    let now = Origin { lineage: store.lineage().await?, revision: store.revision().await? };
    let read = move || {
        remove_unfinished(folder(&path))?;
        read(&path, &installation)
    };
    let book = tokio::task::spawn_blocking(read).await??;
    let is_near = |book: &KeptBook| now.revision - book.origin.revision <= MANY;
    Ok(book.filter(|book| book.origin.leads_to(&now) && is_near(book)))
}

/// Writes a book to `path`. Before anything is archived the installation has no mark, and no book.
///
/// # Errors
/// When the disk refuses, or the database fails.
pub(super) async fn keep(
    path: PathBuf,
    store: &Store,
    origin: Origin,
    ledger: Arc<Ledger>,
) -> Result<(), BookError> {
    let Some(installation) = store.archive_mark().await? else { return Ok(()) };
    let write = move || write(&path, &installation, origin, &ledger);
    Ok(tokio::task::spawn_blocking(write).await??)
}

fn folder(path: &Path) -> &Path {
    path.parent().unwrap_or_else(|| Path::new("."))
}

/// Removes what killed processes left of books. One that is being written is written again later.
fn remove_unfinished(folder: &Path) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Writes a book, under its name only when whole.
fn write(path: &Path, installation: &str, origin: Origin, ledger: &Ledger) -> io::Result<()> {
    let file = tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(folder(path))?;
    let mut out = zstd::Encoder::new(file, LEVEL)?;
    out.include_checksum(true)?;
    let head = Head {
        version: COUNT_VERSION,
        installation: installation.to_owned(),
        lineage: origin.lineage,
        revision: origin.revision,
        acts: ledger.acts().count(),
        links: ledger.links().count(),
    };
    write_line(&mut out, &head)?;
    for act in ledger.acts() {
        write_line(&mut out, act)?;
    }
    for link in ledger.links() {
        write_line(&mut out, &link)?;
    }
    out.finish()?.persist(path).map_err(|error| error.error)?;
    Ok(())
}

fn write_line(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}

/// `None` where there is none, or it is another program's or another installation's.
fn read(path: &Path, installation: &str) -> io::Result<Option<KeptBook>> {
    let file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        file => file?,
    };
    let mut lines = BufReader::new(zstd::Decoder::new(file)?);
    let mut line = Vec::new();
    let head: Head = read_line(&mut lines, &mut line)?;
    if head.version != COUNT_VERSION || head.installation != installation {
        return Ok(None);
    }
    let mut codes: HashMap<String, Arc<str>> = HashMap::new();
    let mut ledger = Ledger::default();
    for _ in 0..head.acts {
        let mut act: CountedAct = read_line(&mut lines, &mut line)?;
        let known = codes.entry(act.source.to_string());
        act.source = Arc::clone(known.or_insert(act.source));
        ledger.enter([act]);
    }
    let mut links: Vec<ChangeLink> = Vec::new();
    for _ in 0..head.links {
        links.push(read_line(&mut lines, &mut line)?);
    }
    // The checksum comes after the last line.
    if lines.read_until(b'\n', &mut line)? != 0 {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "more lines than announced"));
    }
    ledger.settle(&links);
    let origin = Origin { lineage: head.lineage, revision: head.revision };
    Ok(Some(KeptBook { origin, ledger, codes }))
}

fn read_line<T: DeserializeOwned>(lines: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<T> {
    line.clear();
    lines.read_until(b'\n', line)?;
    Ok(serde_json::from_slice(line)?)
}

#[cfg(test)]
mod tests {
    use guetteur_figures::count::{Claim, Footing};
    use guetteur_model::{ActId, Category, Facts, Level, When};

    use super::*;

    fn act(id: i64) -> CountedAct {
        let claim = Claim {
            category: Category::new("drone").expect("a category"),
            level: Level::Authorises,
            to_check: false,
        };
        let facts = Facts {
            valid_from: When::parse("2026-05-01T20:00:00+02:00"),
            valid_to: When::parse("2026-05-03"),
            notice_hours: Some(-2.5),
            ..Facts::default()
        };
        CountedAct::new(ActId(id), "34".into(), None, &facts, vec![claim], Footing::Read)
    }

    fn ledger() -> Ledger {
        let mut ledger = Ledger::default();
        ledger.enter([act(3), act(7)]);
        ledger.settle(&[ChangeLink { changer: ActId(7), changed: ActId(3) }]);
        ledger
    }

    fn origin() -> Origin {
        Origin { lineage: "first".into(), revision: 41 }
    }

    #[test]
    fn what_was_written_is_read_and_nothing_of_another_installation() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("book");
        std::fs::write(folder.path().join(".figures-left"), "x").expect("left");
        remove_unfinished(folder.path()).expect("removed");
        assert_eq!(std::fs::read_dir(folder.path()).expect("folder").count(), 0);
        assert!(read(&path, "ours").expect("none yet").is_none());
        write(&path, "ours", origin(), &ledger()).expect("written");
        let kept = read(&path, "ours").expect("read").expect("a book");
        assert_eq!(kept.origin, origin());
        assert_eq!(kept.ledger.acts().collect::<Vec<_>>(), ledger().acts().collect::<Vec<_>>());
        assert_eq!(kept.ledger.links().collect::<Vec<_>>(), ledger().links().collect::<Vec<_>>());
        assert_eq!(kept.ledger.in_force(ActId(3)), ledger().in_force(ActId(3)));
        assert_eq!(kept.codes.len(), 1);
        assert!(read(&path, "theirs").expect("read").is_none());
    }

    #[test]
    fn a_damaged_book_is_refused_wherever_the_damage_is() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("book");
        write(&path, "ours", origin(), &ledger()).expect("written");
        let whole = std::fs::read(&path).expect("bytes");
        for at in 0..whole.len() {
            std::fs::write(&path, &whole[..at]).expect("cut");
            assert!(read(&path, "ours").is_err(), "cut at {at}");
            let mut altered = whole.clone();
            altered[at] ^= 0x10;
            std::fs::write(&path, &altered).expect("altered");
            let read = read(&path, "ours");
            // A frame's header may say the same in other bits.
            let same =
                |kept: &KeptBook| kept.origin.revision == 41 && kept.ledger.acts().count() == 2;
            assert!(
                read.as_ref().map_or(true, |kept| kept.as_ref().is_none_or(same)),
                "altered at {at}"
            );
        }
    }
}
