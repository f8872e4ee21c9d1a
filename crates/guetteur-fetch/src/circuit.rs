//! A host that refuses several times in a row is left alone for hours, one that does not answer for
//! minutes: whoever waits for it keeps others from work.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Refusals in a row after which a host is left alone: fewer may be one page that is closed.
const REFUSALS: u32 = 3;
/// First rest; it doubles with each further refusal.
const FIRST_REST: Duration = Duration::from_hours(2);
/// Longest rest of our own making.
const LONGEST_REST: Duration = Duration::from_hours(12);
/// Longest rest that a site may ask for: a wrong header must not switch a source off.
const LONGEST_ASKED: Duration = Duration::from_hours(48);

/// Calls in a row without an answer after which a host is left alone: one may be a heavy file.
const UNANSWERED: u32 = 3;
/// First rest of a host that does not answer; it doubles with each further call.
const FIRST_PAUSE: Duration = Duration::from_mins(10);
/// Longest such rest: a look within the day must find a site that is back.
const LONGEST_PAUSE: Duration = Duration::from_hours(2);

/// How long a host is left alone after `calls` in a row without an answer.
fn pause_after(calls: u32) -> Option<Duration> {
    let more = calls.checked_sub(UNANSWERED)?;
    let doubled = FIRST_PAUSE.saturating_mul(1_u32.checked_shl(more).unwrap_or(u32::MAX));
    Some(doubled.min(LONGEST_PAUSE))
}

/// Why a host is left alone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Why {
    /// It refuses.
    #[default]
    Refused,
    /// It does not answer.
    Unanswered,
}

/// A host is left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rest {
    /// For how long yet.
    pub(crate) left: Duration,
    pub(crate) why: Why,
}

/// How long a host is left alone after `refusals` in a row, the last of which asked to wait
/// `asked`; `None`: it is asked on. `patience` is what is waited for within one call anyway.
fn rest_after(refusals: u32, asked: Option<Duration>, patience: Duration) -> Option<Duration> {
    let asked = asked.filter(|asked| *asked > patience).map(|asked| asked.min(LONGEST_ASKED));
    let own = refusals.checked_sub(REFUSALS).map(|more| {
        FIRST_REST.saturating_mul(1_u32.checked_shl(more).unwrap_or(u32::MAX)).min(LONGEST_REST)
    });
    own.max(asked)
}

/// How a host refused.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// What it asked to wait.
    pub(crate) asked: Option<Duration>,
    /// It is about us and not about one page: a challenge.
    pub(crate) of_all: bool,
}

#[derive(Debug, Default)]
struct Circuit {
    refusals: u32,
    unanswered: u32,
    until: Option<Instant>,
    why: Why,
}

/// The refusals and silences of all hosts.
#[derive(Debug, Default)]
pub(crate) struct Circuits(Mutex<HashMap<String, Circuit>>);

impl Circuits {
    /// How long `host` is still left alone.
    pub(crate) fn resting(&self, host: &str, now: Instant) -> Option<Rest> {
        let circuits = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let circuit = circuits.get(host)?;
        let left = circuit.until?.saturating_duration_since(now);
        (!left.is_zero()).then_some(Rest { left, why: circuit.why })
    }

    /// A call to the host ended without an answer.
    pub(crate) fn unanswered(&self, host: &str, now: Instant) {
        let mut circuits = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let circuit = circuits.entry(host.to_owned()).or_default();
        circuit.unanswered += 1;
        if let Some(pause) = pause_after(circuit.unanswered) {
            let calls = circuit.unanswered;
            tracing::warn!(host, calls, pause_s = pause.as_secs(), "no answer: left alone");
            circuit.until = Some(now + pause);
            circuit.why = Why::Unanswered;
        }
    }

    /// The host refused.
    pub(crate) fn refused(&self, host: &str, refusal: &Refusal, patience: Duration, now: Instant) {
        let mut circuits = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let circuit = circuits.entry(host.to_owned()).or_default();
        circuit.refusals += 1;
        if refusal.of_all {
            circuit.refusals = circuit.refusals.max(REFUSALS);
        }
        if let Some(rest) = rest_after(circuit.refusals, refusal.asked, patience) {
            tracing::warn!(
                host,
                refusals = circuit.refusals,
                rest_s = rest.as_secs(),
                "left alone"
            );
            circuit.until = Some(now + rest);
            circuit.why = Why::Refused;
        }
    }

    /// The host answered, were it with « introuvable ».
    pub(crate) fn answered(&self, host: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(host);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rests_grow_and_the_site_s_wish_counts() {
        let patience = Duration::from_mins(2);
        let (minutes, hours) = (Duration::from_mins, Duration::from_hours);
        let cases = [
            (1, None, None),
            (2, Some(minutes(1)), None),
            (1, Some(minutes(10)), Some(minutes(10))),
            (3, None, Some(hours(2))),
            (3, Some(hours(3)), Some(hours(3))),
            (4, Some(minutes(10)), Some(hours(4))),
            (5, None, Some(hours(8))),
            (9, None, Some(hours(12))),
            (500, None, Some(hours(12))),
            (1, Some(hours(9000)), Some(hours(48))),
        ];
        for (refusals, asked, expected) in cases {
            assert_eq!(rest_after(refusals, asked, patience), expected, "{refusals}, {asked:?}");
        }
    }

    #[test]
    fn a_host_that_hangs_rests_and_is_not_called_a_refusal() {
        let circuits = Circuits::default();
        let mut now = Instant::now();
        let mut rests = Vec::new();
        for _ in 0..8 {
            circuits.unanswered("a.fr", now);
            if let Some(Rest { left, why }) = circuits.resting("a.fr", now) {
                assert_eq!(why, Why::Unanswered);
                rests.push(left.as_secs() / 60);
                now += left;
            }
        }
        assert_eq!(rests, [10, 20, 40, 80, 120, 120]);
        circuits.answered("a.fr");
        circuits.unanswered("a.fr", now);
        assert_eq!(circuits.resting("a.fr", now), None, "it was back");
    }

    #[test]
    fn an_answer_closes_the_matter() {
        let circuits = Circuits::default();
        let now = Instant::now();
        let patience = Duration::from_mins(2);
        let rest = |host, at| circuits.resting(host, at).map(|rest| rest.left);
        let refuse = |at| circuits.refused("a.fr", &Refusal::default(), patience, at);
        refuse(now);
        refuse(now);
        circuits.answered("a.fr");
        refuse(now);
        refuse(now);
        assert_eq!(rest("a.fr", now), None, "not in a row");
        refuse(now);
        assert_eq!(rest("a.fr", now), Some(Duration::from_hours(2)));
        assert_eq!(rest("b.fr", now), None);
        let later = now + Duration::from_mins(121);
        assert_eq!(rest("a.fr", later), None, "asked again");
        refuse(later);
        assert_eq!(rest("a.fr", later), Some(Duration::from_hours(4)), "and refused again");
        circuits.refused("c.fr", &Refusal { of_all: true, asked: None }, patience, now);
        assert_eq!(rest("c.fr", now), Some(Duration::from_hours(2)), "a challenge is enough");
    }
}
