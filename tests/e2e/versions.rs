//! A PDF that changes under its address, or goes: both versions stay, and what is gone is readable.

use std::sync::Arc;

use chrono::TimeDelta;
use guetteur::app::App;
use guetteur::pipeline::{Events, Rechecks, Workers, discover_source};
use guetteur_model::{BulletinId, Clock, Stage};
use guetteur_store::{BulletinRow, Store};
use guetteur_testkit::sites::Fault;

use crate::support::app::{MovedClock, open};
use crate::support::{Sites, own_sites};

struct Watched {
    sites: Sites,
    clock: Arc<MovedClock>,
    app: Arc<App>,
    _dir: tempfile::TempDir,
}

impl Watched {
    /// Three sources walked and worked off on 15 August 2026.
    async fn new() -> Self {
        let sites = own_sites();
        let dir = tempfile::tempdir().expect("dir");
        let clock = MovedClock::at("2026-08-15T08:00:00Z");
        let app = open(&sites, &dir, Arc::clone(&clock)).await;
        let watched = Self { sites, clock, app, _dir: dir };
        let codes = ["34", "44", "54"].map(str::to_owned);
        let (events, _) = Events::channel();
        for source in watched.app.sources(&codes).expect("sources") {
            discover_source(&watched.app, &source, None, true, &events).await;
        }
        watched.work().await;
        watched
    }

    /// Does all that is due; gives the requests it took.
    async fn work(&self) -> u64 {
        let before = self.app.client.requests();
        let (events, _) = Events::channel();
        let workers = Workers::start(Arc::clone(&self.app), "test", None, events, Rechecks::Now);
        workers.drained().await.expect("worked off");
        workers.stop().await;
        self.app.client.requests() - before
    }

    fn store(&self) -> &Store {
        &self.app.store
    }

    async fn row(&self, id: BulletinId) -> BulletinRow {
        self.store().bulletin(id).await.expect("read").expect("there")
    }

    /// The newest bulletins that are read, with acts.
    async fn newest(&self) -> Vec<BulletinRow> {
        let rows = self.store().list_bulletins(&Default::default(), 100, 0).await.expect("rows");
        let mut read: Vec<_> = rows.into_iter().filter(|r| r.stage == Stage::Flagged).collect();
        read.retain(|row| row.duplicate_of.is_none());
        read
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replaced_pdf_is_a_second_version_and_a_removed_one_stays_readable() {
    let watched = Watched::new().await;
    let rows = watched.newest().await;
    let (replaced, removed, donor) = (&rows[0], &rows[1], &rows[2]);
    assert_eq!(watched.work().await, 0, "nothing is checked again on the same day");

    // Another PDF of some length under the same address: a copy of a third one, with a tail.
    let donor_sha = donor.document.expect("document");
    let path = watched.app.archive.path(donor_sha).expect("a folder");
    let mut bytes = std::fs::read(path).expect("archived");
    bytes.extend_from_slice(b"\n% v2\n%%EOF\n");
    let body = Fault::Body("application/pdf".to_owned(), bytes);
    watched.sites.bundle.sites.set_fault(&replaced.url, Some(body));
    watched.sites.bundle.sites.set_fault(&removed.url, Some(Fault::Status(410)));
    watched.sites.bundle.sites.set_fault(&donor.url, Some(Fault::Status(500)));
    watched.clock.pass(TimeDelta::days(20));
    let due = watched.store().rechecks_due(None, watched.clock.now()).await.expect("due");
    let requests = watched.work().await;
    eprintln!("{due} bulletins checked again with {requests} requests");
    assert!(due >= 3, "{due}");

    let now = watched.row(replaced.id).await;
    assert_eq!((now.stage, now.failed_at), (Stage::Flagged, None), "read and flagged again");
    let versions = watched.store().bulletin_versions(replaced.id).await.expect("versions");
    assert_eq!(versions.len(), 2);
    assert_eq!(now.document, Some(versions[0].document.sha256));
    assert_eq!(replaced.document, Some(versions[1].document.sha256));
    for version in &versions {
        let path = watched.app.archive.path(version.document.sha256).expect("a folder");
        assert!(path.is_file(), "both stay in the archive");
    }
    let titles = async |id| -> Vec<String> {
        let acts = watched.store().acts_of_bulletin(id).await.expect("acts");
        acts.into_iter().map(|record| record.act.title).collect()
    };
    assert_eq!(titles(replaced.id).await, titles(donor.id).await, "the acts of the new version");

    let gone = watched.row(removed.id).await;
    assert_eq!(gone.withdrawn_at, Some(watched.clock.now()));
    assert!(!titles(removed.id).await.is_empty(), "its acts stay");
    let ill = watched.row(donor.id).await;
    assert_eq!((ill.stage, ill.failed_at, ill.failure), (Stage::Flagged, None, None));
    assert_eq!(ill.withdrawn_at, None);
    assert_eq!(watched.work().await, 0, "checked once");
}
