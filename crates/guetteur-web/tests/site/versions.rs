use std::time::Duration;

use axum::http::StatusCode;
use guetteur_model::Sha256;
use guetteur_store::{FetchRecord, Recheck};

use crate::support::{Site, now};

#[tokio::test]
async fn a_replaced_pdf_is_shown_with_its_day_and_both_versions() {
    let site = Site::sample().await;
    let store = &site.state.store;
    let url = "https://www.herault.gouv.fr/content/RAA%20211.pdf";
    let bulletin = store.bulletin_by_url(url).await.expect("read").expect("there");
    let address = format!("/recueil/{}", bulletin.id);
    assert!(!site.get(&address).await.text().contains("PDF modifié"), "one version only");

    let sources = ["34".to_owned()];
    store.recheck_now(&sources, now()).await.expect("due");
    let claim = store.claim_recheck(Some(&sources), "w", now(), Duration::from_secs(60)).await;
    let sha256 = Sha256::of(b"another");
    let fetch = FetchRecord {
        sha256,
        size_bytes: 7,
        final_url: url.to_owned(),
        http_status: 200,
        etag: None,
        last_modified: None,
    };
    let claim = claim.expect("claim").expect("due");
    store.complete_recheck(&claim, &Recheck::Got(fetch), now()).await.expect("changed");
    let answer = site.get(&address).await;
    assert_eq!(answer.status, StatusCode::OK);
    let first = bulletin.document.expect("document");
    for words in [
        "PDF modifié",
        "14 août 2026",
        &format!("/archive/{sha256}.pdf"),
        &format!("/archive/{first}.pdf"),
        "Version présente",
        "Version antérieure",
    ] {
        assert!(answer.text().contains(words), "{words}");
    }
    for format in ["atom", "rss", "json"] {
        let feed = site.get(&format!("/modifications.{format}")).await;
        let parsed = feed_rs::parser::parse(feed.body.as_slice()).expect(format);
        assert_eq!(parsed.entries.len(), 1, "{format}");
        assert!(parsed.entries[0].id.ends_with(&sha256.to_string()), "{format}");
        assert!(feed.text().contains(&first.to_string()), "{format}: the version before");
    }
    let changes = site.get("/modifications").await;
    assert!(changes.text().contains(&format!("/archive/{first}.pdf")));
}
