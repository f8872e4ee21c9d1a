//! The reader: from a file to its pages, in order.

use std::collections::{BTreeMap, HashMap};
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use guetteur_model::{Method, Page};
use tokio::sync::Mutex;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinSet;

use crate::boxes::{ReadPage, WordBox};
use crate::judge::{Verdict, Why, judge};
use crate::protocol::{Keep, Opened, PageRequest, Refusal, ScannedPage};
use crate::supervise::{Job, OcrTask, Outcome, recognise_all, scan_all};
use crate::{DocumentReport, READER_VERSION, ReadError, ReadOptions, sniff};

/// Bytes looked at for the end mark: rubbish after it is common.
const TAIL: u64 = 8192;

/// Reads PDFs. Cheap to make and to clone; several files may be read at the same time.
#[derive(Debug, Clone)]
pub struct Reader {
    options: ReadOptions,
}

impl Reader {
    /// A reader with these options.
    #[must_use]
    pub fn new(options: ReadOptions) -> Self {
        Self { options }
    }

    /// Reads a file and hands over each page in order, as soon as it and those before it are
    /// ready. A page that cannot be read is handed over too ([`Method::Failed`], its note says
    /// why). Dropping the future ends the children.
    ///
    /// # Errors
    /// [`ReadError`] if nothing of the document can be read.
    pub async fn read(
        &self,
        pdf: &Path,
        mut on_page: impl FnMut(&Page),
    ) -> Result<DocumentReport, ReadError> {
        self.read_with_boxes(pdf, |page, _| on_page(page)).await
    }

    /// As [`Reader::read`], with each page's words in reading order and their places, if
    /// [`ReadOptions::boxes`] asks for them. There are none where a second engine read the page,
    /// which does not tell places.
    ///
    /// # Errors
    /// As [`Reader::read`].
    pub async fn read_with_boxes(
        &self,
        pdf: &Path,
        mut on_page: impl FnMut(&Page, &[WordBox]),
    ) -> Result<DocumentReport, ReadError> {
        let start = Instant::now();
        let complete = check(pdf, self.options.limits.file_bytes)?;
        let mut reading = Reading::start(pdf.to_owned(), &self.options);
        let deadline = tokio::time::Instant::now() + self.options.limits.document;
        while !reading.is_done() {
            match tokio::time::timeout_at(deadline, reading.outcomes.recv()).await {
                Ok(Some(outcome)) => reading.take(outcome)?,
                Ok(None) => reading.give_up(reading.next, "lecture interrompue"),
                Err(_) if reading.opened.is_none() => {
                    let limit = self.options.limits.document.as_secs();
                    let why = format!("ouverture : plus de {limit} s");
                    return Err(ReadError::Unreadable { path: pdf.to_owned(), why });
                }
                Err(_) => {
                    let limit = self.options.limits.document.as_secs();
                    reading.give_up(reading.next, &format!("document : plus de {limit} s"));
                }
            }
            reading.emit(&mut on_page);
        }
        Ok(reading.report(complete, start))
    }
}

/// Looks at both ends of the file; true if it carries its end mark.
fn check(pdf: &Path, limit: u64) -> Result<bool, ReadError> {
    let path = || pdf.to_owned();
    let open = |source| ReadError::Open { path: path(), source };
    let mut file = std::fs::File::open(pdf).map_err(open)?;
    let bytes = file.metadata().map_err(open)?.len();
    if bytes == 0 {
        return Err(ReadError::Empty { path: path() });
    }
    let mut head = Vec::new();
    file.by_ref().take(2048).read_to_end(&mut head).map_err(open)?;
    if let Some(what) = sniff::not_a_pdf(&head) {
        return Err(ReadError::NotPdf { path: path(), what });
    }
    if bytes > limit {
        return Err(ReadError::TooBig { path: path(), bytes, limit });
    }
    file.seek(SeekFrom::Start(bytes.saturating_sub(TAIL))).map_err(open)?;
    let mut tail = Vec::new();
    file.read_to_end(&mut tail).map_err(open)?;
    Ok(sniff::is_complete(&tail))
}

/// One document on its way.
struct Reading {
    path: PathBuf,
    options: ReadOptions,
    outcomes: UnboundedReceiver<Outcome>,
    /// For OCR workers that are still to be started.
    sender: UnboundedSender<Outcome>,
    job: Arc<Job>,
    ocr: UnboundedSender<OcrTask>,
    ocr_queue: Arc<Mutex<UnboundedReceiver<OcrTask>>>,
    ocr_pages: usize,
    ocr_workers: usize,
    tasks: JoinSet<()>,
    opened: Option<Opened>,
    last: u32,
    /// Next page to hand over.
    next: u32,
    ready: BTreeMap<u32, ReadPage>,
    /// Scanned pages that are being recognised, with the reason.
    recognising: HashMap<u32, (ScannedPage, Why)>,
    /// Short pages that wait for a longer one to tell about the document's fonts.
    undecided: Vec<ScannedPage>,
    noisy: u32,
    clean: u32,
    given_up: bool,
    report: DocumentReport,
}

impl Reading {
    fn start(path: PathBuf, options: &ReadOptions) -> Self {
        let job = Arc::new(Job::new(path.clone(), options.clone()));
        let (sender, outcomes) = unbounded_channel();
        let (ocr, ocr_queue) = unbounded_channel();
        let mut tasks = JoinSet::new();
        tasks.spawn(scan_all(Arc::clone(&job), sender.clone()));
        Self {
            path,
            options: options.clone(),
            outcomes,
            sender,
            job,
            ocr,
            ocr_queue: Arc::new(Mutex::new(ocr_queue)),
            ocr_pages: 0,
            ocr_workers: 0,
            tasks,
            opened: None,
            last: 0,
            next: 1,
            ready: BTreeMap::new(),
            recognising: HashMap::new(),
            undecided: Vec::new(),
            noisy: 0,
            clean: 0,
            given_up: false,
            report: DocumentReport { reader_version: READER_VERSION, ..DocumentReport::default() },
        }
    }

    fn is_done(&self) -> bool {
        self.opened.is_some() && self.next > self.last
    }

    fn take(&mut self, outcome: Outcome) -> Result<(), ReadError> {
        match outcome {
            Outcome::Opened(opened) => {
                self.last = opened.pages.min(self.options.limits.pages);
                self.opened = Some(opened);
            }
            Outcome::Refused(refusal) => return self.refused(refusal),
            Outcome::NotStarted { command, source } => {
                return Err(ReadError::Child { command, source });
            }
            Outcome::Scanned(page) => self.scanned(page),
            Outcome::Failed { page, why } => self.failed(page, why, None),
            Outcome::OcrFailed { page, why } => {
                let scanned = self.recognising.remove(&page);
                self.failed(page, why, scanned);
            }
            Outcome::Recognised(page) => self.recognised(page),
            Outcome::GivenUp { from, why } => self.give_up(from, &why),
            Outcome::ScanDone => {
                self.decide_undecided();
                // Whatever the scan did not tell will not come.
                let told = |n: &u32| self.ready.contains_key(n) || self.recognising.contains_key(n);
                let missing: Vec<u32> = (self.next..=self.last).filter(|n| !told(n)).collect();
                for page in missing {
                    self.failed(page, format!("page {page} : absente"), None);
                }
            }
        }
        Ok(())
    }

    fn refused(&mut self, refusal: Refusal) -> Result<(), ReadError> {
        let path = self.path.clone();
        match refusal {
            _ if self.opened.is_some() => self.give_up(self.next, "fichier illisible"),
            Refusal::Password => return Err(ReadError::Password { path }),
            Refusal::Invalid(why) => return Err(ReadError::Unreadable { path, why }),
        }
        Ok(())
    }

    fn scanned(&mut self, page: ScannedPage) {
        if page.stats.waits_for_document() {
            self.undecided.push(page);
            return;
        }
        match page.stats.is_noise() {
            None => {}
            Some(true) => self.noisy += 1,
            Some(false) => self.clean += 1,
        }
        let tells = page.stats.is_noise().is_some();
        self.decide(page);
        if tells {
            self.decide_undecided();
        }
    }

    fn decide_undecided(&mut self) {
        for page in std::mem::take(&mut self.undecided) {
            self.decide(page);
        }
    }

    fn decide(&mut self, page: ScannedPage) {
        match judge(&page.stats, self.options.ocr, self.noisy > self.clean) {
            Verdict::Text => self.ready(page.into_text_page(Method::Text)),
            Verdict::Empty => self.ready(page.into_text_page(Method::Empty)),
            Verdict::Ocr(why) => {
                let task = PageRequest { page: page.page, keep: why.keep() };
                self.recognising.insert(page.page, (page, why));
                self.ocr_pages += 1;
                self.start_ocr_worker();
                // The receiver lives in `self`.
                let _ = self.ocr.send(task);
            }
        }
    }

    fn start_ocr_worker(&mut self) {
        if self.ocr_workers < self.options.jobs.max(1).min(self.ocr_pages) {
            self.ocr_workers += 1;
            let queue = Arc::clone(&self.ocr_queue);
            self.tasks.spawn(recognise_all(Arc::clone(&self.job), queue, self.sender.clone()));
        }
    }

    fn recognised(&mut self, mut read: ReadPage) {
        let page = &mut read.page;
        let Some((scanned, why)) = self.recognising.remove(&page.number) else { return };
        page.ms += scanned.ms;
        let lost = page.method == Method::Empty
            && scanned.stats.chars > 0
            && !matches!(why.keep(), Keep::Nothing);
        if lost {
            // OCR saw nothing, the file has a few words: these are the page.
            return self.ready(scanned.into_text_page(Method::Text));
        }
        if page.note.is_none() && page.method != Method::Empty {
            page.note = Some(why.sentence().to_owned());
        }
        self.ready(read);
    }

    /// A page that failed keeps what good text it has.
    fn failed(&mut self, number: u32, why: String, scanned: Option<(ScannedPage, Why)>) {
        let kept = scanned.filter(|(_, why)| *why != Why::Noise);
        let (text, words, ms) =
            kept.map_or_else(Default::default, |(page, _)| (page.text, page.words, page.ms));
        let note = Some(why);
        let page = Page { number, method: Method::Failed, text, confidence: 0.0, ms, note };
        self.ready(ReadPage { page, words });
    }

    fn ready(&mut self, read: ReadPage) {
        self.ready.insert(read.page.number, read);
    }

    fn give_up(&mut self, from: u32, why: &str) {
        self.decide_undecided();
        self.report.notes.push(format!("lecture abandonnée : {why}"));
        self.given_up = true;
        self.last = self.last.max(self.next);
        if self.opened.is_none() {
            self.opened = Some(Opened::default());
            self.last = 0;
        }
        for page in from..=self.last {
            if !self.ready.contains_key(&page) {
                let scanned = self.recognising.remove(&page);
                self.failed(page, format!("page {page} : {why}"), scanned);
            }
        }
    }

    fn emit(&mut self, on_page: &mut impl FnMut(&Page, &[WordBox])) {
        while let Some(ReadPage { page, words }) = self.ready.remove(&self.next) {
            self.report.methods.add(&page);
            tracing::debug!(page = page.number, method = %page.method, ms = page.ms, "page read");
            on_page(&page, &words);
            self.next += 1;
        }
    }

    fn report(mut self, complete: bool, start: Instant) -> DocumentReport {
        let opened = self.opened.take().unwrap_or_default();
        let mut report = self.report;
        let left_out = opened.pages.saturating_sub(self.options.limits.pages);
        report.pages = opened.pages;
        report.encrypted = opened.encrypted;
        report.embedded_files = opened.embedded_files;
        report.xfa = opened.xfa;
        report.partial = !complete || left_out > 0 || self.given_up;
        let notes = [
            (!complete).then(|| "fichier tronqué : la fin manque".to_owned()),
            (left_out > 0).then(|| {
                format!("{left_out} pages non lues : plus de {}", self.options.limits.pages)
            }),
            opened.encrypted.then(|| "chiffré, mais lisible sans mot de passe".to_owned()),
            (opened.embedded_files > 0).then(|| {
                format!("{} fichier(s) joint(s) dans le PDF, non lu(s)", opened.embedded_files)
            }),
            opened.xfa.then(|| "formulaire XFA : son texte peut manquer".to_owned()),
            opened.fallback.map(|engine| format!("structure abîmée : lu par {engine}")),
        ];
        report.notes.extend(notes.into_iter().flatten());
        report.ms = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
        report
    }
}
