//! The text of one act as one folded string, with the way back to its pages.

use std::ops::Range;

use guetteur_model::fold::{CharOffsets, Folded};
use guetteur_model::furniture::without_furniture;
use guetteur_model::{Act, Span};

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
        let mut text = Self { text: String::new(), chunks: Vec::new(), title: 0..0 };
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
        text
    }

    fn push(&mut self, raw: &'a str, place: Option<(u32, u32)>) {
        let room = LONGEST.saturating_sub(self.text.len());
        let raw = &raw[..floor_char_boundary(raw, room)];
        let folded = Folded::new(raw);
        let start = self.text.len();
        self.text.push_str(folded.as_str());
        self.text.push(' ');
        self.chunks.push(Chunk { start, folded, raw, offsets: CharOffsets::new(raw), place });
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

    /// The passage as it stands on its page; cut at the end of the page where it starts. `None`
    /// when it stands on no page.
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
