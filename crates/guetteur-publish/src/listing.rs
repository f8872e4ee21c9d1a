//! A list in its formats ([`crate::formats`]): the newest of it to be followed, all of it to be kept.

use crate::address::Filters;
use crate::catalogue::Catalogue;
use crate::export::{self, ExportError, Exporter, Table};
use crate::feeds::{Entry, Feed, to_ical};
use crate::followed::Followed;
use crate::formats::{ListFormat, Newest};
use crate::reading_on::ReadingOn;
use crate::websub::Topic;

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

impl List {
    /// The address of the list in a format, from `/`.
    #[must_use]
    pub fn address_as(&self, format: &ListFormat) -> String {
        self.asked.address(&format!("{}.{}", self.path, format.suffix))
    }

    /// The same list on another page of its feed, which begins at a place or as far on as its number says.
    #[must_use]
    pub fn on_page(&self, page: u32, from: Option<ReadingOn>) -> Self {
        let asked = Filters { reading_on: from, ..self.asked.on_page(page) };
        Self { asked, ..self.clone() }
    }

    /// What those who follow the list get: less than it holds where its address leaves levels open.
    #[must_use]
    pub fn followed(&self) -> Filters {
        self.filters.for_alerts()
    }

    fn about(&self, newest: Newest) -> String {
        let what = match newest {
            Newest::Calendar => "Périodes d’effet des actes",
            Newest::Feed(_) => "Actes des recueils des préfectures",
        };
        let nameless = match self.filters.needs_a_commune() {
            true => " Les actes qui ne nomment aucune commune n’y sont pas.",
            false => "",
        };
        if self.followed().levels == self.filters.levels {
            return format!("{what}, tels que cette adresse les cherche.{nameless}");
        }
        format!(
            "{what} qui autorisent ou restreignent. Ajoutez niveau=tous à l’adresse pour tous les \
             recevoir.{nameless}"
        )
    }
}

impl Catalogue {
    /// The newest of a list as `format` writes it; `told` is what [`List::followed`] finds.
    ///
    /// # Errors
    /// When a template fails: a mistake of ours.
    pub fn newest_as(
        &self,
        list: &List,
        format: &ListFormat,
        newest: Newest,
        told: &Followed,
    ) -> Result<String, minijinja::Error> {
        let page = list.asked.on_page(1).address(&list.path);
        let address = list.address_as(format);
        let about = format!("{} {}", list.about(newest), told.last_read);
        let mut feed =
            Feed::new(&self.site, &list.title, about.trim_end().to_owned(), &page, &address);
        match newest {
            Newest::Calendar => Ok(to_ical(&feed, &self.site, told)),
            Newest::Feed(write) => {
                let at =
                    |page, from| self.site.absolute(&list.on_page(page, from).address_as(format));
                let page = list.asked.page;
                feed.next = told.next.clone().map(|from| at(page + 1, Some(from)));
                feed.hub = self.hub_of(list).map(str::to_owned);
                feed.previous = (page > 1).then(|| at(page - 1, None));
                feed.entries = self.entries(told, &list.followed())?;
                Ok(write(&feed))
            }
        }
    }

    /// The hub that is told of a list, if it is of this one.
    #[must_use]
    pub fn hub_of(&self, list: &List) -> Option<&str> {
        self.site.hub.as_deref().filter(|_| Topic::is(list))
    }

    /// An entry each act, updated in place, and one each thing that became of it; what entered the
    /// feed last comes first.
    fn entries(&self, told: &Followed, list: &Filters) -> Result<Vec<Entry>, minijinja::Error> {
        let mut entries = Vec::new();
        for act in told.all() {
            let bytes = act.pdf_sha256.and_then(|sha| told.pdf_bytes.get(&sha).copied());
            entries.push(Entry::of_act(act, &self.site, act.entered(list), bytes)?);
            entries.extend(Entry::of_events(act, &self.site));
        }
        for alarm in &told.blind {
            entries.extend(self.entries_of_alarm(alarm));
        }
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.published));
        Ok(entries)
    }
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
    format: export::Format,
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
