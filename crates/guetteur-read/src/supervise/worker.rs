//! One child process: starting it, talking to it under a time limit, ending it and its children.

use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Once};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use serde::Serialize;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};
use tokio::task::JoinHandle;

use super::Job;
use crate::protocol::{Event, Task};

/// Longest line from a child: far above a page of `Limits::page_chars` characters.
const MAX_LINE: usize = 8 << 20;
/// What is kept of a child's error output: enough for « memory allocation of … failed ».
const MAX_STDERR: u64 = 16 << 10;
/// Environment that the child and tesseract need; nothing else is handed on.
const ENVIRONMENT: [&str; 4] = ["PATH", "LANG", "TESSDATA_PREFIX", "LD_LIBRARY_PATH"];

/// Why a child is no more.
#[derive(Debug)]
pub(super) enum Fault {
    /// It could not be started.
    NotStarted { command: String, source: std::io::Error },
    /// Nothing for this long.
    Timeout(Duration),
    /// It ended by itself, or was killed by its limits.
    Ended { status: Option<ExitStatus>, stderr: String, memory_bytes: u64 },
    /// It sent more than it may.
    Output,
}

impl Fault {
    /// In plain French words.
    pub(super) fn sentence(&self) -> String {
        match self {
            Self::NotStarted { source, .. } => format!("processus de lecture : {source}"),
            Self::Timeout(limit) => format!("plus de {} s", limit.as_secs_f32().ceil()),
            Self::Output => "trop de texte produit".to_owned(),
            Self::Ended { stderr, memory_bytes, .. } if stderr.contains("memory allocation") => {
                format!("plus de {} Mio de mémoire", memory_bytes >> 20)
            }
            Self::Ended { stderr, .. } if stderr.contains("overflowed its stack") => {
                "structure trop profonde".to_owned()
            }
            Self::Ended { status, .. } => {
                use std::os::unix::process::ExitStatusExt;
                match status.and_then(|s| s.signal()) {
                    Some(signal) => format!("l'analyseur s'est arrêté (signal {signal})"),
                    None => "l'analyseur s'est arrêté".to_owned(),
                }
            }
        }
    }
}

/// A running child. Dropping it kills it with all that it started.
pub(super) struct Worker {
    job: Arc<Job>,
    child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    stderr: Option<JoinHandle<String>>,
}

impl Worker {
    pub(super) async fn start(job: &Arc<Job>, task: Task, engine: usize) -> Result<Self, Fault> {
        let (mut command, name) = command(job)?;
        let not_started = |source| Fault::NotStarted { command: name.clone(), source };
        let mut child = command.spawn().map_err(not_started)?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(stdin), Some(stdout), Some(stderr)) = pipes else {
            return Err(not_started(std::io::Error::other("tubes absents")));
        };
        let stderr = Some(tokio::spawn(tail(stderr)));
        let job = Arc::clone(job);
        let request = job.request(task, engine);
        let mut worker = Self { job, child, stdin, stdout: BufReader::new(stdout), stderr };
        worker.send(&request).await?;
        Ok(worker)
    }

    /// Sends one line.
    pub(super) async fn send(&mut self, value: &impl Serialize) -> Result<(), Fault> {
        let mut line = serde_json::to_vec(value).map_err(|e| Fault::NotStarted {
            command: "JSON".to_owned(),
            source: std::io::Error::other(e),
        })?;
        line.push(b'\n');
        let sent = async {
            self.stdin.write_all(&line).await?;
            self.stdin.flush().await
        };
        match sent.await {
            Ok(()) => Ok(()),
            Err(_) => Err(self.ended().await),
        }
    }

    /// The next event, within `limit`.
    pub(super) async fn next(&mut self, limit: Duration) -> Result<Event, Fault> {
        match tokio::time::timeout(limit, self.next_event()).await {
            Ok(result) => result,
            Err(_) => Err(Fault::Timeout(limit)),
        }
    }

    async fn next_event(&mut self) -> Result<Event, Fault> {
        loop {
            let mut line = Vec::new();
            let max = MAX_LINE as u64;
            let read = (&mut self.stdout).take(max).read_until(b'\n', &mut line).await;
            if read.is_err() || line.is_empty() {
                return Err(self.ended().await);
            }
            if !self.job.count_output(line.len()) || line.len() >= MAX_LINE {
                return Err(Fault::Output);
            }
            match serde_json::from_slice(&line) {
                Ok(Event::Loose(gaps)) => warn_once(&gaps),
                Ok(event) => return Ok(event),
                // Foreign parsers print at times: what is not an event is skipped.
                Err(_) => {}
            }
        }
    }

    /// So many bytes that follow an event, within `limit`.
    pub(super) async fn bytes(&mut self, count: usize, limit: Duration) -> Result<Vec<u8>, Fault> {
        if !self.job.count_output(count) {
            return Err(Fault::Output);
        }
        let mut bytes = vec![0; count];
        match tokio::time::timeout(limit, self.stdout.read_exact(&mut bytes)).await {
            Ok(Ok(_)) => Ok(bytes),
            Ok(Err(_)) => Err(self.ended().await),
            Err(_) => Err(Fault::Timeout(limit)),
        }
    }

    async fn ended(&mut self) -> Fault {
        // Before it is waited for, its group cannot be another's.
        self.kill();
        let status = self.child.wait().await.ok();
        let stderr = match self.stderr.take() {
            Some(tail) => tail.await.unwrap_or_default(),
            None => String::new(),
        };
        Fault::Ended { status, stderr, memory_bytes: self.job.options.limits.memory_bytes }
    }

    /// Kills the child's group: a tesseract of its own too.
    fn kill(&self) {
        let pid = self.child.id().and_then(|id| Pid::from_raw(id.cast_signed()));
        if let Some(pid) = pid {
            // If it is gone already, so much the better.
            let _ = kill_process_group(pid, Signal::KILL);
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The kernel is the same for all children of this process.
fn warn_once(gaps: &str) {
    static SAID: Once = Once::new();
    SAID.call_once(|| tracing::warn!(gaps, "the reader's child is not fully confined"));
}

fn command(job: &Job) -> Result<(Command, String), Fault> {
    let wanted = &job.options.child;
    let program = match &wanted.program {
        Some(program) => program.clone(),
        None => std::env::current_exe()
            .map_err(|source| Fault::NotStarted { command: "current_exe".to_owned(), source })?,
    };
    let name = program.display().to_string();
    let mut command = Command::new(program);
    command.args(&wanted.args).env_clear();
    for key in ENVIRONMENT {
        if let Some(value) = std::env::var_os(key) {
            command.env(key, value);
        }
    }
    command
        // Each arena of the allocator reserves address space, which is limited.
        .env("MALLOC_ARENA_MAX", "1")
        .env("OMP_THREAD_LIMIT", "1")
        .process_group(0)
        .kill_on_drop(true)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    Ok((command, name))
}

async fn tail(stderr: ChildStderr) -> String {
    let mut bytes = Vec::new();
    let mut limited = stderr.take(MAX_STDERR);
    // What was read before an error is still worth having.
    let _ = limited.read_to_end(&mut bytes).await;
    // The rest is drained, so that the child does not block on a full pipe.
    let mut rest = limited.into_inner();
    let _ = tokio::io::copy(&mut rest, &mut tokio::io::sink()).await;
    String::from_utf8_lossy(&bytes).into_owned()
}
