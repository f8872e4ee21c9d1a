//! Whether the archive that this process sees is that of its database. A worker on a machine where the
//! shared folder is not mounted sees an empty one, and would fail at every bulletin.

use std::time::Duration;

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use guetteur_archive::{Archive, ArchiveError};
use guetteur_store::{Store, StoreError};
use tokio::sync::Mutex;

use super::App;

/// Documents looked at before an archive without a mark is believed, at either end of their names.
const SAMPLE: u32 = 8;
/// How long an answer holds: folders are unmounted, too.
const HOLDS: TimeDelta = TimeDelta::seconds(30);
/// And one that there is no archive: it may come at any time.
const HOLDS_NOT: TimeDelta = TimeDelta::seconds(5);

/// How often a new archive is looked at for the mark that another process is setting.
const LOOKS: u32 = 20;
/// Between two of these looks.
const BETWEEN_LOOKS: Duration = Duration::from_millis(100);

/// Which archive a process sees.
#[derive(Debug)]
pub enum Sight {
    /// That of its database.
    Own,
    /// Another one, or an empty one.
    Foreign,
    /// It cannot be looked at.
    Hidden(ArchiveError),
}

/// Compares the mark in `archive` with the one that `store` knows. A new database and a new archive
/// are marked; so is an archive that has no mark and holds what the database names: some of it where
/// there never was a mark, else all that is looked at, for a copy is marked when it is whole.
///
/// # Errors
/// When the database fails.
pub async fn sight(store: &Store, archive: &Archive) -> Result<Sight, StoreError> {
    let known = store.archive_mark().await?;
    let mut found = match archive.mark().await {
        Ok(found) => found,
        Err(error) => return Ok(Sight::Hidden(error)),
    };
    let sample = store.outermost_documents(SAMPLE).await?;
    if known.is_some() && found.is_none() && sample.is_empty() {
        found = mark_to_come(archive).await;
    }
    if let (Some(known), Some(found)) = (&known, &found) {
        return Ok(if known == found { Sight::Own } else { Sight::Foreign });
    }
    let is_new = sample.is_empty();
    let looked = match known {
        None => archive.contains_any(&sample).await.map(|some| some || is_new),
        // Marked before, and empty now: the folder of another machine, which lies there unmounted.
        Some(_) => archive.contains_all(&sample).await.map(|all| all && !is_new),
    };
    let is_ours = match looked {
        Ok(is_ours) => is_ours,
        Err(error) => return Ok(Sight::Hidden(error)),
    };
    if !is_ours {
        return Ok(Sight::Foreign);
    }
    let mark = store.set_archive_mark(&found.clone().unwrap_or_else(new_mark)).await?;
    match archive.set_mark(&mark).await {
        Ok(stands) => Ok(if stands == mark { Sight::Own } else { Sight::Foreign }),
        Err(error) => Ok(Sight::Hidden(error)),
    }
}

/// Several processes may start on a new database at once: the first notes its mark there, then in the
/// archive, and the others meet the moment between.
async fn mark_to_come(archive: &Archive) -> Option<String> {
    for _ in 0..LOOKS {
        tokio::time::sleep(BETWEEN_LOOKS).await;
        if let Ok(Some(mark)) = archive.mark().await {
            return Some(mark);
        }
    }
    None
}

/// Makes `archive` that of the database, whatever it was before.
///
/// # Errors
/// When database or archive fail.
pub async fn adopt(store: &Store, archive: &Archive) -> Result<()> {
    let mark = match archive.mark().await? {
        Some(mark) => mark,
        None => archive.set_mark(&new_mark()).await?,
    };
    store.replace_archive_mark(&mark).await?;
    Ok(())
}

/// Nobody makes the same twice.
fn new_mark() -> String {
    let mut bytes = [0; 16];
    // Without randomness of the system nothing else works either; the mark only tells archives apart.
    if getrandom::fill(&mut bytes).is_err() {
        bytes[..8].copy_from_slice(&std::process::id().to_le_bytes().repeat(2));
    }
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Looks now and then, and says when what it sees has changed.
#[derive(Debug, Default)]
pub struct ArchiveWatch {
    last: Mutex<Option<(DateTime<Utc>, bool)>>,
}

impl ArchiveWatch {
    /// Whether `app` sees its own archive. Each change is logged once.
    pub async fn is_own(&self, app: &App) -> bool {
        let mut last = self.last.lock().await;
        let now = app.clock.now();
        if let Some((at, own)) = *last
            && now - at < if own { HOLDS } else { HOLDS_NOT }
        {
            return own;
        }
        let seen = match sight(&app.store, &app.archive).await {
            Ok(seen) => seen,
            Err(error) => {
                tracing::error!(%error, "looking for the archive's mark failed");
                return false;
            }
        };
        let (was, own) = (last.map(|(_, own)| own), matches!(seen, Sight::Own));
        *last = Some((now, own));
        if was != Some(own) {
            tell(&seen, app, was.is_some());
        }
        own
    }
}

fn tell(seen: &Sight, app: &App, is_change: bool) {
    let archive = app.archive.location();
    match seen {
        Sight::Own if is_change => tracing::info!(%archive, "the archive is back: work goes on"),
        Sight::Own => {}
        Sight::Foreign => tracing::error!(
            %archive, database = app.store.location(),
            "this is not the archive of the database: no work is taken. Mount the shared folder, or \
             mend archive.url, or copy the archive here with « guetteur archive move »; if it is the \
             right one all the same, « guetteur archive adopt »"
        ),
        Sight::Hidden(error) => {
            tracing::error!(%archive, %error, "the archive is out of reach: no work is taken");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use guetteur_model::{BulletinLink, Clock, Sha256, Stage, SystemClock};
    use guetteur_store::FetchRecord;

    use super::*;

    async fn store(folder: &Path) -> Store {
        Store::open(&folder.join("g.sqlite").to_string_lossy()).await.expect("store")
    }

    /// The database names a document.
    async fn name(store: &Store, sha256: Sha256) {
        let now = SystemClock.now();
        let link = BulletinLink {
            url: format!("https://www.test.gouv.fr/{sha256}.pdf"),
            title: "Recueil".to_owned(),
            published_on: None,
            number: None,
            series: None,
            via: "/recueils".to_owned(),
        };
        store.record_found("34", &[link], now).await.expect("found");
        let lease = Duration::from_secs(60);
        let claim = store.claim(&[Stage::Found], None, "test", now, lease).await;
        let claim = claim.expect("claim").expect("due");
        let fetch = FetchRecord {
            sha256,
            size_bytes: 1,
            final_url: claim.bulletin.url.clone(),
            http_status: 200,
            etag: None,
            last_modified: None,
        };
        store.complete_fetch(&claim, &fetch, now).await.expect("fetched");
    }

    async fn is_own(store: &Store, archive: &Archive) -> bool {
        matches!(sight(store, archive).await.expect("looked"), Sight::Own)
    }

    #[tokio::test]
    async fn an_archive_belongs_to_the_database_that_was_there_first() {
        let folder = tempfile::tempdir().expect("folder");
        let store = store(folder.path()).await;
        let open = |name: &str| Archive::open(folder.path().join(name)).expect("archive");
        let (shared, elsewhere) = (open("shared"), open("elsewhere"));
        assert!(is_own(&store, &shared).await, "both are new");
        assert!(is_own(&store, &shared).await, "and again");
        assert!(!is_own(&store, &elsewhere).await, "empty, and another is known");
        adopt(&store, &elsewhere).await.expect("adopted");
        assert!(is_own(&store, &elsewhere).await);
        assert!(!is_own(&store, &shared).await, "it has another mark now");
    }

    #[tokio::test]
    async fn an_archive_made_before_there_were_marks_is_known_by_what_it_holds() {
        let folder = tempfile::tempdir().expect("folder");
        let store = store(folder.path()).await;
        let open = |name: &str| Archive::open(folder.path().join(name)).expect("archive");
        let (old, unmounted) = (open("old"), open("unmounted"));
        name(&store, old.keep(b"%PDF a").await.expect("kept")).await;
        assert!(!is_own(&store, &unmounted).await);
        assert_eq!(unmounted.mark().await.expect("read"), None, "and it is not marked");
        assert!(is_own(&store, &old).await);
        assert!(!is_own(&store, &unmounted).await);
        std::fs::remove_file(folder.path().join("old/archive-mark")).expect("lost in a backup");
        assert!(is_own(&store, &old).await, "marked again");
    }

    #[tokio::test]
    async fn half_of_a_copied_archive_is_not_believed() {
        let folder = tempfile::tempdir().expect("folder");
        let store = store(folder.path()).await;
        let open = |name: &str| Archive::open(folder.path().join(name)).expect("archive");
        let (whole, copy) = (open("whole"), open("copy"));
        let pdfs: Vec<Vec<u8>> = (0..20).map(|nth| format!("%PDF {nth}").into_bytes()).collect();
        for pdf in &pdfs {
            name(&store, whole.keep(pdf).await.expect("kept")).await;
        }
        assert!(is_own(&store, &whole).await);
        let middle = Sha256::from_bytes([0x80; 32]);
        let (first, rest): (Vec<_>, Vec<_>) = pdfs.iter().partition(|pdf| Sha256::of(pdf) < middle);
        for pdf in first {
            copy.keep(pdf).await.expect("copied");
        }
        assert!(!is_own(&store, &copy).await, "more than the sample, from one end");
        for pdf in rest {
            copy.keep(pdf).await.expect("copied");
        }
        assert!(is_own(&store, &copy).await, "though the copy of the mark failed");
    }
}
