//! Annotations and form fields for which the file holds no look: what a viewer makes of them.
//!
//! Values of fields and free notes are words of the page; black markers and filled squares hide
//! what is below them.

use hayro_interpret::kurbo::{Affine, Rect};
use hayro_interpret::util::TransformExt;
use hayro_syntax::object::{Array, Dict, Name, Object, Stream, String as PdfString};
use hayro_syntax::page::Page;

use super::actual;
use super::glyphs::Collector;
use super::ink::{Blend, Ink, Tone};
use super::layout::{Fragment, Frame};
use super::outline::Outline;
use super::sight::Sight;

/// Annotations looked at on one page; a hostile one has millions.
const MAX_NOTES: usize = 2_000;
/// Flags of annotations that are hidden or not viewed, and of fields for passwords.
const NOT_SHOWN: u32 = 1 << 1 | 1 << 5;
const PASSWORD: i32 = 1 << 13;
/// Fields in fields.
const MAX_DEPTH: usize = 16;
/// Size of a note's words, in points, and of a letter's width and a line's height in sizes.
const SIZE: f64 = 10.0;
const WIDE: f64 = 0.5;
const HIGH: f64 = 1.2;
/// Room between a note's edge and its words, in points.
const EDGE: f64 = 2.0;

/// Adds to a page what its annotations show without a look of their own.
pub(super) fn add(page: &Page<'_>, out: &mut Collector) {
    let Some(notes) = page.raw().get::<Array<'_>>("Annots") else { return };
    let transform = page.initial_transform(true).to_kurbo();
    for note in notes.iter::<Dict<'_>>().take(MAX_NOTES) {
        let hidden = note.get::<u32>("F").unwrap_or(0) & NOT_SHOWN != 0;
        let Some(kind) = note.get::<Name<'_>>("Subtype").filter(|_| !hidden) else { continue };
        let Some(rect) = rect(&note, transform) else { continue };
        match (&*kind, look(&note)) {
            (b"Widget", look) if look.as_ref().is_none_or(|look| !shows_words(look)) => {
                write(value(&note), rect, out);
            }
            (b"FreeText", None) => {
                hide(&note, "C", Blend::Normal, &[rect], out);
                write(text(&note, "Contents"), rect, out);
            }
            (b"Highlight", None) => {
                hide(&note, "C", Blend::Darkens, &quads(&note, transform), out);
            }
            (b"Square", None) => hide(&note, "IC", Blend::Normal, &[rect], out),
            _ => {}
        }
    }
}

fn look<'a>(note: &Dict<'a>) -> Option<Stream<'a>> {
    note.get::<Dict<'_>>("AP")?.get::<Stream<'_>>("N")
}

/// Whether a look holds any words of its own.
fn shows_words(look: &Stream<'_>) -> bool {
    let content = look.decoded_data().unwrap_or_default();
    let has_forms = look
        .dict()
        .get::<Dict<'_>>("Resources")
        .is_some_and(|resources| resources.contains_key("XObject"));
    has_forms || content.windows(2).any(|two| two == b"Tj" || two == b"TJ")
}

fn rect(note: &Dict<'_>, transform: Affine) -> Option<Rect> {
    let [x0, y0, x1, y1] = note.get::<[f64; 4]>("Rect")?;
    let rect = transform.transform_rect_bbox(Rect::from_points((x0, y0), (x1, y1)));
    (rect.is_finite() && rect.area() > 0.0).then_some(rect)
}

/// The boxes around the words that a marker marks.
fn quads(note: &Dict<'_>, transform: Affine) -> Vec<Rect> {
    let Some(points) = note.get::<Array<'_>>("QuadPoints") else { return Vec::new() };
    let numbers: Vec<f64> = points.iter::<f64>().take(8 * MAX_NOTES).collect();
    let quad = |corners: &[f64; 8]| {
        let (corners, _) = corners.as_chunks::<2>();
        let first =
            Rect::from_points((corners[0][0], corners[0][1]), (corners[0][0], corners[0][1]));
        let around = corners.iter().fold(first, |all, [x, y]| all.union_pt((*x, *y)));
        transform.transform_rect_bbox(around)
    };
    numbers.as_chunks::<8>().0.iter().map(quad).collect()
}

/// Covers what is below with the colour under `key`, if there is one.
fn hide(note: &Dict<'_>, key: &str, blend: Blend, rects: &[Rect], out: &mut Collector) {
    let Some(colour) = note.get::<Array<'_>>(key) else { return };
    let parts: Vec<f32> = colour.iter::<f32>().take(4).collect();
    let tone = match parts.as_slice() {
        [grey] => Tone::of_rgb([*grey; 3]),
        [r, g, b] => Tone::of_rgb([*r, *g, *b]),
        [c, m, y, k] => Tone::of_rgb([*c, *m, *y].map(|part| 1.0 - (part + k).min(1.0))),
        _ => return,
    };
    let opacity = note.get::<f32>("CA").unwrap_or(1.0);
    let ink = Ink { tone, opacity, blend, has_holes: false };
    for rect in rects {
        out.fill(Outline::Rect(*rect), ink);
    }
}

/// The value of a text field or a choice, which the fields above it may hold.
fn value(field: &Dict<'_>) -> Option<String> {
    let kind = inherited(field, "FT")?.into_name()?;
    let flags = inherited(field, "Ff").and_then(Object::into_i32).unwrap_or(0);
    if !matches!(&*kind, b"Tx" | b"Ch") || flags & PASSWORD != 0 {
        return None;
    }
    match inherited(field, "V")? {
        Object::String(value) => Some(actual::decode(value.as_bytes())),
        Object::Array(values) => {
            let values = values.iter::<PdfString<'_>>().take(MAX_NOTES);
            Some(
                values.map(|value| actual::decode(value.as_bytes())).collect::<Vec<_>>().join("\n"),
            )
        }
        _ => None,
    }
}

/// What a field holds under a key, or the field that it is part of.
pub(super) fn inherited<'a>(field: &Dict<'a>, key: &str) -> Option<Object<'a>> {
    let mut field = field.clone();
    for _ in 0..MAX_DEPTH {
        if let Some(found) = field.get::<Object<'_>>(key) {
            return Some(found);
        }
        field = field.get::<Dict<'_>>("Parent")?;
    }
    None
}

pub(super) fn text(dict: &Dict<'_>, key: &str) -> Option<String> {
    Some(actual::decode(dict.get::<PdfString<'_>>(key)?.as_bytes()))
}

/// Sets words into a box, line by line, as wide as it is.
fn write(text: Option<String>, rect: Rect, out: &mut Collector) {
    let size = (rect.height() - EDGE).clamp(0.4 * SIZE, SIZE);
    let mut v = rect.y0 + size;
    for line in text.iter().flat_map(|text| text.split(['\r', '\n'])) {
        let mut u = rect.x0 + EDGE;
        for word in line.split_whitespace() {
            #[expect(clippy::cast_precision_loss, reason = "letters of a word")]
            let width = WIDE * size * word.chars().count() as f64;
            if u + width > rect.x1 && u > rect.x0 + EDGE {
                (u, v) = (rect.x0 + EDGE, v + HIGH * size);
            }
            out.word(Fragment {
                text: word.to_owned(),
                frame: Frame::of(1.0, 0.0),
                u0: u,
                u1: u + width,
                v,
                size,
                sight: Sight::Seen,
                space_before: true,
            });
            u += width + WIDE * size;
        }
        v += HIGH * size;
    }
}

#[cfg(test)]
mod tests {
    use crate::text::both_ways::{file, read};

    /// Text and hidden words of a page « devant Nom » with these annotations.
    fn with_notes(notes: &str) -> (String, String) {
        let words = file(b"BT /F1 9 Tf 70 70 Td (devant) Tj 50 0 Td (Nom) Tj ET");
        let page = String::from_utf8(words).expect("ASCII");
        let page = page.replacen("/Type/Page/", &format!("/Type/Page/Annots[{notes}]/"), 1);
        let (short, general) = read(page.into_bytes()).remove(0);
        assert_eq!(short.expect("a plain page").text(), general.text());
        (general.text(), general.hidden())
    }

    #[test]
    fn values_and_notes_without_a_look_are_read() {
        let rect = "/Rect[70 200 370 220]";
        let shown = [
            format!("<</Subtype/Widget/FT/Tx{rect}/V(le champ)>>"),
            format!("<</Subtype/Widget{rect}/Parent<</FT/Tx/V(le champ)>>>>"),
            format!("<</Subtype/Widget/FT/Ch{rect}/V[(le champ)]>>"),
            format!("<</Subtype/FreeText{rect}/Contents(le champ)>>"),
            "<</Subtype/FreeText/Rect[70 190 110 230]/Contents(le champ)>>".to_owned(),
        ];
        for note in shown {
            let (text, _) = with_notes(&note);
            assert_eq!(text.replace('\n', " "), "le champ devant Nom", "{note}");
        }
        let quiet = [
            format!("<</Subtype/Widget/FT/Tx{rect}/Ff 8192/V(secret)>>"),
            format!("<</Subtype/Widget/FT/Btn{rect}/V/Yes>>"),
            format!("<</Subtype/FreeText/F 2{rect}/Contents(masqué)>>"),
            format!("<</Subtype/Text{rect}/Contents(un avis)>>"),
        ];
        for note in quiet {
            assert_eq!(with_notes(&note).0, "devant Nom", "{note}");
        }
    }

    #[test]
    fn markers_and_squares_without_a_look_hide_as_they_do_with_one() {
        let quad = "/QuadPoints[115 80 155 80 115 65 155 65]/Rect[115 65 155 80]";
        for note in [
            format!("<</Subtype/Highlight{quad}/C[0 0 0]>>"),
            format!("<</Subtype/Highlight{quad}/C[0]>>"),
            "<</Subtype/Square/Rect[115 65 155 80]/IC[0 0 0]>>".to_owned(),
            "<</Subtype/Square/Rect[115 65 155 80]/IC[1 1 1]>>".to_owned(),
        ] {
            assert_eq!(with_notes(&note), ("devant".to_owned(), "Nom".to_owned()), "{note}");
        }
        for note in [
            format!("<</Subtype/Highlight{quad}/C[1 1 0]>>"),
            format!("<</Subtype/Highlight{quad}/C[0 0 0]/CA 0.3>>"),
            format!("<</Subtype/Highlight/F 2{quad}/C[0 0 0]>>"),
            "<</Subtype/Square/Rect[115 65 155 80]/C[0 0 0]>>".to_owned(),
        ] {
            assert_eq!(with_notes(&note).0, "devant Nom", "{note}");
        }
    }
}
