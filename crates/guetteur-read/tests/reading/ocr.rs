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
async fn a_page_scanned_sideways_is_turned() {
    let scan = ScanOptions { sideways: true, ..ScanOptions::default() };
    let reading = read(&PdfBuilder::new().scanned(page(), scan).build(), options()).await;
    let recall = recall(&page().visible_text(), &reading.pages[0].text);
    assert!(recall >= 0.98, "{recall:.3}\n{}", reading.pages[0].text);
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
