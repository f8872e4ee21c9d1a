//! An installation inside the test's own process, at a time of the test's choice.

use std::sync::Arc;

use guetteur::app::{Access, App};
use guetteur::config::Config;
use guetteur::pipeline::Follower;
use guetteur::site;
use guetteur_model::{ActId, Clock};
use guetteur_notify::{Notifier, Sent, Tls};
use guetteur_search::SearchIndex;
use guetteur_store::{Frequency, MessageState};
use tempfile::TempDir;

use super::app::MovedClock;
use super::mail::MailServer;
use super::news::{self, News};

/// An installation that sends, at a time of the test's choice: Friday noon in Paris.
pub(crate) struct Desk {
    pub(crate) app: App,
    pub(crate) index: Arc<SearchIndex>,
    pub(crate) clock: Arc<MovedClock>,
    _dir: TempDir,
}

impl Desk {
    pub(crate) async fn new(change: impl FnOnce(&mut Config)) -> Self {
        let dir = tempfile::tempdir().expect("dir");
        let mut config = Config { data: dir.path().join("data"), ..Config::default() };
        config.site.base_url = "https://guetteur.example".parse().ok();
        change(&mut config);
        config.validate().expect("valid");
        let clock = MovedClock::at("2026-08-14T10:00:00Z");
        let app = App::open_at(config, Arc::clone(&clock) as Arc<dyn Clock>).await.expect("app");
        let (index, access) = app.open_index().expect("index");
        assert_eq!(access, Access::Write);
        Self { app, index: Arc::new(index), clock, _dir: dir }
    }

    pub(crate) async fn mailing(server: &MailServer) -> Self {
        let port = server.port;
        Self::new(|config| {
            config.mail.server = Some("localhost".to_owned());
            config.mail.port = port;
            config.mail.tls = Tls::None;
            config.mail.from = "Guetteur <alertes@guetteur.example>".to_owned();
        })
        .await
    }

    pub(crate) async fn follow(&self) {
        let follower = Follower {
            store: self.app.store.clone(),
            index: Arc::clone(&self.index),
            registry: Arc::clone(&self.app.registry),
        };
        follower.catch_up().await.expect("indexed");
    }

    pub(crate) async fn notifier(&self) -> Notifier {
        let settings = guetteur::alerts::settings(&self.app.config).expect("settings");
        let catalogue = site::catalogue(&self.app, Arc::clone(&self.index), "");
        Notifier::new(catalogue, settings, "test".to_owned()).await.expect("notifier")
    }

    /// One round: index, queue, send.
    pub(crate) async fn round(&self) -> Sent {
        self.follow().await;
        let notifier = self.notifier().await;
        notifier.queue_alarms().await.expect("alarms");
        notifier.queue_renewals().await.expect("renewals");
        notifier.queue().await.expect("queued");
        notifier.queue_still_watching().await.expect("quiet weeks");
        notifier.send().await.expect("sent")
    }

    pub(crate) async fn publish(&self, name: &str, acts: &[News<'_>]) -> Vec<ActId> {
        news::publish(&self.app.store, name, acts, self.clock.now()).await
    }

    /// Signs up and confirms, the letter sent.
    pub(crate) async fn subscribe(&self, address: &str, frequency: Frequency) {
        let now = self.clock.now();
        let confirm = news::sign_up(&self.app.store, address, frequency, now).await;
        self.round().await;
        let due = guetteur_publish::subscribing::first_due(frequency, 7, now);
        let confirmed = self.app.store.confirm_subscription(&confirm, due, now).await;
        assert!(confirmed.expect("confirmed").is_some());
    }

    pub(crate) async fn count(&self, state: MessageState) -> u64 {
        let counts = self.app.store.count_messages().await.expect("counts");
        counts.into_iter().find(|(of, _)| *of == state).expect("each state").1
    }
}
