//! What courts decided: everything that is told of an act follows it.

use axum::http::StatusCode;
use guetteur_model::{ActId, Category, Ground, LegalDoubt, LegalDoubtKind, Level, Ruling, When};
use guetteur_store::{NewOutcome, Recorded};
use serde_json::Value;

use crate::support::{SampleAct, SampleBulletin, Site, bulletins};

const BODY: &str = "La captation d’images par drone est autorisée.";

/// Two drone orders of the present days; the second leaves a doubt about its length.
async fn site() -> (Site, [ActId; 2]) {
    let site = Site::empty().await;
    let order = |number: &str, page| {
        SampleAct::new(number, &format!("Arrêté {number} drones"), page, &[BODY])
            .flag("drone", Level::Authorises, "captation d’images")
            .facts(|facts| {
                facts.valid_from = When::parse("2026-08-12");
                facts.valid_to = When::parse("2026-08-20");
                facts.communes = vec![guetteur_model::Commune {
                    insee: "34172".into(),
                    name: "Montpellier".into(),
                }];
            })
    };
    let doubt = LegalDoubt {
        kind: LegalDoubtKind::TooLong,
        category: Category::new("drone").expect("category"),
        text: "csi-l242-5".into(),
        says: "Plus de trois mois.".into(),
        dispelled_by: "Un renouvellement.".into(),
        evidence: Vec::new(),
    };
    let second = order("A2", 2).facts(|facts| facts.legal_doubts = vec![doubt.clone()]);
    let bulletin = SampleBulletin { acts: vec![order("A1", 1), second], ..bulletins().remove(0) };
    site.publish(&bulletin).await;
    site.index().await;
    let ids = site.state.catalogue.store.acts_by_ids(&[ActId(1), ActId(2)]).await.expect("acts");
    (site, [ids[0].id, ids[1].id])
}

async fn decide(site: &Site, act: ActId, on: &str, ruling: Ruling) {
    let new = NewOutcome {
        act,
        court: "Tribunal administratif de Montpellier".into(),
        number: format!("26{on}"),
        decided_on: on.parse().expect("day"),
        ruling,
        ground: Some(Ground::Duration),
        source: Some("https://montpellier.example/decision".into()),
        note: None,
    };
    let store = &site.state.catalogue.store;
    let recorded = store.record_outcome(&new, site.state.catalogue.now()).await.expect("recorded");
    assert!(matches!(recorded, Recorded::New(_)), "{recorded:?}");
    site.index().await;
}

/// A page with plain blanks: letters have narrow ones where French typography does.
async fn words(site: &Site, address: &str) -> String {
    let answer = site.get(address).await;
    assert_eq!(answer.status, StatusCode::OK, "{address}");
    answer.text().replace(['\u{a0}', '\u{202f}'], " ")
}

async fn json(site: &Site, address: &str) -> Value {
    let answer = site.get(address).await;
    assert_eq!(answer.status, StatusCode::OK, "{address}: {}", answer.text());
    serde_json::from_slice(&answer.body).expect("JSON")
}

#[tokio::test]
async fn what_a_judge_took_away_is_in_force_nowhere() {
    let (site, [first, second]) = site().await;
    let in_force = async || json(&site, "/api/v1/search?quand=en-vigueur").await["total"].clone();
    let days = async || {
        let told = json(&site, "/api/v1/enquetes/jours?du=2026-08-01&au=2026-08-31").await;
        told["tables"]["jours"][0]["jours"].clone()
    };
    assert_eq!((in_force().await, days().await), (2.into(), 9.into()));
    decide(&site, first, "2026-08-14", Ruling::Suspended).await;
    assert_eq!((in_force().await, days().await), (1.into(), 9.into()), "the other still is");
    decide(&site, second, "2026-08-13", Ruling::Annulled).await;
    assert_eq!((in_force().await, days().await), (0.into(), 2.into()), "12 and 13 August");
    let map = json(&site, "/api/v1/carte?du=2026-08-01&au=2026-08-31").await;
    let herault = map["results"].as_array().expect("rows").iter().find(|row| row["code"] == "34");
    assert_eq!(herault.expect("Hérault")["jours"], 2);
    let town = site.get("/commune/34172").await;
    assert!(!town.text().contains("<strong>1</strong><span>autorisation en vigueur"));
    assert!(
        town.text().contains("mais un autre acte ou un juge les abroge, les annule"),
        "{}",
        town.text()
    );
    let letter = words(&site, "/commune/34172/lettre").await;
    assert!(letter.contains("Suspendu : Tribunal administratif de Montpellier"), "{letter}");
    let page = site.get(&format!("/acte/{first}")).await;
    assert!(page.text().contains("Ce qu’un juge en a dit"));
    assert!(page.text().contains("https://montpellier.example/decision"));
    // What is rejected leaves it suspended; what lifts the suspension is told where that was.
    decide(&site, first, "2026-08-15", Ruling::Rejected).await;
    assert_eq!((in_force().await, days().await), (0.into(), 2.into()));
    decide(&site, first, "2026-08-16", Ruling::Lifted).await;
    assert_eq!((in_force().await, days().await), (1.into(), 9.into()));
    let feed = site.get("/recherche.atom?categorie=drone").await;
    let feed = feed_rs::parser::parse(feed.body.as_slice()).expect("feed");
    let titles: Vec<&str> =
        feed.entries.iter().filter_map(|entry| Some(&*entry.title.as_ref()?.content)).collect();
    for told in ["[Suspendu] Arrêté A1", "[Suspension levée] Arrêté A1"] {
        assert!(titles.iter().any(|title| title.starts_with(told)), "{told}: {titles:?}");
    }
}

#[tokio::test]
async fn an_application_cites_what_fits_its_doubts() {
    let (site, [first, second]) = site().await;
    decide(&site, first, "2026-08-13", Ruling::Suspended).await;
    let fitting = words(&site, &format!("/acte/{second}/refere")).await;
    assert!(fitting.contains("Précédent. Suspendu : Tribunal administratif de Montp"));
    let itself = words(&site, &format!("/acte/{first}/refere")).await;
    assert!(!itself.contains("Précédent. "), "no doubt of its own, and no other act");
    assert!(itself.contains("L’acte ne produit plus d’effets."));
    assert!(itself.contains("référé n’a donc plus d’objet"));
}

#[tokio::test]
async fn precedents_are_a_page_a_table_and_an_answer() {
    let (site, [first, second]) = site().await;
    let empty = site.get("/precedents").await;
    assert!(empty.text().contains("Aucune décision sur un acte"));
    assert!(empty.text().contains("2510584"), "what texts cite is there");
    decide(&site, first, "2026-08-13", Ruling::Suspended).await;
    decide(&site, second, "2026-08-14", Ruling::Rejected).await;
    let page = site.get("/precedents").await;
    for said in
        ["1\u{a0}suspendu, 1\u{a0}requête rejetée", "Durée excessive", &format!("/acte/{first}")]
    {
        assert!(page.text().contains(said), "{said}");
    }
    let drones = json(&site, "/api/v1/precedents?categorie=drone").await;
    assert_eq!(drones.as_array().map(Vec::len), Some(2));
    assert_eq!((&drones[0]["ruling"], &drones[0]["act"]), (&"rejected".into(), &second.0.into()));
    assert_eq!(json(&site, "/api/v1/precedents?categorie=vsa").await, serde_json::json!([]));
    let csv = site.get("/precedents.csv").await;
    // What is taken away can be recorded from.
    let text = csv.text().to_owned();
    let today = site.state.catalogue.today();
    let file = guetteur_publish::precedents::read_outcomes(&text, today).expect("columns");
    assert_eq!((file.rows.len(), file.faults.len()), (2, 0), "{:?}", file.faults);
    for (_, outcome) in &file.rows {
        let store = &site.state.catalogue.store;
        let again = store.record_outcome(outcome, site.state.catalogue.now()).await.expect("asked");
        assert!(matches!(again, Recorded::Known(_)), "{again:?}");
    }
}
