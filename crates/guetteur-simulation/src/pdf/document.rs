//! Pages written as a PDF file.

use chrono::{Datelike, NaiveDateTime, Timelike};
use miniz_oxide::deflate::compress_to_vec_zlib;
use pdf_writer::types::{SystemInfo, TextRenderingMode, UnicodeCmap};
use pdf_writer::{Content, Date, Filter, Finish, Name, Pdf, Rect, Ref, Str};

use super::Font;
use super::page::{Garble, PageSpec, Rotation, TextRun};
use super::raster::Picture;
use super::scan::{ScanOptions, scan_page};
use guetteur_figures::{encode, from_win_ansi};

const CATALOG: Ref = Ref::new(1);
const PAGE_TREE: Ref = Ref::new(2);
const INFO: Ref = Ref::new(3);
const ENCODING: Ref = Ref::new(4);
const CMAPS: [Ref; 3] = [Ref::new(5), Ref::new(6), Ref::new(7)];
const XFA: Ref = Ref::new(8);
/// Three sets of fonts (clean, private use, shifted) follow one another from here.
const FIRST_FONT: i32 = 10;
const FIRST_PAGE: i32 = 100;

/// An XFA form without fields.
const FORM: &[u8] = b"<xdp:xdp xmlns:xdp=\"http://ns.adobe.com/xdp/\"></xdp:xdp>";

enum Sheet {
    Text(PageSpec),
    Scan { under: Box<PageSpec>, options: ScanOptions, over: Box<PageSpec> },
    Picture { picture: Picture, over: PageSpec },
    Pasted { sheet: Box<PageSpec>, options: ScanOptions, page: Box<PageSpec>, place: [f32; 4] },
}

/// Builds a PDF page by page. The same calls give the same bytes.
#[derive(Default)]
pub struct PdfBuilder {
    sheets: Vec<Sheet>,
    title: Option<String>,
    made: Option<NaiveDateTime>,
    xfa: bool,
}

impl PdfBuilder {
    /// An empty document.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the title in the document's information.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// Sets when it was created and modified, on a clock two hours ahead of UTC.
    #[must_use]
    pub fn made(mut self, at: NaiveDateTime) -> Self {
        self.made = Some(at);
        self
    }

    /// Carries an XFA form: its pages are what is shown where the viewer knows no such forms.
    #[must_use]
    pub fn xfa(mut self) -> Self {
        self.xfa = true;
        self
    }

    /// Adds a born-digital page.
    #[must_use]
    pub fn page(mut self, page: PageSpec) -> Self {
        self.sheets.push(Sheet::Text(page));
        self
    }

    /// Adds born-digital pages.
    #[must_use]
    pub fn pages(mut self, pages: impl IntoIterator<Item = PageSpec>) -> Self {
        self.sheets.extend(pages.into_iter().map(Sheet::Text));
        self
    }

    /// Adds a page as a scanner would deliver it: an image without text.
    #[must_use]
    pub fn scanned(self, page: PageSpec, options: ScanOptions) -> Self {
        let over = PageSpec { runs: Vec::new(), rules: Vec::new(), ..page.clone() };
        self.scanned_under(page, options, over)
    }

    /// Adds a scanned page with born-digital marks on top: the national tool's footer, a stamp.
    #[must_use]
    pub fn scanned_under(mut self, page: PageSpec, options: ScanOptions, over: PageSpec) -> Self {
        let (under, over) = (Box::new(page), Box::new(over));
        self.sheets.push(Sheet::Scan { under, options, over });
        self
    }

    /// Adds a born-digital page with the scan of a sheet pasted onto it, as offices do with an annex
    /// or a signed page. `place` is the scan's left, top, width and height in points from the page's
    /// upper left corner.
    #[must_use]
    pub fn pasted(
        mut self,
        sheet: PageSpec,
        options: ScanOptions,
        page: PageSpec,
        place: [f32; 4],
    ) -> Self {
        let (sheet, page) = (Box::new(sheet), Box::new(page));
        self.sheets.push(Sheet::Pasted { sheet, options, page, place });
        self
    }

    pub(super) fn picture(mut self, picture: Picture, over: PageSpec) -> Self {
        self.sheets.push(Sheet::Picture { picture, over });
        self
    }

    /// The visible text of each page, scans included, a line a run.
    #[must_use]
    pub fn texts(&self) -> Vec<String> {
        self.sheets
            .iter()
            .map(|sheet| match sheet {
                Sheet::Text(page) | Sheet::Picture { over: page, .. } => page.visible_text(),
                Sheet::Scan { under, over, .. }
                | Sheet::Pasted { sheet: under, page: over, .. } => {
                    let parts = [under.visible_text(), over.visible_text()];
                    parts.into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join("\n")
                }
            })
            .collect()
    }

    /// Writes the file.
    #[must_use]
    pub fn build(self) -> Vec<u8> {
        let mut pdf = Pdf::new();
        let mut catalog = pdf.catalog(CATALOG);
        catalog.pages(PAGE_TREE);
        if self.xfa {
            catalog.form().fields([]).pair(Name(b"XFA"), XFA);
        }
        catalog.finish();
        if self.xfa {
            pdf.stream(XFA, FORM);
        }
        let mut info = pdf.document_info(INFO);
        info.producer(pdf_writer::TextStr("guetteur-testkit"));
        if let Some(title) = &self.title {
            info.title(pdf_writer::TextStr(title));
        }
        if let Some(date) = self.made.and_then(date) {
            info.creation_date(date).modified_date(date);
        }
        info.finish();
        write_fonts(&mut pdf);
        let ids: Vec<Ref> =
            (0..self.sheets.len()).map(|i| Ref::new(FIRST_PAGE + 3 * i as i32)).collect();
        pdf.pages(PAGE_TREE).kids(ids.iter().copied()).count(ids.len() as i32);
        for (sheet, id) in self.sheets.into_iter().zip(ids) {
            match sheet {
                Sheet::Text(page) => write_page(&mut pdf, id, &page, None),
                Sheet::Picture { picture, over } => {
                    let all = [0.0, 0.0, over.width, over.height];
                    write_page(&mut pdf, id, &over, Some((&picture, all)));
                }
                Sheet::Pasted { sheet, options, page, place } => {
                    let (picture, _) = scan_page(*sheet, &options, PageSpec::a4());
                    write_page(&mut pdf, id, &page, Some((&picture, place)));
                }
                Sheet::Scan { under, options, over } => {
                    let (picture, over) = scan_page(*under, &options, *over);
                    let all = [0.0, 0.0, over.width, over.height];
                    write_page(&mut pdf, id, &over, Some((&picture, all)));
                }
            }
        }
        pdf.finish()
    }
}

/// A time as PDF writes it.
fn date(at: NaiveDateTime) -> Option<Date> {
    let part = |value: u32| u8::try_from(value).ok();
    Some(
        Date::new(u16::try_from(at.year()).ok()?)
            .month(part(at.month())?)
            .day(part(at.day())?)
            .hour(part(at.hour())?)
            .minute(part(at.minute())?)
            .second(part(at.second())?)
            .utc_offset_hour(2)
            .utc_offset_minute(0),
    )
}

const GARBLES: [Option<Garble>; 3] = [None, Some(Garble::PrivateUse), Some(Garble::Shifted)];

fn font_ref(font: Font, garble: Option<Garble>) -> Ref {
    let set = GARBLES.iter().position(|g| *g == garble).unwrap_or(0) as i32;
    Ref::new(FIRST_FONT + set * 10 + font as i32)
}

fn font_name(font: Font) -> [u8; 2] {
    [b'F', b'1' + font as u8]
}

fn write_fonts(pdf: &mut Pdf) {
    pdf.indirect(ENCODING)
        .dict()
        .pair(Name(b"Type"), Name(b"Encoding"))
        .pair(Name(b"BaseEncoding"), Name(b"WinAnsiEncoding"));
    for (id, garble) in CMAPS.into_iter().zip(GARBLES) {
        let cmap = to_unicode(garble);
        pdf.stream(id, &compress_to_vec_zlib(&cmap, 6)).filter(Filter::FlateDecode);
        for font in Font::ALL {
            let mut dict = pdf.type1_font(font_ref(font, garble));
            dict.base_font(Name(font.base_name()));
            dict.pair(Name(b"Encoding"), ENCODING);
            dict.to_unicode(id);
        }
    }
}

fn to_unicode(garble: Option<Garble>) -> Vec<u8> {
    let info = SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"UCS"), supplement: 0 };
    let mut cmap = UnicodeCmap::<u8>::new(Name(b"Text"), info);
    for code in 32..=255_u8 {
        let shown = match garble {
            _ if code == b' ' => Some(' '),
            None => from_win_ansi(code),
            Some(Garble::PrivateUse) => char::from_u32(0xe000 + u32::from(code)),
            // Letters become signs and digits: no word keeps the shape of a word.
            Some(Garble::Shifted) => char::from_u32(33 + (u32::from(code) * 7 + 11) % 90),
        };
        if let Some(shown) = shown {
            cmap.pair(code, shown);
        }
    }
    cmap.finish().into_vec()
}

/// A picture and its left, top, width and height on the page.
type Placed<'p> = (&'p Picture, [f32; 4]);

fn write_page(pdf: &mut Pdf, id: Ref, spec: &PageSpec, picture: Option<Placed<'_>>) {
    let (content_id, image_id) = (id.next(), id.next().next());
    let (width, height) = match spec.rotation {
        Rotation::None | Rotation::UpsideDown => (spec.width, spec.height),
        Rotation::Quarter => (spec.height, spec.width),
    };
    let mut page = pdf.page(id);
    page.parent(PAGE_TREE).media_box(Rect::new(0.0, 0.0, width, height)).contents(content_id);
    if spec.rotation == Rotation::Quarter {
        page.rotate(90);
    }
    let mut resources = page.resources();
    let mut fonts = resources.fonts();
    for font in Font::ALL {
        fonts.pair(Name(&font_name(font)), font_ref(font, spec.garble));
    }
    fonts.finish();
    if picture.is_some() {
        resources.x_objects().pair(Name(b"Im1"), image_id);
    }
    resources.finish();
    page.finish();

    let content = compress_to_vec_zlib(&content_of(spec, picture.map(|(_, place)| place)), 6);
    pdf.stream(content_id, &content).filter(Filter::FlateDecode);
    if let Some((picture, _)) = picture {
        write_picture(pdf, image_id, picture);
    }
}

fn write_picture(pdf: &mut Pdf, id: Ref, picture: &Picture) {
    let mut image = pdf.image_xobject(id, &picture.data);
    image.filter(picture.filter);
    image.width(picture.width as i32).height(picture.height as i32);
    image.color_space().device_gray();
    image.bits_per_component(picture.bits);
}

fn content_of(spec: &PageSpec, picture: Option<[f32; 4]>) -> Vec<u8> {
    let mut content = Content::new();
    match spec.rotation {
        Rotation::None => {}
        Rotation::Quarter => _ = content.transform([0.0, 1.0, -1.0, 0.0, spec.height, 0.0]),
        Rotation::UpsideDown => {
            content.transform([-1.0, 0.0, 0.0, -1.0, spec.width, spec.height]);
        }
    }
    if let Some([left, top, width, height]) = picture {
        content.save_state();
        content.transform([width, 0.0, 0.0, height, left, spec.height - top - height]);
        content.x_object(Name(b"Im1"));
        content.restore_state();
    }
    for rule in &spec.rules {
        content.rect(rule.x, spec.height - rule.y - rule.height, rule.width, rule.height);
        content.fill_nonzero();
    }
    for run in &spec.runs {
        write_run(&mut content, spec.height, run);
    }
    content.finish().into_vec()
}

fn write_run(content: &mut Content, page_height: f32, run: &TextRun) {
    content.begin_text();
    content.set_font(Name(&font_name(run.font)), run.size);
    if run.hidden {
        content.set_text_rendering_mode(TextRenderingMode::Invisible);
    }
    content.set_word_spacing(run.word_spacing);
    let (sin, cos) = if run.stamp { 6.0_f32.to_radians().sin_cos() } else { (0.0, 1.0) };
    if run.stamp {
        content.set_fill_rgb(0.15, 0.2, 0.6);
    }
    content.set_text_matrix([cos, sin, -sin, cos, run.x, page_height - run.y]);
    content.show(Str(&encode(&run.text)));
    if run.stamp {
        content.set_fill_gray(0.0);
    }
    if run.hidden {
        content.set_text_rendering_mode(TextRenderingMode::Fill);
    }
    content.end_text();
}
