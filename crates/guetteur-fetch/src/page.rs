//! HTML pages.

use encoding_rs::Encoding;
use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use url::Url;

use crate::challenge::recognise;
use crate::client::{Answer, Ask, header, read_body, validators};
use crate::{Client, Conditional, FetchError, Validators};

/// A page of a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HtmlPage {
    /// Its address after redirects.
    pub url: Url,
    /// Its markup, decoded.
    pub text: String,
    /// For the next conditional request.
    pub validators: Validators,
}

impl Client {
    /// Fetches a page; with `known`, only if it changed.
    ///
    /// # Errors
    /// When there is no such page, or none could be had; a PDF is no page.
    pub async fn get_page(
        &self,
        url: &Url,
        known: Option<&Validators>,
    ) -> Result<Conditional<HtmlPage>, FetchError> {
        self.page(&Ask { method: Method::GET, url, form: None, validators: known }).await
    }

    /// Sends a form, as the sites' drop-down lists do, and gives the page it leads to.
    ///
    /// # Errors
    /// As [`Client::get_page`].
    pub async fn post_form(
        &self,
        url: &Url,
        form: &[(String, String)],
    ) -> Result<HtmlPage, FetchError> {
        let ask = Ask { method: Method::POST, url, form: Some(form), validators: None };
        match self.page(&ask).await? {
            Conditional::Got(page) => Ok(page),
            Conditional::NotModified => Err(FetchError::Status { status: 304, retry_after: None }),
        }
    }

    async fn page(&self, ask: &Ask<'_>) -> Result<Conditional<HtmlPage>, FetchError> {
        let page = if self.browses(ask.url) && ask.form.is_none() {
            self.page_in_browser(ask.url).await.map(Conditional::Got)
        } else {
            self.page_by_request(ask).await
        };
        self.note(ask.url, &page);
        page
    }

    async fn page_by_request(&self, ask: &Ask<'_>) -> Result<Conditional<HtmlPage>, FetchError> {
        let mut attempt = 0;
        loop {
            attempt += 1;
            let answer = self.send(ask).await?;
            if answer.response.status().as_u16() == 304 {
                return Ok(Conditional::NotModified);
            }
            match self.read_page(answer).await {
                Ok(page) => return Ok(Conditional::Got(page)),
                // The body was cut: the request as a whole is tried again.
                Err(error) if self.pause_before_retry(attempt, &error).await => {}
                Err(error) => return Err(error),
            }
        }
    }

    async fn read_page(&self, mut answer: Answer) -> Result<HtmlPage, FetchError> {
        let headers = answer.response.headers();
        let content_type = header(headers, &CONTENT_TYPE).unwrap_or_default();
        let validators = validators(headers);
        let url = answer.url;
        if !is_markup(&content_type) {
            return Err(FetchError::NotHtml { media_type: content_type });
        }
        let body = read_body(answer.response, self.config.max_page_bytes).await;
        self.rest(&mut answer.turn);
        let text = decode(&body?, &content_type);
        match recognise(&text) {
            Some(by) => Err(FetchError::Challenge { by }),
            None => Ok(HtmlPage { url, text, validators }),
        }
    }
}

fn is_markup(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind.is_empty() || kind.contains("html") || kind.starts_with("text/") || kind.contains("xml")
}

/// The charset of the header, else of a `<meta>` in the first kilobyte, else UTF-8.
fn decode(body: &[u8], content_type: &str) -> String {
    let head = String::from_utf8_lossy(&body[..body.len().min(1024)]).to_ascii_lowercase();
    let encoding = charset(&content_type.to_ascii_lowercase())
        .or_else(|| charset(&head))
        .unwrap_or(encoding_rs::UTF_8);
    encoding.decode(body).0.into_owned()
}

fn charset(text: &str) -> Option<&'static Encoding> {
    let (_, rest) = text.split_once("charset=")?;
    let rest = rest.trim_start_matches(['"', '\'']);
    let label = rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_').next()?;
    Encoding::for_label(label.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes() {
        let cases: [(&[u8], &str, &str); 4] = [
            ("août".as_bytes(), "text/html; charset=utf-8", "août"),
            (b"ao\xfbt", "text/html; charset=ISO-8859-1", "août"),
            (
                b"<meta charset=\"iso-8859-15\"><p>ao\xfbt",
                "text/html",
                "<meta charset=\"iso-8859-15\"><p>août",
            ),
            ("août".as_bytes(), "text/html; charset=inconnu", "août"),
        ];
        for (body, content_type, expected) in cases {
            assert_eq!(decode(body, content_type), expected, "{content_type}");
        }
    }

    #[test]
    fn knows_markup() {
        for (content_type, expected) in [
            ("text/html; charset=utf-8", true),
            ("", true),
            ("application/xhtml+xml", true),
            ("application/pdf", false),
            ("image/png", false),
        ] {
            assert_eq!(is_markup(content_type), expected, "{content_type}");
        }
    }
}
