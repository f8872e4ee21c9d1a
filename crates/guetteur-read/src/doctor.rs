//! Which programs the reader finds on this machine, and how far its kernel confines the child.

use std::process::{Command, Stdio};

use crate::child::confine;
use crate::ocr::{installed_languages, version};

/// One program, language file or ability of the system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tool {
    /// Its name.
    pub name: &'static str,
    /// Version, or « installé »; `None` if it is missing.
    pub found: Option<String>,
    /// What it is for, in French.
    pub needed_for: &'static str,
    /// Whether reading scans is impossible without it.
    pub required: bool,
    /// How to install it.
    pub install: &'static str,
}

/// Looks for the programs that the reader calls.
#[must_use]
pub fn doctor() -> Vec<Tool> {
    let languages = installed_languages();
    let language = |code: &str| languages.iter().any(|l| l == code).then(|| "installé".to_owned());
    vec![
        Tool {
            name: "tesseract",
            found: version(),
            needed_for: "lire les pages numérisées (OCR)",
            required: true,
            install: "apt install tesseract-ocr",
        },
        Tool {
            name: "tesseract fra",
            found: language("fra"),
            needed_for: "l'OCR du français",
            required: true,
            install: "apt install tesseract-ocr-fra",
        },
        Tool {
            name: "tesseract osd",
            found: language("osd"),
            needed_for: "les pages numérisées de travers",
            required: false,
            install: "apt install tesseract-ocr-osd",
        },
        Tool {
            name: "pdftotext",
            found: pdftotext_version(),
            needed_for: "les PDF que le premier moteur lit mal",
            required: false,
            install: "apt install poppler-utils",
        },
        confinement(),
    ]
}

fn confinement() -> Tool {
    let gaps = confine::probe();
    Tool {
        name: "confinement",
        found: gaps.sentence().is_none().then(|| "ni écriture ni réseau".to_owned()),
        needed_for: "interdire l'écriture et le réseau au processus qui lit les PDF",
        required: false,
        install: "un noyau Linux 5.13 ou plus récent, avec Landlock et seccomp",
    }
}

fn pdftotext_version() -> Option<String> {
    let output = Command::new("pdftotext").arg("-v").stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    text.lines().next().map(|line| line.trim_start_matches("pdftotext version ").to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tool_says_what_it_is_for_and_how_to_get_it() {
        let tools = doctor();
        assert!(tools.iter().any(|t| t.name == "tesseract" && t.required));
        let words = |t: &Tool| t.install.starts_with("apt install") || t.name == "confinement";
        assert!(tools.iter().all(words));
    }
}
