//! From one archive to another: every document copied, read back where it came, and never twice.

use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use futures::stream::{self, StreamExt};
use guetteur_model::Sha256;

use crate::{Archive, ArchiveError, Soundness, UnprovenPdf};

/// Documents under way at once: one waits for its store while another is sent.
const AT_ONCE: usize = 4;
const PIECE: usize = 128 << 10;

/// What became of one document.
#[derive(Debug)]
pub enum Copied {
    /// It is in the other archive now, and was read back there.
    Now(u64),
    /// It was there before; it was read there, in this run or an earlier one.
    Before,
    /// The archive that it comes from has no sound copy of it.
    Unsound(UnprovenPdf),
}

/// Copies documents of `from` to `to`, those left by an interrupted run first, and tells `see` of each.
/// `journal` is a file that remembers what was read back; it goes when all is done.
///
/// # Errors
/// When an archive cannot be listed or written, a document reads back with other bytes, the journal
/// cannot be written, or `see` fails; at the end when `to` has the mark of another archive.
pub async fn copy<E: From<ArchiveError>>(
    from: &Archive,
    to: &Archive,
    journal: &Path,
    mut see: impl FnMut(usize, Sha256, &Copied) -> Result<(), E>,
) -> Result<(), E> {
    let journal = Journal::open(journal, &format!("{} → {}", from.location(), to.location()))?;
    let there: HashSet<Sha256> = to.documents().await?.documents.into_iter().collect();
    let mut documents = from.documents().await?.documents;
    documents.sort_unstable();
    let total = documents.len();
    let mut copies = stream::iter(documents)
        .map(|name| {
            let (journal, is_there) = (&journal, there.contains(&name));
            async move { (name, copy_one(from, to, journal, name, is_there).await) }
        })
        .buffer_unordered(AT_ONCE);
    let mut lost = false;
    while let Some((name, copied)) = copies.next().await {
        let copied = copied?;
        lost |= matches!(copied, Copied::Unsound(_));
        see(total, name, &copied)?;
    }
    drop(copies);
    if let Some(mark) = from.mark().await?
        && to.set_mark(&mark).await? != mark
    {
        return Err(ArchiveError::Marked { archive: to.location().to_string() }.into());
    }
    if !lost {
        journal.remove()?;
    }
    Ok(())
}

async fn copy_one(
    from: &Archive,
    to: &Archive,
    journal: &Journal,
    name: Sha256,
    is_there: bool,
) -> Result<Copied, ArchiveError> {
    if is_there && (journal.holds(name) || to.soundness(name).await? == Soundness::Sound) {
        journal.note(name)?;
        return Ok(Copied::Before);
    }
    let file = match from.file(name).await {
        Ok(file) => file,
        // No answer is a pause, not a loss.
        Err(UnprovenPdf::Unreadable(error @ ArchiveError::Store { .. })) => return Err(error),
        Err(error) => return Ok(Copied::Unsound(error)),
    };
    let reading = || ArchiveError::folder(file.path(), "reading");
    let mut bytes = File::open(file.path()).map_err(reading())?;
    let (mut incoming, mut piece) = (to.incoming()?, vec![0; PIECE]);
    loop {
        match bytes.read(&mut piece).map_err(reading())? {
            0 => break,
            read => incoming.write(&piece[..read])?,
        }
    }
    let size = incoming.size();
    incoming.keep().await?;
    let stands = to.soundness(name).await?;
    if stands != Soundness::Sound {
        let why = io::Error::other(format!("it reads back {stands:?} in {}", to.location()));
        return Err(ArchiveError::folder(Path::new(&name.to_string()), "copying")(why));
    }
    journal.note(name)?;
    Ok(Copied::Now(size))
}

/// The documents that were read back in the other archive.
struct Journal {
    path: PathBuf,
    known: HashSet<Sha256>,
    file: Mutex<File>,
}

impl Journal {
    /// That of an interrupted run between the same two archives, or a new one.
    fn open(path: &Path, between: &str) -> Result<Self, ArchiveError> {
        let failed = || ArchiveError::folder(path, "writing");
        let mut known = HashSet::new();
        let mut is_ours = false;
        if let Ok(file) = File::open(path) {
            let mut lines = BufReader::new(file).lines().map_while(Result::ok);
            is_ours = lines.next().as_deref() == Some(between);
            if is_ours {
                // The last line may have been cut.
                known.extend(lines.filter_map(|line| line.parse::<Sha256>().ok()));
            }
        }
        let mut file = if is_ours {
            OpenOptions::new().append(true).open(path).map_err(failed())?
        } else {
            File::create(path).map_err(failed())?
        };
        if is_ours {
            // Whatever was cut ends here.
            writeln!(file).map_err(failed())?;
        } else {
            writeln!(file, "{between}").map_err(failed())?;
        }
        Ok(Self { path: path.to_owned(), known, file: Mutex::new(file) })
    }

    fn holds(&self, name: Sha256) -> bool {
        self.known.contains(&name)
    }

    fn note(&self, name: Sha256) -> Result<(), ArchiveError> {
        if self.holds(name) {
            return Ok(());
        }
        let mut file = self.file.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        writeln!(file, "{name}").map_err(ArchiveError::folder(&self.path, "writing"))
    }

    fn remove(self) -> Result<(), ArchiveError> {
        std::fs::remove_file(&self.path).map_err(ArchiveError::folder(&self.path, "removing"))
    }
}
