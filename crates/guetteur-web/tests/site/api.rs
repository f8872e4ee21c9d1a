use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Request, StatusCode};
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

/// The address of an operation with something in the place of what varies.
fn example(path: &str) -> String {
    let values = [("{id}", "1"), ("{insee}", "34172"), ("{enquete}", "jours")];
    values.iter().fold(path.to_owned(), |path, (name, value)| path.replace(name, value))
}

/// Every operation of the description answers, and with what it describes.
#[tokio::test]
async fn the_description_is_what_is_answered() {
    let site = Site::sample().await;
    let description = json(&site, "/api/v1/openapi.json").await;
    let components = &description["components"]["schemas"];
    let documented = |name: &str| -> BTreeSet<String> {
        components[name]["properties"].as_object().expect(name).keys().cloned().collect()
    };
    let keys = |value: &Value| -> BTreeSet<String> {
        value.as_object().unwrap_or_else(|| panic!("{value}")).keys().cloned().collect()
    };
    for (path, methods) in description["paths"].as_object().expect("paths") {
        let answer = site.get(&example(path)).await;
        let keyed = methods["get"]["security"].is_array();
        let expected = if keyed { StatusCode::UNAUTHORIZED } else { StatusCode::OK };
        assert_eq!(answer.status, expected, "{path}");
        let methods = methods.as_object().expect("methods").values();
        assert!(methods.clone().all(|method| method["summary"].is_string()), "{path}");
    }
    let found = json(&site, "/api/v1/search?s=f%C3%AAte+mer").await;
    let id = &found["results"][0]["id"];
    let act = json(&site, &format!("/api/v1/acts/{id}")).await;
    assert_eq!(keys(&act), documented("Act"));
    let bulletins = json(&site, "/api/v1/bulletins?administration=pref34").await;
    assert_eq!(
        (&bulletins["total"], keys(&bulletins["results"][0])),
        (&1.into(), documented("Bulletin"))
    );
    let sources = json(&site, "/api/v1/sources").await;
    assert_eq!(keys(&sources[0]), documented("Source"));
    let communes = json(&site, "/api/v1/communes?categorie=drone").await;
    assert_eq!(keys(&communes[0]), documented("Commune"));
    let commune = json(&site, "/api/v1/communes/34301").await;
    assert_eq!((&commune["name"], &commune["acts"]), (&"Sète".into(), &1.into()));
    assert_eq!(keys(&json(&site, "/api/v1/enquetes/preavis").await), documented("Investigation"));
    let doubts = act["facts"]["legal_doubts"].as_array().expect("doubts");
    assert_eq!(keys(&doubts[0]), documented("LegalDoubt"));
    let texts = json(&site, "/api/v1/textes").await;
    assert_eq!(keys(&texts[0]), documented("Text"));
    let decision = guetteur_store::NewOutcome {
        act: guetteur_model::ActId(id.as_i64().expect("id")),
        court: "Conseil d’État".into(),
        number: "1".into(),
        decided_on: "2026-08-14".parse().expect("day"),
        ruling: guetteur_model::Ruling::Rejected,
        ground: None,
        source: None,
        note: None,
    };
    let store = &site.state.catalogue.store;
    store.record_outcome(&decision, site.state.catalogue.now()).await.expect("recorded");
    let review = guetteur_store::NewReview {
        act: decision.act,
        subject: "place".parse().expect("subject"),
        answer: guetteur_model::Answer::Corrected,
        value: Some("place du Marché".into()),
        reason: "Relu.".into(),
    };
    store.note_review(&review, site.state.catalogue.now()).await.expect("noted");
    let precedents = json(&site, "/api/v1/precedents").await;
    assert_eq!(keys(&precedents[0]), documented("Precedent"));
    let act = json(&site, &format!("/api/v1/acts/{id}")).await;
    assert_eq!(keys(&act["outcomes"][0]), documented("Outcome"));
    assert_eq!(keys(&act["reviews"][0]), documented("Review"));
    assert_eq!(act["facts"]["place"], "place du Marché");
    let map = json(&site, "/api/v1/carte").await;
    assert_eq!(keys(&map["results"][0]), documented("Departement"));
    assert_eq!(site.get("/api/v1/communes/99999").await.status, StatusCode::NOT_FOUND);
}

/// A client made from the description knows each status that a wrong parameter gets.
#[tokio::test]
async fn refusals_of_parameters_are_described() {
    let site = Site::sample().await;
    let description = json(&site, "/api/v1/openapi.json").await;
    let mut refused = 0;
    for (path, methods) in description["paths"].as_object().expect("paths") {
        let operation = &methods["get"];
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        for parameter in parameters.filter(|parameter| parameter["in"] == "query") {
            let name = parameter["name"].as_str().expect("name");
            let answer = site.get(&format!("{}?{name}=null", example(path))).await;
            let status = answer.status.as_str();
            assert!(operation["responses"][status].is_object(), "{path} {name}: {status}");
            refused += u32::from(answer.status == StatusCode::BAD_REQUEST);
        }
    }
    assert!(refused > 10, "{refused}");
}

#[tokio::test]
async fn doubts_of_law_are_a_filter_of_every_list() {
    let site = Site::sample().await;
    let totals = [("tous", 1), ("too-late-for-a-judge", 1), ("no-basis", 0)];
    for (doubt, total) in totals {
        let found = json(&site, &format!("/api/v1/search?doute={doubt}")).await;
        assert_eq!(found["total"], total, "{doubt}");
        let feed = site.get(&format!("/recherche.atom?doute={doubt}")).await;
        assert_eq!(feed.text().matches("<entry>").count(), total, "{doubt}");
        let written = json(&site, &format!("/api/v1/search?s=doute:{doubt}")).await;
        assert_eq!(written["total"], total, "doute:{doubt}");
    }
    let found = json(&site, "/api/v1/search").await;
    let facet = serde_json::json!([{ "value": "too-late-for-a-judge", "label": null, "count": 1 }]);
    assert_eq!(found["facets"]["doubt"], facet);
    let unknown = site.get("/api/v1/search?doute=fort").await;
    assert_eq!(unknown.status, StatusCode::BAD_REQUEST);
    let shown = site.get("/recherche").await;
    assert!(shown.text().contains("Publié trop tard pour un juge"));
    assert!(shown.text().contains("doute=too-late-for-a-judge"));
}

#[tokio::test]
async fn texts_of_law_are_told_by_category_and_day() {
    let site = Site::sample().await;
    let bases = |texts: Value| -> Vec<String> {
        let texts = texts.as_array().cloned().expect("texts");
        let bases = texts.iter().filter(|text| text["basis"] == true);
        bases.map(|text| text["id"].as_str().expect("id").to_owned()).collect()
    };
    let before = json(&site, "/api/v1/textes?categorie=vsa&le=2025-03-31").await;
    assert_eq!(bases(before), ["loi-2023-380-10"]);
    let gap = json(&site, "/api/v1/textes?categorie=vsa&le=2025-04-01").await;
    assert_eq!(bases(gap), [""; 0], "nothing in force");
    let bad = site.get("/api/v1/textes?le=hier").await;
    assert_eq!(bad.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn another_site_may_read_and_ask_conditionally() {
    let site = Site::sample().await;
    let request = Request::options("/api/v1/search").body(Body::empty()).expect("request");
    let preflight = site.send(request).await;
    assert_eq!(preflight.status, StatusCode::NO_CONTENT);
    assert_eq!(preflight.header("access-control-allow-headers"), "*");
    let first = site.get("/api/v1/search?s=drone").await;
    assert!(first.header("access-control-expose-headers").contains("etag"));
    let again =
        site.get_with("/api/v1/search?s=drone", ("if-none-match", first.header("etag"))).await;
    assert_eq!((again.status, again.body.len()), (StatusCode::NOT_MODIFIED, 0));
}

#[tokio::test]
async fn who_asks_too_often_is_told_when_to_come_back() {
    let mut site = Site::sample().await;
    site.change(|chosen| chosen.requests_per_minute = 2);
    let first = site.get("/api/v1/stats").await;
    assert_eq!((first.header("ratelimit-limit"), first.header("ratelimit-remaining")), ("2", "1"));
    site.get("/recherche.csv").await;
    let refused = site.get("/api/v1/stats").await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.header("retry-after"), "60");
    let body: Value = serde_json::from_slice(&refused.body).expect("JSON");
    assert!(body["error"].as_str().expect("words").contains("60 s"), "{body}");
    assert_eq!(site.get("/recherche.atom").await.status, StatusCode::OK, "feeds are free");
    assert_eq!(site.get("/recherche").await.status, StatusCode::OK, "pages are free");
}
