//! Paths of plain pages: rules and frames of tables, and a count of all others.

use hayro_interpret::kurbo::{BezPath, PathEl};
use hayro_syntax::content::Instruction;

use super::operands::numbers;
use super::{Done, NotPlain, State, Walk};
use crate::text::glyphs::{Drawn, Form};
use crate::text::outline::{is_rectangle, is_upright};

impl Walk<'_, '_> {
    pub(super) fn draw(&mut self, operator: &[u8], at: &Instruction<'_, '_>) -> Done {
        let path = &mut self.path;
        match operator {
            b"m" => {
                let [x, y] = numbers(at)?;
                path.move_to((x, y));
            }
            b"re" => {
                let [x, y, width, height] = numbers(at)?;
                path.move_to((x, y));
                path.line_to((x + width, y));
                path.line_to((x + width, y + height));
                path.line_to((x, y + height));
                path.close_path();
            }
            // The others go on from a point.
            _ if path.elements().is_empty() => return Err(NotPlain),
            b"h" => close(path),
            b"l" => {
                let [x, y] = numbers(at)?;
                path.line_to((x, y));
            }
            b"c" => {
                let [ax, ay, bx, by, x, y] = numbers(at)?;
                path.curve_to((ax, ay), (bx, by), (x, y));
            }
            // One corner of these two is a point of the curve: nothing but the corners counts here.
            _ => {
                let [ax, ay, x, y] = numbers(at)?;
                path.quad_to((ax, ay), (x, y));
            }
        }
        Ok(())
    }

    pub(super) fn paint(&mut self, operator: &[u8]) {
        if !self.path.elements().is_empty() {
            if matches!(operator, b"s" | b"b" | b"b*") {
                close(&mut self.path);
            }
            let bounds = self.path.control_box();
            let is_rectangle = is_rectangle(self.path.elements(), bounds);
            let form = if is_rectangle { Form::Rect(bounds) } else { Form::Path(&self.path) };
            let State { transform, look, .. } = &self.state;
            let (fills, draws_line) = match operator {
                b"n" => (false, false),
                b"B" | b"B*" | b"b" | b"b*" => (true, true),
                b"S" | b"s" => (false, true),
                _ => (true, false),
            };
            if fills {
                let drawn = Drawn { form, ink: look.ink(look.fill), pen: None };
                self.out.shape(&drawn, *transform, look.clip);
            }
            if draws_line {
                let drawn = Drawn { form, ink: look.ink(look.line), pen: Some(look.line_width) };
                self.out.shape(&drawn, *transform, look.clip);
            }
            if self.clips {
                let transform = self.state.transform;
                let exact = is_rectangle && is_upright(transform);
                self.state.look.clip_to(transform.transform_rect_bbox(bounds), exact);
            }
        }
        self.clips = false;
        self.path.truncate(0);
    }
}

fn close(path: &mut BezPath) {
    if path.elements().last() != Some(&PathEl::ClosePath) {
        path.close_path();
    }
}
