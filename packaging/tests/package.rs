//! What a package would hold: generated files, and the files that the package's metadata names.

use std::path::{Path, PathBuf};

use guetteur::cli;
use toml::Table;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn every_command_has_a_page_and_every_shell_knows_them() {
    let dir = tempfile::tempdir().expect("dir");
    guetteur_packaging::generate(dir.path()).expect("generated");
    let command = cli::command();
    let page = std::fs::read_to_string(dir.path().join("man/guetteur.1")).expect("page");
    assert!(page.contains(".TH guetteur 1") && page.contains("recueils des actes"), "{page}");
    for shell in ["guetteur.bash", "_guetteur", "guetteur.fish"] {
        let path = dir.path().join("completions").join(shell);
        let completions = std::fs::read_to_string(path).expect(shell);
        for sub in command.get_subcommands() {
            let name = sub.get_name();
            assert!(completions.contains(name), "{shell} does not know {name}");
        }
    }
    for sub in command.get_subcommands() {
        let path = dir.path().join(format!("man/guetteur-{}.1", sub.get_name()));
        assert!(path.is_file(), "{} has no page", sub.get_name());
    }
}

/// Every file that `cargo deb` is to pack is in the repository or made by `make package`.
#[test]
fn what_the_debian_package_names_exists() {
    let manifest: Table = read("crates/guetteur/Cargo.toml").parse().expect("TOML");
    let deb = &manifest["package"]["metadata"]["deb"];
    let assets = deb["assets"].as_array().expect("assets");
    for asset in assets {
        let source = asset[0].as_str().expect("a path");
        let made = source.starts_with("target/") || source.starts_with("../../target/");
        assert!(made || root().join("crates/guetteur").join(source).is_file(), "{source}");
    }
    let places: Vec<&str> = assets.iter().filter_map(|asset| asset[1].as_str()).collect();
    for conf in deb["conf-files"].as_array().expect("conf-files") {
        let conf = conf.as_str().expect("a path").trim_start_matches('/');
        assert!(places.contains(&conf), "{conf} is no file of the package");
    }
    let depends = deb["depends"].as_str().expect("depends");
    let dockerfile = read("Dockerfile");
    for package in ["ca-certificates", "poppler-utils", "tesseract-ocr-fra", "tesseract-ocr-osd"] {
        assert!(depends.contains(package) && dockerfile.contains(package), "{package}");
    }
}

/// One number and one toolchain everywhere.
#[test]
fn versions_agree() {
    let manifest: Table = read("Cargo.toml").parse().expect("TOML");
    let package = &manifest["workspace"]["package"];
    let version = package["version"].as_str().expect("version");
    assert!(read("CHANGELOG.md").contains(&format!("## {version}")), "{version} has no changes");
    let toolchain: Table = read("rust-toolchain.toml").parse().expect("TOML");
    let channel = toolchain["toolchain"]["channel"].as_str().expect("channel");
    let minor = channel.rsplit_once('.').expect("three numbers").0;
    assert!(read("Dockerfile").contains(&format!("FROM rust:{minor}-")), "another {minor}");
    let number = |text: &str| text.split('.').nth(1).and_then(|n| n.parse::<u32>().ok());
    let oldest = package["rust-version"].as_str().expect("rust-version");
    assert!(number(oldest).expect("a number") <= number(channel).expect("a number"));
}

/// A plain `cargo update` brings back ICU, fourteen crates for names that no source has
/// (docs/decisions.md).
#[test]
fn the_lock_file_keeps_the_small_tables_of_domain_names() {
    let lock: Table = read("Cargo.lock").parse().expect("TOML");
    let packages = lock["package"].as_array().expect("packages");
    let version = packages.iter().find_map(|package| {
        (package["name"].as_str() == Some("idna_adapter")).then(|| package["version"].as_str())
    });
    let version = version.flatten().expect("idna_adapter");
    assert!(version.starts_with("1.1."), "{version}: cargo update -p idna_adapter --precise 1.1.0");
}
