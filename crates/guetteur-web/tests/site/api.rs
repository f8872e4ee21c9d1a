use axum::http::StatusCode;
use serde_json::Value;

use crate::support::Site;

async fn json(site: &Site, address: &str) -> Value {
    let answer = site.get(address).await;
    assert_eq!(answer.status, StatusCode::OK, "{address}: {}", answer.text());
    assert_eq!(answer.header("access-control-allow-origin"), "*", "{address}");
    serde_json::from_slice(&answer.body).expect("JSON")
}

#[tokio::test]
async fn the_names_that_clients_use_are_understood() {
    let site = Site::sample().await;
    let both =
        json(&site, "/api/v1/search?s=captation&administration=pref34,pref13&sort=date").await;
    assert_eq!(both["total"], 3, "{both}");
    let paris = json(&site, "/api/v1/search?administration=ppparis&start_date=2026-08-14").await;
    assert_eq!(paris["total"], 1);
    assert_eq!(paris["results"][0]["prefecture"]["code"], "ppparis");
    let none = json(&site, "/api/v1/search?end_date=2020-01-01").await;
    assert_eq!(
        (&none["total"], none["results"].as_array().map(Vec::len)),
        (&Value::from(0), Some(0))
    );
}

#[tokio::test]
async fn acts_bulletins_sources_and_figures() {
    let site = Site::sample().await;
    let found = json(&site, "/api/v1/search?s=f%C3%AAte+mer").await;
    let id = found["results"][0]["id"].as_i64().expect("id");
    let act = json(&site, &format!("/api/v1/acts/{id}")).await;
    assert_eq!(act["url"], format!("https://guetteur.example/acte/{id}"));
    assert_eq!(act["text"][0]["number"], 3);
    assert_eq!(act["level"], "authorises");
    let bulletin = act["bulletin"]["id"].as_i64().expect("id");
    let bulletin = json(&site, &format!("/api/v1/bulletins/{bulletin}")).await;
    assert_eq!(bulletin["acts"].as_array().map(Vec::len), Some(4));
    let sources = json(&site, "/api/v1/sources").await;
    assert_eq!(sources[3]["status"], "never");
    assert_eq!(json(&site, "/api/v1/stats").await["acts"], 7);
}

#[tokio::test]
async fn errors_are_json_too() {
    let site = Site::sample().await;
    for address in ["/api/v1/acts/0", "/api/v1/acts/x", "/api/v1/rien", "/api/v1/bulletins/0"] {
        let answer = site.get(address).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{address}");
        let body: Value = serde_json::from_slice(&answer.body).expect("JSON");
        assert!(body["error"].is_string(), "{address}");
    }
}
