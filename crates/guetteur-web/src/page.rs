//! What every page has: its head, and how it is sent.

use std::sync::Arc;

use axum::response::Html;
use guetteur_law::Library;
use guetteur_publish::address::Filters;
use guetteur_publish::formats::{FORMATS, ListFormat};
use guetteur_publish::{Site, fields};
use minijinja::value::merge_maps;
use minijinja::{ErrorKind, HtmlEscape, Value};
use serde::Serialize;

use crate::error::WebError;
use crate::site_config::SiteConfig;
use crate::state::AppState;
use crate::templates;

/// Another format of the same list.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Alternate {
    /// `Atom`, `CSV`.
    pub(crate) name: &'static str,
    /// What it is for, in French.
    pub(crate) about: &'static str,
    /// Media type.
    pub(crate) media: &'static str,
    /// Address.
    pub(crate) href: String,
    /// Whether feed readers should find it by themselves.
    pub(crate) feed: bool,
}

/// The head of a page.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Head {
    /// Title, without the site's name.
    pub(crate) title: String,
    /// One sentence for search engines and previews.
    pub(crate) description: String,
    /// Canonical address, from `/`.
    pub(crate) path: String,
    /// Entry of the menu to mark.
    pub(crate) section: &'static str,
    /// Other formats of its list.
    pub(crate) alternates: Vec<Alternate>,
    /// Where its list can be had by mail, from `/`.
    pub(crate) follow: Option<String>,
    /// Picture for previews, from `/`.
    pub(crate) image: Option<String>,
    /// Whether search engines are asked to leave it out.
    pub(crate) noindex: bool,
}

impl Head {
    /// A page that search engines may show, without list.
    #[must_use]
    pub(crate) fn new(title: &str, path: &str) -> Self {
        Self {
            title: title.to_owned(),
            description: String::new(),
            path: path.to_owned(),
            section: "",
            alternates: Vec::new(),
            follow: None,
            image: None,
            noindex: false,
        }
    }
}

/// The other formats of the list at `path` (`/recherche`) in the state `filters`. Where the page
/// shows every level and a feed would not, the links keep to what is shown here.
#[must_use]
pub(crate) fn alternates(path: &str, filters: &Filters) -> Vec<Alternate> {
    let mut filters = filters.on_page(1);
    filters.order = guetteur_search::Sort::Relevance;
    let alternate = |format: &ListFormat| Alternate {
        name: format.name,
        about: format.about,
        media: format.bare_media_type(),
        href: filters.address(&format!("{path}.{}", format.suffix)),
        feed: format.feed().is_some(),
    };
    FORMATS.iter().map(alternate).collect()
}

/// The site as templates see it.
#[derive(Serialize)]
struct SiteView<'a> {
    #[serde(flatten)]
    site: &'a Site,
    #[serde(flatten)]
    config: &'a SiteConfig,
}

/// The text of a page.
///
/// # Errors
/// When the template lacks something: a mistake of ours.
pub(crate) fn filled(
    state: &AppState,
    template: &str,
    head: Head,
    body: Value,
) -> Result<String, minijinja::Error> {
    let site = SiteView { site: &state.catalogue.site, config: &state.site };
    let loi = Value::from_pairs([("loi", citing(Arc::clone(state.letters.law())))]);
    templates::render(template, merge_maps([body, fields! { site, head }, loi]))
}

/// `loi("csi-l252-4")` of the templates: a text of law by its id, as a link to what the method page
/// says of it.
fn citing(law: Arc<Library>) -> Value {
    Value::from_function(move |id: &str| {
        let text = law.text(id).ok_or_else(|| {
            let reason = format!("loi(\"{id}\"): no such text of law (docs/law.md)");
            minijinja::Error::new(ErrorKind::InvalidOperation, reason)
        })?;
        let name = HtmlEscape(&text.named()).to_string();
        Ok(Value::from_safe_string(format!("<a href=\"/methode#texte-{id}\">{name}</a>")))
    })
}

/// Fills a page.
///
/// # Errors
/// When the template lacks something: a mistake of ours.
pub(crate) fn page(
    state: &AppState,
    template: &str,
    head: Head,
    body: Value,
) -> Result<Html<String>, WebError> {
    Ok(Html(filled(state, template, head, body)?))
}
