//! `/precedents`: what courts decided about acts, by category and ground; and the decisions that the
//! texts of law cite.

use std::collections::BTreeMap;

use axum::extract::{RawQuery, State};
use axum::response::{Html, Response};
use guetteur_model::{Category, Ground, Ruling};
use guetteur_publish::address::Filters;
use guetteur_publish::export::write_csv;
use guetteur_publish::precedents::{HEADINGS, Precedent};
use guetteur_publish::published::web_address;
use guetteur_publish::{fields, french};
use serde::Serialize;

use super::method::TextView;
use crate::error::WebError;
use crate::figures::attachment;
use crate::page::{Head, page};
use crate::page_parts::Link;
use crate::state::AppState;

const PATH: &str = "/precedents";

/// The decisions about one kind of measure.
#[derive(Serialize)]
struct CategoryView {
    id: String,
    label: String,
    /// `2 suspendus, 1 requête rejetée`.
    rulings: String,
    grounds: Vec<GroundView>,
}

#[derive(Serialize)]
struct GroundView {
    label: &'static str,
    decisions: Vec<DecisionView>,
}

/// A decision as pages show it.
#[derive(Serialize)]
pub(crate) struct DecisionView {
    ruling: &'static str,
    ground: Option<&'static str>,
    court: String,
    number: String,
    day: String,
    source: Option<String>,
    note: Option<String>,
    act: Link,
    prefecture: Link,
}

impl DecisionView {
    pub(crate) fn of(precedent: &Precedent) -> Self {
        let Precedent { outcome, act } = precedent;
        let publisher = &act.prefecture;
        Self {
            ruling: outcome.ruling.label(),
            ground: outcome.ground.map(Ground::label),
            court: outcome.court.clone(),
            number: outcome.number.clone(),
            day: french::day(outcome.decided_on),
            source: outcome.source.as_deref().and_then(web_address).map(str::to_owned),
            note: outcome.note.clone(),
            act: Link::new(act.title.clone(), act.path()),
            prefecture: Link::new(
                publisher.name.clone(),
                format!("/prefecture/{}", publisher.code),
            ),
        }
    }
}

/// The decisions asked for: those about one of the categories of the address.
pub(crate) async fn asked(
    state: &AppState,
    query: Option<&str>,
) -> Result<Vec<Precedent>, WebError> {
    let asked = Filters::parse(query.unwrap_or_default()).categories;
    let mut precedents = state.catalogue.precedents().await?;
    precedents.retain(|precedent| {
        let categories = precedent.categories();
        asked.is_empty() || asked.iter().any(|category| categories.contains(&category))
    });
    Ok(precedents)
}

pub(crate) async fn get(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
) -> Result<Html<String>, WebError> {
    let precedents = asked(&state, query.as_deref()).await?;
    let mut by_category: BTreeMap<&Category, Vec<&Precedent>> = BTreeMap::new();
    for precedent in &precedents {
        for category in precedent.categories() {
            by_category.entry(category).or_default().push(precedent);
        }
    }
    let texts = state.letters.law().texts().iter().filter(|text| text.is_decision());
    let mut head = Head::new("Précédents", PATH);
    head.section = "enquetes";
    head.description = "Ce que des juges ont décidé d’actes de surveillance.".to_owned();
    let address = Filters::parse(query.as_deref().unwrap_or_default());
    let asked = Filters { categories: address.categories, page: 1, ..Filters::default() };
    let body = fields! {
        total => precedents.len(),
        categories => by_category.into_iter().map(category).collect::<Vec<_>>(),
        cited => texts.map(TextView::of).collect::<Vec<_>>(),
        csv => asked.address("/precedents.csv"),
        json => asked.address("/api/v1/precedents"),
    };
    page(&state, "precedents.html", head, body)
}

fn category((category, precedents): (&Category, Vec<&Precedent>)) -> CategoryView {
    let mut grounds: BTreeMap<Ground, Vec<DecisionView>> = BTreeMap::new();
    for precedent in &precedents {
        let ground = precedent.outcome.ground.unwrap_or(Ground::Other);
        grounds.entry(ground).or_default().push(DecisionView::of(precedent));
    }
    let count = |ruling: Ruling| {
        let count = precedents.iter().filter(|p| p.outcome.ruling == ruling).count() as u64;
        let (one, many) = match ruling {
            Ruling::Suspended => ("suspendu", "suspendus"),
            Ruling::Annulled => ("annulé", "annulés"),
            Ruling::Rejected => ("requête rejetée", "requêtes rejetées"),
            Ruling::Lifted => ("suspension levée", "suspensions levées"),
            Ruling::Withdrawn => ("retiré avant le jugement", "retirés avant le jugement"),
        };
        (count > 0).then(|| french::count(count, one, many))
    };
    CategoryView {
        id: category.to_string(),
        label: category.label().to_owned(),
        rulings: Ruling::ALL.into_iter().filter_map(count).collect::<Vec<_>>().join(", "),
        grounds: grounds
            .into_iter()
            .map(|(ground, decisions)| GroundView { label: ground.label(), decisions })
            .collect(),
    }
}

/// `/precedents.csv`.
pub(crate) async fn csv(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
) -> Result<Response, WebError> {
    let precedents = asked(&state, query.as_deref()).await?;
    let base = &state.catalogue.site.base_url;
    let mut written = Vec::new();
    write_csv(&HEADINGS, precedents.iter().map(|p| p.cells(base)), &mut written)?;
    Ok(attachment("precedents", "csv", "text/csv; charset=utf-8; header=present", written))
}
