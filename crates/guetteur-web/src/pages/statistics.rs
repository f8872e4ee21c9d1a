//! `/statistiques`: counts by category, month and prefecture, as tables and plain bars.

use crate::templates::fields;
use axum::extract::State;
use axum::response::Html;
use chrono::{Datelike, Days, Months, NaiveDate};
use guetteur_model::dates::month_label;
use guetteur_model::{Category, Level};
use guetteur_search::FacetCount;
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
    let everything = state.count(&Filters { page: 1, ..Filters::default() }).await?.facets;
    let findings = state.count(&Filters::findings()).await?.total;
    let authorised = Filters { levels: vec![Level::Authorises], page: 1, ..Filters::default() };
    let by_month = state.count(&authorised).await?.facets.month;
    let months = months(&authorised, &by_month, state.today());
    let mut head = Head::new("Statistiques", "/statistiques");
    head.section = "statistiques";
    head.description = "Actes de surveillance par catégorie, mois et préfecture.".to_owned();
    let body = fields! {
        figures => [
            Figure::new(findings as u64, "acte signalé", "actes signalés"),
            Figure::new(totals.acts, "acte lu", "actes lus"),
            Figure::new(totals.bulletins, "recueil", "recueils"),
            Figure::new(totals.documents, "PDF archivé", "PDF archivés"),
            Figure::new(totals.pages, "page lue", "pages lues"),
        ],
        levels => Level::ALL.map(Level::label),
        categories => categories(&everything.flag),
        chart => Chart::of(&months),
        months => months.into_iter().rev().collect::<Vec<_>>(),
        prefectures => prefectures(&state).await?,
    };
    page(&state, "statistics.html", head, body)
}

fn counted(facet: &[FacetCount], value: &str) -> usize {
    facet.iter().find(|counted| counted.value == value).map_or(0, |counted| counted.count)
}

/// Acts by category and level, from the facet of flags (`drone/authorises`).
fn categories(flags: &[FacetCount]) -> Vec<CategoryRow> {
    let cell = |id: &str, level: Level| {
        let categories = Category::new(id).into_iter().collect();
        let filters = Filters { categories, levels: vec![level], page: 1, ..Filters::default() };
        let count = counted(flags, &format!("{id}/{level}"));
        Count { count, href: filters.address("/recherche") }
    };
    let row = |(id, label): &(&str, &'static str)| CategoryRow {
        label,
        cells: Level::ALL.iter().map(|level| cell(id, *level)).collect(),
    };
    Category::BUILT_IN.iter().map(row).collect()
}

/// The last twelve months, oldest first.
fn months(authorised: &Filters, by_month: &[FacetCount], today: NaiveDate) -> Vec<Month> {
    let first = NaiveDate::from_ymd_opt(today.year(), today.month(), 1).unwrap_or(today);
    let month = |back| {
        let from = first.checked_sub_months(Months::new(back))?;
        let to = from.checked_add_months(Months::new(1)).map(|next| next - Days::new(1));
        let filters = authorised.with(|f| (f.from, f.to) = (Some(from), to));
        let name = month_label(from.month()).unwrap_or_default();
        Some(Month {
            name: format!("{name} {}", from.year()),
            short: SHORT_MONTHS[from.month0() as usize],
            count: counted(by_month, &from.format("%Y-%m").to_string()),
            href: filters.address("/recherche"),
        })
    };
    (0..12).rev().filter_map(month).collect()
}

async fn prefectures(state: &AppState) -> Result<Vec<PrefectureRow>, CatalogueError> {
    let filters = Filters { page: 1, ..Filters::default() }.for_alerts();
    let facets = state.count(&filters).await?.facets;
    let row = |facet: FacetCount| {
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
