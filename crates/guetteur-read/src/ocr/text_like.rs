//! What on a picture looks like lines of letters, before any recognition.
//!
//! Maps and photographs cost tesseract up to a minute a page and give nothing. Letters stand in
//! rows of similar heights on a common line; streets, hatching and shades do not. Erring towards
//! text costs time, erring against it costs words: the limits are low.

use super::marks::{Mark, marks};
use super::turn::Turn;
use crate::render::Picture;

/// Least height of a letter, in inches: the lower case of 5 points.
const LEAST_HEIGHT: f32 = 0.03;
/// Greatest height of a letter, in inches: capitals of 40 points.
const GREATEST_HEIGHT: f32 = 0.42;
/// Letters that touch on a bad scan make one wide mark.
const GREATEST_WIDTH: usize = 10;
/// Gap between neighbours, in their height: letters, and words.
const GAP: f32 = 1.3;
/// Neighbours in a row that make it text.
const LEAST_ROW: usize = 4;
/// Neighbours whose feet are on one line, among all of a row.
const ON_LINE: f32 = 0.5;
/// Fewer letters than this on a page are chance.
const LEAST_LETTERS: usize = 10;
/// Neighbours on one line from which letters tell how the picture stands.
const TELLING: usize = 60;
/// Marks outside rows that a page of text has beside its letters: dots, accents, specks.
const ORDINARY_CLUTTER: usize = 2_500;

/// Rows of letters on a picture, and the rest.
pub(super) struct TextLike {
    rows: Vec<Mark>,
    letters: usize,
    /// Marks that are in no row.
    clutter: usize,
    /// Rows run up or down the picture.
    sideways: bool,
    /// Neighbours in a row whose feet, and whose heads, are on one line.
    feet: usize,
    heads: usize,
}

impl TextLike {
    /// Looks at a picture as it stands and turned by a quarter.
    pub(super) fn of(picture: &Picture) -> Self {
        let all = marks(picture);
        #[expect(clippy::cast_precision_loss, reason = "some hundred dots")]
        let dpi = picture.dpi() as f32;
        let upright = Self::rows(&all, dpi, all.len());
        let turned: Vec<Mark> = all.iter().map(Mark::turned).collect();
        let turned = Self::rows(&turned, dpi, all.len());
        if turned.letters > 2 * upright.letters {
            let rows = turned.rows.iter().map(Mark::turned).collect();
            Self { rows, sideways: true, ..turned }
        } else {
            upright
        }
    }

    /// How the picture must be turned, where its letters tell: fewer of them reach below the line
    /// than above the small ones. `None` if it stands upright, or if they do not tell.
    pub(super) fn turn(&self) -> Option<Turn> {
        let (most, least) = (self.feet.max(self.heads), self.feet.min(self.heads));
        let tells = most >= TELLING && 10 * most >= 12 * least;
        // Rows that run down were looked at in a mirror.
        match (self.sideways, self.feet > self.heads) {
            _ if !tells => None,
            (false, true) => None,
            (false, false) => Some(Turn::Around),
            (true, true) => Some(Turn::Clockwise),
            (true, false) => Some(Turn::CounterClockwise),
        }
    }

    /// True if nothing looks like text: a map without names, a photograph.
    pub(super) fn is_none(&self) -> bool {
        self.letters < LEAST_LETTERS
    }

    /// True if the text is lost among other marks, which would cost recognition its time.
    pub(super) fn is_cluttered(&self) -> bool {
        self.clutter > ORDINARY_CLUTTER + 2 * self.letters
    }

    /// The picture with its rows of letters and nothing else.
    pub(super) fn keep_rows(&self, picture: &Picture) -> Picture {
        let mut grey = vec![u8::MAX; picture.grey.len()];
        for row in &self.rows {
            let margin = row.height() / 2;
            let (x0, x1) = (row.x0.saturating_sub(margin), (row.x1 + margin).min(picture.width));
            let (y0, y1) = (row.y0.saturating_sub(margin), (row.y1 + margin).min(picture.height));
            for y in y0..y1 {
                let line = y * picture.width + x0..y * picture.width + x1;
                grey[line.clone()].copy_from_slice(&picture.grey[line]);
            }
        }
        Picture { grey, width: picture.width, height: picture.height, scale: picture.scale }
    }

    #[expect(clippy::cast_precision_loss, reason = "pixels on a page")]
    fn rows(all: &[Mark], dpi: f32, total: usize) -> Self {
        let fits = |b: &&Mark| {
            let height = b.height() as f32 / dpi;
            (LEAST_HEIGHT..=GREATEST_HEIGHT).contains(&height)
                && b.width() <= GREATEST_WIDTH * b.height()
        };
        let mut letters: Vec<Mark> = all.iter().filter(fits).copied().collect();
        letters.sort_by_key(|b| (b.x0, b.y0));
        let next = neighbours(&letters);
        let mut seen = vec![false; letters.len()];
        let mut found = Self {
            rows: Vec::new(),
            letters: 0,
            clutter: total,
            sideways: false,
            feet: 0,
            heads: 0,
        };
        for start in 0..letters.len() {
            let mut row = Vec::new();
            let mut at = Some(start);
            while let Some(i) = at.filter(|i| !seen[*i]) {
                seen[i] = true;
                row.push(letters[i]);
                at = next[i];
            }
            if is_text(&row) {
                found.letters += row.len();
                found.feet += level(&row, |mark| mark.y1);
                found.heads += level(&row, |mark| mark.y0);
                found.clutter = found.clutter.saturating_sub(row.len());
                found.rows.extend(row.into_iter().reduce(Mark::union));
            }
        }
        found
    }
}

/// For each letter (sorted by its left edge) the one that follows it on its line.
#[expect(clippy::cast_precision_loss, reason = "pixels on a page")]
fn neighbours(letters: &[Mark]) -> Vec<Option<usize>> {
    /// Rows of this many pixels share a list.
    const BAND: usize = 32;
    let bands = letters.iter().map(|b| b.y1 / BAND).max().unwrap_or(0) + 1;
    let mut by_band: Vec<Vec<usize>> = vec![Vec::new(); bands];
    for (i, letter) in letters.iter().enumerate() {
        by_band[letter.middle() / BAND].push(i);
    }
    let follows = |a: &Mark, b: &Mark| {
        let (low, high) = (a.height().min(b.height()), a.height().max(b.height()));
        let overlap = a.y1.min(b.y1).saturating_sub(a.y0.max(b.y0));
        let gap = b.x0 as f32 - a.x1 as f32;
        gap <= GAP * high as f32 && 2 * overlap >= low && high <= 3 * low && b.x1 > a.x1
    };
    let find = |(i, a): (usize, &Mark)| {
        let first = (a.middle() / BAND).saturating_sub(1 + a.height() / BAND);
        let last = (a.middle() / BAND + 1 + a.height() / BAND).min(bands - 1);
        let reach = a.x1 + (3.0 * GAP * a.height() as f32) as usize;
        by_band[first..=last]
            .iter()
            .filter_map(|band| {
                let from = band.partition_point(|j| *j <= i);
                let near = band[from..].iter().take_while(|j| letters[**j].x0 <= reach);
                near.copied().find(|j| follows(a, &letters[*j]))
            })
            .min_by_key(|j| letters[*j].x0)
    };
    letters.iter().enumerate().map(find).collect()
}

/// Neighbours of which this end is on one line.
fn level(row: &[Mark], end: fn(&Mark) -> usize) -> usize {
    let is_level =
        |pair: &&[Mark]| 8 * end(&pair[0]).abs_diff(end(&pair[1])) <= pair[0].height().max(8);
    row.windows(2).filter(is_level).count()
}

/// Enough of them, their feet mostly on one line, and not all alike as hatching is.
fn is_text(row: &[Mark]) -> bool {
    if row.len() < LEAST_ROW {
        return false;
    }
    let on_line = level(row, |mark| mark.y1);
    let mut sizes: Vec<_> = row.iter().map(|b| (b.width() / 2, b.height() / 2)).collect();
    sizes.sort_unstable();
    sizes.dedup();
    #[expect(clippy::cast_precision_loss, reason = "letters of a row")]
    let enough = on_line as f32 >= ON_LINE * (row.len() - 1) as f32;
    enough && sizes.len() >= 3.min(row.len() - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blank() -> Picture {
        let (width, height) = (1_654, 2_339);
        Picture { width, height, grey: vec![245; width * height], scale: 200.0 / 72.0 }
    }

    fn ink(picture: &mut Picture, x: usize, y: usize, width: usize, height: usize) {
        for row in y..(y + height).min(picture.height) {
            let right = (x + width).min(picture.width);
            picture.grey[row * picture.width + x..row * picture.width + right].fill(20);
        }
    }

    /// A line of twelve letters of some widths, one with a stroke above the others.
    fn caption(picture: &mut Picture, x: usize, y: usize) {
        for i in 0..12 {
            let tall = if i % 5 == 0 { 8 } else { 0 };
            ink(picture, x + 22 * i, y - tall, 8 + 3 * (i % 4), 20 + tall);
        }
    }

    /// Noise without order: the same for a seed.
    fn noise(seed: u64) -> impl FnMut(usize) -> usize {
        let mut rng = fastrand::Rng::with_seed(seed);
        move |below| rng.usize(..below)
    }

    #[test]
    fn streets_and_hatching_are_no_text() {
        let mut map = blank();
        for i in 0..20 {
            ink(&mut map, 100, 100 + 105 * i, 1_400, 6);
            ink(&mut map, 120 + 70 * i, 80, 5, 2_100);
        }
        assert!(TextLike::of(&map).is_none(), "streets");
        let mut hatched = blank();
        for i in 0..60 {
            for row in 0..30 {
                ink(&mut hatched, 200 + 18 * i, 300 + 40 * row, 4, 24);
            }
        }
        assert!(TextLike::of(&hatched).is_none(), "hatching");
    }

    #[test]
    fn a_name_on_a_map_is_text_in_any_quarter_and_the_rest_is_put_aside() {
        let mut map = blank();
        for i in 0..20 {
            ink(&mut map, 100, 100 + 105 * i, 1_400, 6);
        }
        caption(&mut map, 300, 640);
        let text = TextLike::of(&map);
        assert!(!text.is_none() && !text.is_cluttered());
        let kept = text.keep_rows(&map);
        assert_eq!(kept.grey[650 * kept.width + 302], 20, "letters stay");
        assert_eq!(kept.grey[102 * kept.width + 600], 255, "streets go");
        let turned: Vec<u8> = (0..map.width)
            .flat_map(|x| (0..map.height).map(move |y| (x, y)))
            .map(|(x, y)| map.grey[y * map.width + x])
            .collect();
        let turned =
            Picture { width: map.height, height: map.width, grey: turned, scale: map.scale };
        assert!(!TextLike::of(&turned).is_none(), "turned by a quarter");
    }

    #[test]
    fn letters_tell_how_the_page_lies() {
        use guetteur_testkit::pdf::{Block, Flow, PdfBuilder, ScanOptions};
        let prose = "Considérant que la manifestation est susceptible d’attirer un public nombreux \
            et que les services de police doivent pouvoir apprécier l’ampleur du rassemblement.";
        let page = Flow::a4().blocks([Block::paragraph(prose), Block::paragraph(prose)]).pages();
        let found = [0, 1, 2, 3].map(|quarter_turns| {
            let scan = ScanOptions { quarter_turns, ..ScanOptions::default() };
            let file = PdfBuilder::new().scanned(page[0].clone(), scan).build();
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join("scan.pdf");
            std::fs::write(&path, file).expect("written");
            let engine = crate::text::HayroEngine::open(&path, 1_000).expect("opened");
            let page = engine.raw_page(1).expect("a page");
            TextLike::of(&Picture::of(page, crate::render::DPI, 3_500)).turn()
        });
        let expected =
            [None, Some(Turn::CounterClockwise), Some(Turn::Around), Some(Turn::Clockwise)];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_cluttered_page_is_told() {
        let mut chance = noise(7);
        let mut map = blank();
        for _ in 0..9_000 {
            ink(&mut map, chance(1_600), chance(2_300), 2 + chance(9), 2 + chance(9));
        }
        assert!(TextLike::of(&map).is_cluttered());
    }
}
