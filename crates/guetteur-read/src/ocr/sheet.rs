//! A page drawn and made ready for tesseract, and the way back from places on that picture.

use std::path::Path;

use super::margins;
use super::paper;
use super::text_like::TextLike;
use super::tsv::OcrLine;
use super::turn::Turn;
use crate::render::Picture;
use crate::text::HayroEngine;

/// What is said of a page that is not given to tesseract.
const NO_LETTERS: &str = "carte, plan ou photographie : rien n'y ressemble à du texte";

/// Draws the pages of one file.
pub(super) struct Easel<'a> {
    pub(super) file: &'a Path,
    /// `None` where hayro does not open the file: poppler renders.
    pub(super) engine: Option<&'a HayroEngine>,
    /// Longest side of a picture, in pixels.
    pub(super) side_px: u32,
}

impl Easel<'_> {
    /// Draws a page, or this part of it (in points). The error is in plain French words.
    pub(super) fn draw(
        &self,
        number: u32,
        dpi: f32,
        part: Option<[f32; 4]>,
    ) -> Result<Sheet, String> {
        let mut picture = match self.engine {
            Some(engine) => Picture::of(engine.raw_page(number)?, dpi, self.side_px),
            None => Picture::by_poppler(self.file, number, dpi)?,
        };
        let mut corner = [0.0, 0.0];
        if let Some(bounds) = part {
            (picture, corner) = picture.part(bounds);
        }
        let mut sheet = Sheet { scale: picture.scale, note: None, letters: None };
        let Some(picture) = paper::levelled(picture) else { return Ok(sheet) };
        let text = TextLike::of(&picture);
        if text.is_none() {
            sheet.note = Some(NO_LETTERS.to_owned());
            return Ok(sheet);
        }
        let picture = if text.is_cluttered() { text.keep_rows(&picture) } else { picture };
        sheet.letters = Some(Letters { picture, turn: text.turn(), corner });
        Ok(sheet)
    }
}

/// A drawn page.
pub(super) struct Sheet {
    /// Pixels a point.
    pub(super) scale: f32,
    /// Why there is nothing to recognise, where it is not simply blank.
    pub(super) note: Option<String>,
    /// `None` if there is nothing to recognise.
    pub(super) letters: Option<Letters>,
}

/// A picture with something like letters on it.
pub(super) struct Letters {
    /// As the page lies.
    picture: Picture,
    /// How it is turned to stand upright, where its letters tell.
    turn: Option<Turn>,
    /// Where it begins on the page, in pixels.
    corner: [f32; 2],
}

impl Letters {
    /// The picture as it stands upright, and what leads back from places on it.
    pub(super) fn upright(self) -> (Picture, Way) {
        let Self { picture, turn, corner } = self;
        let way = Way { turn, width: picture.width, height: picture.height, corner };
        match turn {
            Some(turn) => (turn.picture(&picture), way),
            None => (picture, way),
        }
    }

    /// The picture as the page lies, likewise.
    pub(super) fn lying(self) -> (Picture, Way) {
        Self { turn: None, ..self }.upright()
    }
}

/// From places on a recognised picture to places on its page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Way {
    turn: Option<Turn>,
    width: usize,
    height: usize,
    corner: [f32; 2],
}

impl Way {
    /// Lines as tesseract gives them, put in order, with their places on the page in pixels.
    pub(super) fn back(self, lines: Vec<OcrLine>) -> Vec<OcrLine> {
        let mut lines = margins::joined(lines);
        if let Some(turn) = self.turn {
            turn.undo(&mut lines, self.width, self.height);
        }
        let [x, y] = self.corner;
        for word in lines.iter_mut().flatten() {
            let [x0, y0, x1, y1] = word.bbox;
            word.bbox = [x0 + x, y0 + y, x1 + x, y1 + y];
        }
        lines
    }
}
