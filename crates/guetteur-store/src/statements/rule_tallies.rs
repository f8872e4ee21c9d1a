//! Table `flags`, by rule.

use chrono::{DateTime, Utc};

use super::Connection;
use crate::StoreError;
use crate::error::Doing;
use crate::from_row::from_row;
use crate::rows::number;
use crate::rule_tallies::RuleTally;

struct RawTally {
    rule: String,
    acts: i64,
    to_check: i64,
    recent: i64,
}

from_row!(RawTally { rule, acts, to_check, recent });

pub(crate) async fn all(
    connection: &mut Connection,
    since: DateTime<Utc>,
) -> Result<Vec<RuleTally>, StoreError> {
    let rows: Vec<RawTally> = sqlx::query_as(
        "SELECT f.rule, count(DISTINCT f.act_id) AS acts, \
         count(DISTINCT CASE WHEN f.to_check THEN f.act_id END) AS to_check, \
         count(DISTINCT CASE WHEN f.created_at >= $1 THEN f.act_id END) AS recent \
         FROM flags f JOIN acts a ON a.id = f.act_id WHERE a.removed_at IS NULL \
         GROUP BY f.rule ORDER BY f.rule",
    )
    .bind(since)
    .fetch_all(connection)
    .await
    .doing("counting the flags of each rule")?;
    let tally = |raw: RawTally| {
        Ok(RuleTally {
            rule: raw.rule,
            acts: number("count", raw.acts)?,
            to_check: number("count", raw.to_check)?,
            recent: number("count", raw.recent)?,
        })
    };
    rows.into_iter().map(tally).collect()
}
