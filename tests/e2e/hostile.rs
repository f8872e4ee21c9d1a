//! Hostile files and pages, made by chance from a seed: none ends the process, none takes longer than
//! its limit. `make hostile` takes 3,000 files and 500 pages.

use std::time::{Duration, Instant};

use fastrand::Rng;
use guetteur_read::{Limits, ReadOptions, Reader};
use guetteur_sources::{PageResponse, Registry, glance};

use crate::support::{own_sites, program};

/// Beyond its limit, what takes so long hangs; a machine that is busy with other tests is slow.
const HANGS: Duration = Duration::from_secs(180);

/// How many, where the variable says nothing else.
fn count(variable: &str, few: u64) -> u64 {
    std::env::var(variable).ok().and_then(|count| count.parse().ok()).unwrap_or(few)
}

/// A PDF of ours, damaged in one to four places.
fn damaged(mut pdf: Vec<u8>, rng: &mut Rng) -> Vec<u8> {
    for _ in 0..=rng.usize(..4) {
        let at = rng.usize(..pdf.len());
        let long = rng.usize(..2_000).min(pdf.len() - at);
        match rng.usize(..6) {
            0 => pdf.truncate(at.max(8)),
            1 => pdf[at..at + long].fill(0),
            2 => (0..long).for_each(|n| pdf[at + n] ^= rng.u8(..)),
            3 => {
                let again = pdf[at..at + long].to_vec();
                let to = rng.usize(..pdf.len());
                pdf.splice(to..to, again);
            }
            4 => drop(pdf.drain(at..at + long)),
            // Numbers of objects, lengths, sizes: digits become other digits.
            _ => pdf[at..at + long]
                .iter_mut()
                .filter(|byte| byte.is_ascii_digit())
                .for_each(|byte| *byte = b'0' + rng.u8(..10)),
        }
    }
    pdf
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_file_costs_itself() {
    let sites = own_sites();
    let urls: Vec<String> = sites.bundle.demo.files().keys().cloned().collect();
    let mut originals = Vec::new();
    for url in &urls {
        originals.extend(sites.bundle.demo.file(url).expect("drawn").filter(|pdf| pdf.len() > 8));
    }
    let mut options = ReadOptions { jobs: 2, ..ReadOptions::default() };
    options.child.program = Some(program());
    let limit = Duration::from_secs(20);
    options.limits = Limits { document: limit, ..Limits::default() };
    let reader = Reader::new(options);
    let folder = tempfile::tempdir().expect("folder");
    let (files, mut read, mut refused) = (count("GUETTEUR_HOSTILE_FILES", 24), 0, 0);
    let mut longest = Duration::ZERO;
    for seed in 0..files {
        let mut rng = Rng::with_seed(seed);
        let pdf = damaged(originals[rng.usize(..originals.len())].clone(), &mut rng);
        let path = folder.path().join("hostile.pdf");
        std::fs::write(&path, &pdf).expect("written");
        let start = Instant::now();
        match reader.read_text_only(&path, |_, _| {}).await {
            Ok(_) => read += 1,
            Err(_) => refused += 1,
        }
        let took = start.elapsed();
        longest = longest.max(took);
        assert!(took < limit + HANGS, "seed {seed} took {took:?}");
    }
    eprintln!("{files} files: {read} read, {refused} refused; the longest took {longest:?}");
    assert!(read > 0, "damage leaves something to read in most of them");
}

/// A page of lists with one thing in excess: depth, attributes, entities, links, titles, broken tags.
fn page(rng: &mut Rng) -> String {
    let much = 1 << (6 + rng.usize(..10));
    let mut html =
        String::from("<html><head><title>Recueil des actes administratifs</title></head><body>");
    for _ in 0..=rng.usize(..3) {
        match rng.usize(..9) {
            0 => html += &"<div><b><p>".repeat(much),
            1 => {
                let attributes: String = (0..much).map(|n| format!(" a{n}='{n}'")).collect();
                html += &format!("<a href=/raa.pdf{attributes}>RAA n°1 du 2 juin 2026</a>");
            }
            2 => html += &"&amp;&eacute;&#233;&#xe9;&nimporte;&".repeat(much),
            3 => (0..much).for_each(|n| {
                html +=
                    &format!("<a href='/raa/{n}.pdf'>RAA n°{n} du {:02}/06/2026</a>", 1 + n % 28);
            }),
            4 => html += &format!("<h1>{}</h1><a href=/x.pdf>{0}</a>", "RAA spécial ".repeat(much)),
            5 => html += &format!("<a href='/x.pdf' title='{}>", "\"".repeat(much)),
            6 => {
                html +=
                    &format!("<select name=m><option value='{}'>2026</select>", "é/".repeat(much));
            }
            7 => html += &"<table><tr><td><a href=\"?p=1".repeat(much.min(4_096)),
            _ => (0..much).for_each(|_| html.push(char::from(rng.u8(32..127)))),
        }
    }
    html
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hostile_page_costs_itself() {
    let registry = Registry::builtin().expect("registry");
    let source = registry.get("34").expect("source");
    let today = "2026-06-15".parse().expect("day");
    let (pages, mut longest, mut listed) = (count("GUETTEUR_HOSTILE_PAGES", 40), Duration::ZERO, 0);
    for seed in 0..pages {
        let html = page(&mut Rng::with_seed(seed));
        let response = PageResponse {
            url: source.roots[0].parse().expect("root"),
            status: 200,
            content_type: Some("text/html".to_owned()),
            html,
            encoding: guetteur_html::UTF_8,
        };
        let start = Instant::now();
        let seen = glance(source, response, today).await.expect("a page is no error");
        let took = start.elapsed();
        longest = longest.max(took);
        listed += seen.bulletins.len();
        assert!(took < HANGS, "seed {seed} took {took:?}");
    }
    eprintln!("{pages} pages: {listed} bulletins; the longest took {longest:?}");
}
