//! A form as a browser sends it when an option of one of its selects is chosen: with all its other
//! fields as they stand.

use scraper::ElementRef;

use super::around::{ancestors, text_of};

/// The form in which a select stands.
pub(super) struct Form<'a> {
    element: ElementRef<'a>,
    /// Where it is sent, as written.
    pub(super) action: &'a str,
    /// Whether it is posted.
    pub(super) posts: bool,
}

impl<'a> Form<'a> {
    /// The form around an element.
    pub(super) fn around(element: ElementRef<'a>) -> Option<Self> {
        let form = ancestors(element).find(|ancestor| ancestor.value().name() == "form")?;
        let posts = form.attr("method").is_some_and(|method| method.eq_ignore_ascii_case("post"));
        Some(Self { element: form, action: form.attr("action").unwrap_or(""), posts })
    }

    /// Names and values, in order, when `value` is chosen in `select`; none where it has no name.
    /// Empty fields are left out: no value and none mean the same to those who read them.
    pub(super) fn fields(
        &self,
        select: ElementRef<'_>,
        value: &str,
    ) -> Option<Vec<(String, String)>> {
        select.attr("name").filter(|name| !name.is_empty())?;
        let field = |control: ElementRef<'_>| {
            let value = match control.id() == select.id() {
                true => value.to_owned(),
                false => value_of(control)?,
            };
            let name = control.attr("name").unwrap_or_default().to_owned();
            (!name.is_empty() && !value.is_empty()).then_some((name, value))
        };
        Some(self.controls().filter_map(field).collect())
    }

    /// What the other selects have chosen, as it is shown: the year beside the months.
    pub(super) fn chosen_beside(&self, select: ElementRef<'_>) -> Vec<String> {
        self.controls()
            .filter(|control| control.value().name() == "select" && control.id() != select.id())
            .filter_map(chosen)
            .map(text_of)
            .collect()
    }

    fn controls(&self) -> impl Iterator<Item = ElementRef<'a>> {
        let inside = self.element.descendants().filter_map(ElementRef::wrap);
        inside.filter(|element| element.attr("disabled").is_none())
    }
}

/// The value with which a control is sent; none where it is not.
fn value_of(control: ElementRef<'_>) -> Option<String> {
    let value = || control.attr("value").unwrap_or_default().to_owned();
    match control.value().name() {
        "select" => chosen(control).map(value_of_option),
        "input" => match control.attr("type").unwrap_or("text").to_ascii_lowercase().as_str() {
            "submit" | "button" | "image" | "reset" | "file" => None,
            "checkbox" | "radio" => control.attr("checked").map(|_| value()),
            _ => Some(value()),
        },
        _ => None,
    }
}

fn value_of_option(option: ElementRef<'_>) -> String {
    option.attr("value").map_or_else(|| text_of(option), str::to_owned)
}

/// The option of a select that is chosen as long as nobody chooses: the one that says so, or the first.
fn chosen(select: ElementRef<'_>) -> Option<ElementRef<'_>> {
    let options = || {
        let inside = select.descendants().filter_map(ElementRef::wrap);
        inside.filter(|element| element.value().name() == "option")
    };
    options().filter(|option| option.attr("selected").is_some()).last().or_else(|| options().next())
}
