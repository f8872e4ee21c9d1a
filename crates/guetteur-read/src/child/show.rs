//! One page for eyes: its picture, or its words and where they stand.

use std::io::Write;

use guetteur_model::Method;

use super::{Sender, for_rendering, guarded, opened};
use crate::boxes::{self, PageWords};
use crate::ocr::Recogniser;
use crate::protocol::{Event, Keep, PageRequest, Refusal, Request};
use crate::render::{self, Picture};
use crate::text::{FileFacts, HayroEngine, OpenError, TextEngine, best_page_text};

pub(super) fn picture(
    request: &Request,
    page: u32,
    dpi: u32,
    out: &mut Sender<impl Write>,
) -> std::io::Result<()> {
    let engine = match for_rendering(request) {
        Ok(engine) => engine,
        Err(refusal) => return out.send(&Event::Refused(refusal)),
    };
    out.send(&opened(FileFacts::default(), "hayro"))?;
    #[expect(clippy::cast_precision_loss, reason = "some hundred dots")]
    let dpi = dpi as f32;
    let drawn = guarded(|| {
        let png = match &engine {
            Some(engine) => render::png(engine.raw_page(page)?, dpi, request.side_px),
            None => Picture::by_poppler(&request.file, page, dpi)?.png(),
        };
        png.map_err(|e| e.to_string())
    });
    match drawn {
        Ok(png) => {
            out.send(&Event::Picture(png.len()))?;
            out.send_bytes(&png)
        }
        Err(why) => out.send(&Event::Failed { page, why }),
    }
}

pub(super) fn words(
    request: &Request,
    page: u32,
    method: Method,
    out: &mut Sender<impl Write>,
) -> std::io::Result<()> {
    let engine = match HayroEngine::open(&request.file, request.page_chars) {
        Ok(engine) => engine,
        Err(OpenError::Password) => return out.send(&Event::Refused(Refusal::Password)),
        Err(OpenError::Invalid(why)) => return out.send(&Event::Refused(Refusal::Invalid(why))),
    };
    out.send(&opened(engine.facts(), engine.name()))?;
    let found = guarded(|| {
        let (width, height) = engine.raw_page(page)?.render_dimensions();
        let words = match method {
            Method::Text | Method::Failed => {
                let (text, _) = best_page_text("hayro", &mut engine.pages(), &request.file, page)?;
                boxes::of_page(&text)
            }
            Method::Ocr | Method::Both => {
                let keep = if method == Method::Both { Keep::Visible } else { Keep::Nothing };
                Recogniser::new(request, Some(&engine)).page(PageRequest { page, keep })?.words
            }
            Method::Empty => Vec::new(),
        };
        Ok(PageWords { size: [width, height], words })
    });
    out.send(&match found {
        Ok(words) => Event::Words(words),
        Err(why) => Event::Failed { page, why },
    })
}
