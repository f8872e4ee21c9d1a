//! One page shown by a child of its own.

use std::sync::Arc;

use super::Job;
use super::worker::{Fault, Worker};
use crate::boxes::PageWords;
use crate::protocol::{Event, Refusal, Task};

/// What a child shows of a page.
pub(crate) enum Shown {
    Picture(Vec<u8>),
    Words(PageWords),
    Refused(Refusal),
    /// In plain French words.
    Failed(String),
    NotStarted {
        command: String,
        source: std::io::Error,
    },
}

/// Has a child do this task of one page.
pub(crate) async fn show(job: &Arc<Job>, task: Task) -> Shown {
    match one_page(job, task).await {
        Ok(shown) => shown,
        Err(Fault::NotStarted { command, source }) => Shown::NotStarted { command, source },
        Err(fault) => Shown::Failed(fault.sentence()),
    }
}

async fn one_page(job: &Arc<Job>, task: Task) -> Result<Shown, Fault> {
    let limits = job.options.limits;
    let mut worker = Worker::start(job, task, 0).await?;
    let mut limit = limits.open;
    loop {
        match worker.next(limit).await? {
            Event::Opened(_) => limit = limits.ocr_page,
            Event::Refused(refusal) => return Ok(Shown::Refused(refusal)),
            Event::Picture(bytes) => {
                return Ok(Shown::Picture(worker.bytes(bytes, limit).await?));
            }
            Event::Words(words) => return Ok(Shown::Words(words)),
            Event::Failed { why, .. } => return Ok(Shown::Failed(why)),
            _ => {}
        }
    }
}
