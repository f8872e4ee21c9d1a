//! What an operator does over the years: measures, copies given back, an archive that lost a file.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use guetteur_store::{Damage, Store};

use crate::demo::contents;
use crate::feeds::get;
use crate::support::{World, own_sites};

#[tokio::test(flavor = "multi_thread")]
async fn prometheus_reads_what_is_measured() {
    let sites = own_sites();
    let world = World::on(&sites.mirror);
    world.run(&["crawl", "39"]).ok();
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("port");
    let address = free.local_addr().expect("address").to_string();
    drop(free);
    let settings = format!("[site]\nmetrics_listen = '{address}'\n[sources]\nonly = ['39']\n");
    std::fs::write(world.dir.path().join("guetteur.toml"), settings).expect("settings");
    let site = world.serve(&["serve"]);
    let answer = get(&format!("http://{address}/metrics")).await;
    let media = answer.headers()["content-type"].to_str().expect("text").to_owned();
    assert_eq!(media, "text/plain; version=0.0.4; charset=utf-8");
    let text = answer.text().await.expect("text");
    for line in [
        "guetteur_queue_bulletins{stage=\"fetched\"} 0",
        "guetteur_source_status{source=\"39\",status=\"",
        "guetteur_source_read_seconds{source=\"39\"} ",
        "guetteur_messages{state=\"pending\"} 0",
        "guetteur_alarms{kind=\"blind\"} 0",
        "guetteur_archive_damaged 0",
        "guetteur_disk_free_bytes{folder=\"data\"} ",
        "process_open_fds ",
    ] {
        assert!(text.lines().any(|said| said.starts_with(line)), "no {line} in {text}");
    }
    let value = |name: &str| -> f64 {
        let line =
            text.lines().find(|line| line.starts_with(&format!("{name} "))).expect("measured");
        line.split(' ').next_back().and_then(|value| value.parse().ok()).expect("a number")
    };
    assert!(value("guetteur_documents") > 0.0 && value("guetteur_database_bytes") > 0.0);
    // Each name is described once, before its samples.
    let named: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("# TYPE ")).collect();
    let mut once = named.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(named.len(), once.len());
    let elsewhere = get(&format!("{}/metrics", site.address)).await;
    assert_eq!(elsewhere.status(), 404, "readers do not see it");
    site.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_is_given_back() {
    let sites = own_sites();
    let world = World::on(&sites.mirror);
    world.run(&["crawl", "39"]).ok();
    let expected = contents(&world).await;
    let copy = world.dir.path().join("copie.sqlite");
    let copy = copy.to_str().expect("UTF-8");
    world.run(&["backup", copy]).ok();
    world.run(&["crawl", "11"]).ok();
    assert_ne!(contents(&world).await, expected);

    let running = world.serve(&["serve"]);
    let refused = world.run(&["restore", copy]);
    assert!(refused.code == Some(1) && refused.stderr.contains("arrêtez"), "{}", refused.stderr);
    running.stop();
    let nothing = world.dir.path().join("rien.sqlite");
    std::fs::write(&nothing, "bonjour").expect("written");
    let refused = world.run(&["restore", nothing.to_str().expect("UTF-8")]);
    assert!(refused.code == Some(1) && refused.stderr.contains("SQLite"), "{}", refused.stderr);

    let said = world.run(&["restore", copy]).ok().stderr;
    assert!(said.contains("l'ancienne base est gardée"), "{said}");
    assert_eq!(contents(&world).await, expected);
    let kept = std::fs::read_dir(world.data()).expect("data").flatten();
    let kept = kept.filter(|entry| entry.file_name().to_string_lossy().contains(".avant-")).count();
    assert!(kept >= 1, "what was there before is there still");
    world.run(&["verify"]).ok();
    // It works on, and finds again what the copy did not know.
    world.run(&["crawl", "11"]).ok();
    assert_ne!(contents(&world).await, expected);
}

/// PDFs of the archive.
fn pdfs(folder: &Path) -> Vec<PathBuf> {
    let entries =
        std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut all: Vec<PathBuf> = entries
        .flat_map(|path| if path.is_dir() { pdfs(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|end| end == "pdf"))
        .collect();
    all.sort();
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn damage_is_noted_told_and_mended_by_the_site() {
    let sites = own_sites();
    let world = World::on(&sites.mirror);
    world.run(&["crawl", "39"]).ok();
    let archive = pdfs(&world.data().join("archive"));
    assert!(archive.len() >= 2, "{archive:?}");
    std::fs::remove_file(&archive[0]).expect("removed");
    let mut bytes = std::fs::read(&archive[1]).expect("read");
    bytes[100] ^= 1;
    std::fs::write(&archive[1], &bytes).expect("flipped");

    let told = world.run(&["verify", "--json"]);
    assert_eq!(told.code, Some(1));
    let mut said: Vec<String> = told.json().iter().map(|line| line["status"].to_string()).collect();
    said.sort();
    assert_eq!(said, ["\"altered\"", "\"missing\""]);
    let doctor = world.run(&["doctor"]).stdout;
    assert!(doctor.contains("2 PDF altérés ou manquants"), "{doctor}");
    let site = world.serve(&["serve"]);
    let page = get(&format!("{}/couverture", site.address)).await;
    let page = page.text().await.expect("text").replace('\u{a0}', " ");
    assert!(page.contains("2 PDF de l’archive sont altérés ou manquent"), "{page}");
    site.stop();
    let store = Store::open(&world.database()).await.expect("store");
    let damaged = store.damaged_documents().await.expect("damaged");
    let mut kinds: Vec<Damage> = damaged.iter().map(|document| document.damage).collect();
    kinds.sort();
    assert_eq!(kinds, [Damage::Altered, Damage::Missing]);
    store.close().await;

    // The site still has them: the next crawl asks for them, and they are proof again.
    world.run(&["crawl", "39"]).ok();
    let sound = world.run(&["verify"]).ok().stderr;
    assert!(sound.contains(&format!("{} PDF intacts", archive.len())), "{sound}");
    let doctor = world.run(&["doctor"]).stdout;
    assert!(!doctor.contains("altérés ou manquants"), "{doctor}");
}

#[test]
fn the_log_is_json_where_it_is_asked_for() {
    let sites = own_sites();
    let world = World::on(&sites.mirror);
    let run = world
        .command(&["crawl", "39"])
        .envs([("GUETTEUR_LOG_FORMAT", "json"), ("GUETTEUR_LOG", "debug")])
        .output()
        .expect("runs");
    let lines = String::from_utf8_lossy(&run.stderr).into_owned();
    let objects: Vec<serde_json::Value> = lines
        .lines()
        // A crawl tells people how far it is, beside its log.
        .filter(|line| line.starts_with('{'))
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert!(!objects.is_empty(), "{lines}");
    for object in &objects {
        assert!(object["time"].is_string() && object["level"].is_string(), "{object}");
        assert!(object["message"].is_string(), "{object}");
    }
}

#[test]
fn a_service_says_nothing_but_objects() {
    let world = World::alone();
    let mut service = world
        .command(&["serve", "--listen", "127.0.0.1:0"])
        .envs([("GUETTEUR_LOG_FORMAT", "json"), ("GUETTEUR_SITE_METRICS_LISTEN", "127.0.0.1:0")])
        .stderr(Stdio::piped())
        .spawn()
        .expect("runs");
    let lines = BufReader::new(service.stderr.take().expect("stderr")).lines();
    let mut served = Vec::new();
    for line in lines {
        let line = line.expect("line");
        let object: serde_json::Value =
            serde_json::from_str(&line).unwrap_or_else(|_| panic!("{line}"));
        if object["message"] == "serving" {
            served.push(object["url"].as_str().expect("address").to_owned());
        }
        if served.len() == 2 {
            break;
        }
    }
    service.kill().expect("killed");
    service.wait().expect("ended");
    assert!(served.iter().any(|url| url.ends_with("/metrics")), "{served:?}");
}
