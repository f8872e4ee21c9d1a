use axum::http::StatusCode;
use guetteur_model::ActId;
use guetteur_store::NewMask;
use serde_json::Value;

use crate::support::{Site, now};

async fn drone_act(site: &Site) -> (i64, String) {
    let found = site.get("/api/v1/search?s=f%C3%AAte+mer").await;
    let json: Value = serde_json::from_slice(&found.body).expect("JSON");
    let act = &json["results"][0];
    (act["id"].as_i64().expect("id"), act["pdf_sha256"].as_str().expect("hash").to_owned())
}

#[tokio::test]
async fn a_masked_name_is_read_nowhere() {
    let site = Site::sample().await;
    let (id, sha) = drone_act(&site).await;
    let store = &site.state.catalogue.store;
    let mask =
        |keeps_pdf| NewMask { act: ActId(id), passage: "camille martin", reason: None, keeps_pdf };
    store.lay_mask(mask(false), now()).await.expect("masked");
    let title = NewMask { passage: "fête de la mer", ..mask(false) };
    store.lay_mask(title, now()).await.expect("masked");
    site.index().await;
    let told = [
        format!("/acte/{id}"),
        format!("/api/v1/acts/{id}"),
        "/recherche?q=captation+a%C3%A9ronefs".to_owned(),
        "/recherche.atom?q=captation+a%C3%A9ronefs".to_owned(),
        "/recherche.csv?q=captation+a%C3%A9ronefs".to_owned(),
        "/recherche.jsonl?q=captation+a%C3%A9ronefs".to_owned(),
        "/prefecture/34".to_owned(),
        "/".to_owned(),
    ];
    for address in told {
        let answer = site.get(&address).await;
        assert_eq!(answer.status, StatusCode::OK, "{address}");
        assert!(!answer.text().contains("de la mer"), "{address}");
        assert!(answer.text().contains('█'), "{address}");
    }
    let act = site.get(&format!("/acte/{id}")).await;
    assert!(!act.text().contains("Camille") && act.text().contains("masque un"));
    for linked in ["archive", "documents"] {
        assert!(!act.text().contains(&format!("/{linked}/{sha}")), "{linked}");
    }
    assert!(act.text().contains(&sha), "what it was read from stays named");
    let nothing = site.get("/api/v1/search?s=%22f%C3%AAte+de+la+mer%22").await;
    assert!(nothing.text().contains("\"total\":0"), "{}", nothing.text());
    for hidden in [
        format!("/archive/{sha}.pdf"),
        format!("/documents/{sha}/page/3.png"),
        format!("/acte/{id}.zip"),
    ] {
        let answer = site.get(&hidden).await;
        assert_eq!(answer.status, StatusCode::UNAVAILABLE_FOR_LEGAL_REASONS, "{hidden}");
        assert!(answer.text().contains("masque un"), "{hidden}");
    }
}

#[tokio::test]
async fn search_engines_are_shown_findings_only() {
    let mut site = Site::sample().await;
    let map = site.get("/sitemap.xml").await;
    assert!(map.text().contains("<loc>https://guetteur.example/sitemap/1.xml</loc>"));
    let acts = site.get("/sitemap/1.xml").await.text().matches("<loc>").count();
    assert_eq!(acts, 5, "neither the hunt nor the mere mention");
    assert!(site.get("/sitemap/pages.xml").await.text().contains("/prefecture/974</loc>"));
    assert_eq!(site.get("/sitemap/2.xml").await.status, StatusCode::NOT_FOUND);
    assert!(site.get("/robots.txt").await.text().contains("Sitemap: https://guetteur.example/"));
    site.change(|chosen| chosen.index_unflagged = true);
    assert_eq!(site.get("/sitemap/1.xml").await.text().matches("<loc>").count(), 7);
}

#[tokio::test]
async fn every_page_can_be_asked_for_conditionally() {
    let site = Site::sample().await;
    let (id, _) = drone_act(&site).await;
    for address in [
        "/",
        "/recherche?q=drone",
        &format!("/acte/{id}"),
        "/prefecture/34",
        "/commune/34301",
        "/couverture",
        "/couverture.json",
        "/statistiques",
        "/methode",
        "/donnees",
        "/donnees/ouvrir",
        "/api",
        "/flux.opml",
        "/sitemap.xml",
        "/recherche.atom",
        "/recherche.ics",
        "/style.css",
    ] {
        let first = site.get(address).await;
        let tag = first.header("etag").to_owned();
        assert!(!tag.is_empty(), "{address} has no validator");
        let again = site.get_with(address, ("if-none-match", &tag)).await;
        assert_eq!((again.status, again.body.len()), (StatusCode::NOT_MODIFIED, 0), "{address}");
    }
}
