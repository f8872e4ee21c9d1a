//! The one who notes what becomes of messages: what several connections have to note at a time is one
//! transaction.

use chrono::{DateTime, Utc};
use guetteur_store::{ClaimedMessage, MessageNote, Settled, Store};
use tokio::sync::{mpsc, oneshot};

use crate::NotifyError;

/// Something to note, and whom to tell that it is noted; nobody is told when the database failed.
struct Job {
    message: ClaimedMessage,
    settled: Option<Settled>,
    at: DateTime<Utc>,
    noted: oneshot::Sender<bool>,
}

impl Job {
    fn note(&self) -> MessageNote<'_> {
        MessageNote { message: &self.message, settled: self.settled.as_ref(), at: self.at }
    }
}

/// Takes notes to the clerk; clones go to the same one.
#[derive(Clone)]
pub(crate) struct Notes(mpsc::UnboundedSender<Job>);

/// Notes, until all who take notes to it are gone.
pub(crate) struct Clerk(mpsc::UnboundedReceiver<Job>);

/// A clerk, and the way to it.
pub(crate) fn clerk() -> (Notes, Clerk) {
    let (to, from) = mpsc::unbounded_channel();
    (Notes(to), Clerk(from))
}

impl Notes {
    /// Notes that the message may leave from here on; `false` when another worker has it.
    pub(crate) async fn leave(
        &self,
        message: &ClaimedMessage,
        at: DateTime<Utc>,
    ) -> Result<bool, NotifyError> {
        self.note(message, None, at).await
    }

    /// Notes what became of a message; `false` when another worker has it.
    pub(crate) async fn settle(
        &self,
        message: &ClaimedMessage,
        settled: &Settled,
        at: DateTime<Utc>,
    ) -> Result<bool, NotifyError> {
        self.note(message, Some(settled.clone()), at).await
    }

    async fn note(
        &self,
        message: &ClaimedMessage,
        settled: Option<Settled>,
        at: DateTime<Utc>,
    ) -> Result<bool, NotifyError> {
        let (noted, answer) = oneshot::channel();
        let job = Job { message: message.clone(), settled, at, noted };
        self.0.send(job).map_err(|_| NotifyError::Unnoted)?;
        answer.await.map_err(|_| NotifyError::Unnoted)
    }
}

impl Clerk {
    /// Notes what comes in.
    ///
    /// # Errors
    /// When the database fails; the senders that waited hear that nothing was noted.
    pub(crate) async fn work(mut self, store: &Store) -> Result<(), NotifyError> {
        while let Some(first) = self.0.recv().await {
            let mut jobs = vec![first];
            while let Ok(job) = self.0.try_recv() {
                jobs.push(job);
            }
            let notes: Vec<MessageNote<'_>> = jobs.iter().map(Job::note).collect();
            let noted = store.note_messages(&notes).await?;
            for (job, noted) in jobs.into_iter().zip(noted) {
                // Whoever asked may have been given up meanwhile.
                let _ = job.noted.send(noted);
            }
        }
        Ok(())
    }
}
