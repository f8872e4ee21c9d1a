//! The confined child of `guetteur-read` as a program of its own.

use std::process::ExitCode;

fn main() -> ExitCode {
    guetteur_read::child::main()
}
