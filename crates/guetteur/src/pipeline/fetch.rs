//! Stage 1: the PDF of a bulletin comes into the archive.

use guetteur_fetch::{Download, FetchError, Fetched as Answer};
use guetteur_store::{BulletinRow, ClaimedBulletin, FetchRecord, Fetched};
use url::Url;

use super::retry::Remedy;
use super::worker::StageFailure;
use crate::app::App;

/// Fetches the PDF of `bulletin`.
pub(super) async fn fetch(app: &App, bulletin: &BulletinRow) -> Result<FetchRecord, StageFailure> {
    let url = Url::parse(&bulletin.url).map_err(|error| StageFailure {
        message: format!("adresse illisible : {} ({error})", bulletin.url),
        remedy: Remedy::GiveUp,
    })?;
    // No condition is sent: without a PDF in hand a 304 would teach nothing.
    match app.client.download(&url, None, &app.archive).await {
        Ok(Answer::Got(download)) => Ok(record(download)),
        Ok(Answer::NotModified) => Err(StageFailure {
            message: format!("réponse inattendue (304) : {url}"),
            remedy: Remedy::Later(None),
        }),
        Err(error) => Err(failure(&error)),
    }
}

/// Stores what came.
pub(super) async fn store(
    app: &App,
    claim: &ClaimedBulletin,
    record: &FetchRecord,
) -> anyhow::Result<Fetched> {
    Ok(app.store.complete_fetch(claim, record, app.clock.now()).await?)
}

pub(super) fn record(download: Download) -> FetchRecord {
    FetchRecord {
        sha256: download.sha256,
        size_bytes: download.size,
        final_url: download.url.into(),
        http_status: download.status,
        etag: download.validators.etag,
        last_modified: download.validators.last_modified,
    }
}

fn failure(error: &FetchError) -> StageFailure {
    let remedy = match error {
        // An error page in place of the PDF, a link ahead of its file: it may come yet.
        FetchError::NotPdf { .. }
        | FetchError::NotFound { .. }
        | FetchError::Redirects { .. }
        | FetchError::Status { .. } => Remedy::Later(None),
        FetchError::Resting { wait, .. } => Remedy::PutOff(*wait),
        error if error.is_temporary() => Remedy::Later(error.retry_after()),
        _ => Remedy::GiveUp,
    };
    StageFailure { message: error.to_string(), remedy }
}
