//! Figures over acts and their drawings.
//!
//! Counts ([`count`]) say of each act whether it counts, and if not why. A drawing ([`Drawing`]) is a list of shapes in the inks of the site. It becomes SVG for a page
//! (colours from the style sheet, light and dark), SVG for a file (colours inside), or PNG. It knows
//! nothing of databases, HTML pages or the present day.
//!
//! To add a kind of drawing: a file here that makes a [`Drawing`]. To add a colour: a row of
//! [`Ink::ALL`], and its class in the site's style sheet.

mod bars;
mod classes;
pub mod count;
mod days;
mod drawing;
mod font;
mod ink;
pub mod map;
mod metrics;
mod png;
mod poster;
mod svg;

pub use bars::{Bar, bars};
pub use classes::{Classes, ink_of_share, legend_of_shares};
pub use days::{Strip, calendar, last_months, strips};
pub use drawing::{Anchor, Drawing, Outline, Shape};
pub use font::{Font, encode, from_win_ansi, wrap};
pub use ink::Ink;
pub use png::PngError;
pub use poster::{Paper, PosterError, poster};
