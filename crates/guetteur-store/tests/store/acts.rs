use guetteur_model::{Commune, Level, Stage};
use guetteur_store::{BulletinFilter, FlagSummary, RuleTally, Store};

use crate::support::{
    Whole, act, at, claim, complete_flag, cut_again, page, process, record, try_claim,
};

fn whole(number: Option<&str>, title: &str, page: u32) -> Whole {
    Whole::new(act(number, title, page, "texte"))
}

fn pages(count: u32) -> Vec<guetteur_model::Page> {
    (1..=count).map(|number| page(number, "texte de la page")).collect()
}

pub(crate) async fn ids_survive_a_new_cut(store: Store) {
    record(&store, 1).await;
    let acts = [whole(Some("1"), "a", 1), whole(None, "b", 2), whole(None, "c", 3)];
    let (bulletin, first) = process(&store, "pdf", &pages(4), &acts, 1).await;
    assert_eq!(first.added, first.ids);
    let [a, b, c] = first.ids[..] else { panic!("three acts") };

    // The second lost its number to a page inserted before; the third vanished.
    let acts = [whole(Some("0"), "new", 1), whole(Some("1"), "a", 2), whole(Some("2"), "B", 3)];
    let second = cut_again(&store, &acts, 2).await;
    assert_eq!(second.ids[1..], [a, b]);
    assert_eq!(
        (second.added.len(), &second.changed[..], &second.removed[..]),
        (1, &[a, b][..], &[c][..])
    );
    let records = store.acts_of_bulletin(bulletin).await.expect("acts");
    assert_eq!(records.iter().map(|record| record.id).collect::<Vec<_>>(), second.ids);
    let gone = store.act(c).await.expect("act").expect("never deleted");
    assert_eq!(gone.record.removed_at, Some(at(2)));
    assert_eq!(gone.record.act.title, "c");

    // It comes back under its key, with its id.
    let acts = [whole(Some("1"), "a", 1), whole(None, "b", 2), whole(None, "c", 3)];
    let third = cut_again(&store, &acts, 3).await;
    assert_eq!(third.ids, [a, b, c]);
    assert_eq!(third.added, [c]);
    let back = store.act(c).await.expect("act").expect("there");
    assert_eq!((back.record.removed_at, back.record.first_seen_at), (None, at(1)));
}

pub(crate) async fn updated_at_moves_only_with_content(store: Store) {
    record(&store, 1).await;
    let acts = [
        whole(Some("1"), "a", 1).flag("drone", Level::Authorises),
        whole(Some("2"), "b", 2),
        whole(Some("3"), "c", 3),
        whole(Some("4"), "d", 4),
    ];
    let (_, first) = process(&store, "pdf", &pages(5), &acts, 1).await;
    let updated = async || -> Vec<_> {
        let records = store.acts_by_ids(&first.ids).await.expect("acts");
        records.iter().map(|record| (record.updated_at, record.revision)).collect()
    };
    let before = updated().await;

    let same = cut_again(&store, &acts, 2).await;
    assert_eq!((same.unchanged, &same.ids), (4, &first.ids));
    assert_eq!(updated().await, before, "nothing changed: no revision, no entry in a feed");

    let mut other = acts.to_vec();
    other[0].flags[0].level = Level::Concerns;
    other[1].facts.cameras = Some(3);
    other[2].act.text[0].text.push('!');
    other.swap(2, 3);
    let changed = cut_again(&store, &other, 3).await;
    assert_eq!(changed.changed, [first.ids[0], first.ids[1], first.ids[2]]);
    let after = updated().await;
    let minutes: Vec<_> = after.iter().map(|(updated_at, _)| *updated_at).collect();
    assert_eq!(minutes, [at(3), at(3), at(3), at(1)]);
    assert!(after[3].1 > before[3].1, "a new place is a change for the index only");
}

pub(crate) async fn acts_exchange_keys(store: Store) {
    record(&store, 1).await;
    let acts = [whole(None, "a", 1), whole(None, "b", 2)];
    let (_, first) = process(&store, "pdf", &pages(2), &acts, 1).await;
    let swapped = [whole(None, "b", 1), whole(None, "a", 2)];
    let second = cut_again(&store, &swapped, 2).await;
    assert_eq!(second.ids, [first.ids[1], first.ids[0]]);
}

pub(crate) async fn flags_keep_their_birth(store: Store) {
    record(&store, 1).await;
    let mut acts = [whole(Some("1"), "a", 1).flag("drone", Level::Authorises)];
    let commune = |insee: &str, name: &str| Commune { insee: insee.into(), name: name.into() };
    acts[0].facts.communes = vec![commune("34172", "Montpellier"), commune("34172", "Montpellier")];
    let (_, first) = process(&store, "pdf", &pages(1), &acts, 1).await;
    acts[0] = acts[0].clone().flag("lapi", Level::Concerns);
    acts[0].facts.communes = vec![commune("34301", "Sète")];
    cut_again(&store, &acts, 2).await;
    let record = &store.acts_by_ids(&first.ids).await.expect("acts")[0];
    assert_eq!(record.flags, acts[0].flags);
    assert_eq!(record.facts, acts[0].facts);
    let born: Vec<_> = record
        .flags
        .iter()
        .map(|flag| flag.category.as_str())
        .zip(record.flagged_at.clone())
        .collect();
    assert_eq!(born, [("drone", at(1)), ("lapi", at(2))]);
}

pub(crate) async fn reclassify_is_resumable(store: Store) {
    record(&store, 3).await;
    for content in ["a", "b", "c"] {
        process(&store, content, &pages(1), &[whole(Some("1"), content, 1)], 1).await;
    }
    let all = BulletinFilter::default();
    assert_eq!(store.reset_for_reclassify(&all, "rules-1").await.expect("reset"), 0);
    assert_eq!(store.reset_for_reclassify(&all, "rules-2").await.expect("reset"), 3);
    let one = claim(&store, Stage::Read, 2).await;
    let whole = whole(Some("1"), "c", 1);
    let act = whole.analysed();
    store.complete_flag(&one, &[act], &[], "rules-2", at(2)).await.expect("flagged");
    // Killed here; started again.
    assert_eq!(store.reset_for_reclassify(&all, "rules-2").await.expect("reset"), 0);
    assert_eq!(store.backlog(None, at(31)).await.expect("backlog").read, 2);
}

/// Acts, flags and the mark of the stage are one: an error in the middle leaves none of them.
pub(crate) async fn a_crash_in_the_transaction_leaves_nothing(store: Store) {
    record(&store, 2).await;
    process(&store, "a", &pages(1), &[whole(Some("1"), "a", 1)], 1).await;
    let before = store.totals().await.expect("totals");
    let found = claim(&store, Stage::Found, 2).await;
    store.complete_fetch(&found, &crate::support::fetched("b"), at(2)).await.expect("fetched");
    let fetched = claim(&store, Stage::Fetched, 2).await;
    store
        .complete_read(&fetched, &crate::support::read_record(&pages(1)), at(2))
        .await
        .expect("read");
    let read = claim(&store, Stage::Read, 2).await;
    let acts: Vec<Whole> = (0..200).map(|i| whole(None, &format!("t{i}"), 1)).collect();
    let slow = complete_flag(&store, &read, &acts, 3);
    // Dropped long before its end: what a kill does, as far as the database can see.
    drop(tokio::time::timeout(std::time::Duration::from_millis(5), slow).await);
    let after = store.totals().await.expect("totals");
    let whole_or_nothing =
        [(before.acts, before.revision), (before.acts + 200, before.revision + 200)];
    // Numbers that PostgreSQL gave out are not given again.
    let revision = match store.is_postgres() && after.acts == before.acts {
        true => after.revision.min(before.revision),
        false => after.revision,
    };
    assert!(whole_or_nothing.contains(&(after.acts, revision)), "{after:?}");
    if after.acts == before.acts {
        assert!(try_claim(&store, Stage::Read, 3).await.is_none(), "still leased");
        // None while the database ends what was dropped: it was at its last step, or gives the row back.
        while store.totals().await.expect("totals").acts == before.acts {
            if let Some(again) = try_claim(&store, Stage::Read, 13).await {
                complete_flag(&store, &again, &acts, 13).await;
            }
        }
    }
    assert_eq!(store.totals().await.expect("totals").acts, before.acts + 200);
}

pub(crate) async fn what_rules_gained_and_lost_is_told(store: Store) {
    record(&store, 1).await;
    let acts = [
        whole(Some("1"), "a", 1).flag("drone", Level::Authorises),
        whole(Some("2"), "b", 2).flag("drone", Level::Mentions),
        whole(Some("3"), "c", 3).flag("vsa", Level::Authorises),
    ];
    let (_, first) = process(&store, "pdf", &pages(4), &acts, 1).await;
    let told = |summary: &FlagSummary| -> Vec<(String, u32, u32)> {
        let rules = summary.rules.iter();
        rules.map(|(rule, change)| (rule.clone(), change.gained, change.lost)).collect()
    };
    assert_eq!(told(&first), [("drone/rule".into(), 2, 0), ("vsa/rule".into(), 1, 0)]);
    let acts = [
        whole(Some("1"), "a", 1).flag("drone", Level::Authorises),
        whole(Some("2"), "b", 2).flag("drone", Level::Restricts),
    ];
    let second = cut_again(&store, &acts, 2).await;
    assert_eq!(told(&second), [("drone/rule".into(), 1, 1), ("vsa/rule".into(), 0, 1)]);
    assert!(cut_again(&store, &acts, 3).await.rules.is_empty());
}

pub(crate) async fn rules_have_their_tally(store: Store) {
    record(&store, 1).await;
    let flagged = |number| whole(Some(number), "Drones", 1).flag("drone", Level::Authorises);
    let mut doubtful = flagged("2");
    doubtful.flags[0].to_check = true;
    let acts = [flagged("1"), doubtful];
    process(&store, "pdf", &pages(1), &acts, 1).await;
    let rule = acts[0].flags[0].rule.clone();
    let tally = |recent| RuleTally { rule: rule.clone(), acts: 2, to_check: 1, recent };
    assert_eq!(store.rule_tallies(at(0)).await.expect("tallies"), [tally(2)]);
    assert_eq!(store.rule_tallies(at(60)).await.expect("tallies"), [tally(0)]);
    cut_again(&store, &[], 2).await;
    assert_eq!(store.rule_tallies(at(0)).await.expect("tallies"), [], "the acts went");
}
