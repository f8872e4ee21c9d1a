//! Pages drawn as grey pixels, worn as by a scanner, and packed as an image.

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_interpret::util::TransformExt;
use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::{Affine, Point};
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::vello_cpu::{Pixmap, RasterizerSettings, RenderContext, Resources, TargetInit};
use hayro::{RenderCache, RenderSettings, render_into};
use image::ExtendedColorType;
use image::codecs::jpeg::JpegEncoder;
use miniz_oxide::deflate::compress_to_vec_zlib;
use pdf_writer::Filter;

use super::PdfError;
use super::scan::{Codec, ScanOptions};

/// An image packed for a PDF.
pub(super) struct Picture {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) bits: i32,
    pub(super) filter: Filter,
    pub(super) data: Vec<u8>,
}

/// Grey pixels, row by row, 0 is black.
struct Grey {
    width: u32,
    height: u32,
    pixels: Vec<u8>,
}

/// Size in points and image of each page of `bytes`.
pub(super) fn pictures(
    bytes: &[u8],
    options: &ScanOptions,
) -> Result<Vec<(f32, f32, Picture)>, PdfError> {
    let pdf =
        Pdf::new(bytes.to_vec()).map_err(|error| PdfError::Unreadable(format!("{error:?}")))?;
    let cache = RenderCache::new();
    Ok(pdf
        .pages()
        .iter()
        .enumerate()
        .map(|(i, page)| {
            let (width, height) = page.render_dimensions();
            let mut grey = draw(page, &cache, options);
            let mut chance = Chance::new(options.seed ^ (i as u64).wrapping_mul(0x9e37_79b9));
            grey.wear(options, &mut chance);
            let turned = (0..options.quarter_turns % 4)
                .fold((width, height, grey), |(w, h, grey), _| (h, w, grey.turned()));
            (turned.0, turned.1, turned.2.packed(options))
        })
        .collect())
}

fn draw<'a>(page: &'a Page<'a>, cache: &RenderCache<'a>, options: &ScanOptions) -> Grey {
    let scale = f64::from(options.dpi) / 72.0;
    let (width, height) = page.render_dimensions();
    let (w, h) = (f64::from(width) * scale, f64::from(height) * scale);
    let centre = Point::new(w / 2.0, h / 2.0);
    let skew = Affine::rotate_about(f64::from(options.skew_degrees).to_radians(), centre);
    let transform = skew * Affine::scale(scale) * page.initial_transform(true).to_kurbo();
    let mut context = RenderContext::new(w as u16, h as u16);
    render_into(
        page,
        cache,
        &InterpreterSettings::default(),
        &RenderSettings::default(),
        &mut context,
        transform,
    );
    context.flush();
    let mut pixmap = Pixmap::new(context.width(), context.height());
    context.render_with(
        &mut pixmap,
        &mut Resources::default(),
        RasterizerSettings { target_init: TargetInit::Clear(WHITE), ..Default::default() },
    );
    let pixels = pixmap
        .data()
        .iter()
        .map(|p| ((u16::from(p.r) + 2 * u16::from(p.g) + u16::from(p.b)) / 4) as u8)
        .collect();
    Grey { width: u32::from(pixmap.width()), height: u32::from(pixmap.height()), pixels }
}

impl Grey {
    fn wear(&mut self, options: &ScanOptions, chance: &mut Chance) {
        if options.blur {
            self.blur();
        }
        if options.noise > 0 {
            self.noise(options.noise, chance);
        }
        for _ in 0..options.specks {
            self.speck(chance);
        }
    }

    /// Each pixel becomes the mean of itself and its neighbours in the row.
    fn blur(&mut self) {
        let mut before = 255_u16;
        for i in 0..self.pixels.len() - 1 {
            let here = u16::from(self.pixels[i]);
            self.pixels[i] = ((before + 2 * here + u16::from(self.pixels[i + 1])) / 4) as u8;
            before = here;
        }
    }

    /// Darkens pixels by up to `most`, one random word for eight of them.
    fn noise(&mut self, most: u8, chance: &mut Chance) {
        let step = u64::from(most) + 1;
        for eight in self.pixels.chunks_mut(8) {
            let mut word = chance.next();
            for pixel in eight {
                *pixel = pixel.saturating_sub((((word & 0xff) * step) >> 8) as u8);
                word >>= 8;
            }
        }
    }

    /// A black spot of two to four pixels.
    fn speck(&mut self, chance: &mut Chance) {
        let size = 2 + chance.below(3);
        let x = chance.below(self.width - size);
        let y = chance.below(self.height - size);
        for row in y..y + size {
            let start = (row * self.width + x) as usize;
            self.pixels[start..start + size as usize].fill(30);
        }
    }

    /// A quarter turn clockwise.
    fn turned(&self) -> Self {
        let (w, h) = (self.width as usize, self.height as usize);
        let mut pixels = vec![0; self.pixels.len()];
        for y in 0..h {
            for x in 0..w {
                pixels[x * h + (h - 1 - y)] = self.pixels[y * w + x];
            }
        }
        Self { width: self.height, height: self.width, pixels }
    }

    fn packed(&self, options: &ScanOptions) -> Picture {
        let (bits, filter, data) = match options.codec {
            Codec::Jpeg => (8, Filter::DctDecode, self.jpeg(options.quality)),
            Codec::Grey => (8, Filter::FlateDecode, compress_to_vec_zlib(&self.pixels, 6)),
            Codec::Bilevel => (1, Filter::FlateDecode, compress_to_vec_zlib(&self.bits(), 6)),
        };
        Picture { width: self.width, height: self.height, bits, filter, data }
    }

    fn jpeg(&self, quality: u8) -> Vec<u8> {
        let mut data = Vec::new();
        JpegEncoder::new_with_quality(&mut data, quality)
            .encode(&self.pixels, self.width, self.height, ExtendedColorType::L8)
            .expect("writing a JPEG into memory fails only above 65,535 pixels, which u16 forbids");
        data
    }

    /// One bit a pixel, rows padded to bytes, 1 is white.
    fn bits(&self) -> Vec<u8> {
        self.pixels
            .chunks(self.width as usize)
            .flat_map(|row| {
                row.chunks(8).map(|eight| {
                    let bit = |(i, pixel): (usize, &u8)| u8::from(*pixel > 140) << (7 - i);
                    eight.iter().enumerate().map(bit).sum()
                })
            })
            .collect()
    }
}

/// Chance without a clock: xorshift64*, the same row for the same seed.
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x2545_f491_4f6c_dd1d) | 1)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A number under `limit`, which must not be 0.
    pub(super) fn below(&mut self, limit: u32) -> u32 {
        ((self.next() >> 32) % u64::from(limit.max(1))) as u32
    }
}
