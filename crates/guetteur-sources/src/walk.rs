//! The walk of one site: pages in, pages to read and bulletins out. It does no input or output.

mod candidates;
mod glance;
mod harvest;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::NaiveDate;
use guetteur_model::{BulletinLink, Source};
use url::Url;

use self::candidates::Candidate;
pub use self::glance::{Glance, glance};
use self::harvest::Harvest;
use crate::address::{host_family, is_state_host, normalise_url, page_key, path_and_query, slug};
use crate::discover::{DiscoverOptions, Discovery, FailureReason, PageFailure, PageResponse};
use crate::ground::KnownGround;
use crate::hint::Hint;
use crate::judge::{Announcement, PageContext, bulletins, complete, own_words};
use crate::naming::{detail_day, title_day};
use crate::page::{LinkKind, PageView, Target, at_offset, list_of};
use crate::period::Period;
use crate::plan::{ListFrame, Order, Plan, Purpose, Reach, Task};
use crate::route::{Role, Scope};
use crate::{SourcesError, page};

/// Links that may be followed one after the other from the root.
const MAX_DEPTH: u32 = 8;

/// A walk under way.
pub(crate) struct Walk<'a> {
    scope: Scope,
    hint: Hint,
    own_words: Vec<String>,
    ground: &'a KnownGround,
    reach: Reach,
    max_pages: u32,
    plan: Plan,
    families: BTreeSet<String>,
    roots: Vec<Url>,
    visited: HashSet<String>,
    discovery: Discovery,
    by_url: HashMap<String, usize>,
    /// Day of the newest bulletin, and its `via`.
    newest: Option<(NaiveDate, String)>,
    /// Address of the list that shows what has this `via`, or leads to it.
    listed_on: HashMap<String, String>,
    /// Newest day of the periods on the page kept as [`Discovery::newest_periods`].
    newest_period: Option<NaiveDate>,
    current: Option<Task>,
    /// Lists met, by [`list_of`]: pages linked by their pagers and pages read, by their keys.
    lists: BTreeMap<String, ListPages>,
}

/// The pages of one list.
#[derive(Default)]
struct ListPages {
    linked: HashSet<String>,
    read: HashSet<String>,
    /// There are pages that no pager links.
    open: bool,
}

impl<'a> Walk<'a> {
    pub(crate) fn new(
        source: &Source,
        options: &DiscoverOptions<'a>,
    ) -> Result<Self, SourcesError> {
        let hint = Hint::of(source)?;
        let address = |root: &String| {
            Url::parse(root).map_err(|e| SourcesError::BadRoot {
                code: source.code.clone(),
                root: root.clone(),
                why: e.to_string(),
            })
        };
        let roots: Vec<Url> = source.roots.iter().map(address).collect::<Result<_, _>>()?;
        let first = hint.first.as_ref().map(address).transpose()?;
        let task = |url: &Url, purpose: Purpose| Task {
            target: Target::Get(url.clone()),
            purpose,
            period: None,
            guessed: false,
            depth: 0,
        };
        let mut tasks: Vec<Task> = first.iter().map(|url| task(url, Purpose::Cookie)).collect();
        tasks.extend(roots.iter().map(|url| task(url, Purpose::Root)));
        let mut plan = Plan::new(!options.full && !options.known.is_empty());
        plan.push_all(tasks);
        Ok(Self {
            scope: Scope::of(source, hint.unit),
            own_words: own_words(source),
            ground: options.known,
            reach: Reach {
                full: options.full && options.since.is_none(),
                since: options.since,
                today: options.today,
                horizon: None,
            },
            max_pages: options.max_pages,
            plan,
            families: roots.iter().chain(&first).map(host_family).collect(),
            roots,
            visited: HashSet::new(),
            discovery: Discovery::default(),
            by_url: HashMap::new(),
            newest: None,
            listed_on: HashMap::new(),
            newest_period: None,
            current: None,
            lists: BTreeMap::new(),
            hint,
        })
    }

    /// The next page to read; `None` when the walk is over.
    pub(crate) fn next(&mut self) -> Option<Target> {
        loop {
            let task = self.plan.next()?;
            if let Target::Get(url) = &task.target
                && !self.visited.insert(page_key(url))
            {
                continue;
            }
            if self.discovery.requests >= self.max_pages {
                self.fail(&task.target, FailureReason::Limit(self.max_pages));
                return None;
            }
            self.discovery.requests += 1;
            let target = task.target.clone();
            self.current = Some(task);
            return Some(target);
        }
    }

    /// The page asked for last could not be had.
    pub(crate) fn failed(&mut self, reason: FailureReason) {
        let Some(task) = self.current.take() else { return };
        if !(task.guessed && matches!(reason, FailureReason::Status(404 | 410))) {
            self.fail(&task.target, reason);
        }
        if let (Purpose::ListPage(rank), Target::Get(url)) = (&task.purpose, &task.target) {
            self.plan.list_page_failed(*rank, url);
        }
    }

    /// The page asked for last.
    pub(crate) fn read(&mut self, response: &PageResponse) {
        if let Some(reason) = self.refusal(response) {
            self.failed(reason);
            return;
        }
        let Some(task) = self.current.take() else { return };
        let arrived = page_key(&response.url);
        let asked = match &task.target {
            Target::Get(url) => page_key(url),
            Target::Post { .. } => String::new(),
        };
        if task.purpose == Purpose::Cookie {
            return;
        }
        if arrived != asked && !self.visited.insert(arrived) {
            // A redirect to a page already read.
            return;
        }
        let view = PageView::parse(&response.html, &response.url);
        self.discovery.pages.push(path_and_query(&view.url));
        self.harvest(&task, &view);
    }

    pub(crate) fn finish(mut self) -> Discovery {
        let newest = self.newest.and_then(|(_, via)| self.listed_on.remove(&via));
        self.discovery.newest_list = newest;
        let whole = |list: &ListPages| !list.open && list.linked.is_subset(&list.read);
        let whole = self.lists.into_iter().filter(|(_, list)| whole(list));
        self.discovery.whole_lists = whole.map(|(list, _)| list).collect();
        self.discovery
    }

    /// Requests so far and bulletins found, for a progress display.
    pub(crate) fn progress(&self) -> (u32, usize) {
        (self.discovery.requests, self.discovery.bulletins.len())
    }

    fn fail(&mut self, target: &Target, reason: FailureReason) {
        let (Target::Get(url) | Target::Post { url, .. }) = target;
        self.discovery.failures.push(PageFailure { url: normalise_url(url), reason });
    }

    /// Why a response is not the page that was asked for.
    fn refusal(&mut self, response: &PageResponse) -> Option<FailureReason> {
        match response.status {
            200..=299 => {}
            403 | 429 | 503 => {
                let why = format!("bloqué : le site refuse la requête ({})", response.status);
                return Some(FailureReason::Blocked(why));
            }
            status => return Some(FailureReason::Status(status)),
        }
        if let Some(kind) = &response.content_type
            && !kind.contains("html")
            && !kind.contains("xml")
            && !kind.starts_with("text/plain")
        {
            return Some(FailureReason::NotHtml(kind.clone()));
        }
        let family = host_family(&response.url);
        if !self.families.contains(&family) {
            // A root that moved takes its site along; any other page that leaves it is not ours.
            if self.current.as_ref().is_some_and(|task| task.purpose == Purpose::Root) {
                self.families.insert(family);
            } else {
                return Some(FailureReason::LeftSite(normalise_url(&response.url)));
            }
        }
        None
    }

    fn note_list(&mut self, view: &PageView) {
        let list = self.lists.entry(list_of(&path_and_query(&view.url))).or_default();
        list.read.insert(page_key(&view.url));
        list.linked.extend(view.pager.pages.iter().map(|(_, url)| page_key(url)));
        list.open |= view.pager.without_links;
    }

    fn harvest(&mut self, task: &Task, view: &PageView) {
        self.note_list(view);
        let announced = match &task.purpose {
            Purpose::Detail(announcement) => Some(announcement.clone()),
            _ => None,
        };
        let context = PageContext {
            unit: self.hint.unit,
            own_words: self.own_words.clone(),
            period: task.period.or_else(|| self.period_of_page(view)),
            announced,
            today: self.reach.today,
        };
        let mut harvest = Harvest::default();
        for bulletin in bulletins(&self.with_choices(view), &context) {
            self.note(bulletin, &mut harvest);
        }
        if context.announced.is_some() {
            self.follow_from_detail(task, view, &context, &harvest);
        } else {
            self.follow(task, view, &context, harvest);
        }
    }

    /// The page with those of its options that are documents as links.
    fn with_choices(&self, view: &PageView) -> PageView {
        let mut view = view.clone();
        for choice in &view.choices {
            if let Target::Get(url) = &choice.target
                && page::kind(url) == LinkKind::Document
            {
                view.links.push(page::plain_link(url.clone(), &choice.text));
            }
        }
        view
    }

    /// A root may itself be a year's page (`RAA 2026`).
    fn period_of_page(&self, view: &PageView) -> Option<Period> {
        match self.scope.role(&view.heading, &slug(&view.url), "", None) {
            Role::Period(period) => Some(period),
            _ => None,
        }
    }

    fn note(&mut self, bulletin: BulletinLink, harvest: &mut Harvest) {
        let url = Url::parse(&bulletin.url).ok();
        let at_home = url
            .as_ref()
            .is_some_and(|url| self.families.contains(&host_family(url)) || is_state_host(url));
        if !at_home {
            return;
        }
        harvest.note(bulletin.published_on, bulletin.number.as_deref());
        if let Some(day) = bulletin.published_on
            && self.newest.as_ref().is_none_or(|(newest, _)| day > *newest)
        {
            self.newest = Some((day, bulletin.via.clone()));
        }
        if let Some(index) = self.by_url.get(&bulletin.url) {
            harvest.known += 1;
            complete(&mut self.discovery.bulletins[*index], bulletin);
            return;
        }
        if self.ground.knows(&bulletin.url) {
            harvest.known += 1;
        } else {
            harvest.new += 1;
        }
        if self.reach.since.is_some() && !self.reach.wants_day(bulletin.published_on) {
            return;
        }
        self.by_url.insert(bulletin.url.clone(), self.discovery.bulletins.len());
        self.discovery.bulletins.push(bulletin);
    }

    /// A bulletin's own page: nothing is followed, unless the bulletin is one page further.
    fn follow_from_detail(
        &mut self,
        task: &Task,
        view: &PageView,
        context: &PageContext,
        harvest: &Harvest,
    ) {
        if harvest.is_list() {
            return;
        }
        let further: Vec<Task> = self
            .candidates(view, context.period.as_ref())
            .into_iter()
            .filter(|candidate| candidate.role == Role::Detail && !candidate.in_menu)
            .filter(|candidate| matches!(&candidate.target, Target::Get(url) if page_key(url).starts_with(&page_key(&view.url))))
            .map(|candidate| self.task_for(task, candidate, context.period))
            .collect();
        if further.is_empty() || task.depth >= MAX_DEPTH {
            self.fail(&Target::Get(view.url.clone()), FailureReason::NoDocument);
        } else {
            self.plan.push_all(further);
        }
    }

    fn follow(
        &mut self,
        task: &Task,
        view: &PageView,
        context: &PageContext,
        mut harvest: Harvest,
    ) {
        let candidates = self.candidates(view, context.period.as_ref());
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
                    let known = matches!(&candidate.target, Target::Get(url) if self.ground.knows_page(&path_and_query(url)));
                    if known {
                        harvest.known += 1;
                    } else {
                        harvest.new += 1;
                    }
                    if self.reach.wants_day(day) && !(known && self.plan.to_known_ground) {
                        details.push(self.task_for(task, candidate, context.period));
                    }
                }
                Role::Period(period) => {
                    periods.push((period, self.task_for(task, candidate, Some(period))));
                }
                _ => others.push(self.task_for(task, candidate, context.period)),
            }
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
        if ascends == Some(false)
            && (self.is_past_reach(harvest) || (self.plan.to_known_ground && harvest.is_quiet()))
        {
            return false;
        }
        let (order, stops) = match ascends {
            Some(true) => (Order::Backward, true),
            Some(false) => (Order::Forward, true),
            // The order does not show: both ends are read.
            None => (Order::Backward, true),
        };
        let mut list = ListFrame::new(order, stops, period, task.depth);
        list.add(&pages, guessed);
        self.plan.push_list(list);
        true
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

    fn task_for(&self, from: &Task, candidate: Candidate, period: Option<Period>) -> Task {
        let purpose = if candidate.role == Role::Detail {
            Purpose::Detail(Announcement { label: candidate.label, detail: candidate.detail })
        } else {
            Purpose::Nav
        };
        Task { target: candidate.target, purpose, period, guessed: false, depth: from.depth + 1 }
    }
}
