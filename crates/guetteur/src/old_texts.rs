//! Texts of pages that were read before texts were packed: packed in batches, beside the work.

use anyhow::Result;
use guetteur_store::Store;
use tokio_util::sync::CancellationToken;

/// Documents of one batch.
const BATCH: u32 = 20;

/// Packs all that is left, telling `see` how many documents more are done. Stopped, it goes on from
/// there the next time. Gives how many there were.
///
/// # Errors
/// When the database fails.
pub async fn pack_all(store: &Store, mut see: impl FnMut(u64)) -> Result<u64> {
    let (mut packed, mut last) = (0, None);
    loop {
        let batch = store.pack_texts(last, BATCH).await?;
        let Some(end) = batch.last() else { return Ok(packed) };
        last = Some(*end);
        packed += batch.len() as u64;
        see(batch.len() as u64);
    }
}

/// The same beside a service, until `stop`. What fails is tried at the next start.
pub async fn pack_beside(store: Store, stop: CancellationToken) {
    let packing = pack_all(&store, |_| {});
    tokio::select! {
        packed = packing => match packed {
            Ok(0) => {}
            Ok(documents) => tracing::info!(
                documents,
                "texts of pages are packed; guetteur compact gives the space back to the disk"
            ),
            Err(error) => tracing::warn!(error = format!("{error:#}"), "packing texts failed"),
        },
        () = stop.cancelled() => {}
    }
}
