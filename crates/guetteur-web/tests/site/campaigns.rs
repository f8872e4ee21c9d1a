//! Towns by technique, and the register of towns asked, having answered, having voted.

use axum::body::Body;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, LOCATION};
use axum::http::{Request, StatusCode};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use guetteur_model::{Commune, Level, TownStep};
use guetteur_store::NewStep;
use guetteur_web::OperatorToken;
use scraper::{Html, Selector};

use crate::support::{SampleAct, SampleBulletin, Site, bulletins};

const BODY: &str = "La captation d’images par drone est autorisée.";
const TOKEN: &str = "un jeton de seize lettres au moins";

/// An act of the Hérault that names more towns than a facet gives.
const MANY: usize = 150;

async fn site() -> Site {
    let site = Site::empty().await;
    // Agde and Béziers first: they are looked at closer.
    let mut towns: Vec<Commune> = guetteur_communes::communes()
        .iter()
        .filter(|town| town.insee.starts_with("34") && town.part_of.is_none())
        .map(|town| Commune { insee: town.insee.into(), name: town.name.into() })
        .collect();
    towns.sort_by_key(|town| !["34003", "34032"].contains(&&*town.insee));
    towns.truncate(MANY);
    assert_eq!(towns.len(), MANY);
    let act = SampleAct::new("A1", "Arrêté A1 drones", 1, &[BODY])
        .flag("drone", Level::Authorises, "captation d’images")
        .facts(move |facts| facts.communes = towns.clone());
    let bulletin = SampleBulletin { acts: vec![act], ..bulletins().remove(0) };
    site.publish(&bulletin).await;
    site.index().await;
    site
}

async fn ok(site: &Site, address: &str) -> String {
    let answer = site.get(address).await;
    assert_eq!(answer.status, StatusCode::OK, "{address}: {}", answer.text());
    answer.text().replace(['\u{a0}', '\u{202f}'], " ")
}

async fn record(site: &Site, insee: &str, step: TownStep, on: &str) {
    let new = NewStep {
        insee: insee.into(),
        step,
        happened_on: on.parse().expect("day"),
        says: Some("Ne jamais déployer <VSA>.".into()),
        source: Some("https://ville.example/lettre".into()),
    };
    let now = site.state.catalogue.now();
    site.state.catalogue.store.record_step(&new, now).await.expect("recorded");
}

#[tokio::test]
async fn every_town_of_a_technique_is_listed_and_what_was_not_read_is_grey() {
    let site = site().await;
    let page = ok(&site, "/techniques/drone").await;
    assert!(page.contains(&format!("{MANY} communes sont nommées")), "{page}");
    let html = Html::parse_document(&page);
    let grey = Selector::parse("tr.unseen").expect("selector");
    let unread: Vec<String> = html.select(&grey).map(|row| row.text().collect()).collect();
    assert!(unread.iter().any(|row| row.contains("Gard") && row.contains("pas regardé")));
    assert!(!unread.iter().any(|row| row.contains("Hérault")));

    let csv = ok(&site, "/techniques/drone.csv").await;
    let of_herault = csv.lines().filter(|line| line.starts_with("34;Hérault;oui;34")).count();
    assert_eq!(of_herault, MANY, "no cap");
    assert!(csv.contains("30;Gard;non;;"), "what was not looked at says so");
    assert!(ok(&site, "/techniques").await.contains(&format!("{MANY} communes")));
    let none = ok(&site, "/techniques/vsa").await;
    assert!(none.contains("0 commune est nommée"), "{none}");
    assert_eq!(site.get("/techniques/rien").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_register_is_shown_on_towns_map_and_lists() {
    let site = site().await;
    let empty = ok(&site, "/registre").await;
    assert!(empty.contains("Aucune commune n’est encore inscrite"), "{empty}");
    record(&site, "34172", TownStep::Asked, "2026-03-01").await;
    record(&site, "34172", TownStep::Voted, "2026-06-10").await;
    record(&site, "34032", TownStep::Asked, "2026-04-01").await;

    let town = ok(&site, "/commune/34172").await;
    assert!(town.contains("A voté</strong> 10 juin 2026"), "{town}");
    assert!(town.contains("Ne jamais déployer &lt;VSA&gt;."), "escaped");
    assert!(!ok(&site, "/commune/34301").await.contains("id=\"demarches\""));
    let register = ok(&site, "/registre").await;
    assert!(register.contains("<strong>2</strong> interpellée"), "{register}");
    assert!(register.contains("<strong>1</strong> a voté"), "{register}");
    let csv = ok(&site, "/registre.csv").await;
    assert!(csv.contains("34172;Montpellier;34;voted;2026-06-10;"), "{csv}");

    let map = ok(&site, "/carte?mesure=registre").await;
    assert!(map.contains("Hérault (34) : 1 commune interpellée, 1 commune a voté"), "{map}");
    let numbers = ok(&site, "/carte/carte.csv?mesure=registre").await;
    let herault = numbers.lines().find(|line| line.starts_with("Hérault;34;")).expect("a row");
    assert!(herault.ends_with(";2"), "{herault}");
    let list = ok(&site, "/techniques/drone?departement=34").await;
    assert!(list.contains("interpellée 1er avril 2026"), "{list}");
}

#[tokio::test]
async fn sheets_carry_a_towns_own_figures() {
    let site = site().await;
    for (address, size) in [
        ("/commune/34003/affiche.pdf", "595 842"),
        ("/commune/34003/affiche.pdf?papier=a5", "420.72"),
        ("/commune/34003/tract.pdf", "420.72"),
        ("/commune/34003/tract.pdf?papier=A4", "595 842"),
        // Of a town that no act names.
        ("/commune/75056/affiche.pdf", "595 842"),
        ("/commune/75056/tract.pdf", "420.72"),
    ] {
        let answer = site.get(address).await;
        assert_eq!(answer.status, StatusCode::OK, "{address}");
        assert_eq!(answer.header(CONTENT_TYPE.as_str()), "application/pdf");
        let text = String::from_utf8_lossy(&answer.body);
        assert!(text.starts_with("%PDF-") && text.contains(&format!("[0 0 {size}")), "{address}");
    }
    let page = ok(&site, "/commune/34003").await;
    assert!(page.contains("/commune/34003/affiche.pdf") && page.contains("tract.pdf"));
    let wrong = site.get("/commune/34003/affiche.pdf?papier=a3").await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_press_sheet_leads_from_each_figure_to_its_acts() {
    let site = site().await;
    for (address, said) in [
        ("/commune/34003/presse", "1 acte autorise une surveillance"),
        ("/prefecture/34/presse", "et 1 ne donne pas de dates d’effet lues."),
        ("/prefecture/34/presse", "Drones et hélicoptères : 1 acte"),
        ("/enquetes/drones/presse", "Comment c’est compté"),
    ] {
        let sheet = ok(&site, address).await;
        assert!(sheet.contains(said), "{address}: {sheet}");
        assert!(!sheet.contains("{loi:"), "law is cited by name");
    }
    let sheet = ok(&site, "/commune/34003/presse").await;
    let html = Html::parse_document(&sheet);
    let link = Selector::parse(".press li a").expect("selector");
    let hrefs: Vec<&str> = html.select(&link).filter_map(|link| link.attr("href")).collect();
    assert!(hrefs.len() >= 3, "{hrefs:?}");
    for href in hrefs {
        assert_eq!(site.get(href).await.status, StatusCode::OK, "{href}");
    }
}

fn password() -> String {
    format!("Basic {}", BASE64_STANDARD.encode(format!("moi:{TOKEN}")))
}

async fn post(site: &Site, path: &str, fields: &[(&str, &str)]) -> (StatusCode, String) {
    let shown = site.get_with("/operateur", (AUTHORIZATION.as_str(), &password())).await;
    let html = Html::parse_document(shown.text());
    let field = Selector::parse("input[name=cle]").expect("selector");
    let key = html.select(&field).next().and_then(|field| field.attr("value")).expect("key");
    let body = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("cle", key)
        .extend_pairs(fields)
        .finish();
    let request = Request::post(path)
        .header(AUTHORIZATION, password())
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    let answer = site.send(request.body(Body::from(body)).expect("request")).await;
    if answer.status != StatusCode::SEE_OTHER {
        return (answer.status, answer.text().to_owned());
    }
    let next = answer.header(LOCATION.as_str()).to_owned();
    let shown = site.get_with(&next, (AUTHORIZATION.as_str(), &password())).await;
    (answer.status, shown.text().replace('\u{a0}', " "))
}

#[tokio::test]
async fn the_operator_keeps_the_register_by_form_and_table() {
    let mut site = site().await;
    site.change(|chosen| chosen.operator_token = Some(OperatorToken::new(TOKEN)));
    let step = |commune| [("commune", commune), ("etape", "asked"), ("date", "2026-05-02")];
    let (status, told) = post(&site, "/operateur/inscrire", &step("Montpellier")).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{told}");
    assert!(told.contains("1 étape inscrite au registre."), "{told}");
    let (status, _) = post(&site, "/operateur/inscrire", &step("34301")).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let (status, told) = post(&site, "/operateur/inscrire", &step("Saint-Denis")).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(told.contains("donnez le code INSEE"), "{told}");

    let steps = async || site.state.catalogue.store.steps().await.expect("steps");
    let faulty = "insee;etape;date\n34172;vote;2026-06-01\n34172;vote;demain\n";
    let (status, told) = post(&site, "/operateur/registre", &[("csv", faulty)]).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(told.contains("ligne 3"), "{told}");
    assert_eq!(steps().await.len(), 2, "nothing of it is recorded");
    // What the site gives out is what an operator can take in.
    let given = ok(&site, "/registre.csv").await;
    let (status, _) = post(&site, "/operateur/registre", &[("csv", &given)]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let known = steps().await;
    assert_eq!(known.len(), 2, "known steps are not doubled");
    let id = known[0].id.to_string();
    let (_, told) = post(&site, "/operateur/rayer", &[("etape", &id)]).await;
    assert!(told.contains("rayée du registre"), "{told}");
    assert_eq!(steps().await.len(), 1);
}
