//! Documents that are no bulletins, and why: nothing is left out without a word.

use std::fmt;

use serde::Serialize;

use super::file_stem;
use crate::address::{normalise_url, path_and_query};
use crate::page::{Link, PageView};
use crate::words::{is_generic, plain};

/// A document that a page lists and that was not taken for a bulletin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// Its normalised address.
    pub url: String,
    /// Its name, as the page shows it, or its file's.
    pub title: String,
    /// Path and query of the page.
    pub via: String,
    /// Why.
    pub reason: LeftOutReason,
    /// For a table of contents: the address of its bulletin.
    pub contents_of: Option<String>,
}

/// Why a document is no bulletin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LeftOutReason {
    /// The platform's print of the page itself.
    PrintOfPage,
    /// It says itself that it is something else: a guide, a report, a form.
    OtherDocument,
    /// A single act, outside any page of a period, where bulletins gather acts.
    SingleAct,
    /// The table of contents of a bulletin that stands beside it.
    Contents,
    /// Nothing names it a bulletin, and the page is not one of a period.
    Unnamed,
}

/// In French: it is shown.
impl fmt::Display for LeftOutReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PrintOfPage => "impression de la page elle-même",
            Self::OtherDocument => "autre document d’après son titre (guide, rapport, formulaire…)",
            Self::SingleAct => "acte isolé, hors des pages de recueils",
            Self::Contents => "sommaire d’un recueil publié à côté",
            Self::Unnamed => "rien ne le désigne comme un recueil",
        })
    }
}

impl LeftOut {
    pub(super) fn of(link: &Link, view: &PageView, reason: LeftOutReason) -> Self {
        let says = !is_generic(&plain(&link.text));
        Self {
            url: normalise_url(&link.url),
            title: if says { link.text.clone() } else { file_stem(link) },
            via: path_and_query(&view.url),
            reason,
            contents_of: None,
        }
    }

    pub(super) fn contents(link: &Link, view: &PageView, issue: &str) -> Self {
        let contents_of = Some(issue.to_owned());
        Self { contents_of, ..Self::of(link, view, LeftOutReason::Contents) }
    }
}
