//! OCR of the pages that the parent asks for, one at a time.

use std::io::Write;

use super::{Sender, for_rendering, guarded, opened};
use crate::ocr::Recogniser;
use crate::protocol::{Event, PageRequest, Request};
use crate::text::{FileFacts, TextEngine};

pub(super) fn recognise(
    request: &Request,
    pages: impl Iterator<Item = std::io::Result<String>>,
    out: &mut Sender<impl Write>,
) -> std::io::Result<()> {
    let engine = match for_rendering(request) {
        Ok(engine) => engine,
        Err(refusal) => return out.send(&Event::Refused(refusal)),
    };
    let facts = engine.as_ref().map_or_else(FileFacts::default, TextEngine::facts);
    out.send(&opened(facts, "hayro"))?;
    let mut recogniser = Recogniser::new(request, engine.as_ref());
    for line in pages {
        let wanted: PageRequest = serde_json::from_str(&line?)?;
        if recogniser.is_large_sheet(wanted.page) {
            out.send(&Event::Large)?;
        }
        out.send(&match guarded(|| recogniser.page(wanted)) {
            Ok(page) => Event::Recognised(page),
            Err(why) => Event::Failed { page: wanted.page, why },
        })?;
    }
    Ok(())
}
