//! The `guetteur` program: parse, run, turn the outcome into an exit code.

use std::process::ExitCode;

use clap::Parser;
use guetteur::cli::{Cli, Failure};

fn main() -> ExitCode {
    // The reader's confined child is this same program; it must start lean, before the runtime.
    if std::env::args_os().nth(1).is_some_and(|arg| arg == "read-child") {
        return guetteur_read::child::main();
    }
    let cli = Cli::parse();
    match cli.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Usage(error)) => {
            eprintln!("guetteur : {error:#}");
            ExitCode::from(2)
        }
        Err(Failure::Work(error)) => {
            if !is_broken_pipe(&error) {
                eprintln!("guetteur : {error:#}");
            }
            ExitCode::from(1)
        }
    }
}

/// `guetteur export | head` is no failure worth words.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<std::io::Error>()
            .is_some_and(|e| e.kind() == std::io::ErrorKind::BrokenPipe)
    })
}
