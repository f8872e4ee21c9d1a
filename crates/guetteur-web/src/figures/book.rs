//! The acts that figures count, held in memory and kept up with the database by its revision, as the
//! index is: a page then costs a walk over them, whatever the number of acts, and a change the acts that
//! changed. The site begins with the book that it left on disk, or reads all acts as it starts.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use chrono::NaiveDate;
use guetteur_figures::count::territory::Territories;
use guetteur_figures::count::{ChangeLink, Claim, CountedAct, Footing, Ledger};
use guetteur_model::ActId;
use guetteur_publish::Catalogue;
use guetteur_search::Origin;
use guetteur_store::{AlertState, CountedRow, ReadSpan, Store, StoreError, standing_outcome};
use tokio::sync::{Mutex, MutexGuard};

use super::kept_book;

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

/// Acts that changed since a reader last looked: more are taken over while readers see the book as it
/// was.
const FEW: i64 = 1_000;
/// The book, brought up to date by who reads it; nobody waits for more than a few acts.
#[derive(Default)]
pub struct FigureBook {
    /// The book as readers see it; none before it was read for the first time.
    current: RwLock<Option<(i64, Arc<Ledger>)>>,
    kept: Mutex<Kept>,
    /// Where it lies on disk; `None` for one that is kept in memory alone.
    path: Option<PathBuf>,
}

#[derive(Default)]
struct Kept {
    revision: i64,
    /// Which life of the database it belongs to.
    lineage: String,
    /// The revision that was written last.
    written: i64,
    /// Codes of sources, each once in memory.
    codes: HashMap<String, Arc<str>>,
    ledger: Arc<Ledger>,
}

impl FigureBook {
    /// The book that lies at `path`, as it was when it was written last; an empty one where there is
    /// none that fits this database.
    pub async fn open(path: PathBuf, store: &Store) -> Self {
        let book = kept_book::take(path.clone(), store).await.unwrap_or_else(|error| {
            tracing::warn!(%error, path = %path.display(), "the figures' book is made anew");
            None
        });
        let kept = book.map(|book| Kept {
            written: book.origin.revision,
            revision: book.origin.revision,
            lineage: book.origin.lineage,
            codes: book.codes,
            ledger: Arc::new(book.ledger),
        });
        let current = kept.as_ref().map(|kept| (kept.revision, Arc::clone(&kept.ledger)));
        Self {
            current: RwLock::new(current),
            kept: Mutex::new(kept.unwrap_or_default()),
            path: Some(path),
        }
    }

    /// Removes the book at `path`, if there is one: the next start reads all acts.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn remove(path: &Path) -> io::Result<()> {
        match std::fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Writes what has changed since it was written last. What the disk refuses is read again from the
    /// database at the next start.
    pub async fn close(&self, store: &Store) {
        let mut kept = self.kept.lock().await;
        if kept.written != kept.revision {
            self.writing(&mut kept, store).await;
        }
    }

    /// Writes the book as it is now, whatever becomes of it meanwhile.
    fn writing(&self, kept: &mut Kept, store: &Store) -> impl Future<Output = ()> + use<> {
        kept.written = kept.revision;
        let (origin, ledger) = (kept.origin(), Arc::clone(&kept.ledger));
        let (path, store) = (self.path.clone(), store.clone());
        async move {
            let Some(path) = path else { return };
            if let Err(error) = kept_book::keep(path, &store, origin, ledger).await {
                tracing::warn!(%error, "the figures' book could not be kept");
            }
        }
    }

    /// What figures are made of, as the database has it now, or had it a moment ago.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn read(self: &Arc<Self>, catalogue: &Catalogue) -> Result<Book, StoreError> {
        let store = &catalogue.store;
        let ledger = self.ledger(store).await?;
        let spans = store.read_spans().await?;
        Ok(Book {
            ledger,
            spans: spans.into_iter().map(|span| (span.source.clone(), span)).collect(),
            territories: Territories::of(&catalogue.registry),
        })
    }

    async fn ledger(self: &Arc<Self>, store: &Store) -> Result<Arc<Ledger>, StoreError> {
        let revision = store.revision().await?;
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner).clone();
        match current {
            Some((known, ledger)) if known == revision => Ok(ledger),
            Some((known, ledger)) if (revision - known).abs() > FEW => {
                let (book, store) = (Arc::clone(self), store.clone());
                tokio::spawn(async move {
                    // Whoever follows already will do.
                    let Ok(kept) = book.kept.try_lock() else { return };
                    if let Err(error) = book.follow(kept, &store).await {
                        tracing::error!(%error, "figures could not be brought up to date");
                    }
                });
                Ok(ledger)
            }
            _ => self.follow(self.kept.lock().await, store).await,
        }
    }

    async fn follow(
        &self,
        mut kept: MutexGuard<'_, Kept>,
        store: &Store,
    ) -> Result<Arc<Ledger>, StoreError> {
        kept.follow(store).await?;
        let ledger = Arc::clone(&kept.ledger);
        *self.current.write().unwrap_or_else(PoisonError::into_inner) =
            Some((kept.revision, Arc::clone(&ledger)));
        if kept.revision - kept.written > FEW {
            tokio::spawn(self.writing(&mut kept, store));
        }
        Ok(ledger)
    }
}

impl Kept {
    fn origin(&self) -> Origin {
        Origin { lineage: self.lineage.clone(), revision: self.revision }
    }

    async fn follow(&mut self, store: &Store) -> Result<(), StoreError> {
        let now = Origin { lineage: store.lineage().await?, revision: store.revision().await? };
        if !self.origin().leads_to(&now) {
            // Another database, or one set back: what was kept is of no use.
            *self = Self::default();
        }
        self.lineage = now.lineage;
        if self.revision == 0 {
            return self.begin(store, now.revision).await;
        }
        loop {
            let rows = store.counted_since(self.revision, BATCH).await?;
            let Some(last) = rows.last().map(|row| row.revision) else { return Ok(()) };
            let changed: Vec<ActId> = rows.iter().map(|row| row.id).collect();
            let acts: Vec<CountedAct> = rows.into_iter().filter_map(|row| self.act(row)).collect();
            let links = links(store.changes_of_acts(&changed).await?);
            let ledger = Arc::make_mut(&mut self.ledger);
            ledger.strike(&changed);
            ledger.enter(acts);
            ledger.settle_some(&changed, &links);
            self.revision = last;
        }
    }

    /// From nothing to `revision`; what changes meanwhile has a higher one.
    async fn begin(&mut self, store: &Store, revision: i64) -> Result<(), StoreError> {
        let mut read = 0;
        loop {
            let rows = store.counted_anew(read, BATCH).await?;
            let Some(last) = rows.last().map(|row| row.revision) else { break };
            read = last;
            let acts: Vec<CountedAct> = rows.into_iter().filter_map(|row| self.act(row)).collect();
            Arc::make_mut(&mut self.ledger).enter(acts);
        }
        let links = links(store.changes_between_acts().await?);
        Arc::make_mut(&mut self.ledger).settle(&links);
        self.revision = revision;
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
                let flags = alert.content.flags.iter();
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

fn links(pairs: Vec<(ActId, ActId)>) -> Vec<ChangeLink> {
    let link = |(changer, changed)| ChangeLink { changer, changed };
    pairs.into_iter().map(link).collect()
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
