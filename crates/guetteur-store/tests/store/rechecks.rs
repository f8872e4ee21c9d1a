use chrono::TimeDelta;
use guetteur_model::{BulletinId, Level, Sha256, Stage};
use guetteur_store::{BulletinRow, ClaimedBulletin, Recheck, Rechecked, Store};

use crate::support::{
    LEASE, Whole, act, at, fetched, link, page, process, read_and_flag, record, try_claim,
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
