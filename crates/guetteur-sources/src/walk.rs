//! The walk of one site: pages in, pages to read and bulletins out. It does no input or output.

mod candidates;
mod follow;
mod glance;
mod harvest;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::NaiveDate;
use guetteur_model::{BulletinLink, Source};
use url::Url;

pub use self::glance::{Glance, glance};
use self::harvest::Harvest;
use crate::address::{host_family, is_state_host, normalise_url, page_key, path_and_query, slug};
use crate::discover::{DiscoverOptions, Discovery, FailureReason, PageFailure, PageResponse};
use crate::ground::KnownGround;
use crate::hint::Hint;
use crate::judge::{PageContext, bulletins, complete, own_words};
use crate::page::{LinkKind, PageView, Target, list_of};
use crate::period::Period;
use crate::plan::{Plan, Purpose, Reach, Task};
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
}
