//! Reads a PDF and writes a JSON line a page, then one with the report and the peak memory of this
//! process in KiB: what `make bench-read` times.
//! `cargo run --release -p guetteur-read --example read_file -- FILE.pdf`.
use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};

use guetteur_read::{ChildCommand, ReadOptions, Reader};
use serde_json::json;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::args_os().nth(1).map(PathBuf::from).ok_or("usage: read_file FILE.pdf")?;
    let child = ChildCommand::program(child_beside(&std::env::current_exe()?));
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut broken = None;
    let report = Reader::new(ReadOptions { child, ..ReadOptions::default() })
        .read(&file, |page| {
            let line = serde_json::to_vec(page).map_err(Into::into);
            let written = line.and_then(|line| out.write_all(&line)).and_then(|()| writeln!(out));
            broken = broken.take().or(written.err());
        })
        .await?;
    if let Some(error) = broken {
        return Err(error.into());
    }
    writeln!(out, "{}", json!({ "report": report, "parent_kib": peak_kib() }))?;
    Ok(out.flush()?)
}

/// Cargo puts examples in a folder below the binaries.
fn child_beside(exe: &Path) -> PathBuf {
    let folder = exe.parent().and_then(Path::parent).unwrap_or(Path::new("."));
    folder.join("guetteur-read-child")
}

fn peak_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}
