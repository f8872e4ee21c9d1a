//! The address that a reader types.

use std::str::FromStr;

use email_address::{EmailAddress, Options};

/// A mail address in one spelling: lower case, the domain as the network writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox(String);

impl Mailbox {
    /// Reads what was typed.
    ///
    /// # Errors
    /// Words for the reader.
    pub fn parse(typed: &str) -> Result<Self, &'static str> {
        const WRONG: &str =
            "Cette adresse n’en est pas une. Attendu : un nom, une arobase, un domaine.";
        let typed = typed.trim().to_lowercase();
        let (local, domain) = typed.rsplit_once('@').ok_or(WRONG)?;
        if !local.is_ascii() {
            return Err("Les lettres accentuées avant l’arobase ne sont pas acceptées.");
        }
        // `url` writes a domain with accents as the network does.
        let Ok(url::Host::Domain(domain)) = url::Host::parse(domain) else { return Err(WRONG) };
        let address = format!("{local}@{domain}");
        let options =
            Options::default().with_required_tld().without_domain_literal().without_display_text();
        let plain = !local.starts_with('"') && EmailAddress::from_str(&address).is_ok();
        match plain && EmailAddress::parse_with_options(&address, options).is_ok() {
            true => Ok(Self(address)),
            false => Err(WRONG),
        }
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_mailbox_has_one_spelling() {
        let cases = [
            (" Jeanne.Préfète@Exemple.FR ", None),
            (" Jeanne@Exemple.FR ", Some("jeanne@exemple.fr")),
            ("a+b@sous.domaine.example", Some("a+b@sous.domaine.example")),
            ("a@préfecture.example", Some("a@xn--prfecture-c4a.example")),
            ("", None),
            ("a", None),
            ("a@b", None),
            ("@b.example", None),
            ("a@b@c.example", None),
            ("a b@c.example", None),
            ("a@[127.0.0.1]", None),
            ("a@127.0.0.1", None),
            ("\"a b\"@c.example", None),
            ("Jeanne <a@b.example>", None),
            ("a@b.example\r\nBcc: x@y.example", None),
            ("a@b.example,c@d.example", None),
            ("a\0@b.example", None),
        ];
        for (typed, expected) in cases {
            let read = Mailbox::parse(typed).ok();
            assert_eq!(read.as_ref().map(Mailbox::as_str), expected, "{typed}");
        }
        assert!(Mailbox::parse(&format!("{}@b.example", "a".repeat(300))).is_err());
    }
}
