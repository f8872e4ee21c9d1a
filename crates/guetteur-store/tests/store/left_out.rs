use guetteur_model::{LeftOut, LeftOutReason};
use guetteur_store::{PassKind, Store};

use crate::support::{at, link};

fn document(name: &str, reason: LeftOutReason) -> LeftOut {
    LeftOut {
        url: link(name, None).url,
        title: format!("Document {name}"),
        via: "/raa/2026".to_owned(),
        reason,
        contents_of: (reason == LeftOutReason::Contents).then(|| link("001", None).url),
    }
}

async fn names(store: &Store, source: Option<&str>) -> Vec<String> {
    let left_out = store.left_out(source).await.expect("left out");
    left_out.into_iter().map(|(code, document)| format!("{code} {}", document.title)).collect()
}

pub(crate) async fn what_was_left_out_is_kept_with_its_reason(store: Store) {
    let guide = document("guide", LeftOutReason::OtherDocument);
    let contents = document("sommaire", LeftOutReason::Contents);
    let lone = document("ap-taxi", LeftOutReason::SingleAct);
    let first = [guide.clone(), contents.clone(), guide.clone()];
    store.record_left_out("34", &first, PassKind::Full, at(0)).await.expect("recorded");
    store
        .record_left_out("2A", std::slice::from_ref(&lone), PassKind::Daily, at(0))
        .await
        .expect("recorded");
    let of_34 = store.left_out(Some("34")).await.expect("left out");
    let expected = [contents.clone(), guide.clone()].map(|document| ("34".to_owned(), document));
    assert_eq!(of_34, expected, "each once, by reason");
    assert_eq!(names(&store, None).await.len(), 3);

    // A daily pass sees a part of the site, a full one all of it.
    let renamed = LeftOut { title: "Guide des associations".to_owned(), ..guide };
    let seen = std::slice::from_ref(&renamed);
    store.record_left_out("34", seen, PassKind::Daily, at(1)).await.expect("recorded");
    let both = ["34 Document sommaire", "34 Guide des associations"];
    assert_eq!(names(&store, Some("34")).await, both);
    store.record_left_out("34", seen, PassKind::Full, at(2)).await.expect("recorded");
    assert_eq!(names(&store, Some("34")).await, ["34 Guide des associations"]);
    assert_eq!(names(&store, Some("2A")).await, ["2A Document ap-taxi"], "each source by itself");

    // The walk has learnt that it is one.
    store.record_found("2A", &[link("ap-taxi", None)], at(3)).await.expect("recorded");
    store.record_left_out("2A", &[], PassKind::Daily, at(3)).await.expect("recorded");
    assert!(names(&store, Some("2A")).await.is_empty());
}
