//! OCR of pages of one bulletin, one after the other: each is kept as soon as it is recognised, so
//! that whatever stops the work costs the pages in hand and no others.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use guetteur_model::{Failure, FailureKind, Method, Page, ReaderVersions, TracedPage};
use guetteur_read::judge::Why;
use guetteur_read::versions::recognised;
use guetteur_read::{Awaiting, PAGES_AT_ONCE, ReadError};
use guetteur_store::OcrRank;

use super::read::ReadTask;

/// A machine without tesseract looks so often whether it has it by now.
const NO_OCR: TimeDelta = TimeDelta::minutes(15);
/// A document of which so many pages fail, and few succeed, is spared more tries.
const TOO_MANY_FAILURES: usize = 20;

/// Whether this machine can recognise pages. It is taken to be able until tesseract turned out to be
/// missing, and asked again after a while.
#[derive(Debug, Default)]
pub(super) struct OcrHere {
    missing_until: Mutex<Option<DateTime<Utc>>>,
}

impl OcrHere {
    /// False where tesseract was missing a short while ago.
    pub(super) fn is_likely(&self, now: DateTime<Utc>) -> bool {
        let until = self.missing_until.lock().unwrap_or_else(PoisonError::into_inner);
        until.is_none_or(|until| until <= now)
    }

    fn was_missing(&self, now: DateTime<Utc>) {
        let mut until = self.missing_until.lock().unwrap_or_else(PoisonError::into_inner);
        *until = Some(now + NO_OCR);
    }
}

/// Why no more pages are recognised.
pub(super) enum Stop {
    /// All of them are.
    Done,
    /// Another bulletin is more urgent, or only another machine can do it.
    StepAside,
    /// For this reason, nothing can be recognised for so long.
    PutOff(Failure, Duration),
    /// The file cannot be opened, or no child started.
    Failed(ReadError),
}

/// Recognises the pages of `queue`, all of this rank, and puts them in their places in `pages`.
pub(super) async fn recognise(
    reading: &ReadTask<'_>,
    pdf: &Path,
    rank: OcrRank,
    queue: Vec<Awaiting>,
    pages: &mut [TracedPage],
) -> Result<Stop> {
    if !reading.ocr_here.is_likely(reading.app.clock.now()) {
        return Ok(Stop::StepAside);
    }
    let reader = reading.reader.clone();
    if let Some(why) = tokio::task::spawn_blocking(move || reader.ocr_missing()).await? {
        // Another machine may take it at once.
        reading.ocr_here.was_missing(reading.app.clock.now());
        return Ok(Stop::PutOff(Failure::new(FailureKind::Machine, why), Duration::ZERO));
    }
    let mut recognition = match reading.reader.recognise(pdf) {
        Ok(recognition) => recognition,
        Err(error) => return Ok(Stop::Failed(error)),
    };
    let mut queue = VecDeque::from(queue);
    let mut stop = None;
    loop {
        // As many as the cores take at once: they come out one by one, so that none waits for the
        // database, and whoever is more urgent waits for no more than these.
        while stop.is_none() && recognition.in_hand() < reading.jobs * PAGES_AT_ONCE {
            let Some(page) = queue.pop_front() else { break };
            if is_hopeless(pages, reading.app.reader_versions) {
                let why = page.why;
                let page = page.failed("trop de pages ont échoué avant elle".to_owned());
                keep(reading, page, why, pages).await?;
            } else if let Some(wait) = taken(reading, rank).await? {
                let left = queue.len() + 1;
                stop = Some(Stop::PutOff(Failure::new(FailureKind::Budget, left), wait));
            } else {
                recognition.push(page);
            }
        }
        match recognition.next().await {
            Ok(Some((page, why))) => keep(reading, page, why, pages).await?,
            Ok(None) => return Ok(stop.unwrap_or(Stop::Done)),
            Err(error) => return Ok(Stop::Failed(error)),
        }
        if stop.is_none() && rank == OcrRank::Rest && has_more_urgent(reading).await? {
            stop = Some(Stop::StepAside);
        }
    }
}

/// Counts a page of today's budget, or says how long there is none.
async fn taken(reading: &ReadTask<'_>, rank: OcrRank) -> Result<Option<Duration>> {
    let app = reading.app;
    Ok(reading.budget.take(&app.store, rank, app.clock.now()).await?)
}

async fn has_more_urgent(reading: &ReadTask<'_>) -> Result<bool> {
    let app = reading.app;
    Ok(app.store.has_more_urgent(reading.scope, app.clock.now()).await?)
}

async fn keep(
    reading: &ReadTask<'_>,
    page: Page,
    why: Why,
    pages: &mut [TracedPage],
) -> Result<()> {
    let traced = TracedPage { page, origin: recognised(reading.app.reader_versions, why) };
    let day = reading.app.clock.now().date_naive();
    reading.app.store.keep_recognised(reading.document, &traced, day).await?;
    (reading.on_page)(&traced.page);
    let number = traced.page.number;
    if let Some(place) = pages.iter_mut().find(|known| known.page.number == number) {
        *place = traced;
    }
    Ok(())
}

/// Tries of former versions, and those that are done once more, say nothing.
fn is_hopeless(pages: &[TracedPage], current: ReaderVersions) -> bool {
    let tried = || pages.iter().filter(|traced| traced.origin.ocr == Some(current.ocr));
    let failed = tried().filter(|traced| traced.page.method == Method::Failed).count();
    failed >= TOO_MANY_FAILURES && failed * 2 > tried().count()
}

#[cfg(test)]
mod tests {
    use guetteur_model::PageOrigin;

    use super::*;

    #[test]
    fn tesseract_is_looked_for_again_after_a_while() {
        let now: DateTime<Utc> = "2026-08-14T08:00:00Z".parse().expect("time");
        let here = OcrHere::default();
        assert!(here.is_likely(now));
        here.was_missing(now);
        let at = |minutes| here.is_likely(now + TimeDelta::minutes(minutes));
        assert_eq!([0, 14, 15].map(at), [false, false, true]);
    }

    #[test]
    fn a_document_whose_pages_fail_is_given_up() {
        let pages = |failed: usize, recognised: usize| -> Vec<TracedPage> {
            let page = |method| TracedPage {
                page: Page { method, ..Page::of_text(1, "") },
                origin: PageOrigin { ocr: Some(1), ..PageOrigin::default() },
            };
            let failed = std::iter::repeat_n(page(Method::Failed), failed);
            failed.chain(std::iter::repeat_n(page(Method::Ocr), recognised)).collect()
        };
        let cases = [((0, 0), false), ((19, 0), false), ((20, 0), true), ((20, 20), false)];
        let versions = |ocr| ReaderVersions { text: 1, judge: 1, ocr };
        for ((failed, recognised), expected) in cases {
            let pages = pages(failed, recognised);
            assert_eq!(is_hopeless(&pages, versions(1)), expected, "{failed}, {recognised}");
            assert!(!is_hopeless(&pages, versions(2)), "a former version failed");
        }
    }
}
