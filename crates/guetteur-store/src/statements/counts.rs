//! Tables `source_counts` and `source_count_changes`: figures that triggers keep.

use std::collections::BTreeMap;

use super::{Connection, Db, LOCK_COUNTS};
use crate::StoreError;
use crate::counts::SourceCounts;
use crate::error::Doing;
use crate::from_row::from_row;

/// Changes added up at a time.
const CHUNK: i64 = 10_000;

pub(crate) struct RawCounts {
    source_code: String,
    bulletins: i64,
    pending: i64,
    failed: i64,
    listed: i64,
    acts: i64,
    flagged: i64,
    documents: i64,
    pages: i64,
}

from_row!(RawCounts {
    source_code,
    bulletins,
    pending,
    failed,
    listed,
    acts,
    flagged,
    documents,
    pages
});

impl RawCounts {
    fn figures(&self) -> [i64; 8] {
        let Self { bulletins, pending, failed, listed, acts, flagged, documents, pages, .. } = self;
        [*bulletins, *pending, *failed, *listed, *acts, *flagged, *documents, *pages]
    }
}

impl From<RawCounts> for SourceCounts {
    fn from(raw: RawCounts) -> Self {
        let [bulletins, pending, failed, listed, acts, flagged, documents, pages] =
            raw.figures().map(|figure| u64::try_from(figure).unwrap_or(0));
        Self {
            code: raw.source_code,
            bulletins,
            pending,
            failed,
            listed,
            acts,
            flagged,
            documents,
            pages,
        }
    }
}

/// The figures as they are kept, of each source and, under an empty code, of the documents.
pub(crate) async fn kept(connection: &mut Connection) -> Result<Vec<SourceCounts>, StoreError> {
    let rows: Vec<RawCounts> = sqlx::query_as(
        "SELECT source_code, CAST(sum(bulletins) AS BIGINT) AS bulletins, \
         CAST(sum(pending) AS BIGINT) AS pending, CAST(sum(failed) AS BIGINT) AS failed, \
         CAST(sum(listed) AS BIGINT) AS listed, CAST(sum(acts) AS BIGINT) AS acts, \
         CAST(sum(flagged) AS BIGINT) AS flagged, CAST(sum(documents) AS BIGINT) AS documents, \
         CAST(sum(pages) AS BIGINT) AS pages FROM \
         (SELECT source_code, bulletins, pending, failed, listed, acts, flagged, documents, pages \
         FROM source_counts UNION ALL \
         SELECT source_code, bulletins, pending, failed, listed, acts, flagged, documents, pages \
         FROM source_count_changes) AS kept GROUP BY source_code ORDER BY source_code",
    )
    .fetch_all(connection)
    .await
    .doing("reading what is counted")?;
    Ok(rows.into_iter().map(SourceCounts::from).collect())
}

/// The same figures, counted. `listed` begins anew: it only has to grow.
pub(crate) async fn counted(connection: &mut Connection) -> Result<Vec<SourceCounts>, StoreError> {
    let rows: Vec<RawCounts> = sqlx::query_as(
        "SELECT source_code, CAST(sum(bulletins) AS BIGINT) AS bulletins, \
         CAST(sum(pending) AS BIGINT) AS pending, CAST(sum(failed) AS BIGINT) AS failed, \
         CAST(sum(bulletins) AS BIGINT) AS listed, CAST(sum(acts) AS BIGINT) AS acts, \
         CAST(sum(flagged) AS BIGINT) AS flagged, CAST(sum(documents) AS BIGINT) AS documents, \
         CAST(sum(pages) AS BIGINT) AS pages FROM \
         (SELECT source_code, 1 AS bulletins, \
         CASE WHEN stage <> 'flagged' AND failed_at IS NULL THEN 1 ELSE 0 END AS pending, \
         CASE WHEN failed_at IS NOT NULL THEN 1 ELSE 0 END AS failed, \
         0 AS acts, 0 AS flagged, 0 AS documents, CAST(0 AS BIGINT) AS pages FROM bulletins \
         UNION ALL \
         SELECT source_code, 0, 0, 0, 1, CASE WHEN flagged THEN 1 ELSE 0 END, 0, 0 FROM acts \
         WHERE removed_at IS NULL AND repeats IS NULL UNION ALL \
         SELECT '', 0, 0, 0, 0, 0, 1, COALESCE(page_count, 0) FROM documents) AS counted \
         GROUP BY source_code ORDER BY source_code",
    )
    .fetch_all(connection)
    .await
    .doing("counting everything")?;
    Ok(rows.into_iter().map(SourceCounts::from).collect())
}

/// Adds some of the changes up; gives how many. Two that do so at once share them out.
pub(crate) async fn add_up(connection: &mut Connection) -> Result<usize, StoreError> {
    let changes: Vec<RawCounts> = sqlx::query_as(
        "DELETE FROM source_count_changes WHERE id IN \
         (SELECT id FROM source_count_changes ORDER BY id LIMIT $1) RETURNING \
         source_code, bulletins, pending, failed, listed, acts, flagged, documents, pages",
    )
    .bind(CHUNK)
    .fetch_all(&mut *connection)
    .await
    .doing("adding up what is counted")?;
    let mut sums: BTreeMap<&str, [i64; 8]> = BTreeMap::new();
    for change in &changes {
        let sum = sums.entry(&change.source_code).or_default();
        sum.iter_mut().zip(change.figures()).for_each(|(sum, figure)| *sum += figure);
    }
    // In the order of codes: those who add up at once do not wait for each other in a circle.
    for (code, figures) in &sums {
        insert(connection, code, *figures).await?;
    }
    Ok(changes.len())
}

async fn insert(
    connection: &mut Connection,
    code: &str,
    figures: [i64; 8],
) -> Result<(), StoreError> {
    let statement = "INSERT INTO source_counts (source_code, bulletins, pending, failed, listed, \
         acts, flagged, documents, pages) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
         ON CONFLICT (source_code) DO UPDATE SET \
         bulletins = source_counts.bulletins + excluded.bulletins, \
         pending = source_counts.pending + excluded.pending, \
         failed = source_counts.failed + excluded.failed, \
         listed = source_counts.listed + excluded.listed, \
         acts = source_counts.acts + excluded.acts, \
         flagged = source_counts.flagged + excluded.flagged, \
         documents = source_counts.documents + excluded.documents, \
         pages = source_counts.pages + excluded.pages";
    let query = figures.into_iter().fold(sqlx::query::<Db>(statement).bind(code), |q, f| q.bind(f));
    query.execute(connection).await.doing("adding up what is counted")?;
    Ok(())
}

/// Puts the figures counted in the place of those kept.
pub(crate) async fn recount(connection: &mut Connection) -> Result<(), StoreError> {
    let failed = "counting everything again";
    // Nobody may note a change between the count and the end of this transaction.
    sqlx::query(LOCK_COUNTS).execute(&mut *connection).await.doing(failed)?;
    let listed: BTreeMap<String, u64> =
        kept(connection).await?.into_iter().map(|counts| (counts.code, counts.listed)).collect();
    let mut all = counted(connection).await?;
    for table in ["DELETE FROM source_counts", "DELETE FROM source_count_changes"] {
        sqlx::query(table).execute(&mut *connection).await.doing(failed)?;
    }
    for counts in &mut all {
        let before = listed.get(&counts.code).copied().unwrap_or_default();
        counts.listed = counts.listed.max(before + 1);
        let figures = counts.figures().map(|figure| i64::try_from(figure).unwrap_or(i64::MAX));
        insert(connection, &counts.code, figures).await?;
    }
    Ok(())
}
