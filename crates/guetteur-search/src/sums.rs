//! What acts add up to. What an act does not say is counted as not said, never guessed.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use guetteur_model::Category;

/// Acts published less than so many hours before they take effect, or after, give short notice.
pub const SHORT_NOTICE_HOURS: f64 = 48.0;

/// A sum over the acts that state a number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stated {
    /// Sum of the numbers stated.
    pub sum: u64,
    /// Acts that state one.
    pub acts: u64,
}

impl Stated {
    fn state(&mut self, number: Option<u64>) {
        self.sum += number.unwrap_or(0);
        self.acts += u64::from(number.is_some());
    }

    fn add(&mut self, other: Self) {
        self.sum += other.sum;
        self.acts += other.acts;
    }
}

/// What acts of one category authorise.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Devices {
    /// Acts.
    pub acts: u64,
    /// Cameras, « au plus ».
    pub cameras: Stated,
    /// Aircraft.
    pub aircraft: Stated,
}

impl Devices {
    /// Counts one more act, with what it states.
    pub(crate) fn add(&mut self, cameras: Option<u64>, aircraft: Option<u64>) {
        self.acts += 1;
        self.cameras.state(cameras);
        self.aircraft.state(aircraft);
    }
}

/// What the acts of a list add up to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sums {
    /// Acts.
    pub acts: u64,
    /// Those of which no start of effect is known.
    pub undated: u64,
    /// Those with a start and without an end.
    pub open_ended: u64,
    /// By the first day of the month of publication; acts without a day of publication are in none.
    pub months: BTreeMap<NaiveDate, u64>,
    /// By who may use the measure.
    pub beneficiaries: HashMap<String, u64>,
    /// Those of which the notice is known.
    pub notice_known: u64,
    /// Of these, those with short notice.
    pub short_notice: u64,
    /// By category that they authorise.
    pub devices: BTreeMap<Category, Devices>,
}

impl Sums {
    pub(crate) fn add(&mut self, other: Self) {
        self.acts += other.acts;
        self.undated += other.undated;
        self.open_ended += other.open_ended;
        for (month, count) in other.months {
            *self.months.entry(month).or_default() += count;
        }
        for (name, count) in other.beneficiaries {
            *self.beneficiaries.entry(name).or_default() += count;
        }
        self.notice_known += other.notice_known;
        self.short_notice += other.short_notice;
        for (category, devices) in other.devices {
            let mine = self.devices.entry(category).or_default();
            mine.acts += devices.acts;
            mine.cameras.add(devices.cameras);
            mine.aircraft.add(devices.aircraft);
        }
    }
}
