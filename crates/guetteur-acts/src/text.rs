//! The text of one act as one folded string, with the way back to its pages.

use std::ops::Range;

use guetteur_model::fold::{Folded, slice_chars};
use guetteur_model::{Act, Span};

/// Facts are read in at most this many bytes of folded text: some 400 pages.
const LONGEST: usize = 1_000_000;

const UPPER: u8 = 1;
const LINE_START: u8 = 2;

/// Title and pages of an act, folded one after the other and separated by a space, without the
/// footers of the national tool. Byte ranges of [`ActText::as_str`] are quoted through
/// [`ActText::span`].
#[derive(Debug)]
pub struct ActText<'a> {
    text: String,
    marks: Vec<u8>,
    chunks: Vec<Chunk<'a>>,
    title: Range<usize>,
}

#[derive(Debug)]
struct Chunk<'a> {
    start: usize,
    folded: Folded,
    raw: &'a str,
    /// Page and offset of `raw` in it; `None` for a title that stands on no page.
    place: Option<(u32, u32)>,
}

impl<'a> ActText<'a> {
    /// Folds title and pages. Linear time; text past the first megabyte is left out.
    #[must_use]
    pub fn new(act: &'a Act) -> Self {
        let mut text =
            Self { text: String::new(), marks: Vec::new(), chunks: Vec::new(), title: 0..0 };
        match &act.title_span {
            Some(span) => text.push(&span.text, Some((span.page, span.start))),
            None => text.push(&act.title_raw, None),
        }
        text.title = 0..text.text.trim_end().len();
        for page in &act.text {
            let raw = without_footer(&page.text, act.number.as_deref());
            text.push(raw, Some((page.number, page.offset)));
            if text.text.len() >= LONGEST {
                break;
            }
        }
        text
    }

    fn push(&mut self, raw: &'a str, place: Option<(u32, u32)>) {
        let room = LONGEST.saturating_sub(self.text.len());
        let raw = &raw[..floor_char_boundary(raw, room)];
        let folded = Folded::new(raw);
        let start = self.text.len();
        self.text.push_str(folded.as_str());
        self.mark(raw, &folded);
        self.text.push(' ');
        self.marks.push(0);
        self.chunks.push(Chunk { start, folded, raw, place });
    }

    /// Notes for each folded byte whether it was a capital and whether it opens a line.
    fn mark(&mut self, raw: &str, folded: &Folded) {
        let mut chars = raw.chars();
        let mut read = 0;
        let mut upper = 0;
        let mut line_start = true;
        self.marks.reserve(folded.as_str().len() + 1);
        for (&origin, byte) in folded.origins().iter().zip(folded.as_str().bytes()) {
            while read <= origin {
                let Some(c) = chars.next() else { break };
                read += 1;
                line_start |= c == '\n';
                upper = if c.is_uppercase() { UPPER } else { 0 };
            }
            let mut mark = upper;
            if line_start && byte != b' ' {
                mark |= LINE_START;
                line_start = false;
            }
            self.marks.push(mark);
        }
    }

    /// The folded text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Where the title stands in it.
    #[must_use]
    pub fn title(&self) -> Range<usize> {
        self.title.clone()
    }

    /// Whether the byte at `at` was a capital letter.
    #[must_use]
    pub fn is_upper(&self, at: usize) -> bool {
        self.marks.get(at).is_some_and(|mark| mark & UPPER != 0)
    }

    /// Whether the byte at `at` is the first of its line.
    #[must_use]
    pub fn is_line_start(&self, at: usize) -> bool {
        self.marks.get(at).is_some_and(|mark| mark & LINE_START != 0)
    }

    /// The passage as it stands on its page; cut at the end of the page where it starts. `None`
    /// when it stands on no page.
    #[must_use]
    pub fn span(&self, range: Range<usize>) -> Option<Span> {
        let (chunk, start, end) = self.original(range)?;
        let (page, offset) = chunk.place?;
        let text = slice_chars(chunk.raw, start, end).to_owned();
        Some(Span { page, start: offset + start, end: offset + end, text })
    }

    /// The words of a passage as printed, on one line.
    #[must_use]
    pub fn quote(&self, range: Range<usize>) -> String {
        let Some((chunk, start, end)) = self.original(range) else { return String::new() };
        crate::title::mend(slice_chars(chunk.raw, start, end))
    }

    fn original(&self, range: Range<usize>) -> Option<(&Chunk<'a>, u32, u32)> {
        let i = self.chunks.partition_point(|chunk| chunk.start <= range.start).checked_sub(1)?;
        let chunk = &self.chunks[i];
        let len = chunk.folded.as_str().len();
        let from = (range.start - chunk.start).min(len);
        let to = range.end.saturating_sub(chunk.start).min(len);
        let (start, end) = chunk.folded.span(from, to);
        Some((chunk, start, end))
    }
}

/// `text` without the lines that the national tool prints at the foot of each page.
fn without_footer<'t>(text: &'t str, number: Option<&str>) -> &'t str {
    let Some(number) = number else { return text };
    let tail_start = text.trim_end().rmatch_indices('\n').nth(3).map_or(0, |(i, _)| i + 1);
    let Some(found) = text[tail_start..].find(number) else { return text };
    let at = tail_start + found;
    let line_start = text[..at].rfind('\n').map_or(0, |i| i + 1);
    let before = text[line_start..at].trim_end();
    if before.len() > 1 && before.ends_with(['-', '–', '—']) {
        &text[..line_start]
    } else {
        text
    }
}

fn floor_char_boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0)
}
