//! Several machines on one PostgreSQL and one object store: each with a data folder of its own, nothing
//! shared but the two. And a machine that does not see the archive.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use guetteur_model::{Clock, SystemClock};
use guetteur_store::{BulletinFilter, Store};
use guetteur_testkit::db::TestDatabase;
use guetteur_testkit::objects::TestStore;
use serde_json::Value;

use crate::feeds::get;
use crate::support::{Sites, World, own_sites};

/// Longest wait for workers that share a busy machine with other tests.
const PATIENCE: Duration = Duration::from_secs(120);

/// A machine on the database and the archive at `archive`.
pub(crate) fn machine(
    sites: &Sites,
    database: &TestDatabase,
    store: &TestStore,
    archive: &str,
) -> World {
    let machine = World::on(&sites.mirror).with_database(database.url());
    let variables = store.variables();
    variables
        .into_iter()
        .fold(machine, |machine, (name, value)| machine.with_variable(&name, &value))
        .with_variable("GUETTEUR_ARCHIVE_URL", archive)
}

/// A worker, ended with this value.
struct Worker(Child);

impl Worker {
    fn start(machine: &World) -> Self {
        let mut command = machine.command(&["work"]);
        command.stdout(Stdio::null()).stderr(Stdio::piped());
        Self(command.spawn().expect("spawn"))
    }

    /// Reads what it says until a line has `words`.
    fn says(&mut self, words: &str) {
        let lines = BufReader::new(self.0.stderr.as_mut().expect("stderr")).lines();
        let mut said = Vec::new();
        for line in lines {
            said.push(line.expect("line"));
            if said[said.len() - 1].contains(words) {
                return;
            }
        }
        panic!("never said « {words} »: {said:#?}");
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Names of the files that hold texts in the index of a machine: no two indexes share one.
fn segments(machine: &World) -> BTreeSet<String> {
    let files = std::fs::read_dir(machine.data().join("index")).expect("an index");
    let names = files.map(|file| file.expect("entry").file_name().into_string().expect("name"));
    names.filter(|name| name.ends_with(".store")).collect()
}

async fn json(address: &str, path: &str) -> Value {
    let answer = get(&format!("{address}{path}")).await;
    assert_eq!(answer.status(), 200, "{path}");
    answer.json().await.expect("JSON")
}

#[tokio::test(flavor = "multi_thread")]
async fn machines_share_a_database_and_a_store_and_nothing_else() {
    let sites = own_sites();
    let (database, store) = (TestDatabase::postgres(), TestStore::start());
    let machine = || {
        machine(&sites, &database, &store, &store.url("archive"))
            .with_variable("GUETTEUR_INDEX_SNAPSHOTS", &store.url("index"))
    };
    let (finder, one, two, node_a, node_b) =
        (machine(), machine(), machine(), machine(), machine());
    let summary = finder.run(&["crawl", "34", "--full", "--json"]).ok().json();
    assert!(summary[0]["acts"].as_u64() > Some(0), "{summary:?}");
    // All of it is cut anew, by the two others.
    let work = Store::open(database.url()).await.expect("store");
    let all = BulletinFilter::default();
    assert!(work.reset_for_reclassify(&all, "other rules").await.expect("sent back") > 0);
    let workers = [Worker::start(&one), Worker::start(&two)];
    let begun = Instant::now();
    while work.backlog(None, SystemClock.now()).await.expect("backlog").pending() > 0 {
        assert!(begun.elapsed() < PATIENCE, "the workers cut nothing");
    }
    drop(workers);

    node_a.run(&["reindex"]).ok();
    let copied = node_a.run(&["snapshot"]).ok();
    assert!(copied.stderr.contains("index copié"), "{}", copied.stderr);
    let (a, b) = (node_a.serve(&["serve"]), node_b.serve(&["serve"]));
    let mut answers = Vec::new();
    for node in [&a, &b] {
        answers.push(json(&node.address, "/recherche.json?niveau=tous").await);
    }
    let ids = |feed: &Value| -> Vec<String> {
        let items = feed["items"].as_array().expect("items");
        items.iter().map(|item| item["id"].as_str().expect("id").to_owned()).collect()
    };
    assert!(!ids(&answers[0]).is_empty());
    let paths = |feed: &Value| -> Vec<String> {
        let of = |id: String| id.rsplit(':').next().expect("a number").to_owned();
        ids(feed).into_iter().map(of).collect()
    };
    assert_eq!(paths(&answers[0]), paths(&answers[1]), "both nodes tell the same");

    let pdf = answers[0]["items"][0]["attachments"][0]["url"].as_str().expect("a PDF").to_owned();
    let path = &pdf[pdf.find("/archive/").expect("of the archive")..];
    let client = reqwest::Client::builder().no_proxy().build().expect("client");
    for node in [&a, &b] {
        let address = format!("{}{path}", node.address);
        let part = client.get(&address).header("range", "bytes=0-4").send().await.expect("part");
        assert_eq!(part.status(), 206);
        assert_eq!(&part.bytes().await.expect("bytes")[..], b"%PDF-");
        // All findings as one file, whatever database holds them.
        let file = client.get(format!("{}/donnees/guetteur.sqlite", node.address)).send().await;
        let bytes = file.expect("answer").bytes().await.expect("bytes");
        assert!(bytes.starts_with(b"SQLite format 3\0") && bytes.len() > 100_000);
    }
    let segments = segments(&node_b);
    assert!(!segments.is_empty() && segments == self::segments(&node_a), "b began with a's index");
    for machine in [&finder, &one, &two, &node_a, &node_b] {
        assert!(!machine.data().join("archive").exists(), "no archive of its own");
    }
    assert!(finder.run(&["verify", "--json"]).ok().json().is_empty(), "all is sound in the store");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_does_not_see_the_archive_takes_nothing() {
    let sites = own_sites();
    let (database, store) = (TestDatabase::postgres(), TestStore::start());
    let own = machine(&sites, &database, &store, &store.url("archive"));
    let lost = machine(&sites, &database, &store, &store.url("elsewhere"));
    let crawl = ["crawl", "34", "--full", "--json"];
    own.run(&crawl).ok();
    // Work that it would take: all is to be cut again.
    let work = Store::open(database.url()).await.expect("store");
    let all = BulletinFilter::default();
    let due = work.reset_for_reclassify(&all, "other rules").await.expect("sent back");
    assert!(due > 0);
    let untouched = async || {
        let backlog = work.backlog(None, SystemClock.now()).await.expect("backlog");
        (backlog.read, backlog.leased) == (due, 0)
    };
    let mut worker = Worker::start(&lost);
    worker.says("this is not the archive of the database");
    let refused = lost.run(&crawl);
    assert_eq!(refused.code, Some(1), "{}", refused.stderr);
    assert!(refused.stderr.contains("n'est pas l'archive de la base"), "{}", refused.stderr);
    let doctor = lost.run(&["doctor", "--json"]).json();
    let archive = doctor.iter().find(|finding| finding["what"] == "archive").expect("archive");
    assert_eq!(archive["ok"], false, "{archive}");
    let wrong = machine(&sites, &database, &store, &store.url("archive"))
        .with_variable("AWS_SECRET_ACCESS_KEY", "autre");
    let refused = wrong.run(&crawl);
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains("AWS_SECRET_ACCESS_KEY"), "{}", refused.stderr);

    let verified = lost.run(&["verify", "--json"]);
    assert_eq!(verified.code, Some(1), "nothing is there");
    assert!(untouched().await, "nothing was taken all the while");
    let (from, to) = (store.url("archive"), store.url("elsewhere"));
    own.run(&["archive", "move", &from, &to]).ok();
    worker.says("the archive is back: work goes on");
    lost.run(&crawl).ok();
    assert!(!untouched().await, "worker and crawl share what was due");
    assert!(lost.run(&["verify", "--json"]).ok().json().is_empty());
}
