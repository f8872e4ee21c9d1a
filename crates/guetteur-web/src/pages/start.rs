//! `/commencer`, `/commencer/{reader}`: the first visit, for each of the three readers.

use axum::extract::{Path, State};
use axum::response::Html;
use guetteur_publish::fields;
use serde::Serialize;

use crate::error::WebError;
use crate::page::{Head, page};
use crate::state::AppState;

/// Who comes for the first time, and what helps at once.
#[derive(Debug, Serialize)]
struct Reader {
    /// Last part of the page's address.
    id: &'static str,
    title: &'static str,
    /// What Guetteur is for this reader.
    about: &'static str,
    steps: [Step; 3],
}

/// A link that works as it stands, and what is behind it.
#[derive(Debug, Serialize)]
struct Step {
    href: &'static str,
    label: &'static str,
    about: &'static str,
}

static READERS: [Reader; 3] = [
    Reader {
        id: "recherche",
        title: "Vous faites de la recherche",
        about: "Toute liste est un tableau : une ligne par acte, ses faits et ses preuves, avec un \
                identifiant stable. Ce qui n’a pas été lu est dit, pour ne pas compter un silence pour \
                une absence.",
        steps: [
            Step {
                href: "/recherche.csv?categorie=drone&niveau=authorises",
                label: "Toutes les autorisations de drones, en tableau (CSV)",
                about: "Le même filtre existe en XLSX, JSON Lines et paquet de données : changez le \
                        suffixe de l’adresse.",
            },
            Step {
                href: "/donnees#colonnes",
                label: "Ce que dit chaque colonne",
                about: "Colonnes, types, API et licences.",
            },
            Step {
                href: "/couverture",
                label: "Ce qui a été lu, et ce qui manque",
                about: "Source par source : dernière lecture, échecs, numéros de recueils jamais vus.",
            },
        ],
    },
    Reader {
        id: "defense",
        title: "Vous défendez des libertés, vous contestez un arrêté",
        about: "Ces arrêtés paraissent souvent la veille de leur effet. Chaque acte montre ce qu’il \
                permet, où, quand, les mots qui le fondent, le tribunal compétent, et de quoi rédiger un \
                référé ou une lettre.",
        steps: [
            Step {
                href: "/recherche?niveau=authorises&quand=bientot",
                label: "Ce qui prend effet sous sept jours",
                about: "Cette liste se suit par flux ou par e-mail : les liens sont à côté d’elle.",
            },
            Step {
                href: "/communes",
                label: "Ce qui est autorisé dans ma commune",
                about: "Ce qui est en vigueur, jusqu’à quand, et une lettre pour demander les documents.",
            },
            Step {
                href: "/precedents",
                label: "Ce que les juges ont décidé",
                about: "Suspensions, annulations et rejets, avec leurs motifs et leurs sources.",
            },
        ],
    },
    Reader {
        id: "presse",
        title: "Vous enquêtez pour un média",
        about: "Chaque signalement se prouve : le PDF tel que publié, sa page, les mots, l’heure de \
                première vue et l’empreinte du fichier, dans un dossier à télécharger.",
        steps: [
            Step {
                href: "/recherche?niveau=authorises&tri=publication",
                label: "Les dernières autorisations, avec leurs preuves",
                about: "Ouvrez un acte : sa page montre les mots dans le PDF et donne le dossier de \
                        preuve.",
            },
            Step {
                href: "/carte",
                label: "La carte de France",
                about: "Département par département ; ce qui n’a pas été regardé n’est pas compté comme \
                        rien.",
            },
            Step {
                href: "/enquetes",
                label: "Des enquêtes déjà comptées",
                about: "Préavis, bénéficiaires, moyens : chaque chiffre s’ouvre sur ses actes.",
            },
        ],
    },
];

/// All three.
pub(crate) async fn index(State(state): State<AppState>) -> Result<Html<String>, WebError> {
    show(&state, "Commencer", "/commencer".to_owned(), READERS.iter())
}

/// One reader's page.
pub(crate) async fn get(
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> Result<Html<String>, WebError> {
    let Some(reader) = READERS.iter().find(|reader| reader.id == id) else {
        return Err(WebError::NotFound(format!(
            "« {id} » n’est aucune page pour commencer ; elles sont toutes sur /commencer."
        )));
    };
    show(&state, reader.title, format!("/commencer/{id}"), std::iter::once(reader))
}

fn show(
    state: &AppState,
    title: &str,
    path: String,
    readers: impl Iterator<Item = &'static Reader>,
) -> Result<Html<String>, WebError> {
    let mut head = Head::new(title, &path);
    head.description =
        "Première visite : trois liens pour la recherche, la défense des libertés, la \
                        presse."
            .to_owned();
    page(state, "start.html", head, fields! { readers => readers.collect::<Vec<_>>() })
}
