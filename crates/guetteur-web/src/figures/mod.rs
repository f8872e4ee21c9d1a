//! Charts: a drawing with its numbers as a table, both to be taken away. And investigations: a
//! question to all acts ([`report`]), whose every figure can be checked act by act ([`lines`]).
//!
//! To add one to a page: make a [`Chart`] (a row of months: [`months::chart`]), show its
//! [`Chart::view`] with the macro `ui.chart`, and answer `{path}/{id}.svg`, `.png` and `.csv` with
//! [`Chart::file`].

pub(crate) mod book;
mod kept_book;
pub(crate) mod lines;
pub(crate) mod months;
pub(crate) mod report;
pub(crate) mod scope;
pub(crate) mod table;

use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use guetteur_figures::Drawing;
use guetteur_publish::{Catalogue, french};
use serde::Serialize;

use crate::error::WebError;
use table::{Table, TableView};

/// A drawing with its numbers.
pub(crate) struct Chart {
    /// What is seen.
    pub(crate) drawing: Drawing,
    /// The same numbers.
    pub(crate) table: Table,
    /// Who drew what is not ours.
    pub(crate) credit: Option<&'static str>,
}

/// A chart as a page shows it.
#[derive(Serialize)]
pub(crate) struct ChartView {
    svg: String,
    table: TableView,
    files: Vec<File>,
}

#[derive(Serialize)]
struct File {
    name: &'static str,
    href: String,
}

/// What a chart is taken away as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FileKind {
    /// A drawing without loss.
    Svg,
    /// A picture.
    Png,
    /// The numbers.
    Csv,
}

impl FileKind {
    const ALL: [(Self, &'static str, &'static str); 3] =
        [(Self::Csv, "csv", "CSV"), (Self::Png, "png", "PNG"), (Self::Svg, "svg", "SVG")];

    /// `mois.png` is the chart `mois` as a picture.
    pub(crate) fn split(file: &str) -> Option<(&str, Self)> {
        let (stem, suffix) = file.rsplit_once('.')?;
        let (kind, ..) = Self::ALL.into_iter().find(|(_, known, _)| *known == suffix)?;
        Some((stem, kind))
    }
}

/// Pixels a unit: sharp in a newspaper's column.
const PNG_SCALE: f32 = 3.0;

impl Chart {
    /// The chart on the page at `path`; `query` (with its `?`, or nothing) goes with its files.
    pub(crate) fn view(&self, path: &str, query: &str) -> ChartView {
        let id = &self.drawing.id;
        let file = |(_, suffix, name): (FileKind, &str, &'static str)| File {
            name,
            href: format!("{path}/{id}.{suffix}{query}"),
        };
        ChartView {
            svg: self.drawing.to_inline_svg(),
            table: self.table.view(),
            files: FileKind::ALL.into_iter().map(file).collect(),
        }
    }

    /// The chart as a file that tells its source and its day; `page` is the address it stands at.
    ///
    /// # Errors
    /// When it cannot be drawn or written.
    pub(crate) async fn file(
        &self,
        kind: FileKind,
        catalogue: &Catalogue,
        page: &str,
    ) -> Result<Response, WebError> {
        let name = &self.drawing.id;
        if kind == FileKind::Csv {
            return Ok(attachment(name, "csv", "text/csv; charset=utf-8", self.table.to_csv()?));
        }
        let site = &catalogue.site;
        let day = french::day(catalogue.today());
        let mut credits = vec![format!("{} – {}{page} – état au {day}", site.title, site.base_url)];
        credits.extend(self.credit.map(str::to_owned));
        let sheet = self.drawing.sheet(&credits);
        if kind == FileKind::Svg {
            let svg = sheet.to_svg_file().into_bytes();
            return Ok(attachment(name, "svg", "image/svg+xml", svg));
        }
        let drawn = tokio::task::spawn_blocking(move || sheet.to_png(PNG_SCALE)).await;
        let failed = |error: &dyn std::fmt::Display| WebError::Drawing(error.to_string());
        let png = drawn.map_err(|error| failed(&error))?.map_err(|error| failed(&error))?;
        Ok(attachment(name, "png", "image/png", png))
    }
}

/// For an address that ends like a chart's file and is none.
pub(crate) fn no_such_file(file: &str) -> WebError {
    WebError::NotFound(format!(
        "Il n’y a pas de graphique « {file} » ici. Les fichiers sont liés sous chaque graphique."
    ))
}

/// An answer to be saved as `guetteur-{name}.{suffix}`.
pub(crate) fn attachment(
    name: &str,
    suffix: &str,
    media_type: &'static str,
    body: Vec<u8>,
) -> Response {
    let disposition = format!("attachment; filename=\"guetteur-{name}.{suffix}\"");
    let headers = [(CONTENT_TYPE, media_type.to_owned()), (CONTENT_DISPOSITION, disposition)];
    (headers, body).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_by_their_suffix() {
        assert_eq!(FileKind::split("mois.png"), Some(("mois", FileKind::Png)));
        assert_eq!(FileKind::split("mois.pdf"), None);
        assert_eq!(FileKind::split("mois"), None);
    }
}
