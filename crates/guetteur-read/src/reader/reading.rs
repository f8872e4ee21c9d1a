//! One document on its way: what its children tell becomes pages in order.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use guetteur_model::{HiddenWords, Method, Page};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::JoinSet;

use super::later::Awaiting;
use super::stand_in;
use crate::boxes::{ReadPage, WordBox};
use crate::judge::{Verdict, Why, judge};
use crate::protocol::{Opened, Refusal, ScannedPage};
use crate::supervise::{Job, OcrPool, Outcome, scan_all};
use crate::{DocumentReport, ReadError, ReadOptions, Signature};

/// What is said of a file by a producer of wrong letters.
const WRONG_LETTERS: &str = "produit par Ghostscript 10.00, qui code mal certaines lettres : un tiret \
     peut s'y lire « 3 » ou « 4 »";
/// Letters from which hidden words are told: fewer are dots and dashes.
const HIDDEN_LETTERS: usize = 3;

/// What becomes of the pages that need OCR.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ocr {
    /// They are recognised before they are handed over.
    Now,
    /// They are handed over as the file itself gives them, and marked.
    Later,
}

/// One document on its way.
pub(super) struct Reading {
    options: ReadOptions,
    outcomes: UnboundedReceiver<Outcome>,
    ocr: Ocr,
    pool: OcrPool,
    /// Aborted with the reading: that ends its child.
    _scan: JoinSet<()>,
    opened: Option<Opened>,
    last: u32,
    /// Next page to hand over.
    next: u32,
    ready: BTreeMap<u32, ReadPage>,
    /// Pages that are being recognised.
    recognising: HashMap<u32, (Awaiting, Vec<WordBox>)>,
    /// Pages left for later that are not handed over yet.
    awaiting: HashMap<u32, Why>,
    /// Short pages that wait for a longer one to tell about the document's fonts.
    undecided: Vec<ScannedPage>,
    noisy: u32,
    clean: u32,
    given_up: bool,
    report: DocumentReport,
}

impl Reading {
    pub(super) fn start(path: PathBuf, options: &ReadOptions, ocr: Ocr) -> Self {
        let job = Arc::new(Job::new(path, options.clone()));
        let (sender, outcomes) = unbounded_channel();
        let mut scan = JoinSet::new();
        scan.spawn(scan_all(Arc::clone(&job), sender.clone()));
        Self {
            options: options.clone(),
            outcomes,
            ocr,
            pool: OcrPool::new(job, sender),
            _scan: scan,
            opened: None,
            last: 0,
            next: 1,
            ready: BTreeMap::new(),
            recognising: HashMap::new(),
            awaiting: HashMap::new(),
            undecided: Vec::new(),
            noisy: 0,
            clean: 0,
            given_up: false,
            report: DocumentReport::default(),
        }
    }

    pub(super) fn is_done(&self) -> bool {
        self.opened.is_some() && self.next > self.last
    }

    /// What the children tell next; `None` if there are no more.
    pub(super) async fn next(&mut self) -> Option<Outcome> {
        self.outcomes.recv().await
    }

    /// The document's time is over.
    pub(super) fn out_of_time(&mut self, limit: Duration) -> Result<(), ReadError> {
        let limit = limit.as_secs();
        if self.opened.is_none() {
            let why = format!("ouverture : plus de {limit} s");
            return Err(ReadError::Unreadable { why });
        }
        self.give_up_rest(&format!("document : plus de {limit} s"));
        Ok(())
    }

    pub(super) fn give_up_rest(&mut self, why: &str) {
        self.give_up(self.next, why);
    }

    pub(super) fn take(&mut self, outcome: Outcome) -> Result<(), ReadError> {
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
            Outcome::Failed { page, why } | Outcome::OcrFailed { page, why } => {
                self.failed(page, why);
            }
            Outcome::Recognised(page) => self.recognised(page),
            Outcome::GivenUp { from, why } => self.give_up(from, &why),
            Outcome::ScanDone => {
                self.decide_undecided();
                // Whatever the scan did not tell will not come.
                let told = |n: &u32| self.ready.contains_key(n) || self.recognising.contains_key(n);
                let missing: Vec<u32> = (self.next..=self.last).filter(|n| !told(n)).collect();
                for page in missing {
                    self.failed(page, format!("page {page} : absente"));
                }
            }
        }
        Ok(())
    }

    fn refused(&mut self, refusal: Refusal) -> Result<(), ReadError> {
        match refusal {
            _ if self.opened.is_some() => self.give_up_rest("fichier illisible"),
            Refusal::Password => return Err(ReadError::Password),
            Refusal::Invalid(why) => return Err(ReadError::Unreadable { why }),
        }
        Ok(())
    }

    fn scanned(&mut self, mut page: ScannedPage) {
        let text = std::mem::take(&mut page.hidden);
        if text.chars().filter(|c| c.is_alphanumeric()).count() >= HIDDEN_LETTERS {
            self.report.hidden.push(HiddenWords { page: page.page, text });
        }
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

    fn decide(&mut self, mut page: ScannedPage) {
        let opened = self.opened.as_ref();
        let stands_in = opened.and_then(|opened| stand_in::stands_in(&page.text, opened));
        if let Some(note) = stands_in {
            page.text.clear();
            page.words.clear();
            page.note = Some(note.to_owned());
            return self.ready(page.into_text_page(Method::Empty));
        }
        match judge(&page.stats, self.options.ocr, self.noisy > self.clean) {
            Verdict::Text => self.ready(page.into_text_page(Method::Text)),
            Verdict::Empty => self.ready(page.into_text_page(Method::Empty)),
            Verdict::Ocr(why) => {
                let (awaiting, words) = page.into_awaiting(why);
                match self.ocr {
                    Ocr::Now => {
                        self.pool.push(awaiting.request());
                        self.recognising.insert(awaiting.page.number, (awaiting, words));
                    }
                    Ocr::Later => {
                        self.report.awaiting += 1;
                        self.awaiting.insert(awaiting.page.number, why);
                        self.ready(ReadPage { page: awaiting.page, words });
                    }
                }
            }
        }
    }

    fn recognised(&mut self, read: ReadPage) {
        if let Some((awaiting, _)) = self.recognising.remove(&read.page.number) {
            self.ready(awaiting.recognised(read));
        }
    }

    /// A page that failed keeps what good text it has.
    fn failed(&mut self, number: u32, why: String) {
        let failed = match self.recognising.remove(&number) {
            Some((awaiting, words)) => ReadPage { page: awaiting.failed(why), words },
            None => ReadPage::from(Page {
                number,
                method: Method::Failed,
                text: String::new(),
                confidence: 0.0,
                ms: 0,
                note: Some(why),
            }),
        };
        self.ready(failed);
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
                self.failed(page, format!("page {page} : {why}"));
            }
        }
    }

    /// Hands over what is ready, in order.
    pub(super) fn emit(&mut self, on_page: &mut impl FnMut(&Page, &[WordBox], Option<Why>)) {
        while let Some(ReadPage { page, words }) = self.ready.remove(&self.next) {
            self.report.methods.add(&page);
            tracing::debug!(page = page.number, method = %page.method, ms = page.ms, "page read");
            on_page(&page, &words, self.awaiting.remove(&page.number));
            self.next += 1;
        }
    }

    pub(super) fn report(mut self, complete: bool, start: Instant) -> DocumentReport {
        let opened = self.opened.take().unwrap_or_default();
        let mut report = self.report;
        let left_out = opened.pages.saturating_sub(self.options.limits.pages);
        report.pages = opened.pages;
        report.encrypted = opened.encrypted;
        report.embedded_files = opened.embedded_files;
        report.xfa = opened.xfa;
        report.signatures = opened.signatures;
        report.times = opened.times;
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
            hidden_words(&report.hidden),
            opened.wrong_letters.then(|| WRONG_LETTERS.to_owned()),
            opened.fallback.map(|engine| format!("structure abîmée : lu par {engine}")),
        ];
        report.notes.extend(notes.into_iter().flatten());
        report.notes.extend(report.signatures.iter().map(signed));
        report.ms = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
        report
    }
}

fn signed(signature: &Signature) -> String {
    let name = signature.name.as_deref().map(|name| format!(" de {name}")).unwrap_or_default();
    let at = signature.signed_at.as_deref().map(|at| format!(", le {}", at.replace('T', " à ")));
    format!("signature électronique{name}{} (non vérifiée)", at.unwrap_or_default())
}

/// For the operator: the words themselves are told nowhere.
fn hidden_words(hidden: &[HiddenWords]) -> Option<String> {
    let words: usize = hidden.iter().map(HiddenWords::count).sum();
    let pages: Vec<String> = hidden.iter().map(|page| page.page.to_string()).collect();
    (words > 0).then(|| {
        format!(
            "ce PDF cache des mots ({words}, page(s) {}) sous un cache, en blanc ou hors de la \
             page : ils ne sont ni lus ni publiés",
            pages.join(", ")
        )
    })
}
