//! Fields of the query language and filters of a request as clauses.

use std::ops::Bound;

use chrono::NaiveDate;
use guetteur_communes::{Around, Epci, communes};
use guetteur_model::Category;
use guetteur_model::fold::fold;
use tantivy::query::{BooleanQuery, Occur, RangeQuery, TermQuery, TermSetQuery};
use tantivy::schema::{Field, IndexRecordOption, Term};

use super::{Part, Rows, any_of, code, flags, unranked};
use crate::analysis;
use crate::query::{FieldTerm, WordField, is_insee, publisher_code};
use crate::request::TELLING;
use crate::schema::{Fields, NO_COMMUNE, OPEN_ENDED, beneficiary_value, day_number, purpose_code};
use crate::{Filters, SearchRequest};

/// The clause of a field of the query language.
pub(super) fn field(term: &FieldTerm, rows: Rows<'_>) -> Part {
    let fields = rows.fields;
    match term {
        FieldTerm::Prefecture(values) => each(values, |value| prefecture(rows, value)),
        FieldTerm::Region(values) => each(values, |region| code(fields.region, &region.slug())),
        FieldTerm::Commune(values) => each(values, |value| commune(rows, value)),
        FieldTerm::Epci(values) => {
            any_of_communes(fields, values.iter().flat_map(Epci::codes).collect())
        }
        FieldTerm::Around(values) => {
            any_of_communes(fields, values.iter().flat_map(Around::codes).collect())
        }
        FieldTerm::Category(values) => flags(fields, values.iter().map(Category::as_str), &TELLING),
        FieldTerm::Level(values) => each(values, |value| code(fields.level, value.as_str())),
        FieldTerm::Purpose(values) => {
            each(values, |value| code(fields.purpose, &purpose_code(*value)))
        }
        FieldTerm::Doubt(values) => each(values, |kind| code(fields.doubt, kind.as_str())),
        FieldTerm::Year(values) => each(values, |year| number(fields.year, (*year).into())),
        FieldTerm::From(day) => days(fields.published, Some(*day), None),
        FieldTerm::To(day) => days(fields.published, None, Some(*day)),
        FieldTerm::InForce(day) => in_force(fields, *day),
        FieldTerm::Words(field, values) => {
            let stems = |field: Field, text: &str| rows.of(field, &analysis::stems(text), 0);
            let exact = |field: Field, text: &str| rows.of(field, &exact_words(text), 0);
            each(values, |value| match field {
                WordField::Title => stems(fields.title, value),
                WordField::Service => stems(fields.service, value),
                WordField::Beneficiary => stems(fields.beneficiary_words, value),
                WordField::Number => exact(fields.number, value),
                WordField::Signatory => exact(fields.signatory, value),
            })
        }
    }
}

fn each<T>(values: &[T], clause: impl Fn(&T) -> Part) -> Part {
    any_of(values.iter().map(clause).collect())
}

fn exact_words(text: &str) -> Vec<String> {
    analysis::words(text).into_iter().map(|word| word.text).collect()
}

/// By code (`34`, `pref34`, `2a`, `ppparis`) or by words of the name.
fn prefecture(rows: Rows<'_>, value: &str) -> Part {
    let fields = rows.fields;
    let folded = fold(value);
    let by_code = code(fields.prefecture, publisher_code(&folded));
    let words = analysis::stems(value);
    if words.is_empty() || folded.starts_with(|c: char| c.is_ascii_digit()) {
        return by_code;
    }
    any_of(vec![by_code, rows.of(fields.prefecture_words, &words, 0)])
}

/// By INSEE code or by name.
fn commune(rows: Rows<'_>, value: &str) -> Part {
    if is_insee(value) {
        return commune_of_code(rows.fields, value);
    }
    rows.of(rows.fields.commune_words, &exact_words(value), 0)
}

/// By INSEE code, today's or a former one; a city of arrondissements with these.
fn commune_of_code(fields: &Fields, insee: &str) -> Part {
    match communes().meant_by(insee).as_slice() {
        [] => code(fields.commune, insee),
        [one] => code(fields.commune, one),
        several => any_of_communes(fields, several.to_vec()),
    }
}

/// Acts that name one of these, by INSEE code: there may be hundreds.
fn any_of_communes(fields: &Fields, codes: Vec<&str>) -> Part {
    let terms = codes.iter().map(|insee| {
        // As `code` has it.
        Term::from_field_text(fields.commune, &insee.to_lowercase())
    });
    unranked(Box::new(TermSetQuery::new(terms)))
}

fn number(field: Field, value: i64) -> Part {
    Box::new(TermQuery::new(Term::from_field_i64(field, value), IndexRecordOption::Basic))
}

/// Days of a column, both ends included.
pub(super) fn days(field: Field, from: Option<NaiveDate>, to: Option<NaiveDate>) -> Part {
    let bound = |day: Option<NaiveDate>| match day {
        Some(day) => Bound::Included(Term::from_field_i64(field, day_number(day))),
        None => Bound::Unbounded,
    };
    let from = match from {
        None if to.is_none() => Bound::Included(Term::from_field_i64(field, 0)),
        other => bound(other),
    };
    unranked(Box::new(RangeQuery::new(from, bound(to))))
}

/// Begun, and not over.
fn in_force(fields: &Fields, day: NaiveDate) -> Part {
    overlapping(fields, day, day, OPEN_ENDED)
}

/// Periods of effect that share a day with `from..=to` and end no later than `latest_end`.
pub(super) fn overlapping(
    fields: &Fields,
    from: NaiveDate,
    to: NaiveDate,
    latest_end: i64,
) -> Part {
    let end = RangeQuery::new(
        Bound::Included(Term::from_field_i64(fields.valid_to, day_number(from))),
        Bound::Included(Term::from_field_i64(fields.valid_to, latest_end)),
    );
    Box::new(BooleanQuery::new(vec![
        (Occur::Must, days(fields.valid_from, None, Some(to))),
        (Occur::Must, unranked(Box::new(end))),
    ]))
}

/// The clauses of the request's filters; all must hold, none weighs in rank.
pub(crate) fn filter_clauses(request: &SearchRequest, fields: &Fields) -> Vec<Part> {
    let filters = &request.filters;
    let mut clauses = code_clauses(filters, fields);
    if filters.from.is_some() || filters.to.is_some() {
        clauses.push(days(fields.published, filters.from, filters.to));
    }
    if let Some(day) = filters.in_force_on {
        clauses.push(in_force(fields, day));
    }
    if let Some(day) = filters.starts_before {
        clauses.push(days(fields.valid_from, Some(request.today), Some(day)));
    }
    if let Some(hours) = filters.max_notice_hours {
        let top = Term::from_field_f64(fields.notice_hours, hours);
        clauses.push(Box::new(RangeQuery::new(Bound::Unbounded, Bound::Included(top))));
    }
    if !filters.acts.is_empty() {
        let ids = filters.acts.iter().map(|id| Term::from_field_i64(fields.act_id, id.0));
        clauses.push(Box::new(TermSetQuery::new(ids)));
    }
    if let Some(instant) = filters.seen_since {
        let from = Term::from_field_i64(fields.first_seen, instant.timestamp());
        clauses.push(Box::new(RangeQuery::new(Bound::Included(from), Bound::Unbounded)));
    }
    clauses.into_iter().map(unranked).collect()
}

fn code_clauses(filters: &Filters, fields: &Fields) -> Vec<Part> {
    let mut clauses = Vec::new();
    let mut add = |values: Vec<Part>| {
        if !values.is_empty() {
            clauses.push(any_of(values));
        }
    };
    let codes = |field: Field, values: &[String]| -> Vec<Part> {
        values.iter().map(|value| code(field, value)).collect()
    };
    add(filters.prefectures.iter().map(|value| prefecture_code(fields, value)).collect());
    add(codes(fields.region, &filters.regions));
    add(filters.communes.iter().map(|insee| commune_of_code(fields, insee)).collect());
    if !filters.epcis.is_empty() {
        let known = filters.epcis.iter().filter_map(|siren| Epci::by_siren(siren));
        let codes = known.flat_map(|epci| epci.codes()).collect();
        add(vec![any_of_communes(fields, codes)]);
    }
    if !filters.around.is_empty() {
        let codes = filters.around.iter().flat_map(Around::codes).collect();
        add(vec![any_of_communes(fields, codes)]);
    }
    add(codes(fields.kind, &filters.kinds));
    add(filters
        .beneficiaries
        .iter()
        .map(|name| code(fields.beneficiary, &beneficiary_value(name)))
        .collect());
    add(filters.purposes.iter().map(|p| code(fields.purpose, &purpose_code(*p))).collect());
    add(filters.doubts.iter().map(|kind| code(fields.doubt, kind.as_str())).collect());
    add(filters.years.iter().map(|year| number(fields.year, (*year).into())).collect());
    add(filters.bulletin_id.iter().map(|id| number(fields.bulletin_id, id.0)).collect());
    if filters.categories.is_empty() {
        add(filters.levels.iter().map(|level| code(fields.level, level.as_str())).collect());
    } else {
        let categories = filters.categories.iter().map(Category::as_str);
        add(vec![flags(fields, categories, filters.levels_of_categories())]);
    }
    if filters.without_commune {
        add(vec![code(fields.commune, NO_COMMUNE)]);
    }
    if filters.flagged {
        add(TELLING.iter().map(|level| code(fields.level, level.as_str())).collect());
    }
    if let Some(wanted) = filters.to_check {
        let term = Term::from_field_bool(fields.to_check, wanted);
        add(vec![Box::new(TermQuery::new(term, IndexRecordOption::Basic))]);
    }
    clauses
}

/// Alerts that were withdrawn.
pub(crate) fn withdrawn(fields: &Fields) -> Part {
    let term = Term::from_field_bool(fields.withdrawn, true);
    Box::new(TermQuery::new(term, IndexRecordOption::Basic))
}

fn prefecture_code(fields: &Fields, value: &str) -> Part {
    code(fields.prefecture, value)
}
