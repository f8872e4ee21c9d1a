//! The walk of one site: pages in, pages to read and bulletins out. It does no input or output.

mod answer;
mod candidates;
mod follow;
mod glance;
mod harvest;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::NaiveDate;
use guetteur_model::{BulletinLink, LeftOut, LeftOutReason, Source};
use url::Url;

use self::candidates::is_leaf;
pub use self::glance::{Glance, glance};
use self::harvest::Harvest;
use crate::address::{
    document_key, host_family, is_state_host, normalise_url, page_key, path_and_query, slug,
};
use crate::discover::{DiscoverOptions, Discovery, FailureReason, PageFailure, PageResponse};
use crate::ground::KnownGround;
use crate::hint::Hint;
use crate::judge::{Lead, PageContext, announced_document, bulletins, complete, own_words};
use crate::page::{LinkKind, PageView, Target, list_of};
use crate::period::Period;
use crate::plan::{Plan, Purpose, Reach, Task};
use crate::route::{Role, Scope};
use crate::{SourcesError, page};

/// Links that may be followed one after the other from the root.
const MAX_DEPTH: u32 = 8;
/// Bulletins of one walk: thirty years of the busiest site are a third of it.
const MOST_BULLETINS: usize = 50_000;
/// Documents left out that a walk tells.
const MOST_LEFT_OUT: usize = 1_000;

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
    /// Own pages of known bulletins that were not asked for again.
    passed_by: HashSet<String>,
    discovery: Discovery,
    /// By [`document_key`].
    by_url: HashMap<String, usize>,
    left_out: HashSet<String>,
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
            lead: None,
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
            passed_by: HashSet::new(),
            discovery: Discovery::default(),
            by_url: HashMap::new(),
            left_out: HashSet::new(),
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
            let over = if self.discovery.requests >= self.max_pages {
                Some(FailureReason::Limit(self.max_pages))
            } else if self.discovery.bulletins.len() >= MOST_BULLETINS {
                Some(FailureReason::TooMany(MOST_BULLETINS))
            } else {
                None
            };
            if let Some(reason) = over {
                self.fail(&task.target, reason);
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

    /// Whether the page asked for last came, and is to be read.
    pub(crate) fn arrived(&mut self, response: &PageResponse) -> bool {
        if let Some(reason) = self.refusal(response) {
            self.failed(reason);
            return false;
        }
        let Some(task) = &self.current else { return false };
        let arrived = page_key(&response.url);
        let asked = match &task.target {
            Target::Get(url) => page_key(url),
            Target::Post { .. } => String::new(),
        };
        // For its cookie alone; or a redirect to a page already read.
        let known = arrived != asked && !self.visited.insert(arrived);
        if task.purpose == Purpose::Cookie || known {
            self.current = None;
            return false;
        }
        true
    }

    /// The page asked for last, as [`Walk::arrived`] wanted it.
    pub(crate) fn read(&mut self, view: &PageView) {
        let Some(task) = self.current.take() else { return };
        self.discovery.pages.push(path_and_query(&view.url));
        if let Some(cut) = view.cut {
            self.fail(&Target::Get(view.url.clone()), FailureReason::Cut(cut.to_string()));
        }
        self.harvest(&task, view);
    }

    pub(crate) fn finish(mut self) -> Discovery {
        let newest = self.newest.and_then(|(_, via)| self.listed_on.remove(&via));
        self.discovery.newest_list = newest;
        self.discovery.passed_by = self.passed_by.len() as u32;
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

    fn note_list(&mut self, view: &PageView) {
        let list = self.lists.entry(list_of(&path_and_query(&view.url))).or_default();
        list.read.insert(page_key(&view.url));
        list.linked.extend(view.pager.pages.iter().map(|(_, url)| page_key(url)));
        list.open |= view.pager.without_links;
    }

    fn harvest(&mut self, task: &Task, view: &PageView) {
        self.note_list(view);
        let announced = task.lead.clone().filter(|_| task.purpose == Purpose::Detail);
        let announced = announced.or_else(|| self.announced_by_itself(task, view));
        let period = task.period.or_else(|| self.period_of_page(view));
        let mut candidates = self.candidates(view, period.as_ref());
        let context = PageContext {
            unit: self.hint.unit,
            own_words: self.own_words.clone(),
            period,
            is_leaf: task.period.is_some() && announced.is_none() && is_leaf(&candidates),
            announced,
            today: self.reach.today,
        };
        let judged = bulletins(&self.with_choices(view), &context);
        if context.is_leaf && judged.bulletins.is_empty() {
            self.open_acts(&mut candidates, view);
        }
        let mut harvest = Harvest::default();
        let mut found = judged.bulletins;
        self.ground.recognise(&mut found);
        for bulletin in found {
            self.note(bulletin, &mut harvest);
        }
        let is_unread = |document: &LeftOut| document.reason == LeftOutReason::OtherFormat;
        harvest.has_unread = judged.left_out.iter().any(is_unread);
        self.note_left_out(judged.left_out);
        self.note_forwarded(task, view, &mut harvest);
        if context.announced.is_some() {
            self.follow_from_detail(task, view, &context, candidates, &harvest);
        } else {
            self.follow(task, view, &context, candidates, harvest);
        }
    }

    /// A month in which one bulletin came out may lead straight to that bulletin's own page: its
    /// heading names the bulletin, and it has one document.
    fn announced_by_itself(&self, task: &Task, view: &PageView) -> Option<Lead> {
        let led_elsewhere =
            matches!(&task.target, Target::Get(url) if page_key(url) != page_key(&view.url));
        let is_detail = self.scope.role(&view.heading, &slug(&view.url), "", None) == Role::Detail;
        let mut documents =
            view.links.iter().filter(|link| link.kind == LinkKind::Document && !link.in_menu);
        let alone = documents.next().is_some() && documents.next().is_none();
        (led_elsewhere && is_detail && alone).then(|| Lead {
            label: view.heading.clone(),
            detail: String::new(),
            via: path_and_query(&view.url),
        })
    }

    /// A page that only sends on to a document shows it.
    fn note_forwarded(&mut self, task: &Task, view: &PageView, harvest: &mut Harvest) {
        let document = view.refresh.as_ref().filter(|url| page::kind(url) == LinkKind::Document);
        let (Some(url), Some(lead), false) = (document, &task.lead, harvest.is_list()) else {
            return;
        };
        let lead = Lead { via: path_and_query(&view.url), ..lead.clone() };
        let bulletin = announced_document(url, &lead, task.period, self.reach.today);
        self.note(bulletin, harvest);
    }

    fn note_left_out(&mut self, left_out: Vec<LeftOut>) {
        for document in left_out {
            if self.left_out.insert(document_key(&document.url))
                && self.discovery.left_out.len() < MOST_LEFT_OUT
            {
                self.discovery.left_out.push(document);
            }
        }
    }

    /// The page with those of its options that are documents as links.
    fn with_choices(&self, view: &PageView) -> PageView {
        let mut view = view.clone();
        for choice in &view.choices {
            if let Target::Get(url) = &choice.target
                && matches!(page::kind(url), LinkKind::Document | LinkKind::Unread)
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
        let key = document_key(&bulletin.url);
        if let Some(index) = self.by_url.get(&key) {
            harvest.known += 1;
            complete(&mut self.discovery.bulletins[*index], bulletin);
            return;
        }
        let mut bulletin = bulletin;
        if let Some(known) = self.ground.known_as(&bulletin.url) {
            bulletin.url = known.to_owned();
            harvest.known += 1;
        } else {
            harvest.new += 1;
        }
        if self.reach.since.is_some() && !self.reach.wants_day(bulletin.published_on) {
            return;
        }
        self.by_url.insert(key, self.discovery.bulletins.len());
        self.discovery.bulletins.push(bulletin);
    }
}
