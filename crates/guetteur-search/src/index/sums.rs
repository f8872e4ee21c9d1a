//! What the acts of a list add up to, from their columns: no act is read.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;
use guetteur_model::{ActId, Category, Level};
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};

use crate::schema::{OPEN_ENDED, day_of_month_number};
use crate::sums::{SHORT_NOTICE_HOURS, Sums};

/// Sums up what is found, but for some acts.
pub(crate) struct SumPass {
    without: HashSet<i64>,
}

impl SumPass {
    pub(crate) fn new(without: &[ActId]) -> Self {
        Self { without: without.iter().map(|id| id.0).collect() }
    }
}

impl Collector for SumPass {
    type Fruit = Sums;
    type Child = SegmentSums;

    fn for_segment(
        &self,
        _: SegmentOrdinal,
        reader: &SegmentReader,
    ) -> tantivy::Result<SegmentSums> {
        let columns = reader.fast_fields();
        let flags = columns.str("flag")?;
        Ok(SegmentSums {
            without: self.without.clone(),
            authorised: flags.as_ref().map(authorised).transpose()?.unwrap_or_default(),
            flags: flags.map(|column| column.ords().clone()),
            beneficiary: columns.str("beneficiary")?,
            act_id: columns.i64("act_id")?,
            month: columns.column_opt("month")?,
            valid_from: columns.column_opt("valid_from")?,
            valid_to: columns.column_opt("valid_to")?,
            notice_hours: columns.column_opt("notice_hours")?,
            cameras: columns.column_opt("cameras")?,
            aircraft: columns.column_opt("aircraft")?,
            months: BTreeMap::new(),
            beneficiaries: HashMap::new(),
            sums: Sums::default(),
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<tantivy::Result<Sums>>) -> tantivy::Result<Sums> {
        let mut all = Sums::default();
        for sums in segments {
            all.add(sums?);
        }
        Ok(all)
    }
}

/// The category of each flag that authorises, by its ordinal.
fn authorised(column: &StrColumn) -> tantivy::Result<Vec<Option<Category>>> {
    let mut categories = Vec::with_capacity(column.num_terms());
    let mut values = column.dictionary().stream()?;
    while values.advance() {
        let flag = String::from_utf8_lossy(values.key());
        let category =
            flag.split_once('/').filter(|(_, level)| *level == Level::Authorises.as_str());
        categories.push(category.and_then(|(id, _)| Category::new(id).ok()));
    }
    Ok(categories)
}

/// [`SumPass`] of one segment.
pub(crate) struct SegmentSums {
    without: HashSet<i64>,
    authorised: Vec<Option<Category>>,
    flags: Option<Column<u64>>,
    beneficiary: Option<StrColumn>,
    act_id: Column<i64>,
    month: Option<Column<i64>>,
    valid_from: Option<Column<i64>>,
    valid_to: Option<Column<i64>>,
    notice_hours: Option<Column<f64>>,
    cameras: Option<Column<u64>>,
    aircraft: Option<Column<u64>>,
    /// By number of the month.
    months: BTreeMap<i64, u64>,
    /// By ordinal.
    beneficiaries: HashMap<u64, u64>,
    sums: Sums,
}

fn first<T: PartialOrd + Copy + std::fmt::Debug + Send + Sync + 'static>(
    column: Option<&Column<T>>,
    doc: DocId,
) -> Option<T> {
    column.and_then(|column| column.first(doc))
}

impl SegmentCollector for SegmentSums {
    type Fruit = tantivy::Result<Sums>;

    fn collect(&mut self, doc: DocId, _: Score) {
        if !self.without.is_empty()
            && self.act_id.first(doc).is_some_and(|id| self.without.contains(&id))
        {
            return;
        }
        self.sums.acts += 1;
        let begins = first(self.valid_from.as_ref(), doc).is_some();
        self.sums.undated += u64::from(!begins);
        let ends = first(self.valid_to.as_ref(), doc);
        self.sums.open_ended += u64::from(begins && ends == Some(OPEN_ENDED));
        if let Some(month) = first(self.month.as_ref(), doc) {
            *self.months.entry(month).or_default() += 1;
        }
        if let Some(ordinal) = self.beneficiary.as_ref().and_then(|c| c.ords().first(doc)) {
            *self.beneficiaries.entry(ordinal).or_default() += 1;
        }
        if let Some(hours) = first(self.notice_hours.as_ref(), doc) {
            self.sums.notice_known += 1;
            self.sums.short_notice += u64::from(hours < SHORT_NOTICE_HOURS);
        }
        let (cameras, aircraft) =
            (first(self.cameras.as_ref(), doc), first(self.aircraft.as_ref(), doc));
        let Some(flags) = &self.flags else { return };
        for ordinal in flags.values_for_doc(doc) {
            if let Some(Some(category)) = self.authorised.get(ordinal as usize) {
                let devices = match self.sums.devices.get_mut(category) {
                    Some(devices) => devices,
                    None => self.sums.devices.entry(category.clone()).or_default(),
                };
                devices.add(cameras, aircraft);
            }
        }
    }

    fn harvest(mut self) -> tantivy::Result<Sums> {
        let months = self.months.iter();
        let day = |(month, count): (&i64, &u64)| Some((day_of_month_number(*month)?, *count));
        self.sums.months = months.filter_map(day).collect::<BTreeMap<NaiveDate, u64>>();
        let Some(column) = &self.beneficiary else { return Ok(self.sums) };
        let mut by_ordinal: Vec<(u64, u64)> = self.beneficiaries.into_iter().collect();
        // The dictionary is read forward, block by block.
        by_ordinal.sort_unstable();
        for (ordinal, count) in by_ordinal {
            let mut name = String::new();
            if column.ord_to_str(ordinal, &mut name)? {
                *self.sums.beneficiaries.entry(name).or_default() += count;
            }
        }
        Ok(self.sums)
    }
}
