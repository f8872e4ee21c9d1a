//! `/donnees/ouvrir`: what to open the tables with, so that codes stay what they are.
//!
//! To add a recipe: a row of [`RECIPES`], and its template `recipe-ID.txt`; `tests/foreign/recipes.py`
//! runs it as the page shows it.

use axum::extract::State;
use axum::response::Html;
use guetteur_publish::fields;
use serde::Serialize;

use crate::error::WebError;
use crate::page::{Head, page};
use crate::state::AppState;
use crate::templates;

/// How a program opens the tables.
#[derive(Debug, Serialize)]
struct Recipe {
    /// Names its template, and its place on the page.
    id: &'static str,
    name: &'static str,
    /// What the code is written in, as highlighters call it.
    language: &'static str,
    /// What becomes of codes where nothing is said about them.
    plainly: &'static str,
    about: &'static str,
}

static RECIPES: [Recipe; 8] = [
    Recipe {
        id: "pandas",
        name: "pandas",
        language: "python",
        plainly: "01 devient 1, où aucune ligne n’a de lettre",
        about: "Les types viennent du schéma : les codes restent du texte, les jours sont des dates, les heures sont en temps universel.",
    },
    Recipe {
        id: "polars",
        name: "polars",
        language: "python",
        plainly: "refuse l’export entier (« 2B » n’est pas un nombre) ; 01 devient 1 dans une liste",
        about: "Les types viennent du schéma ; les heures sont en temps universel.",
    },
    Recipe {
        id: "duckdb",
        name: "DuckDB",
        language: "python",
        plainly: "01 reste du texte, mais 34 devient un nombre",
        about: "Depuis Python ; les types viennent du schéma.",
    },
    Recipe {
        id: "r",
        name: "R",
        language: "r",
        plainly: "01 devient 1, où aucune ligne n’a de lettre",
        about: "Tout est lu comme du texte ; convertissez ensuite les colonnes dont vous avez besoin.",
    },
    Recipe {
        id: "libreoffice",
        name: "LibreOffice",
        language: "sh",
        plainly: "01 devient 1 dans un CSV ; le XLSX reste juste",
        about: "Le XLSX s’ouvre d’un double clic et reste juste. Pour le CSV des programmes, choisissez à l’import « Unicode (UTF-8) », la virgule, et cochez « Formater les champs entre guillemets comme texte » ; en ligne de commande :",
    },
    Recipe {
        id: "csvkit",
        name: "csvkit",
        language: "sh",
        plainly: "csvsql écrit 1.0 pour 01, et les heures sans leur décalage",
        about: "« --no-inference » garde tout en texte ; csvcut, csvgrep et csvsort -I ne changent rien.",
    },
    Recipe {
        id: "sqlite-utils",
        name: "sqlite-utils",
        language: "sh",
        plainly: "01 devient 1, où aucune ligne n’a de lettre",
        about: "« --no-detect-types » garde tout en texte.",
    },
    Recipe {
        id: "datasette",
        name: "datasette",
        language: "sh",
        plainly: "la base a ses types : rien ne change",
        about: "Toutes les tables dans un navigateur, avec leurs liens et leur recherche plein texte.",
    },
];

#[derive(Serialize)]
struct Written {
    #[serde(flatten)]
    recipe: &'static Recipe,
    code: String,
}

pub(crate) async fn get(State(state): State<AppState>) -> Result<Html<String>, WebError> {
    let base = &state.catalogue.site.base_url;
    let written = |recipe: &'static Recipe| {
        let name = format!("recipe-{}.txt", recipe.id);
        Ok(Written { recipe, code: templates::render(&name, fields! { base })? })
    };
    let recipes = RECIPES.iter().map(written).collect::<Result<Vec<_>, minijinja::Error>>()?;
    let mut head = Head::new("Ouvrir les tables sans abîmer les codes", "/donnees/ouvrir");
    head.section = "donnees";
    head.description =
        "pandas, polars, DuckDB, R, LibreOffice, csvkit, sqlite-utils, datasette.".to_owned();
    page(&state, "opening.html", head, fields! { recipes })
}
