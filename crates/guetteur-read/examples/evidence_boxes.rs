//! Draws the boxes of a page's words on its picture; those that hold one of the given words are
//! filled: `cargo run -p guetteur-read --example evidence_boxes -- FILE.pdf PAGE OUT.png [WORD…]`.
use std::error::Error;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use guetteur_model::Method;
use guetteur_read::{ChildCommand, ReadOptions, Reader};

const DPI: u32 = 100;
const USAGE: &str = "usage: evidence_boxes FILE.pdf PAGE OUT.png [WORD…]";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().ok_or(USAGE);
    let (file, number, out) = (PathBuf::from(next()?), next()?.parse()?, next()?);
    let wanted: Vec<String> = arguments.map(|word| word.to_lowercase()).collect();
    let child = ChildCommand::program(child_beside(&std::env::current_exe()?));
    let reader = Reader::new(ReadOptions { child, ..ReadOptions::default() });
    let mut method = Method::Empty;
    let keep = |page: &guetteur_model::Page| {
        if page.number == number {
            method = page.method;
        }
    };
    reader.read(&file, keep).await?;
    let words = reader.words(&file, number, method).await?;
    let png = reader.picture(&file, number, DPI).await?;
    let mut canvas = Canvas::decode(&png)?;
    for word in &words.words {
        let bounds = word.bounds.map(|points| points * DPI as f32 / 72.0);
        let found = wanted.iter().any(|wanted| word.text.to_lowercase().contains(wanted));
        canvas.mark(bounds, found);
    }
    canvas.save(Path::new(&out))?;
    Ok(())
}

/// Cargo puts examples in a folder below the binaries.
fn child_beside(exe: &Path) -> PathBuf {
    let folder = exe.parent().and_then(Path::parent).unwrap_or(Path::new("."));
    folder.join("guetteur-read-child")
}

/// A picture in colour.
struct Canvas {
    width: usize,
    height: usize,
    rgb: Vec<[u8; 3]>,
}

impl Canvas {
    fn decode(bytes: &[u8]) -> Result<Self, Box<dyn Error>> {
        let mut reader = png::Decoder::new(Cursor::new(bytes)).read_info()?;
        let mut pixels = vec![0; reader.output_buffer_size().ok_or("too large")?];
        let info = reader.next_frame(&mut pixels)?;
        let samples = info.color_type.samples();
        let rgb = pixels.chunks_exact(samples).map(|p| match *p {
            [r, g, b, ..] => [r, g, b],
            _ => [p[0]; 3],
        });
        Ok(Self { width: info.width as usize, height: info.height as usize, rgb: rgb.collect() })
    }

    fn mark(&mut self, bounds: [f32; 4], filled: bool) {
        let [x0, y0, x1, y1] = bounds.map(|pixels| pixels.max(0.0).round() as usize);
        for y in y0..=y1.min(self.height - 1) {
            for x in x0..=x1.min(self.width - 1) {
                let edge = y == y0 || y == y1 || x == x0 || x == x1;
                let pixel = &mut self.rgb[y * self.width + x];
                if filled {
                    pixel[2] = pixel[2].min(90);
                } else if edge {
                    *pixel = [90, 140, 230];
                }
            }
        }
    }

    fn save(&self, path: &Path) -> Result<(), Box<dyn Error>> {
        let file = std::io::BufWriter::new(std::fs::File::create(path)?);
        let side = u32::try_from;
        let mut encoder = png::Encoder::new(file, side(self.width)?, side(self.height)?);
        encoder.set_color(png::ColorType::Rgb);
        encoder.write_header()?.write_image_data(self.rgb.as_flattened())?;
        Ok(())
    }
}
