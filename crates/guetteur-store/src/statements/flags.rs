//! Tables `flags` and `act_communes`: what hangs on an act and is replaced with it.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, Utc};
use guetteur_model::{Facts, Flag};
use sqlx::QueryBuilder;
use sqlx::types::Json;

use super::{Connection, Db};
use crate::error::Doing;
use crate::prepared_act::PreparedAct;
use crate::{RuleChange, StoreError};

/// Rows of one INSERT.
const CHUNK: usize = 500;

/// What tells a flag of an act from another: act, category, level, rule.
type FlagKey = (i64, String, String, String);

/// Since when, and by which rules, a flag stands.
pub(super) type Births = HashMap<FlagKey, (DateTime<Utc>, String)>;

/// Since when, and by which rules, each flag of the bulletin stands: a flag that stays keeps both.
pub(super) async fn births(
    connection: &mut Connection,
    bulletin: i64,
) -> Result<Births, StoreError> {
    type Row = (i64, String, String, String, DateTime<Utc>, String);
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT f.act_id, f.category, f.level, f.rule, f.created_at, f.rules_version \
         FROM flags f JOIN acts a ON a.id = f.act_id WHERE a.bulletin_id = $1",
    )
    .bind(bulletin)
    .fetch_all(connection)
    .await
    .doing("reading the flags of a bulletin")?;
    let birth = |row: Row| ((row.0, row.1, row.2, row.3), (row.4, row.5));
    Ok(rows.into_iter().map(birth).collect())
}

/// What rewriting these acts and removing those does to the flags of each rule.
pub(super) fn changes(
    births: &Births,
    rewritten: &[(i64, &PreparedAct<'_>)],
    removed: &[i64],
) -> BTreeMap<String, RuleChange> {
    let new: HashSet<FlagKey> = rewritten
        .iter()
        .flat_map(|(id, act)| act.flags.iter().map(|flag| key(*id, flag)))
        .collect();
    let touched: HashSet<i64> =
        rewritten.iter().map(|(id, _)| *id).chain(removed.iter().copied()).collect();
    let mut changes: BTreeMap<String, RuleChange> = BTreeMap::new();
    for (_, _, _, rule) in new.iter().filter(|key| !births.contains_key(*key)) {
        changes.entry(rule.clone()).or_default().gained += 1;
    }
    let old = births.keys().filter(|key| touched.contains(&key.0) && !new.contains(*key));
    for (_, _, _, rule) in old {
        changes.entry(rule.clone()).or_default().lost += 1;
    }
    changes
}

fn key(act: i64, flag: &Flag) -> FlagKey {
    (act, flag.category.to_string(), flag.level.to_string(), flag.rule.clone())
}

pub(super) async fn replace(
    connection: &mut Connection,
    acts: &[(i64, &[Flag])],
    births: &Births,
    rules_version: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    for (id, _) in acts {
        sqlx::query("DELETE FROM flags WHERE act_id = $1")
            .bind(id)
            .execute(&mut *connection)
            .await
            .doing("replacing flags")?;
    }
    let flags: Vec<(i64, i64, &Flag)> = acts
        .iter()
        .flat_map(|(id, flags)| flags.iter().zip(0..).map(|(flag, nth)| (*id, nth, flag)))
        .collect();
    for chunk in flags.chunks(CHUNK) {
        let mut query = QueryBuilder::<Db>::new(
            "INSERT INTO flags (act_id, position, category, level, rule, to_check, basis, \
             evidence, created_at, rules_version) ",
        );
        query.push_values(chunk, |mut row, (act, nth, flag)| {
            let key = key(*act, flag);
            let born = births.get(&key).cloned();
            let (_, category, level, rule) = key;
            let (created_at, born_of) = born.unwrap_or_else(|| (now, rules_version.to_owned()));
            row.push_bind(*act)
                .push_bind(*nth)
                .push_bind(category)
                .push_bind(level)
                .push_bind(rule)
                .push_bind(flag.to_check)
                .push_bind(flag.basis.as_str())
                .push_bind(Json(flag.evidence.clone()))
                .push_bind(created_at)
                .push_bind(born_of);
        });
        let result = query.build().persistent(false).execute(&mut *connection).await;
        result.doing("storing flags")?;
    }
    Ok(())
}

pub(super) async fn replace_communes(
    connection: &mut Connection,
    acts: &[(i64, &Facts)],
) -> Result<(), StoreError> {
    let mut communes: BTreeMap<(i64, &str), &str> = BTreeMap::new();
    for (id, facts) in acts {
        sqlx::query("DELETE FROM act_communes WHERE act_id = $1")
            .bind(id)
            .execute(&mut *connection)
            .await
            .doing("replacing communes")?;
        let named = facts.communes.iter();
        communes.extend(named.map(|commune| ((*id, &*commune.insee), &*commune.name)));
    }
    let communes: Vec<_> = communes.into_iter().collect();
    for chunk in communes.chunks(CHUNK) {
        let mut query = QueryBuilder::<Db>::new("INSERT INTO act_communes (act_id, insee, name) ");
        query.push_values(chunk, |mut row, ((act, insee), name)| {
            row.push_bind(*act).push_bind((*insee).to_owned()).push_bind((*name).to_owned());
        });
        let result = query.build().persistent(false).execute(&mut *connection).await;
        result.doing("storing communes")?;
    }
    Ok(())
}
