use std::collections::BTreeMap;

use guetteur_model::Sha256;
use guetteur_publish::address::Filters;
use guetteur_publish::export::{COLUMNS, COMMUNE_COLUMNS, Format, Table};

use serde_json::{Value, json};

use crate::support::{EVIL, Site};

fn read(bytes: &[u8], delimiter: u8) -> Vec<csv::StringRecord> {
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(bytes);
    reader.records().map(|record| record.expect("record")).collect()
}

fn column(name: &str) -> usize {
    COLUMNS.iter().position(|column| column.name == name).expect("column")
}

#[tokio::test]
async fn csv_opens_in_french_excel_and_in_programs() {
    let site = Site::sample().await;
    let excel = site.get("/recherche.csv").await;
    assert!(excel.body.starts_with("\u{feff}id;adresse;".as_bytes()));
    assert!(excel.header("content-disposition").contains("guetteur-2026-08-14.csv"));
    let rows = read(&excel.body[3..], b';');
    assert_eq!(rows.len(), 7, "exports hold every level");
    let plain = site.get("/recherche.csv?format=rfc4180").await;
    assert!(plain.body.starts_with(b"id,adresse,"));
    assert_eq!(read(&plain.body, b',').len(), 7);

    let evil = rows.iter().find(|row| row[column("titre")].contains("HYPERLINK")).expect("row");
    assert_eq!(&evil[column("titre")], format!("'{EVIL}"), "whole, and no formula");
    assert_eq!(&evil[column("beneficiaire")], "'@SUM(1+1)*cmd|' /C calc'!A0");
    assert_eq!(&evil[column("faits_a_verifier")], "Lieu");
    let drone = rows.iter().find(|row| row[column("titre")].contains("fête")).expect("row");
    assert_eq!(&drone[column("effet_debut")], "2026-08-14T18:00:00+02:00");
    assert_eq!(&drone[column("communes_insee")], "34301 | 34172");
    assert_eq!(&drone[column("signalements")], "drone:authorises");
    assert_eq!(
        &drone[column("finalites")],
        "prévention des atteintes aux personnes et aux biens (1°) | sécurité des rassemblements \
         sur la voie publique (2°)"
    );
    let cited = rows.iter().find(|row| row[column("titre")].contains("délégation")).expect("row");
    let cells = ["categories", "mentions", "signalements"].map(|name| &cited[column(name)]);
    assert_eq!(cells, ["", "drone", "drone:mentions"], "what an act cites is no finding");
    assert_eq!(&drone[column("preuve_page")], "3");
    assert_eq!(&drone[column("faits_a_verifier")], "");
    assert_eq!(drone[column("pdf_sha256")].len(), 64);
    for row in &rows {
        for cell in row {
            assert!(!cell.starts_with(['=', '+', '@', '\t', '\r', '-']), "{cell}");
        }
    }
}

/// By the quotes LibreOffice knows, when told to heed them, that `34` is no number.
#[tokio::test]
async fn the_csv_of_programs_quotes_all_words_and_nothing_else() {
    let site = Site::sample().await;
    let plain = site.get("/recherche.csv?format=rfc4180").await;
    let line = plain.text().lines().find(|line| line.contains("fête")).expect("row");
    assert!(line.contains(",\"34\",\"Préfecture"), "{line}");
    assert!(
        line.contains(",2026-08-13,") && line.contains(",\"2026-08-14T18:00:00+02:00\","),
        "{line}"
    );
    let rows = read(&plain.body, b',');
    let drone = rows.iter().find(|row| row[column("titre")].contains("fête")).expect("row");
    let survive = ["prefecture_code", "communes_codes", "fuseau"].map(|name| &drone[column(name)]);
    assert_eq!(survive, ["dep-34", "com-34301 | com-34172", "Europe/Paris"]);
    assert!(drone[column("reference")].starts_with("n° "), "{:?}", &drone[column("reference")]);
}

#[tokio::test]
async fn a_csv_has_its_schema_beside_it() {
    let site = Site::sample().await;
    for (path, query, comma) in [
        ("/recherche", "", true),
        ("/recherche", "?format=rfc4180", false),
        ("/prefecture/34", "?table=communes&format=rfc4180", false),
        ("/commune/34172", "?table=communes", true),
    ] {
        let csv = site.get(&format!("{path}.csv{query}")).await;
        let link = csv.header("link").to_owned();
        let address = format!("{path}.schema.json{query}");
        assert!(
            link.contains(&format!("<https://guetteur.example{address}>; rel=\"describedby\"")),
            "{link}"
        );
        let schema = site.get(&address).await;
        assert_eq!(schema.header("content-type"), "application/json");
        let schema: Value = serde_json::from_slice(&schema.body).expect("JSON");
        let fields = schema["fields"].as_array().expect("fields");
        let described: Vec<&str> = fields.iter().filter_map(|f| f["name"].as_str()).collect();
        let body = csv.text().trim_start_matches('\u{feff}');
        let headings: Vec<&str> = body.lines().next().expect("line").split([',', ';']).collect();
        assert_eq!(described, headings, "{address}");
        let numbers = fields.iter().filter(|field| field["type"] == "number");
        for number in numbers {
            assert_eq!(number["decimalChar"] == ",", comma, "{address} {number}");
        }
        let type_of =
            |name: &str| &fields.iter().find(|f| f["name"] == name).expect("field")["type"];
        assert_eq!(
            (type_of("prefecture"), type_of("publie_le")),
            (&json!("string"), &json!("date"))
        );
    }
    assert_eq!(site.get("/prefecture/999.schema.json").await.status, 404);
}

#[tokio::test]
async fn recipes_name_this_site_and_what_they_are_written_in() {
    let site = Site::sample().await;
    let page = crate::pages::page(&site, "/donnees/ouvrir").await;
    let ids = crate::pages::attributes(&page, "pre code", "data-recette");
    let recipes = crate::pages::select(&page, "pre code");
    assert_eq!(ids.len(), 8);
    for (id, recipe) in ids.iter().zip(&recipes) {
        assert!(recipe.contains("https://guetteur.example/"), "{id}: {recipe}");
    }
}

#[tokio::test]
async fn an_export_follows_its_list() {
    let site = Site::sample().await;
    for (address, lines) in [
        ("/recherche.csv?categorie=drone&niveau=authorises", 1),
        ("/recherche.csv?categorie=drone", 2),
        ("/recherche.csv?categorie=drone&niveau=mentions", 1),
        ("/recherche.csv?categorie=drone&niveau=tous", 3),
        ("/prefecture/13.csv", 2),
        ("/commune/34142.csv", 1),
        ("/recherche.csv?q=hippopotame", 0),
    ] {
        let answer = site.get(address).await;
        assert_eq!(read(&answer.body[3..], b';').len(), lines, "{address}");
    }
}

/// A program that gets another list than it asked for sees nothing of it.
#[tokio::test]
async fn a_filter_that_is_not_understood_is_refused_where_programs_read() {
    let site = Site::sample().await;
    let formats = ["csv", "xlsx", "jsonl", "zip", "atom", "rss", "json", "ics", "schema.json"];
    let lists = formats.map(|format| format!("/recherche.{format}"));
    let addresses =
        ["/api/v1/search", "/api/v1/communes", "/prefecture/34.csv", "/commune/34142.ics"];
    let addresses: Vec<&str> = lists.iter().map(String::as_str).chain(addresses).collect();
    for (wrong, said) in [
        ("niveau=autorise", "niveau « autorise » compris comme « authorises »"),
        ("niveau=fort", "niveau « fort » inconnu"),
        ("du=2026-13-45", "« 2026-13-45 » n’est pas une date"),
        ("categorie=drones", "catégorie « drones » comprise comme « drone »"),
        ("categorie=pigeons", "catégorie « pigeons » inconnue"),
        ("prefecture=999", "préfecture « 999 » inconnue"),
        ("commune=Lodeve", "commune « Lodeve » comprise comme « 34142 » (Lodève, 34)"),
        ("commune=99999", "commune « 99999 » inconnue"),
        ("q=*", "« * » ne contient aucun mot"),
        ("q=drone+apres:demain", "« apres:demain » : date non comprise"),
        ("q=SAUF", "« SAUF » sans rien après"),
    ] {
        for address in &addresses {
            let answer = site.get(&format!("{address}?annee=2026&{wrong}")).await;
            assert_eq!(answer.status, 400, "{address} {wrong}");
            let body = answer.text();
            assert!(body.contains(said) && body.contains("annee=2026"), "{address}: {body}");
            assert!(!body.contains("<html"), "{address}: words for programs");
        }
        let page = site.get(&format!("/recherche?annee=2026&{wrong}")).await;
        assert_eq!(page.status, 200, "a page answers: {wrong}");
    }
    let page = site.get("/recherche?niveau=autorise&categorie=drones").await;
    assert!(page.text().contains("niveau « autorise » compris comme « authorises »"));
    let beyond = site.get("/recherche?q=drone&page=50").await;
    assert!(beyond.text().contains("il n’y a pas de page 50"), "{}", beyond.text());
    for old in [
        "q=%22drone",
        "prefecture=34",
        "categorie=drone&niveau=tous",
        "commune=34142",
        "utm_source=x",
    ] {
        for address in &addresses {
            let answer = site.get(&format!("{address}?{old}")).await;
            assert_eq!(answer.status, 200, "{address} {old}");
        }
    }
}

#[tokio::test]
async fn json_lines_carry_the_evidence() {
    let site = Site::sample().await;
    let answer = site.get("/recherche.jsonl?q=mer+f%C3%AAte").await;
    let lines: Vec<Value> =
        answer.text().lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0]["flags"][0]["evidence"][0]["page"], 3);
    assert_eq!(lines[0]["facts"]["cameras"], 2);
    assert_eq!(lines[0]["facts"]["purposes"][0], "persons-and-property", "ids for programs");
    assert_eq!((&lines[0]["categories"], &lines[0]["mentions"]), (&json!(["drone"]), &json!([])));
    assert_eq!(lines[0]["published_on"], "2026-08-13");
}

#[tokio::test]
async fn a_workbook_is_a_zip_with_a_sheet() {
    let site = Site::sample().await;
    let answer = site.get("/recherche.xlsx").await;
    assert!(answer.body.starts_with(b"PK\x03\x04"));
    assert!(answer.body.windows(23).any(|w| w == b"xl/worksheets/sheet1.xm"));
    assert_eq!(answer.header("content-encoding"), "");
}

#[tokio::test]
async fn the_command_line_writes_the_same() {
    let site = Site::sample().await;
    let filters = Filters::parse("prefecture=13");
    let mut out = Vec::new();
    let written = guetteur_publish::listing::export_to(
        &site.state.catalogue,
        &filters,
        Format::Csv,
        Table::Acts,
        &mut out,
    )
    .await;
    assert_eq!(written.expect("export"), 2);
    assert_eq!(out, site.get("/recherche.csv?prefecture=13").await.body);
}

#[tokio::test]
async fn every_column_is_documented() {
    let site = Site::sample().await;
    let page = site.get("/donnees").await;
    let names = COLUMNS.iter().map(|c| c.name).chain(COMMUNE_COLUMNS.iter().map(|c| c.name));
    for name in names {
        assert!(page.text().contains(&format!("<code>{name}</code>")), "{name}");
    }
}

pub(crate) fn unzipped(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a zip");
    let mut files = BTreeMap::new();
    for i in 0..zip.len() {
        let mut file = zip.by_index(i).expect("a file");
        let mut content = Vec::new();
        std::io::Read::read_to_end(&mut file, &mut content).expect("its content");
        files.insert(file.name().expect("a name").into_owned(), content);
    }
    files
}

#[tokio::test]
async fn a_data_package_describes_both_its_tables() {
    let site = Site::sample().await;
    let answer = site.get_with("/recherche.zip", ("accept-encoding", "gzip")).await;
    assert_eq!(
        (answer.header("content-type"), answer.header("content-encoding")),
        ("application/zip", "")
    );
    let files = unzipped(&answer.body);
    let description: Value = serde_json::from_slice(&files["datapackage.json"]).expect("JSON");
    for resource in description["resources"].as_array().expect("resources") {
        let path = resource["path"].as_str().expect("path");
        let mut reader = csv::Reader::from_reader(files[path].as_slice());
        let names: Vec<String> =
            reader.headers().expect("headers").iter().map(Into::into).collect();
        let fields = resource["schema"]["fields"].as_array().expect("fields");
        let described: Vec<&str> = fields.iter().filter_map(|f| f["name"].as_str()).collect();
        assert_eq!(names, described, "{path}");
        assert!(reader.records().all(|record| record.is_ok()), "{path}");
    }
    assert_eq!(read(&files["actes.csv"], b',').len(), 7);
    let communes = read(&files["actes_communes.csv"], b',');
    assert_eq!(communes.len(), 4, "{communes:?}");
    assert!(communes.iter().any(|row| row[1] == *"34301" && row[2] == *"Sète"));
    let alone = site.get("/recherche.csv?table=communes").await;
    assert_eq!(read(&alone.body[3..], b';').len(), 4);
}

#[tokio::test]
async fn the_evidence_of_an_act_is_one_file_that_can_be_checked() {
    let site = Site::sample().await;
    let found = site.get("/api/v1/search?s=f%C3%AAte+mer").await;
    let found: Value = serde_json::from_slice(&found.body).expect("JSON");
    let id = &found["results"][0]["id"];
    let files = unzipped(&site.get(&format!("/acte/{id}.zip")).await.body);
    let sums = String::from_utf8(files["SHA256SUMS"].clone()).expect("text");
    assert_eq!(sums.lines().count(), files.len() - 1, "every file but the list: {sums}");
    for line in sums.lines() {
        let (hash, name) = line.split_once("  ").expect("hash and name");
        assert_eq!(Sha256::of(&files[name]).to_string(), hash, "{name}");
    }
    assert!(files["recueil.pdf"].starts_with(b"%PDF"));
    let act: Value = serde_json::from_slice(&files["acte.json"]).expect("JSON");
    assert_eq!(act["pdf_sha256"], Sha256::of(&files["recueil.pdf"]).to_string());
    let fetches: Value = serde_json::from_slice(&files["releve.json"]).expect("JSON");
    assert_eq!(fetches["fetches"][0]["http_status"], 200);
    assert!(String::from_utf8_lossy(&files["texte.txt"]).contains("== page 3 =="));
    assert_eq!(site.get("/acte/999999.zip").await.status, 404);
}
