use guetteur_model::{ActId, Ground, Level, Ruling};
use guetteur_store::{NewOutcome, Recorded, Store, standing_outcome};

use crate::support::{Whole, act, at, link, page, process};

const TEXT: &str = "Est autorisée la captation d’images.";

fn decided(act: ActId, number: &str, on: &str, ruling: Ruling) -> NewOutcome {
    NewOutcome {
        act,
        court: "Tribunal administratif de Nîmes".to_owned(),
        number: number.to_owned(),
        decided_on: on.parse().expect("day"),
        ruling,
        ground: Some(Ground::Duration),
        source: None,
        note: Some("Une\0note.".to_owned()),
    }
}

pub(crate) async fn a_decision_follows_its_act(store: Store) {
    let whole = Whole::new(act(Some("1"), "Drones", 1, TEXT)).flag("drone", Level::Authorises);
    let found = [link("000", Some("2026-01-01"))];
    store.record_found("34", &found, at(0)).await.expect("recorded");
    let (bulletin, summary) = process(&store, "pdf", &[page(1, TEXT)], &[whole], 1).await;
    let id = summary.ids[0];
    let record = async || store.acts_by_ids(&[id]).await.expect("acts").remove(0);
    let before = record().await;
    assert_eq!(before.outcomes, []);

    let first = decided(id, "2603001", "2026-08-10", Ruling::Suspended);
    let Recorded::New(suspended) = store.record_outcome(&first, at(2)).await.expect("recorded")
    else {
        panic!("it was not known");
    };
    let after = record().await;
    assert!(after.revision > before.revision, "index and figures take it again");
    assert_eq!((after.updated_at, after.outcomes.len()), (at(2), 1));
    assert_eq!(after.outcomes[0].note.as_deref(), Some("Une\u{FFFD}note."));
    let again = store.record_outcome(&first, at(3)).await.expect("known");
    assert_eq!(again, Recorded::Known(suspended));
    assert_eq!(record().await.revision, after.revision, "nothing new is told");
    let mended = NewOutcome { ground: None, ..first.clone() };
    let mended = store.record_outcome(&mended, at(4)).await.expect("changed");
    assert_eq!(mended, Recorded::Changed(suspended));
    assert_eq!(record().await.outcomes[0].ground, None);

    let rejected = decided(id, "2603002", "2026-09-01", Ruling::Rejected);
    store.record_outcome(&rejected, at(5)).await.expect("recorded");
    let standing = standing_outcome(&record().await.outcomes).map(|outcome| outcome.ruling);
    assert_eq!(standing, Some(Ruling::Suspended), "a rejected appeal changes nothing");
    let lifted = decided(id, "2603003", "2026-09-02", Ruling::Lifted);
    let Recorded::New(lifted) = store.record_outcome(&lifted, at(5)).await.expect("recorded")
    else {
        panic!("it was not known")
    };
    assert_eq!(standing_outcome(&record().await.outcomes), None);
    assert!(store.forget_outcome(lifted, at(5)).await.expect("forgotten"));
    let annulled = decided(id, "26BX1", "2026-10-01", Ruling::Annulled);
    store.record_outcome(&annulled, at(6)).await.expect("recorded");
    let outcomes = record().await.outcomes;
    assert_eq!(standing_outcome(&outcomes).map(|o| o.ruling), Some(Ruling::Annulled));
    let numbers = |all: Vec<guetteur_store::Outcome>| -> Vec<String> {
        all.into_iter().map(|outcome| outcome.number).collect()
    };
    let last_first = numbers(store.outcomes().await.expect("all"));
    assert_eq!(last_first, ["26BX1", "2603002", "2603001"]);
    assert_eq!(store.acts_judged_since(at(6)).await.expect("ids"), [id]);
    assert_eq!(store.acts_judged_since(at(7)).await.expect("ids"), []);
    let counted = store.counted_since(0, 10).await.expect("rows");
    assert_eq!(counted[0].outcomes.len(), 3);
    assert_eq!(store.acts_of_bulletin(bulletin).await.expect("acts")[0].outcomes.len(), 3);

    assert!(store.forget_outcome(suspended, at(8)).await.expect("forgotten"));
    assert!(!store.forget_outcome(suspended, at(8)).await.expect("gone"));
    assert_eq!(record().await.updated_at, at(8));
    let nobody = decided(ActId(999), "1", "2026-08-10", Ruling::Annulled);
    assert_eq!(store.record_outcome(&nobody, at(9)).await.expect("asked"), Recorded::NoAct);
}
