//! The built-in rules against their own examples, user files, evidence and hostile text.

use guetteur_rules::RuleSet;

#[test]
fn every_rule_passes_its_examples() {
    let report = RuleSet::builtin().self_test();
    assert!(report.passed(), "{report}");
}
