//! What an answer is that came where a page was asked for.

use guetteur_model::{LeftOut, LeftOutReason};
use url::Url;

use super::Walk;
use super::harvest::Harvest;
use crate::address::{host_family, normalise_url};
use crate::discover::{FailureReason, PageResponse};
use crate::judge::{Lead, announced_document};
use crate::page::Target;
use crate::period::Period;
use crate::plan::{Purpose, Task};

impl Walk<'_> {
    /// A PDF came where a page was asked for: what an answer is follows from the answer. Where the
    /// link announced bulletins it is the bulletin, under the address that the list gives.
    pub(crate) fn document_came(&mut self, response: &PageResponse) {
        if let Some((url, lead, period)) = self.take_announced(response) {
            let bulletin = announced_document(&url, &lead, period, self.reach.today);
            self.note(bulletin, &mut Harvest::default());
        }
    }

    /// A document of a format that is not read came where a page was asked for: a bulletin left out.
    pub(crate) fn unread_came(&mut self, response: &PageResponse) {
        if let Some((url, lead, period)) = self.take_announced(response) {
            let bulletin = announced_document(&url, &lead, period, self.reach.today);
            self.note_left_out(vec![LeftOut {
                url: bulletin.url,
                title: bulletin.title,
                via: bulletin.via,
                reason: LeftOutReason::OtherFormat,
                contents_of: None,
            }]);
        }
    }

    /// What the link to the page asked for last announced. Where it announced nothing, the page
    /// counts as failed: it is none.
    fn take_announced(&mut self, response: &PageResponse) -> Option<(Url, Lead, Option<Period>)> {
        if let Some(Task { target: Target::Get(url), lead: Some(lead), period, .. }) = &self.current
        {
            let announced = (url.clone(), lead.clone(), *period);
            self.current = None;
            return Some(announced);
        }
        let kind = response.content_type.clone().unwrap_or_default();
        self.failed(FailureReason::NotHtml(kind));
        None
    }

    /// Why a response is not the page that was asked for.
    pub(super) fn refusal(&mut self, response: &PageResponse) -> Option<FailureReason> {
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
}
