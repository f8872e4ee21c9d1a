//! The command line that scripts rely on: names, `--json` shapes, exit codes.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::{World, crawled, own_sites};

/// Demands that each line has exactly these keys, in any order; `optional` ones may be absent.
#[track_caller]
fn keys(lines: &[Value], required: &[&str], optional: &[&str]) {
    assert!(!lines.is_empty(), "no line");
    for line in lines {
        let object = line.as_object().expect("an object a line");
        for key in required {
            assert!(object.contains_key(*key), "no {key}: {line}");
        }
        for key in object.keys() {
            let known = required.contains(&key.as_str()) || optional.contains(&key.as_str());
            assert!(known, "unexpected {key}: {line}");
        }
    }
}

#[test]
fn sources() {
    let world = World::alone();
    let lines = world.run(&["sources", "--json"]).ok().json();
    keys(&lines, &["code", "name", "kind", "timezone", "roots", "hint"], &[]);
    assert_eq!(lines.len(), 105);
    let one = world.run(&["sources", "--json", "974"]).ok().json();
    assert_eq!(one[0]["timezone"], "Indian/Reunion");
    let unknown = world.run(&["sources", "hérault"]);
    assert_eq!(unknown.code, Some(2));
    assert!(unknown.stderr.contains("34"), "the nearest code is named: {}", unknown.stderr);
}

#[test]
fn bad_usage_is_2() {
    let world = World::alone();
    for args in [
        &["crawl", "--inconnu"][..],
        &["inconnue"],
        &["discover"],
        &["crawl", "99"],
        &["search", "x", "--category", "Drone!"],
        &["search", "x", "--category", "drones"],
        &["search", "x", "--prefecture", "hérault"],
        &["export", "--prefecture", "999"],
        &["export", "--format", "doc"],
        &["search", "x", "--region", "armorique"],
        &["export", "--epci", "1"],
        &["search", "x", "--around", "35238-500km"],
        &["export", "--commune", "Atlantide"],
    ] {
        let run = world.run(args);
        assert_eq!(run.code, Some(2), "{args:?}: {}", run.stderr);
        assert!(run.stdout.is_empty() && !run.stderr.is_empty());
    }
    let mut command = world.command(&["sources"]);
    command.env("GUETTEUR_FETCH_DELAY_MS", "0");
    let output = command.output().expect("run");
    assert_eq!(output.status.code(), Some(2), "no pause only with a mirror");
    let mut command = world.command(&["watch", "--listen", "127.0.0.1:0"]);
    command.env("GUETTEUR_SOURCES_ONLY", "34,hérault");
    let output = command.output().expect("run");
    assert_eq!(output.status.code(), Some(2), "watching nothing without a word");
}

#[test]
fn discover() {
    let (_, world) = crawled();
    let lines = world.run(&["discover", "34", "--json"]).ok().json();
    keys(&lines, &["url", "title", "published_on", "number", "series", "via"], &[]);
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["published_on"], "2026-08-14");
    assert_eq!(lines[0]["number"], "211");
}

#[test]
fn read_analyse_and_search() {
    let (_, world) = crawled();
    let found = world
        .run(&[
            "search",
            "captation images caméras aéronefs",
            "--json",
            "--category",
            "drone",
            "--limit",
            "3",
        ])
        .ok()
        .json();
    keys(&found, &["act_id", "title", "prefecture", "date", "categories", "snippet", "url"], &[]);
    assert_eq!(found.len(), 3);
    let pdf = some_pdf(world);
    let pages = world.run(&["read", &pdf, "--json"]).ok().json();
    keys(&pages, &["page", "method", "text", "confidence", "ms"], &["note"]);
    let never = world.run(&["read", &pdf, "--json", "--ocr", "never"]).ok().json();
    assert!(never.iter().all(|page| page["method"] != "ocr"));
    let acts = world.run(&["analyse", &pdf, "--json"]).ok().json();
    keys(&acts, &["act", "facts", "flags"], &["doubts_of_law"]);
    let evidence: Vec<(&Value, &Value)> = acts
        .iter()
        .flat_map(|act| act["flags"].as_array().expect("flags"))
        .flat_map(|flag| {
            flag["evidence"].as_array().expect("evidence").iter().map(move |e| (flag, e))
        })
        .collect();
    for (flag, span) in evidence {
        let page = pages.iter().find(|page| page["page"] == span["page"]).expect("page");
        let text: Vec<char> = page["text"].as_str().expect("text").chars().collect();
        let offset = |key: &str| span[key].as_u64().expect("offset") as usize;
        let quoted: String = text[offset("start")..offset("end")].iter().collect();
        assert_eq!(span["text"], quoted, "evidence quotes the page: {flag}");
    }
}

#[test]
fn places_wider_than_a_commune_are_those_of_the_site() {
    let (_, world) = crawled();
    let export = |place: &[&str]| {
        let run = world.run(&[&["export", "--format", "jsonl"], place].concat()).ok();
        run.json()
    };
    let all = export(&[]);
    let of_region = export(&["--region", "occitanie"]);
    let prefectures: BTreeSet<&str> =
        of_region.iter().map(|act| act["prefecture"]["code"].as_str().expect("a code")).collect();
    assert!(prefectures.contains("34") && !prefectures.contains("35"), "{prefectures:?}");
    assert!(of_region.len() < all.len());
    // A town that an act names, and what lies around it.
    let towns = all.iter().filter_map(|act| act["facts"]["communes"][0]["insee"].as_str());
    let town = towns.clone().next().expect("acts name towns");
    let named = towns.filter(|of| *of == town).count();
    let around = export(&["--around", &format!("{town}-100km")]);
    assert!((named..all.len()).contains(&around.len()), "{} around {town}", around.len());
    // Exports hold what is flagged, a search all acts.
    let asked = ["search", "--region", "76", "--level", "authorises", "--limit", "200", "--json"];
    let found = world.run(&asked).ok().json();
    assert!(!found.is_empty());
    assert!(
        found.iter().all(|act| prefectures.contains(act["prefecture"].as_str().expect("code")))
    );
    let none = world.run(&["search", "--epci", "200067106", "--json"]).ok();
    assert!(none.json().len() < all.len(), "{}", none.stderr);
}

#[test]
fn all_of_a_list_is_one_file() {
    let (_, world) = crawled();
    let folder = tempfile::tempdir().expect("folder");
    let file = folder.path().join("drones.sqlite");
    std::fs::write(&file, "what was there before").expect("written");
    let path = file.to_string_lossy().into_owned();
    world.run(&["export", "--sqlite", &path, "--category", "drone"]).ok();
    assert!(std::fs::read(&file).expect("the file").starts_with(b"SQLite format 3\0"));
    assert_eq!(std::fs::read_dir(folder.path()).expect("folder").count(), 1, "nothing beside it");
    for (args, code) in [(&[&*path, "--format", "csv"][..], 2), (&["/dev/null/a"], 1)] {
        let run = world.run(&[&["export", "--sqlite"], args].concat());
        assert_eq!(run.code, Some(code), "{args:?}: {}", run.stderr);
    }
}

/// A document of the archive with a flagged act.
fn some_pdf(world: &World) -> String {
    let exported = world.run(&["export", "--format", "jsonl", "--category", "drone"]).ok();
    let line = &exported.json()[0];
    let sha = line["pdf_sha256"].as_str().expect("hash");
    let path =
        world.data().join("archive").join(&sha[..2]).join(&sha[2..4]).join(format!("{sha}.pdf"));
    path.to_string_lossy().into_owned()
}

#[test]
fn analyse_of_a_text() {
    let world = World::alone();
    let text = "PRÉFECTURE DU GARD\nArrêté n° 2026-12 autorisant la captation, l'enregistrement et la \
        transmission d'images au moyen de caméras installées sur des aéronefs\nLe préfet du Gard,\n\
        Vu le code de la sécurité intérieure, notamment ses articles L. 242-1 et suivants ;\nARRÊTE\n\
        Article 1er : La direction interdépartementale de la police nationale du Gard est autorisée à \
        procéder à la captation, à l'enregistrement et à la transmission d'images au moyen de deux \
        caméras installées sur des aéronefs, du 22 août 2026 à 12h00 au 23 août 2026 à 02h00, à Nîmes.\n\
        Fait à Nîmes, le 20 août 2026\nLe préfet,\nJean MARTIN\n";
    let file = world.dir.path().join("arrete.txt");
    std::fs::write(&file, text).expect("write");
    let run = world.run(&["analyse", &file.to_string_lossy(), "--json", "--prefecture", "30"]);
    let acts = run.ok().json();
    assert_eq!(acts.len(), 1);
    let act = &acts[0];
    assert_eq!(act["act"]["signed_on"], "2026-08-20");
    assert_eq!(act["act"]["pages"], serde_json::json!([1, 1]));
    assert_eq!(act["flags"][0]["category"], "drone");
    assert_eq!(act["flags"][0]["level"], "authorises");
    assert_eq!(act["facts"]["valid_from"], "2026-08-22T12:00:00+02:00");
    assert_eq!(act["facts"]["valid_to"], "2026-08-23T02:00:00+02:00");
    assert_eq!(act["facts"]["cameras"], 2);
}

#[test]
fn classify_reads_lines() {
    let world = World::alone();
    let input = "{\"id\":1,\"title\":\"Arrêté autorisant la captation, l'enregistrement et la transmission \
        d'images au moyen de caméras installées sur des aéronefs\"}\n\
        {\"id\":\"b\",\"title\":\"Arrêté relatif au captage d'eau potable des Sources\"}\n";
    let lines = world.run_with_input(&["classify", "--json"], input).ok().json();
    keys(&lines, &["id", "flags"], &[]);
    assert_eq!(lines[0]["id"], 1);
    assert_eq!(lines[0]["flags"][0]["category"], "drone");
    assert_eq!(lines[1]["flags"], serde_json::json!([]));
    let bad = world.run_with_input(&["classify"], "{\"id\":1}\n{\"id\":2,\"title\":\"x\"}\n");
    assert_eq!(bad.code, Some(1));
    assert_eq!(bad.json().len(), 1, "the good line is answered");
    assert!(bad.stderr.contains("ligne 1"), "{}", bad.stderr);
}

#[test]
fn classify_takes_what_windows_writes_and_goes_on_behind_a_bad_byte() {
    let world = World::alone();
    let input = b"\xef\xbb\xbf{\"id\":1,\"title\":\"x\"}\r\n{\"id\":2,\"title\":\"Arr\xeat\xe9\"}\r\n{\"id\":3,\"title\":\"x\"}\r\n";
    let run = world.run_with_input(&["classify"], input);
    let ids: Vec<_> = run.json().iter().map(|line| line["id"].clone()).collect();
    assert_eq!(ids, [1, 3], "{}", run.stderr);
    assert!(run.code == Some(1) && run.stderr.contains("ligne 2"), "{}", run.stderr);
}

#[test]
fn coverage_tells_looked_at_from_not_looked_at() {
    let (_, world) = crawled();
    let lines = world.run(&["coverage", "--json"]).ok().json();
    let required =
        ["code", "last_ok", "last_error", "bulletins", "acts", "flagged", "missing", "status"];
    let more = [
        "failed",
        "pending",
        "last_failure",
        "left_out",
        "distrusted",
        "last_full",
        "last_look",
        "last_published",
        "usual_days",
        "only_indexed",
        "only_listed",
    ];
    keys(&lines, &required, &more);
    assert_eq!(lines.len(), 105);
    let of = |code: &str| lines.iter().find(|line| line["code"] == code).expect("line");
    assert_eq!(of("05")["status"], "never");
    assert_ne!(of("34")["status"], "never");
    assert!(of("34")["last_ok"].is_string());
}

#[test]
fn import_of_the_national_index() {
    let world = World::alone();
    let file = world.dir.path().join("index.csv");
    let csv = "\u{feff}titre;url;departement;mise_a_jour\n\
        \"RAA n° 12; spécial du 3 mars 2024\";https://www.gard.gouv.fr/a b.pdf;30;2024-03-04\n\
        RAA n° 13;pas une adresse;30;2024-03-05\n\
        RAA n° 14;https://www.gard.gouv.fr/14.pdf;999;2024-03-05\n\
        RAA n° 15;https://www.gard.gouv.fr/15.pdf;30;2024-03-06\n\
        RAA n° 16;file:///etc/passwd;30;2024-03-06\n";
    std::fs::write(&file, csv).expect("write");
    let path = file.to_string_lossy();
    let first = world.run(&["import", &path, "--json"]).ok();
    assert_eq!(first.json()[0], serde_json::json!({"rows": 5, "new": 2, "known": 0, "skipped": 3}));
    assert!(
        first.stderr.contains("ligne 3") && first.stderr.contains("ligne 4"),
        "{}",
        first.stderr
    );
    let again = world.run(&["import", &path, "--json"]).ok();
    assert_eq!(again.json()[0]["known"], 2);
    // As spreadsheets save it: the same rows under the same numbers.
    std::fs::write(&file, csv.replace('\n', "\r\n")).expect("write");
    let saved = world.run(&["import", &path, "--json"]).ok();
    assert_eq!(saved.json()[0], serde_json::json!({"rows": 5, "new": 0, "known": 2, "skipped": 3}));
    assert_eq!(saved.stderr, first.stderr);
}

#[test]
fn reclassify_asks_no_site_for_anything() {
    let world = World::alone();
    let file = world.dir.path().join("index.csv");
    let csv =
        "titre;url;departement;mise_a_jour\nRAA 1;https://www.gard.gouv.fr/1.pdf;30;2024-03-04\n";
    std::fs::write(&file, csv).expect("write");
    world.run(&["import", &file.to_string_lossy()]).ok();
    // Its PDF is still to be fetched; without a mirror, trying would reach for the live site.
    world.run(&["reclassify"]).ok();
    let line = &world.run(&["coverage", "--json", "30"]).ok().json()[0];
    assert_eq!((&line["pending"], &line["failed"]), (&1.into(), &0.into()), "{line}");
    let again = world.run(&["reclassify", "--json"]).ok();
    assert!(again.json().is_empty(), "no bulletin was touched: {}", again.stdout);
}

#[test]
fn maintenance() {
    // A world of its own: others search theirs while this one's index is made anew.
    let sites = own_sites();
    let world = World::on(&sites.mirror);
    world.run(&["crawl", "--full", "90"]).ok();
    let rules = world.run(&["rules", "test"]).ok();
    assert!(rules.stderr.contains("0 manqués"), "{}", rules.stderr);
    assert!(world.run(&["rules", "list", "--json"]).ok().json().len() > 9);
    let doctor = world.run(&["doctor", "--json"]).ok().json();
    keys(&doctor, &["what", "ok", "required", "detail"], &["ocr"]);
    let copy = world.dir.path().join("copie.sqlite");
    world.run(&["backup", &copy.to_string_lossy()]).ok();
    assert!(copy.metadata().expect("copy").len() > 100_000);
    assert!(world.run(&["verify", "--json"]).ok().json().is_empty(), "all is sound");
    let archive = guetteur_archive::Archive::open(world.data().join("archive")).expect("archive");
    let runtime = tokio::runtime::Runtime::new().expect("runtime");
    let document = runtime.block_on(archive.documents()).expect("listed").documents[0];
    std::fs::remove_file(archive.path(document).expect("a folder")).expect("a document is lost");
    let verify = world.run(&["verify", "--json"]);
    assert_eq!(verify.code, Some(1), "{}", verify.stderr);
    keys(&verify.json(), &["sha256", "status", "bulletin"], &[]);
    assert_eq!(verify.json()[0]["status"], "missing");
    let reindex = world.run(&["reindex"]).ok();
    assert!(reindex.stderr.contains("actes indexés"), "{}", reindex.stderr);
    let reclassify = world.run(&["reclassify"]).ok();
    assert!(reclassify.stderr.starts_with("0 recueils"), "same rules: {}", reclassify.stderr);
}

#[test]
fn decisions_are_recorded_from_a_file_and_given_back() {
    let (_, world) = crawled();
    let found = world.run(&["search", "drone", "--json", "--limit", "1"]).ok().json();
    let act = found[0]["act_id"].to_string();
    let file = world.dir.path().join("decisions.csv");
    let text = format!(
        "acte;juridiction;numero;date;issue;motif\r\n{act};TA de Nîmes;2603001;2026-08-14;suspendu;\r\n\
         999999;TA de Nîmes;1;2026-08-14;annulé;\r\n{act};TA de Nîmes;2;2026-08-14;gagné;\r\n"
    );
    std::fs::write(&file, text).expect("write");
    let import = || world.run(&["outcomes", "import", &file.to_string_lossy(), "--json"]).ok();
    let first = import();
    let summary = serde_json::json!({"rows": 3, "new": 1, "changed": 0, "known": 0, "skipped": 2});
    assert_eq!(first.json()[0], summary);
    assert!(
        first.stderr.contains("ligne 3") && first.stderr.contains("999999"),
        "{}",
        first.stderr
    );
    assert_eq!(import().json()[0]["known"], 1);
    let lines = world.run(&["outcomes", "export", "--json"]).ok().json();
    let members = [
        "id",
        "court",
        "number",
        "decided_on",
        "ruling",
        "ground",
        "source",
        "note",
        "recorded_at",
        "act",
        "act_title",
        "act_url",
        "prefecture",
        "categories",
    ];
    keys(&lines, &members, &[]);
    let csv = world.run(&["outcomes", "export"]).ok().stdout;
    assert!(csv.contains("acte;juridiction;numero") && csv.contains(";suspended;"), "{csv}");
    let id = lines[0]["id"].to_string();
    world.run(&["outcomes", "remove", &id]).ok();
    assert_eq!(world.run(&["outcomes", "remove", &id]).code, Some(2));
}
