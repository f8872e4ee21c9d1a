//! Tables that an operator keeps in a spreadsheet, as CSV: read line by line, each fault told with its
//! line. What the site gives out of the same kind reads back.

use chrono::NaiveDate;
use guetteur_model::dates::parse_french_date;

use crate::published::web_address;

/// What a table holds.
#[derive(Debug, PartialEq, Eq)]
pub struct KeptTable<T> {
    /// What was read, each with its line.
    pub rows: Vec<(u64, T)>,
    /// Lines that cannot be used, each with the reason.
    pub faults: Vec<(u64, String)>,
}

impl<T> KeptTable<T> {
    /// Reads a CSV, by `;` or `,`, whose first line names its columns.
    ///
    /// # Errors
    /// When one of the columns `needed` is missing, in words for the operator.
    pub fn read(
        text: &str,
        needed: &[&str],
        row: impl Fn(&Fields<'_>) -> Result<T, String>,
    ) -> Result<Self, String> {
        // The csv crate numbers lines one short where they end in CRLF.
        let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
        let first = text.lines().next().unwrap_or_default();
        let delimiter = if first.contains(';') { b';' } else { b',' };
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .from_reader(text.as_bytes());
        let headers =
            reader.headers().map_err(|error| format!("en-tête illisible : {error}"))?.clone();
        let column =
            |wanted: &str| headers.iter().position(|name| name.trim().eq_ignore_ascii_case(wanted));
        let missing: Vec<&str> =
            needed.iter().copied().filter(|name| column(name).is_none()).collect();
        if !missing.is_empty() {
            return Err(format!("colonnes absentes : {} ; trouvées : {first}", missing.join(", ")));
        }
        let (mut rows, mut faults) = (Vec::new(), Vec::new());
        for record in reader.records() {
            let record = match record {
                Ok(record) => record,
                Err(error) => {
                    let line = error.position().map_or(0, csv::Position::line);
                    faults.push((line, format!("ligne illisible ({error})")));
                    continue;
                }
            };
            let line = record.position().map_or(0, csv::Position::line);
            let cell = |name: &str| column(name).and_then(|at| record.get(at)).unwrap_or_default();
            match row(&Fields { cell: &cell }) {
                Ok(read) => rows.push((line, read)),
                Err(why) => faults.push((line, why)),
            }
        }
        Ok(Self { rows, faults })
    }
}

/// The fields of a line, or of a form, as somebody wrote them.
pub struct Fields<'a> {
    /// What stands under a name; empty where nothing does.
    pub cell: &'a dyn Fn(&str) -> &'a str,
}

impl Fields<'_> {
    /// What was written under a name.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<String> {
        // An export puts an apostrophe before what a spreadsheet would take for a formula.
        let text = (self.cell)(name).trim().trim_start_matches('\'');
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// The same of what cannot be left out.
    ///
    /// # Errors
    /// When it is, in words for the operator.
    pub fn needed(&self, name: &str) -> Result<String, String> {
        self.text(name).ok_or_else(|| format!("« {name} » manque"))
    }

    /// A day that has come.
    ///
    /// # Errors
    /// When it is missing, none, or after `today`.
    pub fn past_day(&self, name: &str, today: NaiveDate) -> Result<NaiveDate, String> {
        let written = self.needed(name)?;
        let day = parse_french_date(&written)
            .ok_or_else(|| format!("{name} « {written} » : attendu 2026-08-14 ou 14/08/2026"))?;
        if day > today {
            return Err(format!("{name} « {written} » : ce jour n’est pas encore venu"));
        }
        Ok(day)
    }

    /// A web address, if one was written.
    ///
    /// # Errors
    /// When what was written is none that a reader may click.
    pub fn address(&self, name: &str) -> Result<Option<String>, String> {
        let written = self.text(name);
        if let Some(other) = written.as_deref().filter(|written| web_address(written).is_none()) {
            return Err(format!("{name} « {other} » : attendu une adresse http:// ou https://"));
        }
        Ok(written)
    }
}
