//! `/statistiques`: counts by category, month and prefecture, as tables and plain bars.

use crate::templates::fields;
use axum::extract::State;
use axum::response::Html;
use chrono::{Datelike, Days, Months, NaiveDate};
use guetteur_model::dates::month_label;
use guetteur_model::{Category, Level};
use serde::Serialize;

use super::Figure;
use crate::address::Filters;
use crate::catalogue::CatalogueError;
use crate::error::WebError;
use crate::page::{Head, page};
use crate::state::AppState;

#[derive(Serialize)]
struct CategoryRow {
    label: &'static str,
    cells: Vec<Count>,
}

#[derive(Serialize)]
struct Count {
    count: usize,
    href: String,
}

#[derive(Serialize)]
struct Month {
    name: String,
    short: &'static str,
    count: usize,
    href: String,
}

/// Under the bars.
const SHORT_MONTHS: [&str; 12] = [
    "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.",
    "déc.",
];

#[derive(Serialize)]
struct PrefectureRow {
    code: String,
    name: String,
    count: usize,
    href: String,
}

pub(crate) async fn get(State(state): State<AppState>) -> Result<Html<String>, WebError> {
    let totals = state.store.totals().await?;
    let mut categories = Vec::new();
    for (id, label) in Category::BUILT_IN {
        categories.push(CategoryRow { label, cells: cells(&state, id).await? });
    }
    let months = months(&state).await?;
    let mut head = Head::new("Statistiques", "/statistiques");
    head.section = "statistiques";
    head.description = "Actes de surveillance par catégorie, mois et préfecture.".to_owned();
    let body = fields! {
        figures => [
            Figure::new(totals.flagged, "acte signalé", "actes signalés"),
            Figure::new(totals.acts, "acte lu", "actes lus"),
            Figure::new(totals.bulletins, "recueil", "recueils"),
            Figure::new(totals.documents, "PDF archivé", "PDF archivés"),
            Figure::new(totals.pages, "page lue", "pages lues"),
        ],
        levels => Level::ALL.map(Level::label),
        categories,
        chart => Chart::of(&months),
        months => months.into_iter().rev().collect::<Vec<_>>(),
        prefectures => prefectures(&state).await?,
    };
    page(&state, "statistics.html", head, body)
}

async fn count(state: &AppState, filters: &Filters) -> Result<usize, CatalogueError> {
    let mut request = state.request(filters);
    request.limit = 0;
    request.facets = false;
    Ok(state.search(request).await?.total)
}

async fn cells(state: &AppState, id: &str) -> Result<Vec<Count>, CatalogueError> {
    let mut cells = Vec::new();
    for level in Level::ALL {
        let categories = Category::new(id).into_iter().collect();
        let filters = Filters { categories, levels: vec![level], page: 1, ..Filters::default() };
        let href = filters.address("/recherche");
        cells.push(Count { count: count(state, &filters).await?, href });
    }
    Ok(cells)
}

/// The last twelve months, oldest first.
async fn months(state: &AppState) -> Result<Vec<Month>, CatalogueError> {
    let today = state.today();
    let first = NaiveDate::from_ymd_opt(today.year(), today.month(), 1).unwrap_or(today);
    let mut months = Vec::new();
    for back in (0..12).rev() {
        let Some(from) = first.checked_sub_months(Months::new(back)) else { continue };
        let to = from.checked_add_months(Months::new(1)).map(|next| next - Days::new(1));
        let levels = vec![Level::Authorises];
        let filters = Filters { levels, from: Some(from), to, page: 1, ..Filters::default() };
        let name = month_label(from.month()).unwrap_or_default();
        months.push(Month {
            name: format!("{name} {}", from.year()),
            short: SHORT_MONTHS[from.month0() as usize],
            count: count(state, &filters).await?,
            href: filters.address("/recherche"),
        });
    }
    Ok(months)
}

async fn prefectures(state: &AppState) -> Result<Vec<PrefectureRow>, CatalogueError> {
    let filters = Filters { page: 1, ..Filters::default() }.for_alerts();
    let mut request = state.request(&filters);
    request.limit = 0;
    let facets = state.search(request).await?.facets;
    let row = |facet: guetteur_search::FacetCount| {
        let publisher = state.publisher(&facet.value);
        let here = filters.with(|f| f.prefectures = vec![publisher.code.clone()]);
        PrefectureRow {
            href: here.address("/recherche"),
            code: publisher.code,
            name: publisher.name,
            count: facet.count,
        }
    };
    Ok(facets.prefecture.into_iter().map(row).collect())
}

/// Bars with their places worked out, in the units of the drawing.
#[derive(Serialize)]
struct Chart {
    width: u32,
    height: u32,
    bars: Vec<Bar>,
}

#[derive(Serialize)]
struct Bar {
    name: String,
    short: &'static str,
    value: usize,
    x: u32,
    y: u32,
    width: u32,
    height: u32,
    middle: u32,
}

impl Chart {
    fn of(months: &[Month]) -> Self {
        const WIDTH: u32 = 44;
        const GAP: u32 = 10;
        const TOP: u32 = 18;
        const FLOOR: u32 = 160;
        let most = months.iter().map(|month| month.count).max().unwrap_or(0).max(1);
        let bars = months.iter().enumerate().map(|(i, month)| {
            let share = month.count as f64 / most as f64;
            let height = (share * f64::from(FLOOR - TOP)).ceil() as u32;
            let x = i as u32 * (WIDTH + GAP);
            Bar {
                name: month.name.clone(),
                short: month.short,
                value: month.count,
                x,
                y: FLOOR - height,
                width: WIDTH,
                height,
                middle: x + WIDTH / 2,
            }
        });
        let width = months.len() as u32 * (WIDTH + GAP);
        Self { width, height: FLOOR + 22, bars: bars.collect() }
    }
}
