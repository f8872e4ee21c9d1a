//! A letter that comes back from its form: to print, to download, to change again. Nothing is kept.

use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use guetteur_model::fold::fold;
use guetteur_publish::fields;
use guetteur_publish::letters::{Letter, ODT_MEDIA_TYPE, blocks, write_odt};
use serde::{Deserialize, Serialize};
use url::form_urlencoded;

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
    /// How it is sent, where it asks for documents.
    pub(crate) sending: Option<Sending>,
}

/// How a request for documents is sent, and what is to be remembered of it.
pub(crate) struct Sending {
    /// Who is asked.
    pub(crate) prefecture: String,
    /// The calendar of its days.
    pub(crate) reminder: String,
    /// The letter that follows on silence.
    pub(crate) appeal: String,
}

/// Addresses of Ma Dada for a request, and where to find who is asked.
#[derive(Serialize)]
struct MaDada {
    /// Who is asked.
    prefecture: String,
    /// What is asked.
    text: String,
    /// The form, filled with the text where that is not longer than servers take. The name of the
    /// authority in it is a guess.
    form: String,
    /// Whether the text is in it.
    filled: bool,
    find: String,
    reminder: String,
    appeal: String,
}

/// Ma Dada runs Alaveteli, whose form takes `title` and `body`: <https://alaveteli.org/docs/developers/api/>.
const MA_DADA: &str = "https://madada.fr";
/// Longer addresses are refused by usual servers (8 KiB for the whole line).
pub(crate) const LONGEST_ADDRESS: usize = 7_500;

impl MaDada {
    fn of(sending: &Sending, title: &str, text: &str) -> Self {
        let pairs = |pairs: &[(&str, &str)]| {
            form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
        };
        let form = format!("{MA_DADA}/new/{}", authority(&sending.prefecture));
        let whole = format!("{form}?{}", pairs(&[("title", title), ("body", text)]));
        let filled = whole.len() <= LONGEST_ADDRESS;
        Self {
            prefecture: sending.prefecture.clone(),
            text: text.to_owned(),
            form: if filled { whole } else { format!("{form}?{}", pairs(&[("title", title)])) },
            filled,
            find: format!(
                "{MA_DADA}/select_authority?{}",
                pairs(&[("query", &sending.prefecture)])
            ),
            reminder: sending.reminder.clone(),
            appeal: sending.appeal.clone(),
        }
    }
}

/// How Alaveteli writes the name of an authority in addresses: small letters without accents, `_`
/// between words, nothing else. An operator of Ma Dada may have chosen another name.
fn authority(name: &str) -> String {
    let plain = fold(name).replace(['-', ' '], "_");
    let kept: String = plain.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
    kept.split('_').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("_")
}

/// The letter without what stands to the right: who writes, to whom, where and when is on Ma Dada.
fn body_of(text: &str) -> String {
    let from = text.lines().position(|line| line.starts_with("# ")).map_or(0, |at| at + 1);
    let lines = text.lines().skip(from).filter(|line| !line.starts_with("> "));
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
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
                let madada = self
                    .sending
                    .as_ref()
                    .map(|sending| MaDada::of(sending, &self.title, &body_of(&text)));
                let body =
                    fields! { path => head.path, letter, text, blocks => blocks(&text), madada };
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_opens_with_its_text_or_without_where_that_is_too_long() {
        let sending = Sending {
            prefecture: "Préfecture de l’Hérault".into(),
            reminder: String::new(),
            appeal: String::new(),
        };
        let text =
            "[Nom]\n\n> Préfecture\n\n# Objet : x\n\nMadame,\n\nUne & autre ?\n\n> [Signature]";
        assert_eq!(body_of(text), "Madame,\n\nUne & autre ?");
        let short = MaDada::of(&sending, "Demande", &body_of(text));
        let expected = "https://madada.fr/new/prefecture_de_lherault?title=Demande\
                        &body=Madame%2C%0A%0AUne+%26+autre+%3F";
        assert_eq!((short.form.as_str(), short.filled), (expected, true));
        let long = MaDada::of(&sending, "Demande", &"é".repeat(4_000));
        assert_eq!(long.form, "https://madada.fr/new/prefecture_de_lherault?title=Demande");
        assert!(!long.filled);
    }
}
