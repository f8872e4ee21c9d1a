//! The two steps, and the loop of `guetteur watch`.

use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use guetteur_publish::Catalogue;
use guetteur_store::Channel;

use crate::mastodon::PostLimits;
use crate::providers::Providers;
use crate::queue::queue_due;
use crate::round::Round;
use crate::{
    NotifyError, Outcome, Settings, alarms, http, renewals, still_watching, trial, websub,
};

/// Pause between two looks at what is due.
const PAUSE: Duration = Duration::from_secs(5);

/// Pause between two looks at what is wrong.
const BETWEEN_ALARMS: TimeDelta = TimeDelta::minutes(1);

/// Pause between two looks at what ends soon.
const BETWEEN_RENEWALS: TimeDelta = TimeDelta::hours(6);

/// Pause between two looks for quiet weeks.
const BETWEEN_QUIET_WEEKS: TimeDelta = TimeDelta::minutes(10);

/// Pause between two times of forgetting.
const FORGETTING: TimeDelta = TimeDelta::hours(1);

/// What a round sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sent {
    /// Messages that the other side has.
    pub sent: u32,
    /// Messages to be tried again.
    pub again: u32,
    /// Messages given up, or of which nobody knows.
    pub troubled: u32,
}

/// Looks for what is to be told, and sends it.
pub struct Notifier {
    catalogue: Catalogue,
    settings: Settings,
    client: reqwest::Client,
    providers: Providers,
    limits: PostLimits,
    worker: String,
}

impl Notifier {
    /// One that claims as `worker`. The receivers of the settings are noted: from now on they are
    /// told.
    ///
    /// # Errors
    /// When a setting cannot be used, or the database fails.
    pub async fn new(
        catalogue: Catalogue,
        settings: Settings,
        worker: String,
    ) -> Result<Self, NotifyError> {
        let client = http::client(&settings)?;
        let (store, now) = (&catalogue.store, catalogue.now());
        for channel in Channel::ALL {
            let mut receivers = settings.receivers(*channel);
            if *channel == Channel::Webhook && settings.hub.is_some() {
                receivers.extend(websub::receivers(&catalogue));
            }
            store.configure_receivers(*channel, &receivers, now).await?;
        }
        let (providers, limits) = (Providers::default(), PostLimits::default());
        Ok(Self { catalogue, settings, client, providers, limits, worker })
    }

    /// Queues what is to be told by now; gives how many messages.
    ///
    /// # Errors
    /// When database or index fail; what was queued stays.
    pub async fn queue(&self) -> Result<usize, NotifyError> {
        if self.settings.channels().is_empty() {
            return Ok(0);
        }
        queue_due(&self.catalogue).await
    }

    /// Notes what is wrong, and queues what is to be told of it; gives how many messages. Without any
    /// way to send, feeds still tell it.
    ///
    /// # Errors
    /// When the database fails; what was queued stays.
    pub async fn queue_alarms(&self) -> Result<usize, NotifyError> {
        alarms::note(&self.catalogue, &self.settings).await?;
        alarms::queue(&self.catalogue, &self.settings).await
    }

    /// Queues letters about authorisations of vidéoprotection that end soon; gives how many.
    ///
    /// # Errors
    /// When database or index fail; what was queued stays.
    pub async fn queue_renewals(&self) -> Result<usize, NotifyError> {
        if self.settings.mail.is_none() {
            return Ok(0);
        }
        renewals::queue(&self.catalogue, &self.settings.law).await
    }

    /// Queues the letters of a week in which nothing came; gives how many. To be called after
    /// [`Self::queue`]: a digest says more.
    ///
    /// # Errors
    /// When the database fails; what was queued stays.
    pub async fn queue_still_watching(&self) -> Result<usize, NotifyError> {
        if self.settings.mail.is_none() {
            return Ok(0);
        }
        still_watching::queue(&self.catalogue).await
    }

    /// Forgets old sign-ups and what was sent long ago.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget(&self) -> Result<(), NotifyError> {
        let forgotten = self.catalogue.store.forget_subscriptions(self.catalogue.now()).await?;
        if forgotten > 0 {
            tracing::info!(forgotten, "sign-ups not confirmed, or suspended for long");
        }
        Ok(())
    }

    /// Sends all that is due.
    ///
    /// # Errors
    /// When the database fails; a message in hand comes back when its lease ends.
    pub async fn send(&self) -> Result<Sent, NotifyError> {
        self.send_until(&AtomicBool::new(false)).await
    }

    async fn send_until(&self, stopping: &AtomicBool) -> Result<Sent, NotifyError> {
        let Self { catalogue, settings, client, providers, limits, worker } = self;
        Round { catalogue, settings, client, providers, limits, worker, stopping }.send().await
    }

    /// Sends a test message by each way that is set, past the outbox; the letter to `to`, or to the
    /// sender of all letters. Gives each way by name with what became of it.
    ///
    /// # Errors
    /// When the letter is no valid mail.
    pub async fn test(&self, to: Option<&str>) -> Result<Vec<(String, Outcome)>, NotifyError> {
        trial::send(&self.catalogue, &self.settings, &self.client, to).await
    }

    /// Queues and sends until `stop`. A message in hand is sent to its end, those claimed beside it are
    /// given back.
    pub async fn run(&self, stop: impl Future<Output = ()>) {
        let stopping = AtomicBool::new(false);
        let stop = async {
            stop.await;
            stopping.store(true, Ordering::Relaxed);
        };
        tokio::pin!(stop);
        let now = self.catalogue.now();
        let mut due = Due { forgetting: now, alarms: now, renewals: now, still_watching: now };
        loop {
            let round = self.round(&mut due, &stopping);
            tokio::pin!(round);
            let ended = tokio::select! {
                ended = &mut round => ended,
                () = &mut stop => round.await,
            };
            if let Err(error) = ended {
                tracing::error!("alerts: {error}");
            }
            if stopping.load(Ordering::Relaxed) {
                return;
            }
            tokio::select! {
                () = tokio::time::sleep(PAUSE) => {}
                () = &mut stop => return,
            }
        }
    }

    async fn round(&self, due: &mut Due, stopping: &AtomicBool) -> Result<(), NotifyError> {
        let now = self.catalogue.now();
        // What goes wrong with either must not keep back what is to be told of acts.
        if due.forgetting <= now {
            due.forgetting = now + FORGETTING;
            if let Err(error) = self.forget().await {
                tracing::error!("old sign-ups are kept: {error}");
            }
        }
        let mut queued = 0;
        if due.alarms <= now {
            due.alarms = now + BETWEEN_ALARMS;
            match self.queue_alarms().await {
                Ok(alarms) => queued += alarms,
                Err(error) => tracing::error!("alarms are not told: {error}"),
            }
        }
        if due.renewals <= now {
            due.renewals = now + BETWEEN_RENEWALS;
            match self.queue_renewals().await {
                Ok(renewals) => queued += renewals,
                Err(error) => tracing::error!("renewals are not told: {error}"),
            }
        }
        queued += self.queue().await?;
        if due.still_watching <= now {
            due.still_watching = now + BETWEEN_QUIET_WEEKS;
            queued += self.queue_still_watching().await?;
        }
        let sent = self.send_until(stopping).await?;
        if queued > 0 || sent != Sent::default() {
            let Sent { sent, again, troubled } = sent;
            tracing::info!(queued, sent, again, troubled, "alerts");
        }
        Ok(())
    }
}

/// When the rarer steps are next taken.
struct Due {
    forgetting: DateTime<Utc>,
    alarms: DateTime<Utc>,
    renewals: DateTime<Utc>,
    still_watching: DateTime<Utc>,
}
