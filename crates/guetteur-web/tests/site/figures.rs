//! The map and the investigations on acts whose truth is worked out by hand.

use axum::http::StatusCode;
use guetteur_model::{Commune, Level, Purpose, When};
use guetteur_web::FigureBook;
use scraper::Html;
use serde_json::Value;

use crate::pages::{attributes, page, select};
use crate::support::{SampleAct, SampleBulletin, Site};

const BODY: &str = "La captation d’images par drone est autorisée.";

/// On the page of the digit in its number.
fn drone(number: &str) -> SampleAct {
    let page = number[1..].parse().expect("a page");
    SampleAct::new(number, &format!("Arrêté {number} drones"), page, &[BODY]).flag(
        "drone",
        Level::Authorises,
        "captation d’images",
    )
}

fn during(act: SampleAct, from: &str, to: &str, notice: f64) -> SampleAct {
    act.facts(|facts| {
        facts.valid_from = When::parse(from);
        facts.valid_to = When::parse(to);
        facts.notice_hours = Some(notice);
    })
}

fn bulletin(source: &'static str, url: &'static str, on: &'static str) -> SampleBulletin {
    SampleBulletin {
        source,
        url,
        title: "Recueil",
        number: None,
        published_on: on,
        seen_hours_ago: 3,
        acts: Vec::new(),
    }
}

/// Hérault: two dated acts that overlap on the 14th, one without dates, one to be checked. Police
/// prefecture: one act for Paris and Saint-Denis on the day of its publication, one published after
/// it began that names no commune. Bouches-du-Rhône: read, nothing found.
async fn known() -> Site {
    let site = Site::empty().await;
    let communes = |facts: &mut guetteur_model::Facts, codes: &[&str]| {
        let commune = |code: &&str| Commune { insee: (*code).into(), name: (*code).into() };
        facts.communes = codes.iter().map(commune).collect();
    };
    let herault = vec![
        during(drone("A1"), "2026-08-12", "2026-08-14", 48.0).facts(|facts| {
            facts.purposes = vec![Purpose::Gatherings, Purpose::Terrorism];
            facts.beneficiary = Some("le groupement de gendarmerie départementale".into());
        }),
        during(drone("A2"), "2026-08-14T18:00:00+02:00", "2026-08-15", 114.0).facts(|facts| {
            facts.purposes = vec![Purpose::Gatherings];
            facts.beneficiary = Some("=la police nationale".into());
        }),
        drone("A3"),
        drone("A4").doubtful(),
    ];
    let herault =
        SampleBulletin { acts: herault, ..bulletin("34", "https://h/1.pdf", "2026-08-10") };
    let first = during(drone("P1"), "2026-08-01", "2026-08-02", 0.0)
        .facts(|facts| communes(facts, &["75110", "93066"]));
    let first = SampleBulletin {
        acts: vec![first],
        ..bulletin("ppparis", "https://p/1.pdf", "2026-08-01")
    };
    let late = during(drone("P2"), "2026-08-04", "2026-08-04", -24.0);
    let late =
        SampleBulletin { acts: vec![late], ..bulletin("ppparis", "https://p/2.pdf", "2026-08-05") };
    let plain = SampleAct::new("13-1", "Arrêté de chasse", 1, &["Chasse."]);
    let plain =
        SampleBulletin { acts: vec![plain], ..bulletin("13", "https://b/1.pdf", "2026-08-02") };
    for bulletin in [herault, first, late, plain] {
        site.publish(&bulletin).await;
    }
    site.index().await;
    site
}

async fn json(site: &Site, address: &str) -> Value {
    let answer = site.get(address).await;
    assert_eq!(answer.status, StatusCode::OK, "{address}");
    serde_json::from_slice(&answer.body).expect("JSON")
}

/// Rows of a CSV without its heading.
async fn csv(site: &Site, address: &str) -> Vec<Vec<String>> {
    let answer = site.get(address).await;
    assert_eq!(answer.status, StatusCode::OK, "{address}");
    let rows = answer.text().lines().skip(1);
    rows.map(|row| row.split(';').map(str::to_owned).collect()).collect()
}

/// The rows of the table with this caption, cell by cell.
fn table(page: &Html, caption: &str) -> Vec<Vec<String>> {
    let tables = scraper::Selector::parse("table").expect("selector");
    let (rows, cells) = (
        scraper::Selector::parse("tbody tr").expect("selector"),
        scraper::Selector::parse("th, td").expect("selector"),
    );
    let found = page.select(&tables).find(|table| {
        let captions = scraper::Selector::parse("caption").expect("selector");
        table.select(&captions).any(|c| c.text().collect::<String>().starts_with(caption))
    });
    let text = |cell: scraper::ElementRef<'_>| cell.text().collect::<String>().trim().to_owned();
    let found = found.unwrap_or_else(|| panic!("no table « {caption} »"));
    found.select(&rows).map(|row| row.select(&cells).map(text).collect()).collect()
}

#[tokio::test]
async fn drones_are_counted_by_prefecture_purpose_beneficiary_and_month() {
    let site = known().await;
    let shown = page(&site, "/enquetes/drones").await;
    let numbers = |rows: Vec<Vec<String>>, name: usize, number: usize| -> Vec<(String, String)> {
        let rows = rows.into_iter().filter(|row| row[number] != "0");
        rows.map(|row| (row[name].clone(), row[number].clone())).collect()
    };
    let pair = |name: &str, number: &str| (name.to_owned(), number.to_owned());
    let by_prefecture = [pair("34", "3"), pair("ppparis", "2")];
    assert_eq!(numbers(table(&shown, "Autorisations par préf"), 1, 2), by_prefecture);
    let files = csv(&site, "/enquetes/drones/prefectures.csv").await;
    assert_eq!(numbers(files, 1, 2), by_prefecture, "the CSV tells what the page tells");
    let purposes = numbers(table(&shown, "Autorisations par fin"), 1, 2);
    assert_eq!(purposes, [pair("gatherings", "2"), pair("terrorism", "1"), pair("aucune", "3")]);
    let kinds = numbers(table(&shown, "Autorisations par bén"), 0, 1);
    let expected =
        [pair("Non dit", "3"), pair("Gendarmerie nationale", "1"), pair("Police nationale", "1")];
    assert_eq!(kinds, expected);
    assert_eq!(numbers(table(&shown, "Autorisations par mois"), 1, 2), [pair("2026-08", "5")]);
    let apart = numbers(table(&shown, "Actes mis"), 1, 2);
    assert_eq!(apart, [pair("a-verifier", "1")]);

    let told = json(&site, "/api/v1/enquetes/drones").await;
    assert_eq!((&told["counted"], &told["apart"][0]["actes"]), (&5.into(), &1.into()));
    assert_eq!(told["tables"]["prefectures"][0]["actes"], 3);
    assert_eq!(told["tables"]["mois"][0]["actes"], 5);
    let narrow =
        json(&site, "/api/v1/enquetes/drones?prefecture=34&du=2026-08-10&au=2026-08-10").await;
    assert_eq!(narrow["counted"], 3);
    let empty = json(&site, "/api/v1/enquetes/drones?annee=2024").await;
    assert_eq!(empty["counted"], 0);
}

#[tokio::test]
async fn doubts_of_law_are_counted_by_doubt_category_and_prefecture() {
    let site = Site::sample().await;
    let told = json(&site, "/api/v1/enquetes/doutes?annee=2026").await;
    let late = told["tables"]["doutes"].as_array().expect("rows").iter();
    let late: Vec<&Value> = late.filter(|row| row["actes"] != 0).collect();
    assert_eq!((late.len(), &late[0]["id"]), (1, &"too-late-for-a-judge".into()));
    let drones = &told["tables"]["categories"][0];
    assert_eq!((&drones["id"], &drones["doutes"]), (&"drone".into(), &1.into()));
    assert_eq!(told["tables"]["prefectures"][0]["code"], "34");
    let shown = page(&site, "/enquetes/doutes?annee=2026").await;
    let rows = table(&shown, "Actes qui laissent");
    assert!(rows.iter().any(|row| row[1] == "too-late-for-a-judge" && row[2] == "1"), "{rows:?}");
    let lines = site.get("/enquetes/doutes/actes.csv?annee=2026").await;
    assert_eq!(lines.text().matches("ce-473547").count(), 1);
    let without = json(&site, "/api/v1/enquetes/doutes?annee=2026&categorie=vsa").await;
    let doubts = without["tables"]["doutes"].as_array().expect("rows");
    assert!(doubts.iter().all(|row| row["actes"] == 0), "{doubts:?}");
}

#[tokio::test]
async fn the_map_at_a_day_counts_what_is_in_force_then() {
    let site = known().await;
    let herault = async |day: &str| {
        let told = json(&site, &format!("/api/v1/carte?le={day}")).await;
        let rows = told["results"].as_array().expect("rows").clone();
        let row = rows.into_iter().find(|row| row["code"] == "34").expect("Hérault");
        (row["en_vigueur"].clone(), row["jours"].clone())
    };
    assert_eq!(herault("2026-08-14").await, (2.into(), 1.into()));
    assert_eq!(herault("2026-08-15").await, (1.into(), 1.into()));
    let shown = page(&site, "/carte?le=2026-08-14&categorie=drone").await;
    let text = shown.root_element().text().collect::<String>();
    assert!(
        text.contains("2\u{a0}actes en vigueur") || text.contains("actes en vigueur"),
        "{text}"
    );
    let days = attributes(&shown, "a[href*='le=2026-08-']", "href");
    for day in ["2026-08-07", "2026-08-13", "2026-08-15", "2026-08-21"] {
        let address = format!("/carte?categorie=drone&le={day}");
        assert!(days.contains(&address), "{address}: {days:?}");
    }
    // A period leads to its last day.
    let period = page(&site, "/carte?du=2026-08-01&au=2026-08-15").await;
    assert!(attributes(&period, "a", "href").contains(&"/carte?le=2026-08-15".to_owned()));
    let wrong = site.get("/carte?le=2026-02-30").await;
    assert!(wrong.text().contains("2026-02-30 » n’est pas une date"), "{}", wrong.text());
    let picture = site.get("/carte/carte.csv?le=2026-02-30").await;
    assert_eq!(picture.status, StatusCode::BAD_REQUEST, "programs are told");
}

#[tokio::test]
async fn figures_of_something_else_than_was_asked_are_said_or_refused() {
    let site = known().await;
    for (address, why) in [
        ("/api/v1/carte?commune=34172", "commune=34172 est sans effet"),
        ("/api/v1/carte?le=2026-02-30", "n’est pas une date"),
        ("/carte/carte.csv?mesure=tout", "mesure « tout » inconnue"),
        ("/api/v1/enquetes/drones?du=demain", "n’est pas une date"),
        ("/api/v1/enquetes/drones?du=2026-08-15&au=2026-08-14", "la fin précède le début"),
        ("/api/v1/enquetes/drones?categorie=vsa", "categorie=vsa est sans effet"),
        ("/api/v1/enquetes/drones?prefecture=999", "préfecture « 999 » inconnue"),
        ("/enquetes/drones/actes.csv?niveau=fort", "niveau « fort » inconnu"),
        ("/enquetes/drones/presse?q=gare", "q=gare est sans effet"),
        ("/api/v1/enquetes/drones?le=2026-08-14", "le est sans effet"),
        ("/api/v1/carte?le=2026-08-14&du=2026-01-01", "sans effet à côté de le"),
        ("/api/v1/carte?le=2026-08-14&le=2026-08-15", "« le » est donné plusieurs fois"),
        ("/carte/carte.csv?annee=2025&du=2026-08-01&au=2026-08-31", "annee est sans effet"),
        ("/api/v1/carte?annee=2024&annee=2026", "de 2024 à 2026, les années qui manquent"),
    ] {
        let answer = site.get(address).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{address}");
        assert!(answer.text().contains(why), "{address}: {}", answer.text());
    }
    for (address, note) in [
        ("/carte?commune=34172&mesure=tout", "Ignoré dans l’adresse : commune=34172"),
        ("/enquetes/drones?categorie=vsa", "Ignoré dans l’adresse : categorie=vsa"),
        ("/enquetes/drones?prefecture=zz", "préfecture « zz » inconnue"),
        ("/carte?categorie=nope", "catégorie « nope » inconnue"),
        ("/recherche?prefecture=zz&categorie=nope", "catégorie « nope » inconnue"),
        ("/enquetes/jours?categorie=drones", "« drones » comprise comme « drone »"),
    ] {
        let shown = page(&site, address).await;
        let notes = select(&shown, ".note").join("\n");
        assert!(notes.contains(note), "{address}: {notes}");
    }
    for address in [
        "/api/v1/enquetes/drones?categorie=drone&tri=publication&page=2",
        "/api/v1/carte?annee=2025&annee=2026",
    ] {
        assert_eq!(site.get(address).await.status, StatusCode::OK, "{address}");
    }
}

#[tokio::test]
async fn notice_is_counted_in_classes_that_hold_each_other() {
    let site = known().await;
    let shown = page(&site, "/enquetes/preavis").await;
    let rows = table(&shown, "Préavis par préf");
    let row = |name: &str| rows.iter().find(|row| row[1] == name).expect("row").join("|");
    let expected = "Ensemble||4|1|2|2|3|25\u{202f}%|50\u{202f}%|50\u{202f}%|75\u{202f}%";
    assert_eq!(row(""), expected);
    assert!(row("34").contains("|34|2|0|0|0|1|"), "{}", row("34"));
    assert!(row("ppparis").contains("|ppparis|2|1|2|2|2|"), "{}", row("ppparis"));
    let classes: Vec<String> =
        table(&shown, "Actes par préavis").into_iter().map(|row| row[1].clone()).collect();
    assert_eq!(classes, ["1", "1", "0", "1", "1"]);
    let apart: Vec<String> =
        table(&shown, "Actes mis").into_iter().map(|row| row[1].clone()).collect();
    assert_eq!(apart, ["a-verifier", "sans-debut"]);
    let told = json(&site, "/api/v1/enquetes/preavis").await;
    assert_eq!(told["tables"]["prefectures"][0]["moins_48h"], 2);
    assert_eq!(told["counted"], 4);
}

#[tokio::test]
async fn days_are_united_and_every_act_can_be_checked() {
    let site = known().await;
    let shown = page(&site, "/enquetes/jours").await;
    let rows = table(&shown, "Jours couverts");
    let days: Vec<[&str; 4]> =
        rows.iter().map(|row| [&*row[1], &*row[2], &*row[4], &*row[5]]).collect();
    assert_eq!(days, [["34", "3", "2", "2"], ["ppparis", "3", "2", "0"]], "up to today");
    let told = json(&site, "/api/v1/enquetes/jours").await;
    assert_eq!(told["tables"]["jours"][0]["jours"], 3);
    let lines = csv(&site, "/enquetes/jours/actes.csv").await;
    let heading = site.get("/enquetes/jours/actes.csv").await;
    let heading: Vec<&str> = heading.text().lines().next().expect("heading").split(';').collect();
    let at = |name: &str| {
        heading.iter().position(|h| h.trim_start_matches('\u{feff}') == name).expect(name)
    };
    let (counts, reason) = (at("compte"), at("motif"));
    let verdicts: Vec<[&str; 2]> =
        lines.iter().map(|line| [&*line[counts], &*line[reason]]).collect();
    let yes = ["oui", ""];
    assert_eq!(verdicts, [yes, yes, ["non", "sans-dates"], ["non", "a-verifier"], yes, yes]);
    assert_eq!(
        [&*lines[1][at("jours_du")], &*lines[1][at("jours_au")]],
        ["2026-08-14", "2026-08-14"]
    );
    assert_eq!(lines[1][at("beneficiaire")], "'=la police nationale", "no formula");
    for line in &lines {
        let path = line[at("adresse")].trim_start_matches("https://guetteur.example");
        assert_eq!(site.get(path).await.status, StatusCode::OK);
    }
    // One prefecture alone has a calendar.
    let calendar = page(&site, "/enquetes/jours?prefecture=34").await;
    let squares = select(&calendar, "svg.drawing rect title");
    let two: Vec<&str> =
        squares.iter().map(String::as_str).filter(|title| title.contains("2 actes")).collect();
    assert_eq!((squares.len(), two), (3, vec!["14/08/2026 : 2 actes en vigueur"]));
}

#[tokio::test]
async fn the_map_tells_the_numbers_of_its_table() {
    let site = known().await;
    for (query, column, herault) in [
        ("", "actes", "3\u{a0}actes"),
        ("?mesure=jours", "jours", "3\u{a0}jours"),
        ("?mesure=preavis", "moins_48h", "0\u{202f}% (0 sur 2)"),
    ] {
        let shown = page(&site, &format!("/carte{query}")).await;
        let names = select(&shown, "svg.drawing title");
        assert!(names.contains(&format!("Hérault (34) : {herault}")), "{query}: {names:?}");
        assert!(names.contains(&"La Réunion (974) : pas regardé".to_owned()), "{query}");
        let rows = table(&shown, "Par département");
        assert_eq!(rows.len(), 101, "every département, overseas too");
        let told = json(&site, &format!("/api/v1/carte{query}")).await;
        let told = told["results"].as_array().expect("rows").clone();
        let file = csv(&site, &format!("/carte/carte.csv{query}")).await;
        for ((row, told), line) in rows.iter().zip(&told).zip(&file) {
            assert_eq!(row[1], told["code"]);
            // Where nobody looked: a dash, an empty field, null.
            let dashed = line[3..7].iter().map(|field| if field.is_empty() { "–" } else { field });
            assert_eq!(row[3..7], dashed.collect::<Vec<_>>(), "{}", row[0]);
            for (cell, column) in row[3..5].iter().zip(["actes", "jours"]) {
                assert_eq!(told[column].as_u64(), cell.parse().ok(), "{}", row[0]);
            }
            assert!(row[2] == "oui" || row[3] != "0", "{}: 0 is a finding", row[0]);
        }
        let number =
            |code: &str| told.iter().find(|row| row["code"] == code).expect(code)[column].as_u64();
        let expected = match column {
            "actes" => [3, 2, 1, 0],
            "jours" => [3, 3, 2, 0],
            _ => [0, 2, 1, 0],
        };
        assert_eq!(["34", "75", "93", "13"].map(number), expected.map(Some), "{query}");
    }
    let shown = page(&site, "/carte").await;
    let links = attributes(&shown, "svg.drawing a", "href");
    assert!(links.contains(&"/prefecture/34".to_owned()));
    let looked = |code: &str| {
        table(&shown, "Par département").into_iter().find(|row| row[1] == code).expect(code)[2]
            .clone()
    };
    assert_eq!(["34", "13", "974"].map(looked), ["oui", "oui", "non"]);
    let names = select(&shown, "svg.drawing title");
    assert!(names.contains(&"Bouches-du-Rhône (13) : 0\u{a0}acte".to_owned()));
    let years_ago = page(&site, "/carte?annee=2020").await;
    let names = select(&years_ago, "svg.drawing title");
    assert!(names.iter().all(|name| name.ends_with("pas regardé")), "nothing was read of 2020");
}

#[tokio::test]
async fn figures_follow_the_database() {
    let site = known().await;
    let counted = async || json(&site, "/api/v1/enquetes/drones").await["counted"].clone();
    assert_eq!(counted().await, 5);
    let more = SampleBulletin {
        acts: vec![drone("B1")],
        ..bulletin("2A", "https://c/1.pdf", "2026-08-12")
    };
    site.publish(&more).await;
    assert_eq!(counted().await, 6);
    for address in ["/enquetes/rien", "/enquetes/drones/rien.csv", "/carte/rien.png"] {
        assert_eq!(site.get(address).await.status, StatusCode::NOT_FOUND, "{address}");
    }
    let png = site.get("/enquetes/jours/jours.png").await;
    assert_eq!(png.header("content-type"), "image/png");
}

#[tokio::test]
async fn a_site_that_starts_again_begins_with_the_book_that_it_left() {
    let mut site = known().await;
    let store = site.state.catalogue.store.clone();
    store.set_archive_mark("ours").await.expect("marked");
    let path = site.exports().with_file_name("figures.zst");
    site.begin_figures(FigureBook::open(path.clone(), &store).await);
    let before = json(&site, "/api/v1/enquetes/drones").await;
    site.state.figures.close(&store).await;
    assert!(path.is_file());

    site.publish(&SampleBulletin {
        acts: vec![during(drone("A9"), "2026-08-13", "2026-08-13", 24.0)],
        ..bulletin("34", "https://34.example/new.pdf", "2026-08-12")
    })
    .await;
    site.begin_figures(FigureBook::open(path.clone(), &store).await);
    let after = json(&site, "/api/v1/enquetes/drones").await;
    assert_ne!(after, before, "what came meanwhile is followed");
    site.begin_figures(FigureBook::default());
    assert_eq!(json(&site, "/api/v1/enquetes/drones").await, after, "as if all had been read");

    std::fs::write(&path, b"damaged").expect("written");
    site.begin_figures(FigureBook::open(path.clone(), &store).await);
    assert_eq!(json(&site, "/api/v1/enquetes/drones").await, after);
    site.state.figures.close(&store).await;
    site.begin_figures(FigureBook::open(path, &store).await);
    assert_eq!(json(&site, "/api/v1/enquetes/drones").await, after);
}
