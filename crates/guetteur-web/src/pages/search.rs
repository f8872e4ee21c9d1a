//! `/recherche`: results, facets, and every filter as a link.

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use guetteur_communes::{Around, Epci};
use guetteur_model::{Category, LegalDoubtKind, Level, Purpose};
use guetteur_publish::address::{Filters, Moment, ORDERS, purpose_from_id, toggle};
use guetteur_publish::formats::ListFormat;
use guetteur_publish::health::Health;
use guetteur_publish::listing::List;
use guetteur_publish::subscribing;
use guetteur_publish::{fields, french};
use guetteur_search::{Expansion, FacetCount, SearchRequest, SearchResults, doubt_of};
use serde::Serialize;

use super::subscription;
use crate::error::WebError;
use crate::listed_act::ListedAct;
use crate::listing;
use crate::page::{Head, alternates, page};
use crate::page_parts::Link;
use crate::places::{self, PlaceFields};
use crate::state::AppState;

/// Acts on a page.
pub(crate) const PER_PAGE: usize = 20;
const PATH: &str = "/recherche";

pub(crate) async fn get(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
) -> Result<Response, WebError> {
    let filters = Filters::parse(query.as_deref().unwrap_or_default());
    let mut request = state.catalogue.request(&filters);
    request.limit = PER_PAGE;
    request.offset = (filters.page as usize - 1) * PER_PAGE;
    let results = state.catalogue.search(request).await?;
    let acts = state
        .catalogue
        .acts(&results.hits.iter().map(|hit| hit.act_id).collect::<Vec<_>>())
        .await?;
    let lines: Vec<ListedAct> = acts
        .iter()
        .map(|act| ListedAct::new(act, results.hits.iter().find(|hit| hit.act_id == act.id)))
        .collect();
    let last = SearchRequest::MAX_WINDOW.min(results.total).div_ceil(PER_PAGE) as u32;
    let on_page = |page| filters.on_page(page).address(PATH);
    let body = fields! {
        heading => heading(&state, &filters),
        q => filters.q,
        du => filters.from.map(|day| day.to_string()).unwrap_or_default(),
        au => filters.to.map(|day| day.to_string()).unwrap_or_default(),
        hidden => hidden(&filters),
        places => PlaceFields::of(&state, &filters),
        sources => source_options(&state, &filters),
        adding => !filters.prefectures.is_empty(),
        sorts => sorts(&filters),
        moments => moments(&filters),
        chosen => chosen(&state, &filters, &results),
        notes => notes(&state, &filters, &results, last),
        suggestion => suggestion(&filters, &results),
        total => results.total,
        acts => lines,
        page => filters.page,
        pages => last,
        previous => (filters.page > 1).then(|| on_page(filters.page - 1)),
        next => (filters.page < last).then(|| on_page(filters.page + 1)),
        dossier => (!filters.is_empty() && results.total > 0).then(|| filters.on_page(1).address("/dossier")),
        facets => facets(&state, &filters, &results),
        empty => if lines.is_empty() { Some(empty(&state, &filters).await?) } else { None },
    };
    let mut head = Head::new(&heading(&state, &filters), &filters.address(PATH));
    head.section = "recherche";
    head.alternates = alternates(PATH, &filters);
    head.follow = Some(subscription::address(&filters));
    head.noindex = !filters.is_empty();
    Ok(page(&state, "search.html", head, body)?.into_response())
}

/// The same list as a feed or an export.
pub(crate) async fn other_format(
    state: AppState,
    format: &'static ListFormat,
    query: String,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let filters = Filters::parse(&query).on_page(1);
    let list = List {
        title: french::capitalised(&subscribing::describe(&state.catalogue, &filters)),
        path: PATH.to_owned(),
        asked: filters.clone(),
        filters,
    };
    listing::answer(&state, list, format, &query, &headers).await
}

fn heading(state: &AppState, filters: &Filters) -> String {
    let mut parts = Vec::new();
    if !filters.q.is_empty() {
        parts.push(format!("« {} »", filters.q));
    }
    parts.extend(filters.categories.iter().map(|category| category.label().to_owned()));
    parts.extend(filters.prefectures.iter().map(|code| state.catalogue.publisher(code).name));
    parts.extend(filters.regions.iter().map(|region| region.name.to_owned()));
    parts.extend(filters.epcis.iter().map(Epci::name));
    parts.extend(filters.around.iter().map(Around::label));
    if parts.is_empty() { "Rechercher".to_owned() } else { parts.join(", ") }
}

/// What the form must carry along: all of the state but what its own fields hold.
fn hidden(filters: &Filters) -> Vec<(&'static str, String)> {
    let own = ["q", "du", "au", "tri", "page"];
    filters.pairs().into_iter().filter(|(name, _)| !own.contains(name)).collect()
}

#[derive(Serialize)]
struct SourceOption {
    code: String,
    label: String,
}

/// The prefectures that can still be added.
fn source_options(state: &AppState, filters: &Filters) -> Vec<SourceOption> {
    state
        .catalogue
        .registry
        .iter()
        .filter(|source| !filters.prefectures.contains(&source.code))
        .map(|source| SourceOption {
            code: source.code.clone(),
            label: format!("{} – {}", source.code, bare_name(&source.name)),
        })
        .collect()
}

/// `de l'Hérault` where all are prefectures.
fn bare_name(name: &str) -> &str {
    name.trim_start_matches("Préfecture ")
}

#[derive(Serialize)]
struct SortOption {
    id: &'static str,
    label: &'static str,
    on: bool,
}

fn sorts(filters: &Filters) -> Vec<SortOption> {
    ORDERS
        .iter()
        .map(|(sort, label)| SortOption { id: sort.as_str(), label, on: *sort == filters.order })
        .collect()
}

fn moments(filters: &Filters) -> Vec<Link> {
    Moment::ALL
        .iter()
        .map(|(moment, _, label)| {
            let href = filters.with(|f| toggle(&mut f.moments, *moment)).address(PATH);
            let on = filters.moments.contains(moment);
            Link { on, ..Link::new(french::capitalised(label), href) }
        })
        .collect()
}

/// Filters in force, each with the address without it.
fn chosen(state: &AppState, filters: &Filters, results: &SearchResults) -> Vec<Link> {
    let mut links = Vec::new();
    let mut add = |label: String, without: Filters| {
        links.push(Link::new(label, without.address(PATH)));
    };
    for code in &filters.prefectures {
        add(
            state.catalogue.publisher(code).name,
            filters.with(|f| toggle(&mut f.prefectures, code.clone())),
        );
    }
    for region in &filters.regions {
        add(region.name.to_owned(), filters.with(|f| toggle(&mut f.regions, *region)));
    }
    for epci in &filters.epcis {
        add(epci.name(), filters.with(|f| toggle(&mut f.epcis, *epci)));
    }
    for around in &filters.around {
        add(around.label(), filters.with(|f| toggle(&mut f.around, *around)));
    }
    for category in &filters.categories {
        let without = filters.with(|f| toggle(&mut f.categories, category.clone()));
        add(category.label().to_owned(), without);
    }
    for level in &filters.levels {
        add(level.label().to_owned(), filters.with(|f| toggle(&mut f.levels, *level)));
    }
    if filters.every_level {
        add("tous les niveaux".to_owned(), filters.with(|f| f.every_level = false));
    }
    for insee in &filters.communes {
        let named = results.facets.commune.iter().find(|facet| facet.value == *insee);
        let label = named.and_then(|facet| facet.label.clone()).unwrap_or_else(|| insee.clone());
        add(label, filters.with(|f| toggle(&mut f.communes, insee.clone())));
    }
    for year in &filters.years {
        add(year.to_string(), filters.with(|f| toggle(&mut f.years, *year)));
    }
    for name in &filters.beneficiaries {
        add(name.clone(), filters.with(|f| toggle(&mut f.beneficiaries, name.clone())));
    }
    for purpose in &filters.purposes {
        let without = filters.with(|f| toggle(&mut f.purposes, *purpose));
        add(french::purpose(*purpose).to_owned(), without);
    }
    if filters.any_doubt {
        add("avec un doute de droit".to_owned(), filters.with(|f| f.any_doubt = false));
    }
    for kind in &filters.doubts {
        add(kind.label().to_owned(), filters.with(|f| toggle(&mut f.doubts, *kind)));
    }
    if let Some(day) = filters.from {
        add(format!("publié depuis le {}", french::day(day)), filters.with(|f| f.from = None));
    }
    if let Some(day) = filters.to {
        add(format!("publié jusqu’au {}", french::day(day)), filters.with(|f| f.to = None));
    }
    links
}

fn notes(state: &AppState, filters: &Filters, results: &SearchResults, last: u32) -> Vec<String> {
    let mut notes: Vec<String> =
        filters.misread.iter().map(|what| format!("Ignoré dans l’adresse : {what}.")).collect();
    notes.extend(filters.guessed.iter().map(|what| format!("Dans l’adresse, {what}.")));
    notes.extend(places::note(filters).map(str::to_owned));
    notes.extend(results.notes.iter().map(|note| state.letters.law().cited_in(note)));
    notes.extend(results.expanded.iter().map(understood));
    if last > 0 && filters.page > last {
        notes.push(format!(
            "La liste n’a que {} : il n’y a pas de page {}.",
            french::count(last.into(), "page", "pages"),
            filters.page
        ));
    }
    if results.total > SearchRequest::MAX_WINDOW && filters.page == last {
        notes.push("Les pages s’arrêtent ici ; exportez la liste pour tout avoir.".to_owned());
    }
    notes
}

/// Meanings told; the list is long for the words most asked for.
const MEANINGS: usize = 4;

/// How a word was understood, without the marks of the query language.
fn understood(expansion: &Expansion) -> String {
    let mut meant: Vec<String> =
        expansion.meant.iter().map(|meaning| plain_words(meaning)).collect();
    meant.dedup();
    let more = if meant.len() > MEANINGS { ", etc" } else { "" };
    meant.truncate(MEANINGS);
    let meant = format!("{}{more}", meant.join(", "));
    if expansion.instead {
        format!(
            "« {} » a été cherché sous la forme : {meant}. Entre guillemets, il serait cherché tel \
             quel.",
            expansion.asked
        )
    } else {
        format!("« {} » a été compris aussi comme : {meant}.", expansion.asked)
    }
}

/// `categorie:drone niveau:autorise` → `catégorie « Drones et hélicoptères »`,
/// `"captation images"~8` → `captation … images`.
fn plain_words(meaning: &str) -> String {
    if let Some(rest) = meaning.strip_prefix("categorie:") {
        let id = rest.split_whitespace().next().unwrap_or(rest);
        let label = Category::new(id).map_or_else(|_| id.to_owned(), |c| c.label().to_owned());
        return format!("catégorie « {label} »");
    }
    match meaning.rsplit_once("\"~") {
        Some((words, _)) => words.trim_matches('"').split(' ').collect::<Vec<_>>().join(" … "),
        None => meaning.trim_matches('"').to_owned(),
    }
}

fn suggestion(filters: &Filters, results: &SearchResults) -> Option<Link> {
    let mended = results.suggestion.as_ref()?;
    let href = filters.with(|f| f.q.clone_from(mended)).address(PATH);
    Some(Link::new(mended.clone(), href))
}

#[derive(Serialize)]
struct Facet {
    label: &'static str,
    first: Vec<Link>,
    rest: Vec<Link>,
}

/// Values shown before « de plus ».
const SHOWN: usize = 8;
/// Values shown at all: a page stays under 100 kB; the search box reaches the others.
const LISTED: usize = 40;

fn facets(state: &AppState, filters: &Filters, results: &SearchResults) -> Vec<Facet> {
    let counts = &results.facets;
    let all = [
        facet("Catégorie", &counts.category, filters, |facet, f| {
            let category = Category::new(&facet.value).ok()?;
            let on = f.categories.contains(&category);
            let label = category.label().to_owned();
            toggle(&mut f.categories, category);
            Some((label, on))
        }),
        facet("Niveau", &counts.level, filters, |facet, f| {
            let level: Level = facet.value.parse().ok()?;
            let on = f.levels.contains(&level);
            toggle(&mut f.levels, level);
            Some((french::capitalised(level.label()), on))
        }),
        facet("Préfecture", &counts.prefecture, filters, |facet, f| {
            let publisher = state.catalogue.publisher(&facet.value);
            let on = f.prefectures.iter().any(|code| code.eq_ignore_ascii_case(&publisher.code));
            toggle(&mut f.prefectures, publisher.code);
            Some((bare_name(&publisher.name).to_owned(), on))
        }),
        facet("Année", &counts.year, filters, |facet, f| {
            let year = facet.value.parse().ok()?;
            let on = f.years.contains(&year);
            toggle(&mut f.years, year);
            Some((facet.value.clone(), on))
        }),
        facet("Commune", &counts.commune, filters, |facet, f| {
            let on = f.communes.contains(&facet.value);
            toggle(&mut f.communes, facet.value.clone());
            Some((facet.label.clone().unwrap_or_else(|| facet.value.clone()), on))
        }),
        facet("Bénéficiaire", &counts.beneficiary, filters, |facet, f| {
            let on = f.beneficiaries.contains(&facet.value);
            toggle(&mut f.beneficiaries, facet.value.clone());
            Some((facet.label.clone().unwrap_or_else(|| facet.value.clone()), on))
        }),
        facet("Finalité", &counts.purpose, filters, |facet, f| {
            let purpose: Purpose = purpose_from_id(&facet.value)?;
            let on = f.purposes.contains(&purpose);
            toggle(&mut f.purposes, purpose);
            Some((french::capitalised(french::purpose(purpose)), on))
        }),
        facet("Doute de droit", &counts.doubt, filters, |facet, f| {
            let kind: LegalDoubtKind = doubt_of(&facet.value)?;
            let on = f.doubts.contains(&kind);
            toggle(&mut f.doubts, kind);
            Some((french::capitalised(kind.label()), on))
        }),
    ];
    all.into_iter().filter(|facet| !facet.first.is_empty()).collect()
}

fn facet(
    label: &'static str,
    counts: &[FacetCount],
    filters: &Filters,
    click: impl Fn(&FacetCount, &mut Filters) -> Option<(String, bool)>,
) -> Facet {
    let mut links: Vec<Link> = counts
        .iter()
        .take(LISTED)
        .filter_map(|count| {
            let mut clicked = filters.on_page(1);
            let (label, on) = click(count, &mut clicked)?;
            let link = Link { on, ..Link::new(label, clicked.address(PATH)) };
            Some(link.counting(count.count))
        })
        .collect();
    links.sort_by_key(|link| !link.on);
    let rest = links.split_off(SHOWN.min(links.len()));
    Facet { label, first: links, rest }
}

#[derive(Serialize)]
struct Empty {
    searched: String,
    freshness: String,
    sources: Vec<SearchedSource>,
}

#[derive(Serialize)]
struct SearchedSource {
    code: String,
    name: String,
    health: &'static str,
    label: &'static str,
    last_ok: Option<String>,
}

/// An empty answer says what was searched, and how far that can be trusted.
async fn empty(state: &AppState, filters: &Filters) -> Result<Empty, WebError> {
    let now = state.catalogue.now();
    let states = state.catalogue.store.source_health().await?;
    let mut healthy = 0;
    let mut sources = Vec::new();
    for source in state.catalogue.covered(filters) {
        let row = states.iter().find(|row| row.code == source.code);
        let health = Health::of(row, now);
        healthy += u64::from(health.is_fresh());
        sources.push(SearchedSource {
            code: source.code.clone(),
            name: source.name.clone(),
            health: health.id(),
            label: health.label(),
            last_ok: row.and_then(|row| row.last_ok_at).map(|at| french::ago(now, at)),
        });
    }
    let indexed = french::count(state.catalogue.index.len() as u64, "acte indexé", "actes indexés");
    let freshness = format!(
        "{} sur {} à jour. Ce qu’une source non lue a publié ne peut pas être trouvé.",
        french::count(healthy, "source", "sources"),
        french::number(sources.len() as u64),
    );
    if !filters.names_a_place() {
        sources.clear();
    }
    let searched = format!("La recherche a porté sur les titres et les textes de {indexed}.");
    Ok(Empty { searched, freshness, sources })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn meanings_are_told_without_the_query_language() {
        let cases = [
            ("categorie:drone niveau:autorise,restreint", "catégorie « Drones et hélicoptères »"),
            ("\"captation images\"~8", "captation … images"),
            ("\"anti drone\"", "anti drone"),
            ("brouilleur", "brouilleur"),
        ];
        for (meaning, expected) in cases {
            assert_eq!(plain_words(meaning), expected);
        }
    }
}
