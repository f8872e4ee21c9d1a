//! What `guetteur doctor` says of the operator's own rules and texts of law: what is left out, and what
//! no rule knows.

use std::fmt::Display;

use guetteur_law::Library;
use guetteur_model::Category;
use guetteur_rules::RuleSet;

use super::Finding;
use crate::app::App;

/// The rules with their examples, and the texts of law.
pub(super) fn own_files(app: &App) -> [Finding; 2] {
    [rules(app), law(app)]
}

fn rules(app: &App) -> Finding {
    const WHAT: &str = "règles";
    let left_out = app.config.rules.dir.as_ref().map(|folder| RuleSet::load_dir(folder).1);
    if let Some(first) = left_out.iter().flatten().next() {
        return Finding::new(WHAT, false, false, first.to_string());
    }
    let tested = app.rules.self_test();
    let (examples, failed) = tested.counts();
    let told = format!("{examples} exemples, {failed} manqués (guetteur rules test)");
    Finding::new(WHAT, tested.passed(), false, told)
}

fn law(app: &App) -> Finding {
    const WHAT: &str = "textes de loi";
    let wrong = |why: &dyn Display| Finding::new(WHAT, false, false, why.to_string());
    let left_out = app.config.law.dir.as_ref().map(|folder| Library::load_dir(folder).1);
    if let Some(first) = left_out.iter().flatten().next() {
        return wrong(first);
    }
    let is_known = |category: &Category| {
        let built_in = || Category::BUILT_IN.iter().any(|(id, _)| *id == category.as_str());
        app.rules.rules().any(|rule| rule.category == category) || built_in()
    };
    for text in app.law.texts() {
        if let Some(category) = text.categories.iter().find(|category| !is_known(category)) {
            return wrong(&format!(
                "{} est rattaché à la catégorie « {category} », qu’aucune règle ne connaît : rien \
                 ne sera tenu contre ce texte",
                text.id
            ));
        }
    }
    Finding::new(WHAT, true, false, format!("{} textes", app.law.texts().len()))
}
