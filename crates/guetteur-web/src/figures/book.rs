//! The acts that figures count, held in memory and kept up with the database by its revision, as the
//! index is: a page then costs a walk over them, whatever the number of acts.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono::NaiveDate;
use guetteur_figures::count::territory::Territories;
use guetteur_figures::count::{ChangeLink, Claim, CountedAct, Footing, Ledger};
use guetteur_model::ActId;
use guetteur_publish::Catalogue;
use guetteur_store::{AlertState, CountedRow, ReadSpan, Store, StoreError, standing_outcome};
use tokio::sync::Mutex;

/// Acts read from the database at a time.
const BATCH: u32 = 2_000;

/// What figures are made of, as of one revision.
pub(crate) struct Book {
    /// Acts, and when they were in force.
    pub(crate) ledger: Arc<Ledger>,
    /// Over which days each source was read, by code.
    pub(crate) spans: BTreeMap<String, ReadSpan>,
    /// Where acts count on a map.
    pub(crate) territories: Territories,
}

/// The book, brought up to date by who reads it.
#[derive(Default)]
pub struct FigureBook(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    revision: i64,
    /// Codes of sources, each once in memory.
    codes: HashMap<String, Arc<str>>,
    ledger: Arc<Ledger>,
}

impl FigureBook {
    /// What figures are made of, as the database has it now.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn read(&self, catalogue: &Catalogue) -> Result<Book, StoreError> {
        let store = &catalogue.store;
        let mut kept = self.0.lock().await;
        if store.revision().await? != kept.revision {
            kept.follow(store).await?;
        }
        let ledger = kept.ledger.clone();
        drop(kept);
        let spans = store.read_spans().await?;
        Ok(Book {
            ledger,
            spans: spans.into_iter().map(|span| (span.source.clone(), span)).collect(),
            territories: Territories::of(&catalogue.registry),
        })
    }
}

impl Kept {
    async fn follow(&mut self, store: &Store) -> Result<(), StoreError> {
        loop {
            let rows = store.counted_since(self.revision, BATCH).await?;
            let Some(last) = rows.last().map(|row| row.revision) else { break };
            let gone: Vec<ActId> = rows.iter().map(|row| row.id).collect();
            let acts: Vec<CountedAct> = rows.into_iter().filter_map(|row| self.act(row)).collect();
            let ledger = Arc::make_mut(&mut self.ledger);
            ledger.strike(&gone);
            ledger.enter(acts);
            self.revision = last;
        }
        let links = store.changes_between_acts().await?;
        let link = |(changer, changed)| ChangeLink { changer, changed };
        Arc::make_mut(&mut self.ledger).settle(&links.into_iter().map(link).collect::<Vec<_>>());
        Ok(())
    }

    /// `None` for what figures never speak of. A withdrawn alert keeps what it claimed.
    fn act(&mut self, row: CountedRow) -> Option<CountedAct> {
        let state = row.alert.as_ref().map(|alert| alert.state);
        let footing = match state {
            Some(AlertState::Withdrawn) => Footing::Withdrawn,
            Some(AlertState::ToConfirm) => Footing::FirstAlert,
            _ => Footing::Read,
        };
        let claims: Vec<Claim> = match (footing, &row.alert) {
            (Footing::Withdrawn, Some(alert)) => {
                let flags = alert.announcement.flags.iter();
                flags.map(|f| claim(f.category.clone(), f.level, f.to_check)).collect()
            }
            _ if !row.counts => return None,
            _ => row.flags.into_iter().map(|(c, level, check)| claim(c, level, check)).collect(),
        };
        if claims.is_empty() {
            return None;
        }
        let known = self.codes.entry(row.source.clone());
        let source = known.or_insert_with(|| row.source.into()).clone();
        let struck_on = standing_outcome(&row.outcomes).map(|outcome| outcome.decided_on);
        let mut act =
            CountedAct::new(row.id, source, row.published_on, &row.facts, claims, footing);
        act.struck_on = struck_on;
        Some(act)
    }
}

fn claim(
    category: guetteur_model::Category,
    level: guetteur_model::Level,
    to_check: bool,
) -> Claim {
    Claim { category, level, to_check }
}

/// The days over which a source was looked at: from its oldest bulletin read to its newest, or to
/// the last time that its site was walked.
pub(crate) fn looked_at(span: &ReadSpan) -> (NaiveDate, NaiveDate) {
    let walked = span.last_ok_at.map(|at| at.date_naive());
    (span.first, walked.map_or(span.last, |day| day.max(span.last)))
}
