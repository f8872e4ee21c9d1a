//! `/prefecture/{code}`: one source, its state, what it authorises, its flagged acts, its bulletins.

use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{Html, IntoResponse, Redirect, Response};
use guetteur_model::{ActId, Category, LeftOut, Level, Source};
use guetteur_publish::address::Filters;
use guetteur_publish::formats::ListFormat;
use guetteur_publish::health::{Health, HealthView};
use guetteur_publish::listing::List;
use guetteur_publish::published::{PublishedAct, web_address};
use guetteur_publish::subscribing::describe;
use guetteur_publish::{failure_words, fields, french};
use guetteur_search::{FacetCount, SearchRequest, SearchResults, Sort};
use guetteur_store::{BulletinFilter, BulletinRow, SourceState, SourceStatus};
use serde::Serialize;

use super::coverage::missing;
use super::standing_view::StandingView;
use super::subscription;
use crate::error::WebError;
use crate::listed_act::ListedAct;
use crate::listing;
use crate::page::{Head, alternates, page};
use crate::page_parts::{Figure, Link};
use crate::state::AppState;

/// A document that the source lists and that was not taken for a bulletin.
#[derive(Serialize)]
struct LeftOutDocument {
    title: String,
    href: Option<String>,
    reason: &'static str,
}

#[derive(Serialize)]
struct BulletinLink {
    label: String,
    href: String,
    date: String,
}

pub(crate) async fn get(
    State(state): State<AppState>,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let (code, format) = ListFormat::split(&name);
    let Some(source) = state.catalogue.source(code).cloned() else {
        return Err(WebError::NotFound(format!(
            "Aucune préfecture n’a le code « {code} ». La liste est sur la page Préfectures."
        )));
    };
    if source.code != code {
        let suffix = name[code.len()..].to_owned();
        return Ok(
            Redirect::permanent(&format!("/prefecture/{}{suffix}", source.code)).into_response()
        );
    }
    let path = format!("/prefecture/{code}");
    let query = query.unwrap_or_default();
    let asked = Filters::parse(&query).on_page(1);
    let filters = asked.with(|f| f.prefectures = vec![source.code.clone()]);
    if let Some(format) = format {
        let title = describe(&state.catalogue, &filters);
        let list = List { title, path, asked, filters };
        return listing::answer(&state, list, format, &query, &headers).await;
    }
    Ok(show(&state, &source, &asked, &filters).await?.into_response())
}

async fn show(
    state: &AppState,
    source: &Source,
    asked: &Filters,
    filters: &Filters,
) -> Result<Html<String>, WebError> {
    let (catalogue, store) = (&state.catalogue, &state.catalogue.store);
    let recent = BulletinFilter { sources: vec![source.code.clone()], ..BulletinFilter::default() };
    // None needs another: a reader waits for the slowest, not for their sum.
    let ((results, acts), (row, missing), bulletins, standing, left_out, distrusted) = tokio::try_join!(
        latest(state, filters),
        whether_whole(state, source),
        async { Ok(store.list_bulletins(&recent, 12, 0).await?) },
        async { Ok(StandingView::of(catalogue, filters).await?) },
        left_out(state, &source.code),
        distrusted(state, &source.code),
    )?;
    let counts = row.clone().unwrap_or_default();
    let row = row.as_ref();
    let newest_first = filters.with(|f| f.order = Sort::Published);
    let body = fields! {
        publisher => state.catalogue.publisher(&source.code),
        health => HealthView::of(row, state.catalogue.now()),
        figures => [
            Figure::new(counts.flagged, "acte signalé", "actes signalés"),
            Figure::new(counts.acts, "acte lu", "actes lus"),
            Figure::new(counts.bulletins, "recueil", "recueils"),
        ],
        today => french::weekday_and_day(state.catalogue.today()),
        standing,
        acts => ListedAct::all(&acts),
        nothing => nothing(Health::of(row, state.catalogue.now())),
        all_flagged => newest_first.with(|f| f.levels = FLAGGED.to_vec()).address(SEARCH),
        all => newest_first.address(SEARCH),
        categories => category_links(filters, &results.facets.category),
        communes => commune_links(&results.facets.commune),
        bulletins => bulletins.iter().map(bulletin_link).collect::<Vec<_>>(),
        missing,
        left_out,
        distrusted,
        roots => source.roots.iter().filter_map(|root| web_address(root)).collect::<Vec<_>>(),
    };
    let mut head = Head::new(&source.name, &format!("/prefecture/{}", source.code));
    head.section = "prefectures";
    head.alternates = alternates(&head.path, asked);
    head.follow = Some(subscription::address(filters));
    head.description = format!("Actes de surveillance signalés : {}.", source.name);
    page(state, "prefecture.html", head, body)
}

/// The newest flagged acts, and how many there are of what.
async fn latest(
    state: &AppState,
    filters: &Filters,
) -> Result<(SearchResults, Vec<PublishedAct>), WebError> {
    let results = state.catalogue.search(latest_flagged(state, filters)).await?;
    let ids: Vec<ActId> = results.hits.iter().map(|hit| hit.act_id).collect();
    let acts = state.catalogue.acts(&ids).await?;
    Ok((results, acts))
}

/// The state of a source, and what its numbers say is missing.
async fn whether_whole(
    state: &AppState,
    source: &Source,
) -> Result<(Option<SourceState>, Vec<String>), WebError> {
    let states = state.catalogue.store.source_states().await?;
    let row = states.into_iter().find(|row| row.code == source.code);
    let missing = missing(state, row.as_ref()).await?;
    Ok((row, missing))
}

/// What is listed: all that is more than a mention.
const FLAGGED: [Level; 3] = [Level::Authorises, Level::Restricts, Level::Concerns];
const SEARCH: &str = "/recherche";

fn latest_flagged(state: &AppState, filters: &Filters) -> SearchRequest {
    let mut request = state.catalogue.request(filters);
    request.sort = Sort::Published;
    request.limit = 20;
    request.filters.flagged = true;
    request
}

/// « Nothing found » and « not looked » in words.
fn nothing(health: Health) -> &'static str {
    match health {
        Health::Empty => "Rien trouvé : le site a été lu, il ne liste aucun recueil.",
        Health::Is(SourceStatus::Never) => "Pas regardé : cette source n’a pas encore été lue.",
        health if health.is_failing() => {
            "Rien ici, mais les derniers passages ont échoué : on ne sait pas."
        }
        _ => "Rien trouvé : aucun acte de surveillance dans les recueils lus.",
    }
}

/// Values of a facet shown beside the list.
const SHOWN: usize = 12;

fn category_links(filters: &Filters, counts: &[FacetCount]) -> Vec<Link> {
    let link = |facet: &FacetCount| {
        let category = Category::new(&facet.value).ok()?;
        let label = category.label().to_owned();
        let href = filters.with(|f| f.categories = vec![category]).address(SEARCH);
        Some(Link::new(label, href).counting(facet.count))
    };
    counts.iter().take(SHOWN).filter_map(link).collect()
}

fn commune_links(counts: &[FacetCount]) -> Vec<Link> {
    let link = |facet: &FacetCount| {
        let label = facet.label.clone().unwrap_or_else(|| facet.value.clone());
        Link::new(label, format!("/commune/{}", facet.value)).counting(facet.count)
    };
    counts.iter().take(SHOWN).map(link).collect()
}

async fn left_out(state: &AppState, code: &str) -> Result<Vec<LeftOutDocument>, WebError> {
    let documents = state.catalogue.store.left_out(Some(code)).await?;
    let shown = |(_, document): (String, LeftOut)| LeftOutDocument {
        href: web_address(&document.url).map(str::to_owned),
        title: document.title,
        reason: failure_words::left_out(document.reason),
    };
    Ok(documents.into_iter().map(shown).collect())
}

/// Since when a list of the source is read whole each time, for it had changed unsaid.
async fn distrusted(state: &AppState, code: &str) -> Result<Option<String>, WebError> {
    let lists = state.catalogue.store.newest_lists(Some(code)).await?;
    Ok(lists.iter().filter_map(|list| list.distrusted_at).min().map(french::instant))
}

fn bulletin_link(bulletin: &BulletinRow) -> BulletinLink {
    let label = match &bulletin.number {
        Some(number) => format!("n° {number}"),
        None => bulletin.title.clone(),
    };
    BulletinLink {
        label,
        href: format!("/recueil/{}", bulletin.id),
        date: bulletin.published_on.map(french::day).unwrap_or_default(),
    }
}
