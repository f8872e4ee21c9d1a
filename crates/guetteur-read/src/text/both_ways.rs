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

    /// The text and the hidden words, the same both ways.
    fn seen(content: &str) -> (String, String) {
        seen_in(&file(content.as_bytes()))
    }

    fn seen_in(file: &[u8]) -> (String, String) {
        let (short, general) = read(file.to_vec()).remove(0);
        let short = short.expect("a plain page");
        assert_same(&short, &general);
        assert_eq!(short.hidden(), general.hidden());
        (general.text(), general.hidden())
    }

    fn with_states(content: &str) -> Vec<u8> {
        let states = "/Resources<</ExtGState<</Gone<</ca 0/CA 0>>/Faint<</ca 0.4>>\
            /Marker<</BM/Multiply>>/Normal<</BM/Normal/ca 1>>>>/Font";
        let file = String::from_utf8(file(content.as_bytes())).expect("ASCII");
        file.replacen("/Resources<</Font", states, 1).into_bytes()
    }

    #[test]
    fn words_that_nobody_sees_are_kept_apart() {
        const WORDS: &str = "BT /F1 9 Tf 70 70 Td (devant) Tj 50 0 Td (Nom) Tj ET ";
        for after in [
            "0 g 115 65 40 14 re f",
            "1 1 1 rg 115 65 40 14 re f",
            "0 0 0 1 k 115 65 40 14 re B",
            "/DeviceRGB cs 0 0 0 sc 115 65 40 14 re f*",
            "q 0.7 0.7 -0.7 0.7 127 73 cm -10 -10 20 20 re f Q",
            "0 g 115 65 m 155 65 l 155 79 l 115 79 l h f",
            "0 g 115 60 m 160 60 l 160 85 l 137 90 l 115 85 l f",
            "14 w 115 72 m 155 72 l S",
            "q 40 0 0 14 115 65 cm /X2 Do Q",
            "q 115 65 40 14 re W n 0 0 500 500 re f Q",
        ] {
            let (text, hidden) = seen(&format!("{WORDS} {after}"));
            assert_eq!((text.as_str(), hidden.as_str()), ("devant", "Nom"), "{after}");
        }
        for words in [
            "1 g (Nom) Tj",
            "1 1 1 rg (Nom) Tj",
            "0 0 0 0 k (Nom) Tj",
            "/DeviceGray cs 1 scn (Nom) Tj",
            "1 Tr 1 G (Nom) Tj",
            "3 Tr (Nom) Tj",
            "ET q 300 300 9 9 re W n BT /F1 9 Tf 120 70 Td (Nom) Tj ET Q BT",
            "ET q 0 0 0 0 re W n BT /F1 9 Tf 120 70 Td (Nom) Tj ET Q BT",
            "-300 0 Td (Nom) Tj",
            "0 900 Td (Nom) Tj",
        ] {
            let (text, hidden) =
                seen(&format!("BT /F1 9 Tf 70 70 Td (devant) Tj 50 0 Td {words} ET"));
            assert_eq!((text.as_str(), hidden.as_str()), ("devant", "Nom"), "{words}");
        }
        for content in [
            "BT /F1 9 Tf 70 70 Td (devant) Tj /Gone gs 50 0 Td (Nom) Tj ET".to_owned(),
            format!("{WORDS} /Marker gs 0 g 115 65 40 14 re f"),
            format!("{WORDS} /Faint gs /Normal gs 0 g 115 65 40 14 re f"),
        ] {
            let (text, hidden) = seen_in(&with_states(&content));
            assert_eq!((text.as_str(), hidden.as_str()), ("devant", "Nom"), "{content}");
        }
    }

    #[test]
    fn words_that_are_seen_are_text() {
        const WORDS: &str = "BT /F1 9 Tf 70 70 Td (devant) Tj 50 0 Td (Nom) Tj ET ";
        for content in [
            format!("0.8 g 115 65 40 14 re f 0 g {WORDS}"),
            "0 g 60 60 200 30 re f 1 g BT /F1 9 Tf 70 70 Td (devant Nom) Tj ET".to_owned(),
            "q 200 0 0 30 60 60 cm /X2 Do Q 1 g BT /F1 9 Tf 70 70 Td (devant Nom) Tj ET".to_owned(),
            "30 w 60 75 m 260 75 l S 1 g BT /F1 9 Tf 70 70 Td (devant Nom) Tj ET".to_owned(),
            "2 Tr 1 g 0 G BT /F1 9 Tf 70 70 Td (devant Nom) Tj ET".to_owned(),
            format!("{WORDS} 0 g 115 73 40 0.8 re f 115 65 40 14 re S"),
            format!("{WORDS} q 200 200 9 9 re W n 0 0 500 500 re f Q"),
            format!("q 0 0 595 842 re W* n {WORDS} Q"),
            format!("{WORDS} 0 g 115 90 40 14 re f"),
        ] {
            let (text, hidden) = seen(&content);
            assert_eq!((text.as_str(), hidden.as_str()), ("devant Nom", ""), "{content}");
        }
        for content in [
            format!("{WORDS} /Marker gs 1 1 0 rg 115 65 40 14 re f"),
            format!("{WORDS} /Faint gs 0 g 115 65 40 14 re f"),
        ] {
            assert_eq!(seen_in(&with_states(&content)).0, "devant Nom", "{content}");
        }
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
