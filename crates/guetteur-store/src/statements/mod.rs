//! The SQL, one file a table. These files are compiled twice, once for each database, with
//! `Db` and `Connection` of that database: what is written here runs on both. A difference
//! between the two is a named constant in `sqlite.rs` and `postgres.rs`.

use super::{
    BEFORE_RELEASE, CLAIM_LOCK, COLUMNS, CONTINUE_NUMBERS, CONTINUE_REVISIONS, Connection, Db,
    HAS_HISTORY, LINEAGE, LOCK_COUNTS, NEXT_REVISIONS, REFERENCES, SETTLED_REVISION, SIZE, VERSION,
};

pub(crate) mod act_changes;
mod act_row;
pub(crate) mod acts;
pub(crate) mod alarms;
mod alerts;
pub(crate) mod before_release;
pub(crate) mod bulletins;
pub(crate) mod changed_acts;
pub(crate) mod changed_pdfs;
pub(crate) mod claims;
pub(crate) mod counted;
pub(crate) mod counts;
pub(crate) mod documents;
pub(crate) mod flags;
pub(crate) mod gauges;
pub(crate) mod hidden_words;
pub(crate) mod left_out;
pub(crate) mod links;
pub(crate) mod maintenance;
pub(crate) mod marks;
pub(crate) mod masks;
pub(crate) mod messages;
pub(crate) mod moving;
pub(crate) mod newest_lists;
pub(crate) mod numbers;
pub(crate) mod outcomes;
pub(crate) mod pace;
pub(crate) mod page_texts;
pub(crate) mod passes;
mod pdf_changes;
pub(crate) mod rechecks;
pub(crate) mod recognition;
mod repeats;
pub(crate) mod resets;
pub(crate) mod reviews;
pub(crate) mod revisions;
pub(crate) mod rule_tallies;
pub(crate) mod scrubs;
mod sightings;
pub(crate) mod sign_ups;
pub(crate) mod still_watching;
pub(crate) mod subscriber_links;
pub(crate) mod subscriptions;
pub(crate) mod tellings;
pub(crate) mod town_steps;
pub(crate) mod visits;

/// Values of one IN list.
const CHUNK: usize = 500;

/// Pushes `column IN (values)`; nothing when the list is empty.
fn push_in<T>(query: &mut sqlx::QueryBuilder<Db>, column: &str, values: impl IntoIterator<Item = T>)
where
    T: for<'q> sqlx::Encode<'q, Db> + sqlx::Type<Db>,
{
    let mut values = values.into_iter().peekable();
    if values.peek().is_none() {
        return;
    }
    query.push(" AND ").push(column).push(" IN (");
    let mut list = query.separated(", ");
    for value in values {
        list.push_bind(value);
    }
    query.push(")");
}
