use axum::body::Body;
use axum::http::{Request, StatusCode};
use url::form_urlencoded::Serializer;

use crate::pages::{page, select};
use crate::support::Site;

/// The address of the drone act, which was published on the eve.
async fn act(site: &Site) -> String {
    let found = site.get("/api/v1/search?q=num%C3%A9ro:34-2026-08-12-00003").await;
    let json: serde_json::Value = serde_json::from_slice(&found.body).expect("JSON");
    format!("/acte/{}", json["results"][0]["id"])
}

#[tokio::test]
async fn an_act_shows_its_doubts_of_law_and_the_way_to_a_judge() {
    let site = Site::sample().await;
    let address = act(&site).await;
    let shown = page(&site, &address).await;
    let doubts = select(&shown, "section[aria-labelledby=droit]").join(" ");
    for said in [
        "Publié trop tard pour un juge",
        "18 heures au plus",
        "n° 473547",
        "du vendredi 14 août 2026 à 18h00",
        "Une publication antérieure",
    ] {
        assert!(doubts.contains(said), "{said}: {doubts}");
    }
    let kit = page(&site, &format!("{address}/refere")).await;
    let text = select(&kit, "main").join(" ");
    for said in [
        "Ceci n’est pas un conseil juridique",
        "Tribunal administratif de Montpellier",
        "Télérecours citoyens",
        "14 octobre 2026",
        "quarante-huit heures",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    let draft = select(&kit, "textarea").join("").replace(['\u{a0}', '\u{202f}'], " ");
    for said in ["34-2026-08-12-00003", "page 4 du recueil", "2 caméras au plus", ".zip"] {
        assert!(draft.contains(said), "{said}: {draft}");
    }
    let offered = select(&kit, "ul[aria-label=Requêtes]").join(" ");
    for name in ["Référé-suspension", "Référé-liberté", "Requête en annulation"] {
        assert!(offered.contains(name), "{name}: {offered}");
    }
    let other = page(&site, &format!("{address}/refere?modele=annulation")).await;
    let draft = select(&other, "textarea").join("");
    assert!(draft.contains("# Requête en annulation") && draft.contains("14 octobre 2026"));
    let unknown = site.get(&format!("{address}/refere?modele=divorce")).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    assert_eq!(site.get("/acte/999999/refere").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_authorises_nothing_has_no_draft() {
    let site = Site::sample().await;
    let found = site.get("/api/v1/search?q=niveau:restricts").await;
    let json: serde_json::Value = serde_json::from_slice(&found.body).expect("JSON");
    let act = &json["results"][0];
    assert_eq!(act["level"], "restricts", "{act}");
    let answer = site.get(&format!("/acte/{}/refere", act["id"])).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_application_is_given_as_a_document_and_kept_nowhere() {
    let site = Site::sample().await;
    let address = format!("{}/refere", act(&site).await);
    let send = async |cross: bool| {
        let mut fields = Serializer::new(String::new());
        fields.extend_pairs([("texte", "# Requête\n\nMa requête."), ("sortie", "odt")]);
        let mut request =
            Request::post(&address).header("content-type", "application/x-www-form-urlencoded");
        if cross {
            request = request.header("sec-fetch-site", "cross-site");
        }
        site.send(request.body(Body::from(fields.finish())).expect("request")).await
    };
    let answer = send(false).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.body.starts_with(b"PK"));
    assert_eq!(answer.headers["cache-control"], "no-store");
    assert_eq!(send(true).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_method_page_dates_every_text_of_law() {
    let site = Site::sample().await;
    let table = select(&page(&site, "/methode").await, "table.law tr").join("\n");
    for said in ["31 mars 2025", "21 mars 2026", "CSI, art. L. 242-5", "à vérifier"] {
        assert!(table.contains(said), "{said}: {table}");
    }
}
