//! The archive is proof: what is not intact does not leave, and supervisors learn what does not answer.

use axum::http::StatusCode;
use guetteur_model::{FileTimes, Level, When};
use guetteur_publish::address::Filters;
use serde_json::Value;

use crate::support::{SampleAct, SampleBulletin, Site, bulletins};

/// A flagged act and the file of its PDF.
async fn some_act(site: &Site) -> (String, String, std::path::PathBuf) {
    let catalogue = &site.state.catalogue;
    let ids = catalogue.ids(&Filters::findings()).await.expect("found");
    let act = &catalogue.acts(&ids[..1]).await.expect("an act")[0];
    let sha = act.pdf_sha256.expect("a PDF");
    (act.id.to_string(), sha.to_string(), catalogue.archive.path(sha).expect("a folder"))
}

#[tokio::test]
async fn a_pdf_that_is_not_intact_never_leaves() {
    let site = Site::sample().await;
    let (id, sha, path) = some_act(&site).await;
    let addresses = [format!("/archive/{sha}.pdf"), format!("/acte/{id}.zip")];
    for address in &addresses {
        assert_eq!(site.get(address).await.status, StatusCode::OK, "{address}");
    }
    let mut bytes = std::fs::read(&path).expect("PDF");
    bytes[7] ^= 1;
    bytes.push(b'\n');
    std::fs::remove_file(&path).expect("for readers alone");
    std::fs::write(&path, &bytes).expect("altered");
    for address in &addresses {
        let answer = site.get_with(address, ("range", "bytes=0-3")).await;
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{address}");
        assert!(answer.text().contains("plus intact"), "{address}: {}", answer.text());
        assert!(!answer.text().contains("%PDF"), "{address}");
        assert!(!answer.header("cache-control").contains("immutable"), "{address}");
    }
    std::fs::remove_file(&path).expect("removed");
    for address in &addresses {
        let answer = site.get(address).await;
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{address}: known, missing");
    }
}

#[tokio::test]
async fn a_supervisor_learns_what_does_not_answer() {
    let site = Site::sample().await;
    for address in ["/healthz", "/readyz"] {
        let answer = site.get(address).await;
        assert_eq!(answer.status, StatusCode::OK, "{address}: {}", answer.text());
        assert_eq!(answer.header("cache-control"), "no-store", "{address}");
    }
    let archive = site.state.catalogue.archive.local_folder();
    std::fs::rename(archive, archive.with_extension("ailleurs")).expect("the disk goes");
    assert!(reasons(&site).await[0].starts_with("archive : "));
    site.state.catalogue.store.close().await;
    let reasons = reasons(&site).await;
    assert!(reasons.iter().any(|why| why.starts_with("base de données : ")), "{reasons:?}");
    assert!(!reasons.concat().contains("sqlite"), "no innards: {reasons:?}");
    assert_eq!(site.get("/healthz").await.status, StatusCode::OK, "alive all the same");
}

#[tokio::test]
async fn work_that_nobody_does_is_told() {
    let mut site = Site::empty().await;
    let mut waiting = bulletins().remove(0);
    waiting.seen_hours_ago = 1;
    site.fetch(&waiting).await;
    assert_eq!(site.get("/readyz").await.status, StatusCode::OK, "it only serves");
    site.change(|chosen| chosen.works = true);
    let reasons = reasons(&site).await;
    assert!(reasons[0].starts_with("travaux : 1 "), "{reasons:?}");
    site.read(&waiting).await;
    assert_eq!(site.get("/readyz").await.status, StatusCode::OK);
}

/// Why the site is not ready.
async fn reasons(site: &Site) -> Vec<String> {
    let answer = site.get("/readyz").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{}", answer.text());
    let body: Value = serde_json::from_str(answer.text()).expect("JSON");
    serde_json::from_value(body["reasons"].clone()).expect("reasons")
}

#[tokio::test]
async fn the_hour_of_publication_is_bounded_and_told_as_an_indication() {
    let site = Site::empty().await;
    let act = SampleAct::new("A1", "Arrêté A1 drones", 1, &["La captation est autorisée."])
        .flag("drone", Level::Authorises, "captation est autorisée")
        .facts(|facts| facts.valid_from = When::parse("2026-08-14T20:00:00+02:00"));
    let bulletin = SampleBulletin {
        acts: vec![act],
        published_on: "2026-08-14",
        seen_hours_ago: 1,
        ..bulletins().remove(0)
    };
    site.fetch(&bulletin).await;
    let modified = "2026-08-14T10:30:00+02:00".parse().ok();
    let times = FileTimes { created: "2026-08-14T09:00:00".parse().ok(), modified };
    site.read_made(&bulletin, Some(times)).await;
    site.index().await;
    let page = site.get("/acte/1").await.text().replace(['\u{a0}', '\u{202f}'], " ");
    for said in [
        "14 août 2026 à 9 h, sans fuseau horaire",
        "Publié au plus tôt le 14 août 2026 à 10 h 30, au plus tard le 14 août 2026 à 11 h",
        "de 9 à 9,5 heures avant son effet",
        "un indice, pas une certitude",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let told: Value = serde_json::from_slice(&site.get("/api/v1/acts/1").await.body).expect("JSON");
    assert_eq!(told["hour"]["pdf_modified"], "2026-08-14T10:30:00+02:00");
    assert_eq!(told["hour"]["not_before"], "2026-08-14T08:30:00Z");
    assert_eq!(told["hour"]["notice_at_most"], 9.5);
    let csv = site.get("/recherche.csv").await;
    let (head, line) = csv.text().split_once("\r\n").expect("two lines");
    assert!(head.contains(
        "pdf_cree;pdf_modifie;serveur_modifie;publie_au_plus_tot;publie_au_plus_tard;\
         preavis_au_plus_heures;preavis_au_moins_heures"
    ));
    assert!(line.contains(";9,5;9;;dep-"), "{line}");
}
