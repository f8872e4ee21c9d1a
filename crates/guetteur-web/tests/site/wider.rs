//! A région, an inter-municipality, a radius: one list in every format, said in words, refused where it is
//! not known.

use axum::http::StatusCode;
use scraper::{Html, Selector};
use serde_json::Value;

use crate::support::{Answer, Site};

fn attributes(answer: &Answer, selector: &str, name: &str) -> Vec<String> {
    let page = Html::parse_document(answer.text());
    let selector = Selector::parse(selector).expect("selector");
    page.select(&selector).filter_map(|e| e.value().attr(name)).map(str::to_owned).collect()
}

async fn found(site: &Site, query: &str) -> Vec<i64> {
    let answer = site.get(&format!("/api/v1/search?niveau=tous&{query}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{query}: {}", answer.text());
    let answer: Value = serde_json::from_str(answer.text()).expect("JSON");
    let acts = answer["results"].as_array().expect("results");
    let mut ids: Vec<i64> = acts.iter().map(|act| act["id"].as_i64().expect("id")).collect();
    ids.sort_unstable();
    ids
}

#[tokio::test]
async fn a_place_is_the_same_list_as_filter_and_in_words() {
    let site = Site::sample().await;
    let alike = [
        ("region=occitanie", "q=region:occitanie", "prefecture=34"),
        ("region=11", "q=region:%22%C3%8Ele-de-France%22", "prefecture=ppparis"),
        ("epci=243400017", "q=epci:%22Montpellier+M%C3%A9diterran%C3%A9e%22", "commune=34172"),
        ("autour=34172-20km", "q=autour:Montpellier", "commune=34172"),
        // Sète is 27 km away, Lodève 45.
        ("autour=34172-30km", "q=autour:Montpellier-30km", "commune=34172&commune=34301"),
        ("autour=34172-60km", "q=autour:34172-60km", "commune=34172&commune=34301&commune=34142"),
        ("epci=200054781", "q=epci:%22M%C3%A9tropole+du+Grand+Paris%22", "commune=75110"),
    ];
    for (filter, words, plain) in alike {
        let expected = found(&site, plain).await;
        assert!(!expected.is_empty(), "{plain}");
        assert_eq!(found(&site, filter).await, expected, "{filter}");
        assert_eq!(found(&site, words).await, expected, "{words}");
    }
    for (suffix, mark) in
        [("csv", "/acte/"), ("jsonl", "\"id\""), ("atom", "<entry>"), ("ics", "BEGIN:VEVENT")]
    {
        let marks = async |query: &str| {
            let answer = site.get(&format!("/recherche.{suffix}?{query}")).await;
            answer.text().matches(mark).count()
        };
        let wide = marks("autour=34172-20km").await;
        assert!(wide > 0, "{suffix}");
        assert_eq!(wide, marks("commune=34172").await, "{suffix}");
    }
}

#[tokio::test]
async fn what_is_not_known_is_refused_to_programs_and_said_to_people() {
    let site = Site::sample().await;
    for (query, said) in [
        ("region=Armorique", "région « Armorique » inconnue"),
        ("epci=999999999", "intercommunalité « 999999999 » inconnue"),
        ("epci=Quatre+Rivi%C3%A8res", "plusieurs ont ce nom"),
        ("autour=Monpelier", "Montpellier (34172)"),
        ("autour=34172-300km", "1 à 100"),
        ("q=autour:Atlantide", "Atlantide"),
        ("q=epci:999999999", "intercommunalité inconnue"),
        // Understood, but programs are told how it is written.
        ("autour=Montpellier&rayon=30", "34172-30km"),
        ("epci=Rennes+M%C3%A9tropole", "243500139"),
    ] {
        for address in ["/recherche.atom", "/recherche.csv", "/recherche.ics", "/api/v1/search"] {
            let answer = site.get(&format!("{address}?{query}")).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{address}?{query}");
            assert!(answer.text().contains(said), "{address}?{query}: {}", answer.text());
        }
        let page = site.get(&format!("/recherche?{query}")).await;
        assert_eq!(page.status, StatusCode::OK, "{query}");
        assert!(page.text().contains(said), "{query}");
    }
}

#[tokio::test]
async fn the_form_takes_places_as_people_type_them_and_says_what_the_list_leaves_out() {
    let site = Site::sample().await;
    let page = site.get("/recherche?autour=34172-5km&autour=Nantes&rayon=20&region=&epci=").await;
    let carried = attributes(&page, "form[role=search] input[type=hidden][name=autour]", "value");
    assert_eq!(carried, ["34172-5km", "44109-20km"]);
    let regions = attributes(&page, "select[name=region] option", "value");
    assert!(regions.contains(&"occitanie".to_owned()), "{regions:?}");
    assert!(!regions.contains(&"bretagne".to_owned()), "nothing is published there: {regions:?}");
    for (list, says) in [
        ("/recherche?autour=34172-5km", true),
        ("/recherche?q=epci:243500139", true),
        ("/abonnement?epci=243500139", true),
        ("/recherche?region=occitanie", false),
        ("/recherche?commune=34172", false),
    ] {
        let page = site.get(list).await;
        assert_eq!(page.text().contains("ne nomme aucune commune"), says, "{list}");
    }
    let feed = site.get("/recherche.atom?autour=34172-20km").await;
    assert!(feed.text().contains("20 km autour de Montpellier"), "{}", feed.text());
    assert!(feed.text().contains("Les actes qui ne nomment aucune commune n’y sont pas"));
}

#[tokio::test]
async fn a_town_offers_what_lies_around_it() {
    let site = Site::sample().await;
    let page = site.get("/commune/34172").await;
    let links = attributes(&page, ".wider a", "href");
    let expected = [
        "/recherche?autour=34172-20km",
        "/recherche.atom?autour=34172-20km",
        "/abonnement?autour=34172-20km",
        "/recherche?epci=243400017",
        "/recherche.atom?epci=243400017",
        "/abonnement?epci=243400017",
        "/recherche?region=occitanie",
        "/recherche.atom?region=occitanie",
        "/abonnement?region=occitanie",
    ];
    assert_eq!(links, expected);
    for link in links {
        assert_eq!(site.get(&link).await.status, StatusCode::OK, "{link}");
    }
}
