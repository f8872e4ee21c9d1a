use guetteur_model::{ActId, Level, Page};
use guetteur_store::{LinkedActs, Store};

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

/// An act of this full number and title, signed on `day` if that was read.
fn numbered(title: &str, sameness: Option<&str>, day: Option<&str>) -> Whole {
    let mut whole = known_as(title, sameness);
    whole.act.signed_on = day.map(crate::support::day);
    whole.identity.numbered_title = Some(title.to_owned());
    whole
}

pub(crate) async fn a_full_number_and_title_tell_the_same_act(store: Store) {
    record(&store, 4).await;
    const AUGUST_30: Option<&str> = Some("2026-08-30");
    let mut ids = Vec::new();
    let bulletins = [
        // Two acts of one bulletin are two, whatever they bear.
        vec![numbered("A", Some("read"), AUGUST_30), numbered("A", None, AUGUST_30)],
        // Signatory and day were not read.
        vec![numbered("A", None, None), numbered("B", None, AUGUST_30)],
        // The same number and title under another day is another act.
        vec![numbered("A", None, Some("2026-08-31")), numbered("B", Some("late"), None)],
        // What repeats a repeat repeats the first.
        vec![numbered("C", Some("late"), None)],
    ];
    let mut first_bulletin = None;
    for (nth, acts) in bulletins.iter().enumerate() {
        let (bulletin, told) =
            process(&store, &nth.to_string(), &pages(), acts, nth as i64 + 1).await;
        first_bulletin.get_or_insert(bulletin);
        ids.extend(told.ids);
    }
    let standing = async || -> Vec<Option<usize>> {
        let acts = store.acts_by_ids(&ids).await.expect("acts");
        let nth = |id| ids.iter().position(|known| *known == id).expect("one of them");
        acts.iter().map(|act| act.repeats.map(nth)).collect()
    };
    let [first, twin, unread, b, other_day, late, chained] = [0, 1, 2, 3, 4, 5, 6];
    let now = standing().await;
    assert_eq!((now[first], now[unread]), (None, Some(first)));
    assert_eq!((now[b], now[late], now[chained]), (None, Some(b), Some(b)));
    assert_eq!((now[twin], now[other_day]), (None, None));
    assert_eq!(linked(&store, ids[chained]).await[2], [ids[b], ids[late]]);

    // The first goes: the one that was not read stands for itself.
    fetch_again(&store, first_bulletin.expect("one"), "0b", 9).await;
    read_and_flag(&store, &pages(), &[known_as("Z", None)], 10).await;
    assert_eq!(standing().await[unread], None);
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
    assert_eq!((totals.acts, totals.flagged), (2, 2));
    let state = &store.source_states().await.expect("states")[0];
    assert_eq!((state.acts, state.flagged), (2, 2));

    // The first goes: the other stands for itself, and the index hears of it.
    let before = store.totals().await.expect("totals").revision;
    fetch_again(&store, first_bulletin, "a2", 3).await;
    read_and_flag(&store, &pages(), &[known_as("2", None)], 4).await;
    assert_eq!(standing().await[1], None);
    let changed = store.acts_changed_since(before, 100).await.expect("changed");
    assert!(changed.iter().any(|act| act.id == second), "a new revision");
}
