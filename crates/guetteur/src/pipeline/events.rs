//! What happens in the pipeline, told as it happens.

use std::collections::BTreeMap;

use guetteur_model::{BulletinId, Failure};
use guetteur_store::{Rechecked, RuleChange, SourceFailure};
use tokio::sync::mpsc;

/// What happened, for progress and summaries. `source` is a code of the registry.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields of an event are what its sentence says")]
pub enum Event {
    /// A site was walked: bulletins found, those of them unknown, requests; why not in full.
    Discovered {
        source: String,
        found: u32,
        new: u32,
        requests: u32,
        failure: Option<SourceFailure>,
    },
    /// A PDF of so many bytes came into the archive.
    Fetched { source: String, bytes: u64 },
    /// Acts told from the sommaire of a fresh bulletin raised so many alerts.
    AlertsRaised { source: String, url: String, alerts: u32 },
    /// One page was read.
    Page { source: String, ocr: bool },
    /// A bulletin was read.
    Read { source: String },
    /// A bulletin was cut into acts, some of them flagged; by rule, the flags that came and went.
    Flagged { source: String, acts: u32, flagged: u32, rules: BTreeMap<String, RuleChange> },
    /// The address of a bulletin was asked again.
    Rechecked { source: String, url: String, outcome: Rechecked },
    /// A stage failed; `again` says whether it will be tried again.
    Failed { source: String, bulletin: BulletinId, url: String, failure: Failure, again: bool },
}

/// Where events go. Nobody need listen.
#[derive(Debug, Clone)]
pub struct Events(mpsc::UnboundedSender<Event>);

impl Events {
    /// A channel of events.
    #[must_use]
    pub fn channel() -> (Self, mpsc::UnboundedReceiver<Event>) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (Self(sender), receiver)
    }

    /// Tells.
    pub fn send(&self, event: Event) {
        let _ = self.0.send(event);
    }
}
