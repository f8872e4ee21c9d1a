//! Stage 2: the pages of a bulletin's PDF.

use guetteur_model::{Method, Page};
use guetteur_read::{DocumentReport, READER_VERSION, Reader};
use guetteur_store::{BulletinRow, ClaimedBulletin, DocumentStatus, ReadRecord};

use super::budget::OcrBudget;
use super::retry::Remedy;
use super::worker::StageFailure;
use crate::app::App;

/// What reading gave.
pub(super) enum ReadOutcome {
    /// Another bulletin's PDF was the same, and has been read.
    AlreadyRead,
    /// The pages.
    Pages(Vec<Page>, DocumentReport),
}

/// Reads the PDF of `bulletin`; `on_page` hears of each page.
pub(super) async fn read(
    app: &App,
    reader: &Reader,
    budget: &OcrBudget,
    bulletin: &BulletinRow,
    on_page: impl FnMut(&Page) + Send,
) -> anyhow::Result<Result<ReadOutcome, StageFailure>> {
    let Some(sha256) = bulletin.document else {
        anyhow::bail!("recueil {} : marqué récupéré sans document", bulletin.id);
    };
    let known = app.store.document(sha256).await?;
    let current = reader_version();
    if known.is_some_and(|document| document.reader_version.as_deref() == Some(&current)) {
        return Ok(Ok(ReadOutcome::AlreadyRead));
    }
    let path = app.archive.path(sha256);
    let mut on_page = on_page;
    let mut pages = Vec::new();
    // Without budget only what needs no OCR is read.
    let wait = budget.exhausted(app.clock.now());
    let report = if wait.is_some() {
        reader.read_text_only(&path, |page, _| pages.push(page.clone())).await
    } else {
        let keep = |page: &Page| {
            on_page(page);
            pages.push(page.clone());
        };
        reader.read(&path, keep).await
    };
    if let (Some(wait), Ok(report)) = (wait, &report)
        && report.awaiting > 0
    {
        let message =
            format!("{} pages à reconnaître demain : budget du jour épuisé", report.awaiting);
        return Ok(Err(StageFailure { message, remedy: Remedy::PutOff(wait) }));
    }
    let recognised = pages.iter().filter(|p| matches!(p.method, Method::Ocr | Method::Both));
    budget.spend(recognised.count() as u32, app.clock.now());
    Ok(match report {
        Ok(report) => Ok(ReadOutcome::Pages(pages, report)),
        Err(error) => Err(StageFailure {
            remedy: if error.is_permanent() { Remedy::GiveUp } else { Remedy::Later(None) },
            // The archive's path says nothing to a reader of the site.
            message: error.to_string().replace(&format!("{} : ", path.display()), ""),
        }),
    })
}

/// Stores what was read.
pub(super) async fn store(
    app: &App,
    claim: &ClaimedBulletin,
    outcome: &ReadOutcome,
) -> anyhow::Result<()> {
    let now = app.clock.now();
    let ReadOutcome::Pages(pages, report) = outcome else {
        app.store.complete_read_with_stored_pages(claim, now).await?;
        return Ok(());
    };
    let failed = pages.iter().any(|page| page.method == Method::Failed);
    let partial = failed || report.partial || (pages.len() as u32) < report.pages;
    let note = report.notes.join(" ");
    let record = ReadRecord {
        pages,
        page_count: report.pages.max(pages.len() as u32),
        status: if partial { DocumentStatus::Partial } else { DocumentStatus::Read },
        note: (!note.is_empty()).then_some(note.as_str()),
        reader_version: &reader_version(),
    };
    app.store.complete_read(claim, &record, now).await?;
    Ok(())
}

/// The reader's version as stored.
pub(super) fn reader_version() -> String {
    READER_VERSION.to_string()
}
