use guetteur_model::{Failure, FailureKind, Sha256};
use guetteur_store::{ListRole, Look, NewestList, Store};

use crate::support::{at, link};

const AUGUST: &str = "https://www.herault.gouv.fr/raa/2026/aout";

async fn list(store: &Store) -> NewestList {
    store.newest_lists(Some("34")).await.expect("lists").remove(0)
}

pub(crate) async fn a_look_is_remembered_until_the_list_moves(store: Store) {
    let set = async |source: &str, role, url: &str| {
        store.set_newest_list(source, role, url).await.expect("set");
    };
    set("34", ListRole::List, AUGUST).await;
    set("34", ListRole::Periods, "https://www.herault.gouv.fr/raa/2026").await;
    set("35", ListRole::List, AUGUST).await;
    let all = store.newest_lists(None).await.expect("lists");
    let of: Vec<_> = all.iter().map(|list| (list.source.as_str(), list.role)).collect();
    assert_eq!(of, [("34", ListRole::List), ("34", ListRole::Periods), ("35", ListRole::List)]);

    let listed = Sha256::of(b"page");
    let got = Look::Got { etag: Some("\"1\"".into()), last_modified: None, listed, lied: false };
    store.note_look(&all[0], &got, at(1)).await.expect("noted");
    store.note_look(&all[0], &Look::Failed(Failure::of_status(500)), at(2)).await.expect("noted");
    let seen = list(&store).await;
    assert_eq!((seen.etag.as_deref(), seen.listed), (Some("\"1\""), Some(listed)), "it stays");
    assert_eq!((seen.looked_at, seen.failure), (Some(at(2)), Some(Failure::of_status(500))));
    assert_eq!(seen.failing_since, Some(at(2)));
    store
        .note_look(&all[0], &Look::Failed(FailureKind::TimedOut.into()), at(3))
        .await
        .expect("noted");
    assert_eq!(list(&store).await.failing_since, Some(at(2)), "since the first failure");
    let others = store.newest_lists(None).await.expect("lists");
    assert!(others[1..].iter().all(|list| list.looked_at.is_none()), "each page by itself");

    set("34", ListRole::List, AUGUST).await;
    store.note_look(&all[0], &Look::NotModified, at(3)).await.expect("noted");
    let seen = list(&store).await;
    assert_eq!((seen.etag.is_some(), seen.failure, seen.failing_since), (true, None, None));

    set("34", ListRole::List, "https://www.herault.gouv.fr/raa/2026/septembre").await;
    store.note_look(&all[0], &got, at(4)).await.expect("a page that moved meanwhile");
    let seen = list(&store).await;
    assert_eq!((seen.etag, seen.listed, seen.looked_at), (None, None, Some(at(3))));
}

pub(crate) async fn a_list_that_lied_stays_distrusted(store: Store) {
    store.set_newest_list("34", ListRole::List, AUGUST).await.expect("set");
    let looks = [(false, None), (true, Some(at(1))), (false, Some(at(1))), (true, Some(at(1)))];
    for (minute, (lied, since)) in looks.into_iter().enumerate() {
        let listed = Sha256::of(&[minute as u8]);
        let got = Look::Got { etag: None, last_modified: None, listed, lied };
        store.note_look(&list(&store).await, &got, at(minute as i64)).await.expect("noted");
        assert_eq!(list(&store).await.distrusted_at, since, "{minute}");
    }
    let other = "https://www.herault.gouv.fr/raa/2026/septembre";
    store.set_newest_list("34", ListRole::List, other).await.expect("set");
    assert_eq!(list(&store).await.distrusted_at, None, "another page may tell the truth");
}

pub(crate) async fn a_back_fill_tells_no_habit(store: Store) {
    let links = [
        link("1", Some("2026-09-01")),
        link("2", Some("2026-08-31")),
        link("3", Some("2026-08-20")),
        link("4", None),
    ];
    store.record_found("34", &links, at(0)).await.expect("recorded");
    let seen = store.seen_fresh(at(-60)).await.expect("seen");
    assert_eq!(seen, vec![("34".to_owned(), at(0)); 2]);
    assert!(store.seen_fresh(at(1)).await.expect("seen").is_empty());
}
