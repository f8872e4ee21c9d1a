//! `/carte`: France by département, coloured by acts, days covered or notice.

use axum::extract::{Path, RawQuery, State};
use axum::response::{Html, Response};
use chrono::{Days, Months, NaiveDate};
use guetteur_publish::address::{Filters, day_named};
use guetteur_publish::{Catalogue, fields, french};
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::error::WebError;
use crate::figures::book::Book;
use crate::figures::report::Sources;
use crate::figures::report::map::{Measure, chart};
use crate::figures::scope::{Asked, Period, legend};
use crate::figures::{FileKind, no_such_file};
use crate::page::{Head, page};
use crate::page_parts::Link;
use crate::state::AppState;

const PATH: &str = "/carte";

/// What the address asks: filters, and the measure.
fn asked(state: &AppState, query: Option<&str>) -> (Asked, Measure) {
    let query = query.unwrap_or_default();
    let mut read = Filters::parse(query);
    let day = day_named(query, "le").unwrap_or_else(|why| {
        read.misread.push(why);
        None
    });
    if let Some(day) = day {
        if read.from.is_some() || read.to.is_some() || !read.years.is_empty() {
            read.misread.push("du, au et annee sont sans effet à côté de le".to_owned());
        }
        (read.from, read.to) = (Some(day), Some(day));
        read.years.clear();
    }
    let mut measure = if day.is_some() { Measure::InForce } else { Measure::default() };
    let pairs = form_urlencoded::parse(query.as_bytes());
    let named = pairs.filter(|(name, value)| name == "mesure" && !value.is_empty()).last();
    if let Some((_, value)) = named {
        match Measure::ALL.iter().find(|(_, id, _)| *id == value) {
            Some((named, ..)) => measure = *named,
            None => read.misread.push(format!("mesure « {value} » inconnue")),
        }
    }
    let period = Period::of(&read, state.catalogue.today());
    let mut asked = Asked { path: PATH, filters: keep(&read), period, own: None, read };
    asked.own = match day {
        Some(_) if measure == Measure::InForce => Some(("mesure", measure.id())),
        _ => own(measure),
    };
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
    let register = state.catalogue.register().await?;
    let (chart, off_map) = chart(&sources(&state.catalogue, &book, &asked), &register, measure);
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
        notes => asked.notes(&state).await?,
        measures,
        strip => strip(&asked, measure, &book, state.catalogue.today()),
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
    asked.whole(&state).await?;
    let Some(("carte", kind)) = FileKind::split(&file) else { return Err(no_such_file(&file)) };
    let book = state.figures.read(&state.catalogue).await?;
    let register = state.catalogue.register().await?;
    let (chart, _) = chart(&sources(&state.catalogue, &book, &asked), &register, measure);
    chart.file(kind, &state.catalogue, &asked.here()).await
}

/// For the API.
pub(crate) async fn json(state: &AppState, query: Option<&str>) -> Result<Value, WebError> {
    let (asked, measure) = asked(state, query);
    asked.whole(state).await?;
    let book = state.figures.read(&state.catalogue).await?;
    let register = state.catalogue.register().await?;
    let (chart, off_map) = chart(&sources(&state.catalogue, &book, &asked), &register, measure);
    Ok(json!({
        "from": asked.period.from,
        "to": asked.period.to,
        "off_map": off_map,
        "results": chart.table.to_json(),
    }))
}

/// Days shown on either side of the one that is asked.
const BESIDE: u64 = 7;

/// The days around the one that the map shows, a link each, with a month and a year before and
/// after; for a longer period its last day alone, where the days begin.
fn strip(asked: &Asked, measure: Measure, book: &Book, today: NaiveDate) -> Vec<Link> {
    // From the first bulletin read to a month from now: days without end lead nowhere.
    let oldest = book.spans.values().map(|span| span.first).min().unwrap_or(today);
    let latest = today.checked_add_months(Months::new(1)).unwrap_or(today);
    let is_of_use = |day: &NaiveDate| (oldest..=latest).contains(day);
    let (from, to) = (asked.period.from, asked.period.to);
    let link = |day: NaiveDate, label: String| {
        let kept = asked.filters.with(|f| {
            (f.from, f.to) = (None, None);
            f.years.clear();
        });
        let joint = if kept.is_empty() { '?' } else { '&' };
        let mut href = format!("{}{joint}le={day}", kept.address(PATH));
        // The day's own measure needs no word.
        if from == to && !matches!(measure, Measure::InForce) {
            href.push_str(&format!("&mesure={}", measure.id()));
        }
        Link { on: from == to && day == from, ..Link::new(label, href) }
    };
    if from != to {
        return vec![link(to, format!("le {}", french::day(to)))];
    }
    let far = |months, words: &str| {
        let before = from.checked_sub_months(Months::new(months));
        let after = from.checked_add_months(Months::new(months));
        let link = |day: Option<NaiveDate>, sign: &str| {
            day.filter(is_of_use).map(|day| link(day, format!("{sign}{words}")))
        };
        (link(before, "−"), link(after, "+"))
    };
    let (year_before, year_after) = far(12, "1 an");
    let (month_before, month_after) = far(1, "1 mois");
    let first = from.checked_sub_days(Days::new(BESIDE)).unwrap_or(from);
    let days = first.iter_days().take(2 * BESIDE as usize + 1).filter(is_of_use);
    let near = days.map(|day| link(day, day.format("%d/%m").to_string()));
    let before = year_before.into_iter().chain(month_before);
    before.chain(near).chain(month_after).chain(year_after).collect()
}

fn sources<'a>(catalogue: &'a Catalogue, book: &'a Book, asked: &'a Asked) -> Sources<'a> {
    Sources { catalogue, book, asked }
}
