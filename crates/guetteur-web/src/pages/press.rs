//! `…/presse`: a sheet for journalists of a town, a prefecture or an investigation: figures that each
//! lead to their acts, and how they are counted. It prints well.

use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use guetteur_model::Level;
use guetteur_publish::address::{Filters, Moment};
use guetteur_publish::{PublishedAct, fields, french};
use serde::Serialize;

use super::commune::{Known, commune, sources};
use super::investigations::Investigation;
use crate::error::WebError;
use crate::figures::report::{Report, Sources};
use crate::figures::table::TableView;
use crate::page::{Head, page};
use crate::state::AppState;

/// Acts named on a sheet.
const ACTS: usize = 10;
/// Rows of a table on a sheet; the page has all.
const ROWS: usize = 15;

/// A figure in a sentence, and where each act of it can be checked.
#[derive(Serialize)]
struct Fact {
    words: String,
    href: String,
}

/// An act as the sheet names it.
#[derive(Serialize)]
struct ActLine {
    title: String,
    published: Option<String>,
    period: Option<String>,
    href: String,
}

/// What a sheet is filled with.
#[derive(Default, Serialize)]
struct Sheet {
    title: String,
    lead: String,
    facts: Vec<Fact>,
    acts: Vec<ActLine>,
    tables: Vec<TableView>,
    method: Vec<String>,
    /// The page that it sums up, from `/`.
    path: String,
}

/// What every sheet of a place says of its figures.
const OF_PLACES: [&str; 3] = [
    "Est comptée chaque autorisation que les recueils lus contiennent ; ce qui n’a pas été publié en \
     ligne, ou pas été lu, n’y est pas. Autorisé ne veut pas dire utilisé.",
    "« En vigueur » : l’acte donne des jours d’effet, qui comprennent aujourd’hui, et ni un autre acte \
     ni un juge connu d’ici n’y a mis fin.",
    "Les caméras et les aéronefs sont des maximums que les actes donnent, additionnés acte par acte : \
     le même aéronef, autorisé deux fois, compte deux fois, et un acte de deux catégories compte dans \
     chacune. Un acte qui n’en dit rien n’est pas deviné.",
];

pub(crate) async fn of_town(
    State(state): State<AppState>,
    Path(insee): Path<String>,
) -> Result<Response, WebError> {
    let commune = match commune(&insee)? {
        Known::Today(commune) => commune,
        Known::Former(commune) => {
            let today = format!("/commune/{}/presse", commune.insee);
            return Ok(Redirect::permanent(&today).into_response());
        }
    };
    let place = Filters { communes: vec![commune.insee.to_owned()], page: 1, ..Filters::default() };
    let read: Vec<&str> = sources(&state, &commune).map(|source| &*source.name).collect();
    let read = match read.is_empty() {
        true => "Aucune source suivie ne publie pour ce département.".to_owned(),
        false => format!("Source : {}.", read.join(", ")),
    };
    let sheet = Sheet {
        title: format!("La surveillance autorisée {}", commune.with_a()),
        path: format!("/commune/{}", commune.insee),
        method: std::iter::once(read)
            .chain(std::iter::once(
                "Un acte qui vaut pour tout le département sans nommer la commune n’est pas compté."
                    .to_owned(),
            ))
            .chain(OF_PLACES.map(str::to_owned))
            .collect(),
        ..of_place(&state, &place).await?
    };
    Ok(show(&state, sheet)?.into_response())
}

pub(crate) async fn of_prefecture(
    State(state): State<AppState>,
    Path(code): Path<String>,
) -> Result<Response, WebError> {
    let source =
        state.catalogue.source(&code).cloned().ok_or_else(|| {
            WebError::NotFound(format!("Aucune préfecture n’a le code « {code} »."))
        })?;
    let place = Filters { prefectures: vec![source.code.clone()], page: 1, ..Filters::default() };
    let sheet = Sheet {
        title: format!("{} : la surveillance autorisée", source.name),
        path: format!("/prefecture/{}", source.code),
        method: OF_PLACES.map(str::to_owned).into(),
        ..of_place(&state, &place).await?
    };
    Ok(show(&state, sheet)?.into_response())
}

/// The figures and the newest authorisations of a place.
async fn of_place(state: &AppState, place: &Filters) -> Result<Sheet, WebError> {
    let standing = state.catalogue.standing(place).await?;
    let authorisations = place.with(|f| f.levels = vec![Level::Authorises]);
    let at = |change: &dyn Fn(&mut Filters)| authorisations.with(change).address("/recherche");
    let mut facts = vec![Fact {
        words: format!(
            "{} dans les recueils lus.",
            french::count(
                standing.total(),
                "acte autorise une surveillance",
                "actes autorisent une surveillance"
            )
        ),
        href: at(&|_| {}),
    }];
    for (category, devices) in &standing.all.devices {
        let mut words =
            format!("{} : {}", category.label(), french::count(devices.acts, "acte", "actes"));
        for (stated, one, many) in
            [(devices.cameras, "caméra", "caméras"), (devices.aircraft, "aéronef", "aéronefs")]
        {
            // One act alone says how many there may be; of several the sum says less than it seems.
            words += &match (devices.acts, stated.acts) {
                (_, 0) => String::new(),
                (1, _) => format!(", {} au plus", french::count(stated.sum, one, many)),
                _ => format!(
                    ", {} en additionnant ce que chacun permet, pas forcément à la fois",
                    french::count(stated.sum, one, many)
                ),
            };
        }
        facts.push(Fact {
            words: format!("{words}."),
            href: at(&|f| f.categories = vec![category.clone()]),
        });
    }
    let (known, short) = (standing.all.notice_known, standing.all.short_notice);
    if known > 0 {
        let told = french::count(short, "a été publié", "ont été publiés");
        facts.push(Fact {
            words: format!(
                "Sur {} dont on connaît le préavis, {told} moins de 48 heures avant de prendre \
                 effet, ou après.",
                french::count(known, "acte", "actes")
            ),
            href: at(&|f| f.moments = vec![Moment::ShortNotice]),
        });
    }
    let acts = state.catalogue.newest(&authorisations, ACTS).await?;
    Ok(Sheet {
        lead: format!("Au {}, {}.", french::day(state.catalogue.today()), standing.in_words()),
        facts,
        acts: acts.iter().map(line).collect(),
        ..Sheet::default()
    })
}

fn line(act: &PublishedAct) -> ActLine {
    ActLine {
        title: act.title.clone(),
        published: act.published_on().map(french::day),
        period: french::period(act.facts.valid_from.as_ref(), act.facts.valid_to.as_ref()),
        href: act.path(),
    }
}

/// `/enquetes/{name}/presse`, of the period that the address asks for.
pub(crate) async fn of_investigation(
    state: &AppState,
    investigation: &Investigation,
    query: &str,
) -> Result<Html<String>, WebError> {
    let asked = investigation.asked(state, query);
    asked.whole(state).await?;
    let book = state.figures.read(&state.catalogue).await?;
    let sources = Sources { catalogue: &state.catalogue, book: &book, asked: &asked };
    let report = Report::of(investigation.question, &sources);
    let all = report.charts.iter().map(|chart| &chart.table);
    let tables = all.chain(report.tables.iter().map(|(_, table)| table)).map(|table| {
        let mut short = table.clone();
        if short.rows.len() > ROWS {
            short.rows.truncate(ROWS);
            short.caption += &format!(" (les {ROWS} premières lignes)");
        }
        short.view()
    });
    let law = state.letters.law();
    let counted = french::count(report.counted, "acte compté", "actes comptés");
    let apart = french::count(report.apart_total(), "mis à part", "mis à part");
    let sheet = Sheet {
        title: investigation.title().to_owned(),
        lead: format!("{} ({}) : {counted}, {apart}.", report.headline, asked.period.words()),
        tables: tables.collect(),
        method: investigation.method().map(|said| law.cited_in(said)).collect(),
        path: asked.here(),
        ..Sheet::default()
    };
    show(state, sheet)
}

fn show(state: &AppState, sheet: Sheet) -> Result<Html<String>, WebError> {
    let (path, query) = sheet.path.split_once('?').unwrap_or((&sheet.path, ""));
    let joint = if query.is_empty() { "" } else { "?" };
    let mut head =
        Head::new(&format!("Presse : {}", sheet.title), &format!("{path}/presse{joint}{query}"));
    head.noindex = true;
    let body = fields! { sheet, today => french::day(state.catalogue.today()) };
    page(state, "press.html", head, body)
}
