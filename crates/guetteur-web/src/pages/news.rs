//! Pages of news that are no acts, and their feeds: `/couverture.atom`, `.rss` (`.json` is the state
//! of all sources); `/modifications.atom`, `.rss`, `.json`.

use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use guetteur_publish::Site;
use guetteur_publish::feeds::{Entry, Feed};
use guetteur_publish::formats::{FORMATS, ListFormat};

use crate::caching::unmodified_since;
use crate::error::{WebError, no_such_page};
use crate::page::Alternate;

/// A page of news that are no acts, and its feeds.
pub(crate) struct News {
    /// Address without suffix.
    pub(crate) path: &'static str,
    pub(crate) title: &'static str,
    about: &'static str,
    /// Whether the suffix `.json` is its feed, and not the state of all.
    json_feed: bool,
}

/// Sources in trouble.
pub(crate) const TROUBLES: News = News {
    path: "/couverture",
    title: "Couverture",
    about: "Les sources qui ne sont plus lues, ou se taisent : ce qu’elles publient peut manquer.",
    json_feed: false,
};

/// PDFs that changed or went.
pub(crate) const CHANGES: News = News {
    path: "/modifications",
    title: "PDF modifiés ou retirés",
    about: "Les recueils dont le PDF a changé sous la même adresse, ou qui ont disparu du site de \
            la préfecture. L’archive garde chaque version.",
    json_feed: true,
};

impl News {
    /// The formats of its feed.
    pub(crate) fn formats(&self) -> impl Iterator<Item = &'static ListFormat> {
        let json_feed = self.json_feed;
        let followed = FORMATS.iter().filter(|format| format.feed().is_some());
        followed.filter(move |format| json_feed || format.suffix != "json")
    }

    /// Its feeds, to be found by feed readers.
    pub(crate) fn alternates(&self) -> Vec<Alternate> {
        let alternate = |format: &ListFormat| Alternate {
            name: format.name,
            about: format.about,
            media: format.bare_media_type(),
            href: format!("{}.{}", self.path, format.suffix),
            feed: true,
        };
        self.formats().map(alternate).collect()
    }

    /// Its feed as the address `asked` wants it.
    ///
    /// # Errors
    /// When that is the address of none.
    pub(crate) fn written(
        &self,
        site: &Site,
        entries: Vec<Entry>,
        asked: &str,
        headers: &HeaderMap,
    ) -> Result<Response, WebError> {
        let mut formats = self.formats();
        let format = formats.find(|format| asked == format!("{}.{}", self.path, format.suffix));
        let (format, write) =
            format.and_then(|format| Some((format, format.feed()?))).ok_or_else(no_such_page)?;
        let mut feed = Feed::new(site, self.title, self.about.to_owned(), self.path, asked);
        // As it was known before other feeds had an identifier of their own.
        feed.id.clone_from(&feed.address);
        feed.entries = entries;
        if unmodified_since(headers, feed.updated()) {
            return Ok(StatusCode::NOT_MODIFIED.into_response());
        }
        Ok(([(CONTENT_TYPE, format.media_type)], write(&feed)).into_response())
    }
}
