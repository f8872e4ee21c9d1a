//! How much longer a reading takes: from the work that is left, and from how fast it went so far.

use std::time::{Duration, Instant};

use guetteur_read::DocumentReport;

/// A page of OCR takes as long as this many of text.
const OCR_WEIGHT: u64 = 300;
/// What is taken for granted before pages tell how fast this machine is: so many pages of OCR…
const USUAL_PAGES: u64 = 4;
/// … of so long, on one core.
const USUAL_PAGE: Duration = Duration::from_millis(1_500);

/// Pages, and how many of them need OCR.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Work {
    pub(super) pages: u64,
    pub(super) ocr: u64,
}

impl Work {
    pub(super) fn of(survey: &DocumentReport) -> Self {
        Self { pages: survey.pages.into(), ocr: survey.awaiting.into() }
    }

    pub(super) fn plus(self, other: Self) -> Self {
        Self { pages: self.pages + other.pages, ocr: self.ocr + other.ocr }
    }

    /// In pages of text.
    fn weight(self) -> u64 {
        self.pages + (OCR_WEIGHT - 1) * self.ocr
    }
}

/// From `done` of `total` after `elapsed`, with `jobs` pages at a time; `None` when nothing is
/// known to be left.
pub(super) fn time_left(
    total: Work,
    done: Work,
    elapsed: Duration,
    jobs: usize,
) -> Option<Duration> {
    let left = total.weight().checked_sub(done.weight()).filter(|left| *left > 0)?;
    let usual_time = USUAL_PAGE.mul_f64(USUAL_PAGES as f64 / jobs.max(1) as f64);
    let seen = done.weight() + USUAL_PAGES * OCR_WEIGHT;
    Some((elapsed + usual_time).mul_f64(left as f64 / seen as f64))
}

/// The time left as it was told when the last page came; it runs down until the next one does.
#[derive(Debug, Clone, Copy)]
pub(super) struct Told {
    at: Instant,
    left: Duration,
}

impl Told {
    pub(super) fn now(left: Duration) -> Self {
        Self { at: Instant::now(), left }
    }

    pub(super) fn left(self) -> Duration {
        self.left.saturating_sub(self.at.elapsed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_left_is_told_from_the_pages_that_take_time() {
        let left = |total: (u64, u64), done: (u64, u64), seconds, jobs| {
            let work = |(pages, ocr)| Work { pages, ocr };
            let elapsed = Duration::from_secs(seconds);
            time_left(work(total), work(done), elapsed, jobs).map(|left| left.as_secs())
        };
        assert_eq!(left((100, 20), (0, 0), 0, 2), Some(15), "as is usual");
        assert_eq!(left((100, 20), (0, 0), 0, 1), Some(30), "with one core");
        assert_eq!(left((1_000, 0), (0, 0), 0, 2), Some(2), "text alone");
        assert_eq!(left((1_000, 500), (500, 250), 1_000, 2), Some(987), "as it went");
        assert_eq!(left((100, 20), (100, 20), 15, 2), None, "done");
        assert_eq!(left((0, 0), (55, 5), 5, 2), None, "nobody counted");
    }

    #[test]
    fn the_first_page_of_ocr_does_not_throw_the_estimate_about() {
        let total = Work { pages: 234, ocr: 40 };
        let mut last = time_left(total, Work::default(), Duration::ZERO, 2).expect("known");
        for ocr in 0..=10 {
            // Text comes at once, a page of OCR after 2.4 s with two at a time.
            let done = Work { pages: 170 + ocr, ocr };
            let elapsed = Duration::from_millis(500 + 1_200 * ocr);
            let left = time_left(total, done, elapsed, 2).expect("known");
            let step = left.as_secs_f64() / last.as_secs_f64();
            assert!((0.8..1.25).contains(&step), "{last:?}, then {left:?}");
            last = left;
        }
    }
}
