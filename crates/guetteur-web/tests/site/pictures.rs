use axum::http::StatusCode;
use scraper::{Html, Selector};

use crate::support::Site;

fn sources(page: &Html) -> Vec<String> {
    let images = Selector::parse(".sheet img").expect("selector");
    page.select(&images).filter_map(|e| e.value().attr("src")).map(str::to_owned).collect()
}

async fn drone_act(site: &Site) -> (i64, Html) {
    let found = site.get("/api/v1/search?s=f%C3%AAte+mer").await;
    let json: serde_json::Value = serde_json::from_slice(&found.body).expect("JSON");
    let id = json["results"][0]["id"].as_i64().expect("id");
    let page = site.get(&format!("/acte/{id}")).await;
    (id, Html::parse_document(page.text()))
}

#[tokio::test]
async fn the_page_stands_beside_the_text_with_its_evidence_boxed() {
    let site = Site::sample().await;
    let (_, act) = drone_act(&site).await;
    let images = sources(&act);
    assert_eq!(images.len(), 4, "two pages with evidence, each with its boxes: {images:?}");
    let png = site.get(&images[0]).await;
    assert_eq!((png.status, png.header("content-type")), (StatusCode::OK, "image/png"));
    assert!(png.header("cache-control").contains("immutable"));
    let svg = site.get(&images[1]).await;
    assert_eq!(svg.header("content-type"), "image/svg+xml; charset=utf-8");
    assert_eq!(svg.text().matches("<rect").count(), 1, "{}", svg.text());
    assert!(svg.header("content-security-policy").starts_with("default-src 'none'"));
}

#[tokio::test]
async fn what_the_archive_does_not_hold_is_not_drawn() {
    let site = Site::sample().await;
    let (id, act) = drone_act(&site).await;
    let png = sources(&act)[0].clone();
    let sheet = png.trim_end_matches("3.png");
    let zeros = "0".repeat(64);
    for bad in [
        format!("{sheet}999.png"),
        format!("{sheet}3.gif"),
        format!("{sheet}3.svg"),
        format!("{sheet}3.svg?acte=0"),
        format!("{sheet}-1.png"),
        format!("/documents/{zeros}/page/1.png"),
        format!("/documents/{zeros}/page/1.svg?acte={id}"),
        "/documents/..%2F..%2Fx/page/1.png".to_owned(),
    ] {
        assert_eq!(site.get(&bad).await.status, StatusCode::NOT_FOUND, "{bad}");
    }
}
