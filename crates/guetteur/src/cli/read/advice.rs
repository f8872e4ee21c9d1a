//! What to do about a file that cannot be read.

use std::io::ErrorKind;
use std::path::Path;

use guetteur_publish::failure_words;
use guetteur_read::ReadError;

/// The error with the file, and with what to do where something can be done.
pub(in crate::cli) fn told(file: &Path, error: &ReadError) -> String {
    let why = match error {
        ReadError::Open(source) => format!("fichier illisible : {}", in_french(source)),
        error => failure_words::sentence(&error.failure()),
    };
    let advice = advice(error).map(|advice| format!(" ; {advice}")).unwrap_or_default();
    format!("{} : {why}{advice}", file.display())
}

fn in_french(error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "il n'existe pas".to_owned(),
        ErrorKind::PermissionDenied => "droit de lecture refusé".to_owned(),
        ErrorKind::IsADirectory => "c'est un dossier".to_owned(),
        _ => error.to_string(),
    }
}

fn advice(error: &ReadError) -> Option<&'static str> {
    match error {
        ReadError::Empty | ReadError::NotPdf { .. } => Some("télécharger le fichier de nouveau"),
        ReadError::Password => {
            Some("l'enregistrer sans mot de passe (qpdf --password=… --decrypt) puis le relire")
        }
        ReadError::Unreadable { .. } => {
            Some("le télécharger de nouveau, ou le réparer (qpdf, mutool clean)")
        }
        ReadError::TooBig { .. } => Some("le couper en plusieurs fichiers (qpdf --split-pages)"),
        ReadError::Child { .. } => Some("réinstaller guetteur, ou libérer de la mémoire"),
        ReadError::Open(_) | ReadError::Page { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_what_to_do() {
        let cases = [
            (ReadError::Empty, "de nouveau"),
            (ReadError::NotPdf { media_type: "text/html" }, "une page HTML"),
            (ReadError::NotPdf { media_type: "text/html" }, "de nouveau"),
            (ReadError::Password, "qpdf"),
            (ReadError::Unreadable { why: "cassé".to_owned() }, "réparer"),
            (ReadError::TooBig { bytes: 2, limit: 1 }, "couper"),
            (ReadError::Open(ErrorKind::NotFound.into()), "il n'existe pas"),
        ];
        for (error, advice) in cases {
            let told = told(Path::new("a.pdf"), &error);
            assert!(told.starts_with("a.pdf : ") && told.contains(advice), "{told}");
        }
    }
}
