//! Passages that the operator masks, say the name of a private person.
//!
//! They are covered where acts and bulletins are read ([`Store::acts_by_ids`] and its like), so that no
//! page, feed, export or index can forget it. Each character becomes a bar: places of evidence stay true. The
//! stored text and the archived PDF keep the words: they are the proof.

use crate::boxed;
use std::borrow::Cow;
use std::collections::HashMap;

use chrono::{DateTime, Utc};
use guetteur_model::fold::{Folded, fold};
use guetteur_model::{ActId, ActPage, BulletinId, MaskId, Page, Sha256};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::store::{read, write};
use crate::{ActRecord, CountedRow, Store, StoreError};

/// What stands for a character of a masked passage.
pub const BAR: char = '█';

/// A masked passage of an act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mask {
    /// Identity.
    pub id: MaskId,
    /// The act.
    pub act: ActId,
    /// The words; case, accents and line breaks do not matter.
    pub passage: String,
    /// Why, for the operator's own records.
    pub reason: Option<String>,
    /// Whether the site goes on serving the PDF, where the words can be read.
    pub keeps_pdf: bool,
    /// Since when.
    pub created_at: DateTime<Utc>,
}

/// A mask to lay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewMask<'a> {
    /// The act.
    pub act: ActId,
    /// The words.
    pub passage: &'a str,
    /// Why.
    pub reason: Option<&'a str>,
    /// Whether the site goes on serving the PDF.
    pub keeps_pdf: bool,
}

/// What became of a mask to lay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Laid {
    /// It lies; its id.
    Mask(MaskId),
    /// There is no such act.
    NoAct,
    /// Nothing was stored: the passage cannot be read in the act, or is masked already.
    NotRead,
}

impl Store {
    /// Masks a passage from now on, if it can be read in the act: a passage that matches nothing
    /// would leave its operator in the belief that it is covered. The act counts as changed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn lay_mask(
        &self,
        mask: NewMask<'_>,
        now: DateTime<Utc>,
    ) -> Result<Laid, StoreError> {
        let Some(shown) = self.acts_by_ids(&[mask.act]).await?.pop() else {
            return Ok(Laid::NoAct);
        };
        let passages = [mask.passage.to_owned()];
        let mut masked = shown.clone();
        cover_record(&mut masked, &passages)?;
        let mut read = masked != shown;
        if !read {
            let text = self.act_text(mask.act).await?;
            read = text.iter().any(|page| matches!(covered(&page.text, &passages), Cow::Owned(_)));
        }
        if !read {
            return Ok(Laid::NotRead);
        }
        let id = write!(self, "masking a passage", |connection| {
            sql::masks::add(connection, mask, now).await
        })?;
        Ok::<_, StoreError>(Laid::Mask(MaskId(id)))
    }

    /// Takes a mask away; `false` when there is none of this id. The act counts as changed.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn remove_mask(&self, id: MaskId, now: DateTime<Utc>) -> Result<bool, StoreError> {
        write!(self, "unmasking a passage", |connection| sql::masks::remove(connection, id.0, now)
            .await)
    }

    /// All masks, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn masks(&self) -> Result<Vec<Mask>, StoreError> {
        read!(self, "reading masks", |connection| sql::masks::all(connection).await)
    }

    /// Whether a mask keeps the site from serving this PDF, a present or former version of the
    /// bulletin of a masked act.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn is_withheld(&self, document: Sha256) -> Result<bool, StoreError> {
        read!(self, "reading masks", |connection| sql::masks::withholds(connection, document).await)
    }

    /// Covers what is masked of these acts.
    pub(crate) async fn cover(
        &self,
        mut records: Vec<ActRecord>,
    ) -> Result<Vec<ActRecord>, StoreError> {
        let ids: Vec<i64> = records.iter().map(|record| record.id.0).collect();
        let passages = self.passages(&ids).await?;
        for record in &mut records {
            if let Some(passages) = passages.get(&record.id.0) {
                cover_record(record, passages)?;
            }
        }
        let masks = self.masks_by_bulletin().await?;
        for record in &mut records {
            record.withheld = masks.cover(record.bulletin_id, &mut record.bulletin_title);
        }
        Ok(records)
    }

    /// All masks, by the bulletins of their acts: an operator lays few.
    pub(crate) async fn masks_by_bulletin(&self) -> Result<MasksByBulletin, StoreError> {
        let rows = read!(self, "reading masks", |connection| {
            sql::masks::of_bulletins(connection).await
        })?;
        let mut masks = MasksByBulletin::default();
        for (bulletin, passage, keeps_pdf) in rows {
            let of_bulletin = masks.0.entry(BulletinId(bulletin)).or_default();
            of_bulletin.passages.push(passage);
            of_bulletin.withhold_pdf |= !keeps_pdf;
        }
        Ok(masks)
    }

    /// Covers what is masked of the facts and alerts of acts that are counted.
    pub(crate) async fn cover_counted(
        &self,
        mut rows: Vec<CountedRow>,
    ) -> Result<Vec<CountedRow>, StoreError> {
        let mut passages: HashMap<ActId, Vec<String>> = HashMap::new();
        // All masks, rather than those of thousands of acts by id: masks are few.
        for mask in self.masks().await? {
            passages.entry(mask.act).or_default().push(mask.passage);
        }
        for row in &mut rows {
            if let Some(passages) = passages.get(&row.id) {
                cover_all(&mut row.facts, passages)?;
                if let Some(alert) = &mut row.alert {
                    cover_all(&mut alert.content, passages)?;
                }
            }
        }
        Ok(rows)
    }

    /// Covers what is masked of an act's text.
    pub(crate) async fn cover_text(
        &self,
        act: ActId,
        mut text: Vec<ActPage>,
    ) -> Result<Vec<ActPage>, StoreError> {
        let passages = self.passages(&[act.0]).await?;
        for page in &mut text {
            replace(&mut page.text, passages.get(&act.0).map(Vec::as_slice).unwrap_or_default());
        }
        Ok(text)
    }

    /// Covers what is masked of any of these acts.
    pub(crate) async fn cover_pages(
        &self,
        acts: &[i64],
        mut pages: Vec<Page>,
    ) -> Result<Vec<Page>, StoreError> {
        let passages: Vec<String> = self.passages(acts).await?.into_values().flatten().collect();
        for page in &mut pages {
            replace(&mut page.text, &passages);
        }
        Ok(pages)
    }

    async fn passages(&self, acts: &[i64]) -> Result<HashMap<i64, Vec<String>>, StoreError> {
        let mut by_act: HashMap<i64, Vec<String>> = HashMap::new();
        if acts.is_empty() {
            return Ok(by_act);
        }
        let rows = read!(self, "reading masks", |connection| {
            sql::masks::passages(connection, acts).await
        })?;
        for (act, passage) in rows {
            by_act.entry(act).or_default().push(passage);
        }
        Ok(by_act)
    }
}

/// What the masks of acts mean for their bulletins.
#[derive(Default)]
pub(crate) struct MasksByBulletin(HashMap<BulletinId, MasksOfBulletin>);

#[derive(Default)]
struct MasksOfBulletin {
    passages: Vec<String>,
    withhold_pdf: bool,
}

impl MasksByBulletin {
    /// Covers the bulletin's title; gives whether its PDF is withheld.
    pub(crate) fn cover(&self, bulletin: BulletinId, title: &mut String) -> bool {
        let Some(masks) = self.0.get(&bulletin) else { return false };
        replace(title, &masks.passages);
        masks.withhold_pdf
    }
}

/// Records have many texts, and will have more: whatever is text in them.
fn cover_record(record: &mut ActRecord, passages: &[String]) -> Result<(), StoreError> {
    replace(&mut record.bulletin_title, passages);
    cover_all(&mut record.act, passages)?;
    cover_all(&mut record.facts, passages)?;
    cover_all(&mut record.flags, passages)?;
    match &mut record.alert {
        Some(alert) => cover_all(&mut alert.content, passages),
        None => Ok(()),
    }
}

fn cover_all<T: Serialize + DeserializeOwned>(
    value: &mut T,
    passages: &[String],
) -> Result<(), StoreError> {
    let covered = serde_json::to_value(&*value).and_then(|mut json| {
        cover_json(&mut json, passages);
        serde_json::from_value(json)
    });
    *value = covered.map_err(|source| StoreError::Json { what: "a masked act", source })?;
    Ok(())
}

fn cover_json(value: &mut Value, passages: &[String]) {
    match value {
        Value::String(text) => replace(text, passages),
        Value::Array(values) => values.iter_mut().for_each(|value| cover_json(value, passages)),
        Value::Object(fields) => fields.values_mut().for_each(|value| cover_json(value, passages)),
        _ => {}
    }
}

fn replace(text: &mut String, passages: &[String]) {
    if let Cow::Owned(covered) = covered(text, passages) {
        *text = covered;
    }
}

/// The text with bars over the passages, character for character.
fn covered<'t>(text: &'t str, passages: &[String]) -> Cow<'t, str> {
    if passages.is_empty() {
        return Cow::Borrowed(text);
    }
    let folded = Folded::new(text);
    let mut hidden: Vec<(u32, u32)> = passages
        .iter()
        .map(|passage| fold(passage))
        .flat_map(|passage| found(folded.as_str(), passage.trim()))
        .map(|(from, to)| folded.span(from, to))
        .collect();
    if hidden.is_empty() {
        return Cow::Borrowed(text);
    }
    hidden.sort_unstable();
    let mut next = hidden.into_iter().peekable();
    let bar_over = |(at, c): (usize, char)| {
        let at = at as u32;
        while next.next_if(|(_, to)| *to <= at).is_some() {}
        let under = next.peek().is_some_and(|(from, _)| *from <= at);
        if under && !c.is_whitespace() { BAR } else { c }
    };
    Cow::Owned(text.chars().enumerate().map(bar_over).collect())
}

/// Where the passage stands as whole words: first byte, one past the last.
fn found(text: &str, passage: &str) -> Vec<(usize, usize)> {
    if passage.is_empty() {
        return Vec::new();
    }
    let whole = |from: usize, to: usize| {
        let glued = |outside: Option<char>, inside: Option<char>| {
            outside.is_some_and(char::is_alphanumeric) && inside.is_some_and(char::is_alphanumeric)
        };
        !glued(text[..from].chars().next_back(), passage.chars().next())
            && !glued(text[to..].chars().next(), passage.chars().next_back())
    };
    let spans = text.match_indices(passage).map(|(from, found)| (from, from + found.len()));
    spans.filter(|(from, to)| whole(*from, *to)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words_however_they_are_written() {
        let passages = ["Jean Dupré".to_owned(), "12 rue des Lilas".to_owned()];
        let cases = [
            ("M. Jean Dupré est autorisé", "M. ████ █████ est autorisé"),
            ("M. JEAN\nDUPRE, 12, rue", "M. ████\n█████, 12, rue"),
            ("Jean Dupréaux, 12 rue des Lilas", "Jean Dupréaux, ██ ███ ███ █████"),
            ("rien", "rien"),
        ];
        for (text, expected) in cases {
            assert_eq!(covered(text, &passages), expected);
        }
        assert_eq!(covered("x", &[String::new()]), "x");
    }

    #[test]
    fn overlapping_passages_are_one_bar() {
        let passages = ["a b".to_owned(), "b c".to_owned()];
        assert_eq!(covered("a b c d", &passages), "█ █ █ d");
    }
}
