//! The whole line against the demo's own truth: every bulletin, every watched act, no false alarm.

use std::collections::BTreeMap;

use guetteur_model::{Failure, FailureKind, Level, Stage};
use guetteur_store::{ActRecord, BulletinFilter, BulletinRow, Store};
use guetteur_testkit::corpus::{ActTruth, BulletinTruth, FileTruth};

use crate::support::{World, crawled, own_sites};

/// What the database ended up with, by address.
async fn bulletins(world: &World) -> (Store, BTreeMap<String, BulletinRow>) {
    let store = Store::open(&world.database()).await.expect("store");
    let rows = store.list_bulletins(&BulletinFilter::default(), 10_000, 0).await.expect("rows");
    (store, rows.into_iter().map(|row| (row.url.clone(), row)).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_bulletin_and_every_watched_act_is_found_and_no_other_flagged() {
    let (sites, world) = crawled();
    let truth = sites.bundle.demo.truth().expect("truth");
    let (store, rows) = bulletins(world).await;
    let mut errors = Vec::new();
    let mut watched = 0;
    for (url, file) in &truth {
        let Some(row) = rows.get(url) else {
            errors.push(format!("not found: {url}"));
            continue;
        };
        match file {
            FileTruth::Html => {
                let expected = Failure::new(FailureKind::WrongContent, "text/html");
                if row.stage != Stage::Found || row.failure != Some(expected) {
                    errors.push(format!("HTML page taken for a PDF ({:?}): {url}", row.failure));
                }
            }
            FileTruth::Truncated => {
                if row.stage == Stage::Found {
                    errors.push(format!("a truncated PDF is not kept: {url}"));
                }
            }
            FileTruth::Bulletin(expected) => {
                if row.stage != Stage::Flagged {
                    errors.push(format!("stopped at {} ({:?}): {url}", row.stage, row.failure));
                    continue;
                }
                let acts = store.acts_of_bulletin(row.id).await.expect("acts");
                watched += expected.acts.iter().filter(|act| alerting(act)).count();
                errors.extend(
                    compare(expected, &acts).into_iter().map(|e| format!("{e}\n    {url}")),
                );
            }
        }
    }
    for url in rows.keys() {
        if !truth.contains_key(url) {
            errors.push(format!("taken, but no bulletin: {url}"));
        }
    }
    eprintln!("{} bulletins, {watched} watched acts", truth.len());
    assert!(watched > 80, "the demo holds enough to judge: {watched}");
    assert!(errors.is_empty(), "{} errors:\n{}", errors.len(), errors.join("\n"));
}

fn alerting(act: &ActTruth) -> bool {
    act.flags.iter().any(|flag| flag.level.alerts())
}

/// Flags that raise alerts must be there at the right level, and nothing else may.
fn compare(expected: &BulletinTruth, acts: &[ActRecord]) -> Vec<String> {
    let mut errors = Vec::new();
    let on_pages = |truth: &ActTruth| -> Vec<&ActRecord> {
        let overlap = |act: &&ActRecord| {
            act.act.pages.from <= truth.pages.to && truth.pages.from <= act.act.pages.to
        };
        let same: Vec<&ActRecord> =
            acts.iter().filter(|act| act.act.number.as_deref() == Some(&truth.number)).collect();
        if same.is_empty() { acts.iter().filter(overlap).collect() } else { same }
    };
    for truth in &expected.acts {
        let found = on_pages(truth);
        let about = format!(
            "{} ({:?}, {:?}) « {} »",
            truth.template, expected.layout, expected.medium, truth.title
        );
        for flag in truth.flags.iter().filter(|flag| flag.level.alerts()) {
            let levels: Vec<Level> = found
                .iter()
                .flat_map(|act| &act.flags)
                .filter(|given| given.category == flag.category)
                .map(|given| given.level)
                .collect();
            if !levels.contains(&flag.level) {
                errors.push(format!(
                    "missed {} {}, got {levels:?}: {about}",
                    flag.category, flag.level
                ));
            }
        }
        let Some(act) = found.iter().find(|act| act.act.number.as_deref() == Some(&truth.number))
        else {
            continue;
        };
        for given in act.flags.iter().filter(|flag| flag.level == Level::Authorises) {
            let right = truth
                .flags
                .iter()
                .any(|flag| flag.category == given.category && flag.level == Level::Authorises);
            if !right {
                errors.push(format!("false alarm {} {}: {about}", given.category, given.rule));
            }
        }
    }
    errors
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_crawl_finds_nothing_new_and_changes_nothing() {
    let sites = own_sites();
    let world = World::on(&sites.mirror);
    let first = world.run(&["crawl", "--full", "--json", "34", "06"]).ok();
    let new: u64 = first.json().iter().filter_map(|line| line["new"].as_u64()).sum();
    assert!(new >= 4, "{}", first.stdout);
    let (store, _) = bulletins(&world).await;
    let before = store.totals().await.expect("totals");
    store.close().await;
    sites.bundle.sites.clear_log();
    let second = world.run(&["crawl", "--json", "34", "06"]).ok();
    let new: u64 = second.json().iter().filter_map(|line| line["new"].as_u64()).sum();
    assert_eq!(new, 0, "{}", second.stdout);
    let (store, _) = bulletins(&world).await;
    assert_eq!(store.totals().await.expect("totals"), before);
    let log = sites.bundle.sites.log();
    assert!(log.iter().all(|line| !line.contains(".pdf")), "no PDF is fetched twice: {log:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn postgresql_ends_up_with_what_sqlite_has() {
    let sites = own_sites();
    let codes = ["34", "44", "67"];
    let mut ends = Vec::new();
    let database = guetteur_testkit::db::TestDatabase::postgres();
    for world in [World::on(&sites.mirror), World::on(&sites.mirror).with_database(database.url())]
    {
        let args: Vec<&str> = ["crawl", "--full"].into_iter().chain(codes).collect();
        world.run(&args).ok();
        ends.push(contents(&world).await);
    }
    assert!(ends[0].len() > 5, "{:#?}", ends[0]);
    assert_eq!(ends[0], ends[1]);
}

/// Everything that must be equal between two runs: bulletins with acts, facts and flags, without
/// ids and times.
pub(crate) async fn contents(world: &World) -> Vec<String> {
    let (store, rows) = bulletins(world).await;
    let mut lines = Vec::new();
    for (url, row) in rows {
        lines.push(format!("{url} {} {:?} {:?}", row.stage, row.document, row.outside_pages));
        for record in store.acts_of_bulletin(row.id).await.expect("acts") {
            let (act, facts) = (&record.act, &record.facts);
            lines.push(format!(
                "{} {:?} {act:?} {facts:?} {:?}",
                record.position, act.number, record.flags
            ));
        }
    }
    store.close().await;
    lines
}
