//! What to read next, and when to stop: the walk's work list, without any page or network in it.
//!
//! The list is a stack of frames. Siblings are periods of one page, newest first; a list is the
//! numbered pages of one list. In a pass over known ground, two lists in a row without anything new
//! end their chain: older periods cannot have changed since.

use std::collections::{BTreeMap, HashSet, VecDeque};

use chrono::NaiveDate;
use url::Url;

use crate::judge::Lead;
use crate::page::{Target, at_offset};
use crate::period::Period;

/// Lists without news after which older siblings are left alone.
const QUIET_LISTS: u32 = 2;
/// Pages of a list that may fail one after the other before their end of the list is given up.
const FAILED_PAGES: u32 = 3;

/// Why a page is read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Purpose {
    /// For the cookie that it sets.
    Cookie,
    /// To find the way.
    Root,
    /// To find the way or the bulletins of a period.
    Nav,
    /// One bulletin's own page.
    Detail,
    /// A further page of a list, at this offset.
    ListPage(u32),
}

/// A page to read.
#[derive(Debug, Clone)]
pub(crate) struct Task {
    pub(crate) target: Target,
    pub(crate) purpose: Purpose,
    /// What the link that leads here announces, where it announces bulletins.
    pub(crate) lead: Option<Lead>,
    pub(crate) period: Option<Period>,
    /// The page is a guess: that it does not exist means nothing.
    pub(crate) guessed: bool,
    /// Links followed from the root.
    pub(crate) depth: u32,
}

/// In which order the pages of a list are read, and whether to stop at known ground.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// From the first page: newest first, or no matter.
    Forward,
    /// From the last page: newest last.
    Backward,
}

/// The further pages of one list.
#[derive(Debug)]
pub(crate) struct ListFrame {
    pub(crate) order: Order,
    pub(crate) stop_when_quiet: bool,
    pub(crate) period: Option<Period>,
    pub(crate) depth: u32,
    purpose_is_nav: bool,
    pending: BTreeMap<u32, (Url, bool)>,
    seen: HashSet<u32>,
    /// The page that is read even where the list is quiet.
    roll: Option<u32>,
    failures: u32,
    quiet: bool,
}

impl ListFrame {
    pub(crate) fn new(
        order: Order,
        stop_when_quiet: bool,
        period: Option<Period>,
        depth: u32,
    ) -> Self {
        Self {
            order,
            stop_when_quiet,
            period,
            depth,
            purpose_is_nav: false,
            pending: BTreeMap::new(),
            seen: HashSet::from([0]),
            roll: None,
            failures: 0,
            quiet: true,
        }
    }

    /// A list of periods, not of bulletins: it says nothing about known ground.
    pub(crate) fn of_periods(mut self) -> Self {
        self.purpose_is_nav = true;
        self
    }

    /// Reads this page in any case: what is put into the midst of a list shows there alone.
    pub(crate) fn look_into(&mut self, page: (u32, Url)) {
        self.roll = Some(page.0);
        self.add(&[page], true);
    }

    pub(crate) fn add(&mut self, pages: &[(u32, Url)], guessed: bool) {
        for (rank, url) in pages {
            if self.seen.insert(*rank) {
                self.pending.insert(*rank, (url.clone(), guessed));
            }
        }
    }

    fn next(&mut self) -> Option<Task> {
        let (rank, (url, guessed)) = match self.order {
            Order::Forward => self.pending.pop_first()?,
            Order::Backward => self.pending.pop_last()?,
        };
        Some(Task {
            target: Target::Get(url),
            purpose: Purpose::ListPage(rank),
            lead: None,
            period: self.period,
            guessed,
            depth: self.depth,
        })
    }

    /// A page failed: its neighbours are only known through it, so they are guessed.
    fn failed(&mut self, rank: u32, url: &Url) {
        self.failures += 1;
        let highest = self.seen.iter().copied().max().unwrap_or(0);
        let step = self.seen.iter().copied().filter(|rank| *rank > 0).min().unwrap_or(10);
        let neighbour = match self.order {
            Order::Forward => rank.checked_add(step).filter(|next| *next < highest),
            Order::Backward => rank.checked_sub(step).filter(|next| *next > 0),
        };
        if self.failures >= FAILED_PAGES {
            return;
        }
        if let Some((rank, url)) = neighbour.and_then(|rank| Some((rank, at_offset(url, rank)?))) {
            self.add(&[(rank, url)], true);
        }
    }
}

#[derive(Debug)]
enum Frame {
    Siblings { groups: VecDeque<Vec<Task>>, chain: bool, quiet: u32 },
    List(ListFrame),
}

/// The work list.
#[derive(Debug)]
pub(crate) struct Plan {
    frames: Vec<Frame>,
    /// Stop at known ground.
    pub(crate) to_known_ground: bool,
}

impl Plan {
    pub(crate) fn new(to_known_ground: bool) -> Self {
        Self { frames: Vec::new(), to_known_ground }
    }

    /// Pages to read in this order, all of them.
    pub(crate) fn push_all(&mut self, tasks: Vec<Task>) {
        if !tasks.is_empty() {
            self.frames.push(Frame::Siblings {
                groups: VecDeque::from([tasks]),
                chain: false,
                quiet: 0,
            });
        }
    }

    /// Periods, newest first; tasks of one group cover the same days.
    pub(crate) fn push_chain(&mut self, groups: Vec<Vec<Task>>) {
        if !groups.is_empty() {
            self.frames.push(Frame::Siblings { groups: groups.into(), chain: true, quiet: 0 });
        }
    }

    pub(crate) fn push_list(&mut self, list: ListFrame) {
        self.frames.push(Frame::List(list));
    }

    /// The next page to read.
    pub(crate) fn next(&mut self) -> Option<Task> {
        loop {
            let to_known_ground = self.to_known_ground;
            let (task, quiet) = match self.frames.last_mut()? {
                Frame::Siblings { groups, chain, quiet } => {
                    let quiet_so_far = *quiet;
                    (next_sibling(groups, *chain && to_known_ground, quiet_so_far), quiet_so_far)
                }
                Frame::List(list) => {
                    let quiet = u32::from(list.quiet && !list.purpose_is_nav);
                    (list.next(), quiet)
                }
            };
            if task.is_some() {
                return task;
            }
            self.frames.pop();
            self.note_quiet(quiet);
        }
    }

    /// Counts lists in which nothing was new, for the chain that led to them.
    pub(crate) fn note_quiet(&mut self, lists: u32) {
        match self.frames.last_mut() {
            Some(Frame::Siblings { quiet, .. }) => *quiet += lists,
            Some(Frame::List(_)) | None => {}
        }
    }

    /// The list whose page was just read.
    pub(crate) fn current_list(&mut self) -> Option<&mut ListFrame> {
        match self.frames.last_mut() {
            Some(Frame::List(list)) => Some(list),
            _ => None,
        }
    }

    /// A page of the current list was read.
    pub(crate) fn list_page_read(
        &mut self,
        rank: u32,
        pages: &[(u32, Url)],
        is_quiet: bool,
        is_over: bool,
    ) {
        let to_known_ground = self.to_known_ground;
        let Some(list) = self.current_list() else { return };
        list.failures = 0;
        list.add(pages, false);
        list.quiet &= is_quiet;
        // A pager that links only the next page tells late how far the list goes: what is newest
        // is still ahead.
        let newer_ahead = list.order == Order::Backward
            && list.pending.last_key_value().is_some_and(|(last, _)| *last > rank);
        if newer_ahead {
            return;
        }
        if is_over {
            list.pending.clear();
        } else if to_known_ground && list.stop_when_quiet && is_quiet {
            let roll = list.roll.filter(|roll| *roll != rank);
            list.pending.retain(|other, _| Some(*other) == roll);
        }
    }

    /// A page of the current list could not be read.
    pub(crate) fn list_page_failed(&mut self, rank: u32, url: &Url) {
        if let Some(list) = self.current_list() {
            list.quiet = false;
            list.failed(rank, url);
        }
    }
}

fn next_sibling(groups: &mut VecDeque<Vec<Task>>, stops: bool, quiet: u32) -> Option<Task> {
    loop {
        let group = groups.front_mut()?;
        if group.is_empty() {
            groups.pop_front();
            if stops && quiet >= QUIET_LISTS {
                groups.clear();
            }
            continue;
        }
        return Some(group.remove(0));
    }
}

/// Which of a page's periods a pass reads.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reach {
    /// Everything.
    pub(crate) full: bool,
    /// Nothing before this day.
    pub(crate) since: Option<NaiveDate>,
    /// The present day.
    pub(crate) today: NaiveDate,
    /// Set by the first periods met, when neither `full` nor `since` says how far to go.
    pub(crate) horizon: Option<NaiveDate>,
}

/// Days that a pass without other instruction goes back.
const DEFAULT_REACH: u64 = 366;

impl Reach {
    /// The first day of interest, if there is one.
    pub(crate) fn start(&self) -> Option<NaiveDate> {
        if self.full { None } else { self.since.or(self.horizon) }
    }

    /// Whether something of this day is of interest; what has no day is.
    pub(crate) fn wants_day(&self, day: Option<NaiveDate>) -> bool {
        match (day, self.start()) {
            (Some(day), Some(start)) => day >= start,
            _ => true,
        }
    }

    /// The wanted ones among sibling periods, in groups of the same days, newest first.
    pub(crate) fn select(&mut self, mut periods: Vec<(Period, Task)>) -> Vec<Vec<Task>> {
        bound_open_ended(&mut periods);
        periods.sort_by_key(|(period, _)| period.order());
        let newest = periods.first().map(|(period, _)| period.to);
        let start = newest.map(|day| day.min(self.today) - chrono::Days::new(DEFAULT_REACH));
        // A collection without end says nothing of how new its newest is.
        if self.horizon.is_none() && newest != Some(NaiveDate::MAX) {
            self.horizon = start;
        }
        let start = if self.full { None } else { self.start().or(start) };
        let comes = |period: &Period| period.from > self.today + chrono::Days::new(3);
        let some_here = periods.iter().any(|(period, _)| !comes(period));
        let mut groups: Vec<(Period, Vec<Task>)> = Vec::new();
        for (period, task) in periods {
            let skipped = !self.full
                && ((some_here && comes(&period)) || start.is_some_and(|start| period.to < start));
            if skipped {
                continue;
            }
            match groups.last_mut() {
                Some((last, tasks))
                    if (last.from, last.to, last.slice)
                        == (period.from, period.to, period.slice) =>
                {
                    tasks.push(task);
                }
                _ => groups.push((period, vec![task])),
            }
        }
        groups.into_iter().map(|(_, tasks)| tasks).collect()
    }
}

/// Collections that begin on a day and do not say their end (`à partir du 28 avril 2015`) end where
/// the next one begins.
fn bound_open_ended(periods: &mut [(Period, Task)]) {
    let mut starts: Vec<NaiveDate> =
        periods.iter().filter(|(p, _)| p.to == NaiveDate::MAX).map(|(p, _)| p.from).collect();
    starts.sort();
    for (period, _) in periods.iter_mut().filter(|(p, _)| p.to == NaiveDate::MAX) {
        if let Some(next) = starts.iter().find(|start| **start > period.from) {
            period.to = *next;
        }
    }
}
