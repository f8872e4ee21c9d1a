//! A feed read back page by page while bulletins come out.

use std::collections::BTreeSet;

use guetteur_model::Level;
use serde_json::Value;

use crate::support::{SampleAct, SampleBulletin, Site};

fn bulletin(
    url: &'static str,
    published_on: &'static str,
    seen_hours_ago: i64,
    acts: u32,
) -> SampleBulletin {
    let act =
        |n: u32| {
            let words = "Est autorisée la captation d’images.";
            SampleAct::new(&format!("{url}-{n}"), &format!("Arrêté {n} de {url}"), n, &[words])
                .flag("drone", Level::Authorises, words)
        };
    SampleBulletin {
        source: "13",
        url,
        title: url,
        number: None,
        published_on,
        seen_hours_ago,
        acts: (1..=acts).map(act).collect(),
    }
}

/// The bulletins of before, and those that come out between the first page and the second.
async fn site() -> Site {
    let site = Site::empty().await;
    // Found long ago; in time; and late, of which the first page holds some beside the newest.
    site.publish(&bulletin("https://x.fr/vieux", "2026-06-20", 1_000, 60)).await;
    site.publish(&bulletin("https://x.fr/temps", "2026-08-10", 30, 60)).await;
    site.publish(&bulletin("https://x.fr/tard", "2026-07-01", 20, 60)).await;
    site.index().await;
    site
}

async fn items(site: &Site, address: &str) -> (Vec<String>, Option<String>) {
    let answer = site.get(address).await;
    assert_eq!(answer.status, 200, "{address}: {}", answer.text());
    let feed: Value = serde_json::from_slice(&answer.body).expect("JSON");
    let items = feed["items"].as_array().expect("items");
    let titles = items.iter().map(|item| item["title"].as_str().expect("title").to_owned());
    let next = feed["next_url"].as_str();
    let next = next.map(|next| next.replace("https://guetteur.example", ""));
    (titles.collect(), next)
}

#[tokio::test]
async fn nothing_comes_twice_and_nothing_is_lost_while_bulletins_come_out() {
    let site = site().await;
    let mut told = BTreeSet::new();
    let mut page = Some("/recherche.json".to_owned());
    let mut pages = 0;
    while let Some(address) = page {
        let (titles, next) = items(&site, &address).await;
        assert!(!titles.is_empty(), "{address} leads nowhere");
        for title in titles {
            assert!(told.insert(title.clone()), "{address} tells {title} again");
        }
        if pages == 0 {
            assert_eq!(told.len(), 100, "the newest fifty, and as many that are news");
            // One of them of the day, one of an old day that is further on in the list.
            site.publish(&bulletin("https://x.fr/neuf", "2026-08-14", 1, 10)).await;
            site.publish(&bulletin("https://x.fr/ancien", "2026-06-01", 1, 5)).await;
            site.index().await;
        }
        pages += 1;
        page = next;
    }
    let of = |url: &str| told.iter().filter(|title| title.contains(url)).count();
    let counts = ["vieux", "temps", "tard", "ancien", "neuf"].map(of);
    assert_eq!(counts, [60, 60, 60, 5, 0], "what came on top is on the first page by now");
    let first: BTreeSet<String> = items(&site, "/recherche.json").await.0.into_iter().collect();
    assert_eq!(first.difference(&told).count(), 10);
}

#[tokio::test]
async fn a_page_by_its_number_is_the_one_that_its_link_leads_to() {
    let site = site().await;
    let (_, second) = items(&site, "/recherche.json").await;
    let (by_link, third) = items(&site, &second.expect("a second page")).await;
    assert_eq!(by_link, items(&site, "/recherche.json?page=2").await.0);
    let by_link = items(&site, &third.expect("a third page")).await.0;
    assert_eq!(by_link, items(&site, "/recherche.json?page=3").await.0);
    assert_eq!(items(&site, "/recherche.json?page=9").await, (Vec::new(), None));
    for wrong in ["hier", "2026-08-10", "2026-08-10.x"] {
        let answer = site.get(&format!("/recherche.atom?page=2&suite={wrong}")).await;
        assert_eq!(answer.status, 400, "{wrong}");
        assert!(answer.text().contains(&format!("suite « {wrong} » inconnue")));
    }
}
