//! Which acts repeat others: the same act in two bulletins of a source counts once.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use sqlx::QueryBuilder;

use super::{Connection, Db, push_in, revisions};
use crate::StoreError;
use crate::error::Doing;
use crate::from_row::from_row;

/// Values of one IN list.
const CHUNK: usize = 500;

/// The two columns that tell that acts are the same.
const COLUMNS: [&str; 2] = ["sameness", "numbered_title"];

/// What some acts are known by across bulletins: values of [`COLUMNS`], in that order.
#[derive(Debug, Default)]
pub(super) struct SameKeys([BTreeSet<String>; 2]);

impl SameKeys {
    pub(super) fn extend(&mut self, other: Self) {
        for (mine, theirs) in self.0.iter_mut().zip(other.0) {
            mine.extend(theirs);
        }
    }
}

#[derive(Clone)]
struct Row {
    id: i64,
    bulletin_id: i64,
    sameness: Option<String>,
    numbered_title: Option<String>,
    signed_on: Option<NaiveDate>,
    repeats: Option<i64>,
}

from_row!(Row { id, bulletin_id, sameness, numbered_title, signed_on, repeats });

impl Row {
    fn keys(&self) -> [Option<&String>; 2] {
        [self.sameness.as_ref(), self.numbered_title.as_ref()]
    }

    fn is_same_as(&self, other: &Self) -> bool {
        let both = |one: &Option<String>, other: &Option<String>| one.is_some() && one == other;
        both(&self.sameness, &other.sameness)
            || (both(&self.numbered_title, &other.numbered_title)
                && self.bulletin_id != other.bulletin_id
                && !self.has_other_day(other))
    }

    fn has_other_day(&self, other: &Self) -> bool {
        self.signed_on.zip(other.signed_on).is_some_and(|(one, other)| one != other)
    }
}

/// What the acts of a bulletin are known by across bulletins.
pub(super) async fn same_keys(
    connection: &mut Connection,
    bulletin: i64,
) -> Result<SameKeys, StoreError> {
    let rows: Vec<(Option<String>, Option<String>)> = sqlx::query_as(
        "SELECT sameness, numbered_title FROM acts WHERE bulletin_id = $1 \
         AND (sameness IS NOT NULL OR numbered_title IS NOT NULL)",
    )
    .bind(bulletin)
    .fetch_all(connection)
    .await
    .doing("reading what acts are known by")?;
    let mut keys = SameKeys::default();
    for (sameness, numbered_title) in rows {
        keys.0[0].extend(sameness);
        keys.0[1].extend(numbered_title);
    }
    Ok(keys)
}

/// Of the live acts that are the same the first stands for all. Those whose standing changes get a
/// new revision: the index holds the first alone.
pub(super) async fn elect(
    connection: &mut Connection,
    source: &str,
    keys: &SameKeys,
) -> Result<(), StoreError> {
    let acts = known_by(connection, source, keys).await?;
    for (id, first, repeats) in standings(&acts) {
        let repeated = (first != id).then_some(first);
        if repeated != repeats {
            set_repeats(connection, id, repeated).await?;
        }
    }
    Ok(())
}

/// The live acts that have one of `keys`, or one of the keys of such an act, and so on; by id.
async fn known_by(
    connection: &mut Connection,
    source: &str,
    keys: &SameKeys,
) -> Result<Vec<Row>, StoreError> {
    let mut acts: BTreeMap<i64, Row> = BTreeMap::new();
    let mut asked = [const { BTreeSet::new() }; 2];
    let mut wanted = keys.0.clone();
    while wanted.iter().any(|keys| !keys.is_empty()) {
        for nth in 0..COLUMNS.len() {
            let keys: Vec<String> = std::mem::take(&mut wanted[nth]).into_iter().collect();
            asked[nth].extend(keys.iter().cloned());
            for chunk in keys.chunks(CHUNK) {
                for row in with_keys(connection, source, COLUMNS[nth], chunk).await? {
                    for (other, key) in row.keys().into_iter().enumerate() {
                        wanted[other]
                            .extend(key.filter(|key| !asked[other].contains(*key)).cloned());
                    }
                    acts.insert(row.id, row);
                }
            }
        }
    }
    Ok(acts.into_values().collect())
}

async fn with_keys(
    connection: &mut Connection,
    source: &str,
    column: &'static str,
    keys: &[String],
) -> Result<Vec<Row>, StoreError> {
    let mut query = QueryBuilder::<Db>::new(
        "SELECT id, bulletin_id, sameness, numbered_title, signed_on, repeats FROM acts \
         WHERE removed_at IS NULL AND source_code = ",
    );
    query.push_bind(source.to_owned());
    push_in(&mut query, column, keys.iter().cloned());
    let rows = query.build_query_as().persistent(false).fetch_all(connection).await;
    rows.doing("reading acts that are the same")
}

/// For each act its id, that of the first that is the same, and the one that it repeats by now. An
/// act that is the same as one that repeats another repeats that other.
fn standings(acts: &[Row]) -> Vec<(i64, i64, Option<i64>)> {
    let mut by_key: BTreeMap<(usize, &String), Vec<usize>> = BTreeMap::new();
    for (index, act) in acts.iter().enumerate() {
        for (nth, key) in act.keys().into_iter().enumerate() {
            if let Some(key) = key {
                by_key.entry((nth, key)).or_default().push(index);
            }
        }
    }
    let mut first: Vec<usize> = (0..acts.len()).collect();
    for same in by_key.values() {
        for (nth, later) in same.iter().enumerate() {
            let later = *later;
            let fits = |one: usize| {
                let group = root_of(&first, one);
                let mut others =
                    same[..nth].iter().filter(|other| root_of(&first, **other) == group);
                acts[one].is_same_as(&acts[later])
                    && others.all(|other| !acts[*other].has_other_day(&acts[later]))
            };
            if let Some(earlier) = same[..nth].iter().copied().find(|one| fits(*one)) {
                join(&mut first, earlier, later);
            }
        }
    }
    let root = |index: usize| acts[root_of(&first, index)].id;
    acts.iter().enumerate().map(|(index, act)| (act.id, root(index), act.repeats)).collect()
}

fn root_of(first: &[usize], mut index: usize) -> usize {
    while first[index] != index {
        index = first[index];
    }
    index
}

fn join(first: &mut [usize], one: usize, other: usize) {
    let (one, other) = (root_of(first, one), root_of(first, other));
    first[one.max(other)] = one.min(other);
}

async fn set_repeats(
    connection: &mut Connection,
    id: i64,
    repeats: Option<i64>,
) -> Result<(), StoreError> {
    let revision = revisions::next_revisions(connection, 1).await?;
    sqlx::query("UPDATE acts SET repeats = $2, revision = $3 WHERE id = $1")
        .bind(id)
        .bind(repeats)
        .bind(revision)
        .execute(connection)
        .await
        .doing("noting that an act repeats another")?;
    Ok(())
}
