#!/usr/bin/env bash
# csv 1.4.0 numbers the lines of a table that ends its lines with CRLF one short: the first row after
# the header stands on « line 1 », and an error about the third line names the second.
#
# RFC 4180 asks for CRLF, and spreadsheets write it. The reader ends a record at the CR and takes the LF
# for the start of the next one, after it has noted where that begins. With LF alone the lines are right,
# so tests on files made by hand do not show it; whoever is told « line 2 » mends the wrong row.
#
# Needs: cargo, crates.io.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/src"
cat > "$work/Cargo.toml" <<'TOML'
[package]
name = "finding"
version = "0.0.0"
edition = "2024"
[dependencies]
csv = "=1.4.0"
[workspace]
TOML
cat > "$work/src/main.rs" <<'RUST'
fn lines(table: &str) -> Vec<u64> {
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let line = |row: csv::Result<csv::StringRecord>| row.expect("a row").position().expect("a place").line();
    reader.records().map(line).collect()
}

fn main() {
    let table = "act,day\na,1\nb,2\nc,3\n";
    println!("LF {:?}", lines(table));
    println!("CRLF {:?}", lines(&table.replace('\n', "\r\n")));
}
RUST
CARGO_TARGET_DIR="$work/target" cargo run --quiet --manifest-path "$work/Cargo.toml" | tee "$work/seen"
printf 'LF [2, 3, 4]\nCRLF [1, 2, 3]\n' | diff - "$work/seen"
echo "as found: csv 1.4.0 counts lines right with LF, one short with CRLF"
