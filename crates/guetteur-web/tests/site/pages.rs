use std::collections::{BTreeMap, BTreeSet, VecDeque};

use axum::http::StatusCode;
use guetteur_model::{LeftOut, LeftOutReason, Level, Sha256};
use guetteur_store::{ListRole, Look, PassKind};
use scraper::{Html, Selector};

use crate::support::{Answer, SampleAct, SampleBulletin, Site, now};

pub(crate) fn select(page: &Html, selector: &str) -> Vec<String> {
    let selector = Selector::parse(selector).expect("selector");
    page.select(&selector).map(|e| e.text().collect::<String>().trim().to_owned()).collect()
}

pub(crate) fn attributes(page: &Html, selector: &str, name: &str) -> Vec<String> {
    let selector = Selector::parse(selector).expect("selector");
    page.select(&selector).filter_map(|e| e.value().attr(name)).map(str::to_owned).collect()
}

pub(crate) async fn page(site: &Site, address: &str) -> Html {
    let answer = site.get(address).await;
    assert_eq!(answer.status, StatusCode::OK, "{address}: {}", answer.text());
    Html::parse_document(answer.text())
}

async fn act_id(site: &Site, words: &str) -> i64 {
    let answer = site.get(&format!("/api/v1/search?s={words}")).await;
    let json: serde_json::Value = serde_json::from_slice(&answer.body).expect("JSON");
    json["results"][0]["id"].as_i64().unwrap_or_else(|| panic!("nothing for {words}: {json}"))
}

/// What every page must have, for readers of all kinds.
fn check_structure(address: &str, answer: &Answer) {
    let page = Html::parse_document(answer.text());
    assert_eq!(select(&page, "h1").len(), 1, "{address}: one h1");
    assert!(select(&page, "title")[0].len() > 3, "{address}: title");
    assert_eq!(attributes(&page, "html", "lang"), ["fr"], "{address}: lang");
    for landmark in ["header", "nav", "main#contenu", "footer"] {
        assert!(
            !attributes(&page, landmark, "class").is_empty() || !select(&page, landmark).is_empty(),
            "{address}: {landmark}"
        );
    }
    assert_eq!(attributes(&page, "a.skip", "href"), ["#contenu"], "{address}: skip link");
    let labelled: BTreeSet<String> = attributes(&page, "label", "for").into_iter().collect();
    for id in attributes(&page, "input[type=search]", "id") {
        assert!(labelled.contains(&id), "{address}: {id} has no label");
    }
    let ids = attributes(&page, "[id]", "id");
    assert_eq!(
        ids.len(),
        ids.iter().collect::<BTreeSet<_>>().len(),
        "{address}: ids repeat: {ids:?}"
    );
    let mut level = 0;
    for heading in
        page.select(&Selector::parse("main h1, main h2, main h3, main h4").expect("selector"))
    {
        let this: u32 = heading.value().name()[1..].parse().expect("level");
        assert!(this <= level + 1, "{address}: heading level jumps from {level} to {this}");
        level = this;
    }
    assert!(attributes(&page, "[style]", "style").is_empty(), "{address}: inline style");
    assert!(select(&page, "script, style").is_empty(), "{address}: inline code");
    assert!(answer.body.len() < 100_000, "{address}: {} bytes", answer.body.len());
    for link in page.select(&Selector::parse("a").expect("selector")) {
        let image = Selector::parse("img[alt]").expect("selector");
        let alt = link.select(&image).filter_map(|image| image.value().attr("alt"));
        let words: String = link.text().chain(alt).collect();
        assert!(!words.trim().is_empty(), "{address}: a link without words");
    }
}

#[tokio::test]
async fn every_internal_link_of_every_page_answers() {
    let site = Site::sample().await;
    let mut queue: VecDeque<(String, String)> = [("/".to_owned(), "start".to_owned())].into();
    let mut seen = BTreeSet::from(["/".to_owned()]);
    let mut bad = BTreeMap::new();
    let mut pages = 0;
    while let Some((address, from)) = queue.pop_front() {
        let (path, fragment) = address.split_once('#').unwrap_or((&address, ""));
        let answer = site.get(path).await;
        if answer.status != StatusCode::OK {
            bad.insert(address.clone(), format!("{} from {from}", answer.status));
            continue;
        }
        if !answer.header("content-type").starts_with("text/html") {
            continue;
        }
        pages += 1;
        check_structure(&address, &answer);
        let html = Html::parse_document(answer.text());
        if !fragment.is_empty() && !attributes(&html, "[id]", "id").contains(&fragment.to_owned()) {
            bad.insert(address.clone(), format!("no #{fragment}, from {from}"));
        }
        let links = attributes(&html, "a[href], link[href]", "href");
        for link in links.into_iter().chain(attributes(&html, "form", "action")) {
            let own = link.strip_prefix("https://guetteur.example").unwrap_or(&link).to_owned();
            let own = if own.starts_with('#') { format!("{path}{own}") } else { own };
            // Facets combine without end: two filters deep is enough, one for what counts all acts
            // at each; a picture is drawn once.
            let deep =
                if own.starts_with("/carte") || own.starts_with("/enquetes") { 1 } else { 2 };
            let drawn_again = own.contains(".png?") || own.contains("?le=");
            let near = own.matches('&').count() < deep && !drawn_again;
            if own.starts_with('/') && near && seen.insert(own.clone()) {
                queue.push_back((own, address.clone()));
            }
        }
    }
    assert!(bad.is_empty(), "{bad:#?}");
    assert!(pages > 40, "only {pages} pages were reached");
}

#[tokio::test]
async fn home_shows_what_is_new_and_in_force() {
    let site = Site::sample().await;
    let home = page(&site, "/").await;
    let text = home.root_element().text().collect::<String>();
    assert!(text.contains("fête de la mer"));
    assert!(text.contains("1\u{a0}autorisation en vigueur ce vendredi 14 août 2026"), "{text}");
    assert!(text.contains("Dernier passage réussi il y a 2\u{a0}heures"), "{text}");
    assert!(text.contains("pas regardée"));
    let chips: Vec<_> =
        select(&home, ".chips li").into_iter().zip(attributes(&home, ".chips a", "href")).collect();
    assert_eq!(
        chips[0],
        (
            "Drones et hélicoptères (1)".into(),
            "/recherche?categorie=drone&niveau=authorises".into()
        )
    );
    assert_eq!(
        attributes(&home, "link[rel=alternate][type='application/atom+xml']", "href"),
        ["/recherche.atom"]
    );
}

#[tokio::test]
async fn search_highlights_filters_and_counts() {
    let site = Site::sample().await;
    let found = page(&site, "/recherche?q=fête+mer").await;
    assert_eq!(select(&found, ".acts h3").len(), 1);
    assert!(!select(&found, ".acts mark").is_empty());
    assert_eq!(attributes(&found, "#q", "value"), ["fête mer"]);

    let drones = page(&site, "/recherche?categorie=drone&niveau=authorises&niveau=restricts").await;
    assert_eq!(select(&drones, ".acts h3").len(), 2, "repeated parameters mean « or »");
    let on = select(&drones, ".facets a.on");
    assert!(on.iter().any(|facet| facet.starts_with("Drones")), "{on:?}");

    let options = attributes(&drones, "select[name=prefecture] option", "value");
    assert_eq!(options.len(), 6, "none, or one of five: {options:?}");
    let chosen = page(&site, "/recherche?prefecture=34&prefecture=13").await;
    assert_eq!(attributes(&chosen, "input[type=hidden][name=prefecture]", "value"), ["34", "13"]);

    let soon = page(&site, "/recherche?quand=bientot").await;
    assert_eq!(select(&soon, ".acts h3").len(), 2);
    let short = page(&site, "/recherche?quand=preavis-court").await;
    assert_eq!(select(&short, ".acts h3").len(), 1);
}

#[tokio::test]
async fn an_empty_answer_says_what_was_searched() {
    let site = Site::sample().await;
    let empty = page(&site, "/recherche?q=hippopotame&prefecture=974").await;
    let note = select(&empty, ".note").join(" ");
    assert!(note.contains("Rien trouvé"), "{note}");
    assert!(note.contains("7\u{a0}actes indexés"), "{note}");
    assert!(note.contains("Préfecture de La Réunion : pas regardée"), "{note}");
    let misread = page(&site, "/recherche?du=bientôt").await;
    assert!(select(&misread, ".note").join(" ").contains("« bientôt » n’est pas une date"));
}

#[tokio::test]
async fn the_act_page_proves_what_it_says() {
    let site = Site::sample().await;
    let id = act_id(&site, "f%C3%AAte+mer").await;
    let act = page(&site, &format!("/acte/{id}")).await;
    let facts = select(&act, ".facts tr").join("\n").replace('\u{202f}', " ");
    assert!(
        facts.contains("du vendredi 14 août 2026 à 18 h au dimanche 16 août 2026 à 2 h"),
        "{facts}"
    );
    assert!(facts.contains("publié 18\u{a0}heures avant le début d’effet"), "{facts}");
    assert!(facts.contains("2\u{a0}caméras au plus"), "{facts}");
    let marks = select(&act, ".leaf mark");
    assert!(
        marks.contains(&"La captation, l’enregistrement et la transmission d’images".to_owned()),
        "{marks:?}"
    );
    assert!(marks.contains(&"à Sète et Montpellier".to_owned()), "{marks:?}");
    // Every page reference leads to its passage.
    let anchors = attributes(&act, "[id^=preuve-]", "id");
    for target in attributes(&act, "a[href^='#preuve-']", "href") {
        assert!(anchors.contains(&target[1..].to_owned()), "{target}");
    }
    let pdf = attributes(&act, ".actions a", "href");
    assert!(pdf[0].starts_with("/archive/") && pdf[0].ends_with(".pdf#page=3"), "{pdf:?}");
    assert!(attributes(&act, "meta[name=robots]", "content").is_empty());
    assert_eq!(attributes(&act, "meta[property='og:type']", "content"), ["article"]);
    let related = select(&act, "aside li").join("\n");
    assert!(related.contains("abrogeant l’arrêté"), "the act that cites it: {related}");
    assert!(select(&act, ".cite")[0].contains("n° 34-2026-08-12-00003"));

    let plain = act_id(&site, "sanglier").await;
    let plain = page(&site, &format!("/acte/{plain}")).await;
    assert_eq!(attributes(&plain, "meta[name=robots]", "content"), ["noindex"]);
}

#[tokio::test]
async fn statistics_count_what_their_links_give() {
    let site = Site::sample().await;
    let statistics = page(&site, "/statistiques").await;
    let counts = select(&statistics, "td.n a");
    let links = attributes(&statistics, "td.n a", "href");
    assert!(counts.len() > 6, "{counts:?}");
    for (count, link) in counts.iter().zip(links) {
        let found = page(&site, &link).await;
        let total = select(&found, "p[role=status] strong").join("");
        assert_eq!(total.split('\u{a0}').next(), Some(count.as_str()), "{link}");
    }
}

#[tokio::test]
async fn a_chart_is_taken_away_as_its_numbers_show_it() {
    let site = Site::sample().await;
    let statistics = page(&site, "/statistiques").await;
    let files = attributes(&statistics, ".files a", "href");
    let expected = ["/statistiques/mois.csv", "/statistiques/mois.png", "/statistiques/mois.svg"];
    assert_eq!(files, expected);
    let table = select(&statistics, ".chart tbody tr");
    let csv = site.get(&files[0]).await;
    let csv: Vec<&str> = csv.text().lines().skip(1).collect();
    assert_eq!((table.len(), csv.len()), (12, 12));
    assert!(csv[0].starts_with("août 2026;2026-08;") && !csv[0].ends_with(";0"), "{}", csv[0]);
    let png = site.get(&files[1]).await;
    assert_eq!((png.header("content-type"), &png.body[1..4]), ("image/png", &b"PNG"[..]));
    let svg = site.get(&files[2]).await;
    assert!(svg.text().contains("Actes qui autorisent") && svg.text().contains("14 août 2026"));
    let none = site.get("/statistiques/rien.svg").await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn coverage_tells_not_looked_from_nothing_found() {
    let site = Site::sample().await;
    let coverage = page(&site, "/couverture").await;
    let rows = select(&coverage, "tbody tr");
    let row = |name: &str| rows.iter().find(|row| row.contains(name)).expect("row").clone();
    assert!(row("La Réunion").contains("pas regardée"));
    assert!(row("Corse").contains("rien trouvé"));
    assert!(row("Bouches").contains("Pas de réponse à temps"));
    assert!(!row("Bouches").contains("timed out"), "told once, in French");
    assert!(row("Hérault").contains("à jour"));
    let csv = site.get("/couverture.csv").await;
    assert!(csv.text().contains("974;Préfecture de La Réunion;La Réunion;pas regardée"));
    let nothing = page(&site, "/prefecture/974").await;
    assert!(select(&nothing, ".note").join("").starts_with("Pas regardé"));
}

#[tokio::test]
async fn what_was_left_out_and_who_is_not_believed_is_said() {
    let site = Site::sample().await;
    let store = &site.state.catalogue.store;
    let said = "laissé de côté";
    assert!(!site.get("/couverture").await.text().contains(said));
    let guide = LeftOut {
        url: "https://www.herault.gouv.fr/guide.pdf".to_owned(),
        title: "Guide des associations".to_owned(),
        via: "/raa/2026".to_owned(),
        reason: LeftOutReason::OtherDocument,
        contents_of: None,
    };
    store.record_left_out("34", &[guide], PassKind::Full, now()).await.expect("recorded");
    let list = "https://www.herault.gouv.fr/raa/2026/aout";
    store.set_newest_list("34", ListRole::List, list).await.expect("set");
    let lists = store.newest_lists(Some("34")).await.expect("lists");
    let aout = lists.iter().find(|known| known.role == ListRole::List).expect("the list");
    let listed = Sha256::of(b"list");
    let look = Look::Got { etag: None, last_modified: None, listed, lied: true };
    store.note_look(aout, &look, now()).await.expect("noted");

    let coverage = page(&site, "/couverture").await;
    let rows = select(&coverage, "tbody tr");
    let row = rows.iter().find(|row| row.contains("Hérault")).expect("row");
    assert!(row.contains(said) && row.contains("avait changé sans le dire"), "{row}");
    let own = page(&site, "/prefecture/34").await;
    let hrefs = attributes(&own, "details a", "href");
    assert!(hrefs.iter().any(|href| href.ends_with("/guide.pdf")), "{hrefs:?}");
    assert!(select(&own, "details li").join("").contains("autre document d’après son titre"));
    assert!(select(&own, ".note").join("").contains("relit la liste en entier"));
    let json = site.get("/couverture.json").await;
    assert!(json.text().contains("\"left_out\":1"));
}

#[tokio::test]
async fn what_is_not_there_has_a_page_of_its_own() {
    let site = Site::sample().await;
    let absent = [
        "/rien",
        "/acte/999999",
        "/acte/abc",
        "/acte/99999999999999999999",
        "/recueil/0",
        "/prefecture/99",
        "/prefecture/99.atom",
        "/commune/x",
        "/commune/99999",
        "/commune/99999.atom",
        "/archive/abc.pdf",
        "/flux.opml?region=Mordor",
        "/archive/0000000000000000000000000000000000000000000000000000000000000000.pdf",
        "/archive/..%2F..%2Fguetteur.sqlite",
    ];
    for address in absent {
        let answer = site.get(address).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{address}");
        check_structure(address, &answer);
        assert!(answer.text().contains("Page introuvable"), "{address}");
    }
    let posted = axum::http::Request::post("/").body(axum::body::Body::empty()).expect("request");
    let answer = site.send(posted).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(answer.text().contains("Méthode refusée"));
    let lower = site.get("/prefecture/2a.atom").await;
    assert_eq!(lower.status, StatusCode::PERMANENT_REDIRECT);
    assert_eq!(lower.header("location"), "/prefecture/2A.atom");
}

#[tokio::test]
async fn the_method_page_says_what_a_rule_is_worth() {
    let site = Site::sample().await;
    let answer = site.get("/methode").await;
    let page = answer.text();
    assert!(page.contains("précision 97 % (33 justes sur 34)"), "{page}");
    assert!(page.contains("rappel 70 % (33 des 47 actes"), "{page}");
}

#[tokio::test]
async fn the_method_page_says_what_a_fact_is_worth() {
    let site = Site::sample().await;
    let page = page(&site, "/methode").await;
    let rows = select(&page, "table.measures tbody tr");
    let [row] = &rows[..] else { panic!("{rows:?}") };
    let words = row.split_whitespace().collect::<Vec<_>>().join(" ");
    for told in ["Lieu", "80 %", "44 %"] {
        assert!(words.contains(told), "{words}");
    }
}

#[tokio::test]
async fn a_fact_to_check_says_so_where_it_is_printed() {
    let site = Site::sample().await;
    let id = act_id(&site, "HYPERLINK").await;
    let act = page(&site, &format!("/acte/{id}")).await;
    let marked: Vec<String> = select(&act, "table.facts tr")
        .into_iter()
        .filter(|row| row.contains("(à vérifier)"))
        .collect();
    let [row] = &marked[..] else { panic!("{marked:?}") };
    assert!(row.contains("Lieu"), "{row}");
}

#[tokio::test]
async fn an_empty_site_still_answers() {
    let site = Site::empty().await;
    for address in [
        "/",
        "/recherche",
        "/commencer",
        "/commencer/defense",
        "/statistiques",
        "/couverture",
        "/prefectures",
        "/methode",
        "/donnees",
        "/donnees/ouvrir",
        "/prefecture/34",
        "/commune/34172",
        "/sante",
    ] {
        let answer = site.get(address).await;
        assert_eq!(answer.status, StatusCode::OK, "{address}: {}", answer.text());
    }
    assert!(site.get("/").await.text().contains("Aucune source n’a encore été lue"));
}

#[tokio::test]
async fn a_failing_database_is_told_in_french_without_its_innards() {
    let site = Site::sample().await;
    site.state.catalogue.store.close().await;
    let answer = site.get("/couverture").await;
    assert!(answer.status.is_server_error());
    assert!(
        !answer.text().contains("sqlx") && !answer.text().contains("sqlite"),
        "{}",
        answer.text()
    );
    assert_eq!(site.get("/sante").await.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn the_archive_gives_ranges_and_caches_for_ever() {
    let site = Site::sample().await;
    let id = act_id(&site, "f%C3%AAte+mer").await;
    let act = page(&site, &format!("/acte/{id}")).await;
    let pdf = attributes(&act, ".actions a", "href")[0].split('#').next().expect("path").to_owned();
    let whole = site.get(&pdf).await;
    assert_eq!(whole.header("content-type"), "application/pdf");
    assert!(whole.header("content-disposition").starts_with("inline"));
    assert!(whole.header("cache-control").contains("immutable"));
    assert!(whole.body.starts_with(b"%PDF"));
    let part = site.get_with(&pdf, ("range", "bytes=1-3")).await;
    assert_eq!(
        (part.status, part.body.as_slice()),
        (StatusCode::PARTIAL_CONTENT, b"PDF".as_slice())
    );
    let again = site.get_with(&pdf, ("if-none-match", whole.header("etag"))).await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    let zipped = site.get_with(&pdf, ("accept-encoding", "gzip")).await;
    assert_eq!(zipped.header("content-encoding"), "");
}

/// Prefectures count alike: « 2026-00811 » of one is not that of another.
#[tokio::test]
async fn an_act_is_cited_by_its_own_prefecture_alone() {
    let site = Site::sample().await;
    let act = |number: &str, title: &str, page: u32, words: &str| {
        SampleAct::new(number, title, page, &[words]).flag("vsa", Level::Concerns, "traitement")
    };
    let words = "Vu l’arrêté n° 2026-00811 ; le traitement algorithmique";
    for (source, url, acts) in [
        (
            "30",
            "https://www.gard.gouv.fr/1.pdf",
            vec![
                act("2026-00811", "Arrêté homonyme du Gard", 1, words),
                act("2026-00900", "Arrêté du Gard qui cite un arrêté du Gard", 2, words),
            ],
        ),
        (
            "ppparis",
            "https://www.prefecturedepolice.interieur.gouv.fr/2.pdf",
            vec![act("2026-00950", "Arrêté de police qui cite", 1, words)],
        ),
    ] {
        let bulletin = SampleBulletin {
            source,
            url,
            title: "Recueil",
            number: None,
            published_on: "2026-08-14",
            seen_hours_ago: 2,
            acts,
        };
        site.publish(&bulletin).await;
    }
    site.index().await;
    let address = format!("/acte/{}", act_id(&site, "SNCF").await);
    let text = page(&site, &address).await.root_element().text().collect::<String>();
    let citing = text.split("Le citent").nth(1).expect("somebody cites it");
    assert!(citing.contains("Arrêté de police qui cite"), "{citing}");
    assert!(!citing.contains("Gard"), "{citing}");
}
