//! `/commune/{insee}`: what is authorised in a commune, since when, until when, by whom.

use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{Html, IntoResponse, Redirect, Response};
use guetteur_communes::{CommuneRecord, communes, departement_of};
use guetteur_model::{ActId, Level, Source};
use guetteur_publish::address::Filters;
use guetteur_publish::formats::ListFormat;
use guetteur_publish::health::HealthView;
use guetteur_publish::listing::List;
use guetteur_publish::subscribing::describe;
use guetteur_publish::{fields, french};
use guetteur_search::Sort;
use serde::Serialize;

use super::communes::departement;
use super::coverage::missing;
use super::register::StepView;
use super::standing_view::StandingView;
use super::subscription;
use crate::error::WebError;
use crate::listed_act::ListedAct;
use crate::listing;
use crate::page::{Head, alternates, page};
use crate::page_parts::Link;
use crate::places::WiderPlace;
use crate::state::AppState;

/// Acts shown before the link to all.
const SHOWN: usize = 20;
/// Acts shown that name no commune.
const SHOWN_OF_DEPARTEMENT: usize = 5;

pub(crate) async fn get(
    State(state): State<AppState>,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let (insee, format) = ListFormat::split(&name);
    let commune = match commune(insee)? {
        Known::Today(commune) => commune,
        Known::Former(commune) => {
            let suffix = name[insee.len()..].to_owned();
            let today = format!("/commune/{}{suffix}", commune.insee);
            return Ok(Redirect::permanent(&today).into_response());
        }
    };
    let path = format!("/commune/{insee}");
    let query = query.unwrap_or_default();
    let asked = Filters::parse(&query).on_page(1);
    let filters = asked.with(|f| f.communes = vec![commune.insee.to_owned()]);
    if let Some(format) = format {
        let place = format!("{} ({insee})", commune.name);
        let title = match asked.is_empty() {
            true => place,
            false => format!("{place} : {}", describe(&state.catalogue, &asked)),
        };
        let list = List { title, path, asked, filters };
        return listing::answer(&state, list, format, &query, &headers).await;
    }
    Ok(show(&state, &commune, &asked, &filters).await?.into_response())
}

/// What an INSEE code stands for.
pub(crate) enum Known {
    /// A commune of today.
    Today(CommuneRecord),
    /// A former commune: the one that it now belongs to.
    Former(CommuneRecord),
}

/// The commune of an INSEE code, of today or of old.
pub(crate) fn commune(insee: &str) -> Result<Known, WebError> {
    // The Corsican ones have a letter, which people type as they like; the page has one address.
    let upper = insee.to_ascii_uppercase();
    let today = communes().record(insee).map(Known::Today);
    let former =
        || communes().today(insee).or_else(|| communes().record(&upper)).map(Known::Former);
    today.or_else(former).ok_or_else(|| {
        WebError::NotFound(format!(
            "« {insee} » n’est le code INSEE d’aucune commune (cinq caractères : 34172, 2A004). \
             La page « Trouver sa commune » (/communes) cherche par nom ou code postal."
        ))
    })
}

/// The sources that publish acts about this commune, as far as their département tells.
pub(crate) fn sources<'a>(
    state: &'a AppState,
    commune: &'a CommuneRecord,
) -> impl Iterator<Item = &'a Source> {
    let departement = departement_of(commune.insee);
    state.catalogue.registry.iter().filter(move |source| source.departement() == Some(departement))
}

/// A source with how fresh it is.
#[derive(Serialize)]
struct Freshness {
    name: String,
    href: String,
    health: HealthView,
    last_published: Option<String>,
    missing: usize,
}

/// Ends of authorisations shown; the calendar has all.
const ENDS: usize = 5;

async fn show(
    state: &AppState,
    commune: &CommuneRecord,
    asked: &Filters,
    filters: &Filters,
) -> Result<Html<String>, WebError> {
    let findings = filters.with(|f| f.levels = Filters::findings().levels);
    let catalogue = &state.catalogue;
    // None needs another: a reader waits for the slowest, not for their sum.
    let (acts, counted, standing, ends, steps, wide, fresh) = tokio::try_join!(
        async { Ok::<_, WebError>(catalogue.newest(&findings, SHOWN).await?) },
        async { Ok(catalogue.count(&findings).await?) },
        async { Ok(StandingView::of(catalogue, filters).await?) },
        async { Ok(super::renewals::ends(state, commune).await?) },
        steps(state, commune),
        departement_wide(state, commune),
        freshness(state, commune),
    )?;
    let mut head = Head::new(commune.name, &format!("/commune/{}", commune.insee));
    head.section = "communes";
    head.alternates = alternates(&head.path, asked);
    head.follow = Some(subscription::address(filters));
    head.noindex = acts.is_empty();
    head.description = format!(
        "Ce qui est autorisé {} : drones, vidéosurveillance et autres moyens de surveillance, \
         avec les arrêtés.",
        commune.with_a()
    );
    let region = sources(state, commune).next().map(|source| source.region.clone());
    let body = fields! {
        ends => super::renewals::first(&ends, ENDS),
        more_ends => ends.len().saturating_sub(ENDS),
        steps,
        insee => commune.insee,
        name => commune.name,
        at => commune.with_a(),
        departement => departement(commune.insee),
        inhabitants => french::count(commune.population.into(), "habitant", "habitants"),
        inhabited => commune.population > 0,
        today => french::weekday_and_day(state.catalogue.today()),
        nothing => standing.is_empty(),
        standing,
        total => counted.total,
        all => findings.address("/recherche"),
        acts => ListedAct::all(&acts),
        wider => WiderPlace::all(commune, region.as_deref()),
        wide,
        sources => fresh,
        city => commune.part_of.and_then(|city| communes().record(city)).map(|c| link(&c)),
        parts => communes().parts(commune.insee).iter().map(link).collect::<Vec<_>>(),
    };
    page(state, "commune.html", head, body)
}

/// What the commune was asked, answered and voted.
async fn steps(state: &AppState, commune: &CommuneRecord) -> Result<Vec<StepView>, WebError> {
    let steps = state.catalogue.store.steps_of(commune.insee).await?;
    Ok(steps.iter().map(StepView::of).collect())
}

fn link(commune: &CommuneRecord) -> Link {
    Link::new(commune.name, format!("/commune/{}", commune.insee))
}

async fn freshness(state: &AppState, commune: &CommuneRecord) -> Result<Vec<Freshness>, WebError> {
    let rows = state.catalogue.store.source_health().await?;
    let mut all = Vec::new();
    for source in sources(state, commune) {
        let row = rows.iter().find(|row| row.code == source.code);
        all.push(Freshness {
            name: source.name.clone(),
            href: format!("/prefecture/{}", source.code),
            health: HealthView::of(row, state.catalogue.now()),
            last_published: row.and_then(|row| row.last_published_on).map(french::day),
            missing: missing(state, row).await?.len(),
        });
    }
    Ok(all)
}

/// Acts of the commune's prefectures that name no commune: they may hold for all.
#[derive(Serialize)]
struct Wide {
    count: u64,
    lines: Vec<ListedAct>,
}

async fn departement_wide(state: &AppState, commune: &CommuneRecord) -> Result<Wide, WebError> {
    let sources: Vec<String> = sources(state, commune).map(|s| s.code.clone()).collect();
    if sources.is_empty() {
        return Ok(Wide { count: 0, lines: Vec::new() });
    }
    let filters = Filters {
        prefectures: sources,
        levels: vec![Level::Authorises, Level::Restricts],
        page: 1,
        ..Filters::default()
    };
    let mut newest = state.catalogue.request(&filters);
    newest.filters.without_commune = true;
    newest.sort = Sort::Published;
    newest.limit = SHOWN_OF_DEPARTEMENT;
    (newest.facets, newest.relax) = (false, false);
    let found = state.catalogue.search(newest).await?;
    let ids: Vec<ActId> = found.hits.iter().map(|hit| hit.act_id).collect();
    Ok(Wide {
        count: found.total as u64,
        lines: ListedAct::all(&state.catalogue.acts(&ids).await?),
    })
}
