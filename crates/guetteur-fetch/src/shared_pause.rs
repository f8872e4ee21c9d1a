//! A pause that all processes of one machine keep together: a locked file for each host and address.
//!
//! `guetteur crawl` may run beside `guetteur watch`. Each paces itself; a site must not pay for their
//! being two.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, Write};
use std::path::Path;
use std::time::Duration;

use guetteur_model::{Clock, SystemClock};

/// A time written by a clock that was wrong does not stop us for longer.
const LONGEST: Duration = Duration::from_mins(5);

/// The lock of one host or address, held from before a request until its end. The file says, in
/// milliseconds of the Unix epoch, before when no request may go.
#[derive(Debug)]
pub(crate) struct SharedPause(File);

impl SharedPause {
    /// Waits for the lock of `key` in the folder `dir`, which must exist. `None` where the file
    /// system refuses: the process's own pauses hold all the same.
    pub(crate) async fn take(dir: &Path, key: &str) -> Option<Self> {
        let name: String =
            key.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        let path = dir.join(name);
        let locked = tokio::task::spawn_blocking(move || {
            let mut options = OpenOptions::new();
            let file = options.read(true).write(true).create(true).truncate(false).open(&path)?;
            file.lock()?;
            Ok::<_, std::io::Error>(file)
        });
        match locked.await {
            Ok(Ok(file)) => Some(Self(file)),
            Ok(Err(error)) => {
                tracing::warn!(key, %error, "no pause is kept together with other processes");
                None
            }
            Err(_) => None,
        }
    }

    /// How long the last request, of whichever process, still asks us to wait.
    pub(crate) fn wait(&mut self) -> Duration {
        let mut said = String::new();
        let read = self.0.rewind().and_then(|()| self.0.read_to_string(&mut said));
        let until = read.ok().and_then(|_| said.trim().parse::<u64>().ok()).unwrap_or(0);
        Duration::from_millis(until.saturating_sub(now())).min(LONGEST)
    }

    /// No further request before `pause` from now.
    pub(crate) fn rest(&mut self, pause: Duration) {
        let until = now() + u64::try_from(pause.max(self.wait()).as_millis()).unwrap_or(0);
        let text = until.to_string();
        let written = self
            .0
            .rewind()
            .and_then(|()| self.0.write_all(text.as_bytes()))
            .and_then(|()| self.0.set_len(text.len() as u64));
        if let Err(error) = written {
            tracing::warn!(%error, "a pause could not be noted for other processes");
        }
    }
}

/// The machine's clock: the only one that its processes share.
fn now() -> u64 {
    SystemClock.now().timestamp_millis().try_into().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    #[tokio::test]
    async fn two_processes_take_turns_and_keep_the_pause() {
        let dir = tempfile::tempdir().expect("dir");
        let mut first = SharedPause::take(dir.path(), "www.a.fr").await.expect("lock");
        assert_eq!(first.wait(), Duration::ZERO, "nobody has asked yet");
        let path = dir.path().to_owned();
        // Another open file is to the lock what another process is.
        let second = tokio::spawn(async move {
            let mut pause = SharedPause::take(&path, "www.a.fr").await.expect("lock");
            (Instant::now(), pause.wait())
        });
        SharedPause::take(dir.path(), "www.b.fr").await.expect("another host is free");
        assert!(!second.is_finished(), "the first still holds it");
        let released = Instant::now();
        first.rest(Duration::from_secs(30));
        first.rest(Duration::from_secs(1));
        drop(first);
        let (taken, wait) = second.await.expect("second");
        assert!(taken >= released);
        let range = Duration::from_secs(25)..=Duration::from_secs(30);
        assert!(range.contains(&wait), "{wait:?}: the longer pause holds");
    }

    #[tokio::test]
    async fn a_damaged_file_and_a_missing_folder_stop_nobody() {
        let dir = tempfile::tempdir().expect("dir");
        for text in ["", "demain", "99999999999999999999", "-5"] {
            std::fs::write(dir.path().join("www-a-fr"), text).expect("write");
            let mut pause = SharedPause::take(dir.path(), "www.a.fr").await.expect("lock");
            assert_eq!(pause.wait(), Duration::ZERO, "{text}");
        }
        std::fs::write(dir.path().join("www-a-fr"), u64::MAX.to_string()).expect("write");
        let mut pause = SharedPause::take(dir.path(), "www.a.fr").await.expect("lock");
        assert_eq!(pause.wait(), LONGEST, "a wrong clock");
        assert!(SharedPause::take(&dir.path().join("absent"), "www.a.fr").await.is_none());
    }
}
