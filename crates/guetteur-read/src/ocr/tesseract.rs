//! The program `tesseract`: pictures on its standard input, words with places on its output.

use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::process::{Command, Stdio};

use super::tiff::Tiff;
use super::tsv::{self, OcrLine};

/// What to do where the program is missing.
pub(crate) const MISSING: &str = "OCR impossible : tesseract n'est pas installé ; \
     installez-le : apt install tesseract-ocr tesseract-ocr-fra tesseract-ocr-osd";

/// How the page is cut before its lines are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Segmentation {
    /// `--psm 3`: columns are found, the page is upright.
    Upright,
    /// `--psm 1`: the same after finding the orientation; needs the language file `osd`.
    FindOrientation,
}

/// Recognises pictures, one after the other in one process, and tells the lines of each with its
/// number (from 0) as soon as they are there. The error is in plain French words; pictures that were
/// told before it stand.
pub(super) fn run(
    pictures: &Tiff,
    languages: &str,
    segmentation: Segmentation,
    mut tell: impl FnMut(usize, Vec<OcrLine>),
) -> Result<(), String> {
    let psm = match segmentation {
        Segmentation::Upright => "3",
        Segmentation::FindOrientation => "1",
    };
    let mut child = Command::new("tesseract")
        .args(["stdin", "stdout", "-l", languages, "--psm", psm])
        .args(["-c", "tessedit_create_tsv=1"])
        // With its own threads tesseract is ten times slower as soon as two run side by side.
        .env("OMP_THREAD_LIMIT", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|e| match e.kind() {
            ErrorKind::NotFound => MISSING.to_owned(),
            _ => format!("OCR impossible : tesseract : {e}"),
        })?;
    // Tesseract reads all pictures before it writes, so that this cannot block.
    if let Some(mut stdin) = child.stdin.take() {
        // If it stopped before, its status tells.
        let _ = stdin.write_all(pictures.bytes());
    }
    let mut rows = child.stdout.take().map(BufReader::new);
    let mut pages = tsv::Pages::default();
    let mut row = Vec::new();
    while let Some(rows) = &mut rows {
        row.clear();
        // An output that breaks off ends as one that ends: its status tells.
        if rows.read_until(b'\n', &mut row).unwrap_or(0) == 0 {
            break;
        }
        if let Some((page, lines)) = pages.take(&String::from_utf8_lossy(&row)) {
            tell(page, lines);
        }
    }
    let status = child.wait().map_err(|e| format!("tesseract : {e}"))?;
    if !status.success() {
        return Err(format!("tesseract a échoué ({status})"));
    }
    if let Some((page, lines)) = pages.last() {
        tell(page, lines);
    }
    Ok(())
}

/// The languages whose files are installed; empty if the program is missing.
pub(crate) fn installed_languages() -> Vec<String> {
    let output = Command::new("tesseract").arg("--list-langs").stdin(Stdio::null()).output();
    output.map_or_else(
        |_| Vec::new(),
        |output| {
            String::from_utf8_lossy(&output.stdout).lines().skip(1).map(str::to_owned).collect()
        },
    )
}

/// The program's version, if it is installed.
pub(crate) fn version() -> Option<String> {
    let output = Command::new("tesseract").arg("--version").stdin(Stdio::null()).output().ok()?;
    // Version 4 wrote it to the error output.
    let text = if output.stdout.is_empty() { output.stderr } else { output.stdout };
    let text = String::from_utf8_lossy(&text).into_owned();
    text.lines().next().map(|line| line.trim_start_matches("tesseract ").to_owned())
}
