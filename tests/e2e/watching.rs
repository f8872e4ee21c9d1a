//! `guetteur watch`: what runs beside the scheduler and the site.

use guetteur_model::{Clock, SystemClock};
use guetteur_store::{Frequency, Store};
use serde_json::json;

use crate::support::news;
use crate::support::office::Office;
use crate::support::{World, crawled};

#[tokio::test(flavor = "multi_thread")]
async fn alerts_are_sent_for_as_long_as_it_runs() {
    let mut office = Office::new(&["a@b.example".to_owned()]).await;
    let watch = office.world.serve(&["watch"]);
    office.server.wait_for_letters(1);
    let letter = &office.server.letters()[0];
    assert_eq!(letter["to"], "a@b.example");
    let text = letter["plain"].as_str().expect("text");
    assert!(text.contains("Drones") && text.contains("https://guetteur.example/acte/"), "{text}");

    // What comes up later is sent by a later round.
    let store = Store::open(&office.world.database()).await.expect("store");
    news::sign_up(&store, "late@b.example", Frequency::Daily, SystemClock.now()).await;
    office.server.wait_for("received", "late@b.example");
    watch.stop();
    assert_eq!(json!(office.counts()), json!({ "a@b.example": 1, "late@b.example": 1 }));
    store.close().await;
}

/// Sites that show each bulletin on a page of its own are asked for none of them again: that none is
/// new is no failure.
#[test]
fn a_second_day_finds_sources_as_they_were() {
    let (sites, _) = crawled();
    let world = World::on(&sites.mirror);
    for new in [2, 0] {
        for source in world.run(&["crawl", "--json", "02", "34", "38"]).ok().json() {
            let told = (&source["found"], &source["new"], &source["failure"]);
            assert_eq!(told, (&json!(2), &json!(new), &json!(null)), "{source}");
        }
    }
}
