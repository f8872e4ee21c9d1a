//! OCR on all cores: each worker has a child of its own and takes one page at a time.

use std::sync::Arc;

use tokio::sync::Mutex;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};

use super::worker::{Fault, Worker};
use super::{Job, Outcome};
use crate::protocol::{Event, PageRequest, Refusal, Task};

/// A page to recognise.
pub(crate) type OcrTask = PageRequest;

/// One worker: recognises pages from the shared queue until it is closed. A page that costs its
/// child is told as failed; the next page gets a new child.
pub(crate) async fn recognise_all(
    job: Arc<Job>,
    queue: Arc<Mutex<UnboundedReceiver<OcrTask>>>,
    out: UnboundedSender<Outcome>,
) {
    let mut worker = None;
    loop {
        let Some(task) = queue.lock().await.recv().await else { return };
        let outcome = match one_page(&job, &mut worker, task).await {
            Ok(outcome) => outcome,
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
    task: OcrTask,
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
    loop {
        match worker.next(limits.ocr_page).await? {
            Event::Recognised(page) => return Ok(Outcome::Recognised(page)),
            Event::Failed { why, .. } => return Ok(failed(why)),
            _ => {}
        }
    }
}
