//! A list in every format: what its suffix asks for.
//!
//! A list is an address ([`List`]); `.atom`, `.rss`, `.json`, `.ics` are feeds of its newest acts,
//! `.csv`, `.xlsx`, `.jsonl`, `.zip` the whole of it. To add a format: a variant of [`Suffix`] and a
//! file in `feeds/` or `export/`.

use std::collections::HashMap;

use guetteur_model::Sha256;

use crate::address::Filters;
use crate::catalogue::Catalogue;
use crate::export::{ExportError, Exporter, Format, Table};
use crate::feeds::{Entry, Feed, to_atom, to_ical, to_json_feed, to_rss};
use crate::published::PublishedAct;

/// A list of acts with an address of its own.
#[derive(Debug, Clone)]
pub struct List {
    /// Title of its feed.
    pub title: String,
    /// Address without suffix nor query (`/prefecture/34`).
    pub path: String,
    /// What the address itself asks for, to be written back.
    pub asked: Filters,
    /// What is searched: `asked`, and what the path says.
    pub filters: Filters,
}

/// A format by suffix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Suffix {
    /// Atom.
    Atom,
    /// RSS 2.0.
    Rss,
    /// JSON Feed 1.1.
    Json,
    /// iCalendar.
    Ical,
    /// A whole list.
    Export(Format),
}

impl Suffix {
    /// All suffixes.
    pub const ALL: [(&'static str, Self); 8] = [
        ("atom", Self::Atom),
        ("rss", Self::Rss),
        ("json", Self::Json),
        ("ics", Self::Ical),
        ("csv", Self::Export(Format::Csv)),
        ("xlsx", Self::Export(Format::Xlsx)),
        ("jsonl", Self::Export(Format::JsonLines)),
        ("zip", Self::Export(Format::Package)),
    ];

    /// `34.atom` is `34` as Atom; `34` and `34.pdf` have no suffix of ours.
    #[must_use]
    pub fn split(name: &str) -> (&str, Option<Self>) {
        let found = name.rsplit_once('.').and_then(|(stem, suffix)| {
            Self::ALL.iter().find(|(id, _)| *id == suffix).map(|(_, format)| (stem, *format))
        });
        found.map_or((name, None), |(stem, suffix)| (stem, Some(suffix)))
    }

    /// The suffix itself: `atom`.
    #[must_use]
    pub fn id(self) -> &'static str {
        Self::ALL.iter().find(|(_, suffix)| *suffix == self).map_or("csv", |(id, _)| id)
    }

    /// Media type.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Atom => "application/atom+xml; charset=utf-8",
            Self::Rss => "application/rss+xml; charset=utf-8",
            Self::Json => "application/feed+json; charset=utf-8",
            Self::Ical => "text/calendar; charset=utf-8",
            Self::Export(format) => format.media_type(),
        }
    }
}

impl List {
    /// The address of the list as `suffix`, from `/`.
    #[must_use]
    pub fn path_as(&self, suffix: Suffix) -> String {
        self.asked.address(&format!("{}.{}", self.path, suffix.id()))
    }

    /// What its feeds hold: less than the list where the address leaves levels open.
    #[must_use]
    pub fn fed(&self) -> Filters {
        self.filters.for_alerts()
    }
}

/// Writes a feed; an export's suffix gives its JSON Feed.
#[must_use]
pub fn write_feed(feed: &Feed<'_>, suffix: Suffix) -> String {
    match suffix {
        Suffix::Atom => to_atom(feed),
        Suffix::Rss => to_rss(feed),
        Suffix::Ical => to_ical(feed),
        Suffix::Json | Suffix::Export(_) => to_json_feed(feed).to_string(),
    }
}

impl Catalogue {
    /// The feed of a list, of the acts that [`List::fed`] finds.
    ///
    /// # Errors
    /// When a template fails: a mistake of ours.
    pub fn feed<'a>(
        &'a self,
        list: &List,
        suffix: Suffix,
        acts: &'a [PublishedAct],
    ) -> Result<Feed<'a>, minijinja::Error> {
        let narrowed = list.fed().levels != list.filters.levels;
        Ok(Feed {
            title: format!("{} – {}", list.title, self.site.title),
            subtitle: subtitle(narrowed, suffix),
            site: &self.site.title,
            host: self.site.host(),
            base_url: &self.site.base_url,
            page: list.asked.address(&list.path),
            path: list.path_as(suffix),
            entries: entries(self, acts)?,
        })
    }
}

fn subtitle(narrowed: bool, suffix: Suffix) -> String {
    let what = match suffix {
        Suffix::Ical => "Périodes d’effet des actes",
        _ => "Actes des recueils des préfectures",
    };
    if narrowed {
        format!(
            "{what} qui autorisent ou restreignent. Ajoutez niveau=tous à l’adresse pour tous les \
             recevoir."
        )
    } else {
        format!("{what}, tels que cette adresse les cherche.")
    }
}

fn entries<'a>(
    catalogue: &Catalogue,
    acts: &'a [PublishedAct],
) -> Result<Vec<Entry<'a>>, minijinja::Error> {
    let mut sizes: HashMap<Sha256, Option<u64>> = HashMap::new();
    acts.iter()
        .map(|act| {
            let bytes = act.pdf_sha256.and_then(|sha| {
                *sizes.entry(sha).or_insert_with(|| {
                    std::fs::metadata(catalogue.archive.path(sha)).ok().map(|file| file.len())
                })
            });
            Entry::new(act, &catalogue.site.base_url, bytes)
        })
        .collect()
}

/// Acts read from the database at a time.
pub const BATCH: usize = 500;

/// Writes all acts of a list, published last first, to `out`; gives how many. For the command line.
///
/// # Errors
/// When index, database or `out` fail.
pub async fn export_to(
    catalogue: &Catalogue,
    filters: &Filters,
    format: Format,
    table: Table,
    out: &mut (dyn std::io::Write + Send),
) -> Result<u64, ExportError> {
    let ids = catalogue.ids(filters).await?;
    let mut exporter = Exporter::begin(format, table, &catalogue.site.base_url, out)?;
    let mut written = 0;
    for batch in ids.chunks(BATCH) {
        let acts = catalogue.acts(batch).await?;
        written += acts.len() as u64;
        exporter.push(&acts, out)?;
    }
    exporter.finish(out)?;
    Ok(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suffixes() {
        assert_eq!(Suffix::split("34.atom"), ("34", Some(Suffix::Atom)));
        assert_eq!(Suffix::split("2A"), ("2A", None));
        assert_eq!(Suffix::split("34.pdf"), ("34.pdf", None));
        assert_eq!(Suffix::split(".csv"), ("", Some(Suffix::Export(Format::Csv))));
    }
}
