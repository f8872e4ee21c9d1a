//! `/carte`: France by département, coloured by acts, days covered or notice.

use axum::extract::{Path, RawQuery, State};
use axum::response::{Html, Response};
use guetteur_publish::address::Filters;
use guetteur_publish::{Catalogue, fields};
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::error::WebError;
use crate::figures::book::Book;
use crate::figures::report::Sources;
use crate::figures::report::map::{Measure, chart};
use crate::figures::scope::{Asked, Period, legend};
use crate::figures::{Kind, no_such_file};
use crate::page::{Head, page};
use crate::page_parts::Link;
use crate::state::AppState;

const PATH: &str = "/carte";

/// What the address asks: filters, and the measure.
fn asked(state: &AppState, query: Option<&str>) -> (Asked, Measure) {
    let query = query.unwrap_or_default();
    let filters = Filters::parse(query).on_page(1);
    let named = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "mesure");
    let measure = named
        .and_then(|(_, value)| Measure::ALL.iter().find(|(_, id, _)| *id == value))
        .map_or_else(Measure::default, |(measure, ..)| *measure);
    let period = Period::of(&filters, state.catalogue.today());
    let mut asked = Asked { path: PATH, filters: keep(&filters), period, own: None };
    asked.own = own(measure);
    (asked, measure)
}

/// What the map understands of a list's filters.
fn keep(filters: &Filters) -> Filters {
    Filters {
        categories: filters.categories.clone(),
        years: filters.years.clone(),
        from: filters.from,
        to: filters.to,
        page: 1,
        ..Filters::default()
    }
}

fn own(measure: Measure) -> Option<(&'static str, &'static str)> {
    (measure != Measure::default()).then(|| ("mesure", measure.id()))
}

pub(crate) async fn get(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
) -> Result<Html<String>, WebError> {
    let (asked, measure) = asked(&state, query.as_deref());
    let book = state.figures.read(&state.catalogue).await?;
    let (chart, off_map) = chart(&sources(&state.catalogue, &book, &asked), measure);
    let mut head = Head::new("Carte", PATH);
    head.section = "carte";
    head.description = "La surveillance autorisée, département par département.".to_owned();
    let measures: Vec<Link> = Measure::ALL
        .into_iter()
        .map(|(other, _, label)| Link {
            on: other == measure,
            ..Link::new(label, Asked { own: own(other), ..asked.clone() }.here())
        })
        .collect();
    let body = fields! {
        measures,
        periods => asked.periods(&book, state.catalogue.today()),
        categories => asked.categories(),
        hidden => asked.hidden(),
        du => asked.period.from.to_string(),
        au => asked.period.to.to_string(),
        period => asked.period.words(),
        legend => legend(&chart.drawing),
        chart => chart.view(PATH, &asked.query()),
        off_map,
    };
    page(&state, "map.html", head, body)
}

/// `/carte/carte.png` and the like.
pub(crate) async fn file(
    State(state): State<AppState>,
    Path(file): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, WebError> {
    let (asked, measure) = asked(&state, query.as_deref());
    let Some(("carte", kind)) = Kind::split(&file) else { return Err(no_such_file(&file)) };
    let book = state.figures.read(&state.catalogue).await?;
    let (chart, _) = chart(&sources(&state.catalogue, &book, &asked), measure);
    chart.file(kind, &state.catalogue, &asked.here()).await
}

/// For the API.
pub(crate) async fn json(state: &AppState, query: Option<&str>) -> Result<Value, WebError> {
    let (asked, measure) = asked(state, query);
    let book = state.figures.read(&state.catalogue).await?;
    let (chart, off_map) = chart(&sources(&state.catalogue, &book, &asked), measure);
    Ok(json!({
        "from": asked.period.from,
        "to": asked.period.to,
        "off_map": off_map,
        "results": chart.table.to_json(),
    }))
}

fn sources<'a>(catalogue: &'a Catalogue, book: &'a Book, asked: &'a Asked) -> Sources<'a> {
    Sources { catalogue, book, asked }
}
