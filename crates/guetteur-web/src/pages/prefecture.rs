//! `/prefecture/{code}`: one source, its state, its flagged acts, its bulletins.

use crate::templates::fields;
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use guetteur_model::Category;
use guetteur_search::{FacetCount, Sort};
use guetteur_store::{BulletinFilter, BulletinRow};
use serde::Serialize;

use super::{Figure, Link};
use crate::address::Filters;
use crate::error::WebError;
use crate::french;
use crate::health::{self, Health};
use crate::lines::Line;
use crate::listing::{self, List, Suffix};
use crate::page::{Head, alternates, page};
use crate::published::web_address;
use crate::state::AppState;

#[derive(Serialize)]
struct HealthView {
    id: &'static str,
    label: &'static str,
    sentence: String,
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
    let (code, suffix) = Suffix::split(&name);
    let Some(source) = state.source(code).cloned() else {
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
    if let Some(suffix) = suffix {
        let list = List { title: source.name.clone(), path, asked, filters };
        return listing::answer(&state, list, suffix, &query, &headers).await;
    }
    let mut request = state.request(&filters);
    request.sort = Sort::Published;
    request.limit = 20;
    request.filters.flagged = true;
    let results = state.search(request).await?;
    let ids: Vec<i64> = results.hits.iter().map(|hit| hit.act_id).collect();
    let acts = state.acts(&ids).await?;
    let now = state.now();
    let states = state.store.source_states().await?;
    let row = states.iter().find(|row| row.code == source.code);
    let health = Health::of(row, now);
    let counts = row.cloned().unwrap_or_default();
    let recent = BulletinFilter { sources: vec![source.code.clone()], ..BulletinFilter::default() };
    let bulletins = state.store.list_bulletins(&recent, 12, 0).await?;
    let in_search = |change: &dyn Fn(&mut Filters)| filters.with(change).address("/recherche");
    let mut head = Head::new(&source.name, &path);
    head.section = "prefectures";
    head.alternates = alternates(&path, &asked);
    head.description =
        format!("Actes de surveillance signalés dans les recueils : {}.", source.name);
    let body = fields! {
        publisher => state.publisher(code),
        health => HealthView {
            id: health.id(),
            label: health.label(),
            sentence: health::sentence(row, now),
        },
        figures => [
            Figure { value: counts.flagged, label: "actes signalés" },
            Figure { value: counts.acts, label: "actes lus" },
            Figure { value: counts.bulletins, label: "recueils" },
        ],
        acts => Line::all(&acts),
        nothing => nothing(health),
        all_flagged => in_search(&|f| f.order = Sort::Published) + "&niveau=authorises&niveau=restricts&niveau=concerns",
        all => in_search(&|f| f.order = Sort::Published),
        categories => links(&results.facets.category, |id| {
            let category = Category::new(id).ok()?;
            Some((category.label().to_owned(), in_search(&|f| f.categories = vec![category.clone()])))
        }),
        communes => links(&results.facets.commune, |insee| {
            let facet = results.facets.commune.iter().find(|facet| facet.value == insee)?;
            Some((facet.label.clone().unwrap_or_else(|| insee.to_owned()), format!("/commune/{insee}")))
        }),
        bulletins => bulletins.iter().map(bulletin_link).collect::<Vec<_>>(),
        roots => source.roots.iter().filter_map(|root| web_address(root)).collect::<Vec<_>>(),
    };
    Ok(page(&state, "prefecture.html", head, body)?.into_response())
}

/// « Nothing found » and « not looked » in words.
fn nothing(health: Health) -> &'static str {
    match health {
        Health::Fresh | Health::Stale => {
            "Rien trouvé : aucun acte de surveillance dans les recueils lus."
        }
        Health::Empty => "Rien trouvé : le site a été lu, il ne liste aucun recueil.",
        Health::Failing => "Rien ici, mais les derniers passages ont échoué : on ne sait pas.",
        Health::Never => "Pas regardé : cette source n’a pas encore été lue.",
    }
}

fn links(counts: &[FacetCount], target: impl Fn(&str) -> Option<(String, String)>) -> Vec<Link> {
    counts
        .iter()
        .take(12)
        .filter_map(|facet| {
            let (label, href) = target(&facet.value)?;
            Some(Link::new(label, href).counting(facet.count))
        })
        .collect()
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
