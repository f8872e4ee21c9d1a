//! Pages of communes and prefectures: what is found, and that their numbers are those of the acts.

use axum::http::StatusCode;
use scraper::{Html, Selector};

use crate::support::Site;

fn texts(page: &Html, selector: &str) -> Vec<String> {
    let selector = Selector::parse(selector).expect("selector");
    let text = |e: scraper::ElementRef<'_>| e.text().collect::<Vec<_>>().join("");
    page.select(&selector)
        .map(|e| text(e).split_whitespace().collect::<Vec<_>>().join(" "))
        .collect()
}

async fn page(site: &Site, address: &str) -> Html {
    let answer = site.get(address).await;
    assert_eq!(answer.status, StatusCode::OK, "{address}: {}", answer.text());
    Html::parse_document(answer.text())
}

#[tokio::test]
async fn a_name_or_a_postcode_leads_to_the_commune() {
    let site = Site::empty().await;
    for (typed, insee) in [
        ("montpellier", "34172"),
        ("75011", "75111"),
        ("Paris+18", "75118"),
        ("S%C3%A8te", "34301"),
    ] {
        let answer = site.get(&format!("/communes?q={typed}")).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{typed}");
        assert_eq!(answer.header("location"), format!("/commune/{insee}"));
    }
}

#[tokio::test]
async fn homonyms_are_told_apart_and_mistakes_mended() {
    let site = Site::empty().await;
    let list = texts(&page(&site, "/communes?q=Saint-Denis").await, ".places li");
    assert!(list[0].starts_with("Saint-Denis La Réunion (974)"), "{list:?}");
    assert!(list.iter().any(|line| line.contains("Seine-Saint-Denis (93)")), "{list:?}");
    let larger = texts(&page(&site, "/communes?q=%C3%89vry").await, ".places li");
    assert!(larger.len() == 2 && larger[1].contains("Évry-Courcouronnes"), "{larger:?}");
    let near = page(&site, "/communes?q=monpelier").await;
    assert!(texts(&near, "[role=status]")[0].contains("Vouliez-vous dire"));
    assert!(texts(&near, ".places li")[0].starts_with("Montpellier Hérault (34)"));
    let nothing = site.get("/communes?q=zzzzzzz%3Cb%3E").await;
    assert_eq!(nothing.status, StatusCode::NOT_FOUND);
    assert!(nothing.text().contains("zzzzzzz&lt;b&gt;"), "what was typed is kept, escaped");
    assert_eq!(site.get("/communes").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_former_commune_leads_to_that_of_today() {
    let site = Site::empty().await;
    for (old, today) in [
        ("01091", "/commune/01033"),
        ("01091.atom", "/commune/01033.atom"),
        ("2a004", "/commune/2A004"),
    ] {
        let answer = site.get(&format!("/commune/{old}")).await;
        assert_eq!(answer.status, StatusCode::PERMANENT_REDIRECT, "{old}");
        assert_eq!(answer.header("location"), today);
    }
    assert_eq!(site.get("/commune/99999").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_commune_says_what_is_in_force_and_counts_it() {
    let site = Site::sample().await;
    let montpellier = page(&site, "/commune/34172").await;
    assert_eq!(
        texts(&montpellier, ".lead"),
        ["Aujourd’hui, vendredi 14 août 2026, 1 autorisation est en vigueur à Montpellier."]
    );
    assert!(texts(&montpellier, "#vigueur ~ ol h3")[0].contains("fête de la mer"));
    let row = ["Drones et hélicoptères", "1", "2", "non dit"];
    let rows = texts(&montpellier, "#appareils ~ .scroll tbody tr");
    assert_eq!(rows[1], row.join(""), "{rows:?}");
    assert_eq!(texts(&montpellier, "#services ~ ul .n"), ["1"]);
    // The months add up to all authorisations.
    let months = texts(&montpellier, "#temps ~ details td.n");
    assert_eq!(months.iter().map(|n| n.parse::<u64>().expect("number")).sum::<u64>(), 1);
    assert!(texts(&montpellier, "#fraicheur p")[0].contains("Préfecture de l'Hérault : à jour"));
}

#[tokio::test]
async fn numbers_of_a_place_are_those_of_the_search() {
    let site = Site::sample().await;
    let total = async |query: &str| {
        let answer = site.get(&format!("/api/v1/search?niveau=authorises&{query}")).await;
        let json: serde_json::Value = serde_json::from_slice(&answer.body).expect("JSON");
        json["total"].as_u64().expect("total")
    };
    for (address, place) in [
        ("/commune/34172", "commune=34172"),
        ("/commune/34142", "commune=34142"),
        ("/commune/75056", "commune=75110"),
        ("/prefecture/34", "prefecture=34"),
        ("/prefecture/ppparis", "prefecture=ppparis"),
        ("/prefecture/13", "prefecture=13"),
    ] {
        let page = page(&site, address).await;
        let months = texts(&page, "#temps ~ details td.n");
        let sum: u64 = months.iter().map(|n| n.parse::<u64>().expect("number")).sum();
        assert_eq!(sum, total(place).await, "{address}: over time");
        let in_force = total(&format!("{place}&quand=en-vigueur")).await;
        let said = &texts(&page, ".lead strong")[0];
        let first = said.split_whitespace().next().expect("word");
        assert_eq!(first.parse().unwrap_or(0), in_force, "{address}: {said}");
    }
}

#[tokio::test]
async fn a_city_has_the_acts_of_its_arrondissements() {
    let site = Site::sample().await;
    let paris = page(&site, "/commune/75056").await;
    assert!(texts(&paris, "#bientot ~ ol h3")[0].contains("gare du Nord"));
    assert_eq!(texts(&paris, "#arrondissements ~ ul li").len(), 20);
    assert!(site.get("/commune/75056.atom").await.text().contains("gare du Nord"));
    let tenth = page(&site, "/commune/75110").await;
    assert!(texts(&tenth, ".meta")[0].contains("Paris"), "a link to the city");
    let eleventh = page(&site, "/commune/75111").await;
    assert!(texts(&eleventh, "#actes ~ .note")[0].starts_with("Rien trouvé."));
}

#[tokio::test]
async fn acts_that_name_no_commune_are_said_apart() {
    let site = Site::sample().await;
    let marseille = page(&site, "/commune/13055").await;
    let wide = texts(&marseille, "#departement ~ ol h3");
    assert_eq!(wide.len(), 1, "the repeal, not the mention: {wide:?}");
    assert!(wide[0].contains("abrogeant"));
    assert!(texts(&marseille, "#actes ~ .note")[0].starts_with("Rien trouvé."));
}

#[tokio::test]
async fn a_prefecture_says_its_notice_and_what_it_has_not_dated() {
    let site = Site::sample().await;
    let herault = page(&site, "/prefecture/34").await;
    let text = texts(&herault, "main").join(" ");
    assert!(text.contains("1 autre autorisation ne donne pas de dates d’effet lues"), "{text}");
    assert!(
        text.contains(
            "La seule autorisation dont on connaît le préavis a été publiée moins de 48 heures"
        ),
        "{text}"
    );
}
