//! Files that are not what they say: each gets its status in plain words.

use guetteur_model::Method;
use guetteur_read::{Limits, OcrMode, ReadError, ReadOptions};
use guetteur_testkit::pdf::{PdfBuilder, not_a_pdf, truncated};
use lopdf::encryption::{EncryptionState, EncryptionVersion, Permissions};
use lopdf::{Dictionary, Document, Object, StringFormat, dictionary};
use proptest::prelude::*;

use crate::support::{PROSE, act, options, read, recall, try_read};

fn small() -> Vec<u8> {
    PdfBuilder::new().pages(act(8)).build()
}

async fn refusal(bytes: &[u8]) -> ReadError {
    match try_read(bytes, options()).await {
        Ok(reading) => panic!("read: {:?}", reading.report),
        Err(error) => error,
    }
}

#[tokio::test]
async fn what_is_no_pdf_is_named() {
    assert!(matches!(refusal(b"").await, ReadError::Empty));
    let html = refusal(&not_a_pdf()).await;
    assert!(html.to_string().contains("text/html"), "{html}");
    assert!(html.is_permanent());
    let zeros = refusal(&vec![0; 100_000]).await;
    assert!(zeros.to_string().contains("x-zeros"), "{zeros}");
    assert!(matches!(refusal(b"\xFF\xD8\xFF\xE0").await, ReadError::NotPdf { .. }));
    let hollow = refusal(b"%PDF-1.7\nnothing to see here\n%%EOF").await;
    assert!(matches!(hollow, ReadError::Unreadable { .. }), "{hollow}");
    let missing = guetteur_read::Reader::new(options())
        .read(std::path::Path::new("absent.pdf"), |_| {})
        .await
        .unwrap_err();
    assert!(matches!(missing, ReadError::Open { .. }) && !missing.is_permanent(), "{missing}");
}

#[tokio::test]
async fn a_file_says_when_it_was_made() {
    let at = "2026-08-13T17:02:00".parse().expect("a time");
    let made = PdfBuilder::new().pages(act(1)).made(at).build();
    let times = read(&made, options()).await.report.times;
    let told = times.created.map(|time| time.to_string());
    assert_eq!(told.as_deref(), Some("2026-08-13T17:02:00+02:00"));
    assert_eq!(times.modified, times.created);
    assert_eq!(read(&small(), options()).await.report.times, guetteur_model::FileTimes::default());
}

#[tokio::test]
async fn a_file_above_the_limit_is_not_opened() {
    let limits = Limits { file_bytes: 1_000, ..Limits::default() };
    let error = try_read(&small(), ReadOptions { limits, ..options() }).await.err().unwrap();
    assert!(matches!(error, ReadError::TooBig { limit: 1_000, .. }), "{error}");
}

#[tokio::test]
async fn a_truncated_file_is_read_as_far_as_it_goes_and_said_so() {
    let reading = read(&truncated(&small(), 80), options()).await;
    assert!(reading.report.partial);
    assert!(reading.report.notes.iter().any(|n| n.contains("tronqué")), "{:?}", reading.report);
    assert!(recall(PROSE, &reading.pages[0].text) > 0.99, "{}", reading.pages[0].text);
}

#[tokio::test]
async fn pages_above_the_limit_are_left_out_and_said_so() {
    let limits = Limits { pages: 1, ..Limits::default() };
    let reading = read(&small(), ReadOptions { limits, ..options() }).await;
    assert_eq!(reading.pages.len(), 1);
    assert!(reading.report.partial && reading.report.pages > 1, "{:?}", reading.report);
}

fn encrypted(user_password: &str) -> Vec<u8> {
    let mut document = Document::load_mem(&small()).expect("loads");
    let id = Object::String(b"0123456789abcdef".to_vec(), StringFormat::Hexadecimal);
    document.trailer.set("ID", vec![id.clone(), id]);
    let state = EncryptionState::try_from(EncryptionVersion::V2 {
        document: &document,
        owner_password: "propriétaire",
        user_password,
        key_length: 128,
        permissions: Permissions::all(),
    })
    .expect("encryptable");
    document.encrypt(&state).expect("encrypts");
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).expect("saves");
    bytes
}

#[tokio::test]
async fn a_password_is_said_and_an_empty_one_is_no_obstacle() {
    let error = refusal(&encrypted("secret")).await;
    assert!(matches!(error, ReadError::Password), "{error}");
    let reading = read(&encrypted(""), options()).await;
    assert!(reading.report.encrypted);
    assert!(recall(PROSE, &reading.pages[0].text) > 0.99, "{}", reading.pages[0].text);
}

#[tokio::test]
async fn portfolios_and_forms_are_reported() {
    let mut document = Document::load_mem(&small()).expect("loads");
    let file = document.add_object(dictionary! { "Type" => "Filespec" });
    let names = vec![Object::string_literal("annexe.pdf"), Object::Reference(file)];
    let catalog = document.catalog_mut().expect("a catalog");
    catalog.set("Names", dictionary! { "EmbeddedFiles" => dictionary! { "Names" => names } });
    catalog.set("AcroForm", dictionary! { "XFA" => Dictionary::new() });
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).expect("saves");
    let report = read(&bytes, options()).await.report;
    assert_eq!((report.embedded_files, report.xfa), (1, true));
    assert!(report.notes.iter().any(|n| n.contains("joint")), "{:?}", report.notes);
}

#[tokio::test]
async fn a_child_that_cannot_be_started_is_not_the_files_fault() {
    let child = guetteur_read::ChildCommand::program("/nonexistent/guetteur");
    let error = try_read(&small(), ReadOptions { child, ..options() }).await.err().unwrap();
    assert!(matches!(error, ReadError::Child { .. }) && !error.is_permanent(), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    /// Whatever the bytes, the parent gets pages in order or an error in words.
    #[test]
    fn mutated_files_never_harm_the_parent(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..60),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let mut bytes = small();
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let options = ReadOptions { ocr: OcrMode::Never, ..options() };
        match runtime.block_on(try_read(&bytes, options)) {
            Ok(reading) => {
                prop_assert_eq!(reading.pages.len(), reading.report.pages as usize);
                for page in &reading.pages {
                    prop_assert!(page.method != Method::Failed || page.note.is_some());
                }
            }
            Err(error) => prop_assert!(error.is_permanent(), "{}", error),
        }
    }
}
