//! Numbers of bulletins, all sources at once.

use chrono::NaiveDate;

use super::Connection;
use guetteur_model::BulletinId;

use crate::error::Doing;
use crate::{BulletinNumber, StoreError};

pub(crate) async fn of_all_sources(
    connection: &mut Connection,
    first: NaiveDate,
    last: NaiveDate,
) -> Result<Vec<(String, BulletinNumber)>, StoreError> {
    type Row = (String, i64, Option<String>, Option<String>, String, Option<NaiveDate>);
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT source_code, id, number, series, title, published_on FROM bulletins \
         WHERE published_on IS NULL OR (published_on >= $1 AND published_on <= $2) \
         ORDER BY source_code, published_on NULLS LAST, id",
    )
    .bind(first)
    .bind(last)
    .fetch_all(connection)
    .await
    .doing("reading bulletin numbers")?;
    let rows = rows.into_iter().map(|(source, bulletin, number, series, title, published_on)| {
        (
            source,
            BulletinNumber { bulletin: BulletinId(bulletin), number, series, title, published_on },
        )
    });
    Ok(rows.collect())
}
