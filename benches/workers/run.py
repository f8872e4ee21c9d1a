"""How several workers share one PostgreSQL: cutting and flagging everything anew, by 1, 2 and 4 of them.

    python3 benches/workers/run.py --new DIR [--old DIR] --data DIR [--acts 12000]

`--new` and `--old` are folders with the programs `guetteur` and `guetteur-bench-site`. Acts of real size are
made in SQLite, moved to a PostgreSQL of this run alone (Debian's package), and flagged anew by so many
`guetteur reclassify` at once, each with a data folder of its own, on a copy of that database. Prints bulletins
a second, and the seconds that connections waited for a lock of another one, seen twenty times a second.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

WORKERS = (1, 2, 4)
SAMPLE = 0.05


def main():
    arguments = parse()
    builds = {"new": Path(arguments.new)}
    if arguments.old:
        builds = {"old": Path(arguments.old), **builds}
    report = {"acts": arguments.acts, "cores": os.cpu_count()}
    with Server() as server:
        for name, build in builds.items():
            data = Path(arguments.data) / name
            fill(server, name, build, data, arguments.acts)
        # Build after build for each number of workers: what else the machine does hits both.
        for workers in WORKERS:
            for name, build in builds.items():
                measured = measure(server, name, build, Path(arguments.data) / f"work-{name}", workers)
                report.setdefault(name, {})[workers] = measured
                print(json.dumps({name: {workers: measured}}), file=sys.stderr)
    for name in builds:
        rates = report[name]
        report[name]["4 beside 1"] = round(rates[4]["bulletins_a_second"] / rates[1]["bulletins_a_second"], 2)
    print(json.dumps(report, indent=2))


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--new", required=True)
    parser.add_argument("--old")
    parser.add_argument("--data", required=True)
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

    def ask(self, database, sql):
        command = [self.bin / "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", self.url(database), "-c", sql]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def fill(server, name, build, data, acts):
    if not (data / f"made-{acts}").exists():
        shutil.rmtree(data, ignore_errors=True)
        data.mkdir(parents=True)
        subprocess.run([build / "guetteur-bench-site", data, str(acts), "--real-size"], check=True)
        (data / f"made-{acts}").touch()
    server.ask("postgres", f"CREATE DATABASE {name}")
    move = [build / "guetteur", "move", "--from", data / "guetteur.sqlite", "--to", server.url(name)]
    subprocess.run(move, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def measure(server, name, build, work, workers):
    server.ask("postgres", f"CREATE DATABASE work TEMPLATE {name}")
    shutil.rmtree(work, ignore_errors=True)
    left = "SELECT count(*) FILTER (WHERE stage = 'read'), count(*) FILTER (WHERE stage = 'flagged') FROM bulletins"
    waits = "SELECT count(*) FROM pg_stat_activity WHERE datname = 'work' AND wait_event_type = 'Lock'"
    everything = int(server.ask("work", "SELECT count(*) FROM bulletins WHERE stage = 'flagged'"))
    environment = {**os.environ, "GUETTEUR_DATABASE_URL": server.url("work")}
    start = lambda n: subprocess.Popen(
        [build / "guetteur", "reclassify", "--data", work / str(n)],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )
    waiting, begun = 0, None
    running = [start(n) for n in range(workers)]
    try:
        while True:
            due, done = map(int, server.ask("work", left).split("|"))
            if begun is None and due > 0:
                begun = time.monotonic()
            if begun is not None and due == 0:
                break
            waiting += int(server.ask("work", waits))
            time.sleep(SAMPLE)
        seconds = time.monotonic() - begun
    finally:
        for process in running:
            process.kill()
            process.wait()
    server.ask("postgres", "DROP DATABASE work WITH (FORCE)")
    return {
        "bulletins_a_second": round(everything / seconds, 1),
        "waited_seconds": round(waiting * SAMPLE, 1),
    }


main()
