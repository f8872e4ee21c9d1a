//! One page by OCR: render, recognise, try again where the result is implausible.

use std::path::Path;
use std::time::Instant;

use guetteur_model::{Method, Page};

use super::merge::merge;
use super::render::Picture;
use super::tesseract::{self, MISSING, Segmentation, installed_languages};
use super::tsv::{OcrLine, OcrWord};
use crate::judge::PageStats;
use crate::protocol::{Keep, PageRequest};
use crate::text::{HayroEngine, PageText, Pages, TextEngine};
use crate::words::WordCounts;

/// Share of known words under which a page may lie on its side. (Sideways pages have under 0.1,
/// tables of names about 0.3.)
const SIDEWAYS_KNOWN: f32 = 0.25;
/// Mean confidence under which a page may lie on its side.
const SIDEWAYS_CONFIDENCE: f32 = 0.6;

/// Recognises the pages of one file.
pub(crate) struct Recogniser<'a> {
    file: &'a Path,
    /// `None` where hayro does not open the file: poppler renders.
    engine: Option<&'a HayroEngine>,
    text: Option<Pages<'a>>,
    side_px: u32,
    /// Installed ones among the languages asked for, or the reason why there is none.
    languages: Result<String, String>,
    has_osd: bool,
}

impl<'a> Recogniser<'a> {
    pub(crate) fn new(
        file: &'a Path,
        engine: Option<&'a HayroEngine>,
        wanted: &str,
        side_px: u32,
    ) -> Self {
        let installed = installed_languages();
        Self {
            file,
            engine,
            text: engine.map(TextEngine::pages),
            side_px,
            languages: choose_languages(wanted, &installed),
            has_osd: installed.iter().any(|l| l == "osd"),
        }
    }

    /// The page as OCR reads it. The error is in plain French words.
    pub(crate) fn page(&mut self, request: PageRequest) -> Result<Page, String> {
        let start = Instant::now();
        let languages = self.languages.clone()?;
        let embedded = match (request.keep, &mut self.text) {
            (Keep::Nothing, _) | (_, None) => PageText::default(),
            (Keep::Visible | Keep::Better, Some(text)) => text(request.page)?,
        };
        let picture = match self.engine {
            Some(engine) => {
                let page = engine.raw_page(request.page).ok_or("cette page n'existe pas")?;
                Picture::of(page, self.side_px)
            }
            None => Picture::by_poppler(self.file, request.page)?,
        };
        let lines = if picture.is_blank() { Vec::new() } else { self.read(&picture, &languages)? };
        let mut page = compose(lines, &embedded, request, picture.scale);
        page.ms = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
        Ok(page)
    }

    fn read(&self, picture: &Picture, languages: &str) -> Result<Vec<OcrLine>, String> {
        let upright = tesseract::run(picture, languages, Segmentation::Upright)?;
        if !self.has_osd || !may_lie_sideways(&upright) {
            return Ok(upright);
        }
        // A page with too little text for finding its orientation fails: then the first stands.
        let turned = tesseract::run(picture, languages, Segmentation::FindOrientation);
        Ok(match turned {
            Ok(turned) if goodness(&turned) > goodness(&upright) => turned,
            _ => upright,
        })
    }
}

fn choose_languages(wanted: &str, installed: &[String]) -> Result<String, String> {
    if installed.is_empty() {
        return Err(MISSING.to_owned());
    }
    let found: Vec<&str> = wanted.split('+').filter(|l| installed.iter().any(|i| i == l)).collect();
    if !found.is_empty() {
        return Ok(found.join("+"));
    }
    // English reads French letters without accents: nine words of ten, better than none.
    if installed.iter().any(|l| l == "eng") {
        return Ok("eng".to_owned());
    }
    Err(format!(
        "OCR impossible : langue « {wanted} » absente de tesseract ; installez-la : \
         apt install tesseract-ocr-fra tesseract-ocr-osd"
    ))
}

fn compose(lines: Vec<OcrLine>, embedded: &PageText, request: PageRequest, scale: f32) -> Page {
    let confidence = mean_confidence(&lines);
    let recognised = lines.iter().map(|l| join(l)).collect::<Vec<_>>().join("\n");
    let mut page = Page {
        number: request.page,
        method: Method::Ocr,
        text: recognised,
        confidence,
        ms: 0,
        note: None,
    };
    match request.keep {
        Keep::Nothing => {}
        Keep::Visible => {
            page.method = Method::Both;
            page.text = merge(lines, embedded, scale).join("\n");
        }
        Keep::Better => {
            let layer = embedded.text();
            if WordCounts::of(&layer).known > WordCounts::of(&page.text).known {
                page.method = Method::Text;
                page.confidence = PageStats::of(embedded).confidence();
                page.note = Some("couche de texte cachée, meilleure que l'OCR".to_owned());
                page.text = layer;
            }
        }
    }
    if page.text.trim().is_empty() {
        page = Page { method: Method::Empty, confidence: 1.0, text: String::new(), ..page };
    }
    page
}

/// The words of a line, separated by one space.
pub(super) fn join(line: &[OcrWord]) -> String {
    line.iter().map(|w| w.text.as_str()).collect::<Vec<_>>().join(" ")
}

/// Mean over characters, so that specks read as punctuation count little.
#[expect(clippy::cast_precision_loss, reason = "a mean over some thousand characters")]
fn mean_confidence(lines: &[OcrLine]) -> f32 {
    let (sum, chars) = lines.iter().flatten().fold((0.0, 0.0), |(sum, chars), word| {
        let n = word.text.chars().count() as f32;
        (sum + n * word.confidence, chars + n)
    });
    if chars == 0.0 { 0.0 } else { sum / chars }
}

fn counts(lines: &[OcrLine]) -> WordCounts {
    WordCounts::of(&lines.iter().map(|l| join(l)).collect::<Vec<_>>().join("\n"))
}

fn may_lie_sideways(lines: &[OcrLine]) -> bool {
    mean_confidence(lines) < SIDEWAYS_CONFIDENCE || counts(lines).known_share() < SIDEWAYS_KNOWN
}

#[expect(clippy::cast_precision_loss, reason = "a score")]
fn goodness(lines: &[OcrLine]) -> f32 {
    let counts = counts(lines);
    mean_confidence(lines) * (counts.shaped + counts.known) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_languages_that_are_there() {
        let installed = |langs: &[&str]| langs.iter().map(|l| (*l).to_owned()).collect::<Vec<_>>();
        assert_eq!(choose_languages("fra+deu", &installed(&["eng", "fra"])).unwrap(), "fra");
        assert_eq!(choose_languages("fra", &installed(&["eng", "osd"])).unwrap(), "eng");
        assert!(choose_languages("fra", &installed(&["osd"])).unwrap_err().contains("apt install"));
        assert!(choose_languages("fra", &[]).unwrap_err().contains("tesseract-ocr-fra"));
    }
}
