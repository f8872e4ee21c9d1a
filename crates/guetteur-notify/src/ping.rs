//! A dead man's switch: an address of the operator's that hears from us as long as all is well.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::Client;

use crate::{NotifyError, Settings, http};

/// Two pings are so far apart at least.
const PAUSE: TimeDelta = TimeDelta::minutes(10);

/// Asks an address now and then.
pub struct Pinger {
    client: Client,
    url: String,
    last: Mutex<Option<DateTime<Utc>>>,
}

impl Pinger {
    /// One that asks `url`, by the rules for receivers of `settings`.
    ///
    /// # Errors
    /// When the client cannot be made.
    pub fn new(url: String, settings: &Settings) -> Result<Self, NotifyError> {
        Ok(Self { client: http::client(settings)?, url, last: Mutex::default() })
    }

    /// Says that all is well, unless it was said of late. What goes wrong is logged: the one who
    /// listens will notice the silence.
    pub async fn ping(&self, now: DateTime<Utc>) {
        {
            let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
            if last.is_some_and(|at| now - at < PAUSE) {
                return;
            }
            *last = Some(now);
        }
        match self.client.get(&self.url).send().await {
            Ok(answer) if answer.status().is_success() => {}
            Ok(answer) => tracing::warn!(status = %answer.status(), "watch.ping_url refused"),
            Err(error) => {
                tracing::warn!(error = http::unheard(&error), "watch.ping_url did not answer");
            }
        }
    }
}
