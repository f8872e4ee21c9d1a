//! What a picture's paper is like, and how it is brought to black letters on white.
//!
//! Ordinary scans are left as they are: no filter helps them. Faint ink, light letters on a dark
//! ground and the shade over a photographed sheet are put right, and ink is what differs from its
//! own paper, not what is darker than some tone.

use crate::render::Picture;

/// Share of ink under which a page is blank: a speck, a punched hole.
const BLANK: f64 = 0.0004;
/// Tones by which ink differs from its paper at least, and in units of the paper's own unevenness.
const LEAST_CONTRAST: u8 = 20;
const UNEVEN: u8 = 6;
/// Paper darker than this has light letters.
const DARK_PAPER: u8 = 100;
/// Less contrast than this is stretched.
const FAINT: u8 = 110;
/// Side of the tiles whose paper is compared, in pixels.
const TILE: usize = 64;
/// Paper that differs by more tones from one end of the sheet to the other lies in shade.
const SHADE: u8 = 50;

/// The picture as black letters on white paper; `None` if there is nothing on the paper.
pub(super) fn levelled(mut picture: Picture) -> Option<Picture> {
    let mut tones = Tones::of(&picture.grey);
    if tones.at(0.5) < DARK_PAPER {
        picture.grey.iter_mut().for_each(|tone| *tone = u8::MAX - *tone);
        tones = Tones::of(&picture.grey);
    }
    let shades = Shades::of(&picture);
    if shades.range() > SHADE {
        shades.lift(&mut picture);
        tones = Tones::of(&picture.grey);
    }
    let paper = tones.at(0.5);
    let ink = tones.at(BLANK);
    let uneven = UNEVEN.saturating_mul(paper.saturating_sub(tones.at(0.25)));
    if paper.saturating_sub(ink) < LEAST_CONTRAST.max(uneven) {
        return None;
    }
    let ink = tones.at(5.0 * BLANK);
    let contrast = paper.saturating_sub(ink);
    if (1..FAINT).contains(&contrast) {
        for tone in &mut picture.grey {
            let stretched = u16::from(tone.saturating_sub(ink)) * 255 / u16::from(contrast);
            *tone = u8::try_from(stretched).unwrap_or(u8::MAX);
        }
    }
    Some(picture)
}

/// How many pixels have each tone.
struct Tones {
    counts: [usize; 256],
    total: usize,
}

impl Tones {
    fn of<'p>(pixels: impl IntoIterator<Item = &'p u8>) -> Self {
        let (mut counts, mut total) = ([0; 256], 0);
        for tone in pixels {
            counts[usize::from(*tone)] += 1;
            total += 1;
        }
        Self { counts, total }
    }

    /// The tone up to which this share of the pixels is dark.
    #[expect(clippy::cast_precision_loss, reason = "some million pixels")]
    fn at(&self, share: f64) -> u8 {
        let mut below = 0;
        let reached = |(_, count): &(u8, &usize)| {
            below += **count;
            below as f64 > share * self.total as f64
        };
        (0..=u8::MAX).zip(&self.counts).find(reached).map_or(u8::MAX, |(tone, _)| tone)
    }
}

/// The paper's tone tile by tile.
struct Shades {
    columns: usize,
    tones: Vec<u8>,
}

impl Shades {
    /// Share of a tile's pixels that may be letters.
    const LETTERS: f64 = 0.7;

    fn of(picture: &Picture) -> Self {
        let columns = picture.width.div_ceil(TILE).max(1);
        let rows = picture.height.div_ceil(TILE);
        let tile = |at: usize| {
            let (x, y) = (at % columns * TILE, at / columns * TILE);
            let lines = y..(y + TILE).min(picture.height);
            let line = |y| {
                let right = (x + TILE).min(picture.width);
                &picture.grey[y * picture.width + x..y * picture.width + right]
            };
            Tones::of(lines.step_by(2).flat_map(line)).at(Self::LETTERS)
        };
        Self { columns, tones: (0..columns * rows).map(tile).collect() }
    }

    /// By how much the paper differs, but for a few tiles at both ends: black edges, pictures.
    fn range(&self) -> u8 {
        let tones = Tones::of(&self.tones);
        tones.at(0.9).saturating_sub(tones.at(0.1))
    }

    /// Makes the paper white everywhere.
    fn lift(&self, picture: &mut Picture) {
        let rows = self.tones.len() / self.columns;
        let width = picture.width;
        for (i, tone) in picture.grey.iter_mut().enumerate() {
            let ((x0, x1, x), (y0, y1, y)) =
                (between(i % width, self.columns), between(i / width, rows));
            let at = |x: usize, y: usize| usize::from(self.tones[y * self.columns + x]);
            let top = at(x0, y0) * (TILE - x) + at(x1, y0) * x;
            let bottom = at(x0, y1) * (TILE - x) + at(x1, y1) * x;
            let paper = (top * (TILE - y) + bottom * y) / (TILE * TILE);
            let lifted = usize::from(*tone) * 245 / paper.max(20);
            *tone = u8::try_from(lifted).unwrap_or(u8::MAX);
        }
    }
}

/// The tiles whose middles are before and behind a pixel, and how far it is from the first.
fn between(pixel: usize, tiles: usize) -> (usize, usize, usize) {
    let from_middle = (pixel + TILE / 2).saturating_sub(TILE);
    let first = (from_middle / TILE).min(tiles - 1);
    let far = if pixel < TILE / 2 { 0 } else { from_middle % TILE };
    (first, (first + 1).min(tiles - 1), far)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A sheet with this paper, and ink in every fourth line of pixels of its middle.
    fn sheet(paper: impl Fn(usize, usize) -> u8, ink: impl Fn(u8) -> u8) -> Picture {
        let (width, height) = (800, 600);
        let tone = |i: usize| {
            let (x, y) = (i % width, i / width);
            let paper = paper(x, y);
            let inked = (100..700).contains(&x) && (100..500).contains(&y) && y % 16 < 2;
            if inked { ink(paper) } else { paper }
        };
        Picture { width, height, grey: (0..width * height).map(tone).collect(), scale: 2.8 }
    }

    fn tones(picture: &Picture) -> (u8, u8) {
        (picture.grey[300 * 800 + 20], picture.grey[304 * 800 + 400])
    }

    #[test]
    fn an_ordinary_scan_stays_as_it_is() {
        let scan = sheet(|_, _| 240, |_| 30);
        let before = scan.grey.clone();
        assert_eq!(levelled(scan).expect("ink").grey, before);
    }

    #[test]
    fn faint_and_light_ink_become_black_on_white() {
        let faint = levelled(sheet(|_, _| 245, |_| 200)).expect("faint ink");
        assert_eq!(tones(&faint), (255, 0));
        let grey = levelled(sheet(|_, _| 190, |_| 110)).expect("ink on grey paper");
        assert_eq!(tones(&grey), (255, 0));
        let (paper, ink) = tones(&levelled(sheet(|_, _| 20, |_| 230)).expect("light on dark"));
        assert!(paper > 200 && ink < 60, "{paper} {ink}");
    }

    #[test]
    fn the_shade_over_a_sheet_is_lifted() {
        let shaded =
            sheet(|x, y| u8::try_from(240 - x / 8 - y / 10).expect("a tone"), |paper| paper / 4);
        let lit = levelled(shaded).expect("ink");
        for (x, y) in [(10, 10), (790, 10), (10, 590), (790, 590), (400, 330)] {
            assert!(lit.grey[y * 800 + x] > 220, "paper at {x}, {y}");
        }
        assert!(tones(&lit).1 < 90);
    }

    #[test]
    fn paper_without_ink_is_blank() {
        let noise = |x: usize, y: usize| u8::try_from(236 + (x * 7 + y * 13) % 9).expect("a tone");
        assert!(levelled(sheet(noise, |paper| paper)).is_none(), "noise");
        assert!(
            levelled(sheet(|x, _| u8::try_from(250 - x / 10).expect("a tone"), |p| p)).is_none()
        );
        let mut speck = sheet(|_, _| 250, |paper| paper);
        speck.grey[..100].fill(0);
        assert!(levelled(speck).is_none(), "a speck");
        let mut line = sheet(|_, _| 250, |paper| paper);
        line.grey[..1_000].fill(0);
        assert!(levelled(line).is_some());
    }
}
