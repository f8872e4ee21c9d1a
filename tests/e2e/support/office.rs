//! An installation with a mail server, subscribers and an act to tell them.

use std::collections::BTreeMap;
use std::process::{Child, Stdio};
use std::time::Duration;

use guetteur_model::{Clock, Level, SystemClock};
use guetteur_store::{Channel, Frequency, Settled, Store};
use serde_json::Value;

use super::mail::MailServer;
use super::{World, news};

pub(crate) struct Office {
    pub(crate) world: World,
    pub(crate) server: MailServer,
}

impl Office {
    /// Subscribers who have all confirmed, and an act to tell them. No site answers.
    pub(crate) async fn new(addresses: &[String]) -> Self {
        let (world, server) = (World::on("http://127.0.0.1:9"), MailServer::start());
        let settings = format!(
            "[site]\nbase_url = 'https://guetteur.example'\n[sources]\nonly = ['34']\n[mail]\n\
             server = '127.0.0.1'\nport = {}\ntls = 'none'\nfrom = 'alertes@guetteur.example'\n",
            server.port
        );
        std::fs::write(world.dir.path().join("guetteur.toml"), settings).expect("settings");
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

    /// Starts to send what is due.
    pub(crate) fn start(&self) -> Child {
        let mut command = self.world.command(&["notify"]);
        command.stderr(Stdio::null()).stdout(Stdio::null()).spawn().expect("spawn")
    }

    pub(crate) fn run(&self, args: &[&str]) -> Vec<Value> {
        self.world.run(&[args, &["--json"]].concat()).ok().json()
    }

    /// Letters that each address got.
    pub(crate) fn counts(&mut self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for letter in self.server.letters() {
            *counts.entry(letter["to"].as_str().expect("to").to_owned()).or_default() += 1;
        }
        counts
    }
}
