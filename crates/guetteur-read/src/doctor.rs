//! Which programs the reader finds on this machine, and how far its kernel confines the child.

use std::process::{Command, Stdio};

use crate::child::confine;
use crate::ocr::{installed_languages, version};

/// One program, language file or ability of the system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// Version, or « installé »; `None` if it is missing.
    pub found: Option<String>,
    /// What it is for, in French.
    pub needed_for: String,
    /// Whether reading scans is impossible without it.
    pub required: bool,
    /// How to install it.
    pub install: String,
}

/// Looks for the programs that the reader calls, and for the files of the OCR's `languages`
/// (joined by `+`, as in [`crate::ReadOptions::ocr_languages`]).
#[must_use]
pub fn doctor(languages: &str) -> Vec<Tool> {
    let installed = installed_languages();
    let found = |code: &str| installed.iter().any(|l| l == code).then(|| "installé".to_owned());
    let package = |package: &str| format!("apt install {package}");
    let mut tools = vec![Tool {
        name: "tesseract".to_owned(),
        found: version(),
        needed_for: "lire les pages numérisées (OCR)".to_owned(),
        required: true,
        install: package("tesseract-ocr"),
    }];
    tools.extend(languages.split('+').filter(|code| !code.is_empty()).map(|code| Tool {
        name: format!("tesseract {code}"),
        found: found(code),
        needed_for: format!("l'OCR dans la langue {code} (read.languages)"),
        required: true,
        install: package(&format!("tesseract-ocr-{}", code.replace('_', "-"))),
    }));
    tools.extend([
        Tool {
            name: "tesseract osd".to_owned(),
            found: found("osd"),
            needed_for: "les pages numérisées de travers".to_owned(),
            required: false,
            install: package("tesseract-ocr-osd"),
        },
        Tool {
            name: "pdftotext".to_owned(),
            found: pdftotext_version(),
            needed_for: "les PDF que le premier moteur lit mal".to_owned(),
            required: false,
            install: package("poppler-utils"),
        },
        confinement(),
    ]);
    tools
}

fn confinement() -> Tool {
    let gaps = confine::probe();
    Tool {
        name: "confinement".to_owned(),
        found: gaps.sentence().is_none().then(|| "ni écriture ni réseau".to_owned()),
        needed_for: "interdire l'écriture et le réseau au processus qui lit les PDF".to_owned(),
        required: false,
        install: "un noyau Linux 5.13 ou plus récent, avec Landlock et seccomp".to_owned(),
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
        let tools = doctor("fra+tlh");
        assert!(tools.iter().any(|t| t.name == "tesseract" && t.required));
        let words = |t: &Tool| t.install.starts_with("apt install") || t.name == "confinement";
        assert!(tools.iter().all(words));
        let klingon = tools.iter().find(|t| t.name == "tesseract tlh").expect("asked for");
        assert_eq!((klingon.found.as_deref(), klingon.required), (None, true));
        assert_eq!(klingon.install, "apt install tesseract-ocr-tlh");
    }
}
