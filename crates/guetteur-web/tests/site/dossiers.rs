//! Dossiers: acts that somebody chose, in an address.

use axum::http::StatusCode;
use guetteur_model::Sha256;

use crate::exports::unzipped;
use crate::support::Site;

#[tokio::test]
async fn a_dossier_is_a_page_a_table_and_a_zip_of_evidence() {
    let site = Site::sample().await;
    let address = "?titre=F%C3%AAtes&prefecture=34&niveau=authorises&note.1=%3Cb%3E+%C3%A0+relire";
    let found = site.get("/api/v1/search?prefecture=34&niveau=authorises").await;
    let found: serde_json::Value = serde_json::from_slice(&found.body).expect("JSON");
    let id = found["results"][0]["id"].to_string();
    let address = address.replace("note.1", &format!("note.{id}"));
    let shown = site.get(&format!("/dossier{address}")).await;
    assert_eq!(shown.status, StatusCode::OK);
    let text = shown.text();
    assert!(text.contains("<h1>Fêtes</h1>") && text.contains("noindex"), "{text}");
    assert!(text.contains("&lt;b&gt; à relire") && !text.contains("<b>"), "notes are text: {text}");
    let fixed = format!("acte={id}");
    assert!(text.contains(&fixed), "the list can be fixed");

    let csv = site.get(&format!("/dossier.csv{address}")).await;
    assert!(csv.text().lines().next().expect("head").ends_with(";note"), "{}", csv.text());
    assert!(csv.text().contains("<b> à relire"));

    let one = site.get(&format!("/dossier.zip?acte={id}&note.{id}=vu")).await;
    assert_eq!(one.status, StatusCode::OK, "{}", one.text());
    let files = unzipped(&one.body);
    let sha = found["results"][0]["pdf_sha256"].as_str().expect("hash");
    let pdf = &files[&format!("recueils/{sha}.pdf")];
    assert_eq!(Sha256::of(pdf).to_string(), sha);
    for name in ["actes.csv", "notes.txt", "LISEZMOI.txt", &format!("actes/{id}/acte.json")] {
        let sums = String::from_utf8_lossy(&files["SHA256SUMS"]).into_owned();
        let hash = Sha256::of(&files[name]);
        assert!(sums.contains(&format!("{hash}  {name}\n")), "{name} in {sums}");
    }
}

#[tokio::test]
async fn an_address_that_servers_refuse_is_said_to_be_too_long() {
    let site = Site::sample().await;
    let address = |notes: usize| {
        let notes = (1..=notes).map(|nth| format!("&acte={nth}&note.{nth}={}", "x".repeat(600)));
        format!("/dossier?titre=F%C3%AAtes{}", notes.collect::<String>())
    };
    let said = "Cette adresse est trop longue pour être partagée";
    assert!(!site.get(&address(5)).await.text().contains(said));
    assert!(site.get(&address(13)).await.text().contains(said));
}

#[tokio::test]
async fn what_is_no_act_is_said_and_an_empty_dossier_has_no_zip() {
    let site = Site::sample().await;
    let shown = site.get("/dossier?acte=999999&acte=neuf").await;
    assert!(shown.text().contains("« 999999 »") && shown.text().contains("« neuf »"));
    assert!(shown.text().contains("Ce dossier est vide"));
    assert_eq!(site.get("/dossier.zip").await.status, StatusCode::NOT_FOUND);
}
