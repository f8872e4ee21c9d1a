//! Pages of archived PDFs as pictures, and where their words stand: made once, kept on disk.
//!
//! A picture costs a confined process some tens of milliseconds, the words of a scan a second or
//! two. So that nobody can exhaust the server with them: one is made at a time, few wait, those who
//! wait too long are sent away, and the folder has a size that it does not outgrow.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use guetteur_archive::{Archive, UnprovenPdf};
use guetteur_model::{Method, Sha256};
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;

/// Requests that may wait for their turn.
const WAITING: usize = 16;
/// How long each waits.
const PATIENCE: Duration = Duration::from_secs(15);

/// A word and where it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlacedWord {
    /// The word as it is in the page's text.
    pub text: String,
    /// Left, top, right, bottom, in points from the upper left corner.
    pub bounds: [f32; 4],
}

/// The words of a page in reading order: its text cut at white space.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PlacedWords {
    /// Width and height of the page in points.
    pub size: [f32; 2],
    /// Empty where their places are not known.
    pub words: Vec<PlacedWord>,
}

/// Who opens PDFs, in a confined process.
#[async_trait]
pub trait PageReader: Send + Sync {
    /// Page `page` (from 1) as PNG.
    ///
    /// # Errors
    /// Why there is none, in plain French.
    async fn picture(&self, pdf: &Path, page: u32) -> Result<Vec<u8>, String>;

    /// The words of page `page` (from 1), which was read by `method`.
    ///
    /// # Errors
    /// Why there are none, in plain French.
    async fn words(&self, pdf: &Path, page: u32, method: Method) -> Result<PlacedWords, String>;
}

/// Why a picture was not made.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// Too many are asked for.
    #[error("too many pictures are being made")]
    Busy,
    /// The page cannot be shown.
    #[error("showing page {page} of {document} failed: {why}")]
    Page {
        /// The document.
        document: Sha256,
        /// Its page, from 1.
        page: u32,
        /// The reader's words.
        why: String,
    },
    /// The PDF is missing or altered, or the archive does not answer.
    #[error(transparent)]
    Unproven(#[from] UnprovenPdf),
    /// The folder cannot be read.
    #[error("the folder of page pictures failed: {0}")]
    Io(#[from] io::Error),
}

/// The pictures made so far, and the one that may be made now.
pub struct PagePictures {
    reader: Box<dyn PageReader>,
    folder: PathBuf,
    limit_bytes: u64,
    turn: Semaphore,
    waiting: AtomicUsize,
    /// Bytes in the folder; `None` until counted.
    used: Mutex<Option<u64>>,
}

impl PagePictures {
    /// Keeps pictures in `folder`, which need not exist, up to `limit_bytes` in all.
    #[must_use]
    pub fn new(reader: Box<dyn PageReader>, folder: PathBuf, limit_bytes: u64) -> Self {
        let turn = Semaphore::new(1);
        let waiting = AtomicUsize::new(0);
        Self { reader, folder, limit_bytes, turn, waiting, used: Mutex::new(None) }
    }

    /// Page `page` (from 1) of the archived `document`, as PNG.
    ///
    /// # Errors
    /// See [`PictureError`].
    pub async fn picture(
        &self,
        document: Sha256,
        archive: &Archive,
        page: u32,
    ) -> Result<Vec<u8>, PictureError> {
        let make = || async {
            let pdf = archive.file(document).await?;
            let picture = self.reader.picture(pdf.path(), page).await;
            picture.map_err(|why| PictureError::Page { document, page, why })
        };
        self.kept(document, page, "png", make).await
    }

    /// The words of page `page` (from 1), which was read by `method`.
    ///
    /// # Errors
    /// See [`PictureError`].
    pub async fn words(
        &self,
        document: Sha256,
        archive: &Archive,
        page: u32,
        method: Method,
    ) -> Result<PlacedWords, PictureError> {
        let make = || async {
            let pdf = archive.file(document).await?;
            let words = self.reader.words(pdf.path(), page, method).await;
            let words = words.map_err(|why| PictureError::Page { document, page, why })?;
            serde_json::to_vec(&words).map_err(|error| io::Error::other(error).into())
        };
        let bytes = self.kept(document, page, "json", make).await?;
        serde_json::from_slice(&bytes).map_err(|error| io::Error::other(error).into())
    }

    async fn kept<F: Future<Output = Result<Vec<u8>, PictureError>>>(
        &self,
        document: Sha256,
        page: u32,
        suffix: &str,
        make: impl FnOnce() -> F,
    ) -> Result<Vec<u8>, PictureError> {
        let name = document.to_string();
        let path = self.folder.join(&name[..2]).join(format!("{name}-{page}.{suffix}"));
        if let Some(bytes) = read(&path)? {
            return Ok(bytes);
        }
        let _place = Place::take(&self.waiting).ok_or(PictureError::Busy)?;
        let turn = tokio::time::timeout(PATIENCE, self.turn.acquire()).await;
        let _turn = turn.map_err(|_| PictureError::Busy)?.map_err(|_| PictureError::Busy)?;
        // Whoever was before may have made it.
        if let Some(bytes) = read(&path)? {
            return Ok(bytes);
        }
        let bytes = make().await?;
        self.keep(&path, &bytes)?;
        Ok(bytes)
    }

    /// Under its name only when whole.
    fn keep(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let folder = path.parent().unwrap_or(&self.folder);
        fs::create_dir_all(folder)?;
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(bytes)?;
        file.persist(path).map_err(|error| error.error)?;
        let mut used = self.used.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let total = match *used {
            Some(known) => known + bytes.len() as u64,
            None => files(&self.folder)?.iter().map(|file| file.bytes).sum(),
        };
        *used = Some(if total > self.limit_bytes { self.make_room()? } else { total });
        Ok(())
    }

    /// Removes the oldest until a tenth is free; gives what is left. They can be made again.
    fn make_room(&self) -> io::Result<u64> {
        let mut files = files(&self.folder)?;
        files.sort_by_key(|file| file.made_at);
        let mut total: u64 = files.iter().map(|file| file.bytes).sum();
        for file in files {
            if total <= self.limit_bytes / 10 * 9 {
                break;
            }
            fs::remove_file(&file.path)?;
            total -= file.bytes;
        }
        Ok(total)
    }
}

/// A place among those who wait.
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(waiting: &'a AtomicUsize) -> Option<Self> {
        let place = Self(waiting);
        let before = waiting.fetch_add(1, Ordering::Relaxed);
        (before < WAITING).then_some(place)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

struct KeptFile {
    path: PathBuf,
    bytes: u64,
    made_at: SystemTime,
}

/// All files of the folder, which has one level of folders.
fn files(folder: &Path) -> io::Result<Vec<KeptFile>> {
    let mut files = Vec::new();
    for inner in fs::read_dir(folder)? {
        for entry in fs::read_dir(inner?.path())? {
            let entry = entry?;
            let about = entry.metadata()?;
            let made_at = about.modified()?;
            files.push(KeptFile { path: entry.path(), bytes: about.len(), made_at });
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Draws 1,000 bytes a page, and counts how often it is asked.
    struct Counting(std::sync::Arc<AtomicUsize>);

    #[async_trait]
    impl PageReader for Counting {
        async fn picture(&self, _: &Path, page: u32) -> Result<Vec<u8>, String> {
            self.0.fetch_add(1, Ordering::Relaxed);
            tokio::task::yield_now().await;
            if page == 99 { Err("page blanche".to_owned()) } else { Ok(vec![7; 1_000]) }
        }

        async fn words(&self, _: &Path, _: u32, _: Method) -> Result<PlacedWords, String> {
            Ok(PlacedWords::default())
        }
    }

    fn pictures(
        limit_bytes: u64,
    ) -> (tempfile::TempDir, PagePictures, std::sync::Arc<AtomicUsize>) {
        let folder = tempfile::tempdir().expect("folder");
        let asked = std::sync::Arc::new(AtomicUsize::new(0));
        let reader = Box::new(Counting(asked.clone()));
        let pictures = PagePictures::new(reader, folder.path().join("pages"), limit_bytes);
        (folder, pictures, asked)
    }

    /// An archive of one document.
    async fn archived(folder: &Path) -> (Archive, Sha256) {
        let archive = Archive::open(folder.join("archive")).expect("archive");
        let document = archive.keep(b"%PDF a").await.expect("kept");
        (archive, document)
    }

    #[tokio::test]
    async fn a_picture_is_made_once_however_many_ask() {
        let (folder, pictures, asked) = pictures(1_000_000);
        let (archive, document) = archived(folder.path()).await;
        let ask = || pictures.picture(document, &archive, 1);
        let answers = tokio::join!(ask(), ask(), ask());
        assert_eq!(answers.0.expect("a picture").len(), 1_000);
        assert!(answers.1.is_ok() && answers.2.is_ok());
        assert_eq!(asked.load(Ordering::Relaxed), 1);
        assert!(matches!(
            pictures.picture(document, &archive, 99).await,
            Err(PictureError::Page { page: 99, .. })
        ));
    }

    #[tokio::test]
    async fn the_folder_does_not_outgrow_its_size() {
        let (folder, pictures, _) = pictures(10_500);
        let (archive, document) = archived(folder.path()).await;
        for page in 1..=40 {
            pictures.picture(document, &archive, page).await.expect("a picture");
            let kept = files(&folder.path().join("pages")).expect("files").len();
            assert!(kept <= 10, "{kept} files after page {page}");
        }
    }

    #[tokio::test]
    async fn a_crowd_is_sent_away() {
        let (folder, pictures, asked) = pictures(1_000_000);
        let (archive, document) = archived(folder.path()).await;
        let _turn = pictures.turn.acquire().await.expect("the turn");
        let places: Vec<_> = (0..WAITING).map(|_| Place::take(&pictures.waiting)).collect();
        assert!(places.iter().all(Option::is_some));
        let answer = pictures.picture(document, &archive, 1).await;
        assert!(matches!(answer, Err(PictureError::Busy)));
        drop(places);
        assert_eq!(asked.load(Ordering::Relaxed), 0);
        assert!(Place::take(&pictures.waiting).is_some(), "places come back");
    }
}
