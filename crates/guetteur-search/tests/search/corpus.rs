//! The acts of `corpus.toml`, and an index of them.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::NaiveDate;
use guetteur_model::{ActId, BulletinId, Category, Commune, Purpose};
use guetteur_search::{ActDocument, IndexChange, IndexedFlag, Query, SearchIndex, SearchRequest};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    like: BTreeMap<String, String>,
    act: Vec<ActData>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ActData {
    key: String,
    prefecture: String,
    name: String,
    published: NaiveDate,
    title: String,
    like: String,
    body: String,
    #[serde(default)]
    flags: Vec<String>,
    #[serde(default)]
    communes: Vec<String>,
    #[serde(default)]
    numbers: Vec<String>,
    #[serde(default)]
    purposes: Vec<Purpose>,
    beneficiary: Option<String>,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    notice: Option<f64>,
}

/// The acts with their keys; ids count from 1.
pub(crate) fn acts() -> Vec<(String, IndexChange)> {
    let file: File = toml::from_str(include_str!("corpus.toml")).expect("corpus.toml");
    let like = file.like;
    let numbered = file.act.into_iter().zip(1..);
    let change =
        |data, id| IndexChange { act_id: ActId(id), rows: vec![document(data, id, &like)] };
    numbered.map(|(data, id)| (data.key.clone(), change(data, id))).collect()
}

fn document(data: ActData, id: i64, like: &BTreeMap<String, String>) -> ActDocument {
    let commune = |text: &String| {
        let (insee, name) = text.split_once(' ').expect("INSEE code and name");
        Commune { insee: insee.to_owned(), name: name.to_owned() }
    };
    let flag = |text: &String| {
        let (category, level) = text.split_once('/').expect("category and level");
        IndexedFlag {
            category: Category::new(category).expect("a category"),
            level: level.parse().expect("a level"),
            to_check: false,
        }
    };
    ActDocument {
        bulletin_id: BulletinId(id / 3),
        body: format!("{}\n{}\n{}", data.title, like[&data.like], data.body),
        title: data.title,
        numbers: data.numbers,
        region: region_of(&data.prefecture).to_owned(),
        prefecture: data.prefecture,
        prefecture_name: data.name,
        communes: data.communes.iter().map(commune).collect(),
        flags: data.flags.iter().map(flag).collect(),
        kind: Some("arrêté".to_owned()),
        beneficiary: data.beneficiary,
        purposes: data.purposes,
        published_on: Some(data.published),
        valid_from: data.from,
        valid_to: data.to,
        notice_hours: data.notice,
        ..ActDocument::default()
    }
}

/// The régions of some prefectures of the corpus; the others are left without one.
fn region_of(prefecture: &str) -> &'static str {
    match prefecture {
        "33" | "19" => "Nouvelle-Aquitaine",
        "30" | "31" | "34" => "Occitanie",
        "75" | "ppparis" => "Île-de-France",
        _ => "",
    }
}

/// An index of the corpus.
pub(crate) struct Corpus {
    pub(crate) index: SearchIndex,
    keys: BTreeMap<ActId, String>,
    dir: tempfile::TempDir,
}

impl Corpus {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let index = SearchIndex::open(dir.path()).expect("an index");
        let acts = acts();
        let keys = acts.iter().map(|(key, act)| (act.act_id, key.clone())).collect();
        index.apply(&changes(acts), 7).expect("applied");
        Self { index, keys, dir }
    }

    pub(crate) fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// Keys of the acts that `text` finds, best first.
    pub(crate) fn find(&self, text: &str) -> Vec<String> {
        self.find_by(&request(text))
    }

    pub(crate) fn find_by(&self, request: &SearchRequest) -> Vec<String> {
        let results = self.index.search(request).expect("searched");
        assert_eq!(results.total, results.hits.len(), "all on one page");
        results.hits.iter().map(|hit| self.keys[&hit.act_id].clone()).collect()
    }
}

pub(crate) fn changes(acts: Vec<(String, IndexChange)>) -> Vec<IndexChange> {
    acts.into_iter().map(|(_, change)| change).collect()
}

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// All hits of a query.
pub(crate) fn request(text: &str) -> SearchRequest {
    SearchRequest { limit: 100, ..SearchRequest::new(Query::parse(text), day("2025-10-17")) }
}
