//! Writes the demo's bulletins and `demo_truth.json` into a folder, to be looked at or scored
//! against: `cargo run -p guetteur-simulation --example demo_bulletins -- FOLDER`.
use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::Instant;

use guetteur_simulation::corpus::{Demo, ListedBulletin, ListedSite};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "demo-bulletins".into()));
    std::fs::create_dir_all(&folder)?;
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/sites");
    let demo = Demo::plan(&sites(&specs)?)?;
    std::fs::write(folder.join("demo_truth.json"), serde_json::to_string_pretty(&demo.truth()?)?)?;
    let start = Instant::now();
    for url in demo.files().keys() {
        if let Some(bytes) = demo.file(url)? {
            let name = url.rsplit('/').next().unwrap_or("file").replace(['?', '&'], "_");
            std::fs::write(folder.join(name), bytes)?;
        }
    }
    eprintln!("{} files in {:.1?}", demo.files().len(), start.elapsed());
    Ok(())
}

fn sites(folder: &Path) -> Result<Vec<ListedSite>, Box<dyn Error>> {
    let mut paths: Vec<_> = std::fs::read_dir(folder)?.flatten().map(|e| e.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|e| e == "json"));
    paths.sort();
    let mut sites = Vec::new();
    for path in paths {
        let spec: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path)?)?;
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let bulletins = spec["bulletins"].as_array().into_iter().flatten();
        let bulletins = bulletins.map(|b| ListedBulletin {
            url: text(&b["url"]),
            title: text(&b["title"]),
            published_on: text(&b["date"]).parse().ok(),
        });
        sites.push(ListedSite { code: text(&spec["code"]), bulletins: bulletins.collect() });
    }
    Ok(sites)
}
