//! Whether a page's embedded text is used, or the page is given to OCR, and why.
//!
//! Pure functions over a page's statistics. The thresholds were measured on 603 labelled pages of
//! bulletins and RAA-like files (one wrong).

use std::str::FromStr;

use guetteur_model::{Method, Page};
use serde::{Deserialize, Serialize};

use crate::boxes::{ReadPage, WordBox};
use crate::options::OcrMode;
use crate::protocol::{Keep, ScannedPage};
use crate::reader::Awaiting;
use crate::text::PageText;
use crate::words::{self, WordCounts};

/// Fewer visible characters than this are no text.
const FEW_CHARS: u32 = 10;
/// A full page of text has at least these; fewer over a scan are a stamp or a footer.
const STAMP_CHARS: u32 = 400;
/// Share of unreadable characters that makes noise.
const NOISE: f32 = 0.10;
/// Long words needed to judge by their shape.
const ENOUGH_WORDS: u32 = 30;
/// Share of shaped words under which a text is noise.
const SHAPED: f32 = 0.70;
/// Share of the page that images cover on a scan.
const SCAN: f32 = 0.5;
/// Share of known words under which a hidden layer is not trusted.
const PLAUSIBLE_LAYER: f32 = 0.55;
/// Share of the page from which a picture that is not recognised is told.
const TOLD_PICTURES: f32 = 0.01;
/// Paths that letters turned into outlines make at least.
const OUTLINES: u32 = 300;

/// Statistics of one page.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct PageStats {
    /// Characters that are not spaces, hidden ones included.
    pub chars: u32,
    /// Of these: U+FFFD, private use or control.
    pub bad_chars: u32,
    /// Of these: not painted (render mode 3).
    pub hidden_chars: u32,
    /// Words.
    pub words: WordCounts,
    /// Share of the page that images cover; `None` where the engine cannot tell.
    pub image_cover: Option<f32>,
    /// Share of the page that images cover with none of its words on them.
    pub bare_pictures: f32,
    /// Share of the page in regions as large as lines of text, pictures or letters turned into
    /// outlines, that none of its words stand on.
    pub unread: f32,
    /// Somewhere paths are as dense as letters turned into outlines.
    pub has_outlines: bool,
    /// Paths painted.
    pub paths: u32,
}

impl PageStats {
    /// Counts over a page's text.
    #[must_use]
    pub fn of(page: &PageText) -> Self {
        let mut stats = Self {
            image_cover: page.image_cover,
            bare_pictures: page.bare_pictures,
            unread: page.unread.map_or(0.0, |unread| unread.share),
            has_outlines: page.has_outlines,
            paths: page.paths,
            ..Self::default()
        };
        for word in page.lines.iter().flat_map(|line| &line.words) {
            for c in word.text.chars() {
                stats.chars += 1;
                stats.bad_chars += u32::from(is_bad(c));
                stats.hidden_chars += u32::from(word.hidden);
            }
        }
        stats.words = WordCounts::of(&page.text());
        stats
    }

    /// Share of unreadable characters.
    #[must_use]
    pub fn bad_share(&self) -> f32 {
        ratio(self.bad_chars, self.chars)
    }

    fn visible(&self) -> u32 {
        self.chars - self.hidden_chars.min(self.chars)
    }

    fn has_picture(&self) -> bool {
        self.image_cover.is_none_or(|cover| cover > 0.0)
            || self.unread > 0.0
            || self.has_outlines
            || self.paths >= OUTLINES
    }

    /// Whether a picture is the page, and the file's words a mark on it.
    pub(crate) fn is_stamped_scan(&self) -> bool {
        self.is_scan() && self.visible() < STAMP_CHARS
    }

    fn is_scan(&self) -> bool {
        self.image_cover.is_some_and(|cover| cover >= SCAN)
    }

    /// How far its text can be trusted, 0 to 1.
    #[must_use]
    pub fn confidence(&self) -> f32 {
        if self.chars == 0 {
            return 1.0;
        }
        let shaped = if self.words.long >= ENOUGH_WORDS { self.words.shaped_share() } else { 1.0 };
        let hidden = 1.0 - 0.2 * ratio(self.hidden_chars, self.chars);
        ((1.0 - self.bad_share()) * shaped.max(0.5) * hidden).clamp(0.0, 1.0)
    }

    /// Share of the page that a reading of the file's words alone does not look at.
    fn not_looked_at(&self) -> f32 {
        self.bare_pictures.max(self.unread).min(1.0)
    }

    /// What is said of pictures that are not recognised, if they are large enough for words.
    fn told_pictures(&self) -> Option<String> {
        let share = self.not_looked_at();
        (share >= TOLD_PICTURES && self.chars > 0)
            .then(|| format!("image non lue : {:.0} % de la page", share * 100.0))
    }

    /// A scan with a text layer that is not seen; its words say nothing of the document's fonts.
    fn is_layer(&self) -> bool {
        2 * self.hidden_chars >= self.chars && self.chars >= FEW_CHARS
    }

    /// True if the page cannot be judged before longer ones have told about the document's fonts.
    pub(crate) fn waits_for_document(&self) -> bool {
        self.chars >= FEW_CHARS
            && !self.is_layer()
            && self.is_noise().is_none()
            && inherits_noise(self, true)
    }

    /// What the page says of its document's fonts: `None` if it is too short to tell, or if its
    /// text is the layer of a scan.
    #[must_use]
    pub fn is_noise(&self) -> Option<bool> {
        if self.is_layer() {
            return None;
        }
        if self.chars >= FEW_CHARS && self.bad_share() >= NOISE {
            return Some(true);
        }
        (self.words.long >= ENOUGH_WORDS).then(|| self.words.shaped_share() < SHAPED)
    }
}

fn is_bad(c: char) -> bool {
    c == '\u{FFFD}' || c.is_control() || words::is_private(c)
}

#[expect(clippy::cast_precision_loss, reason = "a share")]
fn ratio(part: u32, whole: u32) -> f32 {
    if whole == 0 { 0.0 } else { part as f32 / whole as f32 }
}

/// Why a page is given to OCR. Its identifier, for storing, is in kebab case: `no-text`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// An image and no text.
    NoText,
    /// Characters without meaning (a font without a table of its letters).
    Noise,
    /// A few words over a scan: a footer, a stamp.
    Stamp,
    /// A region without words of the file beside others: a pasted or reduced scan, letters turned
    /// into outlines.
    Picture,
    /// A hidden text layer that reads badly.
    HiddenLayer,
    /// The user asked for it.
    Asked,
}

impl Why {
    const ALL: [Self; 6] =
        [Self::NoText, Self::Noise, Self::Stamp, Self::Picture, Self::HiddenLayer, Self::Asked];

    /// Its identifier.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoText => "no-text",
            Self::Noise => "noise",
            Self::Stamp => "stamp",
            Self::Picture => "picture",
            Self::HiddenLayer => "hidden-layer",
            Self::Asked => "asked",
        }
    }

    /// The reason in French words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::NoText => "image sans texte",
            Self::Noise => "le texte du fichier est illisible (police sans table)",
            Self::Stamp => "quelques mots sur une image numérisée",
            Self::Picture => "une partie de la page est une image",
            Self::HiddenLayer => "couche de texte cachée de mauvaise qualité",
            Self::Asked => "à la demande",
        }
    }

    /// For the note of a page that was recognised.
    pub(crate) fn recognised(self) -> String {
        format!("OCR : {}", self.words())
    }

    /// For the note of a page that is not recognised yet.
    pub(crate) fn awaited(self) -> String {
        format!("en attente de reconnaissance (OCR) : {}", self.words())
    }

    pub(crate) fn keep(self) -> Keep {
        match self {
            Self::NoText | Self::Noise => Keep::Nothing,
            Self::Stamp | Self::Picture => Keep::Visible,
            Self::HiddenLayer => Keep::Better,
            Self::Asked => Keep::Nothing,
        }
    }
}

impl FromStr for Why {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|why| why.as_str() == s)
            .ok_or_else(|| format!("« {s} » n'est pas une raison de reconnaître une page"))
    }
}

/// What becomes of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Its embedded text is used.
    Text,
    /// Nothing on it.
    Empty,
    /// It is rendered and recognised.
    Ocr(Why),
}

/// Judges a page. `document_is_noise` is what the longer pages of the document say of its fonts;
/// a page that is too short to tell inherits it.
#[must_use]
pub fn judge(stats: &PageStats, mode: OcrMode, document_is_noise: bool) -> Verdict {
    let blank = stats.chars == 0 && !stats.has_picture();
    match mode {
        _ if blank => return Verdict::Empty,
        OcrMode::Never if stats.chars == 0 => return Verdict::Empty,
        OcrMode::Never => return Verdict::Text,
        OcrMode::Always => return Verdict::Ocr(Why::Asked),
        OcrMode::Auto => {}
    }
    if stats.chars < FEW_CHARS {
        return if stats.has_picture() { Verdict::Ocr(Why::NoText) } else { Verdict::Text };
    }
    if stats.is_layer() {
        let plausible = stats.bad_share() < NOISE
            && stats.words.known_share() >= PLAUSIBLE_LAYER
            && stats.words.long >= ENOUGH_WORDS
            && stats.words.shaped_share() >= 0.95;
        return if plausible { Verdict::Text } else { Verdict::Ocr(Why::HiddenLayer) };
    }
    if stats.is_noise().unwrap_or_else(|| inherits_noise(stats, document_is_noise)) {
        return Verdict::Ocr(Why::Noise);
    }
    if stats.is_stamped_scan() {
        return Verdict::Ocr(Why::Stamp);
    }
    if stats.unread > 0.0 {
        return Verdict::Ocr(Why::Picture);
    }
    Verdict::Text
}

/// A short page whose own words look good is not condemned by its document.
fn inherits_noise(stats: &PageStats, document_is_noise: bool) -> bool {
    document_is_noise && (stats.words.long < 5 || stats.words.shaped_share() < 0.9)
}

impl ScannedPage {
    /// The page as its embedded text gives it.
    pub(crate) fn into_text_page(self, method: Method) -> ReadPage {
        let page = Page {
            number: self.page,
            method,
            confidence: self.stats.confidence() * (1.0 - self.stats.not_looked_at()),
            text: self.text,
            ms: self.ms,
            note: self.note.or_else(|| self.stats.told_pictures()),
        };
        ReadPage { page, words: self.words }
    }

    /// The page while it is not recognised: what of its text may be believed.
    pub(crate) fn into_awaiting(self, why: Why) -> (Awaiting, Vec<WordBox>) {
        let believed = why != Why::Noise && !self.text.is_empty();
        let method = if believed { Method::Text } else { Method::Empty };
        let ReadPage { mut page, mut words } = self.into_text_page(method);
        if !believed {
            page.text.clear();
            page.confidence = 0.0;
            words.clear();
        }
        page.note = Some(why.awaited());
        (Awaiting { page, why }, words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stats(chars: u32, bad: u32, hidden: u32, cover: f32) -> PageStats {
        let long = chars / 10;
        let words = WordCounts { long, shaped: long, all: chars / 5, known: chars * 13 / 100 };
        PageStats {
            chars,
            bad_chars: bad,
            hidden_chars: hidden,
            words,
            image_cover: Some(cover),
            paths: 10,
            ..PageStats::default()
        }
    }

    fn unshaped(mut stats: PageStats) -> PageStats {
        stats.words.shaped = stats.words.long / 3;
        stats
    }

    fn unknown(mut stats: PageStats) -> PageStats {
        stats.words.known = stats.words.all * 2 / 5;
        stats
    }

    fn outlines(mut stats: PageStats) -> PageStats {
        stats.paths = 4_000;
        stats
    }

    fn bare(mut stats: PageStats, share: f32) -> PageStats {
        stats.unread = share;
        stats
    }

    #[test]
    fn judges_pages_by_their_statistics() {
        use Verdict::{Empty, Ocr, Text};
        let cases = [
            ("prose", stats(2_000, 0, 0, 0.0), Text),
            ("prose beside a photograph", stats(900, 0, 0, 0.4), Text),
            ("prose over a background image", stats(2_000, 0, 0, 1.0), Text),
            ("divider with a crest", stats(120, 0, 0, 0.05), Text),
            ("page number alone", stats(3, 0, 0, 0.0), Text),
            ("blank", stats(0, 0, 0, 0.0), Empty),
            ("scan", stats(0, 0, 0, 1.0), Ocr(Why::NoText)),
            ("scan with a page number", stats(3, 0, 0, 0.98), Ocr(Why::NoText)),
            ("letters turned into outlines", outlines(stats(0, 0, 0, 0.0)), Ocr(Why::NoText)),
            ("a reduced scan with a footer", bare(stats(110, 0, 0, 0.4), 0.4), Ocr(Why::Picture)),
            ("a scan, footer and stamps", bare(stats(600, 0, 0, 1.0), 0.8), Ocr(Why::Picture)),
            ("a pasted picture", bare(stats(1_500, 0, 0, 0.1), 0.1), Ocr(Why::Picture)),
            ("few outlines", bare(stats(0, 0, 0, 0.0), 0.3), Ocr(Why::NoText)),
            ("scan with a footer", stats(110, 0, 0, 0.9), Ocr(Why::Stamp)),
            ("font without a table", stats(1_000, 300, 0, 0.0), Ocr(Why::Noise)),
            ("wrong table", unshaped(stats(1_000, 0, 0, 0.0)), Ocr(Why::Noise)),
            ("good layer under a scan", stats(1_500, 0, 1_500, 1.0), Text),
            ("bad layer", unknown(stats(1_500, 0, 1_500, 1.0)), Ocr(Why::HiddenLayer)),
            ("layer full of signs", unshaped(stats(1_500, 0, 1_500, 1.0)), Ocr(Why::HiddenLayer)),
            ("short layer", stats(200, 0, 200, 1.0), Ocr(Why::HiddenLayer)),
            ("layer with a footer", unknown(stats(1_500, 0, 1_400, 1.0)), Ocr(Why::HiddenLayer)),
        ];
        for (name, stats, expected) in cases {
            assert_eq!(judge(&stats, OcrMode::Auto, false), expected, "{name}");
        }
    }

    #[test]
    fn modes_override_the_judgement() {
        let (prose, scan, blank) =
            (stats(2_000, 0, 0, 0.0), stats(0, 0, 0, 1.0), stats(0, 0, 0, 0.0));
        assert_eq!(judge(&scan, OcrMode::Never, false), Verdict::Empty);
        assert_eq!(judge(&unshaped(prose), OcrMode::Never, true), Verdict::Text);
        assert_eq!(judge(&prose, OcrMode::Always, false), Verdict::Ocr(Why::Asked));
        assert_eq!(judge(&blank, OcrMode::Always, false), Verdict::Empty);
    }

    #[test]
    fn reasons_are_found_by_their_identifiers() {
        for why in Why::ALL {
            assert_eq!(why.as_str().parse(), Ok(why));
            assert_eq!(serde_json::to_value(why).expect("a word"), why.as_str());
        }
        assert!("encre".parse::<Why>().is_err());
    }

    #[test]
    fn a_short_page_inherits_the_noise_of_its_document() {
        let divider = unshaped(stats(120, 0, 0, 0.0));
        assert_eq!(judge(&divider, OcrMode::Auto, true), Verdict::Ocr(Why::Noise));
        assert_eq!(judge(&divider, OcrMode::Auto, false), Verdict::Text);
        let good = stats(120, 0, 0, 0.0);
        assert_eq!(judge(&good, OcrMode::Auto, true), Verdict::Text, "its own words are good");
    }
}
