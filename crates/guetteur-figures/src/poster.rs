//! A sheet to hang up or hand out: few words, large numbers, and a QR code that leads to the page they
//! come from. Written as PDF on A4 or A5.

use pdf_writer::{Content, Finish, Name, Pdf, Rect, Ref, Str, TextStr};
use qrcodegen::{QrCode, QrCodeEcc};

use crate::{Font, Ink, encode, wrap};

/// What it is printed on, upright.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paper {
    /// 210 × 297 mm.
    A4,
    /// 148 × 210 mm.
    A5,
}

impl Paper {
    /// Points of A4 in a point of the paper: sheets of the series have one shape.
    fn scale(self) -> f32 {
        match self {
            Self::A4 => 1.0,
            Self::A5 => std::f32::consts::FRAC_1_SQRT_2,
        }
    }
}

/// Why a sheet cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum PosterError {
    /// The address is longer than a QR code holds.
    #[error("the address « {0} » is too long for a QR code")]
    Address(String),
    /// The words do not fit on one sheet, however small.
    #[error("the words do not fit on one sheet")]
    TooManyWords,
}

/// A part of the sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Block<'a> {
    /// `# `: what it is about.
    Title(&'a str),
    /// `## `: a sentence that is read from afar.
    Lead(&'a str),
    /// `* 12 | autorisations en vigueur`: a number and what it counts.
    Figure(&'a str, &'a str),
    /// `~ `: who says so.
    Small(&'a str),
    /// Anything else.
    Plain(&'a str),
}

impl<'a> Block<'a> {
    fn read(line: &'a str) -> Option<Self> {
        let line = line.trim();
        let after = |mark: &str| line.strip_prefix(mark).map(str::trim);
        Some(match () {
            () if line.is_empty() => return None,
            () if line.starts_with("## ") => Self::Lead(after("## ")?),
            () if line.starts_with("# ") => Self::Title(after("# ")?),
            () if line.starts_with("~ ") => Self::Small(after("~ ")?),
            () if line.starts_with("* ") => match after("* ")?.split_once('|') {
                Some((number, words)) => Self::Figure(number.trim(), words.trim()),
                None => Self::Plain(after("* ")?),
            },
            () => Self::Plain(line),
        })
    }

    /// Font, height of letters on A4, room above.
    fn style(&self) -> (Font, f32, f32) {
        match self {
            Self::Title(_) => (Font::SansBold, 46.0, 0.0),
            Self::Lead(_) => (Font::SansBold, 25.0, 14.0),
            Self::Figure(..) => (Font::Sans, 19.0, 14.0),
            Self::Plain(_) => (Font::Sans, 17.0, 12.0),
            Self::Small(_) => (Font::Sans, 10.5, 8.0),
        }
    }
}

/// A4 in points.
const WIDTH: f32 = 595.0;
const HEIGHT: f32 = 842.0;
const MARGIN: f32 = 48.0;
/// Height of a line, in heights of its letters.
const LEADING: f32 = 1.22;
/// Side of the QR code with its quiet zone.
const CODE: f32 = 150.0;
/// Room of the coloured edge at the top.
const EDGE: f32 = 26.0;
/// Numbers are set larger than their words.
const NUMBER: f32 = 2.1;
/// How much larger letters may become where there are few words…
const LARGEST: f32 = 1.9;
/// … and how much smaller where there are many.
const SMALLEST: f32 = 0.45;

/// A line of words with its place: from the left, and its foot from the top.
struct Line {
    font: Font,
    size: f32,
    ink: Ink,
    at: [f32; 2],
    words: String,
}

/// Writes a sheet. `text` has a part a line: `# ` what it is about, `## ` a sentence that is read from
/// afar, `* 12 | words` a number and what it counts, `~ ` who says so (at the foot, beside the code);
/// other lines are paragraphs. `address` is what the QR code holds.
///
/// # Errors
/// When the address or the words have no room.
pub fn poster(text: &str, address: &str, paper: Paper) -> Result<Vec<u8>, PosterError> {
    let code = QrCode::encode_text(address, QrCodeEcc::Medium)
        .map_err(|_| PosterError::Address(address.to_owned()))?;
    let blocks: Vec<Block<'_>> = text.lines().filter_map(Block::read).collect();
    // Few words become large: a poster is read from afar.
    let mut size = LARGEST;
    let lines = loop {
        if let Some(lines) = set(&blocks, size) {
            break lines;
        }
        size *= 0.94;
        if size < SMALLEST {
            return Err(PosterError::TooManyWords);
        }
    };
    let title = blocks.iter().find_map(|block| match block {
        Block::Title(words) => Some(*words),
        _ => None,
    });
    Ok(write(&lines, &code, title.unwrap_or_default(), paper))
}

/// The largest height up to `most` at which a title takes two lines.
fn title_height(words: &str, font: Font, most: f32) -> f32 {
    let room = WIDTH - 2.0 * MARGIN;
    let fits = |height: f32| {
        let lines = wrap(words, font, height, room);
        lines.len() <= 2 && lines.iter().all(|line| font.width(line, height) <= room)
    };
    let smaller = std::iter::successors(Some(most), |height| Some(height * 0.94));
    smaller.take_while(|height| *height > 12.0).find(|height| fits(*height)).unwrap_or(most)
}

/// All lines with letters of `size`; `None` when they do not fit.
fn set(blocks: &[Block<'_>], size: f32) -> Option<Vec<Line>> {
    let mut lines = Vec::new();
    let foot = HEIGHT - MARGIN - CODE;
    let mut y = EDGE + MARGIN;
    let mut beside = foot + 14.0;
    for block in blocks {
        let (font, height, above) = block.style();
        let height = match block {
            Block::Small(_) => height,
            // The name of a town is as long as it is: the rest need not shrink with it.
            Block::Title(words) => title_height(words, font, height * size),
            _ => height * size,
        };
        let (left, words, ink) = match block {
            Block::Figure(number, words) => {
                let large = height * NUMBER;
                let taken = Font::SansBold.width(number, large) + 14.0 * size;
                y += above * size + large * 0.78;
                lines.push(Line {
                    font: Font::SansBold,
                    size: large,
                    ink: Ink::Step(4),
                    at: [MARGIN, y],
                    words: (*number).to_owned(),
                });
                (MARGIN + taken, *words, Ink::Text)
            }
            Block::Small(words) => (MARGIN + CODE + 18.0, *words, Ink::Soft),
            Block::Title(words) | Block::Lead(words) | Block::Plain(words) => {
                (MARGIN, *words, Ink::Text)
            }
        };
        let room = WIDTH - MARGIN - left;
        let broken = wrap(words, font, height, room);
        if broken.iter().any(|line| font.width(line, height) > room) {
            return None;
        }
        let is_small = matches!(block, Block::Small(_));
        let is_figure = matches!(block, Block::Figure(..));
        let at = if is_small { &mut beside } else { &mut y };
        // The words of a number stand on its line, and go on below it.
        let first = if is_figure { 0.0 } else { above * size + height };
        for (nth, words) in broken.into_iter().enumerate() {
            *at += if nth == 0 { first } else { height * LEADING };
            lines.push(Line { font, size: height, ink, at: [left, *at], words });
        }
    }
    (y < foot - 10.0 && beside < HEIGHT - MARGIN / 2.0).then_some(lines)
}

const CATALOG: Ref = Ref::new(1);
const PAGES: Ref = Ref::new(2);
const PAGE: Ref = Ref::new(3);
const CONTENT: Ref = Ref::new(4);
const INFO: Ref = Ref::new(5);
const SANS: Ref = Ref::new(6);
const BOLD: Ref = Ref::new(7);

fn write(lines: &[Line], code: &QrCode, title: &str, paper: Paper) -> Vec<u8> {
    let scale = paper.scale();
    let mut pdf = Pdf::new();
    pdf.catalog(CATALOG).pages(PAGES).lang(TextStr("fr"));
    pdf.pages(PAGES).kids([PAGE]).count(1);
    pdf.document_info(INFO).title(TextStr(title));
    let mut page = pdf.page(PAGE);
    page.parent(PAGES).contents(CONTENT);
    page.media_box(Rect::new(0.0, 0.0, WIDTH * scale, HEIGHT * scale));
    let mut resources = page.resources();
    let mut fonts = resources.fonts();
    fonts.pair(name(Font::Sans), SANS).pair(name(Font::SansBold), BOLD);
    fonts.finish();
    resources.finish();
    page.finish();
    for (reference, font) in [(SANS, Font::Sans), (BOLD, Font::SansBold)] {
        let mut written = pdf.type1_font(reference);
        written.base_font(Name(font.base_name()));
        written.encoding_predefined(Name(b"WinAnsiEncoding"));
    }
    let mut content = Content::new();
    // From here on y goes down, in points of A4.
    content.transform([scale, 0.0, 0.0, -scale, 0.0, HEIGHT * scale]);
    fill(&mut content, Ink::Step(5));
    content.rect(0.0, 0.0, WIDTH, EDGE).fill_nonzero();
    for line in lines {
        fill(&mut content, line.ink);
        content.begin_text().set_font(name(line.font), line.size);
        content.set_text_matrix([1.0, 0.0, 0.0, -1.0, line.at[0], line.at[1]]);
        content.show(Str(&encode(&line.words))).end_text();
    }
    draw_code(&mut content, code);
    pdf.stream(CONTENT, &content.finish());
    pdf.finish()
}

/// The code at the foot, black on white with the quiet zone of four modules that readers need.
fn draw_code(content: &mut Content, code: &QrCode) {
    const QUIET: i16 = 4;
    let modules = i16::try_from(code.size()).unwrap_or(i16::MAX);
    let side = CODE / f32::from(modules + 2 * QUIET);
    let (left, top) = (MARGIN - side * f32::from(QUIET), HEIGHT - MARGIN - CODE + 14.0);
    content.set_fill_rgb(1.0, 1.0, 1.0).rect(left, top, CODE, CODE).fill_nonzero();
    content.set_fill_rgb(0.0, 0.0, 0.0);
    for y in 0..modules {
        for x in 0..modules {
            if code.get_module(i32::from(x), i32::from(y)) {
                let at = |place: i16| side * f32::from(place + QUIET);
                content.rect(left + at(x), top + at(y), side, side);
            }
        }
    }
    content.fill_nonzero();
}

fn name(font: Font) -> Name<'static> {
    if font == Font::SansBold { Name(b"B") } else { Name(b"F") }
}

fn fill(content: &mut Content, ink: Ink) {
    let (red, green, blue) = ink.rgb();
    let [red, green, blue] = [red, green, blue].map(|value| f32::from(value) / 255.0);
    content.set_fill_rgb(red, green, blue);
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# À Montpellier\n## 12 autorisations de surveillance sont en vigueur.\n\n\
        * 140 | caméras au plus\n* 3 | actes permettent des drones\n\nLe saviez-vous ?\n\
        ~ Guetteur, état au 14 août 2026\n";

    #[test]
    fn parts_are_told_by_their_marks() {
        let blocks: Vec<Block<'_>> = TEXT.lines().filter_map(Block::read).collect();
        assert_eq!(blocks[0], Block::Title("À Montpellier"));
        assert_eq!(blocks[2], Block::Figure("140", "caméras au plus"));
        assert_eq!(blocks[4], Block::Plain("Le saviez-vous ?"));
        assert_eq!(blocks.len(), 6);
    }

    #[test]
    fn lines_stay_on_the_sheet_and_shrink_where_there_are_many() {
        let long =
            format!("{TEXT}{}", "Une phrase de plus, assez longue pour la ligne. ".repeat(30));
        for (text, smaller) in [(TEXT, false), (&*long, true)] {
            let blocks: Vec<Block<'_>> = text.lines().filter_map(Block::read).collect();
            assert_eq!(set(&blocks, 1.0).is_none(), smaller);
            let lines = (1..20).find_map(|n| set(&blocks, 1.0 - 0.03 * n as f32)).expect("it fits");
            for line in lines {
                let right = line.at[0] + line.font.width(&line.words, line.size);
                assert!(right <= WIDTH - MARGIN + 0.1, "{}", line.words);
                assert!(line.at[1] < HEIGHT, "{}", line.words);
            }
        }
    }

    #[test]
    fn the_rest_does_not_shrink_with_a_long_name() {
        let long = TEXT.replace("À Montpellier", "À Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson");
        let of = |text: &str| -> Vec<f32> {
            let blocks: Vec<Block<'_>> = text.lines().filter_map(Block::read).collect();
            let lines = set(&blocks, 1.0).expect("it fits");
            lines.iter().map(|line| line.size).collect()
        };
        let (short, long) = (of(TEXT), of(&long));
        assert!(long[0] < short[0], "{long:?}");
        assert!(long.ends_with(&short[1..]), "{long:?} {short:?}");
    }

    #[test]
    fn both_papers_are_written_and_what_has_no_room_is_refused() {
        for paper in [Paper::A4, Paper::A5] {
            let pdf = poster(TEXT, "https://g.example/commune/34172", paper).expect("written");
            assert!(pdf.starts_with(b"%PDF-"));
            assert!(hayro::hayro_syntax::Pdf::new(pdf).is_ok());
        }
        let words = "mot ".repeat(9_000);
        let refused = poster(&words, "https://g.example", Paper::A4);
        assert!(matches!(refused, Err(PosterError::TooManyWords)), "{refused:?}");
        let far = format!("https://g.example/{}", "x".repeat(5_000));
        assert!(matches!(poster(TEXT, &far, Paper::A4), Err(PosterError::Address(_))));
    }
}
