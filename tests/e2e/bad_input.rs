//! What goes wrong outside costs one row its status, says so, and the rest goes on.

use guetteur_model::{FailureKind, Stage};
use guetteur_store::{BulletinFilter, BulletinRow, Store};
use guetteur_testkit::corpus::FileTruth;
use guetteur_testkit::sites::Fault;

use crate::support::{Sites, World, own_sites};

async fn rows(world: &World) -> Vec<BulletinRow> {
    let store = Store::open(&world.database()).await.expect("store");
    store.list_bulletins(&BulletinFilter::default(), 1000, 0).await.expect("rows")
}

/// Addresses of good bulletins of a site.
fn addresses(sites: &Sites, host: &str) -> Vec<String> {
    let truth = sites.bundle.demo.truth().expect("truth");
    let good = |file: &FileTruth| matches!(file, FileTruth::Bulletin(_));
    truth.iter().filter(|(url, f)| url.contains(host) && good(f)).map(|(u, _)| u.clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_file_costs_its_row_only() {
    let sites = own_sites();
    let pdf = |body: &[u8]| Fault::Body("application/pdf".to_owned(), body.to_vec());
    let targets = [addresses(&sites, "www.jura."), addresses(&sites, "www.aude.")].concat();
    assert!(targets.len() >= 7, "{targets:#?}");
    let faults = [
        (Fault::HtmlInstead, FailureKind::WrongContent, "page HTML"),
        (pdf(b""), FailureKind::WrongContent, "vide"),
        (pdf(b"bonjour"), FailureKind::WrongContent, "contenu inconnu"),
        (pdf(b"%PDF-1.4\nrien d'autre\n%%EOF\n"), FailureKind::Unreadable, "illisible"),
        (Fault::Status(404), FailureKind::NotFound, "introuvable (404)"),
        (Fault::Status(500), FailureKind::SiteDown, "en panne (500)"),
        (Fault::RedirectLoop, FailureKind::Astray, "redirections sans fin"),
    ];
    for (url, (fault, _, _)) in targets.iter().zip(&faults) {
        sites.bundle.sites.set_fault(url, Some(fault.clone()));
    }
    let world = World::on(&sites.mirror);
    let run = world.run(&["crawl", "--full", "--json", "39", "11", "34"]).ok();
    let rows = rows(&world).await;
    for (url, (fault, kind, words)) in targets.iter().zip(&faults) {
        let row = rows.iter().find(|row| row.url == *url).expect("row");
        let said = row.failure.as_ref().map(|failure| failure.kind);
        assert_eq!(said, Some(*kind), "{fault:?}: {:?}", row.failure);
        assert_ne!(row.stage, Stage::Flagged);
        assert!(run.stdout.contains(words), "the summary says why: {}", run.stdout);
    }
    let done = rows.iter().filter(|row| row.stage == Stage::Flagged).count();
    assert_eq!(done, rows.len() - faults.len(), "the others went on");

    // The site is mended: what may pass is tried again at its time, and succeeds.
    for url in &targets {
        sites.bundle.sites.set_fault(url, None);
    }
    let waiting = rows.iter().filter(|row| row.next_attempt_at.is_some()).count();
    assert!(waiting >= 5, "404, 500 and impostors are tried again later: {waiting}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_in_trouble_is_not_a_site_without_news() {
    let sites = own_sites();
    let root = |code: &str| {
        let registry = guetteur_sources::Registry::builtin().expect("registry");
        registry.get(code).expect("source").roots[0].clone()
    };
    for (code, fault) in [
        ("34", Fault::Status(500)),
        ("39", Fault::Status(404)),
        ("44", Fault::RedirectLoop),
        ("67", Fault::Status(403)),
        ("76", Fault::Challenge),
    ] {
        sites.bundle.sites.set_fault(&root(code), Some(fault));
    }
    let world = World::on(&sites.mirror);
    let run = world.run(&["crawl", "--full", "--json", "34", "39", "44", "67", "76", "90"]);
    assert_eq!(run.code, Some(1), "the crawl did not do all of its work");
    let lines = run.json();
    let of = |code: &str| lines.iter().find(|line| line["code"] == code).expect("line");
    for code in ["34", "39", "44", "67", "76"] {
        assert!(of(code)["error"].is_string(), "{}", of(code));
        assert_eq!(of(code)["found"], 0);
    }
    assert_eq!(of("90")["error"], serde_json::Value::Null);
    assert_eq!(of("90")["read"], 2, "the healthy site was read");
    let coverage = world.run(&["coverage", "--json"]).ok().json();
    let status = |code: &str| {
        coverage.iter().find(|line| line["code"] == code).expect("line")["status"].clone()
    };
    for code in ["34", "39", "44"] {
        assert_eq!(status(code), "broken", "{code}");
    }
    for code in ["67", "76"] {
        assert_eq!(status(code), "blocked", "{code}");
    }
    assert_eq!(status("05"), "never");
}

/// « Connection refused » is a port where nobody listens: the site has refused nothing.
#[test]
fn a_site_out_of_reach_is_not_one_that_refuses() {
    let world = World::on("http://127.0.0.1:1");
    let run = world.command(&["crawl", "34"]).env("GUETTEUR_FETCH_RETRIES", "0").output();
    assert_eq!(run.expect("runs").status.code(), Some(1));
    let line = world.run(&["coverage", "--json", "34"]).ok().json().remove(0);
    assert_eq!((&line["status"], &line["last_failure"]), (&"broken".into(), &"unreachable".into()));
    let said = line["last_error"].as_str().expect("a reason");
    assert!(said.contains("connexion impossible"), "{said}");
    assert_eq!(said.matches("https://").count(), 1, "the address is named once: {said}");
    let table = world.run(&["coverage", "34"]).ok();
    assert!(!table.stdout.contains("blocked"), "{}", table.stdout);
}

#[test]
fn a_rule_file_with_a_typo_is_named_and_the_rest_works() {
    let world = World::alone();
    let dir = world.dir.path().join("regles");
    std::fs::create_dir(&dir).expect("dir");
    std::fs::write(dir.join("casse.toml"), "categorie = [").expect("write");
    std::fs::write(dir.join("fetes.txt"), "# rave parties\nrave-party\n").expect("write");
    let dir = dir.to_string_lossy();
    let test = world.run(&["rules", "test", "--rules", &dir]);
    assert_eq!(test.code, Some(1));
    assert!(test.stderr.contains("casse.toml"), "{}", test.stderr);
    let mut command = world.command(&["classify", "--json"]);
    command.env("GUETTEUR_RULES_DIR", dir.as_ref());
    drop(command);
    let list = world.run(&["rules", "list", "--rules", &dir]);
    assert!(list.stdout.contains("fetes"), "the watch list is loaded: {}", list.stdout);
}

#[test]
fn a_file_that_cannot_be_read_is_said_in_words() {
    let world = World::alone();
    for (name, bytes, words) in [
        ("vide.pdf", &b""[..], "vide"),
        ("page.pdf", b"<!DOCTYPE html><html></html>", "HTML"),
        ("zero.pdf", &[0; 4096], "PDF"),
    ] {
        let file = world.dir.path().join(name);
        std::fs::write(&file, bytes).expect("write");
        for command in ["read", "analyse"] {
            let run = world.run(&[command, &file.to_string_lossy(), "--json"]);
            assert_eq!(run.code, Some(1), "{command} {name}");
            assert!(run.stderr.contains(words) && run.stdout.is_empty(), "{}", run.stderr);
        }
    }
    let absent = world.run(&["read", "absent.pdf"]);
    assert!(absent.code == Some(1) && absent.stderr.contains("absent.pdf"), "{}", absent.stderr);
}

#[test]
fn a_data_folder_that_cannot_be_written_is_named() {
    let world = World::alone();
    for path in ["/dev/null/data", "/proc/guetteur"] {
        let run = world.run(&["crawl", "34", "--data", path]);
        assert_eq!(run.code, Some(1));
        assert!(run.stderr.contains(path), "{}", run.stderr);
    }
    let run = world.run(&["coverage", "--database-url", "postgres://nobody:secret@127.0.0.1:9/x"]);
    assert_eq!(run.code, Some(1));
    assert!(!run.stderr.contains("secret"), "no password in messages: {}", run.stderr);
}

/// A full disk: the archive's file system has room for nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_loses_nothing_that_is_stored() {
    let sites = own_sites();
    let world = World::on(&sites.mirror);
    world.run(&["crawl", "--full", "90"]).ok();
    let before = rows(&world).await;
    // Root writes anywhere: a file where the archive wants a folder refuses root too.
    let incoming = world.data().join("archive/incoming");
    std::fs::remove_dir_all(&incoming).expect("remove");
    std::fs::write(&incoming, "plein").expect("in the way");
    let run = world.run(&["crawl", "--full", "94"]);
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    assert!(run.stderr.contains("archive"), "{}", run.stderr);
    assert_eq!(rows(&world).await, before);
}

#[test]
fn the_doctor_names_own_files_that_are_left_out() {
    let world = World::alone();
    let folder = world.dir.path().join("droit");
    std::fs::create_dir(&folder).expect("folder");
    let world = world.with_variable("GUETTEUR_LAW_DIR", folder.to_str().expect("path"));
    let told = |text: &str| {
        std::fs::write(folder.join("a.toml"), text).expect("file");
        let doctor = world.run(&["doctor", "--json"]).json();
        let law = doctor.into_iter().find(|finding| finding["what"] == "textes de loi");
        let law = law.expect("a finding");
        (law["ok"] == true, law["detail"].as_str().expect("words").to_owned())
    };
    let text = "[[text]]\nid = \"x\"\ncite = \"Loi x\"\ntitle = \"x\"\nsays = \"x\"\n\
                categories = [\"drone\"]\nsource = \"x\"\nread_on = \"2026-08-14\"\nstate = \"ok\"\n";
    let (ok, words) = told(text);
    assert!(ok && words.ends_with("textes"), "{words}");
    let (ok, words) = told(&text.replace("drone", "dron"));
    assert!(!ok && words.contains("« dron »"), "{words}");
    let (ok, words) = told(&text.replace("title = \"x\"\n", ""));
    assert!(!ok && words.contains("a.toml") && words.contains("Corrigez"), "{words}");
}
