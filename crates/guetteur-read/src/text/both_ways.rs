//! Holds the short way to the general way: for tests and `fuzz/`.

use hayro_interpret::InterpreterCache;
use hayro_syntax::Pdf;

use super::PageText;
use super::hayro::{catalog, interpret};
use super::plain::PlainPages;

/// Characters of one page.
const PAGE_CHARS: usize = 100_000;
/// Points by which a word's edges may differ: the two ways round differently.
#[cfg(test)]
const NEAR: f32 = 0.1;

/// A file of one page with this content, uncompressed; it has the font `F1`, without any tables,
/// a form `X1` with a word in it and an image `X2`.
pub(crate) fn file(content: &[u8]) -> Vec<u8> {
    const BEFORE: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n\
        2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n\
        3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R\
        /Resources<</Font<</F1 5 0 R>>/XObject<</X1 6 0 R/X2 7 0 R>>>>>>endobj\n\
        5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n\
        6 0 obj<</Type/XObject/Subtype/Form/BBox[0 0 300 300]/Matrix[1 0 0 1 40 30]\
        /Resources<</Font<</F1 5 0 R>>>>/Length 31>>stream\n\
        BT /F1 9 Tf 5 5 Td (cachet) Tj ET\nendstream endobj\n\
        7 0 obj<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray\
        /BitsPerComponent 8/Length 1>>stream\n0\nendstream endobj\n";
    let mut file = BEFORE.to_vec();
    file.extend_from_slice(format!("4 0 obj<</Length {}>>stream\n", content.len()).as_bytes());
    file.extend_from_slice(content);
    file.extend_from_slice(b"\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF");
    file
}

/// Each page the short way, if it is plain, and the general way.
pub(crate) fn read(file: Vec<u8>) -> Vec<(Option<PageText>, PageText)> {
    let Ok(pdf) = Pdf::new(file) else { return Vec::new() };
    let catalog = catalog(&pdf);
    let mut plain = PlainPages::of(catalog.as_ref());
    let cache = InterpreterCache::new();
    let both = |page| {
        let short = plain.as_mut().and_then(|plain| plain.page(page, PAGE_CHARS));
        (short, interpret(page, &cache, PAGE_CHARS))
    };
    pdf.pages().iter().map(both).collect()
}

/// # Panics
/// If the two ways do not give the same page.
#[cfg(test)]
fn assert_same(short: &PageText, general: &PageText) {
    assert_eq!(short.text(), general.text());
    assert_eq!((short.image_cover, short.cut), (general.image_cover, general.cut));
    // The interpreter counts gradients too, and painting without any path.
    assert!(short.paths <= general.paths);
    let words =
        |page: &PageText| page.lines.iter().flat_map(|l| l.words.clone()).collect::<Vec<_>>();
    for (one, other) in words(short).iter().zip(&words(general)) {
        assert_eq!((&one.text, one.hidden), (&other.text, other.hidden));
        let near = one.bbox.iter().zip(other.bbox).all(|(a, b)| (a - b).abs() <= NEAR);
        assert!(near, "{one:?} {other:?}");
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use chrono::NaiveDate;
    use guetteur_testkit::corpus::{BulletinSpec, Layout, Library, Medium, compose};
    use guetteur_testkit::pdf::{PageSpec, PdfBuilder};

    use super::*;

    const GOLDENS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/reading");

    /// How many pages were plain; all of these gave the same both ways.
    fn plain_pages(file: Vec<u8>) -> usize {
        let pages = read(file);
        assert!(!pages.is_empty());
        let plain = pages.iter().filter_map(|(short, general)| Some((short.as_ref()?, general)));
        plain.map(|(short, general)| assert_same(short, general)).count()
    }

    #[test]
    fn bulletins_of_all_kinds_are_plain_and_read_the_same() {
        let library = Library::bundled().expect("the library");
        let media = [
            Medium::Clean,
            Medium::WrongUnicode,
            Medium::PrivateUse,
            Medium::Rotated,
            Medium::Stamped,
            Medium::HiddenLayer,
        ];
        for (medium, layout) in media
            .into_iter()
            .flat_map(|medium| [Layout::National, Layout::Leaders].map(|layout| (medium, layout)))
        {
            let acts = library.templates().iter().take(2).map(|t| t.id.clone()).collect();
            let spec = BulletinSpec {
                departement: "26".to_owned(),
                number: Some("26-2026-264".to_owned()),
                series: None,
                published_on: NaiveDate::from_ymd_opt(2026, 11, 20).expect("a day"),
                layout,
                medium,
                acts,
                seed: 7,
            };
            let bulletin = compose(&library, &spec).expect("a bulletin");
            assert_eq!(plain_pages(bulletin.pdf), bulletin.texts.len(), "{medium:?} {layout:?}");
        }
    }

    #[test]
    fn the_goldens_pages_are_plain_and_read_the_same() {
        let folders = Path::new(GOLDENS).read_dir().expect("the folder");
        let pages = folders.map(|entry| entry.expect("an entry").path()).filter(|p| p.is_dir());
        let pages: Vec<PageSpec> = pages
            .map(|case| std::fs::read_to_string(case.join("page.toml")).expect("page.toml"))
            .map(|text| PageSpec::from_toml(&text).expect("a page"))
            .collect();
        let count = pages.len();
        assert_eq!(plain_pages(PdfBuilder::new().pages(pages).build()), count);
    }

    #[test]
    fn operators_mean_the_same_both_ways() {
        for content in [
            "BT /F1 12 Tf 70 700 Td 14 TL (un) Tj T* (deux) Tj (trois) ' 2 1 (quatre) \" ET",
            "BT /F1 12 Tf 70 700 TD (a) Tj 0 -14 TD (b) Tj T* (c) Tj 5 Ts (d) Tj 0 Ts (e) Tj ET",
            "BT /F1 12 Tf 1 0 0 1 70 700 Tm 150 Tz 2 Tc 9 Tw (mot et mot) Tj 3 Tr (caché) Tj ET",
            "BT /F1 1 Tf 12 0 0 12 70 700 Tm [(A) 120 (rr) -600 (êté) (s)] TJ ET",
            "q 0.7 0.7 -0.7 0.7 300 300 cm BT /F1 10 Tf (oblique) Tj ET Q BT /F1 9 Tf (droit) Tj ET",
            "/Span <</ActualText <FEFF00E9>>> BDC BT /F1 9 Tf 70 70 Td (x) Tj ET EMC /P BMC EMC",
            "70 700 200 12 re f 70 600 m 270 600 l 270 590 l 70 590 l h B 70 70 m 99 99 l S",
            "1 0 0 1 100 100 cm /X1 Do q 200 0 0 100 0 0 cm /X2 Do Q /X1 Do",
            "70 70 m 80 90 100 90 110 70 c 120 50 130 70 v 140 90 150 70 y b W n 0 g /P /MC0 BDC EMC",
            "BT /F1 9 Tf 70 70 Td (devant) Tj ET q 300 0 0 300 0 0 cm /X2 Do Q",
            "q 9 0 0 9 70 70 cm BI /W 1 /H 1 /BPC 8 /CS /G ID 0 EI Q BT /F1 9 Tf (image) Tj ET",
            "BT 2 Tr /F1 9 Tf 70 70 Td (rempli) Tj 1 Tr 60 0 Td (et) Tj (cerné) Tj ET",
        ] {
            assert_eq!(plain_pages(file(content.as_bytes())), 1, "{content}");
        }
    }

    #[test]
    fn fonts_described_in_the_page_itself_are_told_apart() {
        let content = b"BT /F1 9 Tf 70 70 Td (A) Tj /F2 9 Tf (A) Tj /F1 9 Tf (A) Tj ET";
        let fonts = "/Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica\
            /Encoding<</Differences[65/eacute]>>>>\
            /F2<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>";
        let file = String::from_utf8(file(content)).expect("ASCII");
        let file = file.replacen("/Font<</F1 5 0 R>>", fonts, 1);
        let (short, general) = read(file.into_bytes()).remove(0);
        assert_eq!(short.expect("a plain page").text(), "éAé");
        assert_eq!(general.text(), "éAé");
    }

    #[test]
    fn what_stands_beyond_all_pages_is_not_read() {
        let content = "BT /F1 9 Tf 70 70 Td (ici) Tj 1 0 0 1 9999999999 0 Tm (loin) Tj \
            9999999999 0 0 9999999999 0 0 Tm (immense) Tj ET";
        let (short, general) = read(file(content.as_bytes())).remove(0);
        assert_eq!(short.expect("a plain page").text(), "ici");
        assert_eq!(general.text(), "ici");
    }

    #[test]
    fn letters_that_are_filled_and_then_outlined_are_read_once() {
        let content = "BT 2 Tr /F1 9 Tf 70 70 Td [(4) -9 (6)] TJ 60 0 Td (1 Tr) Tj 1 Tr (x) Tj ET";
        let (short, general) = read(file(content.as_bytes())).remove(0);
        assert_eq!(general.text(), "46 1 Trx");
        assert_same(&short.expect("a plain page"), &general);
    }

    #[test]
    fn letters_painted_twice_for_boldness_are_one() {
        for apart in [0.02, 0.1, 0.3, 0.45] {
            let mut content = String::from("BT /F1 10 Tf ");
            let mut x = 70.0;
            for letter in "ARRETE allee ille 11,77".chars() {
                // The narrowest letters of this font are 0.22 wide.
                for x in [x, x + apart * 2.2] {
                    content.push_str(&format!("1 0 0 1 {x} 700 Tm ({letter}) Tj "));
                }
                x += 7.0;
            }
            content.push_str("ET");
            let (short, general) = read(file(content.as_bytes())).remove(0);
            assert_same(&short.expect("a plain page"), &general);
            assert_eq!(general.text().replace(' ', ""), "ARRETEalleeille11,77", "{apart}");
        }
        let doubled = b"BT /F1 10 Tf 70 700 Td (ballon 2211 --) Tj ET";
        assert_eq!(read(file(doubled)).remove(0).1.text(), "ballon 2211 --");
    }

    #[test]
    fn what_the_short_way_does_not_know_takes_the_general_way() {
        for content in [
            "BT (sans fonte) Tj ET",
            "BT /F2 9 Tf (fonte inconnue) Tj ET",
            "Q BT /F1 9 Tf (de trop) Tj ET",
            "BT /F1 9 Tf 70 Td (un nombre manque) Tj ET",
            "/X3 Do",
        ] {
            let pages = read(file(content.as_bytes()));
            assert!(pages.len() == 1 && pages[0].0.is_none(), "{content}");
        }
        let layered = String::from_utf8(file(b"BT /F1 9 Tf (calque) Tj ET")).expect("ASCII");
        let layered = |hidden: &str| {
            let layers = format!("/Type/Catalog/OCProperties<</D<<{hidden}>>>>");
            read(layered.replace("/Type/Catalog", &layers).into_bytes())
        };
        assert!(layered("/OFF[7 0 R]")[0].0.is_none() && layered("/BaseState/OFF")[0].0.is_none());
        assert!(layered("/OFF[]")[0].0.is_some() && layered("/BaseState/ON")[0].0.is_some());
    }

    #[test]
    fn annotations_with_a_look_are_read_where_they_stand() {
        let stamped = String::from_utf8(file(b"BT /F1 9 Tf (tampon) Tj ET")).expect("ASCII");
        let annotated = |flags: &str, look: &str| {
            let annotation =
                format!("<</Subtype/Stamp/Rect[70 90 370 240]{flags}/AP<</N {look}>>>>");
            let page = format!("/Type/Page/Annots[<</Subtype/Link>>{annotation}]/");
            let file = stamped.replacen("/Type/Page/", &page, 1).into_bytes();
            assert_eq!(plain_pages(file.clone()), 1, "{flags} {look}");
            read(file)[0].1.text()
        };
        assert_eq!(annotated("", "6 0 R"), "cachet\ntampon");
        assert_eq!(annotated("/AS/Oui", "<</Oui 6 0 R/Off 7 0 R>>"), "cachet\ntampon");
        assert_eq!(annotated("/F 2", "6 0 R"), "tampon");
    }
}
