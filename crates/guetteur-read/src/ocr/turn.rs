//! Pictures that lie on their side or stand on their head, and the way back for places on them.

use super::tsv::OcrLine;
use crate::render::Picture;

/// How a picture is turned to stand upright.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    Clockwise,
    Around,
    CounterClockwise,
}

impl Turn {
    /// The picture turned so.
    pub(super) fn picture(self, picture: &Picture) -> Picture {
        let (width, height) = (picture.width, picture.height);
        let (turned_width, turned_height) = match self {
            Self::Around => (width, height),
            Self::Clockwise | Self::CounterClockwise => (height, width),
        };
        let mut grey = Vec::with_capacity(picture.grey.len());
        for y in 0..turned_height {
            grey.extend((0..turned_width).map(|x| {
                let (from_x, from_y) = match self {
                    Self::Clockwise => (y, height - 1 - x),
                    Self::Around => (width - 1 - x, height - 1 - y),
                    Self::CounterClockwise => (width - 1 - y, x),
                };
                picture.grey[from_y * width + from_x]
            }));
        }
        Picture { width: turned_width, height: turned_height, grey, scale: picture.scale }
    }

    /// Places of words on the picture as it was; its sides are in pixels.
    #[expect(clippy::cast_precision_loss, reason = "pixels of a page")]
    pub(super) fn undo(self, lines: &mut [OcrLine], width: usize, height: usize) {
        let (width, height) = (width as f32, height as f32);
        for word in lines.iter_mut().flatten() {
            let [x0, y0, x1, y1] = word.bbox;
            word.bbox = match self {
                Self::Clockwise => [y0, height - x1, y1, height - x0],
                Self::Around => [width - x1, height - y1, width - x0, height - y0],
                Self::CounterClockwise => [width - y1, x0, width - y0, x1],
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ocr::tsv::OcrWord;

    #[test]
    fn places_on_a_turned_picture_are_those_of_the_page() {
        let mut picture = Picture { width: 5, height: 3, grey: vec![255; 15], scale: 1.0 };
        picture.grey[5 + 3] = 0;
        for turn in [Turn::Clockwise, Turn::Around, Turn::CounterClockwise] {
            let turned = turn.picture(&picture);
            let at = turned.grey.iter().position(|tone| *tone == 0).expect("the pixel");
            #[expect(clippy::cast_precision_loss, reason = "a few pixels")]
            let (x, y) = ((at % turned.width) as f32, (at / turned.width) as f32);
            let bbox = [x, y, x + 1.0, y + 1.0];
            let mut lines = vec![vec![OcrWord { text: "x".into(), bbox, confidence: 1.0 }]];
            turn.undo(&mut lines, 5, 3);
            assert_eq!(lines[0][0].bbox, [3.0, 1.0, 4.0, 2.0], "{turn:?}");
        }
    }
}
