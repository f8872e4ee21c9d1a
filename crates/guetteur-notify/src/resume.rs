//! What is done with a message whose sender died on the way, or never heard the answer.

use chrono::{DateTime, TimeDelta, Utc};
use guetteur_store::{Channel, ClaimedMessage};

/// Mastodon knows an `Idempotency-Key` for an hour; five minutes are left for the clocks.
const MASTODON_REMEMBERS: TimeDelta = TimeDelta::minutes(55);

/// Whether a claimed message may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resume {
    /// It has not left, or leaving twice does no harm.
    Send,
    /// It may have left, and would arrive twice.
    Leave,
}

/// Decides by way:
///
/// - *mail*: once the end of a letter may have been written, only the server knows whether it took
///   it, and SMTP has no question for that (RFC 1047). It is not sent again;
/// - *webhook*: the receiver knows a message by its id: it is sent again until it is acknowledged;
/// - *Mastodon*: the server knows it by its key for an hour: sent again within that, not after.
#[must_use]
pub fn resume(message: &ClaimedMessage, now: DateTime<Utc>) -> Resume {
    let Some(sending_at) = message.sending_at else { return Resume::Send };
    match message.subscription.channel {
        Channel::Webhook => Resume::Send,
        Channel::Mastodon if now - sending_at < MASTODON_REMEMBERS => Resume::Send,
        Channel::Mail | Channel::Mastodon => Resume::Leave,
    }
}
