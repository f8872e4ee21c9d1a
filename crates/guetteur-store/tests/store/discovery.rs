use guetteur_model::{BulletinId, Stage};
use guetteur_store::{BulletinFilter, FoundSummary, Store};

use crate::support::{Whole, act, at, claim, complete_flag, day, link, page, process, record};

pub(crate) async fn to_find_again_adds_nothing(store: Store) {
    let links = record(&store, 3).await;
    let mut again = links.clone();
    again.push(links[0].clone());
    again.push(link("new", None));
    let summary = store.record_found("34", &again, at(9)).await.expect("recorded");
    assert_eq!(summary, FoundSummary { new: 1, known: 3 });
    let of = |code: &str| BulletinFilter { sources: vec![code.to_owned()], ..Default::default() };
    assert_eq!(store.count_bulletins(&of("34")).await.expect("count"), 4);
    let row = store.bulletin_by_url(&links[0].url).await.expect("read").expect("there");
    assert_eq!((row.first_seen_at, row.last_seen_at), (at(0), at(9)));
    assert_eq!((row.stage, row.attempts, row.document), (Stage::Found, 0, None));
    assert_eq!(store.bulletin(row.id).await.expect("read"), Some(row));
    assert_eq!(store.bulletin(BulletinId(999)).await.expect("read"), None);

    // Another source that lists the same address does not take it.
    let summary = store.record_found("prefoccitanie", &links, at(10)).await.expect("recorded");
    assert_eq!(summary, FoundSummary { new: 0, known: 3 });
    assert_eq!(store.count_bulletins(&of("prefoccitanie")).await.expect("count"), 0);
}

pub(crate) async fn the_first_listing_may_correct_itself(store: Store) {
    let mut bare = link("a", None);
    bare.number = None;
    store.record_found("34", &[bare.clone()], at(0)).await.expect("recorded");
    let seen = async |minutes, link| {
        store.record_found("34", &[link], at(minutes)).await.expect("recorded");
        store.bulletin_by_url(&bare.url).await.expect("read").expect("there")
    };

    let mut elsewhere = link("a", Some("2026-02-02"));
    elsewhere.via = "/other".to_owned();
    elsewhere.title = "Télécharger le document".to_owned();
    let row = seen(1, elsewhere.clone()).await;
    assert_eq!(row.title, "Recueil a", "the first listing's words stay");
    assert_eq!(row.published_on, Some(day("2026-02-02")), "a gap is filled by any");
    assert_eq!(row.number.as_deref(), Some("2026-a"));

    elsewhere.published_on = Some(day("2026-03-03"));
    let row = seen(2, elsewhere).await;
    assert_eq!(row.published_on, Some(day("2026-02-02")), "others do not overrule");

    let row = seen(3, link("a", Some("2026-02-03"))).await;
    assert_eq!(row.published_on, Some(day("2026-02-03")), "the same page corrects itself");
    let row = seen(4, bare.clone()).await;
    assert_eq!(row.published_on, Some(day("2026-02-03")), "nothing is forgotten");
}

pub(crate) async fn a_corrected_day_sends_acts_back(store: Store) {
    let links = record(&store, 1).await;
    let acts = [Whole::new(act(Some("1"), "Drones", 1, "a"))];
    let (id, summary) = process(&store, "pdf", &[page(1, "a")], &acts, 1).await;
    store.record_found("34", &links, at(2)).await.expect("recorded");
    let row = store.bulletin(id).await.expect("read").expect("there");
    assert_eq!(row.stage, Stage::Flagged, "nothing changed");

    let mut corrected = links[0].clone();
    corrected.published_on = Some(day("2026-01-31"));
    store.record_found("34", &[corrected], at(3)).await.expect("recorded");
    let again = claim(&store, Stage::Read, 4).await;
    complete_flag(&store, &again, &acts, 4).await;
    let record = &store.acts_by_ids(&summary.ids).await.expect("acts")[0];
    assert_eq!(record.published_on, Some(day("2026-01-31")));
    assert_eq!(record.updated_at, at(4));

    // Corrected while a worker has it: its result is of the old day, so it is done once more.
    let filter = BulletinFilter::default();
    store.reset_for_reclassify(&filter, "rules-2").await.expect("reset");
    let leased = claim(&store, Stage::Read, 5).await;
    store.record_found("34", &links, at(5)).await.expect("recorded");
    complete_flag(&store, &leased, &acts, 6).await;
    let again = claim(&store, Stage::Read, 7).await;
    complete_flag(&store, &again, &acts, 7).await;
    let record = &store.acts_by_ids(&summary.ids).await.expect("acts")[0];
    assert_eq!(record.published_on, Some(day("2026-01-01")));
}

pub(crate) async fn a_large_import_is_one_call(store: Store) {
    let links: Vec<_> = (0..20_000).map(|i| link(&format!("n{i}"), None)).collect();
    let summary = store.record_found("34", &links, at(0)).await.expect("recorded");
    assert_eq!(summary, FoundSummary { new: 20_000, known: 0 });
    let summary = store.record_found("34", &links, at(1)).await.expect("recorded");
    assert_eq!(summary, FoundSummary { new: 0, known: 20_000 });
    let all = BulletinFilter::default();
    assert_eq!(store.count_bulletins(&all).await.expect("count"), 20_000);
}

pub(crate) async fn filters_and_pages(store: Store) {
    record(&store, 5).await;
    store.record_found("2A", &[link("x", None)], at(1)).await.expect("recorded");
    let all = BulletinFilter::default();
    let page = store.list_bulletins(&all, 2, 4).await.expect("list");
    let titles: Vec<&str> = page.iter().map(|row| &*row.title).collect();
    assert_eq!(titles, ["Recueil 000", "Recueil x"], "newest first, undated last");

    let cases = [
        (BulletinFilter { sources: vec!["34".into(), "75".into()], ..all.clone() }, 5),
        (BulletinFilter { stages: vec![Stage::Found], ..all.clone() }, 6),
        (BulletinFilter { stages: vec![Stage::Read], ..all.clone() }, 0),
        (BulletinFilter { failed: Some(true), ..all.clone() }, 0),
        (BulletinFilter { failed: Some(false), withdrawn: Some(false), ..all.clone() }, 6),
        (BulletinFilter { published_from: Some(day("2026-01-04")), ..all.clone() }, 2),
        (BulletinFilter { published_to: Some(day("2026-01-04")), ..all.clone() }, 4),
    ];
    for (filter, expected) in cases {
        assert_eq!(store.count_bulletins(&filter).await.expect("count"), expected, "{filter:?}");
        let listed = store.list_bulletins(&filter, 100, 0).await.expect("list");
        assert_eq!(listed.len() as u64, expected, "{filter:?}");
    }
}

pub(crate) async fn numbers_of_a_year(store: Store) {
    let links = [
        link("late", Some("2026-12-31")),
        link("early", Some("2026-01-01")),
        link("undated", None),
        link("other-year", Some("2025-12-31")),
    ];
    store.record_found("34", &links, at(0)).await.expect("recorded");
    let numbers = store.numbers("34", 2026).await.expect("numbers");
    let numbers: Vec<_> = numbers.iter().map(|number| number.number.as_deref()).collect();
    assert_eq!(numbers, [Some("2026-early"), Some("2026-late"), Some("2026-undated")]);
    assert!(store.numbers("34", i32::MAX).await.expect("numbers").is_empty());
}
