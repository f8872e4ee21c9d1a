//! `/statistiques`: counts by category, month and prefecture, as tables and bars.

use axum::extract::{Path, State};
use axum::response::{Html, Response};
use guetteur_model::{Category, Level};
use guetteur_publish::address::Filters;
use guetteur_publish::{CatalogueError, fields};
use guetteur_search::FacetCount;
use serde::Serialize;

use crate::error::WebError;
use crate::figures::{Chart, Kind, months, no_such_file};
use crate::page::{Head, page};
use crate::page_parts::Figure;
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
struct PrefectureRow {
    code: String,
    name: String,
    count: usize,
    href: String,
}

const PATH: &str = "/statistiques";

pub(crate) async fn get(State(state): State<AppState>) -> Result<Html<String>, WebError> {
    let totals = state.catalogue.store.totals().await?;
    let everything =
        state.catalogue.count(&Filters { page: 1, ..Filters::default() }).await?.facets;
    let findings = state.catalogue.count(&Filters::findings()).await?.total;
    let mut head = Head::new("Statistiques", PATH);
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
        months => months(&state).await?.view(PATH, ""),
        prefectures => prefectures(&state).await?,
    };
    page(&state, "statistics.html", head, body)
}

/// A chart of the page as a file: `/statistiques/mois.png`.
pub(crate) async fn file(
    State(state): State<AppState>,
    Path(file): Path<String>,
) -> Result<Response, WebError> {
    match Kind::split(&file) {
        Some(("mois", kind)) => months(&state).await?.file(kind, &state.catalogue, PATH).await,
        _ => Err(no_such_file(&file)),
    }
}

async fn months(state: &AppState) -> Result<Chart, WebError> {
    let authorised = Filters { levels: vec![Level::Authorises], page: 1, ..Filters::default() };
    let by_month = state.catalogue.count(&authorised).await?.facets.month;
    let title = "Actes qui autorisent, par mois de publication";
    Ok(months::chart(title, &authorised, &by_month, state.catalogue.today(), 12))
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

async fn prefectures(state: &AppState) -> Result<Vec<PrefectureRow>, CatalogueError> {
    let filters = Filters { page: 1, ..Filters::default() }.for_alerts();
    let facets = state.catalogue.count(&filters).await?.facets;
    let row = |facet: FacetCount| {
        let publisher = state.catalogue.publisher(&facet.value);
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
