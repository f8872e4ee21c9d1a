//! `/recueil/{id}/changements`: what a PDF that was replaced under its address changed.

use std::time::Duration;

use axum::extract::{Path, State};
use axum::response::Html;
use guetteur_model::Page;
use guetteur_publish::published::{WITHHELD, pdf_page_path};
use guetteur_publish::{PublishedAct, fields, french};
use guetteur_store::{AlertState, Version};
use serde::Serialize;
use similar::{Algorithm, ChangeTag, TextDiff, TextDiffConfig};

use super::bulletin::name;
use crate::error::WebError;
use crate::lines::Line;
use crate::page::{Head, page};
use crate::state::AppState;

/// Lines of text shown around a change.
const CONTEXT: usize = 2;
/// Lines shown in all: the page stays readable, the PDFs are there.
const SHOWN: usize = 600;
/// The search for the smallest difference ends here; what it has by then is shown.
const PATIENCE: Duration = Duration::from_secs(2);

pub(crate) async fn get(
    State(state): State<AppState>,
    Path(id): Path<i64>,
) -> Result<Html<String>, WebError> {
    let absent = || WebError::NotFound("Ce recueil n’a qu’une version.".to_owned());
    let bulletin = state.catalogue.store.bulletin(id).await?.ok_or_else(absent)?;
    let versions = state.catalogue.store.bulletin_versions(id).await?;
    let [present, former, ..] = versions.as_slice() else { return Err(absent()) };
    let publisher = state.catalogue.publisher(&bulletin.source);
    let (added, removed) = acts(&state, id, present).await?;
    let old = state.catalogue.store.version_pages(id, former.document.sha256).await?;
    let new = state.catalogue.store.version_pages(id, present.document.sha256).await?;
    let read = !new.is_empty();
    let text = tokio::task::spawn_blocking(move || compare(&old, &new)).await;
    let Difference { passages, cut } = text.map_err(std::io::Error::other)?;
    let bulletin_name = name(bulletin.number.as_deref(), &bulletin.title, bulletin.published_on);
    let path = format!("/recueil/{id}/changements");
    let mut head = Head::new(&format!("Ce qui a changé – {bulletin_name}"), &path);
    head.section = "prefectures";
    head.noindex = true;
    let link = |version: &Version, page: u32| pdf_page_path(version.document.sha256, page);
    let body = fields! {
        bulletin_name, publisher, read, passages, cut,
        bulletin_path => format!("/recueil/{id}"),
        seen => french::instant_in(present.first_fetched_at, publisher.zone),
        former_seen => french::instant_in(former.first_fetched_at, publisher.zone),
        withheld => bulletin.withheld.then_some(WITHHELD),
        present_pdf => link(present, 1),
        former_pdf => link(former, 1),
        added => Line::all(&added),
        removed => Line::all(&removed),
    };
    page(&state, "version_changes.html", head, body)
}

/// Acts that came and acts that went with the present version.
async fn acts(
    state: &AppState,
    bulletin: i64,
    present: &Version,
) -> Result<(Vec<PublishedAct>, Vec<PublishedAct>), WebError> {
    let since = present.first_fetched_at;
    let live = state.catalogue.store.acts_of_bulletin(bulletin).await?;
    let added = live.into_iter().filter(|act| act.first_seen_at >= since);
    let gone = state.catalogue.store.removed_acts(bulletin).await?;
    let removed = gone.into_iter().filter(|act| act.removed_at.is_some_and(|at| at >= since));
    // An act that was only announced was in no version.
    let real = removed
        .filter(|act| act.alert.as_ref().is_none_or(|alert| alert.state != AlertState::Withdrawn));
    let publish = |act| state.catalogue.published(act);
    Ok((added.map(publish).collect(), real.map(publish).collect()))
}

/// Lines that differ, with some around them.
#[derive(Debug, Serialize, PartialEq, Eq)]
struct Passage {
    /// Page of the former version at which it begins.
    before: Option<u32>,
    /// Page of the present version.
    after: Option<u32>,
    lines: Vec<DiffLine>,
}

#[derive(Debug, Serialize, PartialEq, Eq)]
struct DiffLine {
    /// `gone`, `new` or `same`.
    kind: &'static str,
    text: String,
}

struct Difference {
    passages: Vec<Passage>,
    /// More differs than is shown.
    cut: bool,
}

/// Each line with its page; empty lines say nothing.
fn lines(pages: &[Page]) -> (Vec<u32>, Vec<String>) {
    let of_page = |page: &Page| -> Vec<(u32, String)> {
        let squeezed = page.text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
        let full = squeezed.filter(|words| !words.is_empty());
        full.map(|words| (page.number, words.join(" "))).collect()
    };
    pages.iter().flat_map(of_page).unzip()
}

fn compare(old: &[Page], new: &[Page]) -> Difference {
    let ((old_pages, old), (new_pages, new)) = (lines(old), lines(new));
    let (old, new): (Vec<&str>, Vec<&str>) =
        (old.iter().map(String::as_str).collect(), new.iter().map(String::as_str).collect());
    let diff: TextDiff<'_, '_, '_, str> = TextDiffConfig::default()
        .algorithm(Algorithm::Patience)
        .timeout(PATIENCE)
        .diff_slices(&old, &new);
    let (mut passages, mut shown, mut cut) = (Vec::new(), 0, false);
    for group in diff.grouped_ops(CONTEXT) {
        if shown >= SHOWN {
            cut = true;
            break;
        }
        let mut passage = Passage { before: None, after: None, lines: Vec::new() };
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let at = |index: Option<usize>, pages: &[u32]| pages.get(index?).copied();
            passage.before = passage.before.or(at(change.old_index(), &old_pages));
            passage.after = passage.after.or(at(change.new_index(), &new_pages));
            let kind = match change.tag() {
                ChangeTag::Delete => "gone",
                ChangeTag::Insert => "new",
                ChangeTag::Equal => "same",
            };
            passage.lines.push(DiffLine { kind, text: change.value().to_owned() });
        }
        let room = SHOWN - shown;
        cut |= passage.lines.len() > room;
        passage.lines.truncate(room);
        shown += passage.lines.len();
        passages.push(passage);
    }
    Difference { passages, cut }
}

#[cfg(test)]
mod tests {

    use super::*;

    #[test]
    fn what_differs_is_shown_with_its_pages() {
        let old = Page::of_texts(["un\ndeux", "trois\n\nquatre  caméras\ncinq\nsix"]);
        let new = Page::of_texts(["un\ndeux", "trois\nquarante caméras\ncinq\nsix"]);
        let Difference { passages, cut } = compare(&old, &new);
        let [passage] = &passages[..] else { panic!("{passages:?}") };
        assert_eq!((passage.before, passage.after, cut), (Some(1), Some(1), false));
        let said: Vec<_> = passage.lines.iter().map(|l| (l.kind, l.text.as_str())).collect();
        assert_eq!(
            said,
            [
                ("same", "deux"),
                ("same", "trois"),
                ("gone", "quatre caméras"),
                ("new", "quarante caméras"),
                ("same", "cinq"),
                ("same", "six"),
            ]
        );
        assert!(compare(&old, &old).passages.is_empty());
    }

    #[test]
    fn a_wholly_other_pdf_is_cut_off() {
        let text = |word: &str| (0..5_000).map(|i| format!("{word} {i}\n")).collect::<String>();
        let (old, new) = (Page::of_texts([text("a")]), Page::of_texts([text("b")]));
        let Difference { passages, cut } = compare(&old, &new);
        let shown: usize = passages.iter().map(|passage| passage.lines.len()).sum();
        assert_eq!((shown, cut), (SHOWN, true));
    }
}
