//! Throws made-up input at the crate's own parsers for so many seconds each; a panic ends it, with
//! the seed that caused it:
//! `cargo run --release -p guetteur-read --features fuzzing --example fuzz_loop -- SECONDS [SEED]`.
use fastrand::Rng;
use std::error::Error;
use std::io::Write;
use std::panic::catch_unwind;
use std::time::{Duration, Instant};

use guetteur_read::fuzzing;

const NUMBERS: [&str; 14] = [
    "0",
    "1",
    "-1",
    "0.5",
    "12",
    "72.25",
    "-300",
    "595",
    "842",
    "1000",
    "1e9",
    "-99999999999",
    "3.4e38",
    "0.0000001",
];
const STRINGS: [&str; 8] =
    ["(Le)", "(pr\\351fet)", "( )", "(....)", "(______12)", "<FEFF00E9>", "(\\255)", "()"];
const OPERATORS: [(usize, &str); 31] = [
    (0, "BT"),
    (0, "ET"),
    (0, "q"),
    (0, "Q"),
    (0, "S"),
    (0, "f"),
    (0, "B"),
    (0, "h"),
    (0, "n"),
    (0, "/X1 Do"),
    (0, "/X2 Do"),
    (0, "T*"),
    (0, "EMC"),
    (0, "/Span BMC"),
    (0, "/Span <</ActualText <FEFF00E900E8>>> BDC"),
    (0, "/Span <</ActualText ()>> BDC"),
    (1, "TL"),
    (1, "Tc"),
    (1, "Tw"),
    (1, "Tz"),
    (1, "Ts"),
    (1, "Tr"),
    (2, "Td"),
    (2, "m"),
    (2, "l"),
    (4, "re"),
    (4, "v"),
    (4, "y"),
    (6, "c"),
    (6, "cm"),
    (6, "Tm"),
];

/// Makes one input and throws it.
type Door = fn(&mut Rng);

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let seconds: u64 = arguments.next().ok_or("usage: fuzz_loop SECONDS [SEED]")?.parse()?;
    let first: u64 = arguments.next().map_or(Ok(1), |seed| seed.parse())?;
    let doors: [(&str, Door); 3] = [
        ("content streams", |c| fuzzing::content_stream(content(c).as_bytes())),
        ("tesseract's output", |c| fuzzing::tesseract_tsv(&tsv(c))),
        ("pictures", |c| fuzzing::picture(&picture(c))),
    ];
    for (name, door) in doors {
        let (start, mut seed) = (Instant::now(), first);
        let mut slowest = Duration::ZERO;
        while start.elapsed() < Duration::from_secs(seconds) {
            let begun = Instant::now();
            if catch_unwind(|| door(&mut Rng::with_seed(seed))).is_err() {
                return Err(format!("{name}: seed {seed}").into());
            }
            slowest = slowest.max(begun.elapsed());
            seed += 1;
        }
        writeln!(std::io::stdout(), "{name}: {} inputs, slowest {slowest:?}", seed - first)?;
    }
    Ok(())
}

fn one<'a>(rng: &mut Rng, list: &[&'a str]) -> &'a str {
    list[rng.usize(..list.len())]
}

fn content(rng: &mut Rng) -> String {
    let mut out = "BT /F1 11 Tf 60 700 Td ".to_owned();
    for _ in 0..rng.usize(..120) {
        match rng.usize(..8) {
            0..3 => {
                let text = one(rng, &STRINGS);
                out.push_str(&format!("{text} {} ", one(rng, &["Tj", "'"])));
            }
            3 => {
                let (a, n, b) = (one(rng, &STRINGS), one(rng, &NUMBERS), one(rng, &STRINGS));
                out.push_str(&format!("[{a} {n} {b}] TJ "));
            }
            4 => out.push_str(&format!("/F1 {} Tf ", one(rng, &NUMBERS))),
            5 => out.push_str(&format!("60 {} Td ", -(rng.usize(..30) as i32))),
            _ => {
                let (operands, operator) = OPERATORS[rng.usize(..OPERATORS.len())];
                for _ in 0..operands {
                    out.push_str(one(rng, &NUMBERS));
                    out.push(' ');
                }
                out.push_str(operator);
                out.push(' ');
            }
        }
    }
    out
}

fn tsv(rng: &mut Rng) -> String {
    let mut out = String::new();
    for _ in 0..rng.usize(..80) {
        let (level, line) = (4 + rng.usize(..2), rng.usize(..9));
        let [x, y, w, h] = [2_000, 3_000, 400, 60].map(|n| rng.usize(..n));
        let text = one(rng, &["VU", "le", "code", "", " ", "2026/00054", "…", "\u{FFFD}", "NaN"]);
        let confidence = one(rng, &["96.5", "-1", "nan", "1e40", "", "inf"]);
        let row =
            format!("{level}\t1\t1\t1\t{line}\t1\t{x}\t{y}\t{w}\t{h}\t{confidence}\t{text}\n");
        let cut = if rng.usize(..20) == 0 { rng.usize(..row.len()) } else { row.len() };
        out.extend(row.chars().take(cut));
    }
    out
}

fn picture(rng: &mut Rng) -> Vec<u8> {
    let width = 1 + rng.usize(..255);
    let mut out = vec![width as u8];
    let ink = 1 + rng.usize(..12);
    let pixels = width * rng.usize(..300) + rng.usize(..3);
    out.extend((0..pixels).map(|_| if rng.usize(..12) < ink { 20 } else { 240 }));
    out
}
