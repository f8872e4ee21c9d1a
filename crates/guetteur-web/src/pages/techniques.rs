//! `/techniques`: by kind of measure, the towns where it is authorised. Campaigns begin here.

use axum::extract::{Path, RawQuery, State};
use axum::response::{Html, IntoResponse, Response};
use guetteur_model::{Category, TownStep};
use guetteur_publish::{fields, french};
use serde::Serialize;
use url::form_urlencoded;

use crate::error::WebError;
use crate::figures::attachment;
use crate::figures::report::towns::{Place, Places, Town, table, towns};
use crate::page::{Head, page};
use crate::page_parts::Link;
use crate::state::AppState;

const PATH: &str = "/techniques";
/// Towns shown without a département being chosen.
const FEW: usize = 200;

pub(crate) async fn index(State(state): State<AppState>) -> Result<Html<String>, WebError> {
    let book = state.figures.read(&state.catalogue).await?;
    let today = state.catalogue.today();
    let mut kinds = Vec::new();
    for (id, label) in Category::BUILT_IN {
        let Ok(category) = Category::new(id) else { continue };
        let named: usize =
            towns(&book, &category, today).values().map(|place| place.towns.len()).sum();
        kinds.push(Link::new(label, format!("{PATH}/{id}")).counting(named));
    }
    let mut head = Head::new("Les communes, technique par technique", PATH);
    head.section = "communes";
    head.description = "Les communes où chaque technique de surveillance est autorisée.".to_owned();
    page(&state, "techniques.html", head, fields! { kinds })
}

/// A département in the table of the page.
#[derive(Serialize)]
struct PlaceView {
    code: &'static str,
    name: &'static str,
    looked: bool,
    towns: usize,
    in_force: usize,
    href: String,
    on: bool,
}

/// A town in the table of the page.
#[derive(Serialize)]
struct TownView {
    name: &'static str,
    href: String,
    departement: String,
    acts: u64,
    acts_href: String,
    in_force: u64,
    last: Option<String>,
    step: Option<&'static str>,
    step_day: Option<String>,
}

/// `/techniques/vsa`, `/techniques/vsa.csv`.
pub(crate) async fn get(
    State(state): State<AppState>,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, WebError> {
    let (id, as_csv) = name.strip_suffix(".csv").map_or((&*name, false), |id| (id, true));
    let category = category(&state, id)?;
    let book = state.figures.read(&state.catalogue).await?;
    let register = state.catalogue.register().await?;
    let places = towns(&book, &category, state.catalogue.today());
    if as_csv {
        let base = &state.catalogue.site.base_url;
        let csv = table(&places, &register, base, category.label()).to_csv()?;
        let name = format!("communes-{id}");
        return Ok(attachment(&name, "csv", "text/csv; charset=utf-8; header=present", csv));
    }
    let query = query.unwrap_or_default();
    let chosen = form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "departement")
        .map(|(_, code)| code.into_owned())
        .filter(|code| places.contains_key(&**code));
    let total: usize = places.values().map(|place| place.towns.len()).sum();
    let shown = |code: &str| chosen.as_deref().map_or(total <= FEW, |chosen| chosen == code);
    let mut told = Vec::new();
    for (code, place) in places.iter().filter(|(code, _)| shown(code)) {
        for town in &place.towns {
            let step = register.last(&town.insee);
            told.push(TownView {
                step: step.map(|step| step.step.label()),
                step_day: step.map(|step| french::day(step.happened_on)),
                ..town_view(id, code, place, town)
            });
        }
    }
    let path = format!("{PATH}/{id}");
    let mut head = Head::new(&format!("{} : les communes", category.label()), &path);
    head.section = "communes";
    head.description = format!(
        "Les communes où un acte autorise : {}, et les départements qui n’ont pas été lus.",
        category.label()
    );
    let at = |step: TownStep| {
        let named = places.values().flat_map(|place| &place.towns);
        let is = |town: &&Town| register.last(&town.insee).is_some_and(|last| last.step == step);
        (step.label(), named.filter(is).count() as u64)
    };
    let body = fields! {
        label => category.label(),
        total,
        unread => places.values().filter(|place| !place.looked).count(),
        chosen => chosen.as_deref().and_then(|code| places.get(code)).map(|place| place.name),
        steps => TownStep::ALL.map(at),
        places => place_views(&places, &path, chosen.as_deref()),
        towns => told,
        csv => format!("{path}.csv"),
        others => others(id),
    };
    Ok(page(&state, "technique.html", head, body)?.into_response())
}

/// A built-in category, or one of the operator's rules.
fn category(state: &AppState, id: &str) -> Result<Category, WebError> {
    let known = Category::BUILT_IN.iter().any(|(built_in, _)| *built_in == id)
        || state.rules.iter().any(|rule| rule.category == id);
    let unknown = || {
        WebError::NotFound(format!(
            "« {id} » n’est aucune des techniques suivies : la page {PATH} les liste."
        ))
    };
    Category::new(id).ok().filter(|_| known).ok_or_else(unknown)
}

fn others(id: &str) -> Vec<Link> {
    let link = |(other, label): &(&str, &str)| Link {
        on: *other == id,
        ..Link::new(*label, format!("{PATH}/{other}"))
    };
    Category::BUILT_IN.iter().map(link).collect()
}

fn place_views(places: &Places, path: &str, chosen: Option<&str>) -> Vec<PlaceView> {
    let view = |(code, place): (&&'static str, &Place)| PlaceView {
        code,
        name: place.name,
        looked: place.looked,
        towns: place.towns.len(),
        in_force: place.towns.iter().filter(|town| town.in_force > 0).count(),
        href: format!("{path}?departement={code}#communes"),
        on: chosen == Some(*code),
    };
    places.iter().map(view).collect()
}

fn town_view(category: &str, code: &str, place: &Place, town: &Town) -> TownView {
    TownView {
        name: town.name,
        href: format!("/commune/{}", town.insee),
        departement: format!("{} ({code})", place.name),
        acts: town.acts,
        acts_href: format!(
            "/recherche?commune={}&categorie={category}&niveau=authorises",
            town.insee
        ),
        in_force: town.in_force,
        last: town.last.map(french::day),
        step: None,
        step_day: None,
    }
}
