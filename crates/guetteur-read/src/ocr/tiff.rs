//! Several grey pictures in one TIFF: how tesseract takes many from a pipe.
//!
//! Baseline TIFF 6.0 with Deflate (compression 8), one strip a picture: what libtiff, and thus
//! tesseract, reads everywhere. Tesseract takes its standard input byte by byte, so that compressing is
//! quicker than not.

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;

use crate::render::Picture;

const SHORT: u16 = 3;
const LONG: u16 = 4;
const RATIONAL: u16 = 5;
/// Fields that tell of a picture.
const FIELDS: u16 = 13;
/// Bytes of their table: how many they are, twelve each, and where the next table is.
const TABLE_BYTES: usize = 2 + 12 * FIELDS as usize + 4;

/// Pictures one behind the other.
pub(super) struct Tiff {
    bytes: Vec<u8>,
    /// Where the place of the next picture's table belongs.
    link: usize,
}

impl Tiff {
    pub(super) fn new() -> Self {
        let bytes = b"II*\0\0\0\0\0".to_vec();
        Self { link: bytes.len() - 4, bytes }
    }

    /// The file with one picture.
    pub(super) fn of(picture: &Picture) -> std::io::Result<Self> {
        let mut tiff = Self::new();
        tiff.add(picture)?;
        Ok(tiff)
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Puts a picture behind the others.
    ///
    /// # Errors
    /// If the file would be larger than a TIFF can be.
    pub(super) fn add(&mut self, picture: &Picture) -> std::io::Result<()> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(&picture.grey)?;
        let strip = encoder.finish()?;
        let number = |n: usize| u32::try_from(n).map_err(std::io::Error::other);
        // Tables begin at even places.
        self.bytes.resize(self.bytes.len().next_multiple_of(2), 0);
        let table = self.bytes.len();
        let dpi = table + TABLE_BYTES;
        let data = dpi + 8;
        let (width, height) = (number(picture.width)?, number(picture.height)?);
        let fields: [(u16, u16, u32); FIELDS as usize] = [
            (254, LONG, 2),                    // one page of many
            (256, LONG, width),                // ImageWidth
            (257, LONG, height),               // ImageLength
            (258, SHORT, 8),                   // BitsPerSample
            (259, SHORT, 8),                   // Compression: Deflate
            (262, SHORT, 1),                   // 0 is black
            (273, LONG, number(data)?),        // StripOffsets
            (277, SHORT, 1),                   // SamplesPerPixel
            (278, LONG, height),               // RowsPerStrip
            (279, LONG, number(strip.len())?), // StripByteCounts
            (282, RATIONAL, number(dpi)?),     // XResolution
            (283, RATIONAL, number(dpi)?),     // YResolution
            (296, SHORT, 2),                   // ResolutionUnit: inch
        ];
        self.bytes[self.link..self.link + 4].copy_from_slice(&number(table)?.to_le_bytes());
        self.bytes.extend(FIELDS.to_le_bytes());
        for (tag, kind, value) in fields {
            self.bytes.extend(tag.to_le_bytes());
            self.bytes.extend(kind.to_le_bytes());
            self.bytes.extend(1_u32.to_le_bytes());
            // A short stands in the first half of its place.
            self.bytes.extend(value.to_le_bytes());
        }
        self.link = self.bytes.len();
        self.bytes.extend([0; 4]);
        self.bytes.extend(picture.dpi().to_le_bytes());
        self.bytes.extend(1_u32.to_le_bytes());
        self.bytes.extend(strip);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_picture_links_to_the_next() {
        let picture =
            |tone| Picture { width: 3, height: 2, grey: vec![tone; 6], scale: 200.0 / 72.0 };
        let mut tiff = Tiff::of(&picture(7)).expect("written");
        tiff.add(&picture(200)).expect("written");
        let bytes = tiff.bytes();
        let long = |at: usize| {
            let four = bytes[at..at + 4].try_into().expect("four bytes");
            usize::try_from(u32::from_le_bytes(four)).expect("a place")
        };
        let mut table = long(4);
        let mut tones = Vec::new();
        while table != 0 {
            assert_eq!(table % 2, 0, "tables begin at even places");
            let value = |tag: u16| {
                let place = |i: usize| table + 2 + 12 * i;
                let is_it = |i: &usize| bytes[place(*i)..place(*i) + 2] == tag.to_le_bytes();
                let field = (0..usize::from(FIELDS)).find(is_it).expect("the field");
                long(place(field) + 8)
            };
            assert_eq!((value(256), value(257), long(value(282))), (3, 2, 200));
            let strip = &bytes[value(273)..value(273) + value(279)];
            let mut grey = Vec::new();
            let mut decoder = flate2::read::ZlibDecoder::new(strip);
            std::io::Read::read_to_end(&mut decoder, &mut grey).expect("inflates");
            assert_eq!(grey.len(), 6);
            tones.push(grey[0]);
            table = long(table + TABLE_BYTES - 4);
        }
        assert_eq!(tones, [7, 200]);
    }
}
