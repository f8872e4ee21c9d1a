//! What `guetteur read` tells on stderr: how far it is, how fast, how long it will take, what was
//! recognised and why.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use guetteur_model::{Method, Page};
use guetteur_read::{DocumentReport, Reader};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::cli::time_left::about;

/// A page of OCR takes as long as this many of text.
const OCR_WEIGHT: u64 = 300;

pub(super) struct Progress {
    bar: ProgressBar,
    files: usize,
    begun: usize,
    start: Instant,
    total: Work,
    done: Work,
    /// Notes of the current file's pages, with their numbers.
    notes: BTreeMap<String, Vec<u32>>,
}

/// Pages, and how many of them need OCR.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Work {
    pages: u64,
    ocr: u64,
}

impl Work {
    fn weight(self) -> u64 {
        self.pages + (OCR_WEIGHT - 1) * self.ocr
    }
}

impl Progress {
    pub(super) fn new(files: usize) -> Self {
        let target = if std::io::stderr().is_terminal() {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(None, target);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed_precise} {msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self {
            bar,
            files,
            begun: 0,
            start: Instant::now(),
            total: Work::default(),
            done: Work::default(),
            notes: BTreeMap::new(),
        }
    }

    /// Counts the pages and those that need OCR, so that the time left can be told.
    pub(super) async fn survey(&mut self, reader: &Reader, files: &[PathBuf]) {
        for (i, file) in files.iter().enumerate() {
            self.bar.set_message(format!("inventaire {}/{}", i + 1, files.len()));
            // What cannot be read is told when its turn comes.
            if let Ok(report) = reader.read_text_only(file, |_, _| {}).await {
                self.total.pages += u64::from(report.pages);
                self.total.ocr += u64::from(report.awaiting);
            }
        }
        self.say(&format!(
            "{} fichiers, {} pages, dont {} à reconnaître",
            self.files, self.total.pages, self.total.ocr
        ));
        self.start = Instant::now();
    }

    pub(super) fn begin(&mut self, file: &Path) {
        self.begun += 1;
        self.notes.clear();
        self.show(file.display().to_string());
    }

    pub(super) fn page(&mut self, page: &Page) {
        self.done.pages += 1;
        self.done.ocr += u64::from(matches!(page.method, Method::Ocr | Method::Both));
        if let Some(note) = &page.note {
            // The page's number stands in the note of one that failed.
            let note = note.strip_prefix(&format!("page {} : ", page.number)).unwrap_or(note);
            self.notes.entry(note.to_owned()).or_default().push(page.number);
        }
        self.show(format!("page {}", page.number));
    }

    /// A file is read: what became of its pages, and why.
    pub(super) fn file(&mut self, file: &Path, report: &DocumentReport) {
        let m = report.methods;
        let seconds = Duration::from_millis(report.ms).as_secs_f64();
        self.say(&format!(
            "{} : {} pages en {} s ({}) : {} texte, {} OCR, {} texte et OCR, \
             {} sans mots, {} en échec",
            file.display(),
            report.pages,
            decimal(seconds),
            speed(u64::from(report.pages), seconds),
            m.text,
            m.ocr,
            m.both,
            m.empty,
            m.failed,
        ));
        for (note, pages) in std::mem::take(&mut self.notes) {
            self.say(&format!("  {} : {note}", ranges(&pages)));
        }
        for note in &report.notes {
            self.say(&format!("  {note}"));
        }
    }

    /// A line above the bar.
    pub(super) fn say(&self, line: &str) {
        self.bar.suspend(|| eprintln!("{line}"));
    }

    pub(super) fn end(&self) {
        self.bar.finish_and_clear();
        if self.files > 1 {
            let seconds = self.start.elapsed().as_secs_f64();
            self.say(&format!(
                "{} fichiers, {} pages, dont {} reconnues, en {} s ({})",
                self.files,
                self.done.pages,
                self.done.ocr,
                decimal(seconds),
                speed(self.done.pages, seconds)
            ));
        }
    }

    fn show(&self, at: String) {
        let elapsed = self.start.elapsed();
        let left = time_left(self.total, self.done, elapsed)
            .map(|left| format!(" · reste {}", about(left)))
            .unwrap_or_default();
        self.bar.set_message(format!(
            "fichier {}/{} · {} pages ({}) · {} reconnues{left} · {at}",
            self.begun,
            self.files,
            self.done.pages,
            speed(self.done.pages, elapsed.as_secs_f64()),
            self.done.ocr,
        ));
    }
}

/// From what was done so far; `None` without a survey, or before there is anything to judge by.
fn time_left(total: Work, done: Work, elapsed: Duration) -> Option<Duration> {
    let (total, done) = (total.weight(), done.weight());
    let enough = done >= OCR_WEIGHT || 10 * done >= total;
    (enough && done > 0 && total > done)
        .then(|| elapsed.mul_f64((total - done) as f64 / done as f64))
}

fn speed(pages: u64, seconds: f64) -> String {
    let rate = pages as f64 / seconds.max(1e-3);
    if rate < 10.0 { format!("{} page/s", decimal(rate)) } else { format!("{rate:.0} page/s") }
}

fn decimal(number: f64) -> String {
    format!("{number:.1}").replace('.', ",")
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
    fn the_time_left_is_told_from_the_pages_that_take_time() {
        let total = Work { pages: 100, ocr: 20 };
        let done = Work { pages: 55, ocr: 5 };
        let left = time_left(total, done, Duration::from_secs(5)).expect("known");
        assert!((14..=16).contains(&left.as_secs()), "{left:?}");
        assert_eq!(time_left(total, Work { pages: 1, ocr: 0 }, Duration::from_secs(5)), None);
        assert_eq!(time_left(Work::default(), done, Duration::from_secs(5)), None, "no survey");
    }

    #[test]
    fn speeds_and_pages_are_said_shortly() {
        assert_eq!(speed(3, 2.0), "1,5 page/s");
        assert_eq!(speed(130, 0.1), "1300 page/s");
        assert_eq!(ranges(&[4]), "page 4");
        assert_eq!(ranges(&[1, 2, 3, 7]), "pages 1-3, 7");
    }
}
