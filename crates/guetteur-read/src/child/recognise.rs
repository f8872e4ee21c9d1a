//! OCR of the pages that the parent asks for, some at a time.

use std::io::Write;

use super::{Sender, for_rendering, opened};
use crate::boxes::ReadPage;
use crate::ocr::Recogniser;
use crate::protocol::{Event, PageRequest, Request};
use crate::text::{FileFacts, TextEngine};

pub(super) fn recognise(
    request: &Request,
    batches: impl Iterator<Item = std::io::Result<String>>,
    out: &mut Sender<impl Write>,
) -> std::io::Result<()> {
    let engine = match for_rendering(request) {
        Ok(engine) => engine,
        Err(refusal) => return out.send(&Event::Refused(refusal)),
    };
    let facts = engine.as_ref().map_or_else(FileFacts::default, TextEngine::facts);
    out.send(&opened(facts, "hayro"))?;
    let mut recogniser = Recogniser::new(request, engine.as_ref());
    for line in batches {
        let wanted: Vec<PageRequest> = serde_json::from_str(&line?)?;
        let (large, ordinary): (Vec<_>, Vec<_>) =
            wanted.into_iter().partition(|wanted| recogniser.is_large_sheet(wanted.page));
        recognise_batch(&mut recogniser, &ordinary, out)?;
        for page in large {
            out.send(&Event::Large)?;
            recognise_batch(&mut recogniser, &[page], out)?;
        }
    }
    Ok(())
}

fn recognise_batch(
    recogniser: &mut Recogniser<'_>,
    pages: &[PageRequest],
    out: &mut Sender<impl Write>,
) -> std::io::Result<()> {
    let mut sent = Ok(());
    recogniser.pages(pages, |page, read: Result<ReadPage, String>| {
        let event = match read {
            Ok(read) => Event::Recognised(read),
            Err(why) => Event::Failed { page, why },
        };
        // Once the parent is gone, so is the reason to tell it anything.
        if sent.is_ok() {
            sent = out.send(&event);
        }
    });
    sent
}
