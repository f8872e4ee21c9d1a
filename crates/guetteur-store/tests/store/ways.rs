use guetteur_model::BulletinLink;
use guetteur_store::{SourceState, Store};

use crate::support::{at, day, link};

fn indexed(name: &str, published_on: &str) -> BulletinLink {
    BulletinLink {
        via: "import".to_owned(),
        title: format!("titre de l’index {name}"),
        number: None,
        ..link(name, Some(published_on))
    }
}

async fn state(store: &Store) -> SourceState {
    store.source_states().await.expect("states").remove(0)
}

/// What the site lists and what the national index has are told apart, whichever came first.
pub(crate) async fn each_way_says_what_it_missed(store: Store) {
    let site = ["2026-08-01", "2026-08-05", "2026-08-10", "2026-08-20"];
    let listed: Vec<_> = site.iter().map(|day| link(day, Some(day))).collect();
    store.record_found("34", &listed[..2], at(0)).await.expect("listed");
    assert_eq!((state(&store).await.only_indexed, state(&store).await.only_listed), (0, 0));

    let index: Vec<_> =
        ["2026-08-01", "2026-08-07", "2026-08-10"].map(|day| indexed(day, day)).into();
    let summary = store.record_indexed("34", &index, at(1)).await.expect("indexed");
    assert_eq!((summary.new, summary.known), (2, 1));
    let now = state(&store).await;
    assert_eq!((now.only_indexed, now.only_listed), (2, 1), "07 and 10; 05");
    store.record_found("34", &listed, at(2)).await.expect("listed");
    let now = state(&store).await;
    assert_eq!((now.only_indexed, now.only_listed), (1, 1), "07; 05, for 20 is past the index");
}

pub(crate) async fn what_the_site_says_is_worth_more(store: Store) {
    store.record_indexed("34", &[indexed("1", "2026-08-07")], at(0)).await.expect("indexed");
    let url = link("1", None).url;
    let row = async || store.bulletin_by_url(&url).await.expect("read").expect("there");
    assert_eq!(row().await.title, "titre de l’index 1");
    store.record_found("34", &[link("1", Some("2026-08-06"))], at(1)).await.expect("listed");
    let said = row().await;
    assert_eq!((said.title.as_str(), said.via.as_str()), ("Recueil 1", "/raa/2026"));
    assert_eq!(
        (said.number.as_deref(), said.published_on),
        (Some("2026-1"), Some(day("2026-08-06")))
    );
    assert_eq!((said.first_seen_at, said.last_seen_at), (at(0), at(1)));

    // The index again: nothing of it replaces that, nor says that the site still shows it.
    store.record_indexed("34", &[indexed("1", "2026-08-07")], at(3)).await.expect("indexed");
    let again = row().await;
    assert_eq!((again.title, again.published_on), (said.title, said.published_on));
    assert_eq!(again.last_seen_at, at(1));
}
