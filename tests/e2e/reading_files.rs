//! `guetteur read` on files and folders, as a user would.

use std::path::Path;

use guetteur_testkit::pdf::{Block, Flow, Font, PageSpec, PdfBuilder, ScanOptions, not_a_pdf};
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

const SIGHT: &str = "Le préfet de la Drôme, vu le code de la sécurité intérieure, notamment ses articles \
    L. 242-1 à L. 242-8 ; considérant qu’une manifestation attirera un afflux de personnes à Valence ;";
const ALLOWED: &str = "Article 1er : La captation, l’enregistrement et la transmission d’images au moyen de \
    deux caméras installées sur des aéronefs sont autorisés au profit du groupement de gendarmerie.";

/// An act on two pages: what it is about, and what it orders.
fn act() -> [Vec<Block>; 2] {
    let title =
        "Arrêté n° 26-2026-05-11-00003 portant autorisation de captation d’images par drones";
    let before = [Block::title(title)].into_iter().chain((0..6).map(|_| Block::paragraph(SIGHT)));
    let after =
        ["Article 2 : Le présent arrêté est publié par tout moyen."; 7].map(Block::paragraph);
    let signed = ["Fait à Valence, le 11 mai 2026", "Le préfet,"].map(Block::paragraph);
    let orders = [Block::paragraph(ALLOWED)].into_iter().chain(after).chain(signed);
    [before.collect(), orders.collect()]
}

fn page(blocks: impl IntoIterator<Item = Block>) -> PageSpec {
    Flow::a4().blocks(blocks).pages().remove(0)
}

/// The words of its pages, in order and with one space between them, and their methods.
fn read(world: &World, file: &str) -> (String, Vec<String>) {
    let lines = world.run(&["read", file, "--json"]).ok().json();
    let words = |line: &Value| {
        let text = line["text"].as_str().expect("text");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let method = |line: &Value| line["method"].as_str().expect("method").to_owned();
    let texts: Vec<String> = lines.iter().map(words).collect();
    (texts.join(" "), lines.iter().map(method).collect())
}

/// Category and level of the flags of all acts.
fn flags(world: &World, file: &str) -> Vec<(String, String)> {
    let acts = world.run(&["analyse", file, "--json"]).ok().json();
    let flags = acts.iter().flat_map(|act| act["flags"].as_array().expect("flags"));
    let word = |flag: &Value, key: &str| flag[key].as_str().expect("a word").to_owned();
    flags.map(|flag| (word(flag, "category"), word(flag, "level"))).collect()
}

#[test]
fn a_scan_pasted_onto_a_typed_page_is_read_between_its_lines() {
    let world = World::alone();
    let [before, orders] = act();
    // What is ordered stands in the picture alone.
    let sheet = Flow::a4().blocks([Block::paragraph(ALLOWED)]).pages().remove(0);
    let sheet = PageSpec { height: 130.0, ..sheet };
    let mut typed = page(before.into_iter().take(3));
    let below = page(orders.into_iter().skip(1));
    let down = |y: f32| y + 400.0;
    for run in below.runs {
        typed = typed.text(run.x, down(run.y), run.font, run.size, run.text);
    }
    let options = ScanOptions { dpi: 200, skew_degrees: 0.0, ..ScanOptions::default() };
    let place = [30.0, 270.0, 535.5, 117.0];
    let bytes = PdfBuilder::new().pasted(sheet, options, typed, place).build();
    write(world.dir.path(), "a.pdf", bytes);
    let (text, methods) = read(&world, "a.pdf");
    assert_eq!(methods, ["both"], "{text}");
    let at = |words: &str| text.find(words).unwrap_or_else(|| panic!("no « {words} » in {text}"));
    assert!(at("afflux de personnes") < at("transmission d"), "{text}");
    assert!(at("transmission d") < at("Article 2"), "{text}");
    let run = world.run(&["read", "a.pdf"]).ok();
    assert!(run.stderr.contains("une partie de la page est une image"), "{}", run.stderr);
    assert!(flags(&world, "a.pdf").contains(&("drone".to_owned(), "authorises".to_owned())));
}

#[test]
fn two_pages_on_one_sheet_are_read_one_after_the_other() {
    let world = World::alone();
    let [left, right] = act().map(page);
    let sheet = PageSpec::two_up(left.clone(), right.clone());
    let words = [left.visible_text(), right.visible_text()].join(" ");
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    write(world.dir.path(), "a.pdf", PdfBuilder::new().page(sheet).build());
    assert_eq!(read(&world, "a.pdf"), (words, vec!["text".to_owned()]));
    assert!(flags(&world, "a.pdf").contains(&("drone".to_owned(), "authorises".to_owned())));
    let acts = world.run(&["analyse", "a.pdf", "--json"]).ok().json();
    assert_eq!(acts.len(), 1);
    assert_eq!(acts[0]["act"]["signed_on"], "2026-05-11");
}

#[test]
fn what_stands_in_for_a_form_is_no_act() {
    let world = World::alone();
    let page = PageSpec::a4()
        .text(72.0, 90.0, Font::Sans, 12.0, "Please wait...")
        .text(72.0, 120.0, Font::Sans, 10.0, "If this message is not eventually replaced by the")
        .text(72.0, 134.0, Font::Sans, 10.0, "proper contents of the document, your PDF viewer may")
        .text(72.0, 148.0, Font::Sans, 10.0, "not be able to display this type of document.");
    let form = PdfBuilder::new().xfa().page(page.clone());
    write(world.dir.path(), "a.pdf", form.build());
    assert_eq!(read(&world, "a.pdf"), (String::new(), vec!["empty".to_owned()]));
    let run = world.run(&["read", "a.pdf"]).ok();
    assert!(run.stderr.contains("formulaire XFA"), "{}", run.stderr);
    let run = world.run(&["analyse", "a.pdf", "--json"]);
    assert!(run.stdout.is_empty(), "{}", run.stdout);
    // The same words of a file without a form are its own.
    write(world.dir.path(), "b.pdf", PdfBuilder::new().page(page).build());
    assert!(read(&world, "b.pdf").0.starts_with("Please wait..."));
}
