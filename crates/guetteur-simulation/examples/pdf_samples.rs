//! Writes one PDF for each kind of page into a folder, to be looked at.
use std::path::PathBuf;

use guetteur_simulation::pdf::{Block, Flow, Garble, PageSpec, PdfBuilder, Rotation, ScanOptions};

fn main() -> std::io::Result<()> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "pdf-samples".into()));
    std::fs::create_dir_all(&folder)?;
    let text = "Vu le code général des collectivités territoriales ; considérant qu’il y a lieu de \
                vérifier l’œil, le cœur et les 15 € de l’été « prochain » – à Nîmes □. ";
    let blocks = [Block::title("ARRÊTÉ n° 2026-045"), Block::paragraph(text.repeat(9))];
    let page = || Flow::a4().blocks(blocks.clone()).pages().remove(0);
    let footer = PageSpec::a4().centred(815.0, Default::default(), 8.0, "Pied de page - 30-2026");
    let samples = [
        ("born", PdfBuilder::new().page(page())),
        ("rotated", PdfBuilder::new().page(page().rotated(Rotation::Quarter))),
        ("private-use", PdfBuilder::new().page(page().garbled(Garble::PrivateUse))),
        ("shifted", PdfBuilder::new().page(page().garbled(Garble::Shifted))),
        ("scan", PdfBuilder::new().scanned(page(), ScanOptions::default())),
        ("poor", PdfBuilder::new().scanned(page(), ScanOptions::poor(3))),
        ("fax", PdfBuilder::new().scanned(page(), ScanOptions::fax(3))),
        (
            "sideways",
            PdfBuilder::new()
                .scanned(page(), ScanOptions { quarter_turns: 1, ..ScanOptions::default() }),
        ),
        (
            "bad-layer",
            PdfBuilder::new()
                .scanned(page(), ScanOptions { hidden_bad_ocr: true, ..ScanOptions::default() }),
        ),
        (
            "footer-stamp",
            PdfBuilder::new().scanned_under(
                page(),
                ScanOptions::default(),
                footer.stamp(360.0, 120.0, "REÇU LE 12 MAI 2026"),
            ),
        ),
    ];
    for (name, builder) in samples {
        std::fs::write(folder.join(format!("{name}.pdf")), builder.build())?;
    }
    Ok(())
}
