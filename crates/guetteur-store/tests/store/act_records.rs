use futures::TryStreamExt;
use guetteur_model::{ActId, Category, Commune, Level, When};
use guetteur_store::{ActFilter, ActOrder, Store};

use crate::support::{Whole, act, at, day, page, process, record};

fn category(id: &str) -> Category {
    Category::new(id).expect("category")
}

pub(crate) async fn act_page(store: Store) {
    record(&store, 1).await;
    let mut whole =
        Whole::new(act(Some("34-1"), "Drones", 1, "une")).flag("drone", Level::Authorises);
    whole.facts.valid_from = When::parse("2026-09-02T18:00:00+02:00");
    whole.facts.notice_hours = Some(-1.5);
    whole.facts.evidence.insert("valid_from".to_owned(), vec![crate::support::span(1, "une")]);
    let acts = [whole];
    let (bulletin, summary) = process(&store, "pdf", &[page(1, "une")], &acts, 1).await;
    let view = store.act(summary.ids[0]).await.expect("act").expect("there");
    let mut expected = acts[0].act.clone();
    expected.text.clear();
    assert_eq!(view.record.act, expected);
    assert_eq!(view.record.facts, acts[0].facts);
    assert_eq!(view.record.flags, acts[0].flags);
    assert_eq!((view.record.source.as_str(), view.record.position), ("34", 0));
    assert_eq!(view.record.bulletin_number.as_deref(), Some("2026-000"));
    assert_eq!(view.record.published_on, Some(day("2026-01-01")));
    assert_eq!((view.record.first_seen_at, view.record.updated_at), (at(1), at(1)));
    assert_eq!((view.bulletin.id, view.document.page_count), (bulletin, Some(1)));
    assert!(view.also_in.is_empty());
    assert_eq!(store.act(ActId(999)).await.expect("act"), None);
}

pub(crate) async fn text_is_rebuilt_from_pages(store: Store) {
    record(&store, 1).await;
    let first = "fin de l’acte précédent\nARRÊTÉ n° 1 😀 drones\n";
    let mut whole = Whole::new(act(Some("1"), "Drones", 1, ""));
    let offset = "fin de l’acte précédent\n".chars().count() as u32;
    whole.act.pages = (1, 2).into();
    whole.act.text = vec![
        guetteur_model::ActPage { number: 1, offset, text: "ARRÊTÉ n° 1 😀 drones\n".into() },
        guetteur_model::ActPage { number: 2, offset: 0, text: "Article 1er".into() },
    ];
    let pages = [page(1, first), page(2, "Article 1er – puis l’acte suivant")];
    let acts = [whole];
    let (_, summary) = process(&store, "pdf", &pages, &acts, 1).await;
    assert_eq!(store.act_text(summary.ids[0]).await.expect("text"), acts[0].act.text);
    let changed = store.acts_changed_since(0, 10).await.expect("changes");
    assert_eq!(changed[0].act, acts[0].act);
    assert!(store.act_text(ActId(999)).await.expect("text").is_empty());
}

/// One act a bulletin, published on 1, 2, 3 and 4 January; ids in that order.
async fn corpus(store: &Store) -> Vec<ActId> {
    record(store, 4).await;
    let mut drone = Whole::new(act(Some("1"), "Drones", 1, "x"))
        .flag("drone", Level::Authorises)
        .flag("lapi", Level::Mentions);
    drone.facts.communes = vec![Commune { insee: "34172".into(), name: "Montpellier".into() }];
    drone.facts.valid_from = When::parse("2026-09-02T18:00:00+02:00");
    drone.facts.valid_to = When::parse("2026-09-04");
    let mut lapi = Whole::new(act(Some("2"), "LAPI", 1, "x")).flag("lapi", Level::Authorises);
    lapi.facts.valid_to = When::parse("2026-02-01");
    let plain = Whole::new(act(Some("3"), "Chasse", 1, "x"));
    let mut refused = Whole::new(act(Some("4"), "Drones", 1, "x")).flag("drone", Level::Restricts);
    refused.facts.valid_from = When::parse("2026-09-03");
    let mut ids = Vec::new();
    // Claims hand out the newest first.
    for (number, whole) in [refused, plain, lapi, drone].into_iter().enumerate() {
        let content = format!("pdf {number}");
        let (_, summary) = process(store, &content, &[page(1, "x")], &[whole], number as i64).await;
        ids.extend(summary.ids);
    }
    ids.reverse();
    ids
}

pub(crate) async fn filters(store: Store) {
    let ids = corpus(&store).await;
    let all = ActFilter::default();
    let cases: Vec<(ActFilter, &[usize])> = vec![
        (all.clone(), &[3, 2, 1, 0]),
        (ActFilter { flagged: true, ..all.clone() }, &[3, 1, 0]),
        (ActFilter { categories: vec![category("drone")], ..all.clone() }, &[3, 0]),
        (ActFilter { levels: vec![Level::Authorises], ..all.clone() }, &[1, 0]),
        (
            ActFilter {
                categories: vec![category("lapi")],
                levels: vec![Level::Authorises],
                ..all.clone()
            },
            &[1],
        ),
        (ActFilter { communes: vec!["34172".into()], ..all.clone() }, &[0]),
        (ActFilter { without_commune: true, ..all.clone() }, &[3, 2, 1]),
        (ActFilter { sources: vec!["75".into()], ..all.clone() }, &[]),
        (ActFilter { published_from: Some(day("2026-01-03")), ..all.clone() }, &[3, 2]),
        (ActFilter { published_to: Some(day("2026-01-01")), ..all.clone() }, &[0]),
        (ActFilter { updated_since: Some(at(2)), ..all.clone() }, &[1, 0]),
    ];
    for (filter, expected) in cases {
        let expected: Vec<ActId> = expected.iter().map(|i| ids[*i]).collect();
        let listed = store.list_acts(&filter, ActOrder::Published, 10, 0).await.expect("list");
        let listed: Vec<ActId> = listed.iter().map(|record| record.id).collect();
        assert_eq!(listed, expected, "{filter:?}");
        let count = store.count_acts(&filter).await.expect("count");
        assert_eq!(count, expected.len() as u64, "{filter:?}");
    }
    let by_change = store.list_acts(&all, ActOrder::Updated, 2, 1).await.expect("list");
    assert_eq!(by_change.iter().map(|record| record.id).collect::<Vec<_>>(), [ids[1], ids[2]]);
    let recent = store.recent_flagged(10, &[Level::Restricts]).await.expect("recent");
    assert_eq!(recent.iter().map(|record| record.id).collect::<Vec<_>>(), [ids[3]]);
    let picked = store.acts_by_ids(&[ids[2], ActId(999), ids[0], ids[2]]).await.expect("acts");
    assert_eq!(picked.iter().map(|record| record.id).collect::<Vec<_>>(), [ids[2], ids[0]]);
}

pub(crate) async fn in_force(store: Store) {
    let ids = corpus(&store).await;
    let cases: [(&str, &[usize]); 6] = [
        ("2026-09-01", &[]),
        ("2026-09-02", &[0]),
        ("2026-09-04", &[0]),
        ("2026-09-05", &[]),
        ("2026-01-02", &[1]),
        ("2026-01-01", &[]),
    ];
    for (on, expected) in cases {
        let expected: Vec<ActId> = expected.iter().map(|i| ids[*i]).collect();
        let found = store.acts_in_force(day(on), 10).await.expect("in force");
        assert_eq!(found.iter().map(|record| record.id).collect::<Vec<_>>(), expected, "{on}");
    }
}

pub(crate) async fn totals(store: Store) {
    corpus(&store).await;
    let totals = store.totals().await.expect("totals");
    assert_eq!((totals.bulletins, totals.documents, totals.pages), (4, 4, 4));
    assert_eq!((totals.acts, totals.flagged, totals.revision), (4, 3, 4));
}

pub(crate) async fn export_streams_everything_once(store: Store) {
    record(&store, 1).await;
    let acts: Vec<Whole> = (0..1_203)
        .map(|i| Whole::new(act(Some(&format!("n{i}")), &format!("t{i}"), 1, "x")))
        .map(|whole| whole.flag("drone", Level::Authorises))
        .collect();
    let (_, summary) = process(&store, "pdf", &[page(1, "x")], &acts, 1).await;
    let exported: Vec<_> =
        store.export_acts(ActFilter::default()).try_collect().await.expect("export");
    assert_eq!(exported.iter().map(|record| record.id).collect::<Vec<_>>(), summary.ids);
    assert!(exported.iter().all(|record| record.flags.len() == 1));
    let none = ActFilter { categories: vec![category("vsa")], ..ActFilter::default() };
    let exported: Vec<_> = store.export_acts(none).try_collect().await.expect("export");
    assert!(exported.is_empty());
}
