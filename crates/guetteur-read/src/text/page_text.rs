//! A page's embedded text in reading order, with places.

use serde::{Deserialize, Serialize};

use super::surface::Unread;

/// Words that stand together on a line, and the box around them, in points from the upper left
/// corner of the page as displayed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Word {
    /// Its characters.
    pub text: String,
    /// Left, top, right, bottom, in points.
    pub bbox: [f32; 4],
    /// Not painted, over a scan: its text layer.
    pub hidden: bool,
}

/// One line in reading order.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Line {
    /// Its words from left to right.
    pub words: Vec<Word>,
    /// For each word but the first: whether it is glued to the one before.
    pub glued: Vec<bool>,
}

impl Line {
    /// The line's text, words separated by one space.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::new();
        self.push_to(&mut out);
        out
    }

    fn is_empty(&self) -> bool {
        self.words.iter().all(|word| word.text.is_empty())
    }

    fn push_to(&self, out: &mut String) {
        for (i, word) in self.words.iter().enumerate() {
            if i > 0 && !self.glued.get(i - 1).copied().unwrap_or(false) {
                out.push(' ');
            }
            out.push_str(&word.text);
        }
    }
}

/// A page's embedded text.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PageText {
    /// Lines in reading order.
    pub lines: Vec<Line>,
    /// Words that the file holds and nobody sees on its page: covered, white, transparent, clipped
    /// or beside the page. They are no part of the text.
    pub unseen: Vec<Line>,
    /// Share of the page that images cover, 0 to 1; `None` where the engine cannot tell.
    pub image_cover: Option<f32>,
    /// Share of the page that images cover with none of its words on them.
    pub bare_pictures: f32,
    /// The region as large as lines of text, in pictures or outlined letters, that none of the
    /// words stand on.
    pub unread: Option<Unread>,
    /// Somewhere on the page paths are as dense as letters turned into outlines.
    pub has_outlines: bool,
    /// Paths painted; a page whose letters were turned into outlines has thousands.
    pub paths: u32,
    /// A limit cut the text.
    pub cut: bool,
}

impl PageText {
    /// Lines separated by `\n`.
    #[must_use]
    pub fn text(&self) -> String {
        joined(&self.lines)
    }

    /// The words that nobody sees, lines separated by `\n`.
    #[must_use]
    pub fn hidden(&self) -> String {
        joined(&self.unseen)
    }

    /// From an engine that gives plain text only.
    #[must_use]
    pub fn from_plain(text: &str) -> Self {
        let lines = text
            .lines()
            .map(|line| {
                let words: Vec<Word> = line
                    .split_whitespace()
                    .map(|word| Word { text: word.to_owned(), bbox: [0.0; 4], hidden: false })
                    .collect();
                Line { glued: vec![false; words.len().saturating_sub(1)], words }
            })
            .filter(|line| !line.words.is_empty())
            .collect();
        Self { lines, ..Self::default() }
    }

    /// Page `number` (from 1) of a list of plain texts.
    pub(super) fn nth_plain(pages: &[String], number: u32) -> Result<Self, String> {
        usize::try_from(number)
            .ok()
            .and_then(|n| pages.get(n.checked_sub(1)?))
            .map(|text| Self::from_plain(text))
            .ok_or_else(|| "cette page manque".to_owned())
    }
}

fn joined(lines: &[Line]) -> String {
    let mut out = String::new();
    for line in lines.iter().filter(|line| !line.is_empty()) {
        if !out.is_empty() {
            out.push('\n');
        }
        line.push_to(&mut out);
    }
    out
}
