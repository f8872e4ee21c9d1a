use guetteur_model::{ActId, Commune, Level, Sha256, Stage};
use guetteur_store::{AlertState, NewMask, PassKind, PassOutcome, Store};

use crate::support::{
    Whole, act, at, claim, complete_flag, cut_again, day, fetched, page, process, read_record,
    record,
};

fn drone(number: &str, sameness: Option<&str>) -> Whole {
    let mut whole = Whole::new(act(Some(number), &format!("Arrêté {number}"), 1, "texte"));
    whole.identity.keys = vec![number.to_owned()];
    whole.identity.sameness = sameness.map(str::to_owned);
    whole.facts.beneficiary = Some("M. Jean Dupré".to_owned());
    whole.facts.communes = vec![Commune { insee: "34172".into(), name: "Montpellier".into() }];
    whole.flag("drone", Level::Authorises).flag("lapi", Level::Mentions)
}

pub(crate) async fn acts_are_counted_once_and_struck_out_when_they_go(store: Store) {
    record(&store, 2).await;
    let pages = [page(1, "texte")];
    let mut plain = Whole::new(act(Some("3"), "Arrêté 3", 1, "texte"));
    plain.facts.beneficiary = Some("personne".to_owned());
    let first = [drone("1", Some("same")), drone("2", None), plain];
    let (_, first) = process(&store, "a", &pages, &first, 1).await;
    let (_, second) = process(&store, "b", &pages, &[drone("9", Some("same"))], 2).await;
    let rows = store.counted_since(0, 100).await.expect("rows");
    let counted: Vec<ActId> = rows.iter().filter(|row| row.counts).map(|row| row.id).collect();
    assert_eq!(counted, first.ids[..2], "neither the repeat nor the act without a flag");
    let one = rows.iter().find(|row| row.id == first.ids[0]).expect("counted");
    assert_eq!((&*one.source, one.published_on.is_some()), ("34", true));
    assert_eq!(one.facts.communes[0].insee, "34172");
    let flags: Vec<_> = one.flags.iter().map(|(c, level, _)| (c.as_str(), *level)).collect();
    assert_eq!(flags, [("drone", Level::Authorises)], "mentions are left out");
    let other = rows.iter().find(|row| row.id == second.ids[0]).expect("known");
    assert_eq!((other.counts, &other.facts.beneficiary, other.flags.len()), (false, &None, 0));

    let anew = store.counted_anew(0, 100).await.expect("rows");
    let counting: Vec<_> = rows.iter().filter(|row| row.counts).cloned().collect();
    assert_eq!(anew, counting, "who knows none hears of no other");
    let seen = store.revision().await.expect("revision");
    assert_eq!(rows.last().map(|row| row.revision), Some(seen), "in order, up to the last");
    assert_eq!(store.counted_since(seen, 100).await.expect("rows"), []);
    let mask = NewMask { act: first.ids[1], passage: "dupré", reason: None, keeps_pdf: true };
    store.lay_mask(mask, at(3)).await.expect("masked");
    let changed = store.counted_since(seen, 100).await.expect("rows");
    assert_eq!(changed.len(), 1);
    assert_eq!(changed[0].facts.beneficiary.as_deref(), Some("M. Jean █████"));
}

pub(crate) async fn a_withdrawn_alert_is_still_told(store: Store) {
    record(&store, 1).await;
    let found = claim(&store, Stage::Found, 1).await;
    store.complete_fetch(&found, &fetched("pdf"), at(1)).await.expect("fetched");
    let mut told = drone("1", None);
    told.act.text.clear();
    let document = Sha256::of(b"pdf");
    let id = found.bulletin.id;
    store
        .raise_alerts(id, document, &[told.analysed()], "rules-1", at(2))
        .await
        .expect("announced");
    let alert = async || {
        let row = store.counted_since(0, 10).await.expect("rows").remove(0);
        (row.counts, row.alert.map(|alert| (alert.state, alert.content.flags.len())))
    };
    assert_eq!(alert().await, (true, Some((AlertState::ToConfirm, 2))));
    let fetched = claim(&store, Stage::Fetched, 3).await;
    let pages = [page(1, "texte")];
    let read = read_record(&pages);
    store.complete_read(&fetched, &read, at(3)).await.expect("read");
    let read = claim(&store, Stage::Read, 4).await;
    complete_flag(&store, &read, &[], 4).await;
    assert_eq!(alert().await, (false, Some((AlertState::Withdrawn, 2))));
}

pub(crate) async fn who_changes_whom_in_pairs(store: Store) {
    record(&store, 1).await;
    let mut changing = drone("2", None);
    changing.identity.references = vec!["1".to_owned(), "77".to_owned()];
    let pages = [page(1, "texte")];
    let acts = [drone("1", None), changing];
    let (_, summary) = process(&store, "a", &pages, &acts, 1).await;
    let pairs = store.changes_between_acts().await.expect("pairs");
    for (by, act) in &pairs {
        for id in [by, act] {
            let some = store.changes_of_acts(&[*id]).await.expect("pairs");
            let expected: Vec<_> = pairs.iter().filter(|(b, a)| b == id || a == id).collect();
            assert_eq!(some.iter().collect::<Vec<_>>(), expected);
        }
    }
    assert_eq!(pairs, [(summary.ids[1], summary.ids[0])]);
    cut_again(&store, &acts[..1], 2).await;
    assert_eq!(store.changes_between_acts().await.expect("pairs"), []);
}

pub(crate) async fn a_source_is_read_over_days(store: Store) {
    record(&store, 3).await;
    assert_eq!(store.read_spans().await.expect("spans"), [], "found is not read");
    let pages = [page(1, "texte")];
    for (content, minutes) in [("a", 1), ("b", 2)] {
        process(&store, content, &pages, &[], minutes).await;
    }
    let spans = store.read_spans().await.expect("spans");
    assert_eq!((spans.len(), &*spans[0].source, spans[0].bulletins), (1, "34", 2));
    assert_eq!((spans[0].first, spans[0].last), (day("2026-01-02"), day("2026-01-03")));
    assert_eq!(spans[0].last_ok_at, None);
    let pass = store.begin_pass("34", PassKind::Full, at(3)).await.expect("pass");
    store.finish_pass(pass, &PassOutcome::default(), at(4)).await.expect("pass");
    let spans = store.read_spans().await.expect("spans");
    assert_eq!(spans[0].last_ok_at, Some(at(4)));
}
