//! Table `town_steps`.

use chrono::{DateTime, NaiveDate, Utc};
use guetteur_model::TownStepId;
use sqlx::QueryBuilder;

use super::{Connection, Db};
use crate::StoreError;
use crate::clean::{clean, clean_opt};
use crate::error::Doing;
use crate::from_row::from_row;
use crate::rows::parse;
use crate::town_steps::{NewStep, RecordedStep};

struct RawStep {
    id: i64,
    insee: String,
    step: String,
    happened_on: NaiveDate,
    says: Option<String>,
    source: Option<String>,
    recorded_at: DateTime<Utc>,
}

from_row!(RawStep { id, insee, step, happened_on, says, source, recorded_at });

impl TryFrom<RawStep> for RecordedStep {
    type Error = StoreError;

    fn try_from(raw: RawStep) -> Result<Self, StoreError> {
        Ok(Self {
            id: TownStepId(raw.id),
            insee: raw.insee,
            step: parse("town_steps.step", &raw.step)?,
            happened_on: raw.happened_on,
            says: raw.says,
            source: raw.source,
            recorded_at: raw.recorded_at,
        })
    }
}

const SELECT: &str =
    "SELECT id, insee, step, happened_on, says, source, recorded_at FROM town_steps ";
const LAST_FIRST: &str = "ORDER BY happened_on DESC, id DESC";

pub(crate) async fn record(
    connection: &mut Connection,
    new: &NewStep,
    now: DateTime<Utc>,
) -> Result<i64, StoreError> {
    sqlx::query_scalar(
        "INSERT INTO town_steps (insee, step, happened_on, says, source, recorded_at) \
         VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (insee, step, happened_on) DO UPDATE SET says = excluded.says, \
         source = excluded.source, recorded_at = excluded.recorded_at RETURNING id",
    )
    .bind(clean(&new.insee))
    .bind(new.step.as_str())
    .bind(new.happened_on)
    .bind(clean_opt(new.says.as_deref()))
    .bind(clean_opt(new.source.as_deref()))
    .bind(now)
    .fetch_one(connection)
    .await
    .doing("recording a step of a town")
}

pub(crate) async fn forget(connection: &mut Connection, id: i64) -> Result<bool, StoreError> {
    let done = sqlx::query("DELETE FROM town_steps WHERE id = $1")
        .bind(id)
        .execute(connection)
        .await
        .doing("forgetting a step of a town")?;
    Ok(done.rows_affected() > 0)
}

pub(crate) async fn all(connection: &mut Connection) -> Result<Vec<RecordedStep>, StoreError> {
    let mut query = QueryBuilder::<Db>::new(SELECT);
    query.push(LAST_FIRST);
    steps(connection, query).await
}

pub(crate) async fn of_town(
    connection: &mut Connection,
    insee: &str,
) -> Result<Vec<RecordedStep>, StoreError> {
    let mut query = QueryBuilder::<Db>::new(SELECT);
    query.push("WHERE insee = ").push_bind(insee.to_owned()).push(" ").push(LAST_FIRST);
    steps(connection, query).await
}

async fn steps(
    connection: &mut Connection,
    mut query: QueryBuilder<Db>,
) -> Result<Vec<RecordedStep>, StoreError> {
    let rows: Vec<RawStep> = query
        .build_query_as()
        .fetch_all(connection)
        .await
        .doing("reading the register of towns")?;
    rows.into_iter().map(RecordedStep::try_from).collect()
}
