//! Several pages in one tesseract: what becomes of them when it breaks, hangs or leaves some out.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use guetteur_model::{Method, Page};
use guetteur_read::judge::Why;
use guetteur_read::{Awaiting, ChildCommand, Limits, ReadOptions, Reader};
use guetteur_testkit::pdf::{Font, PageSpec, PdfBuilder, ScanOptions};
use tempfile::TempDir;

use crate::support::{on_disk, options};

const WORDS: [&str; 4] = ["premier", "deuxième", "troisième", "quatrième"];

/// A scan a word.
fn scans() -> Vec<u8> {
    let page = |word: &str| {
        let lines = ["Le préfet de la Drôme arrête :", "Article 1er : la présente est publiée."];
        PageSpec::a4()
            .text(70.0, 90.0, Font::Serif, 14.0, lines[0])
            .text(70.0, 130.0, Font::Serif, 14.0, lines[1])
            .text(70.0, 170.0, Font::Serif, 14.0, format!("Il est le {word} de la commune."))
    };
    let scan = |pdf: PdfBuilder, word: &&str| pdf.scanned(page(word), ScanOptions::default());
    WORDS.iter().fold(PdfBuilder::new(), scan).build()
}

/// A child that finds a tesseract whose rows go through this shell command.
struct Spoilt {
    folder: TempDir,
}

impl Spoilt {
    fn by(filter: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let real = std::env::split_paths(&std::env::var_os("PATH").expect("a path"))
            .map(|folder| folder.join("tesseract"))
            .find(|program| program.is_file())
            .expect("tesseract is installed");
        let real = real.display();
        let script = format!(
            "#!/bin/sh\ncase \"$1\" in --*) exec '{real}' \"$@\";; esac\n'{real}' \"$@\" | {filter}\n"
        );
        let program = folder.path().join("tesseract");
        std::fs::write(&program, script).expect("written");
        std::fs::set_permissions(&program, PermissionsExt::from_mode(0o755)).expect("a program");
        Self { folder }
    }

    fn options(&self) -> ReadOptions {
        let folder = self.folder.path().display();
        let child = Path::new(env!("CARGO_BIN_EXE_guetteur-read-child")).display();
        let script = format!("PATH='{folder}':\"$PATH\" exec '{child}'");
        let child = ChildCommand {
            program: Some("/bin/sh".into()),
            args: vec!["-c".into(), script.into()],
        };
        ReadOptions { child, jobs: 1, ..options() }
    }
}

/// All scans, put in at once, in the order of their numbers.
async fn recognise(options: ReadOptions) -> Vec<Page> {
    let file = on_disk(&scans());
    let mut recognition = Reader::new(options).recognise(file.path()).expect("a PDF");
    for number in 1..=4 {
        let page = Page { method: Method::Empty, ..Page::of_text(number, "") };
        recognition.push(Awaiting { page, why: Why::NoText });
    }
    let mut pages = Vec::new();
    while let Some((page, _)) = recognition.next().await.expect("a child") {
        pages.push(page);
    }
    pages.sort_by_key(|page| page.number);
    pages
}

fn assert_all_are_read(pages: &[Page]) {
    assert_eq!(pages.len(), WORDS.len());
    for (page, word) in pages.iter().zip(WORDS) {
        assert_eq!(page.method, Method::Ocr, "{page:?}");
        assert!(page.text.contains(word), "{word}: {}", page.text);
    }
}

#[tokio::test]
async fn pages_that_wait_share_a_process() {
    let marks = r#"awk -F'\t' -v OFS='\t' '$2 > 1 && $1 == 5 { $12 = "ensemble" } { print }'"#;
    let pages = recognise(Spoilt::by(marks).options()).await;
    let together = pages.iter().filter(|page| page.text.contains("ensemble")).count();
    assert_eq!(together, 3, "{pages:?}");
}

#[tokio::test]
async fn a_process_that_breaks_costs_no_page() {
    let breaks = r"awk -F'\t' '$2 + 0 > 1 { exit broken = 1 } { print } END { exit broken }'";
    assert_all_are_read(&recognise(Spoilt::by(breaks).options()).await);
}

#[tokio::test]
async fn a_page_that_is_left_out_is_read_alone() {
    let leaves_out = r"awk -F'\t' '$2 + 0 < 3 { print }'";
    assert_all_are_read(&recognise(Spoilt::by(leaves_out).options()).await);
}

#[tokio::test]
async fn a_page_that_hangs_costs_itself_and_not_those_beside_it() {
    let hangs =
        r"awk '/troisi/ { exit hung = 1 } { print } END { exit hung }' || exec tail -f /dev/null";
    let limits = Limits { ocr_page: Duration::from_secs(10), ..Limits::default() };
    let pages = recognise(ReadOptions { limits, ..Spoilt::by(hangs).options() }).await;
    assert_eq!(pages[2].method, Method::Failed);
    assert_eq!(pages[2].note.as_deref(), Some("page 3 : plus de 10 s"));
    for (page, word) in [(&pages[0], WORDS[0]), (&pages[1], WORDS[1]), (&pages[3], WORDS[3])] {
        assert_eq!(page.method, Method::Ocr, "{page:?}");
        assert!(page.text.contains(word), "{word}: {}", page.text);
    }
}
