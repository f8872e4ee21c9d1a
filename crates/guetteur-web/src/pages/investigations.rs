//! `/enquetes`: four questions to all acts, one click each. What they mean is
//! `guetteur_figures::count::question`; what is shown of the answers, `figures/report`.

use axum::extract::{Path, RawQuery, State};
use axum::response::{Html, IntoResponse, Response};
use guetteur_figures::count::question::Question;
use guetteur_model::Category;
use guetteur_publish::address::Filters;
use guetteur_publish::fields;
use serde::Serialize;
use url::form_urlencoded;

use crate::error::WebError;
use crate::figures::report::{Report, Sources};
use crate::figures::scope::{Asked, Period, legend};
use crate::figures::{FileKind, attachment, lines, no_such_file};
use crate::page::{Head, page};
use crate::state::AppState;

/// An investigation as readers know it.
#[derive(Serialize)]
pub(crate) struct Investigation {
    /// Last part of its address.
    pub(crate) id: &'static str,
    path: &'static str,
    title: &'static str,
    /// What it asks, in a sentence.
    lead: &'static str,
    /// How it counts, a paragraph each; law is cited as `{loi:ID}`.
    #[serde(skip)]
    method: &'static [&'static str],
    #[serde(skip)]
    pub(crate) question: Question,
    /// Whether it is about drones where the address names no category.
    #[serde(skip)]
    drones: bool,
    /// Whether it is about them only.
    #[serde(skip)]
    drones_only: bool,
}

/// What all of them have in common.
const COMMON: &[&str] = &[
    "Un acte publié dans plusieurs recueils de la même préfecture compte une fois, là où il a paru \
     d’abord. Les actes retirés d’un recueil ne comptent pas.",
    "Un acte que seul le sommaire annonce, et qui n’a pas encore été lu, est mis à part ; celui que \
     la lecture dément aussi, comme celui dont le signalement attend un œil humain.",
    "Ce que Guetteur n’a pas lu n’y est pas : voyez, pour chaque préfecture, depuis quand elle est \
     lue. Une préfecture absente du tableau n’est pas une préfecture sans acte.",
];

/// All of them.
pub(crate) const INVESTIGATIONS: [Investigation; 4] = [
    Investigation {
        id: "drones",
        path: "/enquetes/drones",
        title: "Les autorisations de drones",
        lead: "Combien d’arrêtés autorisent à filmer depuis un drone, un hélicoptère ou un ballon : \
               par préfecture, finalité, bénéficiaire et mois.",
        method: &[
            "Est compté chaque acte qui autorise, renouvelle ou prolonge la captation d’images par \
             des caméras sur des aéronefs ({loi:csi-l242-1}), au jour de publication de son recueil.",
            "Un acte qui ne fait que modifier un autre arrêté n’est pas une autorisation de plus : il \
             est mis à part. Un acte qui abroge n’autorise rien et n’y est pas.",
            "Les finalités sont celles de la loi ({loi:csi-l242-5}), telles que l’acte les écrit. Un acte \
             peut en avoir plusieurs, ou plusieurs bénéficiaires : ces tableaux ne s’additionnent \
             pas. Le CSV donne le bénéficiaire dans les mots de l’acte.",
        ],
        question: Question::Authorisations,
        drones: true,
        drones_only: true,
    },
    Investigation {
        id: "preavis",
        path: "/enquetes/preavis",
        title: "Publiés la veille, le jour même ou après",
        lead: "Quelle part des actes est publiée moins de 24, 48 ou 72 heures avant de prendre effet, \
               ou une fois l’effet commencé : le temps qu’on a pour saisir le juge.",
        method: &[
            "Le préavis va de la publication du recueil au début d’effet que dit l’acte, à l’heure de \
             la préfecture. Les sites ne donnent que le jour de publication : il compte depuis 0 h, \
             de même qu’un début d’effet sans heure. Le préavis est donc le plus long qu’il ait pu \
             être, et la part d’actes tardifs un minimum.",
            "« Publié après » : l’effet a commencé avant le jour de la publication. Un acte publié le \
             jour de son effet compte dans « moins de 24 h », même s’il a paru après l’heure dite.",
            "Un acte qui prend effet à sa signature, ou qui ne dit pas quand, n’a pas de préavis à \
             mesurer : il est mis à part, comme celui dont les dates se contredisent ou dépassent les \
             trois mois que la loi permet aux drones, et celui qui ne fait que modifier un autre.",
        ],
        question: Question::Notice,
        drones: false,
        drones_only: false,
    },
    Investigation {
        id: "jours",
        path: "/enquetes/jours",
        title: "Les jours couverts",
        lead: "Combien de jours, dans chaque préfecture, au moins une autorisation était en vigueur.",
        method: &[
            "Un jour est couvert quand au moins un acte qui autorise est en vigueur à un moment de ce \
             jour, à l’heure de la préfecture. Les périodes se superposent sans s’additionner. Une \
             fin à minuit n’entame pas le jour qui commence.",
            "Un acte qui prolonge sans redire le début part du début de l’acte qu’il prolonge. Un \
             acte qui modifie compte pour les jours qu’il dit lui-même, en plus de ceux de l’acte \
             modifié ; s’il n’en dit pas, il est mis à part.",
            "Un acte abrogé cesse la veille du jour que dit l’abrogation ; si elle ne le dit pas, au \
             soir de sa publication ({loi:crpa-l221-2}). Un acte suspendu ou annulé par un juge cesse la veille de sa décision, quand \
             elle est connue ici (voir Précédents) : les recueils ne la publient pas. Si un rejet la \
             suit, l’acte compte de nouveau en entier.",
            "Un acte sans début ou sans fin, ou dont les dates se contredisent, est mis à part : \
             aucun jour n’est deviné. De même un acte de drones de plus de trois mois, plus que la \
             loi ne permet ({loi:csi-l242-5}) : c’est le plus souvent une date mal lue, à vérifier \
             dans l’acte. Autorisé ne veut pas dire utilisé.",
        ],
        question: Question::Days,
        drones: true,
        drones_only: false,
    },
    Investigation {
        id: "doutes",
        path: "/enquetes/doutes",
        title: "Ce que la loi ne prévoit pas",
        lead: "Combien d’actes qui autorisent laissent un doute de droit : sans texte en vigueur, plus \
               longs que le texte ne permet, publiés trop tard pour un juge.",
        method: &[
            "Chaque acte lu qui autorise est confronté aux textes en vigueur aux jours de son effet : \
             ceux de la page « Méthode », avec leurs dates et leurs sources. Un doute dit le texte, les \
             mots de l’acte et ce qui pourrait le lever. Ce n’est pas un jugement : un juge décide.",
            "Ne lèvent un doute que les textes dont la lecture est sûre. Ce qui reste à vérifier dans un \
             texte n’en lève aucun : une mesure d’après un texte incertain compte comme examinée, sans \
             doute.",
            "Un acte peut laisser plusieurs doutes : le tableau par doute ne s’additionne pas. Un acte \
             dont les dates se contredisent ou sont à vérifier est mis à part. « Plus long que le texte \
             ne permet » vient parfois d’une date mal lue : vérifiez-la dans l’acte.",
        ],
        question: Question::Doubts,
        drones: false,
        drones_only: false,
    },
];

impl Investigation {
    /// The investigation of an address.
    pub(crate) fn find(id: &str) -> Result<&'static Self, WebError> {
        INVESTIGATIONS.iter().find(|other| other.id == id).ok_or_else(|| {
            WebError::NotFound(format!(
                "Il n’y a pas d’enquête « {id} ». Toutes sont sur la page Enquêtes."
            ))
        })
    }

    pub(crate) fn title(&self) -> &'static str {
        self.title
    }

    /// How it counts, as the page says it; law is cited as `{loi:ID}`.
    pub(crate) fn method(&self) -> impl Iterator<Item = &'static str> {
        self.method.iter().chain(COMMON).copied()
    }

    /// What an address asks of it.
    pub(crate) fn asked(&self, state: &AppState, query: &str) -> Asked {
        let mut read = Filters::parse(query);
        // Those of the map.
        for name in ["le", "mesure"] {
            let mut pairs = form_urlencoded::parse(query.as_bytes());
            if pairs.any(|(given, value)| given == name && !value.is_empty()) {
                read.misread.push(format!("{name} est sans effet sur ces nombres"));
            }
        }
        let period = Period::of(&read, state.catalogue.today());
        let mut categories = read.categories.clone();
        let drone = || Category::new("drone").ok();
        if self.drones_only {
            categories = drone().into_iter().collect();
        } else if self.drones && categories.is_empty() {
            categories.extend(drone());
        }
        let filters = Filters {
            categories,
            prefectures: read.prefectures.clone(),
            years: read.years.clone(),
            from: read.from,
            to: read.to,
            page: 1,
            ..Filters::default()
        };
        Asked { path: self.path, filters, period, own: None, read }
    }
}

#[derive(Serialize)]
struct Card {
    investigation: &'static Investigation,
    headline: String,
    apart: u64,
}

/// `/enquetes`.
pub(crate) async fn index(State(state): State<AppState>) -> Result<Html<String>, WebError> {
    let book = state.figures.read(&state.catalogue).await?;
    let card = |investigation: &'static Investigation| {
        let asked = investigation.asked(&state, "");
        let sources = Sources { catalogue: &state.catalogue, book: &book, asked: &asked };
        let report = Report::of(investigation.question, &sources);
        Card { investigation, apart: report.apart_total(), headline: report.headline }
    };
    let mut head = Head::new("Enquêtes", "/enquetes");
    head.section = "enquetes";
    head.description =
        "Quatre enquêtes sur les arrêtés de surveillance, vérifiables ligne par ligne.".to_owned();
    let cards: Vec<Card> = INVESTIGATIONS.iter().map(card).collect();
    page(&state, "investigations.html", head, fields! { cards })
}

/// `/enquetes/drones` and the like.
pub(crate) async fn get(
    State(state): State<AppState>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Html<String>, WebError> {
    let investigation = Investigation::find(&id)?;
    let asked = investigation.asked(&state, query.as_deref().unwrap_or_default());
    let book = state.figures.read(&state.catalogue).await?;
    let report = Report::of(
        investigation.question,
        &Sources { catalogue: &state.catalogue, book: &book, asked: &asked },
    );
    let mut head = Head::new(investigation.title, investigation.path);
    head.section = "enquetes";
    head.description = investigation.lead.to_owned();
    let (path, query) = (investigation.path, asked.query());
    let charts = report
        .charts
        .iter()
        .map(|chart| Drawn { legend: legend(&chart.drawing), chart: chart.view(path, &query) });
    let tables = report.tables.iter().map(|(id, table)| Tabled {
        // The caption's first sentence; what it adds is said over the numbers.
        title: table.caption.split('.').next().unwrap_or_default().to_owned(),
        table: table.view(),
        csv: format!("{path}/{id}.csv{query}"),
    });
    let law = state.letters.law();
    let body = fields! {
        investigation,
        common => COMMON,
        method => investigation.method.iter().map(|said| law.cited_in(said)).collect::<Vec<_>>(),
        notes => asked.notes(&state).await?,
        headline => report.headline,
        counted => report.counted,
        apart => report.apart_total(),
        apart_table => report.apart_table().view(),
        charts => charts.collect::<Vec<_>>(),
        tables => tables.collect::<Vec<_>>(),
        lines => format!("{path}/actes.csv{query}"),
        json => format!("/api/v1{path}{query}"),
        press => format!("{path}/presse{query}"),
        periods => asked.periods(&book, state.catalogue.today()),
        categories => if investigation.drones_only { Vec::new() } else { asked.categories() },
        prefectures => prefectures(&state, &asked),
        hidden => asked.hidden(),
        du => asked.period.from.to_string(),
        au => asked.period.to.to_string(),
    };
    page(&state, "investigation.html", head, body)
}

#[derive(Serialize)]
struct Drawn {
    chart: crate::figures::ChartView,
    legend: Vec<crate::figures::scope::Meaning>,
}

#[derive(Serialize)]
struct Tabled {
    title: String,
    table: crate::figures::table::TableView,
    csv: String,
}

/// A source to choose.
#[derive(Serialize)]
struct Choice {
    code: String,
    label: String,
    on: bool,
}

fn prefectures(state: &AppState, asked: &Asked) -> Vec<Choice> {
    let choice = |source: &guetteur_model::Source| Choice {
        code: source.code.clone(),
        label: format!("{} – {}", source.code, source.name),
        on: asked.filters.prefectures.contains(&source.code),
    };
    state.catalogue.registry.iter().map(choice).collect()
}

/// `/enquetes/drones/presse`: a sheet for journalists; `actes.csv`: a line an act; `mois.png`, `prefectures.csv`: what the page shows.
pub(crate) async fn file(
    State(state): State<AppState>,
    Path((id, file)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Response, WebError> {
    let investigation = Investigation::find(&id)?;
    let query = query.unwrap_or_default();
    if file == "presse" {
        let sheet = super::press::of_investigation(&state, investigation, &query).await?;
        return Ok(sheet.into_response());
    }
    let asked = investigation.asked(&state, &query);
    asked.whole(&state).await?;
    let (stem, kind) = FileKind::split(&file).ok_or_else(|| no_such_file(&file))?;
    let book = state.figures.read(&state.catalogue).await?;
    if (stem, kind) == ("actes", FileKind::Csv) {
        return Ok(lines::answer(&state.catalogue, &book, &asked, investigation.question));
    }
    let report = Report::of(
        investigation.question,
        &Sources { catalogue: &state.catalogue, book: &book, asked: &asked },
    );
    if let Some(chart) = report.charts.iter().find(|chart| chart.drawing.id == stem) {
        return chart.file(kind, &state.catalogue, &asked.here()).await;
    }
    match report.tables.iter().find(|(id, _)| *id == stem && kind == FileKind::Csv) {
        Some((id, table)) => Ok(attachment(id, "csv", "text/csv; charset=utf-8", table.to_csv()?)),
        None => Err(no_such_file(&file)),
    }
}
