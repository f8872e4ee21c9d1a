#!/usr/bin/env bash
# In optimised builds rustc 1.95.0 compiles the body of a plain, public, non-generic `async fn` in every
# crate that awaits it, and not at all in the crate that defines it.
#
# One expects generics alone to be made again by their users, and in a debug build that is so: the body is
# made in the library. In a release build each of its two users makes it, so that programs in front of sqlx
# compile sqlx's connection code again, crate by crate. Boxed in the library (async-recursion 1.2.0 writes
# the `Box::pin`), the body is made there, once.
#
# Needs: cargo, rustup's toolchain 1.95.0, crates.io.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/{library,one,two}/src
printf '[workspace]\nmembers = ["library", "one", "two"]\nresolver = "3"\n' > "$work/Cargo.toml"
printf '[toolchain]\nchannel = "1.95.0"\n' > "$work/rust-toolchain.toml"
cat > "$work/library/Cargo.toml" <<'TOML'
[package]
name = "library"
version = "0.0.0"
edition = "2024"
[dependencies]
async-recursion = "=1.2.0"
TOML
cat > "$work/library/src/lib.rs" <<'RUST'
pub async fn plain(list: &mut Vec<u64>) {
    for turn in 0..list.len() {
        std::future::ready(()).await;
        println!("{turn} {list:?}");
        list.sort();
        list.push(turn as u64);
        std::future::ready(()).await;
        println!("{list:?} {}", list.iter().map(u64::to_string).collect::<Vec<_>>().join(", "));
    }
}

#[async_recursion::async_recursion]
pub async fn boxed(list: &mut Vec<u64>) {
    for turn in 0..list.len() {
        std::future::ready(()).await;
        println!("{turn} {list:?}");
        list.sort();
        list.push(turn as u64);
        std::future::ready(()).await;
        println!("{list:?} {}", list.iter().map(u64::to_string).collect::<Vec<_>>().join(", "));
    }
}
RUST
for user in one two; do
  printf '[package]\nname = "%s"\nversion = "0.0.0"\nedition = "2024"\n[dependencies]\nlibrary = { path = "../library" }\n' \
    "$user" > "$work/$user/Cargo.toml"
  cat > "$work/$user/src/main.rs" <<'RUST'
use std::pin::pin;
use std::task::{Context, Waker};

fn main() {
    let mut list = vec![2, 1];
    let mut work = pin!(async {
        library::plain(&mut list).await;
        library::boxed(&mut list).await;
    });
    assert!(work.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready());
}
RUST
done
cd "$work"
# Before LLVM inlines anything, so that each body stands under its own name.
RUSTFLAGS="--emit=llvm-ir -Csymbol-mangling-version=v0 -Ccodegen-units=1 -Cno-prepopulate-passes" CARGO_INCREMENTAL=0 \
  CARGO_TARGET_DIR="$work/target" cargo build --release --quiet --workspace
for crate in library one two; do
  for body in plain boxed; do
    count=$(cat target/release/deps/"$crate"-*.ll | grep -cE "^define .*@_RNC.*7library.*5$body" || true)
    echo "$crate: $count of $body"
  done
done | tee seen
printf '%s\n' 'library: 0 of plain' 'library: 1 of boxed' 'one: 1 of plain' 'one: 0 of boxed' \
  'two: 1 of plain' 'two: 0 of boxed' | diff - seen
echo "as found: rustc 1.95.0 compiles an async fn where it is awaited, a boxed one where it is written"
