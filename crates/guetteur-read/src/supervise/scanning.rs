//! All pages scanned, in as many children as it takes.

use std::sync::Arc;

use tokio::sync::mpsc::UnboundedSender;

use super::worker::{Fault, Worker};
use super::{Job, Outcome};
use crate::protocol::{Event, Refusal, Task};
use crate::text::ENGINES;

/// Scans the document: a page that costs its child is told as failed, and a new child goes on
/// with the next.
pub(crate) async fn scan_all(job: Arc<Job>, out: UnboundedSender<Outcome>) {
    let outcome = Scan { job, out: out.clone(), next: 1, last: 0, engine: 0 }.run().await;
    // The reader may be gone (its future was dropped): then nobody is left to tell.
    let _ = out.send(outcome.unwrap_or(Outcome::ScanDone));
}

struct Scan {
    job: Arc<Job>,
    out: UnboundedSender<Outcome>,
    /// The next page to be told.
    next: u32,
    /// The last page, once known.
    last: u32,
    engine: usize,
}

/// How one child's run ended.
enum End {
    /// All pages are told.
    Done,
    /// It cannot open the file.
    Refused(Refusal),
    /// It died before the file was open.
    NotOpened(Fault),
    /// It died on a page.
    OnPage(u32, Fault),
}

impl Scan {
    /// `None` if all went well, or the outcome that ends the document.
    async fn run(mut self) -> Option<Outcome> {
        let mut faults = 0;
        loop {
            let (page, fault) = match self.one_child().await {
                End::Done => return None,
                End::Refused(refusal) => return Some(Outcome::Refused(refusal)),
                End::NotOpened(Fault::NotStarted { command, source }) => {
                    return Some(Outcome::NotStarted { command, source });
                }
                End::NotOpened(fault) if self.last == 0 => {
                    self.engine += 1;
                    if self.engine >= ENGINES {
                        return Some(Outcome::Refused(Refusal::Invalid(fault.sentence())));
                    }
                    continue;
                }
                End::NotOpened(fault) => (self.next, fault),
                End::OnPage(page, fault) => (page, fault),
            };
            faults += 1;
            let why = fault.sentence();
            let failed = Outcome::Failed { page, why: format!("page {page} : {why}") };
            self.next = page + 1;
            if self.out.send(failed).is_err() || self.next > self.last {
                return None;
            }
            if matches!(fault, Fault::Output) || faults > self.job.options.limits.faults {
                return Some(Outcome::GivenUp { from: self.next, why });
            }
        }
    }

    async fn one_child(&mut self) -> End {
        let limits = self.job.options.limits;
        let task = Task::Scan { from: self.next };
        let mut worker = match Worker::start(&self.job, task, self.engine).await {
            Ok(worker) => worker,
            Err(fault) => return End::NotOpened(fault),
        };
        match worker.next(limits.open).await {
            Ok(Event::Opened(opened)) => {
                if self.last == 0 {
                    self.last = opened.pages.min(limits.pages);
                    let _ = self.out.send(Outcome::Opened(opened));
                }
            }
            Ok(Event::Refused(refusal)) => return End::Refused(refusal),
            Ok(_) => return End::Done,
            Err(fault) => return End::NotOpened(fault),
        }
        loop {
            let outcome = match worker.next(limits.text_page).await {
                Ok(Event::Scanned(page)) => Outcome::Scanned(page),
                Ok(Event::Failed { page, why }) => {
                    Outcome::Failed { page, why: format!("page {page} : {why}") }
                }
                Ok(_) => return End::Done,
                Err(fault) => return End::OnPage(self.next, fault),
            };
            self.next += 1;
            if self.out.send(outcome).is_err() {
                return End::Done;
            }
        }
    }
}
