//! What is put off is taken up again: a disk with little space, a bulletin that was given up.

use guetteur_model::{FailureKind, Stage};
use guetteur_store::{BulletinFilter, BulletinRow, Store};
use guetteur_testkit::sites::Fault;

use crate::support::{Sites, World, own_sites};

async fn rows(world: &World) -> Vec<BulletinRow> {
    let store = Store::open(&world.database()).await.expect("store");
    store.list_bulletins(&BulletinFilter::default(), 1000, 0).await.expect("rows")
}

fn first_pdf(sites: &Sites, host: &str) -> String {
    let truth = sites.bundle.demo.truth().expect("truth");
    truth.keys().find(|url| url.contains(host)).expect("a bulletin").clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn fetching_pauses_while_the_disk_has_little_space() {
    let sites = own_sites();
    let world = World::on(&sites.mirror);
    let short = world
        .command(&["crawl", "39"])
        .env("GUETTEUR_WORK_MIN_FREE_MB", "99999999999")
        .output()
        .expect("runs");
    let said = String::from_utf8_lossy(&short.stderr).into_owned();
    assert!(short.status.success() && said.contains("fetching pauses"), "{said}");
    let found = rows(&world).await;
    assert!(!found.is_empty());
    assert!(found.iter().all(|row| (row.stage, row.attempts) == (Stage::Found, 0)), "{found:?}");
    let doctor = world
        .command(&["doctor"])
        .env("GUETTEUR_WORK_MIN_FREE_MB", "99999999999")
        .output()
        .expect("runs");
    let told = String::from_utf8_lossy(&doctor.stdout).into_owned();
    assert!(!doctor.status.success() && told.contains("plus rien n'est téléchargé"), "{told}");
    world.run(&["crawl", "39"]).ok();
    assert!(rows(&world).await.iter().any(|row| row.stage == Stage::Flagged), "it goes on");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_given_up_is_tried_again_when_asked() {
    let sites = own_sites();
    let url = first_pdf(&sites, "www.jura.");
    sites.bundle.sites.set_fault(&url, Some(Fault::Status(404)));
    let world = World::on(&sites.mirror);
    let once = |args: &[&str]| {
        let run = world.command(args).env("GUETTEUR_WORK_MAX_ATTEMPTS", "1").output();
        run.expect("runs")
    };
    once(&["crawl", "39"]);
    let row = async || rows(&world).await.into_iter().find(|row| row.url == url).expect("row");
    let given_up = row().await;
    assert_eq!(given_up.failure.map(|failure| failure.kind), Some(FailureKind::NotFound));
    let (failed_at, again) = (given_up.failed_at.expect("given up"), given_up.next_attempt_at);
    assert_eq!(again.expect("a day later") - failed_at, chrono::TimeDelta::days(1));

    sites.bundle.sites.set_fault(&url, None);
    once(&["crawl", "39"]);
    assert!(row().await.failed_at.is_some(), "a crawl leaves it alone");
    assert!(world.run(&["retry", "34", "--json"]).ok().json().is_empty(), "another source");
    let line = world.run(&["retry", "39", "--json"]).ok().json().remove(0);
    assert_eq!((&line["code"], &line["retried"]), (&"39".into(), &1.into()));
    once(&["crawl", "39"]);
    assert_ne!(row().await.stage, Stage::Found, "it was fetched");
    assert_eq!(world.run(&["retry", "999"]).code, Some(2));
}

#[test]
fn a_hangup_does_nothing() {
    let service = World::alone().serve(&["serve"]);
    let id = service.child.id().to_string();
    let sent = std::process::Command::new("kill").args(["-HUP", &id]).status().expect("kill");
    assert!(sent.success());
    service.stop();
}
