use guetteur_model::TownStep;
use guetteur_store::{NewStep, Store};

use crate::support::at;

fn step(insee: &str, step: TownStep, on: &str, says: &str) -> NewStep {
    NewStep {
        insee: insee.to_owned(),
        step,
        happened_on: on.parse().expect("day"),
        says: Some(says.to_owned()),
        source: None,
    }
}

pub(crate) async fn a_town_is_asked_answers_and_votes(store: Store) {
    let montpellier = step("34172", TownStep::Asked, "2026-03-01", "Ne jamais déployer\0.");
    let asked = store.record_step(&montpellier, at(0)).await.expect("recorded");
    let voted = step("34172", TownStep::Voted, "2026-06-10", "Vœu adopté.");
    store.record_step(&voted, at(1)).await.expect("recorded");
    let sete = step("34301", TownStep::Asked, "2026-04-01", "Lettre.");
    let forgotten = store.record_step(&sete, at(1)).await.expect("recorded");

    let all = store.steps().await.expect("steps");
    let days: Vec<String> = all.iter().map(|step| step.happened_on.to_string()).collect();
    assert_eq!(days, ["2026-06-10", "2026-04-01", "2026-03-01"], "the last first");
    let of_town = store.steps_of("34172").await.expect("steps");
    assert_eq!(
        of_town.iter().map(|s| s.step).collect::<Vec<_>>(),
        [TownStep::Voted, TownStep::Asked]
    );
    assert_eq!(of_town[1].says.as_deref(), Some("Ne jamais déployer\u{FFFD}."));

    let mended = NewStep { source: Some("https://ville.example/lettre".into()), ..montpellier };
    assert_eq!(store.record_step(&mended, at(2)).await.expect("mended"), asked);
    let of_town = store.steps_of("34172").await.expect("steps");
    assert_eq!((of_town.len(), of_town[1].recorded_at), (2, at(2)));
    assert_eq!(of_town[1].source, mended.source);

    assert!(store.forget_step(forgotten).await.expect("forgotten"));
    assert!(!store.forget_step(forgotten).await.expect("gone"));
    assert_eq!(store.steps_of("34301").await.expect("steps"), []);
}
