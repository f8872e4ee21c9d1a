//! A page as lines, folded for matching.

use guetteur_model::Page;
use guetteur_model::fold::fold;

use crate::parts::pattern;

/// Structure is read in the first characters of a line: longer ones are prose.
const LOOKED_AT: usize = 400;

/// A page with its lines that are not blank.
#[derive(Debug)]
pub(crate) struct PageView<'a> {
    /// Page of the PDF.
    pub number: u32,
    /// The text as read.
    pub text: &'a str,
    /// Lines with words.
    pub lines: Vec<Line<'a>>,
}

/// One line.
#[derive(Debug)]
pub(crate) struct Line<'a> {
    /// Offset of its first character in the page's text, in characters.
    pub start: u32,
    /// One past its last character.
    pub end: u32,
    /// Byte of its first character in the page's text.
    pub byte: usize,
    /// As printed, trimmed.
    pub text: &'a str,
    /// Folded and trimmed; at most the first 400 characters.
    pub folded: String,
    /// Its first letter or figure, folded; 0 for a line without.
    pub first: u8,
    /// Hyphens in it: a footer of the national tool has many.
    pub hyphens: usize,
    /// Whether a blank line comes before it.
    pub after_blank: bool,
}

impl<'a> PageView<'a> {
    pub(crate) fn new(page: &'a Page) -> Self {
        let mut lines = Vec::with_capacity(page.text.len() / 50);
        let mut at = 0;
        let mut byte = 0;
        let mut after_blank = false;
        for whole in page.text.split('\n') {
            for raw in unglued(whole) {
                let count = |text: &str| text.chars().count() as u32;
                let chars = count(raw);
                let text = raw.trim();
                if text.is_empty() {
                    after_blank = true;
                } else {
                    let skipped = raw.len() - raw.trim_start().len();
                    let start = at + count(&raw[..skipped]);
                    let end = at + chars - count(&raw[skipped + text.len()..]);
                    let short = text.len() <= LOOKED_AT;
                    let cut = (!short).then(|| text.char_indices().nth(LOOKED_AT)).flatten();
                    let mut folded = fold(&text[..cut.map_or(text.len(), |(i, _)| i)]);
                    folded.truncate(folded.trim_end().len());
                    let first = folded.bytes().find(u8::is_ascii_alphanumeric).unwrap_or(0);
                    let hyphens = folded.bytes().filter(|b| *b == b'-').count();
                    let byte = byte + skipped;
                    lines.push(Line {
                        start,
                        end,
                        byte,
                        text,
                        folded,
                        first,
                        hyphens,
                        after_blank,
                    });
                    after_blank = false;
                }
                at += chars;
                byte += raw.len();
            }
            at += 1;
            byte += 1;
        }
        Self { number: page.number, text: &page.text, lines }
    }

    /// The text from the line that starts at `from` to the one that starts at `to`; from the top
    /// for 0, to the end for `None`. Acts start at lines, so no characters are counted.
    pub(crate) fn slice(&self, from: u32, to: Option<u32>) -> &'a str {
        let byte = |offset: u32| {
            let i = self.lines.partition_point(|l| l.start < offset);
            self.lines.get(i).map_or(self.text.len(), |l| l.byte)
        };
        let start = if from == 0 { 0 } else { byte(from) };
        let end = to.map_or(self.text.len(), byte);
        self.text.get(start..end).unwrap_or_default()
    }

    /// The characters `start..end`, counted from the line they stand on and not from the top.
    pub(crate) fn chars(&self, start: u32, end: u32) -> &'a str {
        let byte = |offset: u32| {
            let line = self.lines.partition_point(|l| l.start <= offset).checked_sub(1);
            let (from, base) = line.map_or((0, 0), |i| (self.lines[i].byte, self.lines[i].start));
            let rest = &self.text[from..];
            let within = rest.char_indices().nth((offset - base) as usize);
            within.map_or(self.text.len(), |(i, _)| from + i)
        };
        self.text.get(byte(start)..byte(end)).unwrap_or_default()
    }

    /// Folded lines joined by a space, from `from` on, at most `count` of them.
    pub(crate) fn joined(&self, from: usize, count: usize) -> String {
        let lines = self.lines.iter().skip(from).take(count);
        lines.map(|l| l.folded.as_str()).collect::<Vec<_>>().join(" ")
    }
}

impl<'a> Line<'a> {
    /// The line cut down to `text`, its beginning.
    pub(crate) fn cut_to(&self, text: &'a str) -> Self {
        let mut folded = fold(text);
        folded.truncate(folded.trim_end().len());
        let first = folded.bytes().find(u8::is_ascii_alphanumeric).unwrap_or(0);
        let end = self.start + text.chars().count() as u32;
        Self { end, text, folded, first, ..*self }
    }
}

/// Lines shorter than this have not swallowed others.
const GLUED: usize = 150;

// Where a line begins that extraction glued to the one before it: « FraternitéARRÊTÉ AUTORISANT »,
// « du mérite,Vu le code », « préfetArrêté n° 12 ».
pattern!(
    BEGINS,
    r"(?:[\p{Ll},;.)]|\| )(?:ARR[EÊ]T[EÉ][ :]|Arr[eêé]t[eé] (?:[nN] ?°|du |pr[eé]fectoral|portant|autorisant)|V[Uu] (?:l[ea]s? |l['’]))"
);

/// The lines that one line as extracted holds.
fn unglued(line: &str) -> impl Iterator<Item = &str> {
    let mut starts: Vec<usize> = Vec::new();
    if line.len() > GLUED {
        starts.extend(BEGINS.find_iter(line).map(|m| {
            let before = m.as_str().chars().next().map_or(0, char::len_utf8);
            m.start() + before
        }));
    }
    starts.push(line.len());
    let mut from = 0;
    starts.into_iter().map(move |to| {
        let piece = &line[from..to];
        from = to;
        piece
    })
}

/// Letters and digits only.
pub(crate) fn compact(folded: &str) -> String {
    folded.chars().filter(|c| c.is_alphanumeric()).collect()
}
