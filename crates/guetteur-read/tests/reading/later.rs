//! A first reading without OCR, and the OCR of its pages afterwards, page by page.

use guetteur_model::{Method, Page};
use guetteur_read::judge::Why;
use guetteur_read::{Awaiting, ChildCommand, ReadError, ReadOptions, Reader};
use guetteur_testkit::pdf::{Font, Garble, PageSpec, PdfBuilder, ScanOptions};
use tempfile::NamedTempFile;

use crate::support::{act, on_disk, options, read};

const FOOTER: &str = "Préfecture de la Drôme - 26-2025-02-19-00002 - Arrêté";

/// Text, a scan, a scan under a footer, noise, text.
fn mixed() -> Vec<u8> {
    let page = || act(4).remove(0);
    let footer = PageSpec::a4().text(60.0, 820.0, Font::Sans, 8.0, FOOTER);
    PdfBuilder::new()
        .page(page())
        .scanned(page(), ScanOptions::default())
        .scanned_under(page(), ScanOptions::default(), footer)
        .page(page().garbled(Garble::PrivateUse))
        .page(page())
        .build()
}

/// Pages that stand, and pages that await OCR.
async fn first_reading(file: &NamedTempFile) -> (Vec<Page>, Vec<Awaiting>) {
    let (mut done, mut later) = (Vec::new(), Vec::new());
    let report = Reader::new(ReadOptions { child: without_programs(), ..options() })
        .read_text_only(file.path(), |page, awaits| match awaits {
            None => done.push(page.clone()),
            Some(why) => later.push(Awaiting { page: page.clone(), why }),
        })
        .await
        .expect("readable");
    assert_eq!(report.awaiting as usize, later.len());
    (done, later)
}

/// What OCR makes of `pages`, put in one after the other, in the order of its answers.
async fn recognise(reader: &Reader, file: &NamedTempFile, pages: Vec<Awaiting>) -> Vec<Page> {
    let mut recognition = reader.recognise(file.path()).expect("a PDF");
    let whys: Vec<(u32, Why)> = pages.iter().map(|page| (page.page.number, page.why)).collect();
    pages.into_iter().for_each(|page| recognition.push(page));
    let mut told = Vec::new();
    while let Some((page, why)) = recognition.next().await.expect("a child") {
        assert!(whys.contains(&(page.number, why)));
        told.push(page);
        assert_eq!(recognition.in_hand(), whys.len() - told.len());
    }
    told
}

/// A child that finds neither tesseract nor poppler.
fn without_programs() -> ChildCommand {
    let script = format!("PATH=/nonexistent exec '{}'", env!("CARGO_BIN_EXE_guetteur-read-child"));
    ChildCommand { program: Some("/bin/sh".into()), args: vec!["-c".into(), script.into()] }
}

#[tokio::test]
async fn a_first_reading_tells_the_text_and_marks_what_needs_ocr() {
    let (done, later) = first_reading(&on_disk(&mixed())).await;
    let told: Vec<(u32, Method)> = done.iter().map(|page| (page.number, page.method)).collect();
    assert_eq!(told, [(1, Method::Text), (5, Method::Text)]);
    let whys: Vec<(u32, Why)> = later.iter().map(|page| (page.page.number, page.why)).collect();
    assert_eq!(whys, [(2, Why::NoText), (3, Why::Stamp), (4, Why::Noise)]);
    let texts: Vec<&str> = later.iter().map(|page| page.page.text.as_str()).collect();
    assert_eq!(texts, ["", FOOTER, ""], "noise is not believed meanwhile");
    for page in later {
        assert!(page.page.note.is_some_and(|note| note.starts_with("en attente")));
    }
}

#[tokio::test]
async fn in_portions_and_out_of_order_the_pages_are_the_same() {
    let bytes = mixed();
    let file = on_disk(&bytes);
    let (mut done, mut later) = first_reading(&file).await;
    let reader = Reader::new(ReadOptions { jobs: 1, ..options() });
    later.reverse();
    let rest = later.split_off(2);
    for (portion, expected) in [(later, vec![4, 3]), (rest, vec![2])] {
        let told = recognise(&reader, &file, portion).await;
        let numbers: Vec<u32> = told.iter().map(|page| page.number).collect();
        assert_eq!(numbers, expected, "begun in the order asked for");
        done.extend(told);
    }
    done.sort_by_key(|page| page.number);
    let timeless = |page: &Page| Page { ms: 0, ..page.clone() };
    let at_once = read(&bytes, options()).await.pages;
    assert_eq!(
        done.iter().map(timeless).collect::<Vec<_>>(),
        at_once.iter().map(timeless).collect::<Vec<_>>()
    );
}

#[tokio::test]
async fn a_page_that_fails_keeps_the_text_that_it_had() {
    let file = on_disk(&mixed());
    let (_, later) = first_reading(&file).await;
    let reader = Reader::new(ReadOptions { child: without_programs(), ..options() });
    let mut told = recognise(&reader, &file, later).await;
    told.sort_by_key(|page| page.number);
    assert!(told.iter().all(|page| page.method == Method::Failed), "{told:?}");
    let texts: Vec<&str> = told.iter().map(|page| page.text.as_str()).collect();
    assert_eq!(texts, ["", FOOTER, ""]);
}

#[tokio::test]
async fn a_child_that_cannot_be_started_is_no_fault_of_the_page() {
    let file = on_disk(&mixed());
    let (_, later) = first_reading(&file).await;
    let child = ChildCommand::program("/nonexistent/child");
    let reader = Reader::new(ReadOptions { child, ..options() });
    let mut recognition = reader.recognise(file.path()).expect("a PDF");
    later.into_iter().for_each(|page| recognition.push(page));
    let outcome = recognition.next().await;
    assert!(matches!(outcome, Err(ReadError::Child { .. })), "{outcome:?}");
}
