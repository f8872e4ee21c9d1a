//! What the forms of `/operateur` do. Each answers with the page and a sentence on what was done.

use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::response::Redirect;
use guetteur_model::{ActId, BulletinId, MaskId};
use guetteur_publish::french;
use guetteur_store::{BulletinFilter, Laid, NewMask};
use serde::{Deserialize, Serialize};

use super::PATH;
use crate::error::WebError;
use crate::operator::Operator;
use crate::state::AppState;

/// What was done, as the address of the page tells it: a word of ours and a number, so that no
/// foreign address can put words on the page.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
pub(crate) struct Done {
    fait: Option<Deed>,
    n: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Deed {
    Relance,
    Masque,
    Demasque,
    SansActe,
    Illisible,
    SansMasque,
    Juge,
    Juges,
    Oubli,
    SansActeJuge,
    SansDecision,
    Inscrit,
    Raye,
    SansEtape,
    Relu,
    Delu,
    SansSujet,
    SansVerification,
}

impl Done {
    pub(super) fn sentence(self) -> Option<String> {
        let n = self.n.unwrap_or_default();
        Some(match self.fait? {
            Deed::Relance => format!(
                "{} au travail. Les processus « watch » et « work » les reprendront.",
                french::count(n, "recueil remis", "recueils remis")
            ),
            Deed::Masque => format!("Passage masqué dans l’acte {n}. L’archive garde l’original."),
            Deed::Demasque => format!("Masque {n} retiré."),
            Deed::SansActe => format!("Il n’y a pas d’acte {n} : rien n’est masqué."),
            Deed::Illisible => {
                format!("Ce passage ne se lit pas dans l’acte {n} : rien n’est masqué.")
            }
            Deed::SansMasque => format!("Il n’y a pas de masque {n}."),
            Deed::Juge => format!("Décision sur l’acte {n} notée."),
            Deed::Juges => format!("{}.", french::count(n, "décision notée", "décisions notées")),
            Deed::Oubli => format!("Décision {n} oubliée."),
            Deed::SansActeJuge => format!("Il n’y a pas d’acte {n} : rien n’est noté."),
            Deed::SansDecision => format!("Il n’y a pas de décision {n}."),
            Deed::Inscrit => {
                format!("{} au registre.", french::count(n, "étape inscrite", "étapes inscrites"))
            }
            Deed::Raye => format!("Étape {n} rayée du registre."),
            Deed::SansEtape => format!("Il n’y a pas d’étape {n} au registre."),
            Deed::Relu => format!("Vérification de l’acte {n} notée."),
            Deed::Delu => format!("Vérification {n} oubliée : l’acte dit à nouveau ce qui fut lu."),
            Deed::SansSujet => {
                format!("L’acte {n} n’a pas ce signalement ou ce fait : rien n’est noté.")
            }
            Deed::SansVerification => format!("Il n’y a pas de vérification {n}."),
        })
    }
}

/// Back to the page: a reload then does nothing twice.
pub(super) fn told(deed: Deed, n: u64) -> Result<Redirect, WebError> {
    let word = serde_json::to_value(deed).unwrap_or_default();
    let word = word.as_str().unwrap_or_default();
    Ok(Redirect::to(&format!("{PATH}?fait={word}&n={n}")))
}

pub(super) fn filled<T>(form: Result<Form<T>, FormRejection>) -> Result<T, WebError> {
    let wrong = |_| {
        let words = "Il manque un champ à ce formulaire, ou l’un d’eux n’a pas la forme attendue.";
        WebError::BadRequest(words.to_owned())
    };
    form.map(|Form(fields)| fields).map_err(wrong)
}

/// Which bulletins to try again: one, those of a source, or all that were given up.
#[derive(Debug, Deserialize)]
pub(crate) struct Retry {
    cle: String,
    recueil: Option<BulletinId>,
    source: Option<String>,
}

pub(crate) async fn retry(
    State(state): State<AppState>,
    operator: Operator,
    form: Result<Form<Retry>, FormRejection>,
) -> Result<Redirect, WebError> {
    let form = filled(form)?;
    operator.check(&form.cle)?;
    let filter = BulletinFilter {
        ids: form.recueil.into_iter().collect(),
        sources: form.source.into_iter().collect(),
        ..BulletinFilter::default()
    };
    let count = state.catalogue.store.retry_failed(&filter).await?;
    tracing::info!(count, ?filter.ids, ?filter.sources, "the operator retries failed bulletins");
    told(Deed::Relance, count)
}

/// A passage to mask.
#[derive(Debug, Deserialize)]
pub(crate) struct Masking {
    cle: String,
    acte: ActId,
    passage: String,
    #[serde(default)]
    raison: String,
    /// Set when its box is ticked.
    pdf: Option<String>,
}

pub(crate) async fn mask(
    State(state): State<AppState>,
    operator: Operator,
    form: Result<Form<Masking>, FormRejection>,
) -> Result<Redirect, WebError> {
    let form = filled(form)?;
    operator.check(&form.cle)?;
    let reason = Some(form.raison.trim()).filter(|reason| !reason.is_empty());
    let keeps_pdf = form.pdf.is_some();
    let new = NewMask { act: form.acte, passage: form.passage.trim(), reason, keeps_pdf };
    let deed = match state.catalogue.store.lay_mask(new, state.catalogue.now()).await? {
        Laid::Mask(id) => {
            tracing::info!(%id, act = %form.acte, keeps_pdf, "the operator masks a passage");
            Deed::Masque
        }
        Laid::NoAct => Deed::SansActe,
        Laid::NotRead => Deed::Illisible,
    };
    told(deed, form.acte.0.unsigned_abs())
}

/// A mask to take away.
#[derive(Debug, Deserialize)]
pub(crate) struct Unmasking {
    cle: String,
    masque: MaskId,
}

pub(crate) async fn unmask(
    State(state): State<AppState>,
    operator: Operator,
    form: Result<Form<Unmasking>, FormRejection>,
) -> Result<Redirect, WebError> {
    let form = filled(form)?;
    operator.check(&form.cle)?;
    let removed = state.catalogue.store.remove_mask(form.masque, state.catalogue.now()).await?;
    tracing::info!(id = %form.masque, removed, "the operator takes a mask away");
    told(if removed { Deed::Demasque } else { Deed::SansMasque }, form.masque.0.unsigned_abs())
}
