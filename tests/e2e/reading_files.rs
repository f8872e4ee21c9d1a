//! `guetteur read` on files and folders, as a user would.

use std::path::Path;

use guetteur_testkit::pdf::{Block, Flow, PdfBuilder, not_a_pdf};
use serde_json::Value;

use crate::support::World;

const WORDS: &str = "Le préfet autorise la captation d'images";

fn write(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) {
    std::fs::write(folder.join(name), bytes).expect("written");
}

fn pdf() -> Vec<u8> {
    let flow = Flow::a4().blocks([Block::paragraph(WORDS)]);
    PdfBuilder::new().pages(flow.pages()).build()
}

#[test]
fn a_file_that_fails_hides_no_other() {
    let world = World::alone();
    let folder = world.dir.path().join("recueils");
    std::fs::create_dir(&folder).expect("folder");
    write(&folder, "a.pdf", pdf());
    write(&folder, "b.pdf", not_a_pdf());
    write(&folder, "c.pdf", "");
    write(&folder, "d.pdf", pdf());
    let run = world.run(&["read", "recueils", "--json", "--boxes"]);
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    let lines = run.json();
    let files: Vec<&Value> = lines.iter().map(|line| &line["file"]).collect();
    assert_eq!(files, ["recueils/a.pdf", "recueils/d.pdf"]);
    assert!(lines.iter().all(|line| line["words"][0]["box"].is_array()));
    for words in [
        "4 fichiers, 2 pages, dont 0 à reconnaître",
        "b.pdf : ce n'est pas un PDF, mais une page HTML ; télécharger le fichier de nouveau",
        "4 fichiers, 2 pages en ",
        "2 fichiers illisibles :\n",
        "2 fichiers illisibles sur 4",
    ] {
        assert!(run.stderr.contains(words), "no « {words} » in {}", run.stderr);
    }
}

#[test]
fn what_was_recognised_is_told_with_its_reason() {
    let world = World::alone();
    write(world.dir.path(), "a.pdf", pdf());
    let run = world.run(&["read", "a.pdf", "a.pdf", "--ocr", "always"]).ok();
    for words in ["dont 2 à reconnaître : environ ", "  2 pages : OCR : à la demande"] {
        assert!(run.stderr.contains(words), "no « {words} » in {}", run.stderr);
    }
    assert!(run.stdout.contains("captation"), "{}", run.stdout);
}

#[test]
fn what_cannot_be_done_is_said_in_words() {
    let world = World::alone();
    std::fs::create_dir(world.dir.path().join("rien")).expect("folder");
    write(world.dir.path(), "a.pdf", pdf());
    for (args, code, words) in [
        (&["read", "rien"][..], 1, "aucun fichier .pdf dans rien"),
        (&["read", "absent.pdf"], 1, "absent.pdf : fichier illisible : il n'existe pas\n"),
        (&["analyse", "absent.pdf"], 1, "absent.pdf : fichier illisible : il n'existe pas\n"),
        (&["read", "a.pdf", "--boxes"], 2, "--json"),
    ] {
        let run = world.run(args);
        assert_eq!(run.code, Some(code), "{args:?}: {}", run.stderr);
        assert!(run.stdout.is_empty() && run.stderr.contains(words), "{args:?}: {}", run.stderr);
    }
}
