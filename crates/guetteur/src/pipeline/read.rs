//! Stage 2: the pages of a bulletin's PDF.
//!
//! The file's own text is looked through at once, milliseconds a page. Where the sommaire announces
//! the acts, they are cut then, and the bulletin comes back for the pages that await OCR: those
//! that someone waits for before those of other bulletins, the rest when nothing else is to do.

use std::path::Path;

use guetteur_model::{
    Failure, FailureKind, FileTimes, HiddenWords, Page, ReaderVersions, Sha256, Stage, TracedPage,
};
use guetteur_read::versions::{Due, due, scanned, taking_over};
use guetteur_read::{Awaiting, DocumentReport, ReadError, Reader};
use guetteur_store::AnalysedAct;
use guetteur_store::{ClaimedBulletin, DocumentRow, OcrRank, ReadRecord};

use super::budget::OcrBudget;
use super::first_alerts::{announced, tell};
use super::ocr_order::{OcrOrder, ocr_order};
use super::recognise::{OcrHere, Stop, recognise};
use super::retry::Remedy;
use super::worker::StageFailure;
use crate::app::App;

/// What reading gave.
pub(super) enum ReadOutcome {
    /// Pages to be stored and cut into acts.
    Pages(Sheets, OcrRank),
    /// The rest of this bulletin waits: another came that is more urgent, or a machine that can
    /// recognise pages must take it.
    StepAside,
}

/// The pages of a document, and what is said of it as a whole.
#[derive(Clone)]
pub(super) struct Sheets {
    pub(super) pages: Vec<TracedPage>,
    page_count: u32,
    cut_short: bool,
    note: Option<String>,
    /// What the file hides; none but a scan finds it.
    hidden: Option<Vec<HiddenWords>>,
    /// When the file says that it was made; likewise.
    times: Option<FileTimes>,
}

impl Sheets {
    fn stored(document: DocumentRow, pages: Vec<TracedPage>) -> Self {
        Self {
            page_count: document.page_count.unwrap_or_default(),
            cut_short: document.cut_short,
            note: document.note,
            hidden: None,
            times: None,
            pages,
        }
    }

    fn fresh(report: DocumentReport, pages: Vec<TracedPage>) -> Self {
        let note = report.notes.join(" ");
        Self {
            page_count: report.pages.max(pages.len() as u32),
            cut_short: report.partial,
            note: (!note.is_empty()).then_some(note),
            hidden: Some(report.hidden),
            times: Some(report.times),
            pages,
        }
    }

    fn into_record(self, versions: ReaderVersions, ocr_rank: OcrRank) -> ReadRecord {
        ReadRecord {
            pages: self.pages,
            page_count: self.page_count,
            cut_short: self.cut_short,
            note: self.note,
            reader_version: versions.to_string(),
            ocr_rank,
            hidden: self.hidden,
            times: self.times,
        }
    }

    fn plain(&self) -> Vec<Page> {
        self.pages.iter().map(|traced| traced.page.clone()).collect()
    }
}

/// When the file's own text was looked through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scanned {
    /// When the bulletin was claimed before.
    Before,
    /// Now, for the first time.
    First,
    /// Now, for the version before is outdated.
    Again,
}

/// One bulletin being read.
pub(super) struct ReadTask<'a> {
    pub(super) app: &'a App,
    pub(super) reader: &'a Reader,
    /// Pages recognised at once.
    pub(super) jobs: usize,
    pub(super) budget: OcrBudget,
    pub(super) ocr_here: &'a OcrHere,
    /// Sources whose more urgent pages the rest of this bulletin gives way to; all if `None`.
    pub(super) scope: Option<&'a [String]>,
    pub(super) claim: &'a ClaimedBulletin,
    pub(super) document: Sha256,
    /// Hears of each page that is read.
    pub(super) on_page: &'a (dyn Fn(&Page) + Send + Sync),
    /// Hears how many first alerts were raised.
    pub(super) on_told: &'a (dyn Fn(usize) + Send + Sync),
}

impl ReadTask<'_> {
    /// Does what is to do next for the bulletin's PDF.
    pub(super) async fn read(&self) -> anyhow::Result<Result<ReadOutcome, StageFailure>> {
        let pdf = match self.app.archive.file(self.document).await {
            Ok(pdf) => pdf,
            // Ours to mend, whatever it is: the bulletin is not to blame.
            Err(error) => {
                let failure = Failure::new(FailureKind::Machine, error);
                return Ok(Err(StageFailure::of(Stage::Fetched, failure, None)));
            }
        };
        let stored = self.app.store.traced_pages(self.document).await?;
        let known = self.app.store.document(self.document).await?;
        let known = known.filter(|document| document.reader_version.is_some());
        let is_first = known.is_none();
        let needs_scan = stored.iter().any(|traced| self.due(traced) == Due::Scan);
        let (sheets, scanned) = match known {
            Some(document) if !needs_scan => (Sheets::stored(document, stored), Scanned::Before),
            _ => match self.scan(pdf.path(), stored).await {
                Ok(sheets) if is_first => (sheets, Scanned::First),
                Ok(sheets) => (sheets, Scanned::Again),
                Err(error) => return Ok(Err(failure(&error))),
            },
        };
        self.recognise_next(pdf.path(), sheets, scanned).await
    }

    /// Recognises what is next, until there is something new to cut.
    async fn recognise_next(
        &self,
        pdf: &Path,
        mut sheets: Sheets,
        scanned: Scanned,
    ) -> anyhow::Result<Result<ReadOutcome, StageFailure>> {
        let mut announced = self.announced(&sheets).await?;
        if scanned != Scanned::Before {
            // Usually told while this bulletin waited; but it may have been claimed at once.
            let bulletin = &self.claim.bulletin;
            (self.on_told)(tell(self.app, bulletin, self.document, &announced).await?);
        }
        // An earlier try may have come far enough to tell the acts, and been interrupted then.
        let was_cut = self.claim.bulletin.rules_version.is_some();
        let mut has_changed = scanned != Scanned::Before || !was_cut;
        loop {
            let OcrOrder { urgent, rest } = ocr_order(self.awaiting(&sheets), &announced);
            let rank = match (urgent.is_empty(), rest.is_empty()) {
                (true, true) => OcrRank::Nothing,
                (true, false) => OcrRank::Rest,
                (false, _) => OcrRank::Urgent,
            };
            // Acts that nothing announces are cut only when all their pages are read.
            if rank == OcrRank::Nothing || (has_changed && !announced.is_empty()) {
                return Ok(Ok(ReadOutcome::Pages(sheets, rank)));
            }
            self.rank(&sheets, rank, scanned).await?;
            let queue = if urgent.is_empty() { rest } else { urgent };
            let awaited = self.awaiting(&sheets).len();
            let stop = recognise(self, pdf, rank, queue, &mut sheets.pages).await?;
            announced = self.announced(&sheets).await?;
            has_changed = self.awaiting(&sheets).len() < awaited;
            if has_changed && !announced.is_empty() {
                // Whatever stopped it: an alert may stand in what is recognised.
                continue;
            }
            match stop {
                Stop::Done => {}
                Stop::StepAside => return Ok(Ok(ReadOutcome::StepAside)),
                Stop::PutOff(failure, wait) => {
                    return Ok(Err(StageFailure { failure, remedy: Remedy::PutOff(wait) }));
                }
                Stop::Failed(error) => return Ok(Err(failure(&error))),
            }
        }
    }

    async fn announced(&self, sheets: &Sheets) -> anyhow::Result<Vec<AnalysedAct>> {
        Ok(announced(self.app, &self.claim.bulletin, sheets.plain()).await?.acts)
    }

    /// Says what OCR has left to do. A first scan is stored with it: no act was cut from these pages
    /// yet, so that none can come to differ from them.
    async fn rank(&self, sheets: &Sheets, rank: OcrRank, scanned: Scanned) -> anyhow::Result<()> {
        let store = &self.app.store;
        match scanned {
            Scanned::First => {
                let record = sheets.clone().into_record(self.app.reader_versions, rank);
                store.keep_scanned(self.claim, &record).await?;
            }
            Scanned::Before | Scanned::Again => store.rank_reading(self.claim, rank).await?,
        }
        Ok(())
    }

    /// Looks through the file's own text; what was recognised before stays where it still holds.
    async fn scan(&self, pdf: &Path, stored: Vec<TracedPage>) -> Result<Sheets, ReadError> {
        let versions = self.app.reader_versions;
        let mut fresh = Vec::new();
        let report = self
            .reader
            .read_text_only(pdf, |page, awaits| {
                if awaits.is_none() {
                    (self.on_page)(page);
                }
                fresh.push(TracedPage { page: page.clone(), origin: scanned(versions, awaits) });
            })
            .await?;
        Ok(Sheets::fresh(report, taking_over(stored, fresh, versions)))
    }

    fn due(&self, traced: &TracedPage) -> Due {
        due(&traced.origin, self.app.reader_versions)
    }

    fn awaiting(&self, sheets: &Sheets) -> Vec<Awaiting> {
        let awaits = |traced: &TracedPage| match self.due(traced) {
            Due::Recognise(why) => Some(Awaiting { page: traced.page.clone(), why }),
            Due::Nothing | Due::Scan => None,
        };
        sheets.pages.iter().filter_map(awaits).collect()
    }
}

fn failure(error: &ReadError) -> StageFailure {
    StageFailure::of(Stage::Fetched, error.failure(), None)
}

/// Stores what was read. Gives whether all pages of the bulletin are read.
pub(super) async fn store(
    app: &App,
    claim: &ClaimedBulletin,
    outcome: ReadOutcome,
) -> anyhow::Result<bool> {
    let (sheets, ocr_rank) = match outcome {
        ReadOutcome::StepAside => {
            app.store.release(claim).await?;
            return Ok(false);
        }
        ReadOutcome::Pages(sheets, ocr_rank) => (sheets, ocr_rank),
    };
    let record = sheets.into_record(app.reader_versions, ocr_rank);
    app.store.complete_read(claim, &record, app.clock.now()).await?;
    Ok(ocr_rank == OcrRank::Nothing)
}
