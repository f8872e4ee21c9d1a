//! What to do about a file that cannot be read.

use guetteur_read::ReadError;

/// The error with what to do, where something can be done.
pub(in crate::cli) fn told(error: &ReadError) -> String {
    match advice(error) {
        Some(advice) => format!("{error} ; {advice}"),
        None => error.to_string(),
    }
}

fn advice(error: &ReadError) -> Option<&'static str> {
    match error {
        ReadError::Empty { .. } | ReadError::NotPdf { .. } => {
            Some("télécharger le fichier de nouveau")
        }
        ReadError::Password { .. } => {
            Some("l'enregistrer sans mot de passe (qpdf --password=… --decrypt) puis le relire")
        }
        ReadError::Unreadable { .. } => {
            Some("le télécharger de nouveau, ou le réparer (qpdf, mutool clean)")
        }
        ReadError::TooBig { .. } => Some("le couper en plusieurs fichiers (qpdf --split-pages)"),
        ReadError::Child { .. } => Some("réinstaller guetteur, ou libérer de la mémoire"),
        ReadError::Open { .. } | ReadError::Page { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    #[test]
    fn an_error_says_what_to_do() {
        let path = || PathBuf::from("a.pdf");
        let cases = [
            (ReadError::Empty { path: path() }, "de nouveau"),
            (ReadError::NotPdf { path: path(), what: "une page HTML" }, "de nouveau"),
            (ReadError::Password { path: path() }, "qpdf"),
            (ReadError::Unreadable { path: path(), why: "cassé".to_owned() }, "réparer"),
            (ReadError::TooBig { path: path(), bytes: 2, limit: 1 }, "couper"),
        ];
        for (error, advice) in cases {
            let told = told(&error);
            assert!(told.starts_with("a.pdf : ") && told.contains(advice), "{told}");
        }
    }
}
