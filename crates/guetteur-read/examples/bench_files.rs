//! Writes one PDF for each kind of file, and `truth.json` with the words of each page, for
//! `make bench-read`: `cargo run --release -p guetteur-read --example bench_files -- FOLDER`.
use std::error::Error;
use std::fs::write;
use std::path::PathBuf;

use chrono::NaiveDate;
use guetteur_testkit::corpus::{BulletinSpec, Layout, Library, Medium, compose};
use guetteur_testkit::pdf::{Block, Flow, PageSpec, PdfBuilder, Style};
use serde_json::{Map, Value, json};

/// Name, medium, layout, number of acts. Scans have few pages: the incumbent needs seconds a page.
const BULLETINS: [(&str, Medium, Layout, usize); 11] = [
    ("born-national", Medium::Clean, Layout::National, 60),
    ("born-rotated", Medium::Rotated, Layout::National, 30),
    ("scan-office", Medium::Office, Layout::Leaders, 4),
    ("scan-fax", Medium::Fax, Layout::Leaders, 4),
    ("scan-poor", Medium::Poor, Layout::Leaders, 4),
    ("scan-stamped", Medium::Stamped, Layout::Leaders, 4),
    ("scan-bad-layer", Medium::HiddenLayer, Layout::Leaders, 4),
    ("scan-sideways", Medium::Sideways, Layout::Leaders, 4),
    ("mixed", Medium::Office, Layout::National, 4),
    ("no-tounicode", Medium::PrivateUse, Layout::National, 4),
    ("wrong-tounicode", Medium::WrongUnicode, Layout::National, 4),
];

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("usage: bench_files FOLDER")?);
    std::fs::create_dir_all(&folder)?;
    let library = Library::bundled()?;
    let mut truth = Map::new();
    for (name, medium, layout, acts) in BULLETINS {
        let spec = bulletin(&library, medium, layout, acts)?;
        let bulletin = compose(&library, &spec)?;
        write(folder.join(format!("{name}.pdf")), &bulletin.pdf)?;
        truth.insert(name.to_owned(), json!(bulletin.texts));
    }
    for (name, pages) in [("born-columns", columns()), ("born-table", table())] {
        let builder = PdfBuilder::new().pages(pages);
        truth.insert(name.to_owned(), json!(builder.texts()));
        write(folder.join(format!("{name}.pdf")), builder.build())?;
    }
    write(folder.join("truth.json"), serde_json::to_vec(&Value::Object(truth))?)?;
    Ok(())
}

fn bulletin(
    library: &Library,
    medium: Medium,
    layout: Layout,
    acts: usize,
) -> Result<BulletinSpec, Box<dyn Error>> {
    let templates = library.templates().iter().cycle().take(acts);
    Ok(BulletinSpec {
        departement: "26".to_owned(),
        number: Some("26-2026-264".to_owned()),
        series: None,
        published_on: NaiveDate::from_ymd_opt(2026, 11, 20).ok_or("no such day")?,
        layout,
        medium,
        acts: templates.map(|template| template.id.clone()).collect(),
        seed: 7,
    })
}

const PROSE: &str = "Considérant que la manifestation est susceptible d’attirer plusieurs milliers \
    de personnes ; que les services de police doivent pouvoir apprécier l’ampleur des \
    rassemblements et prévenir les atteintes à la sécurité des personnes et des biens ; qu’il \
    n’existe pas de dispositif moins intrusif permettant de parvenir aux mêmes fins.";

fn columns() -> Vec<PageSpec> {
    let column = |from: usize| {
        (from..from + 6).map(|i| Block::paragraph(format!("Article {i} : {PROSE}"))).collect()
    };
    let page = |i: usize| {
        let title = Block::title(format!("Feuillet {i} sur deux colonnes"));
        [title, Block::Columns(column(12 * i), column(12 * i + 6)), Block::PageBreak]
    };
    Flow::a4().blocks((0..40).flat_map(page)).pages()
}

fn table() -> Vec<PageSpec> {
    let row = |i: usize| {
        let cells = vec![
            (0.2, format!("2026/{i:05}")),
            (0.2, format!("{:02}/11/2026", i % 30 + 1)),
            (0.6, format!("portant autorisation de la manifestation n° {i} dans la commune")),
        ];
        Block::Row(cells, Style { size: 9.0, ..Style::default() })
    };
    Flow::a4().blocks((0..1_200).map(row)).pages()
}
