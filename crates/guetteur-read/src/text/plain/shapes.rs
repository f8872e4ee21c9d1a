//! Paths of plain pages: rules and frames of tables, and a count of all others.

use hayro_interpret::kurbo::{BezPath, PathEl, Point, Rect};
use hayro_syntax::content::Instruction;

use super::operands::numbers;
use super::{Done, NotPlain, Walk};

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
            let times = match operator {
                b"n" => 0,
                b"B" | b"B*" | b"b" | b"b*" => 2,
                _ => 1,
            };
            let bounds = self.path.control_box();
            let shape = self.state.transform.transform_rect_bbox(bounds);
            let elements = self.path.elements();
            for _ in 0..times {
                self.out.shape(shape, elements.len(), is_rectangle(elements, bounds));
            }
        }
        self.path.truncate(0);
    }
}

fn close(path: &mut BezPath) {
    if path.elements().last() != Some(&PathEl::ClosePath) {
        path.close_path();
    }
}

/// A closed path of four sides along the axes.
fn is_rectangle(elements: &[PathEl], bounds: Rect) -> bool {
    use PathEl::{ClosePath, LineTo, MoveTo};
    let [MoveTo(a), LineTo(b), LineTo(c), LineTo(d), last] = elements else { return false };
    let closed = match last {
        ClosePath => true,
        LineTo(end) => end == a,
        _ => false,
    };
    let level = |p: &Point, q: &Point| p.y == q.y && p.x != q.x;
    let upright = |p: &Point, q: &Point| p.x == q.x && p.y != q.y;
    let round = |one: &dyn Fn(&Point, &Point) -> bool, other: &dyn Fn(&Point, &Point) -> bool| {
        one(a, b) && other(b, c) && one(c, d) && other(d, a)
    };
    closed && bounds.is_finite() && (round(&level, &upright) || round(&upright, &level))
}
