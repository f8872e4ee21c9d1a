//! Where a walk goes from a page: to bulletins' own pages, to older periods, along a list.

use chrono::Datelike;
use url::Url;

use super::candidates::Candidate;
use super::harvest::Harvest;
use super::{MAX_DEPTH, Walk};
use crate::address::{host_family, page_key, path_and_query, slug};
use crate::discover::FailureReason;
use crate::judge::{Lead, PageContext};
use crate::naming::{detail_day, title_day};
use crate::page::{PageView, Target, at_offset, list_of};
use crate::period::{self, Period};
use crate::plan::{ListFrame, Order, Purpose, Task};
use crate::route::Role;
use crate::words::plain;

impl Walk<'_> {
    /// A bulletin's own page: nothing is followed, unless the bulletin is one page further.
    pub(super) fn follow_from_detail(
        &mut self,
        task: &Task,
        view: &PageView,
        context: &PageContext,
        candidates: Vec<Candidate>,
        harvest: &Harvest,
    ) {
        if harvest.is_list() || harvest.has_unread {
            return;
        }
        let further: Vec<Task> = candidates
            .into_iter()
            .filter(|candidate| candidate.role == Role::Detail && !candidate.in_menu)
            .filter(|candidate| matches!(&candidate.target, Target::Get(url) if page_key(url).starts_with(&page_key(&view.url))))
            .map(|candidate| self.task_for(task, candidate, view, context.period))
            .collect();
        let forward = view.refresh.clone().map(|refresh| Task {
            target: Target::Get(refresh),
            depth: task.depth + 1,
            ..task.clone()
        });
        let forward = forward.into_iter().chain(self.shown_in_frames(task, view));
        let further: Vec<Task> = if further.is_empty() { forward.collect() } else { further };
        if further.is_empty() || task.depth >= MAX_DEPTH {
            self.fail(&Target::Get(view.url.clone()), FailureReason::NoDocument);
        } else {
            self.plan.push_all(further);
        }
    }

    pub(super) fn follow(
        &mut self,
        task: &Task,
        view: &PageView,
        context: &PageContext,
        candidates: Vec<Candidate>,
        mut harvest: Harvest,
    ) {
        let (mut details, mut periods, mut others) = (Vec::new(), Vec::new(), Vec::new());
        let wanted = self.choose(candidates, view, &harvest);
        for candidate in wanted {
            match candidate.role {
                Role::Detail => {
                    let day =
                        title_day(&candidate.label, context.period.as_ref(), self.reach.today)
                            .or_else(|| detail_day(&candidate.detail, self.reach.today));
                    let number = crate::naming::number(&[&candidate.label], "");
                    harvest.note(day, number.as_deref());
                    let known =
                        matches!(&candidate.target, Target::Get(url) if self.ground.has_read(url));
                    if known {
                        harvest.known += 1;
                    } else {
                        harvest.new += 1;
                    }
                    if known && self.plan.to_known_ground {
                        if let Target::Get(url) = &candidate.target {
                            self.passed_by.insert(path_and_query(url));
                        }
                    } else if self.reach.wants_day(day) {
                        details.push(self.task_for(task, candidate, view, context.period));
                    }
                }
                Role::Period(period) => {
                    periods.push((period, self.task_for(task, candidate, view, Some(period))));
                }
                _ => {
                    let period = period_of(&candidate, context.period);
                    others.push(self.task_for(task, candidate, view, period));
                }
            }
        }
        if !harvest.is_list() {
            others.extend(self.shown_in_frames(task, view));
        }
        let leads_on = !periods.is_empty() || !others.is_empty();
        if !harvest.is_list() && !leads_on {
            self.note_empty(task, view);
        }
        let spans: Vec<Period> = periods.iter().map(|(period, _)| *period).collect();
        self.note_where_news_show(task, view, &spans, &details);
        let within_depth = task.depth < MAX_DEPTH;
        let chain = if within_depth { self.reach.select(periods) } else { Vec::new() };
        if let Purpose::ListPage(rank) = task.purpose {
            let over = self.is_past_reach(&harvest);
            self.plan.list_page_read(rank, &view.pager.pages, harvest.is_quiet(), over);
        } else if !self.start_list(task, view, &harvest, &spans, context.period)
            && harvest.is_quiet()
            && !leads_on
        {
            self.plan.note_quiet(1);
        }
        if within_depth {
            self.plan.push_chain(chain);
            self.plan.push_all(others);
        }
        self.plan.push_all(details);
    }

    /// What a page shows in a frame of its own site is part of it.
    fn shown_in_frames(&self, task: &Task, view: &PageView) -> Vec<Task> {
        let ours = |url: &&Url| self.families.contains(&host_family(url));
        let shown = |url: &Url| Task {
            target: Target::Get(url.clone()),
            depth: task.depth + 1,
            ..task.clone()
        };
        view.frames.iter().filter(ours).map(shown).collect()
    }

    /// Keeps which bulletins this list shows, and the page that leads to the newest period: the
    /// next bulletin will show on one of them. A list that a form gives has no address.
    fn note_where_news_show(
        &mut self,
        task: &Task,
        view: &PageView,
        spans: &[Period],
        details: &[Task],
    ) {
        if !matches!(task.target, Target::Get(_)) {
            return;
        }
        let own_pages = details.iter().filter_map(|detail| match &detail.target {
            Target::Get(url) => Some(path_and_query(url)),
            Target::Post { .. } => None,
        });
        for via in own_pages.chain([path_and_query(&view.url)]) {
            self.listed_on.entry(via).or_insert_with(|| view.url.to_string());
        }
        let newest = spans.iter().map(|span| span.to).max();
        if newest > self.newest_period {
            self.newest_period = newest;
            self.discovery.newest_periods = Some(view.url.to_string());
        }
    }

    /// A page that gives nothing is said, where something was to be expected.
    fn note_empty(&mut self, task: &Task, view: &PageView) {
        if let Some(refresh) = view.refresh.clone().filter(|_| task.depth < MAX_DEPTH) {
            let mut again = task.clone();
            again.target = Target::Get(refresh);
            again.depth += 1;
            self.plan.push_all(vec![again]);
        } else if task.purpose == Purpose::Root {
            self.fail(&Target::Get(view.url.clone()), FailureReason::Empty);
        }
    }

    /// Whether all that a page dates lies before what is of interest.
    fn is_past_reach(&self, harvest: &Harvest) -> bool {
        !harvest.days.is_empty() && harvest.days.iter().all(|day| !self.reach.wants_day(Some(*day)))
    }

    /// Puts the further pages of this page's list on the plan. Whether it did.
    fn start_list(
        &mut self,
        task: &Task,
        view: &PageView,
        harvest: &Harvest,
        spans: &[Period],
        period: Option<Period>,
    ) -> bool {
        let mut pages = view.pager.pages.clone();
        let guessed = pages.is_empty() && view.pager.without_links;
        if guessed {
            pages.extend(at_offset(&view.url, 10).map(|url| (10, url)));
        }
        if pages.is_empty() || task.depth >= MAX_DEPTH {
            return false;
        }
        if !spans.is_empty() && !harvest.is_list() {
            if self.wants_more_periods(spans) {
                let mut list =
                    ListFrame::new(Order::Forward, false, period, task.depth).of_periods();
                list.add(&pages, guessed);
                self.plan.push_list(list);
            }
            return true;
        }
        let ascends = harvest.ascends();
        let roll = self.page_to_look_into(view, &pages);
        if ascends == Some(false) {
            if self.is_past_reach(harvest) {
                return false;
            }
            if self.plan.to_known_ground && harvest.is_quiet() {
                let Some(roll) = roll else { return false };
                let mut list = ListFrame::new(Order::Forward, true, period, task.depth);
                list.add(&[roll], true);
                self.plan.push_list(list);
                return true;
            }
        }
        let (order, stops) = match ascends {
            Some(true) => (Order::Backward, true),
            Some(false) => (Order::Forward, true),
            // The order does not show: both ends are read.
            None => (Order::Backward, true),
        };
        let mut list = ListFrame::new(order, stops, period, task.depth);
        list.add(&pages, guessed);
        if order == Order::Backward
            && let Some(roll) = roll.filter(|_| self.plan.to_known_ground)
        {
            list.look_into(roll);
        }
        self.plan.push_list(list);
        true
    }

    /// The page in the midst of a list at which a pass over known ground looks too: where the known
    /// numbers have a gap, else another one each day. What is put there late would be found by the
    /// next full pass alone.
    fn page_to_look_into(&self, view: &PageView, pages: &[(u32, Url)]) -> Option<(u32, Url)> {
        let day = u32::try_from(self.reach.today.num_days_from_ce()).unwrap_or(0);
        let step = pages.iter().map(|(rank, _)| *rank).filter(|rank| *rank > 0).min()?;
        let last = pages.iter().map(|(rank, _)| *rank).max()?;
        let count = (last / step).max(1);
        let gap = self.ground.gap_after(&list_of(&path_and_query(&view.url)));
        let gap = gap.and_then(|place| u32::try_from(place).ok()).map(|place| place / step);
        let index = gap.filter(|index| (1..=count).contains(index)).unwrap_or(1 + day % count);
        let rank = index * step;
        let linked = pages.iter().find(|(other, _)| *other == rank).cloned();
        linked.or_else(|| Some((rank, at_offset(&view.url, rank)?)))
    }

    /// Whether the further pages of a list of periods are of interest: not when this page shows
    /// both the present and what is too old.
    fn wants_more_periods(&mut self, spans: &[Period]) -> bool {
        if self.reach.full {
            return true;
        }
        let newest = spans.iter().map(|span| span.to).max();
        let oldest = spans.iter().map(|span| span.from).min();
        let shows_present =
            newest.is_some_and(|day| day + chrono::Days::new(45) >= self.reach.today);
        let shows_past = match (oldest, self.reach.start()) {
            (Some(oldest), Some(start)) => oldest <= start,
            _ => false,
        };
        !(shows_present && shows_past)
    }

    fn task_for(
        &self,
        from: &Task,
        candidate: Candidate,
        view: &PageView,
        period: Option<Period>,
    ) -> Task {
        let Candidate { target, label, detail, role, .. } = candidate;
        let announces = matches!(role, Role::Detail | Role::Period(_) | Role::Collection);
        Task {
            target,
            purpose: if role == Role::Detail { Purpose::Detail } else { Purpose::Nav },
            lead: announces.then(|| Lead { label, detail, via: path_and_query(&view.url) }),
            period,
            guessed: false,
            depth: from.depth + 1,
        }
    }
}

/// What a link gathers that says its year and not what of (`B.A.D. 2026`); else what its page does.
fn period_of(candidate: &Candidate, within: Option<Period>) -> Option<Period> {
    let Target::Get(url) = &candidate.target else { return within };
    let said = period::announced(&plain(&candidate.label), &plain(&slug(url)), within.as_ref());
    said.filter(|_| candidate.role == Role::Unclear).or(within)
}
