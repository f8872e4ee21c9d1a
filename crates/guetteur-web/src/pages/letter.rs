//! `/commune/{insee}/lettre` and `/voeu`: a letter that cites the commune's own acts, to edit, to
//! print, to download. Nothing is kept: the text goes back and forth with the form.

use axum::Form;
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{Html, IntoResponse, Redirect, Response};
use chrono::Months;
use guetteur_communes::CommuneRecord;
use guetteur_model::{ActId, Level};
use guetteur_publish::address::{Filters, day_named};
use guetteur_publish::letters::{Filling, Letter, LetterKind, Town};
use guetteur_publish::standing::Standing;
use guetteur_publish::{PublishedAct, fields, french, reminders};
use serde::Serialize;
use url::form_urlencoded;

use super::commune::{Known, commune, sources};
use super::renewals::calendar;
use super::written::{Edited, Sending, Written};
use crate::error::WebError;
use crate::page::{Head, page};
use crate::page_parts::Link;
use crate::state::AppState;

/// Acts that readers can choose among; older ones are on the page of the commune.
const OFFERED: usize = 60;
/// The letter to the CADA.
const APPEAL: &str = "cada";
/// Acts cited unless readers choose: a letter is read to its end or not at all.
const CITED: usize = 8;

/// What an address asks for.
#[derive(Debug, Default)]
struct Asked {
    letter: Option<String>,
    /// Ids chosen; `None` where nothing was chosen yet.
    acts: Option<Vec<ActId>>,
}

impl Asked {
    fn read(query: &str) -> Self {
        let mut asked = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "modele" => asked.letter = Some(value.into_owned()),
                // Says that the boxes are a choice, also when none is ticked.
                "choix" => drop(asked.acts.get_or_insert_default()),
                "acte" => asked.acts.get_or_insert_default().extend(value.parse::<ActId>().ok()),
                _ => {}
            }
        }
        asked
    }
}

pub(crate) async fn letter(
    State(state): State<AppState>,
    Path(insee): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, WebError> {
    offer(&state, &insee, LetterKind::Lettre, &query.unwrap_or_default()).await
}

pub(crate) async fn motion(
    State(state): State<AppState>,
    Path(insee): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, WebError> {
    offer(&state, &insee, LetterKind::Voeu, &query.unwrap_or_default()).await
}

fn path(insee: &str, kind: LetterKind) -> String {
    let last = if kind == LetterKind::Voeu { "voeu" } else { "lettre" };
    format!("/commune/{insee}/{last}")
}

async fn offer(
    state: &AppState,
    insee: &str,
    kind: LetterKind,
    query: &str,
) -> Result<Response, WebError> {
    let commune = match commune(insee)? {
        Known::Today(commune) => commune,
        Known::Former(commune) => {
            return Ok(Redirect::permanent(&path(commune.insee, kind)).into_response());
        }
    };
    let asked = Asked::read(query);
    let letter = chosen(state, kind, asked.letter.as_deref())?;
    let offered = Offered::of(state, &commune).await?;
    let acts = offered.chosen(asked.acts.as_deref());
    let filling = Filling::new(
        Town::new(&commune, &state.catalogue.site),
        sources(state, &commune).next().map(|source| source.name.clone()).unwrap_or_default(),
        &acts,
        &offered.standing,
        (offered.standing.total() as usize).saturating_sub(acts.len()),
        french::day(state.catalogue.today()),
        &state.catalogue.site,
    );
    let text = state.letters.fill(letter, &filling)?;
    let cited: Vec<ActId> = acts.iter().map(|act| act.id).collect();
    Ok(editor(state, &commune, letter, &text, &offered.boxes(&cited))?.into_response())
}

fn chosen<'a>(
    state: &'a AppState,
    kind: LetterKind,
    id: Option<&str>,
) -> Result<&'a Letter, WebError> {
    let mut letters = state.letters.of_kind(kind);
    let letter = match id {
        Some(id) => letters.find(|letter| letter.id == id),
        None => letters.next(),
    };
    letter.ok_or_else(|| WebError::NotFound("Il n’y a pas de modèle de ce nom.".to_owned()))
}

/// The authorisations of a commune that a letter may cite.
struct Offered {
    /// Published last first.
    acts: Vec<PublishedAct>,
    standing: Standing,
    /// Acts published since are cited by themselves.
    recent_from: chrono::NaiveDate,
}

impl Offered {
    async fn of(state: &AppState, commune: &CommuneRecord) -> Result<Self, WebError> {
        let place =
            Filters { communes: vec![commune.insee.to_owned()], page: 1, ..Filters::default() };
        let standing = state.catalogue.standing(&place).await?;
        let authorisations = place.with(|f| f.levels = vec![Level::Authorises]);
        let mut acts = state.catalogue.newest(&authorisations, OFFERED).await?;
        // What is in force is offered, however long ago it was published.
        let held: Vec<ActId> = acts.iter().map(|act| act.id).collect();
        let older = standing.in_force.iter().filter(|id| !held.contains(id)).copied();
        acts.extend(state.catalogue.acts(&older.take(OFFERED).collect::<Vec<_>>()).await?);
        let today = state.catalogue.today();
        Ok(Self {
            acts,
            recent_from: today.checked_sub_months(Months::new(12)).unwrap_or(today),
            standing,
        })
    }

    /// The acts asked for, of those that stand here; without a choice those in force, then those
    /// to come, then the newest of the last year.
    fn chosen(&self, asked: Option<&[ActId]>) -> Vec<PublishedAct> {
        let acts = self.acts.iter();
        if let Some(asked) = asked {
            return acts.filter(|act| asked.contains(&act.id)).cloned().collect();
        }
        let rank = |act: &PublishedAct| {
            let recent = act.published_on().is_some_and(|day| day >= self.recent_from);
            match act.id {
                id if self.standing.in_force.contains(&id) => Some(0),
                id if self.standing.soon.contains(&id) => Some(1),
                _ => recent.then_some(2),
            }
        };
        let mut ranked: Vec<(u8, &PublishedAct)> =
            acts.filter_map(|act| Some((rank(act)?, act))).collect();
        ranked.sort_by_key(|(rank, _)| *rank);
        ranked.into_iter().take(CITED).map(|(_, act)| act.clone()).collect()
    }

    fn boxes(&self, cited: &[ActId]) -> Vec<ActBox> {
        let published = |act: &PublishedAct| act.published_on().map(french::day);
        let one = |act: &PublishedAct| ActBox {
            id: act.id,
            title: act.title.clone(),
            published: published(act),
            in_force: self.standing.in_force.contains(&act.id),
            on: cited.contains(&act.id),
        };
        self.acts.iter().map(one).collect()
    }
}

/// An act to tick.
#[derive(Serialize)]
struct ActBox {
    id: ActId,
    title: String,
    published: Option<String>,
    in_force: bool,
    on: bool,
}

fn editor(
    state: &AppState,
    commune: &CommuneRecord,
    letter: &Letter,
    text: &str,
    boxes: &[ActBox],
) -> Result<Html<String>, WebError> {
    let path = path(commune.insee, letter.head.kind);
    let link = |other: &Letter| Link {
        on: other.id == letter.id,
        ..Link::new(&other.head.title, format!("{path}?modele={}", other.id))
    };
    let mut head = Head::new(&format!("{} – {}", letter.head.title, commune.name), &path);
    head.section = "communes";
    // One text for all communes is nothing to find in a search engine.
    head.noindex = true;
    let body = fields! {
        path,
        insee => commune.insee,
        name => commune.name,
        letter,
        letters => state.letters.of_kind(letter.head.kind).map(link).collect::<Vec<_>>(),
        text,
        rows => text.lines().count().clamp(20, 40),
        boxes,
    };
    page(state, "letter.html", head, body)
}

pub(crate) async fn edited_letter(
    State(state): State<AppState>,
    Path(insee): Path<String>,
    headers: HeaderMap,
    Form(edited): Form<Edited>,
) -> Result<Response, WebError> {
    give_back(&state, &insee, LetterKind::Lettre, &headers, &edited)
}

pub(crate) async fn edited_motion(
    State(state): State<AppState>,
    Path(insee): Path<String>,
    headers: HeaderMap,
    Form(edited): Form<Edited>,
) -> Result<Response, WebError> {
    give_back(&state, &insee, LetterKind::Voeu, &headers, &edited)
}

/// How a request for documents is sent, and remembered.
fn sending(state: &AppState, commune: &CommuneRecord) -> Sending {
    let name = sources(state, commune).next().map(|source| source.name.clone());
    let insee = commune.insee;
    Sending {
        prefecture: name.unwrap_or_default(),
        reminder: format!("/commune/{insee}/rappel.ics?le={}", state.catalogue.today()),
        appeal: format!("/commune/{insee}/lettre?modele={APPEAL}"),
    }
}

/// `/commune/{insee}/rappel.ics?le=…`: when a request sent on that day is refused by silence, and
/// until when the CADA may be asked.
pub(crate) async fn reminder(
    State(state): State<AppState>,
    Path(insee): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, WebError> {
    let (Known::Today(commune) | Known::Former(commune)) = commune(&insee)?;
    let asked = day_named(&query.unwrap_or_default(), "le").map_err(WebError::BadRequest)?;
    let asked = asked.unwrap_or_else(|| state.catalogue.today());
    let Sending { prefecture, appeal, .. } = sending(&state, &commune);
    let reminders = reminders::of_request(&prefecture, commune.insee, asked, &appeal);
    Ok(calendar(&state, "rappel", "Demande de documents", &reminders))
}

fn give_back(
    state: &AppState,
    insee: &str,
    kind: LetterKind,
    headers: &HeaderMap,
    edited: &Edited,
) -> Result<Response, WebError> {
    let (Known::Today(commune) | Known::Former(commune)) = commune(insee)?;
    let letter = chosen(state, kind, Some(edited.letter()))?;
    let written = Written {
        letter,
        title: format!("{} – {}", letter.head.title, commune.name),
        path: path(commune.insee, kind),
        section: "communes",
        about: commune.name,
        sending: letter.head.request.then(|| sending(state, &commune)),
    };
    written.give_back(state, headers, edited, |text| {
        Ok(editor(state, &commune, letter, text, &[])?.into_response())
    })
}
