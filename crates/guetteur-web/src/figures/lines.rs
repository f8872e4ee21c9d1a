//! Every act in question, line by line: whether it counts, why not, and where to check it.

use std::collections::HashMap;

use axum::response::Response;
use guetteur_figures::count::Reason;
use guetteur_figures::count::question::{Question, Verdict};
use guetteur_model::ActId;
use guetteur_publish::export::{COLUMNS, Cell, ExportError, SEPARATOR, append_csv, write_csv};
use guetteur_publish::{Catalogue, CatalogueError, PublishedAct};

use super::book::Book;
use super::report::kinds_of_beneficiary;
use super::scope::Asked;
use crate::streaming::{Sender, streamed};

/// Acts read from the database at a time.
const BATCH: usize = 500;

/// What is said of each act before the columns of every export.
const VERDICT: [&str; 7] = [
    "compte",
    "motif",
    "motif_en_clair",
    "preavis_compte_heures",
    "jours_du",
    "jours_au",
    "beneficiaire_type",
];

/// The acts in question as CSV, sent while it is made. A figure of the page is the number of its
/// lines with « oui ».
pub(crate) fn answer(
    catalogue: &Catalogue,
    book: &Book,
    asked: &Asked,
    question: Question,
) -> Response {
    let verdicts: Vec<(ActId, Verdict)> =
        asked.scope().ask(question, &book.ledger).map(|(act, verdict)| (act.id, verdict)).collect();
    let catalogue = catalogue.clone();
    let name = format!("guetteur-actes-{}.csv", catalogue.today());
    streamed(&name, "text/csv; charset=utf-8; header=present", async move |sender| {
        send(&catalogue, &verdicts, &sender).await
    })
}

async fn send(
    catalogue: &Catalogue,
    verdicts: &[(ActId, Verdict)],
    sender: &Sender,
) -> Result<(), ExportError> {
    let mut headings: Vec<&str> = VERDICT.to_vec();
    headings.extend(COLUMNS.iter().map(|column| column.name));
    let mut buffer = Vec::new();
    write_csv(&headings, std::iter::empty::<Vec<Cell>>(), &mut buffer)?;
    for batch in verdicts.chunks(BATCH) {
        let ids: Vec<ActId> = batch.iter().map(|(id, _)| *id).collect();
        let records = catalogue.store.acts_by_ids(&ids).await.map_err(CatalogueError::from)?;
        let acts: HashMap<ActId, PublishedAct> =
            catalogue.publish(records).await?.into_iter().map(|act| (act.id, act)).collect();
        let rows = batch.iter().filter_map(|(id, verdict)| {
            let act = acts.get(id)?;
            let base = &catalogue.site.base_url;
            Some(
                told(act, *verdict).into_iter().chain(COLUMNS.iter().map(|c| (c.value)(act, base))),
            )
        });
        append_csv(rows, &mut buffer)?;
        if sender.send(Ok(std::mem::take(&mut buffer))).await.is_err() {
            return Ok(());
        }
    }
    if !buffer.is_empty() {
        let _ = sender.send(Ok(buffer)).await;
    }
    Ok(())
}

fn told(act: &PublishedAct, verdict: Verdict) -> [Cell; 7] {
    let reason = |tell: fn(Reason) -> &'static str| match verdict {
        Verdict::Apart(reason) => Cell::Text(tell(reason).to_owned()),
        _ => Cell::Empty,
    };
    let counts = if matches!(verdict, Verdict::Apart(_)) { "non" } else { "oui" };
    let hours = match verdict {
        Verdict::Notice(hours) => Cell::Number(hours),
        _ => Cell::Empty,
    };
    let [from, to] = match verdict {
        Verdict::Days(Some((from, to))) => [Cell::Day(from), Cell::Day(to)],
        _ => [Cell::Empty, Cell::Empty],
    };
    let kinds = kinds_of_beneficiary(act.facts.beneficiary.as_deref()).join(SEPARATOR);
    [
        Cell::Text(counts.to_owned()),
        reason(Reason::id),
        reason(Reason::label),
        hours,
        from,
        to,
        Cell::Text(kinds),
    ]
}
