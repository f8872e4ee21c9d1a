use guetteur_model::{Sha256, Stage};
use guetteur_store::{Damage, FetchOutcome, ScrubKind, Store, StoreError};

use crate::support::{at, claim, fetched, page, read_and_flag, read_record, record, try_claim};

pub(crate) async fn a_check_goes_on_where_it_was(store: Store) {
    let (one, two) = (Sha256::of(b"1"), Sha256::of(b"2"));
    let moved = async |from, to, minutes| {
        store.move_scrub(ScrubKind::Slow, from, to, 10, at(minutes)).await.expect("moved")
    };
    let scrub = async || store.scrub(ScrubKind::Slow).await.expect("read").expect("begun");
    assert_eq!(store.scrub(ScrubKind::Slow).await.expect("read"), None);
    assert!(moved(None, Some(one), 1).await);
    assert!(!moved(None, Some(two), 2).await, "another process is further");
    assert!(moved(Some(one), Some(two), 3).await);
    let under_way = scrub().await;
    assert_eq!((under_way.last, under_way.checked), (Some(two), 20));
    assert_eq!((under_way.begun_at, under_way.whole_at), (at(1), None));
    assert!(moved(Some(two), None, 4).await);
    let done = scrub().await;
    assert_eq!((done.last, done.checked, done.whole_at), (None, 30, Some(at(4))));
    assert!(moved(None, Some(one), 5).await);
    let anew = scrub().await;
    assert_eq!((anew.checked, anew.begun_at, anew.whole_at), (10, at(5), Some(at(4))));
    assert_eq!(store.scrub(ScrubKind::Asked).await.expect("read"), None, "each by itself");
}

pub(crate) async fn damage_is_noted_until_it_is_mended(store: Store) {
    record(&store, 1).await;
    let found = claim(&store, Stage::Found, 0).await;
    let fetch = fetched("a");
    store.complete_fetch(&found, &fetch, at(1)).await.expect("fetched");
    let note = async |damage, minutes| {
        store.note_damage(fetch.sha256, damage, at(minutes)).await.expect("noted");
        let damaged = store.damaged_documents().await.expect("damaged");
        damaged.into_iter().map(|d| (d.damage, d.found_at, d.bulletin)).collect::<Vec<_>>()
    };
    let bulletin = Some(found.bulletin.id);
    assert_eq!(note(None, 2).await, []);
    assert_eq!(note(Some(Damage::Missing), 3).await, [(Damage::Missing, at(3), bulletin)]);
    assert_eq!(note(Some(Damage::Altered), 4).await, [(Damage::Altered, at(3), bulletin)]);
    assert_eq!(note(None, 5).await, []);
}

pub(crate) async fn what_is_lost_is_fetched_again(store: Store) {
    record(&store, 1).await;
    let found = claim(&store, Stage::Found, 0).await;
    let fetch = fetched("a");
    store.complete_fetch(&found, &fetch, at(1)).await.expect("fetched");
    let asked = async |minutes| store.fetch_again(fetch.sha256, at(minutes)).await.expect("asked");
    let reading = claim(&store, Stage::Fetched, 2).await;
    assert_eq!(asked(3).await, 1, "nobody can read it");
    let late = store.complete_read(&reading, &read_record(&[page(1, "a")]), at(4)).await;
    assert!(matches!(late, Err(StoreError::LeaseLost { .. })), "{late:?}");
    assert_eq!(asked(5).await, 0, "it is asked for already");
    let again = claim(&store, Stage::Found, 6).await;
    assert_eq!(again.etag, None, "its validators are forgotten: bytes are wanted");
    let outcome = store.complete_fetch(&again, &fetch, at(7)).await.expect("fetched");
    assert_eq!(outcome, FetchOutcome::New, "the same bytes");
    read_and_flag(&store, &[page(1, "a")], &[], 8).await;
    assert_eq!(asked(9).await, 1, "read: its next check is due");
    assert_eq!(try_claim(&store, Stage::Found, 10).await, None);
}
