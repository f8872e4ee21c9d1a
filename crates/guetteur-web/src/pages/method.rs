//! `/methode`: what is recognised, and by what; drawn from the rule files.

use axum::extract::State as Shared;
use axum::response::Html;
use guetteur_law::{LegalText, State};
use guetteur_model::{Category, Level};
use guetteur_publish::fields;
use guetteur_publish::french;
use serde::Serialize;

use crate::error::WebError;
use crate::page::{Head, page};
use crate::rule_sheet::RuleSheet;
use crate::state::AppState;

#[derive(Serialize)]
struct CategoryView<'a> {
    id: String,
    label: String,
    rules: Vec<RuleView<'a>>,
}

#[derive(Serialize)]
struct RuleView<'a> {
    anchor: String,
    #[serde(flatten)]
    rule: &'a RuleSheet,
}

#[derive(Serialize)]
struct LevelView {
    id: &'static str,
    label: &'static str,
    about: &'static str,
}

/// A text of law as the page shows it.
#[derive(Serialize)]
pub(crate) struct TextView<'a> {
    id: &'a str,
    cite: &'a str,
    title: &'a str,
    says: &'a str,
    from: Option<String>,
    to: Option<String>,
    /// Where anyone can look, when it is an address.
    href: Option<&'a str>,
    source: &'a str,
    read_on: String,
    /// What remains to be verified.
    open: bool,
    note: Option<&'a str>,
}

impl<'a> TextView<'a> {
    pub(crate) fn of(text: &'a LegalText) -> Self {
        Self {
            id: &text.id,
            cite: &text.cite,
            title: &text.title,
            says: text.says.trim(),
            from: text.from.map(french::day),
            to: text.to.map(french::day),
            href: Some(&*text.source).filter(|source| source.starts_with("https://")),
            source: &text.source,
            read_on: french::day(text.read_on),
            open: text.state == State::Open,
            note: text.note.as_deref().map(str::trim),
        }
    }
}

/// Where the page shows a rule.
pub(crate) fn rule_address(id: &str) -> String {
    format!("/methode#{}", rule_anchor(id))
}

fn rule_anchor(id: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    format!("regle-{}", id.chars().map(plain).collect::<String>())
}

pub(crate) async fn get(Shared(state): Shared<AppState>) -> Result<Html<String>, WebError> {
    let mut head = Head::new("Méthode", "/methode");
    head.section = "methode";
    head.description = "Ce que les règles reconnaissent, et à quoi.".to_owned();
    let texts: Vec<TextView<'_>> = state.letters.law().texts().iter().map(TextView::of).collect();
    let body = fields! {
        categories => categories(&state.rules),
        levels => levels(),
        facts => &*state.facts,
        texts => texts,
    };
    page(&state, "method.html", head, body)
}

/// The built-in categories in their order, then those of watch lists.
fn categories(rules: &[RuleSheet]) -> Vec<CategoryView<'_>> {
    let mut ids: Vec<String> = Category::BUILT_IN.iter().map(|(id, _)| (*id).to_owned()).collect();
    for rule in rules {
        if !ids.contains(&rule.category) {
            ids.push(rule.category.clone());
        }
    }
    ids.into_iter()
        .map(|id| CategoryView {
            label: Category::new(&id).map_or_else(|_| id.clone(), |c| c.label().to_owned()),
            rules: rules
                .iter()
                .filter(|rule| rule.category == id)
                .map(|rule| RuleView { anchor: rule_anchor(&rule.id), rule })
                .collect(),
            id,
        })
        .collect()
}

fn levels() -> Vec<LevelView> {
    let about = |level| match level {
        Level::Authorises => "l’acte permet, renouvelle, modifie ou prolonge la mesure",
        Level::Restricts => "l’acte refuse, abroge ou interdit",
        Level::Concerns => "l’acte porte sur la mesure sans la décider",
        Level::Mentions => "l’acte la cite seulement",
    };
    Level::ALL
        .into_iter()
        .map(|level| LevelView { id: level.as_str(), label: level.label(), about: about(level) })
        .collect()
}
