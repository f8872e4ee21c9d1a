//! One page read by itself: the quick look between two passes.

use chrono::NaiveDate;
use guetteur_model::{BulletinLink, LeftOut, Sha256, Source};
use url::Url;

use super::Walk;
use super::candidates::is_leaf;
use crate::SourcesError;
use crate::address::{normalise_url, page_key};
use crate::discover::{DiscoverOptions, PageResponse};
use crate::ground::KnownGround;
use crate::judge::{PageContext, bulletins};
use crate::page::{PageView, Target};
use crate::route::Role;

/// One page read by itself: what it lists, without following anything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Glance {
    /// Bulletins that the page links.
    pub bulletins: Vec<BulletinLink>,
    /// Normalised addresses of pages that each hold one bulletin, with their labels.
    pub own_pages: Vec<(String, String)>,
    /// Addresses of further lists (years, months, pages) to which it leads.
    pub lists: Vec<String>,
    /// Documents that are no bulletins by what the page alone tells.
    pub left_out: Vec<LeftOut>,
    /// Cards of which the page alone does not tell what they lead to.
    pub others: Vec<String>,
}

impl Glance {
    /// A hash of all that the page lists, whatever the order: it changes when there is news.
    #[must_use]
    pub fn digest(&self) -> Sha256 {
        let own_pages = self.own_pages.iter().map(|(url, _)| url);
        let mut listed: Vec<&String> = self
            .bulletins
            .iter()
            .map(|bulletin| &bulletin.url)
            .chain(own_pages)
            .chain(&self.lists)
            .chain(self.left_out.iter().map(|document| &document.url))
            .chain(&self.others)
            .collect();
        listed.sort_unstable();
        listed.dedup();
        let listed: Vec<&str> = listed.into_iter().map(String::as_str).collect();
        Sha256::of(listed.join("\n").as_bytes())
    }

    /// Whether it leads to a bulletin's own page that was never read.
    #[must_use]
    pub fn has_unread(&self, known: &KnownGround) -> bool {
        self.own_pages.iter().any(|(url, _)| Url::parse(url).is_ok_and(|url| !known.has_read(&url)))
    }
}

/// Reads one page of a source, such as its newest list: the quick look between two passes.
///
/// # Errors
/// Only for a source whose registry entry is unusable.
pub async fn glance(
    source: &Source,
    page: PageResponse,
    today: NaiveDate,
) -> Result<Glance, SourcesError> {
    let nothing = KnownGround::default();
    let walk = Walk::new(source, &DiscoverOptions::daily(today, &nothing))?;
    let url = page.url.clone();
    let view = page.view().await.unwrap_or_else(|| PageView::empty(url));
    let period = walk.period_of_page(&view);
    let mut candidates = walk.candidates(&view, period.as_ref());
    let is_root = walk.roots.iter().any(|root| page_key(root) == page_key(&view.url));
    let context = PageContext {
        unit: walk.hint.unit,
        own_words: walk.own_words.clone(),
        period,
        is_leaf: period.is_some() && !is_root && is_leaf(&candidates),
        announced: None,
        today,
    };
    let judged = bulletins(&walk.with_choices(&view), &context);
    if context.is_leaf && judged.bulletins.is_empty() {
        walk.open_acts(&mut candidates, &view);
    }
    let (mut own_pages, mut lists, mut others) = (Vec::new(), Vec::new(), Vec::new());
    for candidate in candidates {
        match (&candidate.target, candidate.role) {
            (Target::Get(url), Role::Detail) if !candidate.in_menu => {
                own_pages.push((normalise_url(url), candidate.label));
            }
            (Target::Get(url), Role::Period(_)) => lists.push(normalise_url(url)),
            // What the page alone does not tell; the walk knows whose list it is.
            (Target::Get(url), Role::Unclear) if !candidate.in_menu && candidate.is_card => {
                others.push(normalise_url(url));
            }
            (Target::Post { url, form }, Role::Period(_)) => {
                lists.push(format!("{} {form}", normalise_url(url)));
            }
            _ => {}
        }
    }
    lists.extend(view.pager.pages.iter().map(|(_, url)| normalise_url(url)));
    Ok(Glance { own_pages, lists, others, bulletins: judged.bulletins, left_out: judged.left_out })
}
