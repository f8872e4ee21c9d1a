use guetteur_model::{ActId, Level, Page};
use guetteur_store::{ActFilter, LinkedActs, Store};

use crate::support::{Whole, act, at, fetch_again, page, process, read_and_flag, record};

fn pages() -> Vec<Page> {
    vec![page(1, "texte de la page")]
}

/// An act that is looked up by its number, and by none other.
fn known_as(number: &str, sameness: Option<&str>) -> Whole {
    let mut whole = Whole::new(act(Some(number), &format!("Arrêté {number}"), 1, "texte"));
    whole.identity.keys = vec![number.to_owned()];
    whole.identity.sameness = sameness.map(str::to_owned);
    whole.flag("drone", Level::Authorises)
}

fn changing(number: &str, other: &str) -> Whole {
    let mut whole = known_as(number, None);
    whole.identity.references = vec![other.to_owned(), other.to_owned()];
    whole
}

async fn linked(store: &Store, id: ActId) -> [Vec<ActId>; 3] {
    let LinkedActs { changes, changed_by, same } = store.linked_acts(id).await.expect("linked");
    [changes, changed_by, same].map(|acts| acts.iter().map(|act| act.id).collect())
}

pub(crate) async fn an_act_finds_the_one_it_changes_whichever_came_first(store: Store) {
    record(&store, 3).await;
    let (_, late) = process(&store, "c", &pages(), &[changing("3", "1")], 1).await;
    let (_, first) = process(&store, "a", &pages(), &[known_as("1", None)], 2).await;
    let (bulletin, _) = process(&store, "b", &pages(), &[known_as("2", None)], 3).await;
    let (late, first) = (late.ids[0], first.ids[0]);
    assert_eq!(linked(&store, late).await, [vec![first], vec![], vec![]]);
    assert_eq!(linked(&store, first).await, [vec![], vec![late], vec![]]);
    // Cut again, the second turns out to be another that changes the first as well.
    fetch_again(&store, bulletin, "b2", 4).await;
    let again = read_and_flag(&store, &pages(), &[changing("2", "1")], 5).await;
    assert_eq!(linked(&store, first).await[1], [late, again.ids[0]]);
    assert_eq!(linked(&store, ActId(99)).await, [const { Vec::<ActId>::new() }; 3]);
    let pairs = store.changing_acts(&[first, late, ActId(99)]).await.expect("pairs");
    let pairs: Vec<(ActId, ActId)> = pairs.iter().map(|(id, act)| (*id, act.id)).collect();
    assert_eq!(pairs, [(first, late), (first, again.ids[0])]);
    assert_eq!(store.changing_acts(&[]).await.expect("pairs"), []);
    for (hour, changed) in [(1, vec![first]), (9, vec![])] {
        let since = store.acts_changed_by_new_ones(at(hour)).await.expect("acts");
        assert_eq!(since, changed, "by those first held at {hour} or later");
    }
}

pub(crate) async fn the_same_act_in_two_bulletins_counts_once(store: Store) {
    record(&store, 2).await;
    let acts = [known_as("1", Some("same")), known_as("2", None)];
    let (first_bulletin, first) = process(&store, "a", &pages(), &acts, 1).await;
    let (_, second) = process(&store, "b", &pages(), &[known_as("9", Some("same"))], 2).await;
    let (first, second) = (first.ids[0], second.ids[0]);
    let standing = async || -> Vec<Option<ActId>> {
        let acts = store.acts_by_ids(&[first, second]).await.expect("acts");
        acts.iter().map(|act| act.repeats).collect()
    };
    assert_eq!(standing().await, [None, Some(first)]);
    assert_eq!(linked(&store, first).await[2], [second]);
    assert_eq!(linked(&store, second).await[2], [first]);
    let totals = store.totals().await.expect("totals");
    assert_eq!((totals.acts, totals.flagged, totals.by_category[0].1), (2, 2, 2));
    let state = &store.source_states().await.expect("states")[0];
    assert_eq!((state.acts, state.flagged), (2, 2));
    assert_eq!(store.count_acts(&ActFilter::default()).await.expect("count"), 2);

    // The first goes: the other stands for itself, and the index hears of it.
    let before = store.totals().await.expect("totals").revision;
    fetch_again(&store, first_bulletin, "a2", 3).await;
    read_and_flag(&store, &pages(), &[known_as("2", None)], 4).await;
    assert_eq!(standing().await[1], None);
    let changed = store.acts_changed_since(before, 100).await.expect("changed");
    assert!(changed.iter().any(|act| act.id == second), "a new revision");
}
