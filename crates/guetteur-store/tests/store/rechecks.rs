use chrono::TimeDelta;
use guetteur_model::{BulletinId, Category, Level, Sha256, Stage, When};
use guetteur_store::{BulletinRow, ClaimedBulletin, Recheck, Rechecked, Store};

use crate::support::{
    LEASE, Whole, act, at, cut_again, fetched, link, page, process, read_and_flag, record,
    try_claim,
};

const DAY: i64 = 24 * 60;

/// One bulletin at the end of the line, published on the day of `at(0)`.
async fn flagged(store: &Store) -> BulletinId {
    store.record_found("34", &[link("a", Some("2026-09-01"))], at(0)).await.expect("recorded");
    process(store, "v1", &[page(1, "une")], &acts(), 0).await.0
}

fn acts() -> Vec<Whole> {
    vec![Whole::new(act(Some("1"), "a", 1, "une")).flag("drone", Level::Authorises)]
}

async fn check(store: &Store, minutes: i64) -> Option<ClaimedBulletin> {
    store.claim_recheck(None, "w", at(minutes), LEASE).await.expect("claim")
}

async fn row(store: &Store, id: BulletinId) -> BulletinRow {
    store.bulletin(id).await.expect("read").expect("there")
}

pub(crate) async fn a_changed_pdf_goes_through_the_line_again(store: Store) {
    let id = flagged(&store).await;
    assert!(check(&store, 60).await.is_none(), "not due yet");
    assert_eq!(store.rechecks_due(None, at(3 * DAY)).await.expect("due"), 1);
    let due = check(&store, 3 * DAY).await.expect("due");
    assert_eq!(due.etag.as_deref(), Some("\"v1\""));
    assert_eq!(due.bulletin.attempts, 0, "a check is no try");
    assert!(check(&store, 3 * DAY).await.is_none(), "leased");
    let done = store.complete_recheck(&due, &Recheck::NotModified, at(3 * DAY)).await;
    assert_eq!(done.expect("304"), Rechecked::Same);
    assert_eq!(row(&store, id).await.stage, Stage::Flagged);

    let due = check(&store, 10 * DAY).await.expect("due");
    let same = store.complete_recheck(&due, &Recheck::Got(fetched("v1")), at(10 * DAY)).await;
    assert_eq!(same.expect("same"), Rechecked::Same);
    assert_eq!(row(&store, id).await.stage, Stage::Flagged, "nothing is read again");
    let versions = store.bulletin_versions(id).await.expect("versions");
    assert_eq!((versions.len(), versions[0].last_fetched_at), (1, at(10 * DAY)));

    let due = check(&store, 50 * DAY).await.expect("due");
    let other = store.complete_recheck(&due, &Recheck::Got(fetched("v2")), at(50 * DAY)).await;
    assert_eq!(other.expect("changed"), Rechecked::Changed);
    assert!(check(&store, 52 * DAY).await.is_none(), "to be read first");
    let summary = read_and_flag(&store, &[page(1, "deux")], &acts(), 50 * DAY).await;
    assert_eq!(summary.ids.len(), 1);
    let versions = store.bulletin_versions(id).await.expect("versions");
    let hashes: Vec<_> = versions.iter().map(|version| version.document.sha256).collect();
    assert_eq!(hashes, [Sha256::of(b"v2"), Sha256::of(b"v1")], "both stay");
    assert!(check(&store, 70 * DAY).await.is_some(), "the new version is watched anew");
}

/// What became of act 1 when a new version of its PDF came, two days apart.
async fn replaced(store: &Store, nth: i64, acts: &[Whole]) {
    let now = nth * 20 * DAY;
    let due = check(store, now).await.expect("due");
    let pdf = fetched(&format!("other {nth}"));
    store.complete_recheck(&due, &Recheck::Got(pdf), at(now)).await.expect("changed");
    read_and_flag(store, &[page(1, "deux"), page(2, "une")], acts, now).await;
}

pub(crate) async fn a_new_version_changes_an_act_when_it_says_something_else(store: Store) {
    let id = flagged(&store).await;
    let changes = async || {
        let act = store.acts_of_bulletin(id).await.expect("acts").remove(0);
        act.pdf_changes.into_iter().map(|change| change.at).collect::<Vec<_>>()
    };
    let moved = || Whole::new(act(Some("1"), "A ", 2, "une")).flag("drone", Level::Authorises);
    replaced(&store, 1, &[moved()]).await;
    assert!(changes().await.is_empty(), "it only moved to another page");
    let mut prolonged = moved();
    prolonged.facts.valid_to = When::parse("2026-10-01");
    replaced(&store, 2, &[prolonged.clone()]).await;
    assert_eq!(changes().await, [at(40 * DAY)]);
    cut_again(&store, &[moved()], 41 * DAY).await;
    assert_eq!(changes().await, [at(40 * DAY)], "we read it better: its PDF is the same");
    replaced(&store, 3, &[prolonged.flag("vsa", Level::Authorises)]).await;
    assert_eq!(changes().await, [at(40 * DAY), at(60 * DAY)]);
    let act = store.acts_of_bulletin(id).await.expect("acts").remove(0);
    assert_eq!(act.pdf_changes[1].former, Sha256::of(b"other 2"));
    let drone = (Category::new("drone").expect("category"), Level::Authorises);
    assert_eq!(act.pdf_changes[1].flags, [drone]);
    let revision = store.totals().await.expect("totals").revision;
    let day = at(90 * DAY).date_naive();
    let change = store.act_changes(0, revision, day, 9).await.expect("changes").remove(0);
    assert_eq!(change.pdf_changed_at, Some(at(60 * DAY)), "whatever day it was published");
}

pub(crate) async fn a_pdf_that_goes_is_withdrawn_and_may_come_back(store: Store) {
    let id = flagged(&store).await;
    let due = check(&store, 2 * DAY).await.expect("due");
    let gone = store.complete_recheck(&due, &Recheck::Gone, at(2 * DAY)).await.expect("gone");
    assert_eq!(gone, Rechecked::Withdrawn);
    let due = check(&store, 9 * DAY).await.expect("due");
    let still = store.complete_recheck(&due, &Recheck::Gone, at(9 * DAY)).await.expect("gone");
    assert_eq!(still, Rechecked::Same, "told once");
    let bulletin = row(&store, id).await;
    assert_eq!((bulletin.withdrawn_at, bulletin.stage), (Some(at(2 * DAY)), Stage::Flagged));
    assert_eq!(store.acts_of_bulletin(id).await.expect("acts").len(), 1, "it stays readable");
    let due = check(&store, 30 * DAY).await.expect("due");
    store.complete_recheck(&due, &Recheck::NotModified, at(30 * DAY)).await.expect("304");
    assert_eq!(row(&store, id).await.withdrawn_at, None);
}

pub(crate) async fn a_check_that_fails_is_no_failure(store: Store) {
    let id = flagged(&store).await;
    let before = row(&store, id).await;
    let due = check(&store, 2 * DAY).await.expect("due");
    let done = store.complete_recheck(&due, &Recheck::NoAnswer, at(2 * DAY)).await;
    assert_eq!(done.expect("noted"), Rechecked::Same);
    assert_eq!(row(&store, id).await, before);
    assert!(try_claim(&store, Stage::Found, 2 * DAY).await.is_none());
    assert!(check(&store, 2 * DAY + 60).await.is_none(), "later");
    let due = check(&store, 9 * DAY).await.expect("due");
    store.release(&due).await.expect("given back");
    assert!(check(&store, 9 * DAY).await.is_some(), "due as before");
}

pub(crate) async fn old_bulletins_are_left_alone(store: Store) {
    record(&store, 1).await;
    process(&store, "old", &[page(1, "une")], &acts(), 0).await;
    let sources = ["34".to_owned()];
    assert_eq!(store.recheck_now(&sources, at(1)).await.expect("none"), 0);
    store.record_found("34", &[link("b", Some("2026-08-31"))], at(1)).await.expect("recorded");
    process(&store, "new", &[page(1, "une")], &acts(), 1).await;
    assert!(check(&store, 2).await.is_none());
    let elsewhere = ["2A".to_owned()];
    assert_eq!(store.recheck_now(&elsewhere, at(2)).await.expect("none"), 0);
    assert_eq!(store.recheck_now(&sources, at(2)).await.expect("brought forward"), 1);
    assert_eq!(store.rechecks_due(Some(&elsewhere), at(2)).await.expect("due"), 0);
    let due = store.claim_recheck(Some(&sources), "w", at(2), LEASE).await.expect("claim");
    let due = due.expect("due now");
    store.complete_recheck(&due, &Recheck::NotModified, at(2)).await.expect("304");
    let end = at(2) + TimeDelta::days(100);
    assert_eq!(store.rechecks_due(None, end).await.expect("due"), 1, "planned anew");
}
