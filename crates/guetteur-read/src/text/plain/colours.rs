//! What plain pages paint with: colours, transparency, clips.

use hayro_interpret::kurbo::{Affine, Rect};
use hayro_syntax::content::Instruction;
use hayro_syntax::object::{Array, Dict, Name, Object, Stream};
use hayro_syntax::page::Resources;

use super::operands::{name, numbers};
use super::{Done, NotPlain, Walk};
use crate::text::ink::{Around, Blend, Ink, Tone};
use crate::text::outline::Clip;

/// The part of the graphics state that tells what is seen.
#[derive(Clone)]
pub(super) struct Look {
    pub(super) fill: Colour,
    pub(super) line: Colour,
    blend: Blend,
    masked: bool,
    around: Around,
    pub(super) line_width: f64,
    pub(super) clip: Option<Clip>,
}

/// A colour in its space.
#[derive(Clone, Copy)]
pub(super) struct Colour {
    space: Space,
    tone: Tone,
    is_pattern: bool,
    opacity: f32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Space {
    Grey,
    Rgb,
    Cmyk,
    /// Inks by name: none of them is white.
    Inks,
    Other,
}

impl Colour {
    const BLACK: Self =
        Self { space: Space::Grey, tone: Tone::Dark, is_pattern: false, opacity: 1.0 };

    fn set(&mut self, space: Space, parts: &[f32]) {
        let tone = match (space, parts) {
            (Space::Grey, [grey]) => Tone::of_rgb([*grey; 3]),
            (Space::Rgb, [r, g, b]) => Tone::of_rgb([*r, *g, *b]),
            (Space::Cmyk, [c, m, y, k]) => {
                Tone::of_rgb([*c, *m, *y].map(|part| 1.0 - (part + k).min(1.0)))
            }
            (Space::Inks, parts) if parts.iter().all(|part| *part == 0.0) => Tone::White,
            _ => Tone::Middle,
        };
        *self = Self { space, tone, is_pattern: false, ..*self };
    }
}

impl Look {
    pub(super) fn new() -> Self {
        Self {
            fill: Colour::BLACK,
            line: Colour::BLACK,
            blend: Blend::Normal,
            masked: false,
            around: Around::NOTHING,
            line_width: 1.0,
            clip: None,
        }
    }

    pub(super) fn ink(&self, colour: Colour) -> Ink {
        let Colour { tone, opacity, is_pattern, .. } = colour;
        let ink = Ink { tone, opacity, blend: self.blend, has_holes: is_pattern || self.masked };
        ink.within(self.around)
    }

    /// Whatever is painted by its own colours.
    pub(super) fn image(&self) -> Ink {
        self.ink(Colour { is_pattern: false, tone: Tone::Middle, ..self.fill })
    }

    /// A form that is blended as a whole begins.
    pub(super) fn begin_group(&mut self) {
        self.around = self.around.and(self.fill.opacity, self.masked, self.blend);
        (self.fill.opacity, self.line.opacity) = (1.0, 1.0);
        (self.masked, self.blend) = (false, Blend::Normal);
    }

    pub(super) fn clip_to(&mut self, bounds: Rect, is_rectangle: bool) {
        self.clip = Some(Clip::within(self.clip, bounds, is_rectangle));
    }

    pub(super) fn clip_to_rect(&mut self, rect: Rect, transform: Affine) {
        let exact = crate::text::outline::is_upright(transform);
        self.clip_to(transform.transform_rect_bbox(rect), exact);
    }

    fn apply(&mut self, set: &SetState) {
        self.fill.opacity = set.fill.unwrap_or(self.fill.opacity);
        self.line.opacity = set.line.unwrap_or(self.line.opacity);
        self.blend = set.blend.unwrap_or(self.blend);
        self.masked = set.masked.unwrap_or(self.masked);
        self.line_width = set.line_width.unwrap_or(self.line_width);
    }
}

/// What a graphics state of the resources sets.
#[derive(Clone)]
struct SetState {
    fill: Option<f32>,
    line: Option<f32>,
    blend: Option<Blend>,
    masked: Option<bool>,
    line_width: Option<f64>,
}

impl SetState {
    /// A graphics state may set the font too; nobody does.
    fn of(dict: &Dict<'_>) -> Result<Self, NotPlain> {
        if dict.contains_key("Font") {
            return Err(NotPlain);
        }
        let mode = dict.get::<Name<'_>>("BM").or_else(|| {
            let modes = dict.get::<Array<'_>>("BM")?;
            modes.iter::<Name<'_>>().next()
        });
        let is_none = |name: Name<'_>| &*name == b"None";
        Ok(Self {
            fill: dict.get("ca"),
            line: dict.get("CA"),
            blend: mode.as_deref().map(blend),
            masked: dict
                .contains_key("SMask")
                .then(|| !dict.get::<Name<'_>>("SMask").is_some_and(is_none)),
            line_width: dict.get("LW"),
        })
    }
}

fn blend(mode: &[u8]) -> Blend {
    match mode {
        b"Normal" | b"Compatible" => Blend::Normal,
        b"Multiply" | b"Darken" | b"ColorBurn" => Blend::Darkens,
        _ => Blend::Other,
    }
}

/// Graphics states and colour spaces that one content stream has asked for.
#[derive(Default)]
pub(super) struct NamedLooks {
    states: Vec<(Vec<u8>, SetState)>,
    spaces: Vec<(Vec<u8>, Space)>,
}

impl NamedLooks {
    fn state(&mut self, name: &Name<'_>, resources: &Resources<'_>) -> Result<SetState, NotPlain> {
        let key: &[u8] = name;
        if let Some((_, set)) = self.states.iter().find(|(known, _)| known == key) {
            return Ok(set.clone());
        }
        let dict = resources.get_ext_g_state(name).unwrap_or_else(Dict::empty);
        let set = SetState::of(&dict)?;
        self.states.push((key.to_vec(), set.clone()));
        Ok(set)
    }

    fn space(&mut self, name: &Name<'_>, resources: &Resources<'_>) -> Space {
        let key: &[u8] = name;
        if let Some((_, space)) = self.spaces.iter().find(|(known, _)| known == key) {
            return *space;
        }
        let space = match named(key) {
            Space::Other => resources.get_color_space(name).map_or(Space::Other, |it| space(&it)),
            space => space,
        };
        self.spaces.push((key.to_vec(), space));
        space
    }
}

fn named(name: &[u8]) -> Space {
    match name {
        b"DeviceGray" | b"CalGray" | b"G" => Space::Grey,
        b"DeviceRGB" | b"CalRGB" | b"RGB" => Space::Rgb,
        b"DeviceCMYK" | b"CMYK" => Space::Cmyk,
        b"Separation" | b"DeviceN" => Space::Inks,
        _ => Space::Other,
    }
}

fn space(described: &Object<'_>) -> Space {
    let array = match described {
        Object::Name(name) => return named(name),
        Object::Array(array) => array,
        _ => return Space::Other,
    };
    let mut parts = array.iter::<Object<'_>>();
    match (parts.next(), parts.next()) {
        (Some(Object::Name(name)), Some(Object::Stream(profile))) if &*name == b"ICCBased" => {
            by_profile(&profile)
        }
        (Some(Object::Name(name)), _) => named(&name),
        _ => Space::Other,
    }
}

fn by_profile(profile: &Stream<'_>) -> Space {
    match profile.dict().get::<u32>("N") {
        Some(1) => Space::Grey,
        Some(3) => Space::Rgb,
        Some(4) => Space::Cmyk,
        _ => Space::Other,
    }
}

impl<'a> Walk<'_, 'a> {
    /// A graphics state of the resources.
    pub(super) fn look(
        &mut self,
        at: &Instruction<'_, '_>,
        resources: &Resources<'a>,
        known: &mut NamedLooks,
    ) -> Done {
        let set = known.state(name(at)?, resources)?;
        self.state.look.apply(&set);
        Ok(())
    }

    /// `cs`, `CS`.
    pub(super) fn colour_space(
        &mut self,
        operator: &[u8],
        at: &Instruction<'_, '_>,
        resources: &Resources<'a>,
        known: &mut NamedLooks,
    ) -> Done {
        let space = known.space(name(at)?, resources);
        let colour = self.colour(operator);
        // Black in all spaces that begin with a known colour; the inks begin in full.
        *colour = Colour { space, tone: Tone::Dark, is_pattern: false, ..*colour };
        Ok(())
    }

    pub(super) fn set_colour(&mut self, operator: &[u8], at: &Instruction<'_, '_>) -> Done {
        let colour = self.colour(operator);
        match operator {
            b"g" | b"G" => colour.set(Space::Grey, &numbers::<1>(at)?.map(single)),
            b"rg" | b"RG" => colour.set(Space::Rgb, &numbers::<3>(at)?.map(single)),
            b"k" | b"K" => colour.set(Space::Cmyk, &numbers::<4>(at)?.map(single)),
            _ => {
                let mut parts = Vec::new();
                let mut is_pattern = false;
                for operand in at.operands() {
                    match operand {
                        Object::Number(part) => parts.push(part.as_f32()),
                        _ => is_pattern = true,
                    }
                }
                colour.set(colour.space, &parts);
                colour.is_pattern = is_pattern;
            }
        }
        Ok(())
    }

    /// Capitals set the colour of lines.
    fn colour(&mut self, operator: &[u8]) -> &mut Colour {
        let look = &mut self.state.look;
        if operator[0].is_ascii_uppercase() { &mut look.line } else { &mut look.fill }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "parts of a colour")]
fn single(part: f64) -> f32 {
    part as f32
}
