//! What is told of a document that is no bulletin.

use guetteur_model::{LeftOut, LeftOutReason};

use super::file_stem;
use crate::address::{normalise_url, path_and_query};
use crate::page::{Link, PageView};
use crate::words::{is_generic, plain};

pub(super) fn left_out(link: &Link, view: &PageView, reason: LeftOutReason) -> LeftOut {
    let says = !is_generic(&plain(&link.text));
    LeftOut {
        url: normalise_url(&link.url),
        title: if says { link.text.clone() } else { file_stem(link) },
        via: path_and_query(&view.url),
        reason,
        contents_of: None,
    }
}

/// The table of contents of the bulletin at `issue`.
pub(super) fn contents(link: &Link, view: &PageView, issue: &str) -> LeftOut {
    let contents_of = Some(issue.to_owned());
    LeftOut { contents_of, ..left_out(link, view, LeftOutReason::Contents) }
}
