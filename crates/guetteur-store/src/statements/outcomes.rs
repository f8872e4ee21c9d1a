//! Table `outcomes`.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use guetteur_model::{ActId, OutcomeId};
use sqlx::QueryBuilder;

use super::{Connection, Db, push_in, revisions};
use crate::StoreError;
use crate::clean::{clean, clean_opt};
use crate::error::Doing;
use crate::from_row::from_row;
use crate::outcomes::{NewOutcome, Outcome, Recorded};
use crate::rows::parse;

/// Acts asked for in one statement.
const CHUNK: usize = 500;

struct RawOutcome {
    id: i64,
    act_id: i64,
    court: String,
    number: String,
    decided_on: NaiveDate,
    ruling: String,
    ground: Option<String>,
    source: Option<String>,
    note: Option<String>,
    recorded_at: DateTime<Utc>,
}

from_row!(RawOutcome {
    id,
    act_id,
    court,
    number,
    decided_on,
    ruling,
    ground,
    source,
    note,
    recorded_at
});

impl TryFrom<RawOutcome> for Outcome {
    type Error = StoreError;

    fn try_from(raw: RawOutcome) -> Result<Self, StoreError> {
        let ground = raw.ground.as_deref();
        Ok(Self {
            id: OutcomeId(raw.id),
            act: ActId(raw.act_id),
            court: raw.court,
            number: raw.number,
            decided_on: raw.decided_on,
            ruling: parse("outcomes.ruling", &raw.ruling)?,
            ground: ground.map(|ground| parse("outcomes.ground", ground)).transpose()?,
            source: raw.source,
            note: raw.note,
            recorded_at: raw.recorded_at,
        })
    }
}

const SELECT: &str = "SELECT o.id, o.act_id, o.court, o.number, o.decided_on, o.ruling, o.ground, \
    o.source, o.note, o.recorded_at FROM outcomes o ";

pub(crate) async fn record(
    connection: &mut Connection,
    new: &NewOutcome,
    now: DateTime<Utc>,
) -> Result<Recorded, StoreError> {
    let act: Option<i64> =
        sqlx::query_scalar("SELECT COALESCE(repeats, id) FROM acts WHERE id = $1")
            .bind(new.act.0)
            .fetch_optional(&mut *connection)
            .await
            .doing("reading an act")?;
    let Some(act) = act else { return Ok(Recorded::NoAct) };
    let mut query = QueryBuilder::<Db>::new(SELECT);
    query.push("WHERE o.act_id = ").push_bind(act);
    query.push(" AND o.court = ").push_bind(clean(&new.court).into_owned());
    query.push(" AND o.number = ").push_bind(clean(&new.number).into_owned());
    let known: Option<RawOutcome> =
        query.build_query_as().fetch_optional(&mut *connection).await.doing("reading decisions")?;
    let known = known.map(Outcome::try_from).transpose()?;
    if let Some(known) = &known
        && says_the_same(known, new)
    {
        return Ok(Recorded::Known(known.id));
    }
    // What it says now is news: it is told anew from now on.
    let id: i64 = sqlx::query_scalar(
        "INSERT INTO outcomes \
         (act_id, court, number, decided_on, ruling, ground, source, note, recorded_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
         ON CONFLICT (act_id, court, number) DO UPDATE SET decided_on = excluded.decided_on, \
         ruling = excluded.ruling, ground = excluded.ground, source = excluded.source, \
         note = excluded.note, recorded_at = excluded.recorded_at RETURNING id",
    )
    .bind(act)
    .bind(clean(&new.court))
    .bind(clean(&new.number))
    .bind(new.decided_on)
    .bind(new.ruling.as_str())
    .bind(new.ground.map(guetteur_model::Ground::as_str))
    .bind(clean_opt(new.source.as_deref()))
    .bind(clean_opt(new.note.as_deref()))
    .bind(now)
    .fetch_one(&mut *connection)
    .await
    .doing("recording a decision")?;
    revisions::tell_readers(connection, act, now).await?;
    let id = OutcomeId(id);
    Ok(if known.is_some() { Recorded::Changed(id) } else { Recorded::New(id) })
}

fn says_the_same(known: &Outcome, new: &NewOutcome) -> bool {
    known.decided_on == new.decided_on
        && known.ruling == new.ruling
        && known.ground == new.ground
        && known.source.as_deref() == clean_opt(new.source.as_deref()).as_deref()
        && known.note.as_deref() == clean_opt(new.note.as_deref()).as_deref()
}

pub(crate) async fn forget(
    connection: &mut Connection,
    id: i64,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let act: Option<i64> =
        sqlx::query_scalar("DELETE FROM outcomes WHERE id = $1 RETURNING act_id")
            .bind(id)
            .fetch_optional(&mut *connection)
            .await
            .doing("forgetting a decision")?;
    if let Some(act) = act {
        revisions::tell_readers(connection, act, now).await?;
    }
    Ok(act.is_some())
}

pub(crate) async fn all(connection: &mut Connection) -> Result<Vec<Outcome>, StoreError> {
    let mut query = QueryBuilder::<Db>::new(SELECT);
    query.push("ORDER BY o.decided_on DESC, o.id DESC");
    let rows: Vec<RawOutcome> =
        query.build_query_as().fetch_all(connection).await.doing("reading decisions")?;
    rows.into_iter().map(Outcome::try_from).collect()
}

/// By act, the first decided first.
pub(crate) async fn of_acts(
    connection: &mut Connection,
    acts: &[i64],
) -> Result<HashMap<i64, Vec<Outcome>>, StoreError> {
    let mut outcomes: HashMap<i64, Vec<Outcome>> = HashMap::new();
    for chunk in acts.chunks(CHUNK) {
        let mut query = QueryBuilder::<Db>::new(SELECT);
        query.push("WHERE true");
        push_in(&mut query, "o.act_id", chunk.iter().copied());
        query.push(" ORDER BY o.decided_on, o.id");
        let rows: Vec<RawOutcome> = query
            .build_query_as()
            .persistent(false)
            .fetch_all(&mut *connection)
            .await
            .doing("reading decisions")?;
        for row in rows {
            outcomes.entry(row.act_id).or_default().push(row.try_into()?);
        }
    }
    Ok(outcomes)
}

/// Of acts whose revision is above `after` and at most `last`.
pub(crate) async fn of_revisions(
    connection: &mut Connection,
    after: i64,
    last: i64,
) -> Result<HashMap<i64, Vec<Outcome>>, StoreError> {
    let mut query = QueryBuilder::<Db>::new(SELECT);
    query.push("JOIN acts a ON a.id = o.act_id WHERE a.revision > ").push_bind(after);
    query.push(" AND a.revision <= ").push_bind(last).push(" ORDER BY o.decided_on, o.id");
    let rows: Vec<RawOutcome> =
        query.build_query_as().fetch_all(connection).await.doing("reading decisions")?;
    let mut outcomes: HashMap<i64, Vec<Outcome>> = HashMap::new();
    for row in rows {
        outcomes.entry(row.act_id).or_default().push(row.try_into()?);
    }
    Ok(outcomes)
}

pub(crate) async fn acts_since(
    connection: &mut Connection,
    since: DateTime<Utc>,
) -> Result<Vec<i64>, StoreError> {
    sqlx::query_scalar(
        "SELECT DISTINCT act_id FROM outcomes WHERE recorded_at >= $1 ORDER BY act_id",
    )
    .bind(since)
    .fetch_all(connection)
    .await
    .doing("reading decisions")
}
