//! Errors in French. Libraries tell what went wrong as types, in English; here it is said to people.

use std::error::Error;
use std::path::Path;

use guetteur_archive::{ArchiveError, StoreTrouble, UnprovenPdf};
use guetteur_fetch::{BrowserError, FetchError};
use guetteur_publish::failure_words;
use guetteur_search::SearchError;
use guetteur_sources::SourcesError;
use guetteur_store::{BackupTrouble, DatabaseTrouble, MigrationTrouble, StoreError};

/// An error with its causes, in one line. What a library said of itself is said in French, and its own
/// causes with it.
#[must_use]
pub fn in_french(error: &anyhow::Error) -> String {
    let mut told = Vec::new();
    for cause in error.chain() {
        if let Some(words) = of_library(cause) {
            told.push(words);
            break;
        }
        told.push(cause.to_string());
    }
    told.join(" : ")
}

fn of_library(cause: &(dyn Error + 'static)) -> Option<String> {
    if let Some(error) = cause.downcast_ref::<SourcesError>() {
        return Some(sources(error));
    }
    if let Some(error) = cause.downcast_ref::<StoreError>() {
        return Some(store(error));
    }
    if let Some(error) = cause.downcast_ref::<SearchError>() {
        return Some(search(error));
    }
    if let Some(error) = cause.downcast_ref::<ArchiveError>() {
        return Some(archive(error));
    }
    if let Some(error) = cause.downcast_ref::<UnprovenPdf>() {
        return Some(unproven(error));
    }
    if let Some(error) = cause.downcast_ref::<BrowserError>() {
        return Some(browser(error));
    }
    cause.downcast_ref::<FetchError>().map(fetch)
}

fn sources(error: &SourcesError) -> String {
    match error {
        SourcesError::ReadRegistry { file, source } => format!(
            "registre des sources {file} illisible ({source}) : vérifiez le chemin et les droits"
        ),
        SourcesError::ParseRegistry { file, source } => {
            format!("registre des sources {file} incorrect : {source}")
        }
        SourcesError::BadEntry { file, code, why } => {
            format!("registre des sources {file}, entrée {code} incorrecte : {why}")
        }
        SourcesError::UnknownCode { code, nearest } => format!(
            "aucune source n'a le code {code} ; vouliez-vous dire {nearest} ? \
             (« guetteur sources » les liste toutes)"
        ),
        SourcesError::BadRoot { code, root, why } => {
            format!("source {code} : sa racine {root} n'est pas une adresse ({why})")
        }
    }
}

fn store(error: &StoreError) -> String {
    let advice = error.trouble().map(|trouble| format!(" ; {}", advice(trouble)));
    let advice = advice.unwrap_or_default();
    match error {
        StoreError::Address { given, reason } => format!(
            "« {given} » n'est pas l'adresse d'une base ({reason}) : donnez un chemin, \
             sqlite:CHEMIN ou postgres://utilisateur@hôte/base"
        ),
        StoreError::Open { location, reason, trouble: Some(_) } => {
            format!("la base {location} ne s'ouvre pas ({reason}){advice}")
        }
        StoreError::Open { location, reason, trouble: None } if location.contains("://") => {
            format!(
                "la base {location} ne s'ouvre pas ({reason}) ; vérifiez que PostgreSQL répond à cette \
             adresse"
            )
        }
        StoreError::Open { location, reason, trouble: None } => format!(
            "la base {location} ne s'ouvre pas ({reason}) ; vérifiez que le dossier existe et que \
             cet utilisateur peut y écrire"
        ),
        StoreError::Migrate { location, trouble } => {
            format!("la base {location} n'a pas pu être mise à jour : {}", migration(trouble))
        }
        StoreError::Query { doing, source } => {
            format!("échec dans la base ({doing} : {source}){advice}")
        }
        StoreError::Inconsistent { column, value, reason } => {
            format!("la base contient « {value} » dans {column}, qui n'est pas valable ({reason})")
        }
        StoreError::Json { what, source } => format!("{what} ne s'écrit pas en JSON ({source})"),
        StoreError::LeaseLost { bulletin, .. } => {
            format!("le recueil {bulletin} a été repris par un autre processus")
        }
        StoreError::WrongStage { bulletin, stage, reason } => {
            format!("le recueil {bulletin} ne peut passer à l'étape {stage} ({reason})")
        }
        StoreError::Move { reason } => format!("la base n'a pas pu être déplacée : {reason}"),
        StoreError::Damaged { location, said } => {
            format!("la base {location} est endommagée ({said}) : prenez une sauvegarde antérieure")
        }
        StoreError::Backup { path, trouble } => {
            format!("la copie vers {} a échoué : {}", path.display(), backup(path, trouble))
        }
    }
}

fn migration(trouble: &MigrationTrouble) -> String {
    match trouble {
        MigrationTrouble::Newer(version) => format!(
            "elle contient la migration {version}, que ce programme ne connaît pas : un Guetteur \
             plus récent s'en est servi ; mettez le programme à jour, ou rendez la sauvegarde faite \
             avant la mise à jour"
        ),
        MigrationTrouble::Edited(version) => format!(
            "la migration {version} n'est pas celle qui a été appliquée : une migration publiée ne \
             se modifie pas"
        ),
        MigrationTrouble::TooOld { version, least } => format!(
            "elle en est à la migration {version}, d'avant la première version ; seules celles qui en \
             sont à {least} peuvent suivre : ouvrez-la une fois avec le dernier programme d'avant 0.1.0"
        ),
        MigrationTrouble::Foreign => {
            "elle contient des tables, et aucune des nôtres : c'est celle d'un autre programme"
                .into()
        }
        MigrationTrouble::Copy { to, why } => format!(
            "la copie d'avant la migration, {}, n'a pas pu être faite ({why}) ; libérez de la place, \
             ou copiez la base ailleurs et mettez un fichier vide sous ce nom",
            to.display()
        ),
        MigrationTrouble::Other(said) => said.clone(),
    }
}

fn backup(path: &Path, trouble: &BackupTrouble) -> String {
    match trouble {
        BackupTrouble::PostgreSql { location } => format!(
            "une base PostgreSQL se copie par son propre outil : pg_dump --format=custom --file={} \
             {location}",
            path.display()
        ),
        BackupTrouble::Exists => {
            "ce fichier existe déjà, et rien n'est écrasé : donnez un autre nom".into()
        }
        BackupTrouble::NotUtf8 => "ce nom n'est pas en UTF-8 : donnez un autre nom".into(),
        BackupTrouble::Failed(said) => {
            format!("{said} ; le dossier existe-t-il, peut-on y écrire, y a-t-il de la place ?")
        }
    }
}

fn advice(trouble: DatabaseTrouble) -> &'static str {
    match trouble {
        DatabaseTrouble::Busy => "un autre programme l'occupe : arrêtez-le ou réessayez",
        DatabaseTrouble::Full => {
            "le disque est plein : libérez de la place, rien de gardé n'est perdu"
        }
        DatabaseTrouble::ReadOnly => {
            "elle n'est pas inscriptible : vérifiez le propriétaire et les droits"
        }
        DatabaseTrouble::NoDatabase => {
            "le fichier n'est pas une base SQLite : donnez un autre chemin"
        }
        DatabaseTrouble::Missing => "créez d'abord la base : createdb -O UTILISATEUR NOM",
        DatabaseTrouble::Credentials => "vérifiez l'utilisateur et le mot de passe",
        DatabaseTrouble::Crowded => {
            "le serveur n'a plus de connexion libre : augmentez max_connections"
        }
        DatabaseTrouble::Pooled => {
            "un relais (PgBouncer) y change de connexion à chaque transaction : donnez l'adresse du \
             serveur même, ou un relais en pool_mode = session"
        }
    }
}

fn search(error: &SearchError) -> String {
    match error {
        SearchError::Locked { dir } => {
            format!("l'index {} est tenu par un autre processus : arrêtez-le", dir.display())
        }
        SearchError::NotBuilt { dir, why } => format!(
            "pas d'index utilisable dans {} ({why}) : « guetteur reindex », ou lancez « guetteur \
             watch »",
            dir.display()
        ),
        SearchError::ReadOnly { dir } => {
            format!("l'index {} n'est ouvert qu'en lecture", dir.display())
        }
        SearchError::Directory { dir, source, .. } => {
            format!("le dossier de l'index {} est hors d'atteinte ({source})", dir.display())
        }
        SearchError::Engine { source, .. } => format!("échec de l'index ({source})"),
    }
}

fn archive(error: &ArchiveError) -> String {
    match error {
        ArchiveError::Folder { path, source, .. } => format!(
            "archive : {} n'est pas accessible ({source}) ; vérifiez l'espace libre et les droits du \
             dossier",
            path.display()
        ),
        ArchiveError::Store { address, trouble, why, .. } => {
            let advice = match trouble {
                StoreTrouble::Credentials => {
                    "vérifiez AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY et leurs droits sur le bucket"
                }
                StoreTrouble::NoBucket => "créez le bucket, ou corrigez archive.url",
                StoreTrouble::Full => "le stockage est plein : faites-y de la place",
                StoreTrouble::Failing => "son propre journal dit pourquoi : est-il plein ?",
                StoreTrouble::Down => "vérifiez que le stockage répond à AWS_ENDPOINT_URL",
            };
            format!("archive : {address} n'est pas accessible ({why}) ; {advice}")
        }
        ArchiveError::Marked { archive } => format!(
            "archive : {archive} a désormais tous les PDF, mais porte la marque d'une autre archive ; si \
             elle doit être celle de cette base, mettez-la dans archive.url, puis « guetteur archive \
             adopt »"
        ),
        ArchiveError::Address { given, why } => format!(
            "archive.url « {given} » n'est pas utilisable ({why}) : donnez s3://BUCKET/PREFIXE ou un \
             dossier"
        ),
    }
}

fn unproven(error: &UnprovenPdf) -> String {
    match error {
        UnprovenPdf::Missing { place } => {
            format!("{place} manque dans l'archive : rendez-le-lui depuis une sauvegarde")
        }
        UnprovenPdf::Altered { place, found } => format!(
            "{place} est altéré, son empreinte est {found} : rendez-lui l'original depuis une \
             sauvegarde"
        ),
        UnprovenPdf::Unreadable(error) => archive(error),
    }
}

/// A browser that is missing, or does not do what it is asked.
pub(super) fn browser(error: &BrowserError) -> String {
    match error {
        BrowserError::Missing => "chromedriver est introuvable : installez-le (Debian : apt \
             install chromium-driver)"
            .to_owned(),
        BrowserError::Start(why) => format!("chromedriver n'a pas démarré ({why})"),
        BrowserError::Driver { why, .. } => format!("le navigateur n'a pas obéi ({why})"),
    }
}

fn fetch(error: &FetchError) -> String {
    match error {
        FetchError::Archive(error) => archive(error),
        FetchError::Browser(error) => browser(error),
        FetchError::Client(why) => format!("client HTTP impossible à préparer ({why})"),
        error => failure_words::sentence(&error.failure()),
    }
}

#[cfg(test)]
mod tests {
    use anyhow::Context;

    use super::*;

    #[test]
    fn an_error_of_a_library_is_said_in_french_with_what_surrounds_it() {
        let unknown = SourcesError::UnknownCode { code: "999".into(), nearest: "69, 99".into() };
        let error = Err::<(), _>(unknown).context("registre").expect_err("unknown");
        assert_eq!(
            in_french(&error),
            "registre : aucune source n'a le code 999 ; vouliez-vous dire 69, 99 ? \
             (« guetteur sources » les liste toutes)"
        );
        let full = StoreError::Open {
            location: "g.db".into(),
            reason: "disk".into(),
            trouble: Some(DatabaseTrouble::Full),
        };
        assert!(in_french(&full.into()).contains("le disque est plein"));
        assert_eq!(in_french(&anyhow::anyhow!("à nous")), "à nous");
    }
}
