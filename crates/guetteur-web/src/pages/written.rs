//! A letter that comes back from its form: to print, to download, to change again. Nothing is kept.

use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use guetteur_model::fold::fold;
use guetteur_publish::fields;
use guetteur_publish::letters::{Letter, ODT_MEDIA_TYPE, blocks, write_odt};
use serde::Deserialize;

use crate::error::WebError;
use crate::page::{Head, page};
use crate::state::AppState;

/// What the form sends back.
#[derive(Deserialize)]
pub(crate) struct Edited {
    #[serde(default)]
    modele: String,
    #[serde(default)]
    texte: String,
    #[serde(default)]
    sortie: String,
}

impl Edited {
    /// Id of the letter that it began as.
    pub(crate) fn letter(&self) -> &str {
        &self.modele
    }
}

/// What is known of a letter beside its text.
pub(crate) struct Written<'a> {
    pub(crate) letter: &'a Letter,
    pub(crate) title: String,
    /// Address of its form.
    pub(crate) path: String,
    /// Section of the site that it belongs to.
    pub(crate) section: &'static str,
    /// What it is about, for the name of the file.
    pub(crate) about: &'a str,
}

impl Written<'_> {
    /// The text as a document, as a page to print, or in its form once more (`editor`).
    pub(crate) fn give_back(
        &self,
        state: &AppState,
        headers: &HeaderMap,
        edited: &Edited,
        editor: impl FnOnce(&str) -> Result<Response, WebError>,
    ) -> Result<Response, WebError> {
        // Another site must not show its words under our address.
        if headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site") {
            return Err(WebError::BadRequest("Ce formulaire se remplit sur ce site.".to_owned()));
        }
        let text = edited.texte.replace("\r\n", "\n");
        let response = match edited.sortie.as_str() {
            "odt" => {
                let name = self.file_name(&state.catalogue.today().to_string());
                let disposition = format!("attachment; filename=\"{name}\"");
                let headers = [(CONTENT_TYPE, ODT_MEDIA_TYPE), (CONTENT_DISPOSITION, &disposition)];
                let odt = write_odt(&self.title, &blocks(&text), state.catalogue.now())?;
                (headers, odt).into_response()
            }
            "modifier" => editor(&text)?,
            _ => {
                let mut head = Head::new(&self.title, &self.path);
                head.section = self.section;
                head.noindex = true;
                let letter = self.letter;
                let body = fields! { path => head.path, letter, text, blocks => blocks(&text) };
                page(state, "letter-print.html", head, body)?.into_response()
            }
        };
        Ok(([(CACHE_CONTROL, "no-store")], response).into_response())
    }

    /// `lettre-au-maire-montpellier-2026-08-14.odt`: letters, digits and hyphens.
    fn file_name(&self, day: &str) -> String {
        let words = fold(&format!("{} {} {day}", self.letter.head.title, self.about));
        let words =
            words.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
        format!("{}.odt", words.collect::<Vec<_>>().join("-"))
    }
}
