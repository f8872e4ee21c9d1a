//! Embedded text: words, lines, order.

use guetteur_model::Method;
use guetteur_testkit::pdf::{Block, Flow, Font, PageSpec, PdfBuilder, Rotation, Style};

use crate::support::{PROSE, act, options, read, recall};

#[tokio::test]
async fn born_digital_text_keeps_words_accents_and_lines() {
    let builder = PdfBuilder::new().pages(act(8));
    let truth = builder.texts();
    let reading = read(&builder.build(), options()).await;
    assert_eq!(reading.pages.len(), truth.len());
    for (page, truth) in reading.pages.iter().zip(&truth) {
        assert_eq!(page.method, Method::Text);
        assert!(page.confidence > 0.95, "{}", page.confidence);
        assert_eq!(page.text, *truth, "line for line");
    }
    assert_eq!(reading.report.pages as usize, truth.len());
    assert!(!reading.report.partial && reading.report.notes.is_empty(), "{:?}", reading.report);
}

#[tokio::test]
async fn columns_are_read_one_after_the_other() {
    let left = "À gauche, la première colonne : ".to_owned() + PROSE;
    let right = "À droite, la seconde colonne : ".to_owned() + PROSE;
    let page = Flow::a4()
        .blocks([
            Block::title("Un titre sur toute la largeur de la page, au-dessus des colonnes"),
            Block::Columns(vec![Block::paragraph(left)], vec![Block::paragraph(right)]),
            Block::paragraph(format!("Après les colonnes. {PROSE}")),
        ])
        .pages();
    let truth = page[0].visible_text();
    let reading = read(&PdfBuilder::new().pages(page).build(), options()).await;
    assert_eq!(reading.pages[0].text, truth);
}

#[tokio::test]
async fn table_rows_stay_rows() {
    let row = |n: &str, date: &str, title: &str| {
        let cells = vec![(0.25, n.to_owned()), (0.2, date.to_owned()), (0.55, title.to_owned())];
        Block::Row(cells, Style::default())
    };
    let rows = [
        ("2025/00054", "07/01/2025", "complétant l'arrêté relatif au jury"),
        ("2025/00055", "08/01/2025", "portant délégation de signature"),
        ("2025/00056", "09/01/2025", "autorisant un système"),
        ("2025/00057", "10/01/2025", "fixant la liste des communes"),
        ("2025/00058", "13/01/2025", "portant nomination"),
    ];
    let page = Flow::a4().blocks(rows.map(|(n, d, t)| row(n, d, t))).pages();
    let reading = read(&PdfBuilder::new().pages(page).build(), options()).await;
    let expected: Vec<String> = rows.iter().map(|(n, d, t)| format!("{n} {d} {t}")).collect();
    assert_eq!(reading.pages[0].text.lines().collect::<Vec<_>>(), expected);
}

#[tokio::test]
async fn rotated_pages_and_turned_stamps_read_like_others() {
    let page = act(2).remove(0);
    let truth = page.visible_text();
    let turned = page.clone().rotated(Rotation::Quarter);
    let stamped = page.stamp(300.0, 780.0, "REÇU LE 15 MARS 2025");
    let reading = read(&PdfBuilder::new().page(turned).page(stamped).build(), options()).await;
    assert_eq!(reading.pages[0].text, truth);
    assert!(reading.pages[1].text.starts_with(&truth), "the stamp does not cut into lines");
    assert!(reading.pages[1].text.contains("REÇU LE 15 MARS 2025"), "{}", reading.pages[1].text);
}

#[tokio::test]
async fn blank_pages_are_empty_at_once() {
    let builder = PdfBuilder::new().page(PageSpec::a4()).page(PageSpec::a4().text(
        290.0,
        800.0,
        Font::Sans,
        9.0,
        "2",
    ));
    let reading = read(&builder.build(), options()).await;
    assert_eq!(reading.pages[0].method, Method::Empty);
    assert_eq!((reading.pages[1].method, reading.pages[1].text.as_str()), (Method::Text, "2"));
}

#[tokio::test]
async fn never_takes_the_text_as_it_is() {
    let page = act(3).remove(0);
    let bytes = PdfBuilder::new()
        .page(page.clone())
        .scanned(page, guetteur_testkit::pdf::ScanOptions::default())
        .build();
    let options = guetteur_read::ReadOptions { ocr: guetteur_read::OcrMode::Never, ..options() };
    let reading = read(&bytes, options).await;
    assert_eq!(reading.pages[0].method, Method::Text);
    assert_eq!(reading.pages[1].method, Method::Empty);
    assert!(recall(PROSE, &reading.pages[0].text) > 0.99);
}

#[tokio::test]
async fn what_glyphs_stand_for_is_read_in_their_place() {
    let bytes = PdfBuilder::new().page(PageSpec::a4().text(70.0, 90.0, Font::Sans, 12.0, "x"));
    let mut document = lopdf::Document::load_mem(&bytes.build()).expect("loads");
    let number = document.get_pages()[&1];
    let content = b"BT /F1 12 Tf 70 700 Td (Une ) Tj \
        /Span <</ActualText <FEFF0153007500760072006500200064002700E900740065>>> BDC \
        (qqqqq qqqq) Tj /P BMC (q) Tj EMC EMC ( publique) Tj ET";
    let content = lopdf::Stream::new(lopdf::Dictionary::new(), content.to_vec());
    let content = document.add_object(content);
    document.get_dictionary_mut(number).expect("a page").set("Contents", content);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).expect("saves");
    let reading = read(&bytes, options()).await;
    assert_eq!(reading.pages[0].text, "Une œuvre d'éte publique");
}
