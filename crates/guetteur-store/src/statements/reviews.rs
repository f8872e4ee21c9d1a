//! Table `reviews`, and acts as reviews change them.

use std::borrow::Cow;
use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use guetteur_model::{ActId, Answer, Facts, Flag, ReviewId, Subject};
use serde_json::Value;
use sqlx::QueryBuilder;
use sqlx::types::Json;

use super::{Connection, Db, acts, flags, push_in, revisions};
use crate::clean::{clean, clean_json};
use crate::error::Doing;
use crate::from_row::from_row;
use crate::prepared_act::PreparedAct;
use crate::reviews::{Before, NewReview, Review, Reviewed, apply, fingerprint, restore, take};
use crate::rows::parse;
use crate::{ActRecord, StoreError};

/// Acts asked for in one statement.
const CHUNK: usize = 500;

struct RawReview {
    id: i64,
    act_id: i64,
    subject: String,
    answer: String,
    value: Option<Json<Value>>,
    reason: String,
    was: Json<Before>,
    read_sha256: String,
    reviewed_at: DateTime<Utc>,
}

from_row!(RawReview { id, act_id, subject, answer, value, reason, was, read_sha256, reviewed_at });

/// A review with what the last reading gave.
struct Known {
    review: Review,
    was: Before,
    read_sha256: String,
}

impl TryFrom<RawReview> for Known {
    type Error = StoreError;

    fn try_from(raw: RawReview) -> Result<Self, StoreError> {
        Ok(Self {
            review: Review {
                id: ReviewId(raw.id),
                act: ActId(raw.act_id),
                subject: parse("reviews.subject", &raw.subject)?,
                answer: parse("reviews.answer", &raw.answer)?,
                value: raw.value.map(|value| value.0),
                reason: raw.reason,
                reviewed_at: raw.reviewed_at,
            },
            was: raw.was.0,
            read_sha256: raw.read_sha256,
        })
    }
}

const SELECT: &str = "SELECT id, act_id, subject, answer, value, reason, was, read_sha256, \
    reviewed_at FROM reviews WHERE true";

/// In the order of their ids, by act.
async fn known(
    connection: &mut Connection,
    acts: &[i64],
) -> Result<HashMap<i64, Vec<Known>>, StoreError> {
    let mut found: HashMap<i64, Vec<Known>> = HashMap::new();
    for chunk in acts.chunks(CHUNK) {
        let mut query = QueryBuilder::<Db>::new(SELECT);
        push_in(&mut query, "act_id", chunk.iter().copied());
        query.push(" ORDER BY id");
        let rows: Vec<RawReview> = query
            .build_query_as()
            .persistent(false)
            .fetch_all(&mut *connection)
            .await
            .doing("reading reviews")?;
        for row in rows {
            found.entry(row.act_id).or_default().push(row.try_into()?);
        }
    }
    Ok(found)
}

/// Reviews by act.
pub(crate) async fn of_acts(
    connection: &mut Connection,
    acts: &[i64],
) -> Result<HashMap<i64, Vec<Review>>, StoreError> {
    let found = known(connection, acts).await?;
    let reviews = |(act, known): (i64, Vec<Known>)| {
        (act, known.into_iter().map(|known| known.review).collect())
    };
    Ok(found.into_iter().map(reviews).collect())
}

pub(crate) async fn all(connection: &mut Connection) -> Result<Vec<Review>, StoreError> {
    let mut query = QueryBuilder::<Db>::new(SELECT);
    query.push(" ORDER BY reviewed_at DESC, id DESC");
    let rows: Vec<RawReview> =
        query.build_query_as().fetch_all(connection).await.doing("reading reviews")?;
    rows.into_iter().map(|row| Known::try_from(row).map(|known| known.review)).collect()
}

/// What was read anew, changed by the reviews of acts that were there before; `ids` are those of
/// `acts`, in their order. `None` when none of them was reviewed.
pub(super) async fn applied<'a>(
    connection: &mut Connection,
    ids: &[Option<i64>],
    acts: &[PreparedAct<'a>],
) -> Result<Option<Vec<PreparedAct<'a>>>, StoreError> {
    let there: Vec<i64> = ids.iter().flatten().copied().collect();
    let mut reviewed = known(connection, &there).await?;
    if reviewed.is_empty() {
        return Ok(None);
    }
    let mut changed = acts.to_vec();
    for (act, id) in changed.iter_mut().zip(ids) {
        let Some(found) = id.and_then(|id| reviewed.remove(&id)) else { continue };
        let read_sha256 = act.fingerprint.clone();
        let mut reviews = Vec::with_capacity(found.len());
        let (mut facts, mut flags) = (act.facts.clone().into_owned(), act.flags.to_vec());
        for Known { review, .. } in found {
            with_day(&review.subject, act.act.signed_on, &mut facts);
            let before = take(&review.subject, &mut facts, &mut flags);
            apply(&review, &before, act.published_on, &mut facts, &mut flags);
            sqlx::query("UPDATE reviews SET was = $2, read_sha256 = $3 WHERE id = $1")
                .bind(review.id.0)
                .bind(Json(&before))
                .bind(&read_sha256)
                .execute(&mut *connection)
                .await
                .doing("noting what was read")?;
            reviews.push(review);
        }
        if reviews.iter().any(|review| is_of_day(&review.subject)) {
            act.act.to_mut().signed_on = facts.signed_on;
        }
        act.facts = Cow::Owned(facts);
        act.flags = Cow::Owned(flags);
        act.fingerprint = fingerprint(&read_sha256, &reviews);
    }
    Ok(Some(changed))
}

/// Whether a review is of the day of signature, which the act bears besides its facts.
fn is_of_day(subject: &Subject) -> bool {
    *subject == Subject::Fact("signed_on")
}

/// Gives the facts the day of signature that the act alone bears, before a review of it.
fn with_day(subject: &Subject, signed_on: Option<NaiveDate>, facts: &mut Facts) {
    if is_of_day(subject) {
        facts.signed_on = facts.signed_on.or(signed_on);
    }
}

pub(crate) async fn note(
    connection: &mut Connection,
    new: &NewReview,
    now: DateTime<Utc>,
) -> Result<Reviewed, StoreError> {
    let Some(mut record) = reviewed_act(connection, new.act.0).await? else {
        return Ok(Reviewed::NoAct);
    };
    let act = record.id.0;
    let known = known(connection, &[act]).await?.remove(&act).unwrap_or_default();
    let read_sha256 = match known.first() {
        Some(known) => known.read_sha256.clone(),
        None => content(connection, act).await?,
    };
    let (facts, read_flags) = (&mut record.facts, &mut record.flags);
    with_day(&new.subject, record.act.signed_on, facts);
    if let Some(old) = known.into_iter().find(|known| known.review.subject == new.subject) {
        restore(&new.subject, old.was, facts, read_flags);
    }
    let before = take(&new.subject, facts, read_flags);
    let value = match (new.answer, before.says()) {
        (Answer::Corrected, _) => new.value.clone(),
        (_, None) => return Ok(Reviewed::NoSubject),
        (Answer::Accepted, says) => says,
        (Answer::Rejected, Some(_)) => None,
    };
    let value = value.map(|value| clean_json(&value.to_string()).unwrap_or(value));
    let mut review = Review {
        id: ReviewId(0),
        act: record.id,
        subject: new.subject.clone(),
        answer: new.answer,
        value,
        reason: clean(&new.reason).into_owned(),
        reviewed_at: now,
    };
    if !apply(&review, &before, record.published_on, facts, read_flags) {
        return Ok(Reviewed::NoValue);
    }
    if is_of_day(&review.subject) {
        record.act.signed_on = record.facts.signed_on;
    }
    review.id = ReviewId(store(connection, &review, &before, &read_sha256).await?);
    write(connection, &record, &read_sha256, now).await?;
    Ok(Reviewed::Noted(review.id))
}

async fn store(
    connection: &mut Connection,
    review: &Review,
    was: &Before,
    read_sha256: &str,
) -> Result<i64, StoreError> {
    sqlx::query_scalar(
        "INSERT INTO reviews \
         (act_id, subject, answer, value, reason, was, read_sha256, reviewed_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (act_id, subject) DO UPDATE SET \
         answer = excluded.answer, value = excluded.value, reason = excluded.reason, \
         was = excluded.was, reviewed_at = excluded.reviewed_at RETURNING id",
    )
    .bind(review.act.0)
    .bind(review.subject.to_string())
    .bind(review.answer.as_str())
    .bind(review.value.as_ref().map(Json))
    .bind(&review.reason)
    .bind(Json(was))
    .bind(read_sha256)
    .bind(review.reviewed_at)
    .fetch_one(connection)
    .await
    .doing("noting a review")
}

pub(crate) async fn forget(
    connection: &mut Connection,
    id: i64,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let mut query = QueryBuilder::<Db>::new(SELECT);
    query.push(" AND id = ").push_bind(id);
    let row: Option<RawReview> =
        query.build_query_as().fetch_optional(&mut *connection).await.doing("reading reviews")?;
    let Some(Known { review, was, read_sha256 }) = row.map(Known::try_from).transpose()? else {
        return Ok(false);
    };
    sqlx::query("DELETE FROM reviews WHERE id = $1")
        .bind(id)
        .execute(&mut *connection)
        .await
        .doing("forgetting a review")?;
    let Some(mut record) = acts::by_ids(connection, &[review.act.0]).await?.pop() else {
        return Ok(true);
    };
    restore(&review.subject, was, &mut record.facts, &mut record.flags);
    if is_of_day(&review.subject) {
        record.act.signed_on = record.facts.signed_on;
    }
    write(connection, &record, &read_sha256, now).await?;
    Ok(true)
}

/// The act, or the one that it repeats.
async fn reviewed_act(
    connection: &mut Connection,
    act: i64,
) -> Result<Option<ActRecord>, StoreError> {
    let id: Option<i64> =
        sqlx::query_scalar("SELECT COALESCE(repeats, id) FROM acts WHERE id = $1")
            .bind(act)
            .fetch_optional(&mut *connection)
            .await
            .doing("reading an act")?;
    let Some(id) = id else { return Ok(None) };
    Ok(acts::by_ids(connection, &[id]).await?.pop())
}

async fn content(connection: &mut Connection, act: i64) -> Result<String, StoreError> {
    sqlx::query_scalar("SELECT content_sha256 FROM acts WHERE id = $1")
        .bind(act)
        .fetch_one(connection)
        .await
        .doing("reading an act")
}

/// Writes facts, flags and day of signature of an act as they are now, under the reviews that it has now.
async fn write(
    connection: &mut Connection,
    record: &ActRecord,
    read_sha256: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let (id, facts): (i64, &Facts) = (record.id.0, &record.facts);
    let reviews = of_acts(connection, &[id]).await?.remove(&id).unwrap_or_default();
    let births = flags::births(connection, record.bulletin_id.0).await?;
    let told: &[Flag] = &record.flags;
    // Flags that were not there stand by the operator's word, under no version of the rules.
    flags::replace(connection, &[(id, told)], &births, "", now).await?;
    flags::replace_communes(connection, &[(id, facts)]).await?;
    sqlx::query(
        "UPDATE acts SET facts = $2, valid_from = $3, valid_to = $4, valid_from_on = $5, \
         valid_to_on = $6, flagged = $7, content_sha256 = $8, signed_on = $9 WHERE id = $1",
    )
    .bind(id)
    .bind(Json(facts))
    .bind(facts.valid_from.map(|when| when.to_string()))
    .bind(facts.valid_to.map(|when| when.to_string()))
    .bind(facts.valid_from.map(|when| when.date()))
    .bind(facts.valid_to.map(|when| when.date()))
    .bind(!told.is_empty())
    .bind(fingerprint(read_sha256, &reviews))
    .bind(record.act.signed_on)
    .execute(&mut *connection)
    .await
    .doing("changing an act by a review")?;
    revisions::tell_readers(connection, id, now).await
}
