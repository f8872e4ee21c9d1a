#!/usr/bin/env bash
# serde 1.0.229 with serde_json 1.0.154 reads a struct from a JSON array too: the values are its fields in the
# order in which the source declares them.
#
# One expects `#[derive(Deserialize)]` with `deny_unknown_fields` to take objects alone, as the JSON Schema does
# that is made of the same struct. It takes `["webhook", "https://a.example/"]`, of fields with a default also
# fewer; to change the order of two fields of one type changes what such a body means. Who must have an object
# has to look before.
#
# Needs: cargo, rustup's toolchain 1.95.0, crates.io.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/src"
printf '[toolchain]\nchannel = "1.95.0"\n' > "$work/rust-toolchain.toml"
cat > "$work/Cargo.toml" <<'TOML'
[package]
name = "object-or-not"
version = "0.0.0"
edition = "2024"
[dependencies]
serde = { version = "=1.0.229", features = ["derive"] }
serde_json = "=1.0.154"
TOML
cat > "$work/src/main.rs" <<'RUST'
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code)]
struct New {
    channel: String,
    target: String,
    #[serde(default)]
    note: String,
}

fn main() {
    for body in [
        r#"{"channel": "webhook", "target": "https://a.example/"}"#,
        r#"["webhook", "https://a.example/"]"#,
        r#"["webhook", "https://a.example/", "b", "one too many"]"#,
    ] {
        println!("{} {body}", serde_json::from_str::<New>(body).is_ok());
    }
}
RUST
seen=$(cd "$work" && cargo run --quiet 2> "$work/errors") || { cat "$work/errors"; exit 1; }
echo "$seen"
expected='true {"channel": "webhook", "target": "https://a.example/"}
true ["webhook", "https://a.example/"]
false ["webhook", "https://a.example/", "b", "one too many"]'
[ "$seen" = "$expected" ] || { echo "that changed"; exit 1; }
