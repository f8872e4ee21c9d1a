//! Kill the crawl at a random moment, run it again: nothing is lost, nothing is there twice.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::process::Stdio;
use std::time::{Duration, Instant};

use guetteur_store::{BulletinFilter, Store};

use crate::demo::contents;
use crate::support::{World, own_sites};

const CODES: [&str; 6] = ["06", "34", "44", "54", "67", "75"];

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_crawl_ends_as_if_it_had_not_been_killed() {
    let sites = own_sites();
    let args: Vec<&str> = ["crawl", "--full"].into_iter().chain(CODES).collect();
    let calm = World::on(&sites.mirror);
    let start = Instant::now();
    calm.run(&args).ok();
    let whole = start.elapsed();
    let expected = contents(&calm).await;

    let killed = World::on(&sites.mirror);
    for round in 1..=3 {
        let part = RandomState::new().build_hasher().finish() % 100;
        let moment = whole.mul_f64(part as f64 / 100.0).max(Duration::from_millis(100));
        eprintln!("round {round}: killed after {moment:?} of {whole:?}");
        let mut child = killed
            .command(&args)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("spawn");
        // The moment is the point of this test: nothing is waited for.
        std::thread::park_timeout(moment);
        let _ = child.kill();
        child.wait().expect("dead");
    }
    killed.run(&args).ok();
    assert_eq!(contents(&killed).await, expected);
    let store = Store::open(&killed.database()).await.expect("store");
    let backlog = store.backlog(None, chrono::DateTime::UNIX_EPOCH).await.expect("backlog");
    assert_eq!(backlog.leased, 0, "no lease is left behind");
    let rows = store.list_bulletins(&BulletinFilter::default(), 1000, 0).await.expect("rows");
    assert!(rows.len() >= 12);
    let archived = count_files(&killed.data().join("archive"));
    let documents = store.totals().await.expect("totals").documents;
    assert_eq!(archived, documents as usize, "the archive holds each document once");
}

fn count_files(dir: &std::path::Path) -> usize {
    let entries = std::fs::read_dir(dir).expect("archive").flatten();
    entries
        .map(|entry| match entry.path() {
            path if path.ends_with("incoming") => 0,
            path if path.is_dir() => count_files(&path),
            _ => 1,
        })
        .sum()
}
