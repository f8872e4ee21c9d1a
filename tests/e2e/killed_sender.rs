//! Kill the sender in the middle: nobody gets a letter twice, nobody is forgotten.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use guetteur_model::{Clock, Level, SystemClock};
use guetteur_store::{Channel, Frequency, Settled, Store};
use serde_json::Value;

use crate::support::World;
use crate::support::mail::MailServer;
use crate::support::news;

struct Office {
    world: World,
    server: MailServer,
}

impl Office {
    /// Subscribers who have all confirmed, and an act to tell them.
    async fn new(addresses: &[String]) -> Self {
        let (world, server) = (World::alone(), MailServer::start());
        let store = Store::open(&world.database()).await.expect("store");
        let now = SystemClock.now();
        for address in addresses {
            let confirm = news::sign_up(&store, address, Frequency::Immediate, now).await;
            let lease = Duration::from_secs(60);
            let letter = store.claim_message(&[Channel::Mail], "test", now, lease).await;
            let letter = letter.expect("claim").expect("a letter");
            store.settle_message(&letter, &Settled::Sent, now).await.expect("settled");
            store.confirm_subscription(&confirm, now, now).await.expect("confirmed");
        }
        let drone = Some(("drone", Level::Authorises));
        news::publish(&store, "one", &[("Drones", drone)], SystemClock.now()).await;
        store.close().await;
        Self { world, server }
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = self.world.command(args);
        command
            .env("GUETTEUR_SITE_BASE_URL", "https://guetteur.example")
            .env("GUETTEUR_MAIL_SERVER", "127.0.0.1")
            .env("GUETTEUR_MAIL_PORT", self.server.port.to_string())
            .env("GUETTEUR_MAIL_TLS", "none")
            .env("GUETTEUR_MAIL_FROM", "alertes@guetteur.example");
        command
    }

    fn start(&self) -> Child {
        let mut command = self.command(&["notify"]);
        command.stderr(Stdio::null()).stdout(Stdio::null()).spawn().expect("spawn")
    }

    fn run(&self, args: &[&str]) -> Vec<Value> {
        let output = self.command(args).arg("--json").output().expect("run");
        let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    }

    /// Letters that each address got.
    fn counts(&mut self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for letter in self.server.letters() {
            *counts.entry(letter["to"].as_str().expect("to").to_owned()).or_default() += 1;
        }
        counts
    }
}

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
    assert_eq!(troubles.len(), 1, "{troubles:?}");
    assert_eq!(troubles[0]["target"], "hold@b.example");
    assert_eq!(troubles[0]["state"], "unsure");
    // The operator may want it sent all the same: it is the same letter.
    let id = troubles[0]["id"].to_string();
    office.run(&["notify", "--again", &id]);
    let letters = office.server.letters().iter().filter(|letter| letter["to"] == "hold@b.example");
    let ids: Vec<&Value> = letters.map(|letter| &letter["headers"]["message-id"]).collect();
    assert!(ids.len() == 2 && ids[0] == ids[1], "{ids:?}");
    assert!(office.run(&["notify", "--list"]).is_empty());
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
    assert!(unsure.len() <= 6, "one for each kill at most: {unsure:?}");
}
