//! `[watch]`: the scheduler.

use std::time::Duration;

use cron::Schedule;
use serde::{Deserialize, Serialize};

use url::Url;

use super::values::{Hours, Text, hours, minutes, optional, text};

/// The scheduler.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is described once, in SETTINGS")]
pub struct Watch {
    #[serde(with = "text")]
    pub schedule: Schedule,
    #[serde(with = "text")]
    pub full_schedule: Schedule,
    #[serde(rename = "jitter_minutes", with = "minutes")]
    pub jitter: Duration,
    #[serde(rename = "look_minutes", with = "minutes")]
    pub look: Duration,
    #[serde(with = "text")]
    pub look_hours: Hours,
    #[serde(rename = "blind_after_hours", with = "hours")]
    pub blind_after: Duration,
    #[serde(with = "optional")]
    pub ping_url: Option<Url>,
}

impl Default for Watch {
    fn default() -> Self {
        let schedule = |text| Schedule::read(text).expect("a fixed expression");
        Self {
            schedule: schedule("0 0 3 * * *"),
            full_schedule: schedule("0 0 1 * * Sun"),
            jitter: Duration::from_secs(60 * 60),
            look: Duration::from_secs(15 * 60),
            look_hours: Hours(7..22),
            blind_after: Duration::from_secs(72 * 60 * 60),
            ping_url: None,
        }
    }
}
