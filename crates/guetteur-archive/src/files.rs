//! Files under names of their own, in a folder or a store: what machines hand to one another beside the
//! archive, such as copies of a search index.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::objects::Objects;
use crate::{ArchiveError, Location, StoreSettings};

/// Files at a location. Names are paths with `/`; a name is taken whole or not at all.
#[derive(Debug)]
pub struct Files(Place);

/// A file that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its name.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// When it was put there, by the clock of the place: that of others may go wrong.
    pub put_at: SystemTime,
}

#[derive(Debug)]
enum Place {
    Folder(PathBuf),
    Store(Objects),
}

impl Files {
    /// Asks a store for nothing yet, and makes no folder.
    ///
    /// # Errors
    /// When the location cannot be one.
    pub fn open(location: Location, settings: &StoreSettings) -> Result<Self, ArchiveError> {
        Ok(Self(match location {
            Location::Folder(folder) => Place::Folder(folder),
            Location::Store { bucket, prefix } => {
                Place::Store(Objects::open(&bucket, &prefix, settings)?)
            }
        }))
    }

    /// Puts the file `from` there, in place of whatever has its name.
    ///
    /// # Errors
    /// When it cannot be read, or written there.
    pub async fn put(&self, name: &str, from: &Path) -> Result<(), ArchiveError> {
        let mut file = File::open(from).map_err(ArchiveError::folder(from, "opening"))?;
        match &self.0 {
            Place::Store(store) => {
                let about = file.metadata().map_err(ArchiveError::folder(from, "reading"))?;
                store.put_named(name, "application/octet-stream", &mut file, about.len()).await
            }
            Place::Folder(root) => write_whole(&root.join(name), &mut file),
        }
    }

    /// Writes what has this name to the new file `to`. Gives whether it is there.
    ///
    /// # Errors
    /// When it cannot be read there, or written here.
    pub async fn get(&self, name: &str, to: &Path) -> Result<bool, ArchiveError> {
        let mut out = File::create(to).map_err(ArchiveError::folder(to, "making"))?;
        match &self.0 {
            Place::Store(store) => store.get_named(name, &mut out, to).await,
            Place::Folder(root) => {
                let path = root.join(name);
                let mut file = match File::open(&path) {
                    Ok(file) => file,
                    Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
                    Err(error) => return Err(ArchiveError::folder(&path, "opening")(error)),
                };
                let copied = io::copy(&mut file, &mut out);
                copied.map(|_| true).map_err(ArchiveError::folder(to, "writing"))
            }
        }
    }

    /// A small text; `None` where there is none of this name.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn text(&self, name: &str) -> Result<Option<String>, ArchiveError> {
        match &self.0 {
            Place::Store(store) => store.text(name).await,
            Place::Folder(root) => {
                let path = root.join(name);
                match std::fs::read_to_string(&path) {
                    Ok(text) => Ok(Some(text)),
                    Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
                    Err(error) => Err(ArchiveError::folder(&path, "reading")(error)),
                }
            }
        }
    }

    /// Puts a small text there, in place of whatever has its name.
    ///
    /// # Errors
    /// When it cannot be written.
    pub async fn set_text(&self, name: &str, text: String) -> Result<(), ArchiveError> {
        match &self.0 {
            Place::Store(store) => store.set_text(name, text).await,
            Place::Folder(root) => write_whole(&root.join(name), &mut text.as_bytes()),
        }
    }

    /// What lies under names that begin with `under` and a slash, one level deep.
    ///
    /// # Errors
    /// When it cannot be listed.
    pub async fn list(&self, under: &str) -> Result<Vec<Listed>, ArchiveError> {
        match &self.0 {
            Place::Store(store) => store.list_named(under).await,
            Place::Folder(root) => {
                let folder = root.join(under);
                match list_folder(&folder, under) {
                    Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
                    listed => listed.map_err(ArchiveError::folder(&folder, "listing")),
                }
            }
        }
    }

    /// Removes what has this name, if it is there.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub async fn remove(&self, name: &str) -> Result<(), ArchiveError> {
        match &self.0 {
            Place::Store(store) => store.remove(name).await,
            Place::Folder(root) => {
                let path = root.join(name);
                match std::fs::remove_file(&path) {
                    Err(error) if error.kind() != io::ErrorKind::NotFound => {
                        Err(ArchiveError::folder(&path, "removing")(error))
                    }
                    _ => Ok(()),
                }
            }
        }
    }
}

fn list_folder(folder: &Path, under: &str) -> io::Result<Vec<Listed>> {
    let mut listed = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let about = match entry.metadata() {
            Ok(about) => about,
            // Somebody removed it just now.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        if let Ok(name) = entry.file_name().into_string() {
            let (name, bytes, put_at) = (format!("{under}/{name}"), about.len(), about.modified()?);
            listed.push(Listed { name, bytes, put_at });
        }
    }
    Ok(listed)
}

/// Under its name only once it is whole.
fn write_whole(path: &Path, from: &mut impl io::Read) -> Result<(), ArchiveError> {
    let folder = path.parent().unwrap_or(path);
    std::fs::create_dir_all(folder).map_err(ArchiveError::folder(folder, "making"))?;
    let mut write = || {
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        io::copy(from, &mut file)?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)
    };
    write().map(drop).map_err(ArchiveError::folder(path, "writing"))
}
