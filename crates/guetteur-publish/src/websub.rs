//! The lists whose feeds a hub is told of ([WebSub](https://www.w3.org/TR/websub/)): all acts, each category, each
//! prefecture. A hub asks for a feed whenever it is told of it: of all searches that somebody may follow it
//! would ask for too many.

use guetteur_model::{Category, Source};

use crate::address::Filters;
use crate::formats::FORMATS;
use crate::listing::List;
use crate::site::Site;

/// A list that a hub is told of.
#[derive(Debug, Clone, PartialEq)]
pub struct Topic {
    path: String,
    asked: Filters,
    /// What it holds, as a query string.
    pub query: String,
}

impl Topic {
    /// All of them.
    #[must_use]
    pub fn all(registry: &[Source]) -> Vec<Self> {
        let categories = Category::BUILT_IN.iter().map(|(id, _)| format!("categorie={id}"));
        let searches = std::iter::once(String::new()).chain(categories).map(|query| Self {
            path: "/recherche".to_owned(),
            asked: Filters::parse(&query),
            query,
        });
        let prefectures = registry.iter().map(|source| Self {
            path: format!("/prefecture/{}", source.code),
            asked: Filters::parse(""),
            query: format!("prefecture={}", source.code),
        });
        searches.chain(prefectures).collect()
    }

    /// Whether a hub is told of a list, on its first page.
    #[must_use]
    pub fn is(list: &List) -> bool {
        let plain = list.asked.pairs();
        let of_category = || match &*plain {
            [("categorie", id)] => Category::BUILT_IN.iter().any(|(known, _)| known == id),
            asked => asked.is_empty(),
        };
        match list.path.strip_prefix("/prefecture/") {
            Some(_) => plain.is_empty(),
            None => list.path == "/recherche" && of_category(),
        }
    }

    /// Its address without a format: what it is called.
    #[must_use]
    pub fn name(&self) -> String {
        self.asked.address(&self.path)
    }

    /// The addresses of its feeds, in full.
    #[must_use]
    pub fn addresses(&self, site: &Site) -> Vec<String> {
        let feeds = FORMATS.iter().filter(|format| format.feed().is_some());
        let address = |suffix| self.asked.address(&format!("{}.{suffix}", self.path));
        feeds.map(|format| site.absolute(&address(format.suffix))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_a_topic_when_it_is_one_of_all() {
        let list = |path: &str, query: &str| {
            let asked = Filters::parse(query);
            Topic::is(&List {
                title: String::new(),
                path: path.into(),
                filters: asked.clone(),
                asked,
            })
        };
        for topic in Topic::all(&[]) {
            assert!(list("/recherche", &topic.query), "{}", topic.name());
        }
        assert!(list("/prefecture/34", ""));
        for (path, query) in [
            ("/recherche", "q=drone"),
            ("/recherche", "categorie=drone&categorie=vsa"),
            ("/recherche", "categorie=ma-liste"),
            ("/recherche", "page=2"),
            ("/prefecture/34", "categorie=drone"),
            ("/commune/34172", ""),
        ] {
            assert!(!list(path, query), "{path} {query}");
        }
        let drone = Topic::all(&[]).into_iter().find(|topic| topic.query == "categorie=drone");
        let addresses = drone.expect("drone").addresses(&Site::default());
        assert_eq!(addresses[0], "http://127.0.0.1:8080/recherche.atom?categorie=drone");
        assert_eq!(addresses.len(), 3);
    }
}
