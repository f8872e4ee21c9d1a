//! `/acte/{id}.zip`: the evidence of an act in one file.

use axum::response::Response;
use guetteur_publish::export::bundle::Bundle;
use guetteur_store::ActView;

use super::provenance::citation;
use crate::error::WebError;
use crate::state::AppState;
use crate::streaming::{ChannelWriter, streamed};

/// The evidence of the act in one file.
pub(super) async fn bundle(state: &AppState, view: ActView) -> Result<Response, WebError> {
    let name = format!("guetteur-acte-{}.zip", view.record.id);
    let bundle = bundle_of(state, view, true).await?;
    Ok(streamed(&name, "application/zip", async move |sender| {
        let writing = move || bundle.write(ChannelWriter::new(sender, Vec::new()));
        tokio::task::spawn_blocking(writing).await.map_err(std::io::Error::other)?
    }))
}

/// The evidence of the act, its PDF proven where it is to be `with_pdf`.
pub(crate) async fn bundle_of(
    state: &AppState,
    view: ActView,
    with_pdf: bool,
) -> Result<Bundle, WebError> {
    let sha = view.record.document;
    let pdf = if with_pdf { Some(state.catalogue.archive.file(sha).await?) } else { None };
    let text = state.catalogue.store.act_text(view.record.id).await?;
    let versions = state.catalogue.store.bulletin_versions(view.bulletin.id).await?;
    let act = state.catalogue.publish_one(view.record).await?;
    Ok(Bundle {
        act: serde_json::to_value(act.to_json(&state.catalogue.site.base_url)).unwrap_or_default(),
        text,
        versions,
        pdf: (sha, pdf),
        citation: citation(&act, &state.catalogue.site),
        made_at: state.catalogue.now(),
    })
}
