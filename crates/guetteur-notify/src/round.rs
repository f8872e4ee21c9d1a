//! Sending all that is due: claimed in portions, sent over several connections at a time.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::future;
use guetteur_publish::Catalogue;
use guetteur_store::{Channel, ClaimedMessage, Settled};
use tokio::sync::Mutex as AsyncMutex;

use crate::clerk::{Notes, clerk};
use crate::compose::{ToldActs, read};
use crate::mastodon::PostLimits;
use crate::notifier::Sent;
use crate::providers::Providers;
use crate::sender::Sender;
use crate::{NotifyError, Settings};

/// Longer than the longest try: nobody takes over what is still being sent.
const LEASE: Duration = Duration::from_secs(15 * 60);
/// Messages claimed at a time. They are sent long before their lease ends.
const PORTION: u32 = 200;

/// What sending works with.
pub(crate) struct Round<'a> {
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) settings: &'a Settings,
    pub(crate) client: &'a reqwest::Client,
    pub(crate) providers: &'a Providers,
    pub(crate) limits: &'a PostLimits,
    pub(crate) worker: &'a str,
    /// Nothing more is begun.
    pub(crate) stopping: &'a AtomicBool,
}

impl Round<'_> {
    /// Sends all that is due: letters over several connections, the rest in its order.
    ///
    /// # Errors
    /// When the database fails; messages in hand come back when their lease ends.
    pub(crate) async fn send(&self) -> Result<Sent, NotifyError> {
        let (notes, clerk) = clerk();
        let ways = self.settings.channels();
        let (mail, others): (Vec<_>, Vec<_>) =
            ways.into_iter().partition(|channel| *channel == Channel::Mail);
        let connections = self.settings.mail.as_ref().map_or(1, |mail| mail.connections);
        let (letters, others, noted) = tokio::join!(
            self.send_by(mail, connections, notes.clone()),
            self.send_by(others, 1, notes),
            clerk.work(&self.catalogue.store),
        );
        // Why nothing could be noted says more than that nothing was.
        noted?;
        let (letters, others) = (letters?, others?);
        Ok(letters.and(others))
    }

    async fn send_by(
        &self,
        channels: Vec<Channel>,
        at_a_time: usize,
        notes: Notes,
    ) -> Result<Sent, NotifyError> {
        let sender = Sender {
            catalogue: self.catalogue,
            settings: self.settings,
            client: self.client,
            providers: self.providers,
            limits: self.limits,
            notes,
            postmen: Mutex::default(),
            unreachable: AtomicBool::new(false),
            left_alone: Mutex::default(),
        };
        let waiting = AsyncMutex::new(Portion::default());
        let hands: Vec<_> =
            (0..at_a_time).map(|_| self.hand(&channels, &waiting, &sender)).collect();
        // Of each the end, also where another one fails: a letter dropped half-way may have arrived.
        let sent = future::join_all(hands).await;
        sender.close().await;
        sent.into_iter().try_fold(Sent::default(), |all, by_hand| Ok(all.and(by_hand?)))
    }

    /// Sends one message after the other.
    async fn hand(
        &self,
        channels: &[Channel],
        waiting: &AsyncMutex<Portion>,
        sender: &Sender<'_>,
    ) -> Result<Sent, NotifyError> {
        let mut sent = Sent::default();
        while let Some((message, acts)) = self.next(channels, waiting, sender).await? {
            sent.count(sender.send(&message, &acts).await?);
        }
        Ok(sent)
    }

    /// The next message of the portion, or of the next one; none while it stops.
    async fn next(
        &self,
        channels: &[Channel],
        waiting: &AsyncMutex<Portion>,
        sender: &Sender<'_>,
    ) -> Result<Option<(ClaimedMessage, Arc<ToldActs>)>, NotifyError> {
        let mut portion = waiting.lock().await;
        let (store, now) = (&self.catalogue.store, self.catalogue.now());
        if self.stopping.load(Ordering::Relaxed) {
            for message in portion.messages.drain(..) {
                store.give_back(&message, now).await?;
            }
            return Ok(None);
        }
        if portion.messages.is_empty() && !sender.unreachable() {
            let claimed = store.claim_messages(channels, self.worker, now, LEASE, PORTION).await?;
            portion.acts = Arc::new(read(self.catalogue, &claimed).await?);
            portion.messages = claimed.into();
        }
        let message = portion.messages.pop_front();
        Ok(message.map(|message| (message, Arc::clone(&portion.acts))))
    }
}

/// Messages that are claimed, and the acts that they tell.
#[derive(Default)]
struct Portion {
    messages: VecDeque<ClaimedMessage>,
    acts: Arc<ToldActs>,
}

impl Sent {
    fn count(&mut self, settled: Option<Settled>) {
        match settled {
            Some(Settled::Sent) => self.sent += 1,
            Some(Settled::Again { .. }) => self.again += 1,
            Some(Settled::Failed(_) | Settled::Unsure(_)) => self.troubled += 1,
            None => {}
        }
    }

    fn and(self, other: Self) -> Self {
        Self {
            sent: self.sent + other.sent,
            again: self.again + other.again,
            troubled: self.troubled + other.troubled,
        }
    }
}
