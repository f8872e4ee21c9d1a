use guetteur_model::{FileTimes, Level, Sha256, Stage};
use guetteur_store::{DocumentStatus, FetchOutcome, FetchRecord, ReadRecord, Store};

use crate::support::{
    LEASE, Whole, act, at, claim, complete_flag, fetch_again, fetched, link, page, process,
    read_and_flag, read_record, record, try_claim,
};

pub(crate) async fn a_bulletin_goes_along_the_line(store: Store) {
    record(&store, 1).await;
    let found = claim(&store, Stage::Found, 1).await;
    assert_eq!(found.etag, None);
    let outcome = store.complete_fetch(&found, &fetched("pdf"), at(2)).await.expect("fetched");
    assert_eq!(outcome, FetchOutcome::New);

    let to_read = claim(&store, Stage::Fetched, 3).await;
    let sha256 = Sha256::of(b"pdf");
    assert_eq!(to_read.bulletin.document, Some(sha256));
    assert_eq!(to_read.etag.as_deref(), Some("\"pdf\""));
    let mut pages = vec![page(1, "une"), page(2, "deux")];
    pages[1].method = guetteur_model::Method::Ocr;
    pages[1].note = Some("scan".to_owned());
    let read = ReadRecord {
        page_count: 3,
        note: Some("page 3 : illisible".to_owned()),
        ..read_record(&pages)
    };
    store.complete_read(&to_read, &read, at(4)).await.expect("read");
    assert_eq!(store.pages(sha256).await.expect("pages"), pages);
    assert_eq!(store.page(sha256, 2).await.expect("page").as_ref(), Some(&pages[1]));
    assert_eq!(store.page(sha256, 3).await.expect("page"), None);
    let document = store.document(sha256).await.expect("document").expect("there");
    assert_eq!((document.page_count, document.ocr_pages), (Some(3), 1));
    assert_eq!((document.status, document.size_bytes), (DocumentStatus::Partial, 3));
    assert_eq!(document.note.as_deref(), Some("page 3 : illisible"));
    assert_eq!((document.first_seen_at, document.reader_version), (at(2), Some("reader-1".into())));
    assert_eq!(store.document(Sha256::of(b"?")).await.expect("document"), None);

    let to_flag = claim(&store, Stage::Read, 5).await;
    complete_flag(&store, &to_flag, &[Whole::new(act(None, "a", 2, "deux"))], 6).await;
    let row = store.bulletin(found.bulletin.id).await.expect("read").expect("there");
    assert_eq!((row.stage, row.stage_at, row.page_count), (Stage::Flagged, at(6), Some(3)));
    assert_eq!((row.outside_pages, row.rules_version), (vec![1], Some("rules-1".into())));
}

pub(crate) async fn a_changed_pdf_is_a_new_version(store: Store) {
    record(&store, 1).await;
    let first = [Whole::new(act(Some("1"), "a", 1, "une")).flag("drone", Level::Authorises)];
    let (id, before) = process(&store, "v1", &[page(1, "une")], &first, 1).await;

    fetch_again(&store, id, "v2", 20).await;
    let mut second = first.to_vec();
    second.push(Whole::new(act(Some("2"), "b", 2, "deux")));
    let after = read_and_flag(&store, &[page(1, "une"), page(2, "deux")], &second, 21).await;
    assert_eq!(after.ids[0], before.ids[0]);
    assert_eq!((after.added.len(), after.changed.len(), after.unchanged), (1, 0, 1));
    let act = &store.acts_by_ids(&before.ids).await.expect("acts")[0];
    assert_eq!((act.document, act.updated_at), (Sha256::of(b"v2"), at(1)));

    let versions = store.bulletin_versions(id).await.expect("versions");
    let seen: Vec<_> = versions
        .iter()
        .map(|version| (version.document.sha256, version.first_fetched_at, version.last_fetched_at))
        .collect();
    assert_eq!(
        seen,
        [(Sha256::of(b"v2"), at(20), at(20)), (Sha256::of(b"v1"), at(1), at(1))],
        "both stay"
    );
    assert_eq!(store.pages(Sha256::of(b"v1")).await.expect("pages").len(), 1);
}

pub(crate) async fn the_same_pdf_is_one_document(store: Store) {
    record(&store, 1).await;
    let acts = [Whole::new(act(Some("1"), "a", 1, "une")).flag("drone", Level::Authorises)];
    let (original, summary) = process(&store, "pdf", &[page(1, "une")], &acts, 1).await;
    let revision = store.totals().await.expect("totals").revision;
    store.record_found("prefocc", &[link("copy", None)], at(2)).await.expect("recorded");
    let copy = claim(&store, Stage::Found, 3).await;
    let outcome = store.complete_fetch(&copy, &fetched("pdf"), at(3)).await.expect("fetched");
    assert_eq!(outcome, FetchOutcome::DuplicateOf(original));

    let row = store.bulletin(copy.bulletin.id).await.expect("read").expect("there");
    assert_eq!((row.stage, row.duplicate_of), (Stage::Flagged, Some(original)));
    assert_eq!(row.page_count, Some(1));
    assert_eq!(store.totals().await.expect("totals").acts, 1);
    assert_eq!(store.acts_of_bulletin(row.id).await.expect("acts")[0].id, summary.ids[0]);
    let owners = store.bulletins_of_document(Sha256::of(b"pdf")).await.expect("bulletins");
    assert_eq!(owners.iter().map(|row| row.id).collect::<Vec<_>>(), [original, row.id]);
    let view = store.act(summary.ids[0]).await.expect("act").expect("there");
    assert_eq!(view.also_in[0].id, row.id);
    assert_eq!(view.record.also_sources, ["prefocc"]);
    assert_eq!(view.record.updated_at, at(1));
    let changed = store.acts_changed_since(revision, 10).await.expect("changes");
    assert_eq!(changed[0].also_sources, ["prefocc"], "the index learns of the second source");
}

pub(crate) async fn a_duplicate_inherits_when_the_original_changes(store: Store) {
    record(&store, 1).await;
    let acts = [Whole::new(act(Some("1"), "a", 1, "une"))];
    let (original, _) = process(&store, "v1", &[page(1, "une")], &acts, 1).await;
    store.record_found("b", &[link("copy", None)], at(2)).await.expect("recorded");
    let copy = claim(&store, Stage::Found, 3).await.bulletin.id;
    let claimed = store.release_worker("w").await.expect("released");
    assert_eq!(claimed, 1);
    let again = claim(&store, Stage::Found, 3).await;
    store.complete_fetch(&again, &fetched("v1"), at(3)).await.expect("fetched");

    fetch_again(&store, original, "v2", 4).await;
    let heir = store.bulletin(copy).await.expect("read").expect("there");
    assert_eq!((heir.stage, heir.duplicate_of), (Stage::Fetched, None));
    let sources = ["b".to_owned()];
    let to_read = store.claim(&[Stage::Fetched], Some(&sources), "w", at(5), LEASE).await;
    let to_read = to_read.expect("claim").expect("due");
    store.complete_read(&to_read, &read_record(&[page(1, "une")]), at(5)).await.expect("read");
    let to_flag = claim(&store, Stage::Read, 6).await;
    complete_flag(&store, &to_flag, &acts, 6).await;
    read_and_flag(&store, &[page(1, "deux")], &acts, 6).await;
    assert_eq!(store.acts_of_bulletin(copy).await.expect("acts").len(), 1);

    // The original's address comes to give what the heir owns: its own acts go.
    fetch_again(&store, original, "v1", 7).await;
    let row = store.bulletin(original).await.expect("read").expect("there");
    assert_eq!((row.stage, row.duplicate_of), (Stage::Flagged, Some(copy)));
    assert_eq!(store.totals().await.expect("totals").acts, 1);
}

pub(crate) async fn simultaneous_twins_have_one_owner(store: Store) {
    record(&store, 8).await;
    let mut tasks = Vec::new();
    for _ in 0..8 {
        let claimed = claim(&store, Stage::Found, 0).await;
        let store = store.clone();
        tasks.push(tokio::spawn(async move {
            store.complete_fetch(&claimed, &fetched("same"), at(1)).await.expect("fetched")
        }));
    }
    let mut owners = 0;
    for task in tasks {
        owners += u32::from(task.await.expect("task") == FetchOutcome::New);
    }
    assert_eq!(owners, 1);
    assert!(try_claim(&store, Stage::Fetched, 1).await.is_some());
    assert!(try_claim(&store, Stage::Fetched, 1).await.is_none());
}

pub(crate) async fn pages_are_replaced(store: Store) {
    record(&store, 1).await;
    let old: Vec<_> = (1..=450).map(|number| page(number, "old")).collect();
    let found = claim(&store, Stage::Found, 0).await;
    store.complete_fetch(&found, &fetched("pdf"), at(0)).await.expect("fetched");
    let reading = claim(&store, Stage::Fetched, 1).await;
    store.keep_scanned(&reading, &read_record(&old)).await.expect("kept");
    assert_eq!(store.pages(Sha256::of(b"pdf")).await.expect("pages"), old);
    let new = [page(1, "new")];
    store.complete_read(&reading, &read_record(&new), at(1)).await.expect("it was still ours");
    assert_eq!(store.pages(Sha256::of(b"pdf")).await.expect("pages"), new);
}

pub(crate) async fn what_bounds_the_hour_of_publication_goes_with_acts(store: Store) {
    record(&store, 1).await;
    let found = claim(&store, Stage::Found, 1).await;
    let fetch = FetchRecord {
        last_modified: Some("Thu, 13 Aug 2026 15:20:00 GMT".to_owned()),
        ..fetched("pdf")
    };
    store.complete_fetch(&found, &fetch, at(2)).await.expect("fetched");
    let to_read = claim(&store, Stage::Fetched, 3).await;
    let times = FileTimes {
        created: "2026-08-13T17:02:00".parse().ok(),
        modified: "2026-08-13T17:05:00+02:00".parse().ok(),
    };
    let pages = [page(1, "une")];
    let read = ReadRecord { times: Some(times), ..read_record(&pages) };
    store.complete_read(&to_read, &read, at(4)).await.expect("read");
    let to_flag = claim(&store, Stage::Read, 5).await;
    let acts = [Whole::new(act(Some("1"), "a", 1, "une"))];
    let summary = complete_flag(&store, &to_flag, &acts, 6).await;
    let sighting = async |id| store.acts_by_ids(&[id]).await.expect("acts").remove(0).sighting;
    let seen = sighting(summary.ids[0]).await;
    assert_eq!((seen.file, seen.first_fetched_at, seen.replaces), (times, at(2), false));
    assert_eq!(seen.last_modified, fetch.last_modified);

    // Another PDF takes its place: nobody knows when the first was put on line from this one.
    fetch_again(&store, found.bulletin.id, "other", 60 * 24).await;
    let summary = read_and_flag(&store, &pages, &acts, 60 * 24 + 1).await;
    let seen = sighting(summary.ids[0]).await;
    assert!(seen.replaces);
    assert_eq!((seen.file, seen.last_modified), (FileTimes::default(), None));
}
