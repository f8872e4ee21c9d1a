//! Limits that the child puts on itself before it touches the file. They bind the programs that
//! it starts too, and nothing takes them off again.
//!
//! Memory, time and the size of files are limited everywhere. That nothing can be written (Landlock)
//! and that no socket can be opened (seccomp) needs a kernel that has them: where it has not, the
//! child works all the same and says so.

use std::collections::BTreeMap;

use landlock::{
    ABI, Access, AccessFs, AccessNet, PathBeneath, PathFd, Ruleset, RulesetAttr,
    RulesetCreatedAttr, RulesetStatus, Scope,
};
use rustix::process::{Resource, Rlimit, setrlimit};
use seccompiler::{BpfProgram, SeccompAction, SeccompFilter};

use crate::protocol::Request;

/// The rights that are known here; an older kernel enforces those that it knows.
const ABI_KNOWN: ABI = ABI::V6;
/// System calls that lead to the network, and to other processes of the same user.
const FORBIDDEN: [libc::c_long; 6] = [
    libc::SYS_socket,
    // Opens sockets without the call above.
    libc::SYS_io_uring_setup,
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_pidfd_getfd,
];

/// How far this work stands back: a page that takes longer is read all the same, while readers of the site
/// wait.
const NICENESS: i32 = 5;

/// What the kernel could not be made to enforce; the reasons are for logs.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Gaps {
    /// Files could be written, but not filled: their size is limited to nothing.
    pub(crate) writes: Option<String>,
    /// Sockets could be opened.
    pub(crate) network: Option<String>,
}

impl Gaps {
    /// In plain French words; `None` if there are none.
    pub(crate) fn sentence(&self) -> Option<String> {
        let writes = self.writes.as_ref().map(|why| format!("écritures ({why})"));
        let network = self.network.as_ref().map(|why| format!("réseau ({why})"));
        let open: Vec<String> = writes.into_iter().chain(network).collect();
        (!open.is_empty()).then(|| format!("non interdits par ce noyau : {}", open.join(", ")))
    }
}

/// Confines this thread and all that it starts from here: call it before the first other thread.
///
/// # Errors
/// If the limits of memory, time or files cannot be set: these are never done without.
pub(super) fn confine(request: &Request) -> std::io::Result<Gaps> {
    give_way();
    let gaps = without_writes_and_network();
    let limits = [
        (Resource::As, request.memory_bytes),
        (Resource::Cpu, request.cpu_seconds),
        (Resource::Core, 0),
        (Resource::Fsize, 0),
    ];
    for (resource, value) in limits {
        setrlimit(resource, Rlimit { current: Some(value), maximum: Some(value) })?;
    }
    Ok(gaps)
}

/// A machine that does not let us stand back reads all the same.
fn give_way() {
    let _ = rustix::process::nice(NICENESS);
}

/// What this machine's kernel would enforce: tried on a thread that ends.
pub(crate) fn probe() -> Gaps {
    let failed = || Gaps {
        writes: Some("non vérifiable".to_owned()),
        network: Some("non vérifiable".to_owned()),
    };
    std::thread::spawn(without_writes_and_network).join().unwrap_or_else(|_| failed())
}

fn without_writes_and_network() -> Gaps {
    Gaps { writes: forbid_writes().err(), network: forbid_sockets().err() }
}

/// Everything may be read, nothing written but `/dev/null`; on kernels from 6.7 no TCP either.
fn forbid_writes() -> Result<(), String> {
    let restricted = (|| {
        let null = PathFd::new("/dev/null")?;
        let root = PathFd::new("/")?;
        Ruleset::default()
            .handle_access(AccessFs::from_all(ABI_KNOWN))?
            .handle_access(AccessNet::from_all(ABI_KNOWN))?
            .scope(Scope::from_all(ABI_KNOWN))?
            .create()?
            .add_rule(PathBeneath::new(root, AccessFs::from_read(ABI_KNOWN)))?
            .add_rule(PathBeneath::new(null, AccessFs::ReadFile | AccessFs::WriteFile))?
            .restrict_self()
            .map_err(Box::<dyn std::error::Error>::from)
    })();
    match restricted {
        Ok(status) if status.ruleset == RulesetStatus::NotEnforced => {
            Err("Landlock absent".to_owned())
        }
        Ok(_) => Ok(()),
        Err(error) => Err(format!("Landlock : {error}")),
    }
}

fn forbid_sockets() -> Result<(), String> {
    let filter = || -> Result<(), Box<dyn std::error::Error>> {
        let rules: BTreeMap<i64, Vec<_>> = FORBIDDEN.into_iter().map(|c| (c, vec![])).collect();
        let denied = SeccompAction::Errno(libc::EPERM.cast_unsigned());
        let arch = std::env::consts::ARCH.try_into()?;
        let filter = SeccompFilter::new(rules, SeccompAction::Allow, denied, arch)?;
        let program: BpfProgram = filter.try_into()?;
        Ok(seccompiler::apply_filter(&program)?)
    };
    filter().map_err(|error| format!("seccomp : {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// On a thread of its own, as what is confined stays so.
    fn confined<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        let run = move || (without_writes_and_network() == Gaps::default()).then(work);
        std::thread::spawn(run).join().expect("the thread ends")
    }

    #[test]
    fn nothing_is_written_and_no_socket_opened() {
        let folder = tempfile::tempdir().expect("a folder");
        let old = folder.path().join("old");
        std::fs::write(&old, "kept").expect("written");
        let new = folder.path().join("new");
        let tried = confined(move || {
            let read = std::fs::read_to_string(&old).is_ok();
            let written = std::fs::write(&new, "").is_ok();
            let removed = std::fs::remove_file(&old).is_ok();
            let udp = std::net::UdpSocket::bind("127.0.0.1:0").is_ok();
            let tcp = std::net::TcpListener::bind("127.0.0.1:0").is_ok();
            let program = std::process::Command::new("sh")
                .args(["-c", "echo x > /dev/null && ! touch \"$0\""])
                .arg(&new)
                .stderr(std::process::Stdio::null())
                .status();
            let bound = program.is_ok_and(|status| status.success());
            (read, written, removed, udp, tcp, bound)
        });
        // A kernel without either says so, and then there is nothing to see here.
        let Some(tried) = tried else { return assert!(probe().sentence().is_some()) };
        assert_eq!(tried, (true, false, false, false, false, true));
        assert_eq!(probe().sentence(), None);
        let here = std::net::UdpSocket::bind("127.0.0.1:0");
        assert!(here.is_ok(), "trying it does not bind this program");
    }

    #[test]
    fn reading_stands_back() {
        // Linux keeps it for each thread.
        let niceness = || rustix::process::getpriority_process(None).expect("a priority");
        let run = move || (niceness(), give_way(), niceness());
        let (before, (), after) = std::thread::spawn(run).join().expect("the thread ends");
        assert_eq!(after, (before + NICENESS).min(19));
    }

    #[test]
    fn gaps_are_said_in_words() {
        let gaps = Gaps { writes: Some("Landlock absent".to_owned()), network: None };
        let sentence = gaps.sentence().expect("a gap");
        assert_eq!(sentence, "non interdits par ce noyau : écritures (Landlock absent)");
    }
}
