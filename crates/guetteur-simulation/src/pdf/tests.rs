//! Whole files, looked at through hayro.

use guetteur_model::Sha256;
use hayro::hayro_syntax::Pdf;

use super::*;

fn sample() -> Vec<PageSpec> {
    let style = Style { align: Align::Left, ..Style::default() };
    let blocks = [
        Block::title("ARRÊTÉ n° 2026-045 portant création d’une zone d’essai"),
        Block::paragraph(
            "Vu le code général des collectivités territoriales, notamment ses articles L. 2212-2 et L. 2215-1 ; considérant qu’il y a lieu de vérifier l’œil, le cœur et les 15 € de l’été « prochain » – à Nîmes.",
        ),
        Block::Leader("Arrêté relatif aux taxis".into(), "7".into(), style),
        Block::Row(vec![(1.0, "n° 12".into()), (3.0, "Commune de Sète".into())], style),
    ];
    Flow::a4().blocks(blocks).pages()
}

fn page_count(bytes: &[u8]) -> usize {
    Pdf::new(bytes.to_vec()).expect("opens").pages().len()
}

#[test]
fn same_calls_give_the_same_bytes() {
    let born = || PdfBuilder::new().pages(sample()).build();
    assert_eq!(Sha256::of(&born()), Sha256::of(&born()));
    let options = ScanOptions { dpi: 60, ..ScanOptions::poor(7) };
    let scanned = || scan(&born(), &options).expect("scans");
    assert_eq!(Sha256::of(&scanned()), Sha256::of(&scanned()));
    let other = ScanOptions { seed: 8, ..options.clone() };
    assert_ne!(scan(&born(), &other).expect("scans"), scanned());
}

#[test]
fn every_variant_opens_with_its_pages() {
    let page = sample().remove(0);
    let small = ScanOptions { dpi: 50, ..ScanOptions::default() };
    let variants = [
        PdfBuilder::new().page(page.clone().rotated(Rotation::Quarter)),
        PdfBuilder::new().page(page.clone().garbled(Garble::PrivateUse)),
        PdfBuilder::new().page(page.clone().stamp(350.0, 90.0, "REÇU LE 12 MAI 2026")),
        PdfBuilder::new().scanned(page.clone(), ScanOptions { quarter_turns: 1, ..small.clone() }),
        PdfBuilder::new()
            .scanned(page.clone(), ScanOptions { codec: Codec::Grey, ..small.clone() }),
        PdfBuilder::new()
            .scanned(page.clone(), ScanOptions { codec: Codec::Bilevel, ..small.clone() }),
        PdfBuilder::new()
            .scanned(page.clone(), ScanOptions { hidden_bad_ocr: true, ..small.clone() }),
    ];
    for builder in variants {
        let texts = builder.texts();
        assert!(texts[0].contains("ARRÊTÉ n° 2026-045"), "{texts:?}");
        assert_eq!(page_count(&builder.build()), 1);
    }
    assert!(Pdf::new(not_a_pdf()).is_err());
}

#[test]
fn rotated_page_shows_upright() {
    let bytes = PdfBuilder::new().page(sample().remove(0).rotated(Rotation::Quarter)).build();
    let pdf = Pdf::new(bytes).expect("opens");
    assert_eq!(pdf.pages()[0].render_dimensions(), (595.0, 842.0));
}

#[test]
fn scan_refuses_what_is_no_pdf() {
    let error = scan(&not_a_pdf(), &ScanOptions::default()).expect_err("not a PDF");
    assert!(error.to_string().contains("cannot scan"), "{error}");
}
