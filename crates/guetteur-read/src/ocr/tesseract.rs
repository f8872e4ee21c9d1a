//! The program `tesseract`: a picture on its standard input, words with places on its output.

use std::io::{ErrorKind, Write};
use std::process::{Command, Stdio};

use super::tsv::{self, OcrLine};
use crate::render::Picture;

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

/// Recognises a picture. The error is in plain French words.
pub(super) fn run(
    picture: &Picture,
    languages: &str,
    segmentation: Segmentation,
) -> Result<Vec<OcrLine>, String> {
    let psm = match segmentation {
        Segmentation::Upright => "3",
        Segmentation::FindOrientation => "1",
    };
    let png = picture.png().map_err(|e| format!("image pour l'OCR : {e}"))?;
    let mut child = Command::new("tesseract")
        .args(["stdin", "stdout", "-l", languages, "--psm", psm])
        .args(["--dpi", &picture.dpi().to_string(), "-c", "tessedit_create_tsv=1"])
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
    // Tesseract reads the whole picture before it writes, so that this cannot block.
    if let Some(mut stdin) = child.stdin.take() {
        // If it stopped before, its status tells.
        let _ = stdin.write_all(&png);
    }
    let output = child.wait_with_output().map_err(|e| format!("tesseract : {e}"))?;
    if !output.status.success() {
        return Err(format!("tesseract a échoué ({})", output.status));
    }
    Ok(tsv::parse(&String::from_utf8_lossy(&output.stdout)))
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
