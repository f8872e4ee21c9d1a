//! `/documents/{sha256}/page/{n}.png`: a page of an archived PDF as a picture; `.svg`: the boxes of
//! the evidence of one act (`?acte=ID`), to be laid over it.

use std::fmt::Write as _;

use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use guetteur_model::{ActId, Page, Sha256};

use crate::error::WebError;
use crate::evidence_boxes::boxes;
use crate::marked_text::{Passage, Proves};
use crate::page_pictures::PlacedWords;
use crate::state::AppState;

/// A page of a document never changes.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// Evidence may: rules change.
const SHORT: HeaderValue = HeaderValue::from_static("public, max-age=300");

pub(crate) async fn get(
    State(state): State<AppState>,
    Path((document, name)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Response, WebError> {
    let absent = || WebError::NotFound("Cette page de PDF n’est pas dans l’archive.".to_owned());
    let (number, suffix) = name.split_once('.').ok_or_else(absent)?;
    let number: u32 = number.parse().map_err(|_| absent())?;
    let sha: Sha256 = document.parse().map_err(|_| absent())?;
    // Only what was read: a number makes no work that the archive does not hold.
    let page = state.catalogue.store.page(sha, number).await?.ok_or_else(absent)?;
    super::archive::refuse_withheld(&state, sha).await?;
    let archive = &state.catalogue.archive;
    match suffix {
        "png" => {
            let png = state.pictures.picture(sha, archive, number).await?;
            let headers =
                [(CONTENT_TYPE, HeaderValue::from_static("image/png")), (CACHE_CONTROL, FOREVER)];
            Ok((headers, png).into_response())
        }
        "svg" => {
            let act = act_asked(query.as_deref().unwrap_or_default()).ok_or_else(absent)?;
            let view = state.catalogue.store.act(act).await?.ok_or_else(absent)?;
            if view.record.document != sha {
                return Err(absent());
            }
            let passages = super::act::passages(&state.catalogue.published(view.record));
            let words = state.pictures.words(sha, archive, number, page.method).await?;
            let headers = [
                (CONTENT_TYPE, HeaderValue::from_static("image/svg+xml; charset=utf-8")),
                (CACHE_CONTROL, SHORT),
            ];
            Ok((headers, drawing(&page, &words, &passages)).into_response())
        }
        _ => Err(absent()),
    }
}

fn act_asked(query: &str) -> Option<ActId> {
    let mut pairs = url::form_urlencoded::parse(query.as_bytes());
    pairs.find(|(name, _)| name == "acte").and_then(|(_, value)| value.parse().ok())
}

/// The boxes alone, on a transparent ground of the page's size.
fn drawing(page: &Page, words: &PlacedWords, passages: &[Passage]) -> String {
    let [width, height] = words.size;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         preserveAspectRatio=\"none\">"
    );
    for passage in passages.iter().filter(|passage| passage.span.page == page.number) {
        let (fill, stroke) = match passage.proves {
            Proves::Flag => ("#ffd24a", "#8c2f0e"),
            Proves::Fact => ("#7cc98b", "#1c5c44"),
        };
        for [left, top, right, bottom] in boxes(&page.text, words, &passage.span) {
            let (width, height) = (right - left, bottom - top);
            // Writing to a string cannot fail.
            let _ = write!(
                svg,
                "<rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" \
                 fill=\"{fill}\" fill-opacity=\".32\" stroke=\"{stroke}\" stroke-width=\".8\"/>"
            );
        }
    }
    svg.push_str("</svg>");
    svg
}

#[cfg(test)]
mod tests {
    use guetteur_model::Span;

    use super::*;
    use crate::page_pictures::PlacedWord;

    #[test]
    fn boxes_are_drawn_for_this_page_only() {
        let word = |text: &str, x: f32| PlacedWord {
            text: text.to_owned(),
            bounds: [x, 10.0, x + 30.0, 20.0],
        };
        let words =
            PlacedWords { size: [595.0, 842.0], words: vec![word("est", 0.0), word("<b>", 40.0)] };
        let page = Page::of_text(3, "est <b>");
        let passage = |page, proves| Passage {
            anchor: 1,
            proves,
            span: Span { page, start: 0, end: 7, text: "est <b>".into() },
        };
        let svg = drawing(&page, &words, &[passage(3, Proves::Flag), passage(4, Proves::Fact)]);
        assert_eq!(svg.matches("<rect").count(), 1);
        assert!(svg.contains("viewBox=\"0 0 595 842\"") && !svg.contains("<b>"), "{svg}");
        assert_eq!(act_asked("x=1&acte=12"), Some(ActId(12)));
        assert_eq!(act_asked("acte=12<"), None);
    }
}
