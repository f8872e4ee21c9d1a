//! Acts to flags with evidence, from rule files
