//! Bulletins at the end of the line are checked again for a while: a prefecture may replace a PDF
//! under its address, or take it away.

use crate::boxed;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::claims::end_of;
use crate::store::write;
use crate::{ClaimedBulletin, FetchRecord, Store, StoreError};

/// A PDF is checked again while it is younger than this.
pub const WATCHED_FOR: TimeDelta = TimeDelta::days(60);

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recheck {
    /// The site says that nothing changed (304).
    NotModified,
    /// The site gave these bytes, which are in the archive.
    Got(FetchRecord),
    /// The site no longer has it (404, 410).
    Gone,
    /// The site gave no answer that tells anything.
    NoAnswer,
}

/// What the check made of the bulletin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rechecked {
    /// Nothing.
    Same,
    /// A new version, to be read and flagged; the former one stays.
    Changed,
    /// It is marked as withdrawn, and stays readable.
    Withdrawn,
}

/// When a PDF that is on its site since `since` is checked after `now`: after a day, then when its
/// age has doubled, at most 15 days apart, a last time at 60 days. `None` when it is older. Eight
/// conditional requests a bulletin in all.
#[must_use]
pub fn next_check(since: DateTime<Utc>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let last = since + WATCHED_FOR;
    if now >= last {
        return None;
    }
    let step = (now - since).clamp(TimeDelta::days(1), TimeDelta::days(15));
    Some((now + step).min(last))
}

impl Store {
    /// Takes one bulletin whose check is due, longest due first. Unlike [`Store::claim`] the try
    /// does not count: a check is no stage.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn claim_recheck(
        &self,
        sources: Option<&[String]>,
        worker: &str,
        now: DateTime<Utc>,
        lease: Duration,
    ) -> Result<Option<ClaimedBulletin>, StoreError> {
        if sources.is_some_and(<[String]>::is_empty) {
            return Ok(None);
        }
        let until = end_of(now, lease);
        let claimed = write!(self, "claiming a check", |connection| {
            sql::rechecks::claim(connection, sources, worker, now, until).await
        })?;
        match claimed {
            Some(row) => self.claimed(row, worker, until).await.map(Some),
            None => Ok::<_, StoreError>(None),
        }
    }

    /// Stores what the check found and when the next one is due. Ends the lease.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`] when another worker has it; when the database fails.
    #[boxed]
    pub async fn complete_recheck(
        &self,
        claim: &ClaimedBulletin,
        found: &Recheck,
        now: DateTime<Utc>,
    ) -> Result<Rechecked, StoreError> {
        write!(self, "storing a check", |connection| sql::rechecks::complete(
            connection, claim, found, now
        )
        .await)
    }

    /// Makes the checks of these sources due now that were to come later. Gives how many.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn recheck_now(
        &self,
        sources: &[String],
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        if sources.is_empty() {
            return Ok(0);
        }
        write!(self, "bringing checks forward", |connection| sql::rechecks::bring_forward(
            connection, sources, now
        )
        .await)
    }

    /// Bulletins of all sources, or of some, whose check is due, those under way included.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn rechecks_due(
        &self,
        sources: Option<&[String]>,
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        crate::store::read!(self, "counting checks that are due", |connection| {
            sql::rechecks::due(connection, sources, now).await
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checks_come_at_growing_intervals_for_sixty_days() {
        let since: DateTime<Utc> = "2026-08-14T08:00:00Z".parse().expect("time");
        let mut days = Vec::new();
        let mut now = since;
        while let Some(next) = next_check(since, now) {
            days.push((next - since).num_days());
            now = next;
        }
        assert_eq!(days, [1, 2, 4, 8, 16, 31, 46, 60]);
        let late = since + TimeDelta::days(40);
        assert_eq!(next_check(since, late), Some(since + TimeDelta::days(55)));
        assert_eq!(next_check(since, since + WATCHED_FOR), None, "the back-fill is left alone");
        let ahead = since - TimeDelta::days(3);
        assert_eq!(next_check(since, ahead), Some(ahead + TimeDelta::days(1)), "dated ahead");
    }
}
