#!/usr/bin/env bash
# sqlx 0.9.0 with SQLite: after « database or disk is full » the pool hands out a connection on which
# begin_with() fails for ever, also when there is room again.
#
# Why: SQLite itself ends a transaction on SQLITE_FULL. The ROLLBACK that sqlx then sends finds no
# transaction (« cannot rollback - no transaction is active »), so that sqlx's own count of open
# transactions stays at one, and begin_with() on that connection is refused from then on. A pool of
# one writer, as is usual with SQLite, never writes again.
# What helps: close the connection after a write that failed, instead of giving it back.
#
# Needs: cargo, a C compiler, crates.io. Uses SQLite's limit on pages in the place of a full disk.
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
sqlx = { version = "=0.9.0", default-features = false, features = ["runtime-tokio", "sqlite"] }
tokio = { version = "=1.54.1", features = ["rt", "macros"] }
[workspace]
TOML
cat > "$work/src/main.rs" <<'RUST'
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), sqlx::Error> {
    let file = std::env::args().nth(1).expect("a file");
    let options = SqliteConnectOptions::new().filename(file).create_if_missing(true);
    let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await?;
    sqlx::query("CREATE TABLE t (x BLOB)").execute(&pool).await?;
    sqlx::query("PRAGMA max_page_count = 8").execute(&pool).await?;
    let mut full = pool.begin_with("BEGIN IMMEDIATE").await?;
    let error = sqlx::query("INSERT INTO t VALUES (zeroblob(100000))").execute(&mut *full).await;
    println!("insert: {}", error.expect_err("no room"));
    println!("rollback: {}", full.rollback().await.map_or_else(|e| e.to_string(), |()| "ok".into()));
    sqlx::query("PRAGMA max_page_count = 1000000").execute(&pool).await?;
    for _ in 0..2 {
        let again = pool.begin_with("BEGIN IMMEDIATE").await.map(drop);
        println!("begin_with: {}", again.map_or_else(|e| e.to_string(), |()| "ok".into()));
    }
    Ok(())
}
RUST
CARGO_TARGET_DIR="$work/target" cargo run --quiet --manifest-path "$work/Cargo.toml" -- "$work/t.db" | tee "$work/seen"
grep -q '^insert: .*database or disk is full' "$work/seen"
grep -q '^rollback: .*no transaction is active' "$work/seen"
[ "$(grep -c '^begin_with: .*non-zero transaction depth' "$work/seen")" = 2 ]
echo "as found: sqlx 0.9.0 refuses begin_with for ever after SQLITE_FULL"
