//! Hostile pages cost themselves, and nothing else.

use std::time::{Duration, Instant};

use guetteur_model::Method;
use guetteur_read::{ChildCommand, Limits, OcrMode, ReadOptions, Reader};
use guetteur_testkit::pdf::PdfBuilder;
use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary};

use crate::support::{PROSE, act, on_disk, options, read, recall, try_read};

/// Three good pages, of which the second one's content is replaced.
fn with_second_page(change: impl FnOnce(&mut Document, ObjectId)) -> Vec<u8> {
    let page = act(3).remove(0);
    let pages = [page.clone(), page.clone(), page];
    let mut document = Document::load_mem(&PdfBuilder::new().pages(pages).build()).expect("loads");
    let second = document.get_pages()[&2];
    change(&mut document, second);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).expect("saves");
    bytes
}

/// Forms that each draw the next one ten times: 10^12 in all.
fn form_bomb() -> Vec<u8> {
    with_second_page(|document, page| {
        let form = |content: &str, inner: Option<ObjectId>| {
            let mut resources = Dictionary::new();
            if let Some(inner) = inner {
                resources.set("XObject", dictionary! { "F" => inner });
            }
            let dict = dictionary! {
                "Type" => "XObject", "Subtype" => "Form",
                "BBox" => vec![0.into(), 0.into(), 600.into(), 800.into()],
                "Resources" => resources,
            };
            Stream::new(dict, content.as_bytes().to_vec())
        };
        let mut inner = document.add_object(form("0 0 m 1 1 l S", None));
        for _ in 0..12 {
            inner = document.add_object(form(&"/F Do ".repeat(10), Some(inner)));
        }
        let content = document.add_object(Stream::new(Dictionary::new(), b"/F Do".to_vec()));
        let page = document.get_dictionary_mut(page).expect("a page");
        page.set("Contents", content);
        page.set("Resources", dictionary! { "XObject" => dictionary! { "F" => inner } });
    })
}

/// A content stream that inflates to 600 MB.
fn flate_bomb() -> Vec<u8> {
    with_second_page(|document, page| {
        let spaces = vec![b' '; 600 << 20];
        let mut stream = Stream::new(Dictionary::new(), spaces);
        stream.compress().expect("compresses");
        let content = document.add_object(stream);
        document.get_dictionary_mut(page).expect("a page").set("Contents", content);
    })
}

fn assert_only_the_second_page_failed(reading: &crate::support::Reading, why: &str) {
    let methods: Vec<Method> = reading.pages.iter().map(|p| p.method).collect();
    assert_eq!(methods, [Method::Text, Method::Failed, Method::Text]);
    assert_eq!(reading.pages[1].note.as_deref(), Some(why));
    for page in [&reading.pages[0], &reading.pages[2]] {
        assert!(recall(PROSE, &page.text) > 0.99);
    }
    assert_eq!(reading.report.methods.failed, 1);
}

#[tokio::test]
async fn a_page_that_hangs_costs_itself() {
    let limits = Limits { text_page: Duration::from_secs(2), ..Limits::default() };
    let start = Instant::now();
    let reading = read(&form_bomb(), ReadOptions { limits, ..options() }).await;
    assert_only_the_second_page_failed(&reading, "page 2 : plus de 2 s");
    assert!(start.elapsed() < Duration::from_secs(6), "{:?}", start.elapsed());
}

#[tokio::test]
async fn a_page_that_hangs_is_not_shown_and_says_why() {
    let file = on_disk(&form_bomb());
    let limits = Limits { ocr_page: Duration::from_secs(2), ..Limits::default() };
    let reader = Reader::new(ReadOptions { limits, ..options() });
    let start = Instant::now();
    let picture = reader.picture(file.path(), 2, 100).await.expect_err("it hangs");
    let words = reader.words(file.path(), 2, Method::Text).await.expect_err("it hangs");
    assert!(start.elapsed() < Duration::from_secs(8), "{:?}", start.elapsed());
    for error in [picture, words] {
        assert_eq!(error.to_string(), "page 2 cannot be shown: plus de 2 s");
    }
    assert!(reader.picture(file.path(), 1, 100).await.is_ok(), "the others are shown");
}

#[tokio::test]
async fn a_page_that_eats_the_memory_costs_itself() {
    let limits = Limits { memory_bytes: 300 << 20, ..Limits::default() };
    let reading = read(&flate_bomb(), ReadOptions { limits, ..options() }).await;
    assert_only_the_second_page_failed(&reading, "page 2 : plus de 300 Mio de mémoire");
}

#[tokio::test]
async fn a_page_that_hangs_in_ocr_costs_itself() {
    let limits = Limits {
        text_page: Duration::from_secs(60),
        ocr_page: Duration::from_millis(1),
        ..Limits::default()
    };
    let page = act(3).remove(0);
    let bytes = PdfBuilder::new()
        .page(page.clone())
        .scanned(page, guetteur_testkit::pdf::ScanOptions::default())
        .build();
    let reading = read(&bytes, ReadOptions { limits, ..options() }).await;
    let methods: Vec<Method> = reading.pages.iter().map(|p| p.method).collect();
    assert_eq!(methods, [Method::Text, Method::Failed]);
    assert_eq!(reading.pages[1].note.as_deref(), Some("page 2 : plus de 1 s"));
}

#[tokio::test]
async fn the_document_has_a_limit_too() {
    let limits = Limits { document: Duration::from_secs(1), ..Limits::default() };
    let reading = read(&form_bomb(), ReadOptions { limits, ..options() }).await;
    assert_eq!(reading.pages.len(), 3);
    assert_eq!(reading.pages[2].note.as_deref(), Some("page 3 : document : plus de 1 s"));
    assert!(reading.report.partial);
}

#[tokio::test]
async fn a_talkative_child_is_cut_off() {
    let limits = Limits { output_bytes: 2_000, ..Limits::default() };
    let bytes = PdfBuilder::new().pages(act(12)).build();
    let reading = read(&bytes, ReadOptions { limits, ocr: OcrMode::Never, ..options() }).await;
    assert_eq!(reading.pages.len(), reading.report.pages as usize);
    assert!(reading.report.partial);
    assert!(
        reading.report.notes.iter().any(|n| n.contains("trop de texte")),
        "{:?}",
        reading.report
    );
}

#[tokio::test]
async fn a_child_killed_before_it_opens_the_file_is_an_error_in_words() {
    let child = ChildCommand {
        program: Some("/bin/sh".into()),
        args: vec!["-c".into(), "read x; kill -9 $$".into()],
    };
    let bytes = PdfBuilder::new().pages(act(1)).build();
    let error = try_read(&bytes, ReadOptions { child, ..options() }).await.err().unwrap();
    assert!(error.to_string().contains("signal 9"), "{error}");
}

#[tokio::test]
async fn what_a_child_prints_besides_is_ignored() {
    let script = "read x; echo 'Unicode mismatch'; \
        echo '{\"opened\":{\"pages\":1,\"encrypted\":false,\"embedded_files\":0,\"xfa\":false,\"fallback\":null}}'; \
        echo '{\"begin\":1}'; echo rubbish; echo '{\"failed\":{\"page\":1,\"why\":\"essai\"}}'; echo '\"done\"'";
    let child =
        ChildCommand { program: Some("/bin/sh".into()), args: vec!["-c".into(), script.into()] };
    let bytes = PdfBuilder::new().pages(act(1)).build();
    let reading = read(&bytes, ReadOptions { child, ..options() }).await;
    assert_eq!(reading.pages[0].note.as_deref(), Some("page 1 : essai"));
}

#[tokio::test]
async fn page_trees_with_loops_end() {
    let mut document = Document::load_mem(&PdfBuilder::new().pages(act(1)).build()).expect("loads");
    let root = document.catalog().expect("catalog").get(b"Pages").and_then(Object::as_reference);
    let root = root.expect("a page tree");
    let tree = document.get_dictionary_mut(root).expect("a page tree");
    let mut kids = tree.get(b"Kids").and_then(Object::as_array).expect("kids").clone();
    kids.push(Object::Reference(root));
    tree.set("Kids", kids);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).expect("saves");
    let reading = read(&bytes, options()).await;
    assert_eq!(reading.pages.len(), 1);
}

#[tokio::test]
async fn deep_nesting_is_survived() {
    let bytes = with_second_page(|document, page| {
        let content = "[".repeat(200_000) + &"]".repeat(200_000) + " TJ";
        let stream = Stream::new(Dictionary::new(), content.into_bytes());
        let content = document.add_object(stream);
        document.get_dictionary_mut(page).expect("a page").set("Contents", content);
    });
    let reading = read(&bytes, options()).await;
    assert_eq!(reading.pages.len(), 3);
    assert!(recall(PROSE, &reading.pages[2].text) > 0.99);
}

#[tokio::test]
async fn children_end_when_the_reading_is_dropped() {
    let bytes = form_bomb();
    let pid_file = tempfile::NamedTempFile::new().expect("a temporary file");
    let script = format!(
        "echo $$ > '{}'; exec '{}'",
        pid_file.path().display(),
        env!("CARGO_BIN_EXE_guetteur-read-child")
    );
    let child =
        ChildCommand { program: Some("/bin/sh".into()), args: vec!["-c".into(), script.into()] };
    let reading = try_read(&bytes, ReadOptions { child, ..options() });
    assert!(tokio::time::timeout(Duration::from_secs(1), reading).await.is_err(), "it hangs");
    let pid = std::fs::read_to_string(pid_file.path()).expect("the child has started");
    let stat = format!("/proc/{}/stat", pid.trim());
    let deadline = Instant::now() + Duration::from_secs(5);
    // Gone, or dead and not yet waited for.
    while std::fs::read_to_string(&stat).is_ok_and(|stat| !stat.contains(") Z ")) {
        assert!(Instant::now() < deadline, "the child still runs");
        tokio::task::yield_now().await;
    }
}
