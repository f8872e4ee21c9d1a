//! OCR on all cores: each worker has a child of its own and takes one page at a time.

use std::sync::Arc;

use tokio::sync::Mutex;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinSet;

use super::worker::{Fault, Worker};
use super::{Job, Outcome};
use crate::protocol::{Event, PageRequest, Refusal, Task};

/// A large sheet may take this part of the time of a page.
const LARGE_SHEET: u32 = 3;

/// Workers with a child each, as many as there are pages but never more than
/// [`crate::ReadOptions::jobs`]. Dropping it ends them.
pub(crate) struct OcrPool {
    job: Arc<Job>,
    out: UnboundedSender<Outcome>,
    pages: UnboundedSender<PageRequest>,
    queue: Queue,
    workers: JoinSet<()>,
}

type Queue = Arc<Mutex<UnboundedReceiver<PageRequest>>>;

impl OcrPool {
    pub(crate) fn new(job: Arc<Job>, out: UnboundedSender<Outcome>) -> Self {
        let (pages, queue) = unbounded_channel();
        Self { job, out, pages, queue: Arc::new(Mutex::new(queue)), workers: JoinSet::new() }
    }

    /// Puts a page at the end of the queue.
    pub(crate) fn push(&mut self, page: PageRequest) {
        if self.workers.len() < self.job.options.jobs.max(1) {
            let queue = Arc::clone(&self.queue);
            self.workers.spawn(recognise_all(Arc::clone(&self.job), queue, self.out.clone()));
        }
        // The receiver lives in `self`.
        let _ = self.pages.send(page);
    }
}

/// One worker: recognises pages from the shared queue until it is closed. A page that costs its
/// child is told as failed; the next page gets a new child.
async fn recognise_all(job: Arc<Job>, queue: Queue, out: UnboundedSender<Outcome>) {
    let mut worker = None;
    loop {
        let Some(task) = queue.lock().await.recv().await else { return };
        let outcome = match one_page(&job, &mut worker, task).await {
            Ok(outcome) => outcome,
            Err(Fault::NotStarted { command, source }) => Outcome::NotStarted { command, source },
            Err(fault) => {
                worker = None;
                let why = format!("page {} : {}", task.page, fault.sentence());
                Outcome::OcrFailed { page: task.page, why }
            }
        };
        if out.send(outcome).is_err() {
            return;
        }
    }
}

async fn one_page(
    job: &Arc<Job>,
    slot: &mut Option<Worker>,
    task: PageRequest,
) -> Result<Outcome, Fault> {
    let limits = job.options.limits;
    let failed = |why: String| Outcome::OcrFailed { page: task.page, why };
    if slot.is_none() {
        let mut worker = Worker::start(job, Task::Recognise, 0).await?;
        match worker.next(limits.open).await? {
            Event::Opened(_) => *slot = Some(worker),
            Event::Refused(Refusal::Invalid(why)) => {
                return Ok(failed(format!("rendu impossible : {why}")));
            }
            _ => return Ok(failed("rendu impossible".to_owned())),
        }
    }
    let Some(worker) = slot else { return Ok(failed("rendu impossible".to_owned())) };
    worker.send(&task).await?;
    let mut limit = limits.ocr_page;
    loop {
        match worker.next(limit).await? {
            // Plans cost the most and have the fewest words.
            Event::Large => limit = limits.ocr_page / LARGE_SHEET,
            Event::Recognised(page) => return Ok(Outcome::Recognised(page)),
            Event::Failed { why, .. } => return Ok(failed(why)),
            _ => {}
        }
    }
}
