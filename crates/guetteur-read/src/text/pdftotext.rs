//! The second engine: poppler's `pdftotext`, if it is installed.

use std::path::Path;
use std::process::{Command, Stdio};

use super::{FileFacts, OpenError, PageText, Pages, TextEngine};

/// A file that `pdftotext` can open.
pub(super) struct PdftotextEngine {
    pages: Vec<String>,
}

impl PdftotextEngine {
    /// Runs the program over the whole file; pages are separated by form feeds.
    pub(super) fn open(file: &Path) -> Result<Self, OpenError> {
        let text = run(file, &[])?;
        let mut pages: Vec<String> = text.split('\u{C}').map(str::to_owned).collect();
        pages.pop_if(|last| last.trim().is_empty());
        if pages.is_empty() {
            return Err(OpenError::Invalid("aucune page".to_owned()));
        }
        Ok(Self { pages })
    }
}

impl TextEngine for PdftotextEngine {
    fn name(&self) -> &'static str {
        "pdftotext"
    }

    fn facts(&self) -> FileFacts {
        let pages = u32::try_from(self.pages.len()).unwrap_or(u32::MAX);
        FileFacts { pages, ..FileFacts::default() }
    }

    fn pages(&self) -> Pages<'_> {
        Box::new(|number| PageText::nth_plain(&self.pages, number))
    }
}

/// The text of one page as plain lines, where another engine's is bad.
pub(super) fn one_page(file: &Path, number: u32) -> Option<PageText> {
    let number = number.to_string();
    let text = run(file, &["-f", &number, "-l", &number]).ok()?;
    Some(PageText::from_plain(&text))
}

fn run(file: &Path, args: &[&str]) -> Result<String, OpenError> {
    let invalid = |why: &str| OpenError::Invalid(format!("pdftotext : {why}"));
    let output = Command::new("pdftotext")
        .args(["-enc", "UTF-8", "-q"])
        .args(args)
        .arg(file)
        .arg("-")
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .map_err(|e| invalid(&e.to_string()))?;
    if output.stdout.is_empty() || output.status.code().is_none() {
        return Err(invalid("rien à lire"));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
