//! Stage 1: the PDF of a bulletin comes into the archive.

use guetteur_fetch::{Download, Fetched as Answer};
use guetteur_model::{Failure, FailureKind, Stage};
use guetteur_store::{BulletinRow, ClaimedBulletin, FetchRecord, Fetched};
use url::Url;

use super::worker::StageFailure;
use crate::app::App;

/// Fetches the PDF of `bulletin`.
pub(super) async fn fetch(app: &App, bulletin: &BulletinRow) -> Result<FetchRecord, StageFailure> {
    let Ok(url) = Url::parse(&bulletin.url) else {
        return Err(StageFailure::of(Stage::Found, FailureKind::Inward.into(), None));
    };
    // No condition is sent: without a PDF in hand a 304 would teach nothing.
    match app.client.download(&url, None, &app.archive).await {
        Ok(Answer::Got(download)) => Ok(record(download)),
        Ok(Answer::NotModified) => {
            Err(StageFailure::of(Stage::Found, Failure::of_status(304), None))
        }
        Err(error) => Err(StageFailure::of(Stage::Found, error.failure(), error.retry_after())),
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
