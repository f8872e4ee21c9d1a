//! `guetteur restore`.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use chrono::SecondsFormat;
use clap::Args;
use guetteur_model::{Clock, SystemClock};
use guetteur_search::{SearchError, SearchIndex};
use guetteur_store::Store;
use guetteur_web::FigureBook;

use super::words::count;
use super::{Context, Failure};
use crate::app::Presence;

/// How a database begins.
const SQLITE: &[u8] = b"SQLite format 3\0";

#[derive(Args)]
pub(super) struct Arguments {
    /// La copie, faite par guetteur backup
    file: PathBuf,
}

impl Arguments {
    pub(super) async fn run(self, context: &Context) -> Result<(), Failure> {
        let (config, database) = (&context.config, context.config.database());
        if database.contains("://") {
            return Err(Failure::Usage(anyhow::anyhow!(
                "une base PostgreSQL se rend par son propre outil : \
                 pg_restore --clean --if-exists --dbname=URL {}",
                self.file.display()
            )));
        }
        let database = PathBuf::from(database.trim_start_matches("sqlite:"));
        let index = config.data.join("index");
        std::fs::create_dir_all(&config.data).map_err(anyhow::Error::from)?;
        nobody_works(&config.data, &index)?;
        let (fresh, acts) = checked(&self.file, &database).await?;
        let book = config.figures_path();
        FigureBook::remove(&book).with_context(|| format!("suppression de {}", book.display()))?;
        let former = put_in_place(&fresh, &database)?;
        // They are made from the database, and this one is another.
        if index.exists() {
            std::fs::remove_dir_all(&index).map_err(anyhow::Error::from)?;
        }
        eprintln!(
            "{} rendus par {} ; l'index est refait au prochain démarrage{}. À présent : guetteur \
             verify compare l'archive à cette base.",
            count(acts, "acte", "actes"),
            self.file.display(),
            former
                .map(|path| format!(" ; l'ancienne base est gardée : {}", path.display()))
                .unwrap_or_default(),
        );
        Ok(())
    }
}

/// What is replaced under a process would be written to by it still.
fn nobody_works(data: &Path, index: &Path) -> anyhow::Result<()> {
    let locked =
        index.exists() && matches!(SearchIndex::open(index), Err(SearchError::Locked { .. }));
    if locked || Presence::is_any(data) {
        bail!(
            "un autre processus travaille sur {} : arrêtez watch, serve et work, puis recommencez",
            data.display()
        );
    }
    Ok(())
}

/// A copy of `file` beside the database: whole, ours, brought up to this version. Gives its acts.
async fn checked(file: &Path, database: &Path) -> anyhow::Result<(PathBuf, u64)> {
    let fresh = suffixed(database, "restauration");
    for stale in with_logs(&fresh) {
        let _ = std::fs::remove_file(stale);
    }
    // An empty file would become an empty database.
    if !begins_as_sqlite(file).with_context(|| format!("lecture de {}", file.display()))? {
        bail!("{} n'est pas une base SQLite (guetteur backup en fait une copie)", file.display());
    }
    if let Err(error) = std::fs::copy(file, &fresh) {
        let _ = std::fs::remove_file(&fresh);
        return Err(error).with_context(|| {
            format!("copie vers {} (y a-t-il assez de place ?)", fresh.display())
        });
    }
    let examined = async {
        let store = Store::open(&fresh.to_string_lossy()).await?;
        store.check_integrity().await?;
        let acts = store.totals().await?.acts;
        store.close().await;
        anyhow::Ok(acts)
    };
    let examined = examined.await;
    // The file that is given back is the copy from before its migrations.
    guetteur_store::forget_copies_before_migrations(&fresh);
    match examined {
        Ok(acts) => Ok((fresh, acts)),
        Err(error) => {
            for left in with_logs(&fresh) {
                let _ = std::fs::remove_file(left);
            }
            Err(error.context(format!("{} ne peut pas être rendu", file.display())))
        }
    }
}

fn begins_as_sqlite(file: &Path) -> std::io::Result<bool> {
    let mut header = Vec::new();
    File::open(file)?.take(SQLITE.len() as u64).read_to_end(&mut header)?;
    Ok(header == SQLITE)
}

/// Puts `fresh` in the place of the database, which is kept beside it; gives where. A kill leaves the
/// one or the other under its name.
fn put_in_place(fresh: &Path, database: &Path) -> anyhow::Result<Option<PathBuf>> {
    let now = SystemClock.now().to_rfc3339_opts(SecondsFormat::Secs, true).replace(':', "");
    let former = suffixed(database, &format!("avant-{now}"));
    let existed = database.exists();
    let [_, wal, shm] = with_logs(database);
    let placed = || -> std::io::Result<()> {
        // On the disk before its name is: also when the power fails.
        File::open(fresh)?.sync_all()?;
        for (from, to) in with_logs(database).iter().zip(with_logs(&former)) {
            if from.exists() {
                keep(from, &to)?;
            }
        }
        // SQLite would add what they hold to the new database.
        for log in [wal, shm].iter().filter(|log| log.exists()) {
            std::fs::remove_file(log)?;
        }
        std::fs::rename(fresh, database)
    };
    placed().with_context(|| {
        let kept = if former.exists() {
            format!(" ; l'ancienne base est {}", former.display())
        } else {
            String::new()
        };
        format!("{} ne se laisse pas mettre en place{kept}", fresh.display())
    })?;
    Ok(existed.then_some(former))
}

/// Gives a file a second name; a copy where the disk knows no links.
fn keep(from: &Path, to: &Path) -> std::io::Result<()> {
    match std::fs::hard_link(from, to) {
        Ok(()) => Ok(()),
        Err(_) => std::fs::copy(from, to).map(drop),
    }
}

fn suffixed(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    name.into()
}

/// A database and the files in which SQLite keeps its newest pages.
fn with_logs(path: &Path) -> [PathBuf; 3] {
    ["", "-wal", "-shm"].map(|end| {
        let mut name = path.as_os_str().to_owned();
        name.push(end);
        name.into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_former_database_is_kept_with_its_logs() {
        let folder = tempfile::tempdir().expect("folder");
        let database = folder.path().join("g.sqlite");
        let write = |path: &Path, text: &str| std::fs::write(path, text).expect("written");
        let read = |path: &Path| std::fs::read_to_string(path).ok();
        let fresh = suffixed(&database, "restauration");
        write(&fresh, "new");
        assert_eq!(put_in_place(&fresh, &database).expect("there was none"), None);
        let [_, wal, shm] = with_logs(&database);
        for (path, text) in [(&fresh, "newer"), (&wal, "wal"), (&shm, "shm")] {
            write(path, text);
        }
        let former = put_in_place(&fresh, &database).expect("in place").expect("kept");
        assert_eq!(read(&database).as_deref(), Some("newer"));
        assert_eq!([read(&fresh), read(&wal), read(&shm)], [None, None, None]);
        let kept = with_logs(&former).map(|path| read(&path).unwrap_or_default());
        assert_eq!(kept, ["new", "wal", "shm"]);
    }
}
