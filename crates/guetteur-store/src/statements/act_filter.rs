//! The conditions of an [`ActFilter`].

use sqlx::QueryBuilder;

use super::{Db, push_in};
use crate::ActFilter;

/// Pushes the conditions after a `WHERE true`; `a` is the act.
pub(super) fn push_act_filter(query: &mut QueryBuilder<Db>, filter: &ActFilter) {
    if !filter.removed {
        query.push(" AND a.removed_at IS NULL AND a.repeats IS NULL");
    }
    if filter.flagged || !filter.categories.is_empty() || !filter.levels.is_empty() {
        query.push(" AND a.flagged");
    }
    push_in(query, "a.source_code", filter.sources.iter().cloned());
    if !filter.categories.is_empty() || !filter.levels.is_empty() {
        query.push(" AND EXISTS (SELECT 1 FROM flags f WHERE f.act_id = a.id");
        push_in(query, "f.category", filter.categories.iter().map(ToString::to_string));
        push_in(query, "f.level", filter.levels.iter().map(|level| level.as_str()));
        query.push(")");
    }
    if !filter.communes.is_empty() {
        query.push(" AND EXISTS (SELECT 1 FROM act_communes c WHERE c.act_id = a.id");
        push_in(query, "c.insee", filter.communes.iter().cloned());
        query.push(")");
    }
    if filter.without_commune {
        query.push(" AND NOT EXISTS (SELECT 1 FROM act_communes c WHERE c.act_id = a.id)");
    }
    if let Some(from) = filter.published_from {
        query.push(" AND a.published_on >= ").push_bind(from);
    }
    if let Some(to) = filter.published_to {
        query.push(" AND a.published_on <= ").push_bind(to);
    }
    if let Some(day) = filter.in_force_on {
        query.push(" AND a.valid_to_on >= ").push_bind(day);
        query.push(" AND COALESCE(a.valid_from_on, a.published_on) <= ").push_bind(day);
    }
    if let Some(since) = filter.updated_since {
        query.push(" AND a.updated_at >= ").push_bind(since);
    }
}
