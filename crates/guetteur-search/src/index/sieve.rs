//! Which of some acts a list holds, for thousands of lists: the queries come to the acts.
//!
//! A search walks the index for the acts of one query. Here the acts are few and known, the queries
//! many and alike: each clause (a prefecture, a commune, a category, some words) is asked once of the
//! acts at hand, and kept as one bit an act. A list is then the intersection of its clauses. The
//! clauses are those of the search itself: both always agree.

use std::collections::HashMap;

use guetteur_communes::{Around, Epci};
use guetteur_model::ActId;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::query::{BooleanQuery, EnableScoring, Occur, Query as EngineQuery, TermSetQuery};
use tantivy::schema::Term;
use tantivy::{DocId, DocSet, Score, Searcher, SegmentOrdinal, SegmentReader, TERMINATED};

use super::SearchIndex;
use crate::compile;
use crate::schema::LABEL_SEPARATOR;
use crate::{Filters, SearchError, SearchRequest};

/// Some acts of the index, ready to be asked which of them lists hold.
pub struct Sieve<'i> {
    index: &'i SearchIndex,
    searcher: Searcher,
    /// The acts in the order of their bits.
    acts: Vec<ActId>,
    /// Of each segment, its rows of these acts in order, each with the number of its bit.
    rows: Vec<Vec<(DocId, usize)>>,
    /// What each clause holds.
    known: HashMap<String, Bits>,
    /// Which of the acts name a commune, by INSEE code; read when it is first asked for.
    named: Option<HashMap<String, Bits>>,
}

/// One bit an act.
#[derive(Clone)]
struct Bits(Vec<u64>);

impl Bits {
    fn none(acts: usize) -> Self {
        Self(vec![0; acts.div_ceil(64)])
    }

    fn all(acts: usize) -> Self {
        let mut bits = Self::none(acts);
        (0..acts).for_each(|nth| bits.set(nth));
        bits
    }

    fn set(&mut self, nth: usize) {
        self.0[nth / 64] |= 1 << (nth % 64);
    }

    fn add(&mut self, others: &Self) {
        self.0.iter_mut().zip(&others.0).for_each(|(mine, theirs)| *mine |= theirs);
    }

    fn keep(&mut self, others: &Self) {
        self.0.iter_mut().zip(&others.0).for_each(|(mine, theirs)| *mine &= theirs);
    }

    fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    fn numbers(&self) -> impl Iterator<Item = usize> {
        self.0.iter().enumerate().flat_map(|(nth, word)| {
            let mut left = *word;
            std::iter::from_fn(move || {
                let bit = (left != 0).then(|| left.trailing_zeros() as usize)?;
                left &= left - 1;
                Some(nth * 64 + bit)
            })
        })
    }
}

impl SearchIndex {
    /// Those of `acts` that the index holds now; withdrawn alerts are no acts.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn sieve(&self, acts: &[ActId]) -> Result<Sieve<'_>, SearchError> {
        let searcher = self.reader.searcher();
        let terms = acts.iter().map(|id| Term::from_field_i64(self.fields.act_id, id.0));
        let wanted: Box<dyn EngineQuery> = Box::new(TermSetQuery::new(terms));
        let living = BooleanQuery::new(vec![
            (Occur::Must, wanted),
            (Occur::MustNot, compile::withdrawn(&self.fields)),
        ]);
        let found =
            searcher.search(&living, &AllAddresses).map_err(SearchError::engine("search"))?;
        let mut rows = vec![Vec::new(); searcher.segment_readers().len()];
        let mut held = Vec::with_capacity(found.len());
        for (segment, doc, act) in found {
            rows[segment as usize].push((doc, held.len()));
            held.push(ActId(act));
        }
        rows.iter_mut().for_each(|rows| rows.sort_unstable());
        Ok(Sieve { index: self, searcher, acts: held, rows, known: HashMap::new(), named: None })
    }
}

impl Sieve<'_> {
    /// Which of the acts `request` finds: as [`SearchIndex::ids`] would, not relaxed. `sort`, `offset`,
    /// `limit` and `facets` do not count.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn of(&mut self, request: &SearchRequest) -> Result<Vec<ActId>, SearchError> {
        self.bits(request)
            .map_err(SearchError::engine("search"))
            .map(|bits| bits.numbers().map(|nth| self.acts[nth]).collect())
    }

    fn bits(&mut self, request: &SearchRequest) -> tantivy::Result<Bits> {
        let mut bits = Bits::all(self.acts.len());
        for (name, filters) in single(&request.filters) {
            if bits.is_empty() {
                return Ok(bits);
            }
            if !self.known.contains_key(&name) {
                let held = match wide_place(&filters) {
                    Some(codes) => self.naming_any(&codes)?,
                    None => {
                        let alone = SearchRequest { filters, ..request.clone() };
                        let clauses = compile::filter_clauses(&alone, &self.index.fields);
                        let clauses = clauses.into_iter().map(|clause| (Occur::Must, clause));
                        self.held_by(&BooleanQuery::new(clauses.collect()))?
                    }
                };
                self.known.insert(name.clone(), held);
            }
            bits.keep(&self.known[&name]);
        }
        let root = request.query.root();
        if bits.is_empty() || *root == crate::query::Node::Everything {
            return Ok(bits);
        }
        let name = format!("{root:?}");
        if !self.known.contains_key(&name) {
            let compiled = compile::compile(root, &self.index.fields, &self.index.phrases);
            let held = self.held_by(&*compiled.strict)?;
            self.known.insert(name.clone(), held);
        }
        bits.keep(&self.known[&name]);
        Ok(bits)
    }

    /// Which of the acts name one of these communes. A radius is hardly asked for twice, and has hundreds of
    /// them: what the acts name is read once instead.
    fn naming_any(&mut self, codes: &[&str]) -> tantivy::Result<Bits> {
        let mut bits = Bits::none(self.acts.len());
        let named = match self.named.take() {
            Some(named) => named,
            None => self.read_named()?,
        };
        codes.iter().filter_map(|code| named.get(*code)).for_each(|of| bits.add(of));
        self.named = Some(named);
        Ok(bits)
    }

    fn read_named(&self) -> tantivy::Result<HashMap<String, Bits>> {
        let mut named: HashMap<String, Bits> = HashMap::new();
        let mut value = String::new();
        for (reader, rows) in self.searcher.segment_readers().iter().zip(&self.rows) {
            let Some(communes) = reader.fast_fields().str("commune_facet")? else { continue };
            for (row, nth) in rows {
                for ord in communes.term_ords(*row) {
                    value.clear();
                    communes.ord_to_str(ord, &mut value)?;
                    let code = value.split(LABEL_SEPARATOR).next().unwrap_or_default();
                    let none = || Bits::none(self.acts.len());
                    named.entry(code.to_owned()).or_insert_with(none).set(*nth);
                }
            }
        }
        Ok(named)
    }

    /// Which of the acts a query holds: their rows are looked up in what it finds, not the reverse.
    fn held_by(&self, query: &dyn EngineQuery) -> tantivy::Result<Bits> {
        let weight = query.weight(EnableScoring::disabled_from_searcher(&self.searcher))?;
        let mut bits = Bits::none(self.acts.len());
        for (reader, rows) in self.searcher.segment_readers().iter().zip(&self.rows) {
            if rows.is_empty() {
                continue;
            }
            let mut found = weight.scorer(reader, 1.0)?;
            for (row, nth) in rows {
                if found.doc() < *row {
                    found.seek(*row);
                }
                if found.doc() == *row {
                    bits.set(*nth);
                } else if found.doc() == TERMINATED {
                    break;
                }
            }
        }
        Ok(bits)
    }
}

/// The INSEE codes that a filter of [`single`] asks for, where it is a place wider than a commune.
fn wide_place(filters: &Filters) -> Option<Vec<&'static str>> {
    match (filters.epcis.is_empty(), filters.around.is_empty()) {
        (true, true) => None,
        (false, _) => {
            let known = filters.epcis.iter().filter_map(|siren| Epci::by_siren(siren));
            Some(known.flat_map(|epci| epci.codes()).collect())
        }
        (true, false) => Some(filters.around.iter().flat_map(Around::codes).collect()),
    }
}

/// Filters one by one, each with a name of its own: all must hold. Categories and levels are one, since
/// one and the same flag must satisfy both.
fn single(filters: &Filters) -> Vec<(String, Filters)> {
    let mut alone = Vec::new();
    macro_rules! each {
        ($($field:ident),* $(,)?) => {
            // A filter that is forgotten here does not compile.
            let Filters { categories, levels, withdrawn: _, $($field),* } = filters;
            if !categories.is_empty() || !levels.is_empty() {
                let (categories, levels) = (categories.clone(), levels.clone());
                let name = format!("flags {categories:?} {levels:?}");
                alone.push((name, Filters { categories, levels, ..Filters::default() }));
            }
            $(
                if *$field != Filters::default().$field {
                    let name = format!(concat!(stringify!($field), " {:?}"), $field);
                    alone.push((name, Filters { $field: $field.clone(), ..Filters::default() }));
                }
            )*
        };
    }
    each!(
        prefectures,
        regions,
        communes,
        epcis,
        around,
        without_commune,
        years,
        purposes,
        doubts,
        beneficiaries,
        kinds,
        from,
        to,
        in_force_on,
        starts_before,
        max_notice_hours,
        to_check,
        flagged,
        bulletin_id,
        acts,
        seen_since,
    );
    alone
}

/// All rows found: segment, row, act id.
struct AllAddresses;

impl Collector for AllAddresses {
    type Fruit = Vec<(SegmentOrdinal, DocId, i64)>;
    type Child = SegmentAddresses;

    fn for_segment(
        &self,
        segment: SegmentOrdinal,
        reader: &SegmentReader,
    ) -> tantivy::Result<SegmentAddresses> {
        let act_id = reader.fast_fields().i64("act_id")?;
        Ok(SegmentAddresses { segment, act_id, found: Vec::new() })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<Self::Fruit>) -> tantivy::Result<Self::Fruit> {
        Ok(segments.concat())
    }
}

/// [`AllAddresses`] of one segment.
struct SegmentAddresses {
    segment: SegmentOrdinal,
    act_id: Column<i64>,
    found: Vec<(SegmentOrdinal, DocId, i64)>,
}

impl SegmentCollector for SegmentAddresses {
    type Fruit = Vec<(SegmentOrdinal, DocId, i64)>;

    fn collect(&mut self, doc: DocId, _: Score) {
        self.found.push((self.segment, doc, self.act_id.first(doc).unwrap_or(0)));
    }

    fn harvest(self) -> Self::Fruit {
        self.found
    }
}
