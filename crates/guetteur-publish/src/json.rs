//! An act as JSON: the API, JSON Lines and the `_guetteur` member of the JSON Feed share it.

use serde::Serialize;

use crate::published::PublishedAct;
use crate::state::State;

/// An act with its addresses, as programs read it.
#[derive(Debug, Serialize)]
pub struct ActJson<'a> {
    #[serde(flatten)]
    act: &'a PublishedAct,
    level: Option<&'static str>,
    /// As in the exports: mentions are apart.
    categories: Vec<&'a str>,
    mentions: Vec<&'a str>,
    to_check: bool,
    state: State,
    published_on: Option<String>,
    url: String,
    pdf_url: Option<String>,
    source_url: &'a str,
}

impl PublishedAct {
    /// The act as programs read it, as a value.
    ///
    /// # Errors
    /// When it cannot be written as JSON: a mistake of ours.
    pub fn to_value(&self, base_url: &str) -> serde_json::Result<serde_json::Value> {
        serde_json::to_value(self.to_json(base_url))
    }

    /// The act as programs read it, with absolute addresses.
    #[must_use]
    pub fn to_json(&self, base_url: &str) -> ActJson<'_> {
        ActJson {
            act: self,
            level: self.level().map(|level| level.as_str()),
            categories: self.categories().iter().map(|(category, _)| category.as_str()).collect(),
            mentions: self.mentions().iter().map(|category| category.as_str()).collect(),
            to_check: self.to_check(),
            state: self.state(),
            published_on: self.published_on().map(|day| day.to_string()),
            url: format!("{base_url}{}", self.path()),
            pdf_url: self.pdf_path().map(|path| format!("{base_url}{path}")),
            source_url: &self.bulletin.url,
        }
    }
}
