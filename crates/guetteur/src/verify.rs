//! The archive against the database: whether each document still has the bytes whose hash names it,
//! and what lies there that no bulletin published.

use std::collections::HashSet;

use anyhow::Result;
use futures::stream::{self, StreamExt};
use guetteur_archive::{Archive, Listing, Soundness};
use guetteur_model::{BulletinId, Sha256};
use guetteur_store::{HeldDocument, Store};

/// Documents asked of the database at a time.
const BATCH: u32 = 500;
/// Documents hashed at a time: one waits for the disk while the other is counted.
const AT_ONCE: usize = 2;

/// How a document stands between archive and database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Its bytes have the hash that names it.
    Sound,
    /// The database names it; the file has other bytes, or cannot be read.
    Altered,
    /// The database names it; there is no file.
    Missing,
    /// A file that the database does not name: left by a kill between the two, or by another
    /// installation. It does no harm.
    Orphan,
}

impl Standing {
    /// The word in `--json`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sound => "sound",
            Self::Altered => "altered",
            Self::Missing => "missing",
            Self::Orphan => "orphan",
        }
    }
}

impl From<Soundness> for Standing {
    fn from(soundness: Soundness) -> Self {
        match soundness {
            Soundness::Sound => Self::Sound,
            Soundness::Altered => Self::Altered,
            Soundness::Missing => Self::Missing,
        }
    }
}

/// One document, looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Looked {
    /// Its name.
    pub sha256: Sha256,
    /// How it stands.
    pub standing: Standing,
    /// The first bulletin that published it; none for an orphan.
    pub bulletin: Option<BulletinId>,
}

/// What a verification found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Documents of which all is well.
    pub sound: u64,
    /// Documents with other bytes.
    pub altered: u64,
    /// Documents without a file.
    pub missing: u64,
    /// Files that the database does not name.
    pub orphans: u64,
    /// Files that are no documents.
    pub strangers: u64,
}

impl Tally {
    /// Whether the archive proves all that the database says.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.altered == 0 && self.missing == 0
    }

    fn count(&mut self, standing: Standing) {
        let counted = match standing {
            Standing::Sound => &mut self.sound,
            Standing::Altered => &mut self.altered,
            Standing::Missing => &mut self.missing,
            Standing::Orphan => &mut self.orphans,
        };
        *counted += 1;
    }
}

/// Reads every document that the database names from behind `from` on, and tells `see` how each stands,
/// the orphans last; `keep` hears after each batch how far it came, and `None` at the end. It may run
/// beside a crawl.
///
/// # Errors
/// When the database fails, the archive cannot be listed, or `see` or `keep` fail.
pub async fn verify(
    store: &Store,
    archive: &Archive,
    from: Option<Sha256>,
    mut see: impl FnMut(Looked) -> Result<()>,
    mut keep: impl AsyncFnMut(&[Looked], Option<Sha256>) -> Result<()>,
) -> Result<Tally> {
    // Files first: what a crawl adds meanwhile is named by the database when it is asked.
    let Listing { documents, strangers } = archive.documents().await?;
    let mut unnamed: HashSet<Sha256> = documents.into_iter().collect();
    let mut tally = Tally { strangers: strangers as u64, ..Tally::default() };
    let mut last = None;
    loop {
        let mut batch = store.documents_after(last, BATCH).await?;
        let Some(end) = batch.last() else { break };
        last = Some(end.sha256);
        // Those looked at before are sound or noted; no orphans either.
        batch.retain(|held| {
            unnamed.remove(&held.sha256);
            from.is_none_or(|from| held.sha256 > from)
        });
        let mut looked = Vec::with_capacity(batch.len());
        let mut looking = stream::iter(batch).map(|held| look(archive, held)).buffered(AT_ONCE);
        while let Some(one) = looking.next().await {
            let one = one?;
            tally.count(one.standing);
            see(one)?;
            looked.push(one);
        }
        if !looked.is_empty() {
            keep(&looked, last).await?;
        }
    }
    keep(&[], None).await?;
    for sha256 in unnamed {
        tally.count(Standing::Orphan);
        see(Looked { sha256, standing: Standing::Orphan, bulletin: None })?;
    }
    Ok(tally)
}

pub(crate) async fn look(archive: &Archive, held: HeldDocument) -> Result<Looked> {
    let HeldDocument { sha256, bulletin } = held;
    let soundness = archive.soundness(sha256).await?;
    Ok(Looked { sha256, standing: soundness.into(), bulletin })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use guetteur_model::{BulletinLink, Stage};
    use guetteur_store::FetchRecord;
    use guetteur_testkit::db::TestDatabase;

    use super::*;

    /// A bulletin whose PDF is `bytes`, fetched.
    async fn fetch(store: &Store, archive: &Archive, bytes: &[u8]) -> (Sha256, BulletinId) {
        let now = guetteur_model::Clock::now(&guetteur_model::SystemClock);
        let sha256 = archive.keep(bytes).await.expect("kept");
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
            size_bytes: bytes.len() as u64,
            final_url: claim.bulletin.url.clone(),
            http_status: 200,
            etag: None,
            last_modified: None,
        };
        store.complete_fetch(&claim, &fetch, now).await.expect("fetched");
        (sha256, claim.bulletin.id)
    }

    async fn all_that_is_unsound_is_told(database: TestDatabase) {
        let folder = tempfile::tempdir().expect("folder");
        let archive = Archive::open(folder.path().join("archive")).expect("archive");
        let store = Store::open(database.url()).await.expect("store");
        fetch(&store, &archive, b"%PDF intact").await;
        let (altered, of_altered) = fetch(&store, &archive, b"%PDF mordu").await;
        let (missing, of_missing) = fetch(&store, &archive, b"%PDF perdu").await;
        let sound = verify(&store, &archive, None, |_| Ok(()), async |_, _| Ok(()))
            .await
            .expect("verified");
        assert_eq!(sound, Tally { sound: 3, ..Tally::default() });
        assert!(sound.is_sound());

        let orphan = archive.keep(b"%PDF de personne").await.expect("kept");
        let place = |sha256| archive.path(sha256).expect("a folder");
        for sha256 in [altered, missing] {
            std::fs::remove_file(place(sha256)).expect("removed");
        }
        std::fs::write(place(altered), b"%PDF Mordu").expect("one bit");
        let mut told = Vec::new();
        let see = |looked: Looked| {
            told.extend((looked.standing != Standing::Sound).then_some(looked));
            Ok(())
        };
        let tally =
            verify(&store, &archive, None, see, async |_, _| Ok(())).await.expect("verified");
        let expected = Tally { sound: 1, altered: 1, missing: 1, orphans: 1, strangers: 0 };
        assert_eq!(tally, expected);
        assert!(!tally.is_sound());
        for looked in [
            Looked { sha256: altered, standing: Standing::Altered, bulletin: Some(of_altered) },
            Looked { sha256: missing, standing: Standing::Missing, bulletin: Some(of_missing) },
            Looked { sha256: orphan, standing: Standing::Orphan, bulletin: None },
        ] {
            assert!(told.contains(&looked), "{looked:?} in {told:?}");
        }
        assert_eq!(told.len(), 3);

        // Begun again behind the second document, it looks at the third alone, and knows all names.
        let names = store.documents_after(None, 10).await.expect("documents");
        let (mut seen, mut kept) = (Vec::new(), Vec::new());
        let see = |looked: Looked| {
            seen.push((looked.sha256, looked.standing));
            Ok(())
        };
        let keep = async |looked: &[Looked], at: Option<Sha256>| {
            kept.push((looked.len(), at));
            Ok(())
        };
        let from = Some(names[1].sha256);
        let rest = verify(&store, &archive, from, see, keep).await.expect("verified");
        assert_eq!((rest.orphans, seen.len(), seen[0].0), (1, 2, names[2].sha256), "{seen:?}");
        assert_eq!(kept, [(1, Some(names[2].sha256)), (0, None)]);
    }

    #[tokio::test]
    async fn on_sqlite() {
        all_that_is_unsound_is_told(TestDatabase::sqlite()).await;
    }

    #[tokio::test]
    async fn on_postgres() {
        all_that_is_unsound_is_told(TestDatabase::postgres()).await;
    }
}
