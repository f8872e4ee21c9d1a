//! The `guetteur` program: parse, run, turn the outcome into an exit code.

use std::io::{ErrorKind, Write};
use std::process::ExitCode;

use guetteur::cli::{Cli, Failure, Told, in_french};
use include_dir::{Dir, include_dir};

// Pages and letters lie in the program and not in its crates: a change of one compiles this file.
static PAGES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../guetteur-web/templates");
static ASSETS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../guetteur-web/assets");
static LETTERS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../guetteur-notify/templates");
static ENTRIES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../guetteur-publish/templates");

fn main() -> ExitCode {
    // The reader's confined child is this same program; it must start lean, before the runtime.
    if std::env::args_os().nth(1).is_some_and(|arg| arg == "read-child") {
        return guetteur_read::child::main();
    }
    guetteur_web::TEMPLATES.embed(&PAGES);
    guetteur_web::ASSETS.embed(&ASSETS);
    guetteur_notify::TEMPLATES.embed(&LETTERS);
    guetteur_publish::templates::TEMPLATES.embed(&ENTRIES);
    let cli = match Cli::read(std::env::args_os()) {
        Ok(cli) => cli,
        Err(Told::Asked(text)) => {
            // Whoever reads the first lines alone has read them.
            let _ = std::io::stdout().write_all(text.as_bytes());
            return ExitCode::SUCCESS;
        }
        Err(Told::Wrong(text)) => {
            eprint!("{text}");
            return ExitCode::from(2);
        }
    };
    match cli.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Usage(error)) => {
            eprintln!("guetteur : {}", in_french(&error));
            ExitCode::from(2)
        }
        Err(Failure::Work(error)) => {
            if !is_broken_pipe(&error) {
                eprintln!("guetteur : {}", in_french(&error));
            }
            ExitCode::from(1)
        }
    }
}

/// `guetteur export | head` is no failure worth words.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        // The writers of CSV and JSON keep the error they met to themselves.
        let kind = if let Some(csv) = cause.downcast_ref::<csv::Error>() {
            match csv.kind() {
                csv::ErrorKind::Io(error) => Some(error.kind()),
                _ => None,
            }
        } else if let Some(json) = cause.downcast_ref::<serde_json::Error>() {
            json.io_error_kind()
        } else {
            cause.downcast_ref::<std::io::Error>().map(std::io::Error::kind)
        };
        kind == Some(ErrorKind::BrokenPipe)
    })
}

#[cfg(test)]
mod tests {
    use std::io::Error;

    use guetteur_publish::export::ExportError;

    use super::*;

    struct Closed;

    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_that_leaves_is_known_behind_every_writer() {
        let json = serde_json::to_writer(Closed, "x").expect_err("closed");
        let csv = csv::Error::from(Error::from(ErrorKind::BrokenPipe));
        let io = Error::from(ErrorKind::BrokenPipe);
        for error in [ExportError::Json(json), ExportError::Csv(csv), ExportError::Io(io)] {
            assert!(is_broken_pipe(&error.into()));
        }
        assert!(!is_broken_pipe(&Error::from(ErrorKind::StorageFull).into()));
    }
}
