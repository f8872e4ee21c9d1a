//! Scans, noise, layers: what must go through OCR, and how well it comes back.

use guetteur_model::Method;
use guetteur_read::{OcrMode, ReadOptions};
use guetteur_testkit::pdf::{Font, Garble, PageSpec, PdfBuilder, ScanOptions};

use crate::support::{PROSE, act, options, read, recall};

fn page() -> PageSpec {
    act(4).remove(0)
}

#[tokio::test]
async fn scans_come_back_with_their_words() {
    let kinds = [
        ("office", ScanOptions::default(), 0.98),
        ("fax", ScanOptions::fax(3), 0.98),
        ("poor", ScanOptions::poor(5), 0.95),
    ];
    let truth = page().visible_text();
    let builder = kinds
        .iter()
        .fold(PdfBuilder::new(), |builder, (_, scan, _)| builder.scanned(page(), scan.clone()));
    let reading = read(&builder.build(), options()).await;
    for ((kind, _, least), page) in kinds.iter().zip(&reading.pages) {
        let recall = recall(&truth, &page.text);
        assert_eq!(page.method, Method::Ocr, "{kind}");
        assert!(recall >= *least, "{kind}: {recall:.3}\n{}", page.text);
        assert!(page.confidence > 0.7, "{kind}: {}", page.confidence);
        assert!(page.note.as_deref().is_some_and(|n| n.contains("image sans texte")), "{kind}");
    }
}

#[tokio::test]
async fn pages_scanned_lying_or_on_their_heads_are_turned() {
    let turned = |quarter_turns| ScanOptions { quarter_turns, ..ScanOptions::default() };
    let builder = (1..4).fold(PdfBuilder::new(), |b, turns| b.scanned(page(), turned(turns)));
    for read in read(&builder.build(), options()).await.pages {
        let recall = recall(&page().visible_text(), &read.text);
        assert!(recall >= 0.98, "{} quarter turns: {recall:.3}\n{}", read.number, read.text);
    }
}

/// As many orders are laid out: « VU » in the margin, what is seen beside it.
#[tokio::test]
async fn words_in_the_margin_stay_before_their_texts() {
    let seen = [
        ("VU", "le code de la sécurité intérieure, notamment ses articles L. 242-1 à L. 242-8 ;"),
        ("VU", "le décret du 29 avril 2004 modifié relatif aux pouvoirs des préfets ;"),
        ("VU", "la demande présentée par le commandant du groupement de gendarmerie ;"),
        ("CONSIDÉRANT", "que la manifestation attirera plusieurs milliers de personnes ;"),
        ("SUR", "proposition du directeur de cabinet du préfet de la Drôme,"),
    ];
    let beside = |page: PageSpec, (i, (margin, text)): (usize, &(&str, &str))| {
        #[expect(clippy::cast_precision_loss, reason = "five lines")]
        let y = 120.0 + 40.0 * i as f32;
        page.text(60.0, y, Font::Serif, 11.0, *margin).text(170.0, y, Font::Serif, 11.0, *text)
    };
    let page = seen.iter().enumerate().fold(PageSpec::a4(), beside);
    let scan = ScanOptions { skew_degrees: 0.8, ..ScanOptions::default() };
    let reading = read(&PdfBuilder::new().scanned(page, scan).build(), options()).await;
    let lines: Vec<&str> = reading.pages[0].text.lines().collect();
    for (margin, text) in seen {
        let start = format!("{margin} {}", &text[..12]);
        assert!(lines.iter().any(|line| line.starts_with(&start)), "{start}: {lines:#?}");
    }
}

#[tokio::test]
async fn fonts_without_a_true_table_are_recognised() {
    let builder = PdfBuilder::new()
        .page(page().garbled(Garble::PrivateUse))
        .page(page().garbled(Garble::Shifted))
        .page(
            PageSpec::a4()
                .text(70.0, 90.0, Font::Serif, 12.0, "Cabinet du préfet de la Drôme")
                .garbled(Garble::Shifted),
        );
    let truths = builder.texts();
    let reading = read(&builder.build(), options()).await;
    for (page, truth) in reading.pages.iter().zip(&truths) {
        assert_eq!(page.method, Method::Ocr, "page {}: {}", page.number, page.text);
        let recall = recall(truth, &page.text);
        assert!(recall >= 0.98, "page {}: {recall:.3}\n{}", page.number, page.text);
        assert!(page.note.as_deref().is_some_and(|n| n.contains("illisible")));
    }
}

#[tokio::test]
async fn a_footer_over_a_scan_keeps_its_letters_and_does_not_hide_the_scan() {
    let footer = "Préfecture de la Drôme - 26-2025-02-19-00002 - Arrêté autorisant la captation";
    let over = PageSpec::a4().text(60.0, 820.0, Font::Sans, 8.0, footer);
    let bytes = PdfBuilder::new().scanned_under(page(), ScanOptions::default(), over).build();
    let reading = read(&bytes, options()).await;
    let read = &reading.pages[0];
    assert_eq!(read.method, Method::Both);
    assert_eq!(read.text.lines().last(), Some(footer));
    assert_eq!(read.text.matches("26-2025-02-19-00002").count(), 1, "{}", read.text);
    assert!(recall(&page().visible_text(), &read.text) >= 0.98, "{}", read.text);
}

#[tokio::test]
async fn a_bad_hidden_layer_is_not_believed() {
    let scan = ScanOptions { hidden_bad_ocr: true, ..ScanOptions::default() };
    let reading = read(&PdfBuilder::new().scanned(page(), scan).build(), options()).await;
    let read = &reading.pages[0];
    assert_eq!(read.method, Method::Ocr, "{:?}", read.note);
    assert!(read.note.as_deref().is_some_and(|n| n.contains("cachée")), "{:?}", read.note);
    assert!(recall(&page().visible_text(), &read.text) >= 0.98, "{}", read.text);
}

#[tokio::test]
async fn mixed_documents_use_each_page_as_it_is() {
    let builder = PdfBuilder::new()
        .page(page())
        .scanned(page(), ScanOptions::default())
        .page(page())
        .scanned(PageSpec::a4(), ScanOptions { specks: 3, ..ScanOptions::default() })
        .page(PageSpec::a4());
    let reading = read(&builder.build(), options()).await;
    let methods: Vec<Method> = reading.pages.iter().map(|p| p.method).collect();
    assert_eq!(
        methods,
        [Method::Text, Method::Ocr, Method::Text, Method::Empty, Method::Empty],
        "a blank sheet through the scanner is blank"
    );
    let counts = reading.report.methods;
    assert_eq!((counts.text, counts.ocr, counts.empty, counts.failed), (2, 1, 2, 0));
}

#[tokio::test]
async fn always_recognises_good_pages_too() {
    let options = ReadOptions { ocr: OcrMode::Always, ..options() };
    let reading = read(&PdfBuilder::new().page(page()).build(), options).await;
    assert_eq!(reading.pages[0].method, Method::Ocr);
    assert!(recall(PROSE, &reading.pages[0].text) >= 0.98);
}

#[tokio::test]
async fn an_unknown_language_falls_back_to_an_installed_one() {
    let options = ReadOptions { ocr_languages: "tlh+fra".to_owned(), ..options() };
    let bytes = PdfBuilder::new().scanned(page(), ScanOptions::default()).build();
    let reading = read(&bytes, options).await;
    assert_eq!(reading.pages[0].method, Method::Ocr);
}

#[tokio::test]
async fn a_good_hidden_layer_is_used_at_once() {
    let mut layer = page();
    layer.runs.iter_mut().for_each(|run| run.hidden = true);
    let footer = "Préfecture de la Drôme - 26-2025-02-19-00002";
    let layer = layer.text(60.0, 820.0, Font::Sans, 8.0, footer);
    let bytes = PdfBuilder::new().scanned_under(page(), ScanOptions::default(), layer).build();
    let reading = read(&bytes, options()).await;
    assert_eq!(reading.pages[0].method, Method::Text, "{:?}", reading.pages[0].note);
    assert!(reading.pages[0].confidence < 0.9, "a layer is trusted less than text");
    assert!(reading.pages[0].text.contains(footer));
}

/// Text first, the scan painted over it: as hidden as render mode 3.
#[tokio::test]
async fn text_below_a_scan_is_a_hidden_layer() {
    use lopdf::{Document, Stream, dictionary};
    let scan = PdfBuilder::new().scanned(page(), ScanOptions::default()).build();
    let mut document = Document::load_mem(&scan).expect("loads");
    let number = document.get_pages()[&1];
    let words = "(~reclc xyz qwrtp Vn lc codc dc la secnrile inlerienre) Tj 0 -14 Td ".repeat(30);
    let text = format!("BT /Broken 11 Tf 60 700 Td {words} ET");
    let font = document.add_object(
        dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica" },
    );
    let under = document.add_object(Stream::new(lopdf::Dictionary::new(), text.into_bytes()));
    let dict = document.get_dictionary(number).expect("a page");
    let over = dict.get(b"Contents").expect("contents").clone();
    let mut resources = match dict.get(b"Resources").expect("resources") {
        lopdf::Object::Reference(id) => document.get_dictionary(*id).expect("a dictionary").clone(),
        other => other.as_dict().expect("a dictionary").clone(),
    };
    resources.set("Font", dictionary! { "Broken" => font });
    let dict = document.get_dictionary_mut(number).expect("a page");
    dict.set("Contents", vec![under.into(), over]);
    dict.set("Resources", resources);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).expect("saves");
    let reading = read(&bytes, options()).await;
    assert_eq!(reading.pages[0].method, Method::Ocr, "{}", reading.pages[0].text);
    assert!(!reading.pages[0].text.contains("codc"));
    assert!(recall(&page().visible_text(), &reading.pages[0].text) >= 0.98);
}

#[tokio::test]
async fn without_tesseract_text_is_read_and_scans_say_what_to_install() {
    let script = format!("PATH=/nonexistent exec '{}'", env!("CARGO_BIN_EXE_guetteur-read-child"));
    let child = guetteur_read::ChildCommand {
        program: Some("/bin/sh".into()),
        args: vec!["-c".into(), script.into()],
    };
    let bytes = PdfBuilder::new().page(page()).scanned(page(), ScanOptions::default()).build();
    let reading = read(&bytes, ReadOptions { child, ..options() }).await;
    assert_eq!(reading.pages[0].method, Method::Text);
    assert_eq!(reading.pages[1].method, Method::Failed);
    let note = reading.pages[1].note.as_deref().unwrap_or_default();
    assert!(note.contains("apt install tesseract-ocr tesseract-ocr-fra"), "{note}");
}

/// A page with one grey picture over all of it, as a scanner or a map program makes it.
fn picture_page(width: usize, height: usize, tone: impl Fn(usize, usize) -> u8) -> Vec<u8> {
    use lopdf::{Document, Object, Stream, dictionary};
    let grey = (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).map(|(x, y)| tone(x, y));
    let mut document =
        Document::load_mem(&PdfBuilder::new().page(PageSpec::a4()).build()).expect("loads");
    let number = document.get_pages()[&1];
    let side = |n: usize| Object::Integer(i64::try_from(n).expect("small"));
    let dict = dictionary! {
        "Type" => "XObject", "Subtype" => "Image", "Width" => side(width),
        "Height" => side(height), "ColorSpace" => "DeviceGray", "BitsPerComponent" => 8,
    };
    let mut image = Stream::new(dict, grey.collect());
    image.compress().expect("compresses");
    let image = document.add_object(image);
    let paint = Stream::new(lopdf::Dictionary::new(), b"595 0 0 842 0 0 cm /Im Do".to_vec());
    let content = document.add_object(paint);
    let page = document.get_dictionary_mut(number).expect("a page");
    page.set("Contents", content);
    page.set("Resources", dictionary! { "XObject" => dictionary! { "Im" => image } });
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).expect("saves");
    bytes
}

#[tokio::test]
async fn photographs_and_maps_without_names_are_passed_over() {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a tone")]
    let photograph = |x: usize, y: usize| {
        let (x, y) = (x as f32, y as f32);
        let hills = (x / 97.0).sin() + (y / 61.0).cos() + ((x + y) / 23.0).sin() * 0.4;
        (128.0 + 45.0 * hills) as u8
    };
    let streets = |x: usize, y: usize| if x % 83 < 4 || (x + 3 * y) % 211 < 6 { 30 } else { 235 };
    let pages = [picture_page(800, 1_100, photograph), picture_page(800, 1_100, streets)];
    for bytes in pages {
        let reading = read(&bytes, options()).await;
        assert_eq!(reading.pages[0].method, Method::Empty, "{}", reading.pages[0].text);
        let note = reading.pages[0].note.as_deref().unwrap_or_default();
        assert!(note.contains("carte"), "{note}");
    }
}

#[tokio::test]
async fn boxes_are_given_on_request_and_lie_on_the_words() {
    let footer = "Préfecture de la Drôme - 26-2025-02-19-00002";
    let over = PageSpec::a4().text(60.0, 820.0, Font::Sans, 8.0, footer);
    let bytes =
        PdfBuilder::new().page(page()).scanned_under(page(), ScanOptions::default(), over).build();
    let options = ReadOptions { boxes: true, ..options() };
    let reading = read(&bytes, options).await;
    for (read, words) in reading.pages.iter().zip(&reading.words) {
        let of_text: Vec<&str> = read.text.split_whitespace().collect();
        let of_boxes: Vec<&str> = words.iter().map(|w| w.text.as_str()).collect();
        assert_eq!(of_boxes, of_text, "{}", read.method);
    }
    // The same word, as the file says it stands and as it was recognised (the sheet lay askew).
    let place = |page: usize, text: &str| {
        reading.words[page].iter().find(|w| w.text == text).expect("the word is read").bounds
    };
    for (a, b) in place(0, "proportionné").into_iter().zip(place(1, "proportionné")) {
        assert!((a - b).abs() < 6.0, "{a} and {b}");
    }
    let [x0, y0, x1, y1] = place(1, "26-2025-02-19-00002");
    assert!(x0 > 60.0 && x1 < 300.0 && y0 > 810.0 && y1 < 824.0, "{x0} {y0} {x1} {y1}");
}
