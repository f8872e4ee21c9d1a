use std::time::Duration;

use axum::http::StatusCode;
use guetteur_model::Sha256;
use guetteur_store::{FetchRecord, NewMask, Recheck};

use crate::support::{Site, bulletins, now};

#[tokio::test]
async fn a_replaced_pdf_is_shown_with_its_day_and_both_versions() {
    let site = Site::sample().await;
    let store = &site.state.catalogue.store;
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

    let changes = format!("{address}/changements");
    assert!(answer.text().contains(&changes), "the way there");
    assert!(site.get(&changes).await.text().contains("n’est pas encore lue"));
    for absent in ["/recueil/999/changements", "/recueil/2/changements"] {
        assert_eq!(site.get(absent).await.status, StatusCode::NOT_FOUND, "{absent}");
    }

    // The new version loses its first act and has another in the place of the last.
    let mut sample = bulletins().into_iter().find(|b| b.url == url).expect("sample");
    let lost = sample.acts.remove(0).act.title;
    let act = &mut sample.acts.last_mut().expect("acts").act;
    act.title = "Arrêté tout neuf".to_owned();
    act.number = Some("34-2026-08-12-00099".to_owned());
    act.pages = (40, 41).into();
    sample.seen_hours_ago = 0;
    site.read(&sample).await;
    let answer = site.get(&changes).await;
    assert_eq!(answer.status, StatusCode::OK);
    let (added, removed) = answer.text().split_once("Actes retirés").expect("both lists");
    assert!(added.contains("Arrêté tout neuf"), "{added}");
    assert!(removed.contains(&lost[..20]), "{removed}");
    assert!(removed.contains("<del>"), "the text differs: {removed}");

    // A mask on one of its acts covers the bulletin's title too, and withholds both versions.
    let act = store.acts_of_bulletin(bulletin.id).await.expect("acts")[0].id;
    let mask = NewMask { act, passage: "recueil n° 211", reason: None, keeps_pdf: false };
    store.lay_mask(mask, now()).await.expect("masked");
    for told in [
        &*address,
        &changes,
        "/modifications",
        "/modifications.atom",
        "/modifications.json",
        "/prefecture/34",
        "/api/v1/bulletins",
        &format!("/api/v1/bulletins/{}", bulletin.id),
    ] {
        let answer = site.get(told).await;
        assert_eq!(answer.status, StatusCode::OK, "{told}");
        assert!(!answer.text().contains("Recueil n° 211 du"), "{told}");
        for sha in [first, sha256] {
            assert!(!answer.text().contains(&format!("/archive/{sha}")), "{told}");
        }
    }
    for sha in [first, sha256] {
        let answer = site.get(&format!("/archive/{sha}.pdf")).await;
        assert_eq!(answer.status, StatusCode::UNAVAILABLE_FOR_LEGAL_REASONS);
    }
    assert!(site.get(&address).await.text().contains(&sha256.to_string()), "the hash stays");
}
