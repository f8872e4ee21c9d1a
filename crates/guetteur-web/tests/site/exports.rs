use guetteur_web::address::Filters;
use guetteur_web::export::{COLUMNS, Format};

use serde_json::json;

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
    assert_eq!(drone[column("pdf_sha256")].len(), 64);
    for row in &rows {
        for cell in row {
            assert!(!cell.starts_with(['=', '+', '@', '\t', '\r', '-']), "{cell}");
        }
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

#[tokio::test]
async fn json_lines_carry_the_evidence() {
    let site = Site::sample().await;
    let answer = site.get("/recherche.jsonl?q=mer+f%C3%AAte").await;
    let lines: Vec<serde_json::Value> =
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
    let written = guetteur_web::export_to(&site.state, &filters, Format::Csv, &mut out).await;
    assert_eq!(written.expect("export"), 2);
    assert_eq!(out, site.get("/recherche.csv?prefecture=13").await.body);
}

#[tokio::test]
async fn every_column_is_documented() {
    let site = Site::sample().await;
    let page = site.get("/donnees").await;
    for column in COLUMNS {
        assert!(page.text().contains(&format!("<code>{}</code>", column.name)), "{}", column.name);
    }
}
