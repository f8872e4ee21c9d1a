//! Which links of a page lead on.

use std::collections::HashSet;

use url::Url;

use super::Walk;
use super::harvest::Harvest;
use crate::address::{host_family, page_key, slug};
use crate::page::{self, Choice, Link, LinkKind, PageView, Target, list_key, offset};
use crate::period::{self, Period};
use crate::route::Role;
use crate::words::{is_about_something_else, is_generic, opens_other_document, plain};

/// Links of unclear label that a page without any clear one may have followed.
const MAX_UNCLEAR: usize = 12;

/// A link that may be followed.
pub(super) struct Candidate {
    pub(super) target: Target,
    pub(super) label: String,
    pub(super) detail: String,
    pub(super) role: Role,
    pub(super) in_menu: bool,
    pub(super) is_card: bool,
}

/// A link or an option before its role is known.
struct Lead {
    target: Target,
    label: String,
    detail: String,
    /// The heading above it.
    under: String,
    in_menu: bool,
    is_card: bool,
}

impl Lead {
    fn of_link(link: &Link) -> Self {
        Self {
            target: Target::Get(link.url.clone()),
            label: label_of(link),
            detail: detail_of(link),
            under: link.under.clone(),
            in_menu: link.in_menu,
            is_card: link.is_card,
        }
    }

    fn of_choice(choice: &Choice) -> Self {
        Self {
            target: choice.target.clone(),
            label: choice.text.clone(),
            detail: String::new(),
            under: choice.under.clone(),
            in_menu: false,
            is_card: true,
        }
    }
}

/// Whether a page leads to no further periods: what a period holds is listed on it.
pub(super) fn is_leaf(candidates: &[Candidate]) -> bool {
    !candidates.iter().any(|c| !c.in_menu && matches!(c.role, Role::Period(_)))
}

impl Walk<'_> {
    /// On a page of a period, cards that lead further down are acts or bulletins with a page of their
    /// own, whatever they are called, unless their label says that they are something else. Where
    /// some are called bulletins, the others are none.
    pub(super) fn open_acts(&self, candidates: &mut [Candidate], view: &PageView) {
        if candidates.iter().any(|c| !c.in_menu && c.role == Role::Detail) {
            return;
        }
        let here = [view.url.clone()];
        for candidate in candidates {
            let label = plain(&candidate.label);
            let is_act = match candidate.role {
                Role::Unclear => true,
                Role::Elsewhere => !is_about_something_else(&label),
                _ => false,
            };
            if is_act
                && candidate.is_card
                && !candidate.in_menu
                && !is_generic(&label)
                && !opens_other_document(&label)
                && self.is_under(&candidate.target, &here)
            {
                candidate.role = Role::Detail;
            }
        }
    }

    /// All links and options that lead to another page of the site.
    pub(super) fn candidates(&self, view: &PageView, within: Option<&Period>) -> Vec<Candidate> {
        let here = list_key(&view.url);
        let mut seen = HashSet::new();
        let from_links = view.links.iter().filter(|link| link.kind == LinkKind::Page);
        let from_choices = view.choices.iter().filter(
            |choice| !matches!(&choice.target, Target::Get(url) if page::kind(url) != LinkKind::Page),
        );
        let mut leads: Vec<Lead> =
            from_links.map(Lead::of_link).chain(from_choices.map(Lead::of_choice)).collect();
        // Where menu and content link the same page, the content's link counts.
        leads.sort_by_key(|lead| lead.in_menu);
        leads
            .into_iter()
            .filter(|lead| match &lead.target {
                Target::Get(url) => {
                    self.families.contains(&host_family(url))
                        && list_key(url) != here
                        && offset(url).is_none()
                        && !self.visited.contains(&page_key(url))
                        && seen.insert(page_key(url))
                }
                Target::Post { .. } => true,
            })
            .map(|lead| self.judge_lead(lead, within))
            .collect()
    }

    fn judge_lead(&self, lead: Lead, within: Option<&Period>) -> Candidate {
        let (slug, path) = match &lead.target {
            Target::Get(url) => (slug(url), url.path().to_owned()),
            Target::Post { .. } => (String::new(), String::new()),
        };
        // Months of several years on one page stand under headings.
        let section = period::read(&plain(&lead.under), within);
        let role = self.scope.role(&lead.label, &slug, &path, section.as_ref().or(within));
        let Lead { target, label, detail, in_menu, is_card, .. } = lead;
        Candidate { target, label, detail, role, in_menu, is_card }
    }

    /// Those that are followed: the clear ones of the content; failing these, the menu's; failing
    /// these, what is unclear or another publisher's.
    pub(super) fn choose(
        &self,
        candidates: Vec<Candidate>,
        view: &PageView,
        harvest: &Harvest,
    ) -> Vec<Candidate> {
        let is_clear = |candidate: &Candidate| {
            matches!(candidate.role, Role::Detail | Role::Period(_) | Role::Collection)
        };
        let archives_wanted = self.archives_wanted(&candidates);
        let pick = |wanted: &dyn Fn(&Candidate) -> bool| candidates.iter().any(wanted);
        let content = |c: &Candidate| {
            !c.in_menu && (is_clear(c) || (archives_wanted && c.role == Role::Archive))
        };
        if harvest.is_list() || pick(&|c| !c.in_menu && is_clear(c)) {
            return candidates.into_iter().filter(content).collect();
        }
        let menu =
            |c: &Candidate| c.in_menu && is_clear(c) && self.is_under(&c.target, &self.roots);
        if pick(&menu) {
            return candidates.into_iter().filter(menu).collect();
        }
        let here = [view.url.clone()];
        let child = |c: &Candidate| {
            c.role == Role::Unclear && c.is_card && !c.in_menu && self.is_under(&c.target, &here)
        };
        if pick(&child) {
            return candidates.into_iter().filter(child).take(MAX_UNCLEAR).collect();
        }
        candidates
            .into_iter()
            .filter(|c| {
                !c.in_menu
                    && (c.role == Role::Sister || (archives_wanted && c.role == Role::Archive))
            })
            .collect()
    }

    /// Archives of untold years are read in a full pass, or when the years beside them do not reach
    /// back far enough.
    fn archives_wanted(&self, candidates: &[Candidate]) -> bool {
        let oldest = candidates
            .iter()
            .filter_map(|candidate| match candidate.role {
                Role::Period(period) => Some(period.from),
                _ => None,
            })
            .min();
        match (self.reach.since, oldest) {
            (Some(since), Some(oldest)) => since < oldest,
            (Some(_), None) => true,
            (None, _) => self.reach.full,
        }
    }

    fn is_under(&self, target: &Target, parents: &[Url]) -> bool {
        let Target::Get(url) = target else { return true };
        parents.iter().any(|parent| page_key(url).starts_with(&format!("{}/", page_key(parent))))
    }
}

/// What stands with a link to a page; its row's date is the day of publication.
fn detail_of(link: &Link) -> String {
    match &link.row {
        Some(row) if !row.day.is_empty() => format!("publié le {} {}", row.day, link.detail),
        _ => link.detail.clone(),
    }
}

/// What a link to a page says: its text or, where that says nothing, what stands before it.
fn label_of(link: &Link) -> String {
    if is_generic(&plain(&link.text)) {
        let row = link.row.as_ref().map_or("", |row| row.name.as_str());
        if let Some(other) = [row, link.before.as_str()].into_iter().find(|text| !text.is_empty()) {
            return other.to_owned();
        }
    }
    link.text.clone()
}
