//! Limits that the child puts on itself before it touches the file. They bind the programs that
//! it starts too.

use rustix::process::{Resource, Rlimit, setrlimit};

use crate::protocol::Request;

/// Address space, processor time, and no file of any size: only the pipe can be written.
pub(super) fn confine(request: &Request) -> std::io::Result<()> {
    let limits = [
        (Resource::As, request.memory_bytes),
        (Resource::Cpu, request.cpu_seconds),
        (Resource::Core, 0),
        (Resource::Fsize, 0),
    ];
    for (resource, value) in limits {
        setrlimit(resource, Rlimit { current: Some(value), maximum: Some(value) })?;
    }
    Ok(())
}
