//! Progress on stderr: a bar for people, a line now and then for logs, nothing with `--json`
//! into a pipe.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tokio::sync::mpsc::UnboundedReceiver;

use super::summary::Summary;
use super::words::about;
use crate::pipeline::Event;

/// Bulletins done before their pace tells anything.
const JUDGED_BY: u64 = 5;

/// Shows events as they come and gathers them.
pub(super) struct Progress {
    bar: ProgressBar,
    sources: u64,
    walked: u64,
    found: u64,
    done: u64,
    pages: u64,
    ocr_pages: u64,
    flagged: u64,
    begun: Instant,
    /// Outside a terminal, a line every so many finished bulletins.
    plain_every: Option<u64>,
}

impl Progress {
    /// Progress over `sources` sources.
    pub(super) fn new(sources: usize) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let bar = ProgressBar::with_draw_target(
            None,
            if terminal { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() },
        );
        let style = ProgressStyle::with_template(
            "{spinner} {elapsed_precise} [{bar:30}] {pos}/{len} recueils · {msg}",
        );
        if let Ok(style) = style {
            bar.set_style(style.progress_chars("█▌ "));
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self {
            bar,
            sources: sources as u64,
            walked: 0,
            found: 0,
            done: 0,
            pages: 0,
            ocr_pages: 0,
            flagged: 0,
            begun: Instant::now(),
            plain_every: (!terminal).then_some(25),
        }
    }

    /// Follows `events` until all senders are gone.
    pub(super) async fn follow(
        mut self,
        mut events: UnboundedReceiver<Event>,
        mut summary: Summary,
    ) -> Summary {
        while let Some(event) = events.recv().await {
            self.show(&event);
            summary.see(event);
        }
        self.bar.finish_and_clear();
        if self.plain_every.is_some() {
            eprintln!("{}", self.sentence());
        }
        summary
    }

    fn show(&mut self, event: &Event) {
        match event {
            Event::Discovered { new, .. } => {
                self.walked += 1;
                self.found += u64::from(*new);
            }
            Event::Page { ocr, .. } => {
                self.pages += 1;
                self.ocr_pages += u64::from(*ocr);
            }
            Event::Flagged { flagged, .. } => {
                self.done += 1;
                self.flagged += u64::from(*flagged);
                self.line_now_and_then();
            }
            Event::Failed { again: false, .. } => {
                self.done += 1;
                self.line_now_and_then();
            }
            Event::Fetched { .. }
            | Event::AlertsRaised { .. }
            | Event::Read { .. }
            | Event::Rechecked { .. }
            | Event::Failed { .. } => {}
        }
        self.bar.set_length(self.found.max(self.done));
        self.bar.set_position(self.done);
        self.bar.set_message(format!(
            "{}/{} sites · {} pages dont {} OCR · {} actes signalés{}",
            self.walked,
            self.sources,
            self.pages,
            self.ocr_pages,
            self.flagged,
            self.left()
        ));
    }

    fn line_now_and_then(&self) {
        if self.plain_every.is_some_and(|every| self.done.is_multiple_of(every)) {
            eprintln!("{}", self.sentence());
        }
    }

    /// How much longer, once all sites are walked and some bulletins are done. What an earlier run
    /// left undone is not counted: it is told by `guetteur coverage`.
    fn left(&self) -> String {
        let to_do = self.found.saturating_sub(self.done);
        if self.walked < self.sources || self.done < JUDGED_BY || to_do == 0 {
            return String::new();
        }
        let left = self.begun.elapsed().mul_f64(to_do as f64 / self.done as f64);
        format!(" · reste {}", about(left))
    }

    fn sentence(&self) -> String {
        format!(
            "{}/{} sites parcourus, {}/{} recueils traités, {} pages lues dont {} par OCR, {} actes signalés{}",
            self.walked,
            self.sources,
            self.done,
            self.found.max(self.done),
            self.pages,
            self.ocr_pages,
            self.flagged,
            self.left()
        )
    }
}
