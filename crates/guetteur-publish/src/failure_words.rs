//! Failures in French: what each kind says, with its detail.

use chrono::{DateTime, Utc};
use guetteur_model::{Failure, FailureKind, LeftOutReason};
use guetteur_store::{SourceFailure, SourceStatus};

use crate::french;

/// One sentence without capital and full stop: « introuvable (404) ».
#[must_use]
pub fn sentence(failure: &Failure) -> String {
    let detail = failure.detail.trim();
    let with = |words: &str| match detail {
        "" => words.to_owned(),
        detail => format!("{words} ({detail})"),
    };
    let until = |words: &str| match detail.parse::<DateTime<Utc>>() {
        Ok(at) => format!("{words} : prochain essai le {}", french::instant(at)),
        Err(_) => words.to_owned(),
    };
    match failure.kind {
        FailureKind::Refused => with("le site refuse la requête"),
        FailureKind::Challenge => {
            with("le site refuse nos requêtes et montre à la place une vérification")
        }
        FailureKind::Robots => "le robots.txt du site interdit cette adresse".to_owned(),
        FailureKind::Resting => until("le site refuse nos requêtes"),
        FailureKind::Unanswered => until("le site ne répond plus"),
        FailureKind::Closed => until("hors des heures permises"),
        FailureKind::SiteDown => with("le site est en panne"),
        FailureKind::UnknownName => "le nom du site ne mène nulle part".to_owned(),
        FailureKind::Unreachable => with("connexion impossible"),
        FailureKind::Insecure => with("connexion chiffrée impossible"),
        FailureKind::CutShort => "réponse interrompue avant sa fin".to_owned(),
        FailureKind::TimedOut => "pas de réponse à temps".to_owned(),
        FailureKind::NotFound => with("introuvable"),
        FailureKind::Astray if detail.is_empty() => "redirections sans fin".to_owned(),
        FailureKind::Astray => format!("redirection hors du site, vers {detail}"),
        FailureKind::WrongContent => format!("ce n'est pas un PDF, mais {}", content(detail)),
        FailureKind::UnexpectedStatus => with("réponse inattendue"),
        FailureKind::Empty => empty(detail),
        FailureKind::NoDocument => "page d'un recueil sans document".to_owned(),
        FailureKind::Shrunk => shrunk(detail),
        FailureKind::TooLarge => format!("plus gros que la limite de {detail} octets"),
        FailureKind::TooMany => format!("parcours arrêté après {detail} requêtes"),
        FailureKind::Budget => {
            format!("{detail} pages à reconnaître demain : budget du jour épuisé")
        }
        FailureKind::Inward => {
            "adresse qui ne se demande pas : locale, numérique, ou ni http ni https".to_owned()
        }
        FailureKind::Password => "PDF protégé par un mot de passe".to_owned(),
        FailureKind::Unreadable => with("PDF illisible"),
        FailureKind::Interrupted => "interrompu avant la fin".to_owned(),
        FailureKind::Machine => with("difficulté de notre machine"),
        FailureKind::Other if detail.is_empty() => "erreur interne".to_owned(),
        FailureKind::Other => detail.to_owned(),
    }
}

/// For readers of the site: a sentence that begins with a capital and names no technical cause.
#[must_use]
pub fn plain(failure: &Failure) -> String {
    use FailureKind::{Insecure, Machine, Other, Unreachable, Unreadable};
    let told = match failure.kind {
        Other => "erreur technique, notée dans le journal".to_owned(),
        Insecure | Machine | Unreachable | Unreadable => sentence(&failure.kind.into()),
        _ => sentence(failure),
    };
    french::capitalised(&told)
}

/// Why a source could not be read: the page, what happened there, and how many pages failed.
#[must_use]
pub fn of_source(failed: &SourceFailure) -> String {
    let SourceFailure { failure, url, pages } = failed;
    let said = match failure.kind {
        FailureKind::WrongContent => format!("{} au lieu d'une page", content(&failure.detail)),
        _ => sentence(failure),
    };
    let more = match pages {
        0 | 1 => String::new(),
        2 => " ; et une autre page".to_owned(),
        pages => format!(" ; et {} autres pages", pages - 1),
    };
    match url {
        Some(url) => format!("{url} : {said}{more}"),
        None => format!("{said}{more}"),
    }
}

/// A site without a bulletin that can be read; `detail` is how many it has in other formats.
fn empty(detail: &str) -> String {
    match detail.parse() {
        Ok(unread) => format!(
            "aucun recueil lisible trouvé, mais {} sous une forme que Guetteur ne lit pas",
            french::count(unread, "recueil", "recueils")
        ),
        Err(_) => "aucun recueil trouvé".to_owned(),
    }
}

/// Why a document that a site lists is no bulletin.
#[must_use]
pub fn left_out(reason: LeftOutReason) -> &'static str {
    match reason {
        LeftOutReason::PrintOfPage => "impression de la page elle-même",
        LeftOutReason::OtherDocument => {
            "autre document d’après son titre (guide, rapport, formulaire…)"
        }
        LeftOutReason::SingleAct => "acte isolé, hors des pages de recueils",
        LeftOutReason::Contents => "sommaire d’un recueil publié à côté",
        LeftOutReason::Unnamed => "rien ne le désigne comme un recueil",
        LeftOutReason::OtherFormat => {
            "publié sous une forme que Guetteur ne lit pas (.zip, .docx, .odt…) : à lire sur le site"
        }
    }
}

/// The state of a source, in French.
#[must_use]
pub fn status(status: SourceStatus) -> &'static str {
    match status {
        SourceStatus::Ok => "à jour",
        SourceStatus::Late => "pas relue récemment",
        SourceStatus::Silent => "silencieuse",
        SourceStatus::Blocked => "lecture refusée",
        SourceStatus::Broken => "en échec",
        SourceStatus::Never => "pas regardée",
    }
}

/// `3/20`: what is left of what was there.
fn shrunk(detail: &str) -> String {
    match detail.split_once('/') {
        Some(("0", held)) => format!("plus aucun recueil, alors que le site en montrait {held}"),
        Some((left, held)) => format!("des {held} recueils d'avant, il n'en reste que {left}"),
        None => "bien moins de recueils qu'avant".to_owned(),
    }
}

/// What a media type is in words.
fn content(media_type: &str) -> String {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    let words = match essence {
        "text/html" | "application/xhtml+xml" => "une page HTML",
        "application/pdf" => "un PDF",
        "image/jpeg" => "une image JPEG",
        "image/png" => "une image PNG",
        "image/tiff" => "une image TIFF",
        "image/*" => "une image",
        "application/zip" => "une archive ZIP (ou un fichier OpenDocument ou Word)",
        "application/msword" => "un fichier Microsoft Office ancien",
        "application/rtf" => "un fichier RTF",
        "application/xml" | "text/xml" => "un fichier XML",
        "application/x-zeros" => "une suite d'octets nuls",
        "inode/x-empty" => "un fichier vide",
        "" | "application/octet-stream" => "un contenu inconnu",
        other => return format!("un contenu de type {other}"),
    };
    words.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(kind: FailureKind, detail: &str) -> String {
        sentence(&Failure::new(kind, detail))
    }

    #[test]
    fn each_kind_is_said_with_and_without_detail() {
        for kind in FailureKind::ALL {
            for detail in ["", "x"] {
                let words = said(kind, detail);
                assert!(!words.contains("()") && !words.contains('_'), "{words}");
            }
            let readers = plain(&Failure::new(kind, "os error 111"));
            assert!(readers.starts_with(char::is_uppercase), "{readers}");
        }
    }

    #[test]
    fn details_are_told_in_words() {
        let cases = [
            (
                FailureKind::Empty,
                "2",
                "aucun recueil lisible trouvé, mais 2\u{a0}recueils sous une forme que Guetteur ne lit pas",
            ),
            (FailureKind::NotFound, "404", "introuvable (404)"),
            (
                FailureKind::WrongContent,
                "text/html; charset=utf-8",
                "ce n'est pas un PDF, mais une page HTML",
            ),
            (
                FailureKind::WrongContent,
                "video/mp4",
                "ce n'est pas un PDF, mais un contenu de type video/mp4",
            ),
            (FailureKind::Shrunk, "0/12", "plus aucun recueil, alors que le site en montrait 12"),
            (FailureKind::Shrunk, "3/20", "des 20 recueils d'avant, il n'en reste que 3"),
            (FailureKind::Astray, "", "redirections sans fin"),
            (FailureKind::Other, "mot d'une version ancienne", "mot d'une version ancienne"),
        ];
        for (kind, detail, expected) in cases {
            assert_eq!(said(kind, detail), expected);
        }
        let resting = said(FailureKind::Resting, "2026-08-14T12:30:00Z");
        assert!(resting.contains("14 août 2026") && resting.ends_with("30"), "{resting}");
    }

    #[test]
    fn readers_hear_no_library_speak() {
        let refused = Failure::new(FailureKind::Unreachable, "Connection refused (os error 111)");
        assert_eq!(plain(&refused), "Connexion impossible");
        assert_eq!(plain(&Failure::of_status(403)), "Le site refuse la requête (403)");
    }

    #[test]
    fn the_page_is_named_once() {
        let failed = |pages| SourceFailure {
            failure: Failure::of_status(404),
            url: Some("https://a.fr/raa".to_owned()),
            pages,
        };
        assert_eq!(of_source(&failed(1)), "https://a.fr/raa : introuvable (404)");
        assert_eq!(
            of_source(&failed(3)),
            "https://a.fr/raa : introuvable (404) ; et 2 autres pages"
        );
    }
}
