//! Kill the sender in the middle: nobody gets a letter twice, nobody is forgotten.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::process::Child;
use std::time::Duration;

use serde_json::Value;

use crate::support::office::Office;

fn kill(mut child: Child) {
    child.kill().expect("SIGKILL");
    child.wait().expect("dead");
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_before_and_after_the_server_took_it() {
    let mut addresses: Vec<String> = (0..9).map(|nth| format!("{nth}@b.example")).collect();
    addresses.insert(3, "wait@b.example".to_owned());
    addresses.insert(6, "hold@b.example".to_owned());
    let mut office = Office::new(&addresses).await;

    let sender = office.start();
    office.server.wait_for("waiting", "wait@b.example");
    kill(sender);
    // The letter is taken, but its sender dies before it hears so.
    let sender = office.start();
    office.server.wait_for("received", "hold@b.example");
    kill(sender);
    office.run(&["notify"]);
    office.run(&["notify"]);
    let once: BTreeMap<String, usize> =
        addresses.iter().map(|address| (address.clone(), 1)).collect();
    assert_eq!(office.counts(), once);

    let troubles = office.run(&["notify", "--list"]);
    // Letters leave by four connections: the others' may have been under way, too.
    assert!(troubles.len() <= 4, "{troubles:?}");
    assert!(troubles.iter().all(|trouble| trouble["state"] == "unsure"), "{troubles:?}");
    let held = troubles.iter().find(|trouble| trouble["target"] == "hold@b.example");
    let held = held.expect("the letter that was taken");
    // The operator may want it sent all the same: it is the same letter.
    let id = held["id"].to_string();
    office.run(&["notify", "--again", &id]);
    let letters = office.server.letters().iter().filter(|letter| letter["to"] == "hold@b.example");
    let ids: Vec<&Value> = letters.map(|letter| &letter["headers"]["message-id"]).collect();
    assert!(ids.len() == 2 && ids[0] == ids[1], "{ids:?}");
    let left = office.run(&["notify", "--list"]);
    assert!(left.iter().all(|trouble| trouble["target"] != "hold@b.example"), "{left:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_moment() {
    let addresses: Vec<String> = (0..60).map(|nth| format!("{nth}@b.example")).collect();
    let mut office = Office::new(&addresses).await;
    for round in 0..6 {
        let sender = office.start();
        // Killed at once, or after so many letters and a moment more.
        let letters = office.server.letters().len();
        let part = RandomState::new().build_hasher().finish() % 20_000;
        if round > 0 && letters < 50 {
            office.server.wait_for_letters(letters + 3);
        }
        std::thread::park_timeout(Duration::from_micros(part));
        kill(sender);
    }
    office.run(&["notify"]);
    let unsure: Vec<Value> = office.run(&["notify", "--list"]);
    let unsure: Vec<&str> =
        unsure.iter().map(|trouble| trouble["target"].as_str().expect("target")).collect();
    let counts = office.counts();
    for address in &addresses {
        let got = counts.get(address).copied().unwrap_or_default();
        let known = got == 1 || (got == 0 && unsure.contains(&address.as_str()));
        assert!(known, "{address} got {got}; unsure: {unsure:?}");
    }
    let most = 6 * 4;
    assert!(unsure.len() <= most, "one for each connection and kill at most: {unsure:?}");
}
