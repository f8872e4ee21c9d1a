//! Kill the crawl at random moments, run it again: nothing is lost, nothing is there twice.
//!
//! `make kills` does it 300 times on each database, and prints what was counted.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::process::Stdio;
use std::time::{Duration, Instant};

use guetteur_store::{BulletinFilter, Store};
use guetteur_testkit::db::TestDatabase;

use crate::demo::contents;
use crate::support::{Sites, World, own_sites};

const CODES: [&str; 6] = ["06", "34", "44", "54", "67", "75"];
/// Kills on each database, where `GUETTEUR_KILLS` says nothing else.
const KILLS: u32 = 3;
/// Kills of one installation before it is left in peace.
const OF_ONE: u32 = 12;

fn args() -> Vec<&'static str> {
    ["crawl", "--full"].into_iter().chain(CODES).collect()
}

fn kills() -> u32 {
    std::env::var("GUETTEUR_KILLS").ok().and_then(|count| count.parse().ok()).unwrap_or(KILLS)
}

/// What an undisturbed crawl gives, and how long it takes.
async fn undisturbed(sites: &Sites) -> (Vec<String>, Duration) {
    let calm = World::on(&sites.mirror);
    let start = Instant::now();
    calm.run(&args()).ok();
    let whole = start.elapsed();
    (contents(&calm).await, whole)
}

/// Kills the crawl in the first third of what is left to do, until it ends by itself or was killed
/// `most` times; gives how often it was.
fn kill(world: &World, whole: Duration, most: u32) -> u32 {
    for killed in 0..most {
        let part = RandomState::new().build_hasher().finish() % 1000;
        let moment = whole.mul_f64(part as f64 / 3000.0).max(Duration::from_millis(50));
        let mut child = world
            .command(&args())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("spawn");
        // The moment is the point of this test: nothing is waited for.
        std::thread::park_timeout(moment);
        if child.try_wait().expect("state").is_some() {
            return killed;
        }
        let _ = child.kill();
        child.wait().expect("dead");
    }
    most
}

/// Runs the crawl to its end and demands what an undisturbed one gives.
async fn demand(world: &World, expected: &[String]) {
    world.run(&args()).ok();
    assert_eq!(contents(world).await, expected);
    let store = Store::open(&world.database()).await.expect("store");
    let backlog = store.backlog(None, chrono::DateTime::UNIX_EPOCH).await.expect("backlog");
    assert_eq!((backlog.leased, backlog.failed), (0, 0), "no lease is left, nothing given up");
    let rows = store.list_bulletins(&BulletinFilter::default(), 1000, 0).await.expect("rows");
    assert!(rows.len() >= 12);
    let archived = count_files(&world.data().join("archive"));
    let documents = store.totals().await.expect("totals").documents;
    assert_eq!(archived, documents as usize, "the archive holds each document once");
    store.close().await;
}

async fn all_is_as_if_undisturbed(database: impl Fn() -> TestDatabase) {
    let sites = own_sites();
    let (expected, whole) = undisturbed(&sites).await;
    let (mut left, mut worlds) = (kills(), 0);
    while left > 0 {
        let database = database();
        let world = World::on(&sites.mirror).with_database(database.url());
        let killed = kill(&world, whole, left.min(OF_ONE));
        demand(&world, &expected).await;
        // One that ended before its first kill counts for nothing.
        (left, worlds) = (left - killed, worlds + 1);
        eprintln!("{killed} kills, {left} left; {worlds} installations as if undisturbed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_crawl_ends_as_if_it_had_not_been_killed() {
    all_is_as_if_undisturbed(TestDatabase::sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn so_does_one_on_postgres() {
    all_is_as_if_undisturbed(TestDatabase::postgres).await;
}

fn count_files(dir: &std::path::Path) -> usize {
    let entries = std::fs::read_dir(dir).expect("archive").flatten();
    entries
        .map(|entry| match entry.path() {
            path if path.ends_with("incoming") || path.ends_with("archive-mark") => 0,
            path if path.is_dir() => count_files(&path),
            _ => 1,
        })
        .sum()
}
