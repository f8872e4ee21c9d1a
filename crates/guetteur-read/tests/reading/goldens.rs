//! The reading order of each page in `fixtures/reading`.

use std::path::Path;

use guetteur_testkit::pdf::{PageSpec, PdfBuilder};

use crate::support::{options, read};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/reading");

#[tokio::test]
async fn pages_are_read_in_the_order_that_their_goldens_tell() {
    let mut cases: Vec<_> = std::fs::read_dir(FOLDER)
        .expect("the folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_dir())
        .collect();
    cases.sort();
    assert!(!cases.is_empty());
    let describe = |case: &Path| {
        let text = std::fs::read_to_string(case.join("page.toml")).expect("page.toml");
        PageSpec::from_toml(&text).unwrap_or_else(|error| panic!("{}: {error}", case.display()))
    };
    // One file for all: a page a case.
    let builder = PdfBuilder::new().pages(cases.iter().map(|case| describe(case)));
    let reading = read(&builder.build(), options()).await;
    let mut different = Vec::new();
    for (case, page) in cases.iter().zip(&reading.pages) {
        let golden = case.join("expected.txt");
        let given = format!("{}\n", page.text);
        if std::fs::read_to_string(&golden).is_ok_and(|expected| expected == given) {
            continue;
        }
        if std::env::var("GUETTEUR_GOLDEN").is_ok_and(|mode| mode == "write") {
            std::fs::write(&golden, &given).expect("written");
        }
        different.push(format!("== {}\n{given}", case.display()));
    }
    assert!(different.is_empty(), "read the difference:\n{}", different.join("\n"));
}
