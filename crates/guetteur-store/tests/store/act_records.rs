use guetteur_model::{ActId, Commune, Level, When};
use guetteur_store::Store;

use crate::support::{Whole, act, at, day, page, process, record};

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

pub(crate) async fn several_by_id(store: Store) {
    let ids = corpus(&store).await;
    let picked = store.acts_by_ids(&[ids[2], ActId(999), ids[0], ids[2]]).await.expect("acts");
    assert_eq!(picked.iter().map(|record| record.id).collect::<Vec<_>>(), [ids[2], ids[0]]);
}

pub(crate) async fn totals(store: Store) {
    corpus(&store).await;
    let totals = store.totals().await.expect("totals");
    assert_eq!((totals.bulletins, totals.documents, totals.pages), (4, 4, 4));
    assert_eq!((totals.acts, totals.flagged, totals.revision), (4, 3, 4));
}
