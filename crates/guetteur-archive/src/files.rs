//! Files under names of their own, in a folder or a store: what machines hand to one another beside the
//! archive, such as copies of a search index.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use crate::objects::Objects;
use crate::{ArchiveError, Location, StoreSettings};

/// Files at a location. Names are paths with `/`; a name is taken whole or not at all.
#[derive(Debug)]
pub struct Files(Place);

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

    /// All names that begin with `under` and a slash, one level deep.
    ///
    /// # Errors
    /// When they cannot be listed.
    pub async fn names(&self, under: &str) -> Result<Vec<String>, ArchiveError> {
        match &self.0 {
            Place::Store(store) => store.names(under).await,
            Place::Folder(root) => {
                let folder = root.join(under);
                let failed = ArchiveError::folder(&folder, "listing");
                let entries = match std::fs::read_dir(&folder) {
                    Ok(entries) => entries.collect::<Result<Vec<_>, _>>().map_err(failed)?,
                    Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
                    Err(error) => return Err(failed(error)),
                };
                let name = |entry: std::fs::DirEntry| entry.file_name().into_string().ok();
                let names = entries.into_iter().filter_map(name);
                Ok(names.map(|name| format!("{under}/{name}")).collect())
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
