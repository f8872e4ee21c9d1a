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
        Self(Robot::new(product, &plain(body)).ok().map(std::sync::Arc::new))
    }

    pub(crate) fn allows(&self, url: &url::Url) -> bool {
        let plain = plain(url.as_str().as_bytes());
        let plain = String::from_utf8_lossy(&plain);
        self.0.as_ref().is_none_or(|robot| robot.allowed(&plain))
    }

    /// `Crawl-delay`, at most a minute: longer ones are mistakes that would stop a pass.
    pub(crate) fn delay(&self) -> Duration {
        let seconds = self.0.as_ref().and_then(|robot| robot.delay).unwrap_or(0.0);
        Duration::from_secs_f32(seconds.clamp(0.0, 60.0))
    }
}

/// The one spelling in which rules and addresses are compared (RFC 9309, 2.2.2): what is encoded
/// without need is decoded (`R%41A` is `RAA`), the rest encoded in upper case.
fn plain(text: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let hex = text.get(at + 1..at + 3).filter(|_| text[at] == b'%');
        let byte = hex
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match byte {
            Some(byte) if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => {
                plain.push(byte);
            }
            Some(byte) => plain.extend_from_slice(format!("%{byte:02X}").as_bytes()),
            None => {
                plain.push(text[at]);
                at += 1;
                continue;
            }
        }
        at += 3;
    }
    plain
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
        let spelt = Rules::parse("Guetteur", "User-agent: *\nDisallow: /R%41A/\nDisallow: /%c3%a9\nDisallow: /x%2fy\nDisallow: /a%2a\n".as_bytes());
        for (path, allowed) in [
            ("/RAA/1", false),
            ("/R%41%41/1", false),
            ("/RAB/1", true),
            ("/é/1", false),
            ("/x%2Fy", false),
            ("/x/y", true),
            ("/a%2A", false),
            ("/ab", true),
        ] {
            assert_eq!(spelt.allows(&url(path)), allowed, "{path}");
        }
        assert!(Rules::allow_all().allows(&url("/prive")));
        assert!(Rules::parse("Guetteur", b"\xff\x00<html>").allows(&url("/prive")));
    }
}
