//! `sources probe` proposes an entry that works.

use serde_json::json;

use crate::support::{World, own_sites};

#[test]
fn a_probed_page_becomes_an_entry_that_finds_the_same() {
    let sites = own_sites();
    let world = World::on(&sites.mirror);
    let listed = world.run(&["sources", "34", "--json"]).ok().json();
    let root = listed[0]["roots"][0].as_str().expect("root").to_owned();

    let probed = world.run(&["sources", "probe", &root, "--json"]).ok().json();
    assert_eq!(probed.len(), 1);
    let report = &probed[0];
    assert_eq!(report["code"], "34");
    assert!(report["found"].as_u64() > Some(0), "{report}");
    assert!(report["requests"].as_u64() <= Some(40), "{report}");
    let entry = report["entry"].as_str().expect("entry");
    let file = world.dir.path().join("mine.toml");
    std::fs::write(&file, entry.replace("code = \"34\"", "code = \"34bis\"")).expect("written");
    let settings = format!("[sources]\nregistry = \"{}\"\n", file.display());
    std::fs::write(world.dir.path().join("guetteur.toml"), settings).expect("written");
    let found = world.run(&["discover", "34bis", "--json"]).ok().json();
    assert_eq!(json!(found), report["bulletins"]);

    let shown = world.run(&["sources", "probe", &root]).ok();
    assert!(shown.stdout.contains("[[source]]"), "{}", shown.stdout);
    assert!(shown.stderr.contains("La source 34 existe"), "{}", shown.stderr);
    assert_eq!(world.run(&["sources", "probe", "herault"]).code, Some(2), "no address");
    let nowhere = world.run(&["sources", "probe", "https://www.nulle-part.gouv.fr/RAA"]);
    assert_eq!(nowhere.code, Some(1), "{}", nowhere.stderr);
    assert!(nowhere.stderr.contains("docs/adding-a-prefecture.md"), "{}", nowhere.stderr);
    assert!(nowhere.stdout.contains("À COMPLÉTER"), "{}", nowhere.stdout);
}
