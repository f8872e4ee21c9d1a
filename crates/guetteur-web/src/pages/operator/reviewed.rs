//! The operator's forms about reviews of flags and facts.

use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::response::Redirect;
use guetteur_model::{ActId, Answer, Category, ReviewId, Subject};
use guetteur_publish::reviews::{ReviewFields, reviewed, subject_label};
use guetteur_store::{Review, Reviewed};
use serde::{Deserialize, Serialize};

use super::actions::{Deed, filled, told};
use crate::error::WebError;
use crate::operator::Operator;
use crate::state::AppState;

/// A review as the operator's page lists it.
#[derive(Serialize)]
pub(super) struct ReviewRow {
    id: ReviewId,
    act: ActId,
    words: String,
}

pub(super) fn row(review: Review) -> ReviewRow {
    ReviewRow { id: review.id, act: review.act, words: reviewed(&review) }
}

/// Ids with their words, for a list to choose from: categories, then facts.
pub(super) fn subjects() -> Vec<(String, String)> {
    let categories = Category::BUILT_IN.iter().filter_map(|(id, _)| Category::new(id).ok());
    let flags = categories.map(Subject::Flag);
    let all = flags.chain(Subject::FACTS.map(Subject::Fact));
    all.map(|subject| (subject.to_string(), subject_label(&subject))).collect()
}

/// The same of answers.
pub(super) fn answers() -> Vec<(&'static str, &'static str)> {
    Answer::ALL.map(|answer| (answer.as_str(), answer.label())).into()
}

/// A review to note.
#[derive(Debug, Deserialize)]
pub(crate) struct Reviewing {
    cle: String,
    acte: ActId,
    sujet: String,
    reponse: String,
    #[serde(default)]
    valeur: String,
    raison: String,
}

pub(crate) async fn review(
    State(state): State<AppState>,
    operator: Operator,
    form: Result<Form<Reviewing>, FormRejection>,
) -> Result<Redirect, WebError> {
    let form = filled(form)?;
    operator.check(&form.cle)?;
    let (catalogue, n) = (&state.catalogue, form.acte.0.unsigned_abs());
    let Some(record) = catalogue.store.acts_by_ids(&[form.acte]).await?.pop() else {
        return told(Deed::SansActeJuge, n);
    };
    let fields = ReviewFields {
        act: form.acte,
        subject: &form.sujet,
        answer: &form.reponse,
        value: &form.valeur,
        reason: &form.raison,
        zone: catalogue.published(record).prefecture.zone,
    };
    let refused = |why: String| WebError::BadRequest(format!("Rien n’est noté : {why}."));
    let new = fields.read().map_err(refused)?;
    match catalogue.store.note_review(&new, catalogue.now()).await? {
        Reviewed::Noted(id) => {
            tracing::info!(%id, act = %new.act, subject = %new.subject, answer = new.answer.as_str(), "the operator reviews an act");
            told(Deed::Relu, n)
        }
        Reviewed::NoAct => told(Deed::SansActeJuge, n),
        Reviewed::NoSubject => told(Deed::SansSujet, n),
        Reviewed::NoValue => Err(refused("la valeur n’a pas la forme du fait".to_owned())),
    }
}

/// A review to forget.
#[derive(Debug, Deserialize)]
pub(crate) struct Unreviewing {
    cle: String,
    verification: ReviewId,
}

pub(crate) async fn unreview(
    State(state): State<AppState>,
    operator: Operator,
    form: Result<Form<Unreviewing>, FormRejection>,
) -> Result<Redirect, WebError> {
    let form = filled(form)?;
    operator.check(&form.cle)?;
    let now = state.catalogue.now();
    let forgotten = state.catalogue.store.forget_review(form.verification, now).await?;
    tracing::info!(id = %form.verification, forgotten, "the operator forgets a review");
    let deed = if forgotten { Deed::Delu } else { Deed::SansVerification };
    told(deed, form.verification.0.unsigned_abs())
}
