//! Poolers between us and PostgreSQL. Prepared statements and the lock of migrations belong to a
//! connection of the server: a pooler in transaction mode (PgBouncer's `pool_mode = transaction`) gives
//! the next transaction another one, and they fail now and then.

use std::hash::{BuildHasher, RandomState};

use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection, PgConnection};

/// Other clients of the pooler may come between two of our questions.
const ROUNDS: usize = 3;

/// Whether what one connection sets is seen by another: both are the same one to the server, one after
/// the other.
///
/// # Errors
/// When a connection cannot be made.
pub(crate) async fn hands_round(options: &PgConnectOptions) -> Result<bool, sqlx::Error> {
    let (mut one, mut other) = (options.connect().await?, options.connect().await?);
    let mut shared = false;
    for round in 0..ROUNDS {
        let mark = format!("{:x}", RandomState::new().hash_one(round));
        // As text, without parameters: nothing is prepared.
        let set = format!("SELECT set_config('guetteur.mark', '{mark}', false)");
        let _: String = one_value(&mut one, set).await?;
        let seen = "SELECT COALESCE(current_setting('guetteur.mark', true), '')".to_owned();
        shared |= one_value(&mut other, seen).await? == mark;
    }
    one.close().await?;
    other.close().await?;
    Ok(shared)
}

async fn one_value(connection: &mut PgConnection, sql: String) -> Result<String, sqlx::Error> {
    let row =
        sqlx::Executor::fetch_one(connection, sqlx::raw_sql(sqlx::AssertSqlSafe(sql))).await?;
    sqlx::Row::try_get(&row, 0)
}
