//! After the line: does the address of a bulletin still give the same PDF?

use guetteur_fetch::{Fetched as Answer, Validators};
use guetteur_model::FailureKind;
use guetteur_store::{ClaimedBulletin, Recheck};
use url::Url;

use super::fetch::record;
use crate::app::App;

/// Asks on condition that the PDF changed. Whatever goes wrong is no failure of the bulletin: what
/// we hold stays, and the next check comes.
pub(super) async fn recheck(app: &App, claim: &ClaimedBulletin) -> Recheck {
    let Ok(url) = Url::parse(&claim.bulletin.url) else { return Recheck::NoAnswer };
    let known = Validators { etag: claim.etag.clone(), last_modified: claim.last_modified.clone() };
    match app.client.download(&url, Some(&known), &app.archive).await {
        Ok(Answer::NotModified) => Recheck::NotModified,
        Ok(Answer::Got(download)) => Recheck::Got(record(download)),
        Err(error) if error.kind() == FailureKind::NotFound => Recheck::Gone,
        Err(error) => {
            let (bulletin, failure) = (&claim.bulletin, error.failure());
            tracing::info!(source = bulletin.source, bulletin = bulletin.id, %url, %failure, "recheck gave nothing");
            Recheck::NoAnswer
        }
    }
}
