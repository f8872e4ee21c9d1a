"""How several workers share one PostgreSQL: reading without OCR, or cutting and flagging,
by 1, 2 and 4 of them, and by one of them and the server on a single core.

    python3 benches/workers/run.py --new DIR [--old DIR] --data DIR [--work read|flag] [--acts 12000]

`--new` and `--old` are folders with the programs `guetteur` and `guetteur-bench-site`. Each run has a
PostgreSQL of its own (Debian's package), each worker a data folder of its own. `flag`: acts of real size are
made in SQLite, moved there, and flagged anew by so many `guetteur reclassify` at once. `read`: PDFs of twenty
pages, twelve acts' worth each, are read, cut and flagged by so many `guetteur work` of one reader each, which
share the archive. Prints the ratios to one worker
on one core (« beside 1 on 1 »), and for each number of workers

- bulletins a second;
- processor seconds of the workers a bulletin: what does not grow with their number is not lost by sharing;
- processor milliseconds of the database a bulletin, and the microseconds of one numbering of changes, which
  one of all workers does at a time (pg_stat_statements): what benches/workers/model.py goes on from;
- the seconds that connections waited for a lock of another one, seen twenty times a second.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import documents

# So many workers on so many cores: a worker reads, cuts and stores at once, one alone fills more than a core.
RUNS = ((1, 1), (1, os.cpu_count()), (2, os.cpu_count()), (4, os.cpu_count()))
SAMPLE = 0.05
# As in life: 26,000 bulletins a year have 300,000 acts and 1.6 million pages, most of them short.
ACTS_OF_A_BULLETIN, PAGES = 12, 20


def main():
    arguments = parse()
    builds = {"new": Path(arguments.new)}
    if arguments.old:
        builds = {"old": Path(arguments.old), **builds}
    report = {"work": arguments.work, "acts": arguments.acts, "cores": os.cpu_count()}
    with Server() as server:
        for name, build in builds.items():
            data = Path(arguments.data) / name
            FILL[arguments.work](server, name, build, data, arguments.acts)
        # Build after build for each number of workers: what else the machine does hits both.
        for workers, cores in RUNS:
            server.keep_to(range(cores))
            for name, build in builds.items():
                folder = Path(arguments.data) / f"work-{name}"
                command = COMMAND[arguments.work](arguments, name)
                measured = measure(server, name, build, folder, workers, cores, command)
                report.setdefault(name, {})[f"{workers} on {cores}"] = measured
                print(json.dumps({name: {f"{workers} on {cores}": measured}}), file=sys.stderr)
    for name in builds:
        rates = [report[name][f"{workers} on {cores}"]["bulletins_a_second"] for workers, cores in RUNS]
        report[name]["beside 1 on 1"] = [round(rate / rates[0], 2) for rate in rates]
    print(json.dumps(report, indent=2))


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--new", required=True)
    parser.add_argument("--old")
    parser.add_argument("--data", required=True)
    parser.add_argument("--work", choices=FILL, default="flag")
    parser.add_argument("--acts", type=int, default=12_000)
    return parser.parse_args()


class Server:
    """A PostgreSQL as it is installed, in a folder that goes with it."""

    def __enter__(self):
        self.bin = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
        self.folder = Path(tempfile.mkdtemp(prefix="guetteur-bench-pg-"))
        os.chmod(self.folder, 0o777)
        self.run("initdb", "-D", self.folder / "data", "-U", "guetteur", "-A", "trust", "-E", "UTF8")
        options = f"-k {self.folder} -c listen_addresses= -c max_connections=200"
        options += " -c shared_preload_libraries=pg_stat_statements -c pg_stat_statements.track=all"
        self.run("pg_ctl", "-D", self.folder / "data", "-w", "-l", self.folder / "log", "-o", options, "start")
        return self

    def __exit__(self, *_):
        self.run("pg_ctl", "-D", self.folder / "data", "-m", "fast", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, program, *arguments):
        # It refuses to run as root.
        user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []
        subprocess.run([*user, self.bin / program, *arguments], check=True, cwd="/", stdout=subprocess.DEVNULL)

    def url(self, database):
        return f"postgres:///{database}?host={self.folder}&user=guetteur"

    def keep_to(self, cores):
        """Has the server, and connections to come, on these cores alone."""
        postmaster = (self.folder / "data" / "postmaster.pid").read_text().split()[0]
        own = subprocess.run(["pgrep", "-P", postmaster], capture_output=True, text=True).stdout.split()
        for process in [postmaster, *own]:
            os.sched_setaffinity(int(process), cores)

    def used(self):
        """Processor seconds of the server and of all connections, those that have ended too."""
        postmaster = (self.folder / "data" / "postmaster.pid").read_text().split()[0]
        own = subprocess.run(["pgrep", "-P", postmaster], capture_output=True, text=True).stdout.split()
        ticks = 0
        for process in [postmaster, *own]:
            try:
                fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
            except FileNotFoundError:
                continue
            # utime, stime, and those of children that were waited for.
            ticks += sum(map(int, fields[11:15]))
        return ticks / os.sysconf("SC_CLK_TCK")

    def watch(self, database):
        """A connection that stays: new ones would take from the workers what is measured."""
        command = [self.bin / "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", self.url(database)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "bufsize": 1}
        return subprocess.Popen(command, **pipes)

    def ask(self, database, sql):
        command = [self.bin / "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", self.url(database), "-c", sql]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def fill_to_flag(server, name, build, data, acts):
    if not (data / f"made-{acts}").exists():
        shutil.rmtree(data, ignore_errors=True)
        data.mkdir(parents=True)
        subprocess.run([build / "guetteur-bench-site", data, str(acts), "--real-size"], check=True)
        (data / f"made-{acts}").touch()
    server.ask("postgres", f"CREATE DATABASE {name}")
    move = [build / "guetteur", "move", "--from", data / "guetteur.sqlite", "--to", server.url(name)]
    subprocess.run(move, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def fill_to_read(server, name, build, data, acts):
    shutil.rmtree(data, ignore_errors=True)
    (data / "archive").mkdir(parents=True)
    server.ask("postgres", f"CREATE DATABASE {name}")
    # Any command makes the tables.
    opened = [build / "guetteur", "coverage", "--data", data / "none"]
    environment = {**os.environ, "GUETTEUR_DATABASE_URL": server.url(name)}
    subprocess.run(opened, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    rows = data / "rows.sql"
    rows.write_text(documents.put(data / "archive", acts // ACTS_OF_A_BULLETIN, PAGES))
    command = [server.bin / "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", server.url(name), "-f", rows]
    subprocess.run(command, check=True)


FILL = {"flag": fill_to_flag, "read": fill_to_read}
# The command of a worker, its environment, and how many bulletins are still to be done.
COMMAND = {
    "flag": lambda arguments, name: ("reclassify", {}, "stage = 'read'"),
    "read": lambda arguments, name: (
        "work",
        {"GUETTEUR_READ_JOBS": "1", "GUETTEUR_ARCHIVE_URL": str((Path(arguments.data) / name / "archive").resolve())},
        "stage <> 'flagged' AND failed_at IS NULL",
    ),
}


def measure(server, name, build, work, workers, cores, command):
    command, variables, due = command
    server.ask("postgres", f"CREATE DATABASE work TEMPLATE {name}")
    server.ask("work", "CREATE EXTENSION pg_stat_statements")
    shutil.rmtree(work, ignore_errors=True)
    left = (
        f"SELECT count(*) FILTER (WHERE {due}), (SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = 'work' AND wait_event_type = 'Lock') FROM bulletins;\n"
    )
    everything = int(server.ask("work", "SELECT count(*) FROM bulletins"))
    environment = {**os.environ, **variables, "GUETTEUR_DATABASE_URL": server.url("work")}
    start = lambda n: subprocess.Popen(
        [build / "guetteur", command, "--data", work / str(n)],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        preexec_fn=lambda: os.sched_setaffinity(0, range(cores)),
    )
    waiting, begun, of_workers = 0, None, 0.0
    server.ask("work", "SELECT pg_stat_statements_reset()")
    database_before = server.used()
    watch = server.watch("work")
    running = [start(n) for n in range(workers)]
    try:
        while True:
            watch.stdin.write(left)
            due, waits = map(int, watch.stdout.readline().split("|"))
            if begun is None and 0 < due < everything:
                begun, first = time.monotonic(), due
            if begun is not None and due == 0:
                break
            waiting += waits
            time.sleep(SAMPLE)
        seconds = time.monotonic() - begun
    finally:
        watch.stdin.close()
        watch.wait()
        before = used()
        for process in running:
            process.terminate()
        for process in running:
            process.wait()
        of_workers = used() - before
    of_database = server.used() - database_before
    numbering = server.ask("work", NUMBERING)
    server.ask("postgres", "DROP DATABASE work WITH (FORCE)")
    return {
        "bulletins_a_second": round(first / seconds, 1),
        "worker_cpu_s": round(of_workers / everything, 3),
        "database_cpu_ms": round(of_database / everything * 1000, 2),
        "numbering_us": round(float(numbering or 0) * 1000),
        "waited_seconds": round(waiting * SAMPLE, 1),
    }


NUMBERING = (
    "SELECT sum(total_exec_time) / NULLIF(sum(calls), 0) FROM pg_stat_statements "
    "WHERE dbid = (SELECT oid FROM pg_database WHERE datname = 'work') AND toplevel AND query LIKE '%act_revision%'"
)


def used():
    """Processor seconds of children that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime


if __name__ == "__main__":
    main()
