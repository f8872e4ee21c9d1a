//! Throws made-up input at the crate's own parsers for so many seconds each; a panic ends it, with
//! the seed that caused it:
//! `cargo run --release -p guetteur-read --features fuzzing --example fuzz_loop -- SECONDS [SEED]`.
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
type Door = fn(&mut Chance);

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
            if catch_unwind(|| door(&mut Chance(seed))).is_err() {
                return Err(format!("{name}: seed {seed}").into());
            }
            slowest = slowest.max(begun.elapsed());
            seed += 1;
        }
        writeln!(std::io::stdout(), "{name}: {} inputs, slowest {slowest:?}", seed - first)?;
    }
    Ok(())
}

/// Chance without a clock: the same for a seed.
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888);
        (self.0 >> 33) as usize % n
    }

    fn of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len())]
    }
}

fn content(chance: &mut Chance) -> String {
    let mut out = "BT /F1 11 Tf 60 700 Td ".to_owned();
    for _ in 0..chance.below(120) {
        match chance.below(8) {
            0..3 => {
                let text = chance.of(&STRINGS);
                out.push_str(&format!("{text} {} ", chance.of(&["Tj", "'"])));
            }
            3 => {
                let (a, n, b) = (chance.of(&STRINGS), chance.of(&NUMBERS), chance.of(&STRINGS));
                out.push_str(&format!("[{a} {n} {b}] TJ "));
            }
            4 => out.push_str(&format!("/F1 {} Tf ", chance.of(&NUMBERS))),
            5 => out.push_str(&format!("60 {} Td ", -(chance.below(30) as i32))),
            _ => {
                let (operands, operator) = OPERATORS[chance.below(OPERATORS.len())];
                for _ in 0..operands {
                    out.push_str(chance.of(&NUMBERS));
                    out.push(' ');
                }
                out.push_str(operator);
                out.push(' ');
            }
        }
    }
    out
}

fn tsv(chance: &mut Chance) -> String {
    let mut out = String::new();
    for _ in 0..chance.below(80) {
        let (level, line) = (4 + chance.below(2), chance.below(9));
        let [x, y, w, h] = [2_000, 3_000, 400, 60].map(|n| chance.below(n));
        let text = chance.of(&["VU", "le", "code", "", " ", "2026/00054", "…", "\u{FFFD}", "NaN"]);
        let confidence = chance.of(&["96.5", "-1", "nan", "1e40", "", "inf"]);
        let row =
            format!("{level}\t1\t1\t1\t{line}\t1\t{x}\t{y}\t{w}\t{h}\t{confidence}\t{text}\n");
        let cut = if chance.below(20) == 0 { chance.below(row.len()) } else { row.len() };
        out.extend(row.chars().take(cut));
    }
    out
}

fn picture(chance: &mut Chance) -> Vec<u8> {
    let width = 1 + chance.below(255);
    let mut out = vec![width as u8];
    let ink = 1 + chance.below(12);
    let pixels = width * chance.below(300) + chance.below(3);
    out.extend((0..pixels).map(|_| if chance.below(12) < ink { 20 } else { 240 }));
    out
}
