//! The confined child: opens a hostile file so that the parent does not have to.
//!
//! It reads one request (and, for OCR, one line a page) from its standard input and writes one
//! JSON line an event to its standard output. It writes nothing else anywhere.

pub(crate) mod confine;
mod recognise;
mod scan;
mod show;

use std::io::{BufRead, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use crate::protocol::{Event, Opened, Refusal, Request, Task};
use crate::text::{FileFacts, HayroEngine, OpenError};

/// Parsers recurse over nested objects; the default stack of a thread is soon gone.
const STACK_BYTES: usize = 32 << 20;

/// Entry point of the child process: the hidden sub-command of the binary calls this and nothing
/// else. Parameters come on the standard input.
#[must_use]
pub fn main() -> ExitCode {
    if run().is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn run() -> std::io::Result<()> {
    // Panics of foreign parsers are caught page by page; their texts are no news to anyone.
    std::panic::set_hook(Box::new(|_| {}));
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    if line.is_empty() {
        return Ok(());
    }
    let request: Request = serde_json::from_str(&line)?;
    // Before there is a second thread, which would be left out.
    let gaps = confine::confine(&request)?;
    let work = move || work(&request, gaps.sentence());
    let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(work)?;
    thread.join().unwrap_or_else(|_| Err(std::io::Error::other("panic")))
}

fn work(request: &Request, gaps: Option<String>) -> std::io::Result<()> {
    let mut out = Sender { out: std::io::stdout().lock(), line: Vec::new() };
    if let Some(gaps) = gaps {
        out.send(&Event::Loose(gaps))?;
    }
    match request.task {
        Task::Scan { from } => scan::scan(request, from, &mut out),
        Task::Picture { page, dpi } => show::picture(request, page, dpi, &mut out),
        Task::Words { page, method } => show::words(request, page, method, &mut out),
        Task::Recognise => recognise::recognise(request, std::io::stdin().lock().lines(), &mut out),
    }
}

/// Writes events, each at once: what was sent survives the death of the child.
struct Sender<W: Write> {
    out: W,
    line: Vec<u8>,
}

impl<W: Write> Sender<W> {
    fn send(&mut self, event: &Event) -> std::io::Result<()> {
        self.line.clear();
        serde_json::to_writer(&mut self.line, event)?;
        self.line.push(b'\n');
        self.out.write_all(&self.line)?;
        self.out.flush()
    }

    fn send_bytes(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.out.write_all(bytes)?;
        self.out.flush()
    }
}

/// Runs foreign code on one page; a panic becomes an error in words.
pub(crate) fn guarded<T>(work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err("l'analyseur a rencontré une structure impossible".to_owned()))
}

/// The file for rendering; `None` where hayro makes nothing of it and poppler may.
fn for_rendering(request: &Request) -> Result<Option<HayroEngine>, Refusal> {
    match HayroEngine::open(&request.file, request.page_chars) {
        Ok(engine) => Ok(Some(engine)),
        Err(OpenError::Password) => Err(Refusal::Password),
        Err(OpenError::Invalid(_)) => Ok(None),
    }
}

fn opened(facts: FileFacts, engine: &'static str) -> Event {
    Event::Opened(Opened {
        pages: facts.pages,
        encrypted: facts.encrypted,
        embedded_files: facts.embedded_files,
        xfa: facts.xfa,
        wrong_letters: facts.wrong_letters,
        signatures: facts.signatures,
        times: facts.times,
        fallback: (engine != "hayro").then(|| engine.to_owned()),
    })
}
