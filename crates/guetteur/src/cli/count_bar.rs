//! Progress over things of which the number is known: a bar for people, a line now and then for logs.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Outside a terminal, a line every so many.
const TOLD_EVERY: u64 = 5_000;

/// Counts on stderr.
pub(super) struct CountBar {
    bar: ProgressBar,
    plain: bool,
    what: &'static str,
}

impl CountBar {
    /// Over `total` things, told as « 12/34 `what` ».
    pub(super) fn over(total: u64, what: &'static str) -> Self {
        let plain = !std::io::stderr().is_terminal();
        let target =
            if plain { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let bar = ProgressBar::with_draw_target(Some(total), target);
        let style = "{elapsed_precise} [{bar:30}] {pos}/{len} {msg} · reste {eta}";
        if let Ok(style) = ProgressStyle::with_template(style) {
            bar.set_style(style.progress_chars("█▌ "));
        }
        bar.set_message(what);
        Self { bar, plain, what }
    }

    /// One more.
    pub(super) fn step(&self) {
        self.add(1);
    }

    /// So many more.
    pub(super) fn add(&self, more: u64) {
        let before = self.bar.position() / TOLD_EVERY;
        self.bar.inc(more);
        let done = self.bar.position();
        if self.plain && done / TOLD_EVERY > before {
            eprintln!("{done}/{} {}", self.bar.length().unwrap_or(done), self.what);
        }
    }

    /// Writes to stdout without tearing the bar.
    pub(super) fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        self.bar.suspend(write)
    }

    /// Takes it away.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
