//! Numbers missing from this year's sequence of each source, worked out again only when the source
//! lists something else.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use guetteur_publish::Catalogue;
use guetteur_store::coverage::missing_numbers;
use guetteur_store::{SourceState, StoreError};

use chrono::Datelike;

/// With more sources to look at, all of them are read in one go.
const FEW: usize = 10;

/// What is missing of which source, as far as it was asked.
#[derive(Default)]
pub struct MissingNumbers(Mutex<HashMap<String, Known>>);

struct Known {
    /// The year, and [`SourceState::listed`], for which it holds.
    listed: (i32, u64),
    missing: Arc<[String]>,
}

/// Missing numbers by code of source.
pub(crate) type Missing = HashMap<String, Arc<[String]>>;

impl MissingNumbers {
    /// The numbers that no bulletin of these sources has: each is a bulletin that nobody saw.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn of<'s>(
        &self,
        catalogue: &Catalogue,
        sources: impl IntoIterator<Item = &'s SourceState>,
    ) -> Result<Missing, StoreError> {
        let year = catalogue.today().year();
        let mut missing = Missing::new();
        let mut unknown = Vec::new();
        for source in sources {
            match self.known(source, year) {
                Some(known) => drop(missing.insert(source.code.clone(), known)),
                None => unknown.push(source),
            }
        }
        let store = &catalogue.store;
        let mut all = match unknown.len() > FEW {
            true => Some(store.numbers_by_source(year).await?),
            false => None,
        };
        for source in unknown {
            let numbers = match &mut all {
                Some(all) => all.remove(&source.code).unwrap_or_default(),
                None => store.numbers(&source.code, year).await?,
            };
            let found: Arc<[String]> = missing_numbers(&numbers).into();
            let known = Known { listed: (year, source.listed), missing: Arc::clone(&found) };
            self.lock().insert(source.code.clone(), known);
            missing.insert(source.code.clone(), found);
        }
        Ok(missing)
    }

    fn known(&self, source: &SourceState, year: i32) -> Option<Arc<[String]>> {
        let kept = self.lock();
        let known = kept.get(&source.code)?;
        (known.listed == (year, source.listed)).then(|| Arc::clone(&known.missing))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
