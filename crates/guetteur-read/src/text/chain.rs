//! Which engine reads a file, and which one is asked where the first one's text is bad.

use std::path::Path;

use super::pdf_extract::PdfExtractEngine;
use super::pdftotext::PdftotextEngine;
use super::{HayroEngine, OpenError, PageText, Pages, TextEngine, pdftotext};
use crate::judge::PageStats;

/// A second engine is asked where this share of a page's characters is bad.
const BAD_SHARE: f32 = 0.05;

/// Engines in the chain.
pub(crate) const ENGINES: usize = 3;

/// The first engine, from `first` on, that opens the file.
pub(crate) fn open(
    file: &Path,
    first: usize,
    page_chars: usize,
) -> Result<Box<dyn TextEngine>, OpenError> {
    let mut why: Option<String> = None;
    for engine in first..ENGINES {
        let opened: Result<Box<dyn TextEngine>, OpenError> = match engine {
            0 => HayroEngine::open(file, page_chars).map(|e| Box::new(e) as _),
            1 => PdftotextEngine::open(file).map(|e| Box::new(e) as _),
            _ => PdfExtractEngine::open(file).map(|e| Box::new(e) as _),
        };
        match opened {
            Ok(engine) => return Ok(engine),
            Err(OpenError::Password) => return Err(OpenError::Password),
            Err(OpenError::Invalid(reason)) => why = Some(why.unwrap_or(reason)),
        }
    }
    Err(OpenError::Invalid(why.unwrap_or_else(|| "aucun moteur".to_owned())))
}

/// The page's text by the given engine, or by a second one where that is better.
pub(crate) fn page_text(
    engine: &str,
    pages: &mut Pages<'_>,
    file: &Path,
    number: u32,
) -> Result<(PageText, PageStats), String> {
    let first = pages(number)?;
    let stats = PageStats::of(&first);
    if engine != "hayro" || stats.bad_share() < BAD_SHARE {
        return Ok((first, stats));
    }
    // The second engine tells all words that the file holds, those that nobody sees too.
    if !first.unseen.is_empty() {
        return Ok((first, stats));
    }
    let Some(mut second) = pdftotext::one_page(file, number) else { return Ok((first, stats)) };
    // What the second engine cannot tell, the first one saw.
    second.image_cover = first.image_cover;
    second.paths = first.paths;
    (second.bare_pictures, second.unread) = (first.bare_pictures, first.unread);
    second.has_outlines = first.has_outlines;
    let mut second_stats = PageStats::of(&second);
    second_stats.hidden_chars = stats.hidden_chars.min(second_stats.chars);
    if second_stats.bad_share() < stats.bad_share() && second_stats.chars * 2 >= stats.chars {
        return Ok((second, second_stats));
    }
    Ok((first, stats))
}
