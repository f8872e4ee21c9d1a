//! The first engine: hayro's parser, with a walk of our own over plain pages and its interpreter
//! over the others.

use std::collections::HashSet;
use std::path::Path;

use chrono::{FixedOffset, NaiveDate};
use guetteur_model::{FileTime, FileTimes};
use hayro_interpret::kurbo::Rect;
use hayro_interpret::util::TransformExt;
use hayro_interpret::{Context, InterpreterCache, InterpreterSettings, interpret_page};
use hayro_syntax::object::{Array, Dict, Object};
use hayro_syntax::page::Page;
use hayro_syntax::{DecryptionError, LoadPdfError, Pdf};

use super::device::Seen;
use super::glyphs::Collector;
use super::plain::PlainPages;
use super::{FileFacts, OpenError, PageText, Pages, TextEngine, layout, mended, notes, signatures};

/// Fonts are kept for this many pages, so that a file of thousands does not fill the memory.
const FORGET_EVERY: u32 = 500;

/// A file opened by hayro: text, and pages for rendering.
pub(crate) struct HayroEngine {
    pdf: Pdf,
    page_chars: usize,
}

impl HayroEngine {
    pub(crate) fn open(file: &Path, page_chars: usize) -> Result<Self, OpenError> {
        let bytes = std::fs::read(file).map_err(|e| OpenError::Invalid(e.to_string()))?;
        let pdf = Pdf::new(bytes).map_err(|e| match e {
            LoadPdfError::Decryption(DecryptionError::PasswordProtected) => OpenError::Password,
            LoadPdfError::Decryption(_) => OpenError::Invalid("chiffrement inconnu".to_owned()),
            LoadPdfError::Invalid => OpenError::Invalid("structure illisible".to_owned()),
        })?;
        if pdf.pages().is_empty() {
            return Err(OpenError::Invalid("aucune page".to_owned()));
        }
        Ok(Self { pdf, page_chars })
    }

    /// Ghostscript 10.00, which Debian 12 has: see [`super::mended`].
    fn wrong_letters(&self) -> bool {
        let producer = self.pdf.metadata().producer.as_deref().unwrap_or_default();
        producer.starts_with(b"GPL Ghostscript 10.00")
    }

    /// Creation and modification, as the file's information dictionary has them.
    fn times(&self) -> FileTimes {
        let metadata = self.pdf.metadata();
        FileTimes {
            created: metadata.creation_date.and_then(file_time),
            modified: metadata.modification_date.and_then(file_time),
        }
    }

    /// The page for rendering. The error is in plain French words.
    pub(crate) fn raw_page(&self, number: u32) -> Result<&Page<'_>, String> {
        let index = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
        let page = index.and_then(|index| self.pdf.pages().get(index));
        page.ok_or_else(|| "cette page n'existe pas".to_owned())
    }
}

impl TextEngine for HayroEngine {
    fn name(&self) -> &'static str {
        "hayro"
    }

    fn facts(&self) -> FileFacts {
        let catalog = catalog(&self.pdf);
        let embedded = catalog
            .as_ref()
            .and_then(|c| c.get::<Dict<'_>>("Names"))
            .and_then(|n| n.get::<Dict<'_>>("EmbeddedFiles"))
            .map_or(0, |tree| count_names(&tree, &mut HashSet::new(), 0));
        FileFacts {
            pages: u32::try_from(self.pdf.pages().len()).unwrap_or(u32::MAX),
            encrypted: is_encrypted(self.pdf.data().as_ref()),
            embedded_files: embedded,
            signatures: catalog.as_ref().map(signatures::of_file).unwrap_or_default(),
            wrong_letters: self.wrong_letters(),
            times: self.times(),
            xfa: catalog
                .and_then(|c| c.get::<Dict<'_>>("AcroForm"))
                .is_some_and(|form| form.contains_key("XFA")),
        }
    }

    fn pages(&self) -> Pages<'_> {
        let catalog = catalog(&self.pdf);
        let mut cache = InterpreterCache::new();
        let mut plain = PlainPages::of(catalog.as_ref());
        let wrong_letters = self.wrong_letters();
        Box::new(move |number| {
            if number.is_multiple_of(FORGET_EVERY) {
                cache = InterpreterCache::new();
                plain = PlainPages::of(catalog.as_ref());
            }
            let page = self.raw_page(number)?;
            let collected = plain.as_mut().and_then(|plain| plain.page(page, self.page_chars));
            let collected = collected.unwrap_or_else(|| interpret(page, &cache, self.page_chars));
            Ok(laid_out(collected, page, wrong_letters))
        })
    }
}

/// A time of the file. hayro gives an offset of nought both where the file says UTC and where it says
/// nothing: it is not told.
fn file_time(at: hayro_syntax::object::DateTime) -> Option<FileTime> {
    let day = NaiveDate::from_ymd_opt(at.year.into(), at.month.into(), at.day.into())?;
    let local = day.and_hms_opt(at.hour.into(), at.minute.into(), at.second.into())?;
    let (hours, minutes) = (i32::from(at.utc_offset_hour), i32::from(at.utc_offset_minute));
    let sign = if hours < 0 { -1 } else { 1 };
    let offset = FixedOffset::east_opt(hours * 3600 + sign * minutes * 60)?;
    Some(FileTime { local, offset: Some(offset).filter(|offset| offset.local_minus_utc() != 0) })
}

/// The root of a file's objects.
pub(super) fn catalog(pdf: &Pdf) -> Option<Dict<'_>> {
    pdf.xref().get(pdf.xref().root_id())
}

/// Words, pictures and paths of any page: the general way.
pub(super) fn interpret<'a>(
    page: &Page<'a>,
    cache: &InterpreterCache<'a>,
    page_chars: usize,
) -> Collector {
    let (width, height) = page.render_dimensions();
    let mut context = Context::new(
        page.initial_transform(true).to_kurbo(),
        Rect::new(0.0, 0.0, f64::from(width), f64::from(height)),
        cache,
        page.xref(),
        InterpreterSettings::default(),
    );
    let mut seen = Seen::new(Collector::new(width, height, page_chars));
    interpret_page(page, &mut context, &mut seen);
    seen.out
}

/// What was collected, its words in lines.
pub(super) fn laid_out(mut collector: Collector, page: &Page<'_>, wrong_letters: bool) -> PageText {
    collector.end();
    notes::add(page, &mut collector);
    let (mut words, unseen) = collector.words();
    mended::mend(&mut words, wrong_letters || collector.has_shifted);
    let (bare_pictures, unread) = collector.surface.unread(&words);
    PageText {
        image_cover: Some(collector.surface.picture_share()),
        bare_pictures,
        unread,
        has_outlines: collector.surface.has_outlines(),
        paths: collector.paths,
        cut: collector.cut,
        mended: collector.has_shifted,
        lines: layout::lines(words, &collector.strokes),
        unseen: layout::lines(unseen, &[]),
    }
}

/// Leaves of a name tree, with a guard against loops.
fn count_names(tree: &Dict<'_>, seen: &mut HashSet<(u32, i32)>, depth: u32) -> u32 {
    if depth > 20 || tree.obj_id().is_some_and(|id| !seen.insert((id.obj_number, id.gen_number))) {
        return 0;
    }
    let own =
        tree.get::<Array<'_>>("Names").map_or(0, |names| names.iter::<Object<'_>>().count() / 2);
    let own = u32::try_from(own).unwrap_or(u32::MAX);
    tree.get::<Array<'_>>("Kids").map_or(own, |kids| {
        kids.iter::<Dict<'_>>()
            .fold(own, |sum, kid| sum.saturating_add(count_names(&kid, seen, depth + 1)))
    })
}

/// hayro decrypts without telling: the trailer's key is looked for in the last kilobytes and in
/// the first (linearised files).
fn is_encrypted(bytes: &[u8]) -> bool {
    const WINDOW: usize = 4096;
    let has = |part: &[u8]| part.windows(8).any(|w| w == b"/Encrypt");
    has(&bytes[..bytes.len().min(WINDOW)]) || has(&bytes[bytes.len().saturating_sub(WINDOW)..])
}
