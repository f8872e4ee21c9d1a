//! Letters about a commune: they cite the acts that stand in the database, and nothing else.
//!
//! `GUETTEUR_LETTERS=folder` keeps the documents, for `make check-letters`.

use std::io::{Cursor, Read};

use axum::body::Body;
use axum::http::{Request, StatusCode};
use scraper::{Html, Selector};
use url::form_urlencoded::Serializer;
use zip::{CompressionMethod, ZipArchive};

use crate::support::{Answer, Site};

fn attributes(page: &Html, selector: &str, name: &str) -> Vec<String> {
    let selector = Selector::parse(selector).expect("selector");
    page.select(&selector).filter_map(|e| e.value().attr(name)).map(str::to_owned).collect()
}

/// The text in the form.
async fn text(site: &Site, address: &str) -> String {
    let answer = site.get(address).await;
    assert_eq!(answer.status, StatusCode::OK, "{address}: {}", answer.text());
    let page = Html::parse_document(answer.text());
    let selector = Selector::parse("textarea").expect("selector");
    page.select(&selector).next().expect("textarea").text().collect()
}

async fn post(site: &Site, path: &str, fields: &[(&str, &str)]) -> Answer {
    let body = Serializer::new(String::new()).extend_pairs(fields).finish();
    let request = Request::post(path)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(body));
    site.send(request.expect("request")).await
}

fn part(odt: &[u8], name: &str) -> String {
    let mut archive = ZipArchive::new(Cursor::new(odt)).expect("zip");
    let mut text = String::new();
    archive.by_name(name).expect(name).read_to_string(&mut text).expect("UTF-8");
    text
}

/// The words of an XML part; fails where it is not well-formed.
fn words(xml: &str) -> String {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(xml);
    let mut out = String::new();
    loop {
        match reader.read_event().expect("well-formed XML") {
            Event::Eof => return out,
            Event::Text(text) => out.push_str(&text.decode().expect("UTF-8")),
            Event::GeneralRef(name) => out.push_str(match &*name.decode().expect("UTF-8") {
                "amp" => "&",
                "lt" => "<",
                "gt" => ">",
                "#34" => "\"",
                "#39" => "'",
                other => panic!("&{other};"),
            }),
            Event::End(end) if end.name().as_ref() == b"text:p" => out.push('\n'),
            _ => {}
        }
    }
}

#[tokio::test]
async fn the_letter_to_the_mayor_is_this_one() {
    let site = Site::sample().await;
    let text = text(&site, "/commune/34172/lettre").await.replace('\u{a0}', "~");
    let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/site/letter-to-the-mayor.txt");
    if std::env::var("GUETTEUR_GOLDEN").is_ok_and(|value| value == "write") {
        std::fs::write(golden, &text).expect("golden");
    }
    assert_eq!(text, std::fs::read_to_string(golden).expect("golden"));
}

#[tokio::test]
async fn every_address_in_a_letter_answers() {
    let site = Site::sample().await;
    for letter in
        ["lettre?modele=maire", "lettre?modele=conseil", "lettre?modele=prefet", "voeu?modele=voeu"]
    {
        let text = text(&site, &format!("/commune/34172/{letter}")).await;
        let own: Vec<&str> = text
            .split_whitespace()
            .filter_map(|word| word.strip_prefix("https://guetteur.example"))
            .collect();
        assert!(own.iter().any(|path| path.starts_with("/acte/")), "{letter}: {own:?}");
        for path in own {
            let path = path.trim_end_matches([')', '.', ',']);
            let path = if path.is_empty() { "/" } else { path };
            let answer = site.get(path.split('#').next().expect("path")).await;
            assert_eq!(answer.status, StatusCode::OK, "{letter}: {path}");
        }
        assert!(!text.contains("javascript:"), "{letter}");
    }
}

#[tokio::test]
async fn readers_choose_among_the_acts_that_stand_there() {
    let site = Site::sample().await;
    let page = Html::parse_document(site.get("/commune/34172/lettre").await.text());
    let ids = attributes(&page, "input[name=acte]", "value");
    assert_eq!(ids.len(), 1, "the drone act alone names Montpellier");
    let chosen = text(&site, &format!("/commune/34172/lettre?choix=1&acte={}", ids[0])).await;
    assert!(chosen.contains(&format!("/acte/{}", ids[0])));
    let none = text(&site, "/commune/34172/lettre?choix=1").await;
    assert!(!none.contains("/acte/"));
    // An act of Lodève is none of Montpellier's, and act 999 is none at all.
    let lodeve = Html::parse_document(site.get("/commune/34142/lettre").await.text());
    let other = &attributes(&lodeve, "input[name=acte]", "value")[0];
    let strange = text(&site, &format!("/commune/34172/lettre?acte={other}&acte=999&acte=x")).await;
    assert!(!strange.contains("/acte/"), "{strange}");
}

#[tokio::test]
async fn without_acts_the_letter_says_so_and_asks() {
    let site = Site::sample().await;
    for letter in ["lettre?modele=maire", "lettre?modele=conseil"] {
        let text = text(&site, &format!("/commune/72181/{letter}")).await;
        assert!(text.contains("au Mans"), "{text}");
        assert!(text.contains("Mairie du Mans"), "{text}");
        assert!(text.contains("en a-t-il\u{a0}?"), "{text}");
        assert!(!text.contains("/acte/"), "{text}");
    }
    let motion = text(&site, "/commune/72181/voeu").await;
    assert!(motion.contains("aucun acte de surveillance ne nomme la commune"), "{motion}");
}

#[tokio::test]
async fn addresses_of_letters() {
    let site = Site::sample().await;
    for (address, status) in [
        ("/commune/99999/lettre", StatusCode::NOT_FOUND),
        ("/commune/34172/lettre?modele=voeu", StatusCode::NOT_FOUND),
        ("/commune/34172/voeu", StatusCode::OK),
        ("/commune/01091/lettre", StatusCode::PERMANENT_REDIRECT),
    ] {
        assert_eq!(site.get(address).await.status, status, "{address}");
    }
}

#[tokio::test]
async fn an_edited_letter_comes_back_to_print_and_to_edit() {
    let site = Site::sample().await;
    let path = "/commune/34172/lettre";
    let words = "# Objet : x\r\n\r\n- un <b>\r\n- deux & https://a.example/?b=1&c=2.\r\n\r\n> moi";
    let fields = [("modele", "maire"), ("texte", words), ("sortie", "imprimer")];
    let shown = post(&site, path, &fields).await;
    assert_eq!(shown.status, StatusCode::OK);
    let body = shown.text();
    assert!(body.contains("<h2>Objet : x</h2>"), "{body}");
    assert!(body.contains("<li>un &lt;b&gt;</li>"), "{body}");
    assert!(body.contains("href=\"https://a.example/?b=1&amp;c=2\""), "{body}");
    assert_eq!(shown.header("cache-control"), "no-store");
    let fields = [("modele", "maire"), ("texte", words), ("sortie", "modifier")];
    let back = post(&site, path, &fields).await;
    assert!(back.text().contains("- un &lt;b&gt;\n- deux &amp; https"));
    let request = Request::post(path)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "cross-site")
        .body(Body::from("modele=maire&texte=x"));
    let foreign = site.send(request.expect("request")).await;
    assert_eq!(foreign.status, StatusCode::BAD_REQUEST, "from another site");
}

#[tokio::test]
async fn the_document_is_sound_and_holds_every_word() {
    let site = Site::sample().await;
    let evil = "]]> <text:p> & \"x\" 'y' \u{1}\u{fffe} 🙂\nhttps://a.example/\"><x>?a&b";
    let motion = text(&site, "/commune/34172/voeu").await;
    let letter = text(&site, "/commune/34172/lettre").await;
    for (kind, model, words_of) in [
        ("lettre", "maire", letter.as_str()),
        ("voeu", "voeu", motion.as_str()),
        ("lettre", "maire", evil),
    ] {
        let path = format!("/commune/34172/{kind}");
        let fields = [("modele", model), ("texte", words_of), ("sortie", "odt")];
        let answer = post(&site, &path, &fields).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.header("content-type"), "application/vnd.oasis.opendocument.text");
        let name = answer.header("content-disposition").to_owned();
        assert!(name.ends_with("-montpellier-2026-08-14.odt\""), "{name}");
        check_document(&answer.body, words_of);
        if let Ok(folder) = std::env::var("GUETTEUR_LETTERS")
            && words_of != evil
        {
            let file = std::path::Path::new(&folder).join(format!("{model}.odt"));
            std::fs::write(file, &answer.body).expect("document");
        }
    }
}

fn check_document(odt: &[u8], words_of: &str) {
    // The first part is the type, as it is: that is how programs know the file.
    assert_eq!(&odt[30..38], b"mimetype");
    let mut archive = ZipArchive::new(Cursor::new(odt)).expect("zip");
    let first = archive.by_index(0).expect("part");
    assert_eq!(first.compression(), CompressionMethod::Stored);
    drop(first);
    let manifest = part(odt, "META-INF/manifest.xml");
    for name in ["content.xml", "styles.xml", "meta.xml"] {
        assert!(manifest.contains(&format!("\"{name}\"")), "{name} is not in the manifest");
        words(&part(odt, name));
    }
    let bare = |text: &str| -> String {
        text.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect()
    };
    let marks = |text: &str| -> String {
        let line = |line: &str| line.trim().trim_start_matches(['#', '-', '>']).to_owned();
        text.lines().map(line).collect()
    };
    let content = part(odt, "content.xml");
    let written: String = bare(&words(&content));
    let expected = bare(&marks(words_of)).replace('\u{fffe}', "");
    assert_eq!(written, expected);
}

#[tokio::test]
async fn a_request_can_be_sent_by_ma_dada_and_is_remembered() {
    let site = Site::sample().await;
    let form = |sortie| {
        [("modele", "liste"), ("texte", "# Objet\n\nMadame, je demande."), ("sortie", sortie)]
    };
    let answer = post(&site, "/commune/34172/lettre", &form("imprimer")).await;
    let text = answer.text();
    // What is certain first: the name in the prefilled address is a guess.
    let find =
        text.find("https://madada.fr/select_authority?query=Pr%C3%A9fecture").expect("found");
    let guess = text.find("https://madada.fr/new/prefecture_de_lherault?title=").expect("guessed");
    assert!(find < guess, "{text}");
    assert!(text.contains("body=Madame%2C+je+demande."), "{text}");
    assert!(text.contains("/commune/34172/rappel.ics?le=2026-08-14"), "{text}");
    let appeal = site.get("/commune/34172/lettre?modele=cada").await;
    assert!(appeal.text().contains("Commission d’accès aux documents administratifs"));
    let calendar = site.get("/commune/34172/rappel.ics?le=2026-08-14").await;
    assert!(calendar.header("content-type").starts_with("text/calendar"));
    for day in ["20260914", "20261114"] {
        assert!(calendar.text().contains(&format!("DTSTART;VALUE=DATE:{day}\r\n")), "{day}");
    }
    let bad = site.get("/commune/34172/rappel.ics?le=hier").await;
    assert_eq!(bad.status, StatusCode::BAD_REQUEST);
    // A letter that asks for no document goes its own way.
    let mayor = [("modele", "maire"), ("texte", "Monsieur"), ("sortie", "imprimer")];
    let mayor = post(&site, "/commune/34172/lettre", &mayor).await;
    assert!(!mayor.text().contains("madada.fr"));
}
