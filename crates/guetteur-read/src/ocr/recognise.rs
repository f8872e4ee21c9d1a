//! One page by OCR: render, recognise, try again where the result is implausible.

use std::time::{Duration, Instant};

use guetteur_model::{Method, Page};

use super::merge::{TextLine, merge};
use super::sheet::{Easel, Letters, Sheet, Way};
use super::tesseract::{self, MISSING, Segmentation, installed_languages};
use super::tiff::Tiff;
use super::tsv::{OcrLine, OcrWord};
use crate::boxes::{self, ReadPage};
use crate::judge::PageStats;
use crate::protocol::{Keep, PageRequest, Request};
use crate::render::{DPI, Picture};
use crate::text::{HayroEngine, PageText, Pages, TextEngine};
use crate::words::WordCounts;

/// Share of known words under which a page may lie on its side. (Sideways pages have under 0.1,
/// tables of names about 0.3.)
const SIDEWAYS_KNOWN: f32 = 0.25;
/// Mean confidence under which a page may lie on its side.
const SIDEWAYS_CONFIDENCE: f32 = 0.6;
/// Mean confidence under which a page is rendered finer and recognised again.
const FINER_CONFIDENCE: f32 = 0.7;
/// Dots per inch of the second try.
const FINER_DPI: f32 = 300.0;
/// Longer side of a large sheet, in points: above A3.
const LARGE_SHEET: f32 = 1_300.0;

/// Recognises the pages of one file.
pub(crate) struct Recogniser<'a> {
    easel: Easel<'a>,
    text: Option<Pages<'a>>,
    boxes: bool,
    /// Installed ones among the languages asked for, or the reason why there is none.
    languages: Result<String, String>,
    has_osd: bool,
}

impl<'a> Recogniser<'a> {
    pub(crate) fn new(request: &'a Request, engine: Option<&'a HayroEngine>) -> Self {
        let installed = installed_languages();
        Self {
            easel: Easel { file: &request.file, engine, side_px: request.side_px },
            text: engine.map(TextEngine::pages),
            boxes: request.boxes,
            languages: choose_languages(&request.ocr_languages, &installed),
            has_osd: installed.iter().any(|l| l == "osd"),
        }
    }

    /// Whether a page is larger than two sheets of office paper.
    pub(crate) fn is_large_sheet(&self, number: u32) -> bool {
        let page = self.easel.engine.and_then(|engine| engine.raw_page(number).ok());
        page.is_some_and(|page| {
            let (width, height) = page.render_dimensions();
            width.max(height) > LARGE_SHEET
        })
    }

    /// The page as OCR reads it. The error is in plain French words.
    pub(crate) fn page(&mut self, request: PageRequest) -> Result<ReadPage, String> {
        let (mut draft, picture) = self.draft(request)?;
        let start = Instant::now();
        let lines = match picture {
            Some(picture) => draft.lines(self.look(&picture, Segmentation::Upright)?),
            None => Vec::new(),
        };
        draft.spent += start.elapsed();
        self.finished(draft, lines)
    }

    /// A page before it is recognised, and its picture if there is anything to recognise.
    pub(super) fn draft(
        &mut self,
        request: PageRequest,
    ) -> Result<(Draft, Option<Picture>), String> {
        let start = Instant::now();
        self.languages()?;
        let embedded = match (request.keep, &mut self.text) {
            (Keep::Nothing, _) | (_, None) => PageText::default(),
            (Keep::Visible | Keep::Better, Some(text)) => text(request.page)?,
        };
        let part = part(&embedded, request.keep);
        let Sheet { scale, note, letters } = self.easel.draw(request.page, DPI, part)?;
        let (picture, way) = letters.map(Letters::upright).unzip();
        let spent = start.elapsed();
        Ok((Draft { request, embedded, part, scale, note, way, spent }, picture))
    }

    /// The languages to recognise, or why there are none.
    pub(super) fn languages(&self) -> Result<&str, String> {
        self.languages.as_deref().map_err(Clone::clone)
    }

    /// Whether another look may find better lines than these.
    pub(super) fn is_doubtful(&self, lines: &[OcrLine]) -> bool {
        (self.has_osd && may_lie_sideways(lines)) || is_uncertain(lines)
    }

    /// The page with these lines, or with better ones if there are.
    pub(super) fn finished(
        &self,
        mut draft: Draft,
        mut lines: Vec<OcrLine>,
    ) -> Result<ReadPage, String> {
        let start = Instant::now();
        if draft.way.is_some() && self.is_doubtful(&lines) {
            lines = self.as_it_lies(&draft, DPI, lines)?;
            if is_uncertain(&lines) {
                let finer = self.finer(&draft)?;
                if let Some((finer, scale)) = finer.filter(|(f, _)| goodness(f) > goodness(&lines))
                {
                    (lines, draft.scale) = (finer, scale);
                }
            }
        }
        let mut read = compose(lines, &draft.embedded, draft.request, draft.scale);
        if !self.boxes {
            read.words.clear();
        }
        let page = &mut read.page;
        page.note = page.note.take().or(draft.note);
        let spent = draft.spent + start.elapsed();
        page.ms = u64::try_from(spent.as_millis()).unwrap_or(u64::MAX);
        Ok(read)
    }

    /// The lines as they were read, or those of the page as it lies where these are better.
    fn as_it_lies(
        &self,
        draft: &Draft,
        dpi: f32,
        read: Vec<OcrLine>,
    ) -> Result<Vec<OcrLine>, String> {
        if !self.has_osd || !may_lie_sideways(&read) {
            return Ok(read);
        }
        let sheet = self.easel.draw(draft.request.page, dpi, draft.part)?;
        let Some((picture, way)) = sheet.letters.map(Letters::lying) else { return Ok(read) };
        // A page with too little text for finding its orientation fails: then the first stands.
        Ok(match self.look(&picture, Segmentation::FindOrientation) {
            Ok(found) if goodness(&found) > goodness(&read) => way.back(found),
            _ => read,
        })
    }

    /// The lines of the page drawn finer, and its pixels a point.
    fn finer(&self, draft: &Draft) -> Result<Option<(Vec<OcrLine>, f32)>, String> {
        let Sheet { scale, letters, .. } =
            self.easel.draw(draft.request.page, FINER_DPI, draft.part)?;
        let Some((picture, way)) = letters.map(Letters::upright) else { return Ok(None) };
        let lines = way.back(self.look(&picture, Segmentation::Upright)?);
        Ok(Some((self.as_it_lies(draft, FINER_DPI, lines)?, scale)))
    }

    /// What tesseract sees on one picture.
    fn look(&self, picture: &Picture, how: Segmentation) -> Result<Vec<OcrLine>, String> {
        let tiff = Tiff::of(picture).map_err(|e| format!("image pour l'OCR : {e}"))?;
        let mut seen = Err("tesseract n'a rien répondu".to_owned());
        tesseract::run(&tiff, self.languages()?, how, |_, lines| seen = Ok(lines))?;
        seen
    }
}

/// A page that is being recognised.
pub(super) struct Draft {
    pub(super) request: PageRequest,
    embedded: PageText,
    part: Option<[f32; 4]>,
    /// Pixels a point.
    scale: f32,
    note: Option<String>,
    /// `None` if there is nothing to recognise.
    way: Option<Way>,
    /// Time that it took so far.
    pub(super) spent: Duration,
}

impl Draft {
    /// Lines as tesseract gives them, with their places on the page.
    pub(super) fn lines(&self, lines: Vec<OcrLine>) -> Vec<OcrLine> {
        self.way.map_or_else(Vec::new, |way| way.back(lines))
    }
}

/// The part of the page that is recognised, in points; `None` for all of it.
fn part(embedded: &PageText, keep: Keep) -> Option<[f32; 4]> {
    let is_page_of_words = keep == Keep::Visible && !PageStats::of(embedded).is_stamped_scan();
    embedded.unread.filter(|_| is_page_of_words).map(|unread| unread.bounds)
}

fn is_uncertain(lines: &[OcrLine]) -> bool {
    !lines.is_empty() && mean_confidence(lines) < FINER_CONFIDENCE
}

/// Those of the languages `wanted` that are installed, or the reason why OCR is impossible.
pub(crate) fn choose_languages(wanted: &str, installed: &[String]) -> Result<String, String> {
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

fn compose(
    recognised: Vec<OcrLine>,
    embedded: &PageText,
    request: PageRequest,
    scale: f32,
) -> ReadPage {
    let confidence = mean_confidence(&recognised);
    let known = counts(&recognised).known;
    let text = embedded.text();
    let layer_is_better = request.keep == Keep::Better && WordCounts::of(&text).known > known;
    let number = request.page;
    let mut page =
        Page { number, method: Method::Ocr, text: text.clone(), confidence, ms: 0, note: None };
    let words = if layer_is_better {
        page.method = Method::Text;
        page.confidence = PageStats::of(embedded).confidence();
        page.note = Some("couche de texte cachée, meilleure que l'OCR".to_owned());
        boxes::of_page(embedded)
    } else {
        let lines = if request.keep == Keep::Visible {
            page.method = if recognised.is_empty() { Method::Text } else { Method::Both };
            page.confidence = both_confidence(&recognised, embedded);
            merge(recognised, embedded, scale)
        } else {
            recognised.iter().map(|line| TextLine::recognised(line, scale)).collect()
        };
        page.text = lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join("\n");
        lines.into_iter().flat_map(|line| line.words).collect()
    };
    if !page.text.trim().is_empty() {
        return ReadPage { page, words };
    }
    // OCR saw nothing, the file may have a few words: these are the page.
    let method = if text.is_empty() { Method::Empty } else { Method::Text };
    let confidence = PageStats::of(embedded).confidence();
    ReadPage { page: Page { method, confidence, text, ..page }, words: boxes::of_page(embedded) }
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

/// Of recognised words and those of the file, each by its characters.
#[expect(clippy::cast_precision_loss, reason = "a mean over some thousand characters")]
fn both_confidence(lines: &[OcrLine], embedded: &PageText) -> f32 {
    let stats = PageStats::of(embedded);
    let recognised: usize = lines.iter().flatten().map(|word| word.text.chars().count()).sum();
    let (recognised, own) = (recognised as f32, stats.chars as f32);
    if recognised + own == 0.0 {
        return 0.0;
    }
    (recognised * mean_confidence(lines) + own * stats.confidence()) / (recognised + own)
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
