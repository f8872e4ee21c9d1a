//! The text of one act as one folded string, with the way back to its pages.

use std::ops::Range;

use guetteur_model::fold::{CharOffsets, Folded};
use guetteur_model::furniture::without_furniture;
use guetteur_model::{Act, Span};

use crate::furniture;

/// Facts are read in at most this many bytes of folded text: some 400 pages.
const LONGEST: usize = 1_000_000;

/// Title and pages of an act, folded one after the other and separated by a space, without
/// what the bulletin prints around it (`guetteur_model::furniture`). Byte ranges of [`ActText::as_str`] are quoted through
/// [`ActText::span`].
#[derive(Debug)]
pub struct ActText<'a> {
    text: String,
    chunks: Vec<Chunk<'a>>,
    title: Range<usize>,
    furniture: Vec<Range<usize>>,
}

#[derive(Debug)]
struct Chunk<'a> {
    start: usize,
    folded: Folded,
    raw: &'a str,
    offsets: CharOffsets,
    /// Page and offset of `raw` in it; `None` for a title that stands on no page.
    place: Option<(u32, u32)>,
}

impl<'a> ActText<'a> {
    /// Folds title and pages. Linear time; text past the first megabyte is left out.
    #[must_use]
    pub fn new(act: &'a Act) -> Self {
        let mut text =
            Self { text: String::new(), chunks: Vec::new(), title: 0..0, furniture: Vec::new() };
        match &act.title_span {
            Some(span) => text.push(&span.text, Some((span.page, span.start))),
            None => text.push(&act.title_raw, None),
        }
        text.title = 0..text.text.trim_end().len();
        for page in &act.text {
            let kept = without_furniture(&page.text);
            let skipped = page.text[..kept.start].chars().count() as u32;
            text.push(&page.text[kept], Some((page.number, page.offset + skipped)));
            if text.text.len() >= LONGEST {
                break;
            }
        }
        text.furniture = furniture::find(&text);
        text
    }

    fn push(&mut self, raw: &'a str, place: Option<(u32, u32)>) {
        let room = LONGEST.saturating_sub(self.text.len());
        let raw = &raw[..floor_char_boundary(raw, room)];
        let folded = Folded::new(raw);
        let start = self.text.len();
        self.text.push_str(folded.as_str());
        self.text.push(' ');
        let offsets = CharOffsets::new(raw);
        self.chunks.push(Chunk { start, folded, raw, offsets, place });
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

    /// Lines that stand on the sheet and in no act: footers of the bulletin, stamps of reception,
    /// opening hours of the office; in order, not overlapping. Nothing in them is a fact of the act.
    #[must_use]
    pub fn furniture(&self) -> &[Range<usize>] {
        &self.furniture
    }

    /// The pages after the act's first, in order.
    pub(crate) fn later_pages(&self) -> impl Iterator<Item = Range<usize>> {
        let page = |chunk: &Chunk<'_>| chunk.start..chunk.start + chunk.folded.as_str().len();
        self.chunks.iter().skip(2).map(page)
    }

    /// `range` without the furniture in it, in order.
    pub(crate) fn without_furniture(&self, range: &Range<usize>) -> Vec<Range<usize>> {
        let first = self.furniture.partition_point(|line| line.end <= range.start);
        let mut kept = Vec::new();
        let mut from = range.start;
        for line in self.furniture[first..].iter().take_while(|line| line.start < range.end) {
            if from < line.start {
                kept.push(from..line.start);
            }
            from = from.max(line.end);
        }
        if from < range.end {
            kept.push(from..range.end);
        }
        kept
    }

    /// The line that the byte at `at` stands on, as bytes, without its break; empty between two
    /// pages.
    pub(crate) fn line(&self, at: usize) -> Range<usize> {
        let Some(chunk) = self.chunk(at) else { return at..at };
        let origins = chunk.folded.origins();
        let Some(origin) = origins.get(at - chunk.start) else { return at..at };
        let (before, from) = chunk.raw.split_at(chunk.offsets.byte(chunk.raw, *origin));
        let count = |text: &str| text.chars().count() as u32;
        let head = &before[before.rfind('\n').map_or(0, |break_at| break_at + 1)..];
        let tail = &from[..from.find('\n').unwrap_or(from.len())];
        let byte = |offset| chunk.start + origins.partition_point(|o| *o < offset);
        byte(origin - count(head))..byte(origin + count(tail))
    }

    /// The lines of `range`, in order; the first and the last as far as they lie in it.
    pub(crate) fn lines(&self, range: &Range<usize>) -> Vec<Range<usize>> {
        let mut lines = Vec::new();
        let mut at = range.start;
        while at < range.end {
            let end = self.line(at).end.max(at + 1);
            lines.push(at..end.min(range.end));
            at = end;
        }
        lines
    }

    /// Where the passage that `span` quotes stands; `None` when it is of another text.
    pub(crate) fn find_span(&self, span: &Span) -> Option<usize> {
        self.chunks.iter().rev().find_map(|chunk| {
            let (page, offset) = chunk.place?;
            let within = span.start.checked_sub(offset).filter(|_| page == span.page)?;
            let origins = chunk.folded.origins();
            let at = origins.partition_point(|o| *o < within);
            (at < origins.len()).then_some(chunk.start + at)
        })
    }

    /// Whether the byte at `at` was a capital letter.
    #[must_use]
    pub fn is_upper(&self, at: usize) -> bool {
        self.before_and_from(at).is_some_and(|(_, from)| from.starts_with(char::is_uppercase))
    }

    /// Whether the byte at `at` is the first of its line.
    #[must_use]
    pub fn is_line_start(&self, at: usize) -> bool {
        let Some((before, from)) = self.before_and_from(at) else { return false };
        if from.starts_with(is_blank) {
            return false;
        }
        let blank = &before[before.trim_end_matches(is_blank).len()..];
        blank.len() == before.len() || blank.contains('\n')
    }

    /// What is printed before the byte at `at` and from it on; `None` for a byte between pages, or
    /// inside what one character folds to.
    fn before_and_from(&self, at: usize) -> Option<(&'a str, &'a str)> {
        let chunk = self.chunk(at)?;
        let origins = chunk.folded.origins();
        let within = at - chunk.start;
        let origin = *origins.get(within)?;
        let first = within == 0 || origins[within - 1] != origin;
        first.then(|| chunk.raw.split_at(chunk.offsets.byte(chunk.raw, origin)))
    }

    fn chunk(&self, at: usize) -> Option<&Chunk<'a>> {
        let i = self.chunks.partition_point(|chunk| chunk.start <= at).checked_sub(1)?;
        self.chunks.get(i)
    }

    /// The passage as it stands on its page; cut at the end of the page where it starts, and before
    /// a footer or stamp. `None` when it stands on no page.
    #[must_use]
    pub fn span(&self, range: Range<usize>) -> Option<Span> {
        let (chunk, start, end) = self.original(range)?;
        let (page, offset) = chunk.place?;
        let text = chunk.offsets.slice(chunk.raw, start, end).to_owned();
        Some(Span { page, start: offset + start, end: offset + end, text })
    }

    /// The words of a passage as printed, on one line.
    #[must_use]
    pub fn quote(&self, range: Range<usize>) -> String {
        let Some((chunk, start, end)) = self.original(range) else { return String::new() };
        crate::title::mend(chunk.offsets.slice(chunk.raw, start, end))
    }

    fn original(&self, range: Range<usize>) -> Option<(&Chunk<'a>, u32, u32)> {
        let chunk = self.chunk(range.start)?;
        let next = self.furniture.partition_point(|line| line.start <= range.start);
        let reach = self.furniture.get(next).map_or(range.end, |line| line.start.max(range.start));
        let range = range.start..range.end.min(reach);
        let len = chunk.folded.as_str().len();
        let from = (range.start - chunk.start).min(len);
        let to = range.end.saturating_sub(chunk.start).min(len);
        let (start, end) = chunk.folded.span(from, to);
        Some((chunk, start, end))
    }
}

/// What folds to a space or to nothing.
fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{feff}')
}

fn floor_char_boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0)
}
