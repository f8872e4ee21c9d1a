//! Blocks of text set into pages.

use super::page::{PageSpec, Rule, TextRun};
use super::{Font, wrap};

/// Where lines stand between the margins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Align {
    /// At the left margin.
    Left,
    /// In the middle.
    Centre,
    /// At the right margin.
    Right,
    /// Both margins, but for a paragraph's last line.
    #[default]
    Justified,
}

/// Look of a block.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Style {
    /// Font.
    pub font: Font,
    /// Size in points; lines are 1.25 times that apart.
    pub size: f32,
    /// Alignment.
    pub align: Align,
    /// Points to the left margin.
    pub indent: f32,
    /// Points of space after the block.
    pub after: f32,
}

impl Default for Style {
    fn default() -> Self {
        Self { font: Font::Serif, size: 11.0, align: Align::Justified, indent: 0.0, after: 6.0 }
    }
}

/// A piece of a document.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// Text wrapped to the width.
    Text(String, Style),
    /// Vertical space in points.
    Gap(f32),
    /// Cells with their share of the width, each wrapped in its own column.
    Row(Vec<(f32, String)>, Style),
    /// Text, dotted leader, page number at the right margin.
    Leader(String, String, Style),
    /// Text, and a few words at the right margin of its last line.
    Tail(String, String, Style),
    /// Two columns side by side.
    Columns(Vec<Block>, Vec<Block>),
    /// What follows starts a page.
    PageBreak,
}

impl Block {
    /// A centred bold title.
    #[must_use]
    pub fn title(text: impl Into<String>) -> Self {
        let style = Style {
            font: Font::SerifBold,
            size: 13.0,
            align: Align::Centre,
            after: 10.0,
            indent: 0.0,
        };
        Self::Text(text.into(), style)
    }

    /// A justified paragraph.
    #[must_use]
    pub fn paragraph(text: impl Into<String>) -> Self {
        Self::Text(text.into(), Style::default())
    }

    /// A line or more of text at the left margin.
    #[must_use]
    pub fn left(text: impl Into<String>, font: Font, size: f32) -> Self {
        Self::Text(text.into(), Style { font, size, align: Align::Left, indent: 0.0, after: 3.0 })
    }
}

/// Sets blocks into pages.
#[derive(Debug, Clone)]
pub struct Flow {
    template: PageSpec,
    left: f32,
    right: f32,
    top: f32,
    bottom: f32,
    blocks: Vec<Block>,
}

impl Flow {
    /// A4 with the margins of an ordinary act and room for a footer.
    #[must_use]
    pub fn a4() -> Self {
        let template = PageSpec::a4();
        Self { template, left: 62.0, right: 62.0, top: 62.0, bottom: 76.0, blocks: Vec::new() }
    }

    /// Adds blocks.
    #[must_use]
    pub fn blocks(mut self, blocks: impl IntoIterator<Item = Block>) -> Self {
        self.blocks.extend(blocks);
        self
    }

    /// The pages, at least one.
    #[must_use]
    pub fn pages(self) -> Vec<PageSpec> {
        let (left, width) = (self.left, self.template.width - self.left - self.right);
        let mut setter = Setter {
            top: self.top,
            limit: self.template.height - self.bottom,
            y: self.top,
            template: self.template.clone(),
            pages: vec![self.template],
        };
        for block in &self.blocks {
            setter.block(block, left, width);
        }
        setter.pages
    }
}

struct Setter {
    template: PageSpec,
    pages: Vec<PageSpec>,
    top: f32,
    limit: f32,
    y: f32,
}

impl Setter {
    fn block(&mut self, block: &Block, left: f32, width: f32) {
        match block {
            Block::Text(text, style) => self.text(text, *style, left, width),
            Block::Gap(points) => self.y += points,
            Block::Row(cells, style) => self.row(cells, *style, left, width),
            Block::Leader(text, page, style) => self.leader(text, page, *style, left, width),
            Block::Tail(text, tail, style) => self.tail(text, tail, *style, left, width),
            Block::Columns(a, b) => self.columns(a, b, left, width),
            Block::PageBreak => self.new_page(),
        }
    }

    fn new_page(&mut self) {
        self.pages.push(self.template.clone());
        self.y = self.top;
    }

    /// Moves down one line and returns its baseline, on a new page if there is no room.
    fn next_line(&mut self, size: f32) -> f32 {
        if self.y + size * 1.25 > self.limit {
            self.new_page();
        }
        self.y += size * 1.25;
        self.y
    }

    fn push(&mut self, run: TextRun) {
        if let Some(page) = self.pages.last_mut() {
            page.runs.push(run);
        }
    }

    fn text(&mut self, text: &str, style: Style, left: f32, width: f32) {
        for part in text.lines() {
            let lines = wrap(part, style.font, style.size, width - style.indent);
            let last = lines.len() - 1;
            for (i, line) in lines.into_iter().enumerate() {
                let y = self.next_line(style.size);
                self.push(place(line, style, left, width, y, i == last));
            }
        }
        self.y += style.after;
    }

    fn row(&mut self, cells: &[(f32, String)], style: Style, left: f32, width: f32) {
        let total: f32 = cells.iter().map(|(share, _)| share).sum();
        let columns: Vec<(f32, Vec<String>)> = cells
            .iter()
            .map(|(share, text)| {
                let cell = width * share / total;
                (cell, wrap(text, style.font, style.size, cell - 8.0))
            })
            .collect();
        let height = columns.iter().map(|(_, lines)| lines.len()).max().unwrap_or(0) as f32
            * style.size
            * 1.25;
        if self.y + height > self.limit {
            self.new_page();
        }
        let (top, mut x) = (self.y, left);
        for (cell, lines) in columns {
            for (i, line) in lines.into_iter().enumerate() {
                let y = top + (i + 1) as f32 * style.size * 1.25;
                self.push(TextRun::new(x + 4.0, y, style.font, style.size, line));
            }
            x += cell;
        }
        self.y = top + height + 4.0;
        if let Some(page) = self.pages.last_mut() {
            page.rules.push(Rule { x: left, y: self.y, width, height: 0.5 });
        }
    }

    fn leader(&mut self, text: &str, number: &str, style: Style, left: f32, width: f32) {
        let tail = style.font.width(number, style.size) + 2.0;
        let lines = wrap(text, style.font, style.size, width - style.indent - tail - 30.0);
        let last = lines.len() - 1;
        for (i, mut line) in lines.into_iter().enumerate() {
            let y = self.next_line(style.size);
            if i == last {
                line.push(' ');
                let room = width - style.indent - tail;
                while style.font.width(&line, style.size) < room {
                    line.push('.');
                }
                line.push_str(number);
            }
            let x = left + style.indent;
            self.push(TextRun::new(x, y, style.font, style.size, line));
        }
        self.y += style.after;
    }

    fn tail(&mut self, text: &str, tail: &str, style: Style, left: f32, width: f32) {
        let own = style.font.width(tail, style.size);
        let body = Style { after: 0.0, ..style };
        self.text(text, body, left, width - own - 14.0);
        let x = left + width - own;
        self.push(TextRun::new(x, self.y, style.font, style.size, tail));
        self.y += style.after;
    }

    /// The columns must fit on what is left of the page: a letterhead, a short table.
    fn columns(&mut self, a: &[Block], b: &[Block], left: f32, width: f32) {
        let (top, half) = (self.y, (width - 18.0) / 2.0);
        for block in a {
            self.block(block, left, half);
        }
        let bottom = std::mem::replace(&mut self.y, top);
        for block in b {
            self.block(block, left + half + 18.0, half);
        }
        self.y = self.y.max(bottom);
    }
}

fn place(text: String, style: Style, left: f32, width: f32, y: f32, last: bool) -> TextRun {
    let own = style.font.width(&text, style.size);
    let room = width - style.indent;
    let x = match style.align {
        Align::Left | Align::Justified => left + style.indent,
        Align::Centre => left + style.indent + (room - own) / 2.0,
        Align::Right => left + style.indent + room - own,
    };
    let spaces = text.matches(' ').count();
    let stretch = style.align == Align::Justified && !last && spaces > 0;
    let word_spacing = if stretch { ((room - own) / spaces as f32).max(0.0) } else { 0.0 };
    TextRun { word_spacing, ..TextRun::new(x, y, style.font, style.size, text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_text_takes_several_pages_and_loses_no_word() {
        let text = "mot ".repeat(3_000);
        let pages = Flow::a4().blocks([Block::paragraph(text)]).pages();
        assert!(pages.len() > 2, "{}", pages.len());
        let words: usize = pages.iter().map(|p| p.visible_text().split_whitespace().count()).sum();
        assert_eq!(words, 3_000);
        for run in pages.iter().flat_map(|p| &p.runs) {
            assert!(run.y <= 842.0 - 76.0);
        }
    }

    #[test]
    fn leader_ends_with_the_page_number() {
        let style = Style { align: Align::Left, ..Style::default() };
        let block = Block::Leader("Arrêté relatif aux taxis".into(), "12".into(), style);
        let pages = Flow::a4().blocks([block]).pages();
        let text = pages[0].visible_text();
        assert!(text.starts_with("Arrêté relatif aux taxis ....") && text.ends_with(".12"));
    }

    #[test]
    fn columns_stand_side_by_side() {
        let left = vec![Block::paragraph("gauche"), Block::paragraph("bas")];
        let right = vec![Block::paragraph("droite")];
        let pages =
            Flow::a4().blocks([Block::Columns(left, right), Block::paragraph("fin")]).pages();
        let runs = &pages[0].runs;
        assert_eq!(runs[0].y, runs[2].y);
        assert!(runs[2].x > runs[0].x + 200.0);
        assert!(runs[3].y > runs[1].y);
    }
}
