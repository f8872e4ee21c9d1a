use guetteur_model::Level;
use guetteur_store::AnalysedAct;

use crate::support::{SampleAct, Site, bulletins};

/// Titles and ids of the entries of `/recherche.json`.
async fn entries(site: &Site) -> Vec<(String, String, String)> {
    let feed: serde_json::Value =
        serde_json::from_slice(&site.get("/recherche.json").await.body).expect("JSON");
    let text = |item: &serde_json::Value, key: &str| item[key].as_str().expect(key).to_owned();
    // What became of an act is an entry of its own, in words (`states.rs`).
    let items = feed["items"].as_array().expect("items").iter();
    let items = items.filter(|item| item.get("content_text").is_none());
    items.map(|i| (text(i, "id"), text(i, "title"), text(i, "content_html"))).collect()
}

/// An alert raised from the sommaire stays one entry: confirmed, or taken back where it was told.
#[tokio::test]
async fn a_first_alert_is_settled_in_its_own_entry() {
    let site = Site::empty().await;
    let watched = |act: &SampleAct| act.flags.iter().any(|flag| flag.level == Level::Authorises);
    let mut bulletin = bulletins().into_iter().find(|b| b.acts.iter().any(watched)).expect("one");
    bulletin.acts.retain(watched);
    bulletin.acts.truncate(1);
    let mut announced = vec![bulletin.acts[0].clone(), bulletin.acts[0].clone()];
    announced[1].act.title = "Arrêté qui n’existe pas".to_owned();
    announced[1].act.number = Some("99".to_owned());
    announced[1].act.pages.from += 40;
    for act in &mut announced {
        act.act.text.clear();
    }
    let (id, document) = site.fetch(&bulletin).await;
    let acts: Vec<AnalysedAct> = announced.iter().map(SampleAct::analysed).collect();
    let told = site
        .state
        .catalogue
        .store
        .raise_alerts(id, document, &acts, "test", crate::support::now())
        .await;
    assert_eq!(told.expect("announced").len(), 2);
    site.index().await;
    let first = entries(&site).await;
    assert_eq!(first.len(), 2);
    for (_, title, html) in &first {
        assert!(title.starts_with("[À confirmer] ["), "{title}");
        assert!(html.contains("ses pages n’ont pas encore été lues"), "{html}");
    }

    site.read(&bulletin).await;
    site.index().await;
    let settled = entries(&site).await;
    let ids = |entries: &[(String, String, String)]| -> Vec<String> {
        let mut ids: Vec<_> = entries.iter().map(|(id, _, _)| id.clone()).collect();
        ids.sort();
        ids
    };
    assert_eq!(ids(&settled), ids(&first), "the same entries");
    let of = |part: &str| settled.iter().find(|(_, title, _)| title.contains(part)).expect("entry");
    let (withdrawn, html) = (&of("qui n’existe pas").1, &of("qui n’existe pas").2);
    assert!(withdrawn.starts_with("[Alerte retirée] ["), "{withdrawn}");
    assert!(html.contains("n’a pas confirmé"), "{html}");
    let confirmed = settled.iter().find(|(_, title, _)| title != withdrawn).expect("the other");
    assert!(!confirmed.1.contains("confirm") && confirmed.2.contains("confirmé à la lecture"));

    for address in ["/recherche", "/recherche.csv", "/api/v1/search?s=", "/"] {
        let page = site.get(address).await;
        assert!(!page.text().contains("qui n’existe pas"), "{address} shows what is not");
    }
    let page = site.get(&format!("/acte/{}", told_id(&withdrawn_id(&settled)))).await;
    assert!(page.text().contains("Alerte retirée"), "its own page keeps what was said");
}

fn withdrawn_id(entries: &[(String, String, String)]) -> String {
    let entry = entries.iter().find(|(_, title, _)| title.starts_with("[Alerte retirée]"));
    entry.expect("withdrawn").0.clone()
}

/// `tag:…:acte:12` → `12`.
fn told_id(tag: &str) -> &str {
    tag.rsplit(':').next().expect("id")
}
