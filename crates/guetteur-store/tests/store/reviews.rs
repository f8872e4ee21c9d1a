use guetteur_model::{ActId, Answer, Level, Subject, When};
use guetteur_store::{NewReview, Reviewed, Store};
use serde_json::{Value, json};

use crate::support::{Whole, act, at, cut_again, link, page, process};

const TEXT: &str = "Est autorisée la captation d’images.";

fn found(act: ActId, subject: &str, answer: Answer, value: Option<Value>) -> NewReview {
    let subject: Subject = subject.parse().expect("subject");
    NewReview { act, subject, answer, value, reason: "Relu.\0".to_owned() }
}

pub(crate) async fn a_review_outlives_a_new_reading(store: Store) {
    let mut whole = Whole::new(act(Some("1"), "Drones", 1, TEXT))
        .flag("drone", Level::Authorises)
        .flag("vsa", Level::Mentions);
    whole.facts.valid_from = When::parse("2026-01-05");
    whole.facts.aircraft = Some(3);
    let found_link = [link("000", Some("2026-01-01"))];
    store.record_found("34", &found_link, at(0)).await.expect("recorded");
    let (_, summary) = process(&store, "pdf", &[page(1, TEXT)], &[whole.clone()], 1).await;
    let id = summary.ids[0];
    let record = async || store.acts_by_ids(&[id]).await.expect("acts").remove(0);
    let note = async |subject, answer, value, hour| {
        let new = found(id, subject, answer, value);
        store.note_review(&new, at(hour)).await.expect("noted")
    };
    let before = record().await;

    let rejected = note("flag:drone", Answer::Rejected, None, 2).await;
    assert!(matches!(rejected, Reviewed::Noted(_)), "{rejected:?}");
    let corrected = note("valid_from", Answer::Corrected, Some(json!("2026-01-06")), 3).await;
    let Reviewed::Noted(corrected) = corrected else { panic!("{corrected:?}") };
    note("aircraft", Answer::Accepted, None, 4).await;
    let after = record().await;
    assert!(after.revision > before.revision, "index and figures take it again");
    assert_eq!(after.updated_at, at(4));
    assert_eq!(after.facts.valid_from, When::parse("2026-01-06"));
    let categories = |record: &guetteur_store::ActRecord| -> Vec<String> {
        record.flags.iter().map(|flag| flag.category.to_string()).collect()
    };
    assert_eq!(categories(&after), ["vsa"]);
    let told: Vec<(String, &str)> = after
        .reviews
        .iter()
        .map(|review| (review.subject.to_string(), review.answer.as_str()))
        .collect();
    let all = [("flag:drone", "rejected"), ("valid_from", "corrected"), ("aircraft", "accepted")];
    assert_eq!(told, all.map(|(subject, answer)| (subject.to_owned(), answer)));
    assert_eq!(after.reviews[0].reason, "Relu.\u{FFFD}");

    // The same reading again changes nothing; another one changes what was not reviewed.
    let summary = cut_again(&store, &[whole.clone()], 5).await;
    assert_eq!(summary.unchanged, 1, "{summary:?}");
    assert_eq!(record().await.revision, after.revision);
    whole.facts.cameras = Some(2);
    whole.facts.aircraft = Some(4);
    let summary = cut_again(&store, &[whole.clone()], 6).await;
    assert_eq!(summary.changed, [id]);
    let again = record().await;
    assert_eq!((again.facts.cameras, again.facts.aircraft), (Some(2), Some(3)));
    assert_eq!(categories(&again), ["vsa"]);
    assert_eq!(again.facts.valid_from, When::parse("2026-01-06"));

    let signed = note("signed_on", Answer::Corrected, Some(json!("2026-01-02")), 6).await;
    let Reviewed::Noted(signed) = signed else { panic!("{signed:?}") };
    assert_eq!(record().await.act.signed_on, "2026-01-02".parse().ok(), "the act bears it too");
    whole.facts.retention_days = Some(7);
    let summary = cut_again(&store, &[whole.clone()], 6).await;
    assert_eq!(summary.changed, [id]);
    assert_eq!(record().await.act.signed_on, "2026-01-02".parse().ok(), "read anew");
    assert!(store.forget_review(signed, at(6)).await.expect("forgotten"));
    assert_eq!(record().await.act.signed_on, before.act.signed_on, "as it was read");

    assert!(store.forget_review(corrected, at(7)).await.expect("forgotten"));
    assert!(!store.forget_review(corrected, at(7)).await.expect("gone"));
    assert_eq!(record().await.facts.valid_from, When::parse("2026-01-05"), "as it was read");
    note("flag:drone", Answer::Corrected, Some(json!("concerns")), 8).await;
    let levels: Vec<Level> = record().await.flags.iter().map(|flag| flag.level).collect();
    assert!(levels.contains(&Level::Concerns), "in the place of the first: {levels:?}");
    let last_first = store.reviews().await.expect("all");
    assert_eq!(last_first.len(), 2);
    assert_eq!(last_first[0].subject.to_string(), "flag:drone");

    assert_eq!(note("cameras", Answer::Corrected, Some(json!("two")), 9).await, Reviewed::NoValue);
    assert_eq!(note("place", Answer::Accepted, None, 9).await, Reviewed::NoSubject);
    assert_eq!(note("flag:lapi", Answer::Rejected, None, 9).await, Reviewed::NoSubject);
    let nobody = found(ActId(999), "cameras", Answer::Rejected, None);
    assert_eq!(store.note_review(&nobody, at(9)).await.expect("asked"), Reviewed::NoAct);
    assert_eq!(record().await.facts.cameras, Some(2), "nothing of these was written");
}
