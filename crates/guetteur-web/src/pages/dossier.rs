//! `/dossier`: acts that somebody chose, on one page, in one table, as one zip of evidence. The choice
//! and the notes are in the address: nothing is kept, and whoever has the address has the dossier.

use std::collections::{BTreeMap, HashSet};

use axum::extract::{RawQuery, State};
use axum::response::{Html, Response};
use guetteur_model::ActId;
use guetteur_publish::address::Filters;
use guetteur_publish::export::bundle::{Bundle, Dossier};
use guetteur_publish::export::{COLUMNS, Cell, write_csv};
use guetteur_publish::{PublishedAct, fields};
use serde::Serialize;
use url::form_urlencoded;

use super::act::{bundle_of, citation};
use super::written::LONGEST_ADDRESS;
use crate::error::WebError;
use crate::figures::attachment;
use crate::listed_act::ListedAct;
use crate::page::{Head, page};
use crate::state::AppState;
use crate::streaming::{ChannelWriter, streamed};

const PATH: &str = "/dossier";
/// Acts of a dossier: it is to be read, and its zip holds their PDFs.
const MOST: usize = 60;
/// Characters of a note, and of the title: an address has its limits.
const LONGEST: usize = 600;
/// What stands before the id of an act in the name of its note.
const NOTE: &str = "note.";

/// What an address asks for.
#[derive(Debug, Default, Clone, PartialEq)]
struct Asked {
    title: String,
    /// Chosen one by one, in that order.
    acts: Vec<ActId>,
    notes: BTreeMap<ActId, String>,
    /// Chosen by a query; empty: none.
    filters: Filters,
    /// What was given as an act and is none.
    wrong: Vec<String>,
}

impl Asked {
    fn read(query: &str) -> Self {
        let mut asked = Self { filters: Filters::parse(query).on_page(1), ..Self::default() };
        let short = |text: &str| text.trim().chars().take(LONGEST).collect::<String>();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                _ if value.trim().is_empty() => {}
                "titre" => asked.title = short(&value),
                "acte" => match act_of(&value) {
                    Some(id) if !asked.acts.contains(&id) => asked.acts.push(id),
                    Some(_) => {}
                    None => asked.wrong.push(short(&value)),
                },
                _ => {
                    let id = name.strip_prefix(NOTE).and_then(|id| id.parse().ok());
                    asked.notes.extend(id.map(|id| (id, short(&value))));
                }
            }
        }
        asked.acts.truncate(MOST);
        asked
    }

    fn pairs(&self) -> Vec<(String, String)> {
        let mut pairs = Vec::new();
        if !self.title.is_empty() {
            pairs.push(("titre".to_owned(), self.title.clone()));
        }
        pairs.extend(self.acts.iter().map(|id| ("acte".to_owned(), id.to_string())));
        let filters = self.filters.pairs().into_iter();
        pairs.extend(filters.map(|(name, value)| (name.to_owned(), value)));
        pairs.extend(self.notes.iter().map(|(id, note)| (format!("{NOTE}{id}"), note.clone())));
        pairs
    }

    fn address(&self, path: &str) -> String {
        let query =
            form_urlencoded::Serializer::new(String::new()).extend_pairs(self.pairs()).finish();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }

    fn note(&self, id: ActId) -> Option<&str> {
        self.notes.get(&id).map(String::as_str)
    }

    /// The acts: those chosen one by one, then those of the query, published last first.
    async fn acts(&self, state: &AppState) -> Result<Vec<PublishedAct>, WebError> {
        let mut acts = state.catalogue.acts(&self.acts).await?;
        if !self.filters.is_empty() {
            let held: HashSet<ActId> = acts.iter().map(|act| act.id).collect();
            let found = state.catalogue.newest(&self.filters, MOST).await?;
            acts.extend(found.into_iter().filter(|act| !held.contains(&act.id)));
        }
        acts.truncate(MOST);
        Ok(acts)
    }

    fn name(&self) -> String {
        if self.title.is_empty() { "Dossier".to_owned() } else { self.title.clone() }
    }
}

/// `12`, or the address of the act's page.
fn act_of(text: &str) -> Option<ActId> {
    let path = text.trim().split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    path.rsplit('/').next()?.parse().ok().filter(|id: &ActId| id.0 > 0)
}

/// An act as the dossier shows it.
#[derive(Serialize)]
struct Entry {
    act: ListedAct,
    id: ActId,
    note: String,
    citation: String,
    /// The dossier without it, where it was chosen by itself.
    without: Option<String>,
}

pub(crate) async fn get(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
) -> Result<Html<String>, WebError> {
    let asked = Asked::read(query.as_deref().unwrap_or_default());
    let acts = asked.acts(&state).await?;
    let entry = |act: &PublishedAct| {
        let without = asked.acts.contains(&act.id).then(|| {
            let mut less = asked.clone();
            less.acts.retain(|id| *id != act.id);
            less.notes.remove(&act.id);
            less.address(PATH)
        });
        Entry {
            act: ListedAct::new(act, None),
            id: act.id,
            note: asked.note(act.id).unwrap_or_default().to_owned(),
            citation: citation(act, &state.catalogue.site),
            without,
        }
    };
    let entries: Vec<Entry> = acts.iter().map(entry).collect();
    let fixed = Asked {
        acts: acts.iter().map(|act| act.id).collect(),
        filters: Filters { page: 1, ..Filters::default() },
        ..asked.clone()
    };
    let hidden: Vec<(String, String)> =
        Asked { notes: BTreeMap::new(), title: String::new(), ..asked.clone() }.pairs();
    let mut wrong = asked.wrong.clone();
    let found: HashSet<ActId> = acts.iter().map(|act| act.id).collect();
    wrong.extend(asked.acts.iter().filter(|id| !found.contains(id)).map(ToString::to_string));
    let own = asked.address(PATH);
    let too_long = state.catalogue.site.absolute(&own).len() > LONGEST_ADDRESS;
    let mut head = Head::new(&asked.name(), &own);
    head.section = "recherche";
    head.noindex = true;
    let body = fields! {
        name => asked.name(),
        title => asked.title,
        entries,
        hidden,
        wrong,
        most => MOST,
        full => acts.len() >= MOST,
        too_long,
        by_query => !asked.filters.is_empty(),
        fixed => fixed.address(PATH),
        list => asked.filters.address("/recherche"),
        csv => asked.address("/dossier.csv"),
        zip => asked.address("/dossier.zip"),
    };
    page(&state, "dossier.html", head, body)
}

/// `/dossier.csv`: the columns of every export, and the notes.
pub(crate) async fn csv(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
) -> Result<Response, WebError> {
    let asked = Asked::read(query.as_deref().unwrap_or_default());
    let table = table(&state, &asked, &asked.acts(&state).await?)?;
    Ok(attachment("dossier", "csv", "text/csv; charset=utf-8; header=present", table))
}

fn table(state: &AppState, asked: &Asked, acts: &[PublishedAct]) -> Result<Vec<u8>, WebError> {
    let base = &state.catalogue.site.base_url;
    let names: Vec<&str> = COLUMNS.iter().map(|column| column.name).chain(["note"]).collect();
    let row = |act: &PublishedAct| -> Vec<Cell> {
        let note = asked.note(act.id).map_or(Cell::Empty, |note| Cell::Text(note.to_owned()));
        COLUMNS.iter().map(|column| (column.value)(act, base)).chain([note]).collect()
    };
    let mut written = Vec::new();
    write_csv(&names, acts.iter().map(row), &mut written)?;
    Ok(written)
}

/// `/dossier.zip`: the evidence of all of them, each bulletin once.
pub(crate) async fn zip(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
) -> Result<Response, WebError> {
    let asked = Asked::read(query.as_deref().unwrap_or_default());
    let acts = asked.acts(&state).await?;
    if acts.is_empty() {
        return Err(WebError::NotFound("Ce dossier ne contient aucun acte.".to_owned()));
    }
    let table = table(&state, &asked, &acts)?;
    let mut bundles: Vec<(ActId, Bundle)> = Vec::new();
    for act in &acts {
        let Some(view) = state.catalogue.store.act(act.id).await? else { continue };
        let withheld = state.catalogue.store.is_withheld(view.record.document).await?;
        bundles.push((act.id, bundle_of(&state, view, !withheld).await?));
    }
    let address = format!("{}{}", state.catalogue.site.base_url, asked.address(PATH));
    let notes = acts.iter().filter_map(|act| {
        let note = asked.note(act.id)?;
        Some(format!("{}\n{note}\n", citation(act, &state.catalogue.site)))
    });
    let dossier = Dossier {
        title: asked.name(),
        address,
        table,
        notes: notes.collect::<Vec<_>>().join("\n"),
        bundles,
    };
    Ok(streamed("guetteur-dossier.zip", "application/zip", async move |sender| {
        let writing = move || dossier.write(ChannelWriter::new(sender, Vec::new()));
        tokio::task::spawn_blocking(writing).await.map_err(std::io::Error::other)?
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_survives_a_round_trip() {
        let query = "titre=F%C3%AAtes&acte=12&acte=7&prefecture=34&note.7=vu+%26+lu&note.12=x";
        let asked = Asked::read(query);
        assert_eq!(asked.acts, [ActId(12), ActId(7)]);
        assert_eq!(Asked::read(asked.address(PATH).split_once('?').expect("query").1), asked);
        let odd =
            Asked::read("acte=https://g.example/acte/9%23x&acte=neuf&acte=9&acte=-1&note.x=1");
        assert_eq!((odd.acts, odd.wrong.len(), odd.notes.len()), (vec![ActId(9)], 2, 0));
    }
}
