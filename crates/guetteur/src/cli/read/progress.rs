//! What `guetteur read` tells on stderr: how far it is, how fast, how long it will take, what was
//! recognised and why.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use guetteur_model::Page;
use guetteur_read::{DocumentReport, ReadError, Reader};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use super::advice;
use super::estimate::{Told, Work, time_left};
use super::tally::{Tally, note};
use crate::cli::words::{about, count, decimal};

/// Where there is no terminal, a line in a log so often.
const PLAIN_EVERY: Duration = Duration::from_secs(60);

pub(super) struct Progress {
    bar: ProgressBar,
    told: Arc<Mutex<Option<Told>>>,
    is_terminal: bool,
    plain_at: Instant,
    /// Pages recognised at once.
    jobs: usize,
    start: Instant,
    /// What each file needs, where they were counted.
    survey: Vec<Work>,
    files: usize,
    begun: usize,
    all: Tally,
    file: Tally,
    /// Notes of the current file's pages, with their numbers.
    notes: BTreeMap<String, Vec<u32>>,
    unreadable: Vec<String>,
}

impl Progress {
    pub(super) fn new(files: usize, jobs: usize) -> Self {
        let is_terminal = std::io::stderr().is_terminal();
        let target =
            if is_terminal { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let told = Arc::new(Mutex::new(None));
        let bar = ProgressBar::with_draw_target(None, target);
        if let Ok(style) =
            ProgressStyle::with_template("{spinner} {elapsed_precise}{left} · {wide_msg}")
        {
            bar.set_style(style.with_key("left", left(Arc::clone(&told))));
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self {
            bar,
            told,
            is_terminal,
            plain_at: Instant::now(),
            jobs,
            start: Instant::now(),
            survey: Vec::new(),
            files,
            begun: 0,
            all: Tally::default(),
            file: Tally::default(),
            notes: BTreeMap::new(),
            unreadable: Vec::new(),
        }
    }

    /// Counts the pages and those that need OCR, so that the time left can be told. Gives why files
    /// cannot be read, in their order.
    pub(super) async fn survey(
        &mut self,
        reader: &Reader,
        files: &[PathBuf],
    ) -> Vec<Option<ReadError>> {
        let mut errors = Vec::new();
        for (i, file) in files.iter().enumerate() {
            self.bar.set_message(format!("inventaire {}/{}", i + 1, files.len()));
            let counted = reader.read_text_only(file, |_, _| {}).await;
            self.survey.push(counted.as_ref().map_or(Work::default(), Work::of));
            errors.push(counted.err());
        }
        let total = self.total();
        let left = time_left(total, Work::default(), Duration::ZERO, self.jobs);
        self.say(&format!(
            "{}, {}, dont {} à reconnaître{}",
            count(self.files as u64, "fichier", "fichiers"),
            count(total.pages, "page", "pages"),
            total.ocr,
            left.map(|left| format!(" : {}", about(left))).unwrap_or_default(),
        ));
        self.start = Instant::now();
        self.bar.reset_elapsed();
        errors
    }

    pub(super) fn begin(&mut self, file: &Path) {
        self.begun += 1;
        self.file = Tally::default();
        self.notes.clear();
        self.show(&file.display().to_string());
    }

    pub(super) fn page(&mut self, page: &Page) {
        self.all.add(page);
        self.file.add(page);
        if let Some(note) = note(page) {
            self.notes.entry(note.to_owned()).or_default().push(page.number);
        }
        self.show(&format!("page {}", page.number));
    }

    /// A file is read: what became of its pages, and why.
    pub(super) fn file(&mut self, file: &Path, report: &DocumentReport) {
        let pages = u64::from(report.pages);
        let seconds = Duration::from_millis(report.ms).as_secs_f64();
        self.say(&format!(
            "{} : {} en {} s ({}) : {}",
            file.display(),
            count(pages, "page", "pages"),
            decimal(seconds),
            speed(pages, seconds),
            self.file.methods(),
        ));
        for (note, pages) in std::mem::take(&mut self.notes) {
            self.say(&format!("  {} : {note}", ranges(&pages)));
        }
        for note in &report.notes {
            self.say(&format!("  {note}"));
        }
    }

    /// A file cannot be read.
    pub(super) fn unreadable(&mut self, file: &Path, error: &ReadError) {
        let why = advice::told(file, error);
        self.say(&why);
        self.unreadable.push(why);
    }

    /// Files that could not be read.
    pub(super) fn unreadable_count(&self) -> u64 {
        self.unreadable.len() as u64
    }

    /// A line above the bar.
    pub(super) fn say(&self, line: &str) {
        self.apart(|| eprintln!("{line}"));
    }

    /// Writes while the bar is out of the way.
    pub(super) fn apart<T>(&self, write: impl FnOnce() -> T) -> T {
        self.bar.suspend(write)
    }

    /// Sums up several files.
    pub(super) fn sum_up(&self) {
        self.bar.finish_and_clear();
        let seconds = self.start.elapsed().as_secs_f64();
        self.say(&format!(
            "{}, {} en {} s ({}) : {}",
            count(self.files as u64, "fichier", "fichiers"),
            count(self.all.pages(), "page", "pages"),
            decimal(seconds),
            speed(self.all.pages(), seconds),
            self.all.methods(),
        ));
        for reason in self.all.reasons() {
            self.say(&format!("  {reason}"));
        }
        if !self.unreadable.is_empty() {
            let files = self.unreadable_count();
            self.say(&count(files, "fichier illisible :", "fichiers illisibles :"));
            for why in &self.unreadable {
                self.say(&format!("  {why}"));
            }
        }
    }

    pub(super) fn end(&self) {
        self.bar.finish_and_clear();
    }

    fn total(&self) -> Work {
        self.survey.iter().copied().fold(Work::default(), Work::plus)
    }

    /// Files that are behind us count as they were surveyed, whatever became of them.
    fn done(&self) -> Work {
        let behind = self.survey.iter().take(self.begun.saturating_sub(1)).copied();
        let current = Work { pages: self.file.pages(), ocr: self.file.recognised() };
        behind.fold(current, Work::plus)
    }

    fn show(&mut self, at: &str) {
        let elapsed = self.start.elapsed();
        let left = time_left(self.total(), self.done(), elapsed, self.jobs);
        *self.told.lock().unwrap_or_else(PoisonError::into_inner) = left.map(Told::now);
        let message = format!(
            "fichier {}/{} · {} ({}), {} · {at}",
            self.begun,
            self.files,
            count(self.all.pages(), "page", "pages"),
            speed(self.all.pages(), elapsed.as_secs_f64()),
            count(self.all.recognised(), "reconnue", "reconnues"),
        );
        if !self.is_terminal && self.plain_at.elapsed() >= PLAIN_EVERY {
            let left = left.map(|left| format!(" · reste {}", about(left))).unwrap_or_default();
            eprintln!("{message}{left}");
            self.plain_at = Instant::now();
        }
        self.bar.set_message(message);
    }
}

/// The bar's « · reste environ 12 min »: it is drawn more often than pages come.
fn left(
    told: Arc<Mutex<Option<Told>>>,
) -> impl Fn(&ProgressState, &mut dyn std::fmt::Write) + Clone + Send + Sync + 'static {
    move |_, out| {
        let told = *told.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(told) = told {
            let _ = write!(out, " · reste {}", about(told.left()));
        }
    }
}

fn speed(pages: u64, seconds: f64) -> String {
    let rate = pages as f64 / seconds.max(1e-3);
    if rate < 10.0 { format!("{} page/s", decimal(rate)) } else { format!("{rate:.0} pages/s") }
}

/// « pages 1-3, 7 ».
fn ranges(pages: &[u32]) -> String {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for page in pages {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == *page => *last = *page,
            _ => runs.push((*page, *page)),
        }
    }
    let one = |(a, b): &(u32, u32)| if a == b { a.to_string() } else { format!("{a}-{b}") };
    let runs: Vec<String> = runs.iter().map(one).collect();
    format!("{} {}", if pages.len() == 1 { "page" } else { "pages" }, runs.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speeds_and_pages_are_said_shortly() {
        assert_eq!(speed(3, 2.0), "1,5 page/s");
        assert_eq!(speed(130, 0.1), "1300 pages/s");
        assert_eq!(ranges(&[4]), "page 4");
        assert_eq!(ranges(&[1, 2, 3, 7]), "pages 1-3, 7");
    }
}
