//! Embedded text and statistics of all pages, one after the other.

use std::io::Write;
use std::time::Instant;

use super::{Sender, guarded, opened};
use crate::boxes;
use crate::protocol::{Event, Refusal, Request, ScannedPage};
use crate::text::{OpenError, best_page_text, open};

pub(super) fn scan(
    request: &Request,
    from: u32,
    out: &mut Sender<impl Write>,
) -> std::io::Result<()> {
    let engine = match open(&request.file, request.first_engine, request.page_chars) {
        Ok(engine) => engine,
        Err(OpenError::Password) => return out.send(&Event::Refused(Refusal::Password)),
        Err(OpenError::Invalid(why)) => {
            return out.send(&Event::Refused(Refusal::Invalid(why)));
        }
    };
    let facts = engine.facts();
    out.send(&opened(facts, engine.name()))?;
    let mut pages = engine.pages();
    for page in from..=facts.pages.min(request.max_pages) {
        let start = Instant::now();
        let read = guarded(|| best_page_text(engine.name(), &mut pages, &request.file, page));
        let ms = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
        out.send(&match read {
            Err(why) => Event::Failed { page, why },
            Ok((text, stats)) => {
                let note = text.cut.then(|| "texte coupé : trop de caractères".to_owned());
                let words = if request.boxes { boxes::of_page(&text) } else { Vec::new() };
                let hidden = text.hidden();
                let text = text.text();
                Event::Scanned(ScannedPage { page, text, stats, ms, note, hidden, words })
            }
        })?;
    }
    out.send(&Event::Done)
}
