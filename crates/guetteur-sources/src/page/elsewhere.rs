//! Documents that a page shows or offers in other ways than by an anchor: in a frame, by a form, a
//! button, a script, a map.

use std::sync::LazyLock;

use regex::Regex;
use scraper::ElementRef;
use url::Url;

use super::around::text_of;
use super::target::scripted;
use crate::words::pattern;

/// Attributes in which scripts keep an address.
const DATA: &[&str] = &["data-href", "data-url", "data-file", "data-src", "data-link", "data-pdf"];

/// Addresses, as written, to which an element that is no anchor may lead, each with its name.
pub(super) fn targets(element: ElementRef<'_>) -> Vec<(String, String)> {
    let attribute = |name| element.attr(name).map(str::to_owned);
    let named = |address: Option<String>| address.map(|address| (address, name_of(element)));
    let by_tag = match element.value().name() {
        "iframe" | "frame" | "embed" => named(attribute("src")),
        "object" => named(attribute("data")),
        "area" | "link" => named(attribute("href")),
        "form" => attribute("action").map(|action| (action, button_of(element))),
        "button" | "input" => named(attribute("formaction")),
        _ => None,
    };
    let scripts = named(element.attr("onclick").and_then(scripted));
    by_tag.into_iter().chain(named(data_target(element))).chain(scripts).collect()
}

/// The page, as written, to which an element that is no anchor leads: an area of an image, a button
/// whose script changes the address.
pub(super) fn page_target(element: ElementRef<'_>) -> Option<(String, String)> {
    let address = match element.value().name() {
        "area" => element.attr("href").map(str::to_owned),
        _ => element.attr("onclick").and_then(gone_to),
    };
    address.map(|address| (address, name_of(element)))
}

/// The address that a script makes the browser's.
pub(super) fn gone_to(script: &str) -> Option<String> {
    static GONE_TO: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"\blocation(?:\.href)?\s*=\s*['"]([^'"]+)['"]|\blocation\.(?:assign|replace)\(\s*['"]([^'"]+)['"]|\bwindow\.open\(\s*['"]([^'"]+)['"]"#,
        )
    });
    let captures = GONE_TO.captures(script)?;
    captures.iter().skip(1).flatten().next().map(|address| address.as_str().trim().to_owned())
}

/// The address that an element keeps for a script.
pub(super) fn data_target(element: ElementRef<'_>) -> Option<String> {
    DATA.iter()
        .find_map(|name| element.attr(name))
        .filter(|value| !value.is_empty())
        .map(str::to_owned)
}

/// The document that a viewer's address names: `/viewer.html?file=/c/x.pdf`.
pub(super) fn in_viewer(url: &Url) -> Option<Url> {
    let path = url.path().to_ascii_lowercase();
    let is_viewer = path.contains("viewer") || path.contains("gview") || path.ends_with(".html");
    let file = url.query_pairs().find(|(key, value)| {
        matches!(key.as_ref(), "file" | "url" | "src" | "pdf" | "document")
            && (value.starts_with('/') || value.starts_with("http"))
    });
    let (_, file) = file.filter(|_| is_viewer)?;
    url.join(&file).ok()
}

/// What an element says of what it shows.
fn name_of(element: ElementRef<'_>) -> String {
    let attributes = ["title", "aria-label", "alt", "name", "value"];
    let said =
        attributes.iter().filter_map(|name| element.attr(name)).find(|text| !text.is_empty());
    match element.value().name() {
        "iframe" | "frame" | "embed" | "object" | "area" | "link" | "input" => {
            said.unwrap_or_default().to_owned()
        }
        _ => match text_of(element) {
            text if text.is_empty() => said.unwrap_or_default().to_owned(),
            text => text,
        },
    }
}

/// What the button of a form says.
fn button_of(form: ElementRef<'_>) -> String {
    let inside = form.descendants().filter_map(ElementRef::wrap);
    let buttons = inside.filter(|element| match element.value().name() {
        "button" => true,
        "input" => matches!(element.attr("type"), Some("submit" | "button" | "image")),
        _ => false,
    });
    buttons.map(name_of).find(|name| !name.is_empty()).unwrap_or_default()
}
