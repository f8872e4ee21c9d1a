//! OCR on all cores: each worker has a child of its own and takes some pages at a time.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Mutex;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinSet;

use super::worker::{Fault, Worker};
use super::{Job, Outcome};
use crate::protocol::{Event, PageRequest, Refusal, Task};

/// Pages that one process of tesseract recognises at most: its start, a sixth of a page's time, is
/// shared by so many, and what breaks it has so many read again.
pub const PAGES_AT_ONCE: usize = 6;
/// A large sheet may take this part of the time of a page.
const LARGE_SHEET: u32 = 3;

/// Workers with a child each, as many as there are pages but never more than
/// [`crate::ReadOptions::jobs`]. Dropping it ends them.
pub(crate) struct OcrPool {
    lanes: Arc<Lanes>,
    pages: UnboundedSender<PageRequest>,
    workers: JoinSet<()>,
}

/// What the workers share.
struct Lanes {
    job: Arc<Job>,
    queue: Mutex<UnboundedReceiver<PageRequest>>,
    /// Pages that were taken from the queue and are not told yet.
    in_hand: AtomicUsize,
    out: UnboundedSender<Outcome>,
}

impl OcrPool {
    pub(crate) fn new(job: Arc<Job>, out: UnboundedSender<Outcome>) -> Self {
        let (pages, queue) = unbounded_channel();
        let lanes = Lanes { job, queue: Mutex::new(queue), in_hand: AtomicUsize::new(0), out };
        Self { lanes: Arc::new(lanes), pages, workers: JoinSet::new() }
    }

    /// Puts a page at the end of the queue.
    pub(crate) fn push(&mut self, page: PageRequest) {
        if self.workers.len() < self.lanes.jobs() {
            self.workers.spawn(work(Arc::clone(&self.lanes)));
        }
        // The receiver lives in `self`.
        let _ = self.pages.send(page);
    }
}

/// One worker: recognises pages until the queue is closed. Several that cost their child are tried
/// again one by one, each by a new child; a page that costs its child alone is told as failed.
async fn work(lanes: Arc<Lanes>) {
    let mut worker = None;
    while let Some(first) = lanes.next().await {
        // Meanwhile more pages come.
        let opened = lanes.open(&mut worker).await;
        let mut batch = lanes.with_more(first);
        let done = match opened {
            Ok(()) => lanes.recognise(&mut worker, &mut batch).await,
            Err(closed) => Err(closed),
        };
        match done {
            Err(Closed::Fault(_)) if batch.len() > 1 => {}
            Err(closed) => lanes.tell_closed(closed, &std::mem::take(&mut batch)),
            Ok(()) => {}
        }
        for page in batch {
            lanes.alone(&mut worker, page).await;
        }
    }
}

/// Why pages were not recognised.
enum Closed {
    /// No page of this file can be.
    Refused(String),
    /// The child is no more.
    Fault(Fault),
}

impl Lanes {
    fn jobs(&self) -> usize {
        self.job.options.jobs.max(1)
    }

    async fn next(&self) -> Option<PageRequest> {
        let first = self.queue.lock().await.recv().await?;
        self.in_hand.fetch_add(1, Ordering::Relaxed);
        Some(first)
    }

    /// A page with this worker's share of those that wait.
    fn with_more(&self, first: PageRequest) -> Vec<PageRequest> {
        let mut batch = vec![first];
        // Whoever holds the queue waits for a page: there is none.
        let Ok(mut queue) = self.queue.try_lock() else { return batch };
        let others = self.in_hand.load(Ordering::Relaxed).saturating_sub(1);
        let share = share(1 + queue.len(), others, self.jobs());
        while let Some(page) = (batch.len() < share).then(|| queue.try_recv().ok()).flatten() {
            self.in_hand.fetch_add(1, Ordering::Relaxed);
            batch.push(page);
        }
        batch
    }

    /// Starts a child where there is none.
    async fn open(&self, slot: &mut Option<Worker>) -> Result<(), Closed> {
        if slot.is_some() {
            return Ok(());
        }
        let opened = async {
            let mut worker = Worker::start(&self.job, Task::Recognise, 0).await?;
            Ok((worker.next(self.job.options.limits.open).await?, worker))
        };
        match opened.await.map_err(Closed::Fault)? {
            (Event::Opened(_), worker) => {
                *slot = Some(worker);
                Ok(())
            }
            (Event::Refused(Refusal::Invalid(why)), _) => {
                Err(Closed::Refused(format!("rendu impossible : {why}")))
            }
            _ => Err(Closed::Refused("rendu impossible".to_owned())),
        }
    }

    fn tell_closed(&self, closed: Closed, pages: &[PageRequest]) {
        let of_page: Box<dyn Fn(u32) -> String> = match closed {
            Closed::Fault(Fault::NotStarted { command, source }) => {
                return self.tell(pages.len(), Outcome::NotStarted { command, source });
            }
            Closed::Fault(fault) => {
                Box::new(move |page| format!("page {page} : {}", fault.sentence()))
            }
            Closed::Refused(why) => Box::new(move |_| why.clone()),
        };
        for PageRequest { page, .. } in pages {
            self.tell(1, Outcome::OcrFailed { page: *page, why: of_page(*page) });
        }
    }

    /// Has a child recognise one page.
    async fn alone(&self, slot: &mut Option<Worker>, page: PageRequest) {
        let mut left = vec![page];
        let done = match self.open(slot).await {
            Ok(()) => self.recognise(slot, &mut left).await,
            Err(closed) => Err(closed),
        };
        if let Err(closed) = done {
            self.tell_closed(closed, &left);
        }
    }

    /// Has the child recognise pages, and takes those that are told from `left`.
    async fn recognise(
        &self,
        slot: &mut Option<Worker>,
        left: &mut Vec<PageRequest>,
    ) -> Result<(), Closed> {
        let Some(worker) = slot else { return Ok(()) };
        let done = self.recognise_by(worker, left).await;
        if done.is_err() {
            *slot = None;
        }
        done.map_err(Closed::Fault)
    }

    async fn recognise_by(
        &self,
        worker: &mut Worker,
        left: &mut Vec<PageRequest>,
    ) -> Result<(), Fault> {
        let limits = self.job.options.limits;
        worker.send(left).await?;
        let mut limit = limits.ocr_page;
        while !left.is_empty() {
            let (page, outcome) = match worker.next(limit).await? {
                // Plans cost the most and have the fewest words.
                Event::Large => {
                    limit = limits.ocr_page / LARGE_SHEET;
                    continue;
                }
                Event::Recognised(read) => (read.page.number, Outcome::Recognised(read)),
                Event::Failed { page, why } => (page, Outcome::OcrFailed { page, why }),
                _ => continue,
            };
            limit = limits.ocr_page;
            left.retain(|wanted| wanted.page != page);
            self.tell(1, outcome);
        }
        Ok(())
    }

    /// Tells what became of so many pages.
    fn tell(&self, pages: usize, outcome: Outcome) {
        self.in_hand.fetch_sub(pages, Ordering::Relaxed);
        // If nobody listens any more, this worker is about to be ended.
        let _ = self.out.send(outcome);
    }
}

/// Pages that a worker takes, where so many wait and others have so many in hand: in as few rounds as
/// can be, and such that all end together.
fn share(waiting: usize, others: usize, jobs: usize) -> usize {
    let all = waiting + others;
    let rounds = all.div_ceil(jobs * PAGES_AT_ONCE);
    all.div_ceil(jobs * rounds.max(1)).min(waiting)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workers_share_what_waits_and_end_together() {
        let cases = [
            ((1, 0, 2), 1),
            ((6, 0, 2), 3),
            ((3, 3, 2), 3),
            ((12, 0, 2), 6),
            ((6, 6, 2), 6),
            ((18, 0, 2), 5),
            ((13, 5, 2), 5),
            ((300, 6, 2), 6),
            ((300, 0, 1), 6),
            ((2, 6, 2), 2),
        ];
        for ((waiting, others, jobs), expected) in cases {
            assert_eq!(share(waiting, others, jobs), expected, "{waiting}, {others}, {jobs}");
        }
    }
}
