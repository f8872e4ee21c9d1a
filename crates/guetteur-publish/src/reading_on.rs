//! Where a page of a feed goes on: an address that new acts do not shift.
//!
//! The first page tells the newest acts, and some from further back that are news. A later page begins after
//! the last act of the page before, and leaves out what the first page told: nothing comes twice, and an act
//! that enters meanwhile is on the first page or further on.

use std::fmt;
use std::str::FromStr;

use guetteur_model::ActId;
use guetteur_search::Place;

/// As many as a first page ever tells from further back.
const MOST_TOLD: usize = 400;

/// Where a page begins: `2026-08-13.1234`, or `2026-08-13.1234.7a-1-3` with the acts from further back that the
/// first page told (their ids in hexadecimal, each as its distance from the one before).
#[derive(Debug, Clone, PartialEq)]
pub struct ReadingOn {
    /// The last act of the page before.
    pub after: Place,
    /// The acts further back that the first page told, smallest id first.
    pub told: Vec<ActId>,
}

/// Not an address of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoPlace;

impl fmt::Display for ReadingOn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.after.published_on {
            Some(day) => write!(f, "{day}.{}", self.after.act)?,
            None => write!(f, "0.{}", self.after.act)?,
        }
        let mut last = 0;
        for (n, id) in self.told.iter().enumerate() {
            write!(f, "{}{:x}", if n == 0 { '.' } else { '-' }, id.0 - last)?;
            last = id.0;
        }
        Ok(())
    }
}

impl FromStr for ReadingOn {
    type Err = NoPlace;

    fn from_str(text: &str) -> Result<Self, NoPlace> {
        let mut parts = text.splitn(3, '.');
        let published_on = match parts.next() {
            Some("0") => None,
            day => Some(day.and_then(|day| day.parse().ok()).ok_or(NoPlace)?),
        };
        let act = ActId(parts.next().and_then(|id| id.parse().ok()).ok_or(NoPlace)?);
        let mut told = Vec::new();
        let mut last: i64 = 0;
        for step in parts.next().into_iter().flat_map(|ids| ids.split('-')) {
            let step = i64::from_str_radix(step, 16).ok().filter(|step| *step > 0);
            last = step.and_then(|step| last.checked_add(step)).ok_or(NoPlace)?;
            told.push(ActId(last));
            if told.len() > MOST_TOLD {
                return Err(NoPlace);
            }
        }
        Ok(Self { after: Place { published_on, act }, told })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_survives_a_round_trip() {
        let day = "2026-08-13".parse().ok();
        for (published_on, told, written) in [
            (day, vec![], "2026-08-13.1234"),
            (None, vec![ActId(122), ActId(123), ActId(140)], "0.1234.7a-1-11"),
        ] {
            let place = ReadingOn { after: Place { published_on, act: ActId(1234) }, told };
            assert_eq!(place.to_string(), written);
            assert_eq!(written.parse(), Ok(place));
        }
    }

    #[test]
    fn what_is_no_place_is_told_apart() {
        let long = format!("0.1.{}", ["1"; MOST_TOLD + 1].join("-"));
        let huge = "0.1.7fffffffffffffff-1";
        for wrong in [
            "",
            "0",
            "hier.1",
            "2026-08-13",
            "2026-08-13.x",
            "0.1.",
            "0.1.-1",
            "0.1.zz",
            "0.1.0",
            huge,
            &long,
        ] {
            assert_eq!(wrong.parse::<ReadingOn>(), Err(NoPlace), "{wrong}");
        }
    }
}
