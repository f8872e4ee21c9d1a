//! The numbers of all bulletins of a year, for the page that shows every source at once.

use crate::boxed;
use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::store::read;
use crate::{BulletinNumber, Store, StoreError};

impl Store {
    /// Numbers of the bulletins that came out in `year` or on an unknown day, by code of source, in
    /// one query; each source as [`Store::numbers`] gives it.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn numbers_by_source(
        &self,
        year: i32,
    ) -> Result<BTreeMap<String, Vec<BulletinNumber>>, StoreError> {
        let (Some(first), Some(last)) =
            (NaiveDate::from_ymd_opt(year, 1, 1), NaiveDate::from_ymd_opt(year, 12, 31))
        else {
            return Ok(BTreeMap::new());
        };
        let rows = read!(self, "reading bulletin numbers", |connection| {
            sql::numbers::of_all_sources(connection, first, last).await
        })?;
        let mut by_source: BTreeMap<String, Vec<BulletinNumber>> = BTreeMap::new();
        for (source, number) in rows {
            by_source.entry(source).or_default().push(number);
        }
        Ok(by_source)
    }
}
