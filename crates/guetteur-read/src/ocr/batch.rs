//! Several pages in one process of tesseract, which saves its start and the loading of its model.
//!
//! Pages that share a process share its end: whatever it does not come to is read again page by page.

use std::time::Instant;

use super::recognise::{Draft, Recogniser};
use super::tesseract::{self, Segmentation};
use super::tiff::Tiff;
use super::tsv::OcrLine;
use crate::boxes::ReadPage;
use crate::child::guarded;
use crate::protocol::PageRequest;

impl Recogniser<'_> {
    /// The pages as OCR reads them, each told with its number as soon as it is read, in any order. An
    /// error, in plain French words, concerns its page.
    pub(crate) fn pages(
        &mut self,
        requests: &[PageRequest],
        mut tell: impl FnMut(u32, Result<ReadPage, String>),
    ) {
        let left = match requests {
            [_] => requests.to_vec(),
            _ => self.together(requests, &mut tell),
        };
        for request in left {
            tell(request.page, guarded(|| self.page(request)));
        }
    }

    /// Reads pages in one process, and gives back those that it did not come to.
    fn together(
        &mut self,
        requests: &[PageRequest],
        tell: &mut impl FnMut(u32, Result<ReadPage, String>),
    ) -> Vec<PageRequest> {
        let mut pictures = Tiff::new();
        let mut drafts = Vec::new();
        let mut left = Vec::new();
        for request in requests {
            match guarded(|| self.draft(*request)) {
                Err(why) => tell(request.page, Err(why)),
                Ok((draft, None)) => {
                    tell(request.page, guarded(|| self.finished(draft, Vec::new())));
                }
                Ok((draft, Some(picture))) => match pictures.add(&picture) {
                    Ok(()) => drafts.push(Some(draft)),
                    Err(_) => left.push(*request),
                },
            }
        }
        for (draft, lines) in self.first_look(&pictures, &mut drafts, tell) {
            tell(draft.request.page, guarded(|| self.finished(draft, lines)));
        }
        left.extend(drafts.into_iter().flatten().map(|draft| draft.request));
        left
    }

    /// Tells the pages that are good as they come, and gives back those that want another look, which
    /// must not run beside this one. What tesseract does not come to stays among the drafts.
    fn first_look(
        &self,
        pictures: &Tiff,
        drafts: &mut [Option<Draft>],
        tell: &mut impl FnMut(u32, Result<ReadPage, String>),
    ) -> Vec<(Draft, Vec<OcrLine>)> {
        let mut doubtful = Vec::new();
        let Ok(languages) = self.languages() else { return doubtful };
        if drafts.is_empty() {
            return doubtful;
        }
        let mut before = Instant::now();
        // Why it ended early is said by the pages that it did not come to, read alone.
        let _ = tesseract::run(pictures, languages, Segmentation::Upright, |place, lines| {
            let Some(mut draft) = drafts.get_mut(place).and_then(Option::take) else { return };
            let now = Instant::now();
            draft.spent += now - std::mem::replace(&mut before, now);
            let page = draft.request.page;
            match guarded(|| Ok(draft.lines(lines))) {
                Ok(lines) if self.is_doubtful(&lines) => doubtful.push((draft, lines)),
                Ok(lines) => tell(page, guarded(|| self.finished(draft, lines))),
                Err(why) => tell(page, Err(why)),
            }
        });
        doubtful
    }
}
