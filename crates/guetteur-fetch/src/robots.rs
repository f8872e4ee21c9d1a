//! robots.txt: RFC 9309, read by `texting_robots`.

use std::time::Duration;

use texting_robots::Robot;

/// The rules of one host for us.
#[derive(Clone)]
pub(crate) struct Rules(Option<std::sync::Arc<Robot>>);

impl Rules {
    /// No robots.txt (4xx): everything is allowed (RFC 9309, 2.3.1.3).
    pub(crate) fn allow_all() -> Self {
        Self(None)
    }

    /// From the file's bytes; a file that cannot be read allows everything, as an empty one does.
    pub(crate) fn parse(user_agent: &str, body: &[u8]) -> Self {
        let product = user_agent.split(['/', ' ']).next().unwrap_or(user_agent);
        Self(Robot::new(product, body).ok().map(std::sync::Arc::new))
    }

    pub(crate) fn allows(&self, url: &url::Url) -> bool {
        self.0.as_ref().is_none_or(|robot| robot.allowed(url.as_str()))
    }

    /// `Crawl-delay`, at most a minute: longer ones are mistakes that would stop a pass.
    pub(crate) fn delay(&self) -> Duration {
        let seconds = self.0.as_ref().and_then(|robot| robot.delay).unwrap_or(0.0);
        Duration::from_secs_f32(seconds.clamp(0.0, 60.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn obeys() {
        let body = b"User-agent: *\nDisallow: /prive\nCrawl-delay: 7\n\nUser-agent: guetteur\nDisallow: /guetteur\n";
        let url = |path: &str| url::Url::parse(&format!("https://a.fr{path}")).expect("url");
        let other = Rules::parse("Autre/1", body);
        assert!(!other.allows(&url("/prive/x")));
        assert!(other.allows(&url("/guetteur")));
        assert_eq!(other.delay().as_secs(), 7);
        let ours = Rules::parse("Guetteur/0.1 (contact)", body);
        assert!(ours.allows(&url("/prive/x")));
        assert!(!ours.allows(&url("/guetteur/y")));
        assert!(Rules::allow_all().allows(&url("/prive")));
        assert!(Rules::parse("Guetteur", b"\xff\x00<html>").allows(&url("/prive")));
    }
}
