//! HTML pages.

use guetteur_html::{Encoding, decode};
use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use url::Url;

use crate::body::{Body, read_body};
use crate::challenge::recognise_aside;
use crate::client::{Answer, Ask, header, validators};
use crate::{Client, Conditional, FetchError, Validators};

/// A page of a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HtmlPage {
    /// Its address after redirects.
    pub url: Url,
    /// Its markup, decoded as browsers do.
    pub text: String,
    /// The encoding in which it came: its addresses write their queries in it.
    pub encoding: &'static Encoding,
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

    /// Sends a form (`application/x-www-form-urlencoded`), as the sites' drop-down lists do, and gives
    /// the page it leads to.
    ///
    /// # Errors
    /// As [`Client::get_page`].
    pub async fn post_form(&self, url: &Url, form: &str) -> Result<HtmlPage, FetchError> {
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
        let limit = self.config.max_page_bytes;
        let body = if is_markup(&content_type) {
            read_body(answer.response, limit).await
        } else {
            // Enough to tell a PDF, whatever the header calls it.
            Body::of(answer.response).first(HEAD).await
        };
        self.rest(&mut answer.turn);
        let body = body?;
        if starts_as_pdf(&body) {
            return Err(FetchError::NotHtml { media_type: PDF.to_owned() });
        }
        if !is_markup(&content_type) {
            return Err(FetchError::NotHtml { media_type: content_type });
        }
        let (text, encoding) = decode(&body, &content_type);
        match recognise_aside(text.clone()).await {
            Some(by) => Err(FetchError::Challenge { by }),
            None => Ok(HtmlPage { url, text, encoding, validators }),
        }
    }
}

/// What a PDF is called, whatever the server calls it.
const PDF: &str = "application/pdf";
/// A PDF shows itself within so many bytes.
const HEAD: usize = 1024;

fn starts_as_pdf(body: &[u8]) -> bool {
    body.trim_ascii_start().starts_with(b"%PDF-")
}

fn is_markup(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind.is_empty() || kind.contains("html") || kind.starts_with("text/") || kind.contains("xml")
}

#[cfg(test)]
mod tests {
    use super::*;

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
