//! A page as lines, folded for matching.

use std::ops::Range;

use guetteur_model::Page;
use guetteur_model::fold::fold;

use super::glue::Glue;
use crate::parts::pattern;

/// Structure is read in the first characters of a line: longer ones are prose.
const LOOKED_AT: usize = 400;

/// A page with its lines that are not blank.
#[derive(Debug)]
pub(crate) struct PageView<'a> {
    /// Page of the PDF.
    pub number: u32,
    /// The text as read; of a page that was parted too.
    pub text: &'a str,
    /// Offset of its first character in that text: 0 unless it was parted.
    pub start: u32,
    /// Its bytes in that text.
    bytes: Range<usize>,
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
    /// Whether it holds a word of signatures or remedies: few lines do.
    pub tells: bool,
    /// Whether a blank line comes before it.
    pub after_blank: bool,
}

impl<'a> PageView<'a> {
    pub(crate) fn new(page: &'a Page) -> Self {
        let mut lines = Vec::with_capacity(page.text.len() / 50);
        let mut at = 0;
        let mut byte = 0;
        let mut after_blank = false;
        let glue = Glue::of(&page.text);
        for whole in page.text.split('\n') {
            for raw in glue.lines(whole) {
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
                    let tells = TELLS.is_match(&folded);
                    lines.push(Line {
                        start,
                        end,
                        byte,
                        text,
                        folded,
                        first,
                        hyphens,
                        tells,
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
        Self { number: page.number, text: &page.text, start: 0, bytes: 0..page.text.len(), lines }
    }

    /// The page, parted before the lines at `cuts`, which grow: each part as a page of its own.
    pub(crate) fn parted(self, cuts: &[usize]) -> Vec<Self> {
        let Self { number, text, bytes, mut lines, .. } = self;
        let mut parts = Vec::with_capacity(cuts.len() + 1);
        let mut end = bytes.end;
        for &cut in cuts.iter().rev() {
            let below = lines.split_off(cut);
            let Some(first) = below.first() else { continue };
            let (start, from) = (first.start, first.byte);
            parts.push(Self { number, text, start, bytes: from..end, lines: below });
            end = from;
        }
        parts.push(Self { number, text, start: 0, bytes: 0..end, lines });
        parts.reverse();
        parts
    }

    /// The text from the line that starts at `from` to the one that starts at `to`; from the top
    /// for 0, to the end for `None`. Acts start at lines, so no characters are counted.
    pub(crate) fn slice(&self, from: u32, to: Option<u32>) -> &'a str {
        let byte = |offset: u32| {
            let i = self.lines.partition_point(|l| l.start < offset);
            self.lines.get(i).map_or(self.bytes.end, |l| l.byte)
        };
        let start = if from <= self.start { self.bytes.start } else { byte(from) };
        let end = to.map_or(self.bytes.end, byte);
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
        let tells = TELLS.is_match(&folded);
        Self { end, text, folded, first, tells, ..*self }
    }
}

// What lines hold that `lexicon::ENDS`, `lexicon::REMEDIES` and `signature::DONE` match: one search
// for all of them.
pattern!(TELLS, r"fait |donne |sign|recours|,le |, le |pour l|le pref|la pref");

/// Letters and digits only.
pub(crate) fn compact(folded: &str) -> String {
    folded.chars().filter(|c| c.is_alphanumeric()).collect()
}
