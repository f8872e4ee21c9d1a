//! The fields of the index, and an act as a row of it.

use chrono::{Datelike, NaiveDate};
use guetteur_communes::region_slug;
use guetteur_model::{ActId, Level};
use std::collections::BTreeSet;
use tantivy::TantivyDocument;
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, Schema, SchemaBuilder, TextFieldIndexing,
    TextOptions,
};

use crate::analysis::{CODE, EXACT, STEMS};
use crate::snippet::readable;
use crate::{ActDocument, Subject};

/// End of effect of an act that names none: the last day of year 9999.
pub(crate) const OPEN_ENDED: i64 = 3_652_059;

/// In the place of a commune, of an act that names none.
pub(crate) const NO_COMMUNE: &str = "-";

/// Longer names of beneficiaries are text that was taken for a name.
const MAX_BENEFICIARY_CHARS: usize = 160;

/// Separates value and label in a facet column.
pub(crate) const LABEL_SEPARATOR: char = '\t';

/// The fields, in the order of the schema.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields {
    pub(crate) act_id: Field,
    pub(crate) bulletin_id: Field,
    /// Days from the common era, like all dates here.
    pub(crate) published: Field,
    pub(crate) year: Field,
    /// Months from the year 0, for counting.
    pub(crate) month: Field,
    pub(crate) signed: Field,
    pub(crate) valid_from: Field,
    pub(crate) valid_to: Field,
    pub(crate) notice_hours: Field,
    pub(crate) cameras: Field,
    pub(crate) aircraft: Field,
    /// Seconds of the Unix epoch.
    pub(crate) first_seen: Field,
    pub(crate) to_check: Field,
    pub(crate) withdrawn: Field,
    /// Stems of everything that is searched by default.
    pub(crate) text: Field,
    /// Stems of the title, for rank and `titre:`.
    pub(crate) title: Field,
    /// The words of `text` as they are.
    pub(crate) exact: Field,
    pub(crate) number: Field,
    pub(crate) service: Field,
    pub(crate) signatory: Field,
    pub(crate) beneficiary_words: Field,
    pub(crate) prefecture_words: Field,
    pub(crate) commune_words: Field,
    pub(crate) prefecture: Field,
    /// Its name as addresses write it.
    pub(crate) region: Field,
    pub(crate) prefecture_facet: Field,
    pub(crate) level: Field,
    /// `drone/authorises`.
    pub(crate) flag: Field,
    pub(crate) kind: Field,
    pub(crate) purpose: Field,
    pub(crate) doubt: Field,
    pub(crate) commune: Field,
    pub(crate) commune_facet: Field,
    pub(crate) beneficiary: Field,
    pub(crate) stored_title: Field,
    pub(crate) stored_body: Field,
}

impl Fields {
    pub(crate) fn new() -> (Self, Schema) {
        let mut schema = Schema::builder();
        let fields = Self::add_to(&mut schema);
        (fields, schema.build())
    }

    fn add_to(schema: &mut SchemaBuilder) -> Self {
        let stems = || words(STEMS);
        let exact = || words(EXACT);
        Self {
            act_id: schema.add_i64_field("act_id", INDEXED | FAST),
            bulletin_id: schema.add_i64_field("bulletin_id", INDEXED),
            published: schema.add_i64_field("published", FAST),
            year: schema.add_i64_field("year", INDEXED),
            month: schema.add_i64_field("month", FAST),
            signed: schema.add_i64_field("signed", FAST),
            valid_from: schema.add_i64_field("valid_from", FAST),
            valid_to: schema.add_i64_field("valid_to", FAST),
            notice_hours: schema.add_f64_field("notice_hours", FAST),
            cameras: schema.add_u64_field("cameras", FAST),
            aircraft: schema.add_u64_field("aircraft", FAST),
            first_seen: schema.add_i64_field("first_seen", FAST),
            to_check: schema.add_bool_field("to_check", INDEXED),
            withdrawn: schema.add_bool_field("withdrawn", INDEXED | FAST),
            text: schema.add_text_field("text", stems()),
            title: schema.add_text_field("title", stems()),
            exact: schema.add_text_field("exact", exact()),
            number: schema.add_text_field("number", exact()),
            service: schema.add_text_field("service", stems()),
            signatory: schema.add_text_field("signatory", exact()),
            beneficiary_words: schema.add_text_field("beneficiary_words", stems()),
            prefecture_words: schema.add_text_field("prefecture_words", stems()),
            commune_words: schema.add_text_field("commune_words", exact()),
            prefecture: schema.add_text_field("prefecture", code()),
            region: schema.add_text_field("region", code()),
            prefecture_facet: schema.add_text_field("prefecture_facet", column()),
            level: schema.add_text_field("level", code()),
            flag: schema.add_text_field("flag", code().set_fast("raw")),
            kind: schema.add_text_field("kind", code()),
            purpose: schema.add_text_field("purpose", code().set_fast("raw")),
            doubt: schema.add_text_field("doubt", code().set_fast("raw")),
            commune: schema.add_text_field("commune", code()),
            commune_facet: schema.add_text_field("commune_facet", column()),
            beneficiary: schema.add_text_field("beneficiary", code().set_fast("raw")),
            stored_title: schema.add_text_field("stored_title", STORED),
            stored_body: schema.add_text_field("stored_body", STORED),
        }
    }

    /// The row of an act.
    pub(crate) fn row(&self, act_id: ActId, act: &ActDocument) -> TantivyDocument {
        let mut row = TantivyDocument::new();
        row.add_i64(self.act_id, act_id.0);
        row.add_i64(self.bulletin_id, act.bulletin_id.0);
        self.add_dates(&mut row, act);
        self.add_words(&mut row, act);
        self.add_codes(&mut row, act);
        row.add_text(self.stored_title, readable(&act.title));
        row.add_text(self.stored_body, readable(&act.body));
        row
    }

    fn add_dates(&self, row: &mut TantivyDocument, act: &ActDocument) {
        if let Some(day) = act.published_on {
            row.add_i64(self.published, day_number(day));
            row.add_i64(self.year, day.year().into());
            row.add_i64(self.month, month_number(day));
        }
        if let Some(day) = act.signed_on {
            row.add_i64(self.signed, day_number(day));
        }
        if let Some(day) = act.valid_from {
            row.add_i64(self.valid_from, day_number(day));
        } else if act.valid_to.is_some()
            && let Some(day) = act.published_on.or(act.signed_on)
        {
            row.add_i64(self.valid_from, day_number(day));
        }
        if let Some(day) = act.valid_to {
            row.add_i64(self.valid_to, day_number(day));
        } else if act.valid_from.is_some() {
            row.add_i64(self.valid_to, OPEN_ENDED);
        }
        if let Some(hours) = act.notice_hours {
            row.add_f64(self.notice_hours, hours);
        }
        if let Some(cameras) = act.cameras {
            row.add_u64(self.cameras, cameras.into());
        }
        if let Some(aircraft) = act.aircraft {
            row.add_u64(self.aircraft, aircraft.into());
        }
        if let Some(at) = act.first_seen_at {
            row.add_i64(self.first_seen, at.timestamp());
        }
    }

    fn add_words(&self, row: &mut TantivyDocument, act: &ActDocument) {
        let mut add = |field: Field, text: &str| {
            if !text.is_empty() {
                row.add_text(field, text);
                row.add_text(self.text, text);
                row.add_text(self.exact, text);
            }
        };
        add(self.title, &act.title);
        act.numbers.iter().for_each(|number| add(self.number, number));
        act.communes.iter().for_each(|commune| add(self.commune_words, &commune.name));
        add(self.prefecture_words, &act.prefecture_name);
        add(self.service, act.service.as_deref().unwrap_or_default());
        add(self.signatory, act.signed_by.as_deref().unwrap_or_default());
        add(self.beneficiary_words, act.beneficiary.as_deref().unwrap_or_default());
        let rest = act.legal_refs.iter().chain(&act.kind).chain([&act.body]);
        for text in rest.filter(|text| !text.is_empty()) {
            row.add_text(self.text, text);
            row.add_text(self.exact, text);
        }
    }

    fn add_codes(&self, row: &mut TantivyDocument, act: &ActDocument) {
        row.add_text(self.prefecture, &act.prefecture);
        row.add_text(self.region, region_slug(&act.region));
        let labelled = |value: &str, label: &str| format!("{value}{LABEL_SEPARATOR}{label}");
        row.add_text(self.prefecture_facet, labelled(&act.prefecture, &act.prefecture_name));
        if act.communes.is_empty() {
            row.add_text(self.commune, NO_COMMUNE);
        }
        for commune in act.communes.iter().collect::<BTreeSet<_>>() {
            row.add_text(self.commune, &commune.insee);
            row.add_text(self.commune_facet, labelled(&commune.insee, &commune.name));
        }
        let distinct = |values: Vec<String>| values.into_iter().collect::<BTreeSet<_>>();
        let of_flags =
            |f: &dyn Fn(&crate::IndexedFlag) -> String| distinct(act.flags.iter().map(f).collect());
        for value in of_flags(&|flag| flag.level.to_string()) {
            row.add_text(self.level, value);
        }
        for value in of_flags(&|flag| flag_code(flag.category.as_str(), flag.level)) {
            row.add_text(self.flag, value);
        }
        for value in distinct(act.purposes.iter().map(|p| purpose_code(*p)).collect()) {
            row.add_text(self.purpose, value);
        }
        for kind in act.doubts.iter().collect::<BTreeSet<_>>() {
            row.add_text(self.doubt, kind.as_str());
        }
        // Only those that are: excluding a short list costs nothing.
        if act.subject == Subject::WithdrawnAlert {
            row.add_bool(self.withdrawn, true);
        }
        row.add_bool(self.to_check, act.flags.iter().any(|flag| flag.to_check));
        if let Some(kind) = &act.kind {
            row.add_text(self.kind, kind);
        }
        if let Some(name) = &act.beneficiary {
            row.add_text(self.beneficiary, beneficiary_value(name));
        }
    }
}

fn words(analyser: &str) -> TextOptions {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(analyser)
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    TextOptions::default().set_indexing_options(indexing)
}

fn code() -> TextOptions {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(CODE)
        .set_fieldnorms(false)
        .set_index_option(IndexRecordOption::Basic);
    TextOptions::default().set_indexing_options(indexing)
}

fn column() -> TextOptions {
    TextOptions::default().set_fast("raw")
}

/// A day as the columns hold it.
pub(crate) fn day_number(day: NaiveDate) -> i64 {
    day.num_days_from_ce().into()
}

/// The month of a day as its column holds it.
fn month_number(day: NaiveDate) -> i64 {
    i64::from(day.year()) * 12 + i64::from(day.month0())
}

/// The first day of a month as its column holds it.
pub(crate) fn day_of_month_number(month: i64) -> Option<NaiveDate> {
    let (year, month0) = (month.div_euclid(12), month.rem_euclid(12));
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, u32::try_from(month0).ok()? + 1, 1)
}

/// A flag as the `flag` field holds it.
pub(crate) fn flag_code(category: &str, level: Level) -> String {
    format!("{category}/{level}")
}

/// The kebab-case id of a purpose.
pub(crate) fn purpose_code(purpose: guetteur_model::Purpose) -> String {
    match serde_json::to_value(purpose) {
        Ok(serde_json::Value::String(id)) => id,
        _ => String::new(),
    }
}

/// A beneficiary as the facet gives it.
pub(crate) fn beneficiary_value(name: &str) -> String {
    let name: String = name.split_whitespace().collect::<Vec<_>>().join(" ");
    name.chars().take(MAX_BENEFICIARY_CHARS).collect()
}
