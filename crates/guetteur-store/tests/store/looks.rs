use guetteur_model::Sha256;
use guetteur_store::{Look, Store};

use crate::support::at;

pub(crate) async fn a_look_is_remembered_until_the_list_moves(store: Store) {
    store.set_newest_list("34", "https://www.herault.gouv.fr/raa/2026").await.expect("set");
    store.note_look("99", &Look::NotModified, at(1)).await.expect("an unknown source is no error");
    let body = Sha256::of(b"page");
    let got = Look::Got { etag: Some("\"1\"".into()), last_modified: None, body };
    store.note_look("34", &got, at(1)).await.expect("noted");
    store.note_look("34", &Look::Failed("panne".into()), at(2)).await.expect("noted");
    let list = store.newest_lists().await.expect("lists").remove(0);
    assert_eq!(
        (list.etag.as_deref(), list.body),
        (Some("\"1\""), Some(body)),
        "what is known stays"
    );
    assert_eq!((list.looked_at, list.error.as_deref()), (Some(at(2)), Some("panne")));

    store.set_newest_list("34", "https://www.herault.gouv.fr/raa/2026").await.expect("set");
    store.note_look("34", &Look::NotModified, at(3)).await.expect("noted");
    let list = store.newest_lists().await.expect("lists").remove(0);
    assert_eq!((list.etag.is_some(), list.error), (true, None));

    store.set_newest_list("34", "https://www.herault.gouv.fr/raa/2027").await.expect("set");
    let list = store.newest_lists().await.expect("lists").remove(0);
    assert_eq!((list.etag, list.body, list.looked_at), (None, None, Some(at(3))));
}
