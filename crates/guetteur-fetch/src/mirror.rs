//! `--mirror URL`: `https://HOST/PATH` is asked of `URL/HOST/PATH`.

use url::Url;

/// The rewriting of addresses to a mirror and back.
#[derive(Debug, Clone)]
pub struct Mirror(Url);

impl Mirror {
    /// A mirror at `base`.
    #[must_use]
    pub fn new(base: Url) -> Self {
        Self(base)
    }

    /// Where to ask for `url`.
    #[must_use]
    pub fn outward(&self, url: &Url) -> Url {
        let mut target = self.0.clone();
        let base = self.0.path().trim_end_matches('/');
        let host = url.host_str().unwrap_or_default();
        target.set_path(&format!("{base}/{host}{}", url.path()));
        target.set_query(url.query());
        target.set_fragment(None);
        target
    }

    /// What `url` means when the mirror itself names it, as an absolute redirect may.
    #[must_use]
    pub fn inward(&self, url: Url) -> Url {
        if url.origin() != self.0.origin() {
            return url;
        }
        let base = self.0.path().trim_end_matches('/');
        let Some(rest) = url.path().strip_prefix(base) else { return url };
        let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
        Url::parse(&format!("https:/{rest}{query}")).unwrap_or(url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        let url = |s: &str| Url::parse(s).expect("url");
        for base in ["http://127.0.0.1:99", "http://127.0.0.1:99/m/"] {
            let mirror = Mirror::new(url(base));
            for original in [
                "https://www.gard.gouv.fr/Publications/(offset)/10?a=b%20c&d",
                "https://www.gard.gouv.fr/",
                "https://www.gard.gouv.fr/a%20%C2%B0.pdf",
            ] {
                let out = mirror.outward(&url(original));
                assert!(out.as_str().contains("/www.gard.gouv.fr/"), "{out}");
                assert_eq!(out.port(), Some(99));
                assert_eq!(mirror.inward(out), url(original));
            }
            let elsewhere = url("https://ailleurs.example/x");
            assert_eq!(mirror.inward(elsewhere.clone()), elsewhere);
        }
    }
}
