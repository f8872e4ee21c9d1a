"""Measures two builds of Guetteur side by side on the same generated acts.

Both sites run at once, and each address is asked of the one, then of the other: what else the machine
does hits both. Needs python3 alone; `make bench-scale` builds what it needs.

    python3 benches/scale/run.py --new DIR --old DIR --data DIR [--acts 1000000] [--rounds 20]

`--new` and `--old` are folders with the programs `guetteur` and `guetteur-bench-site`. The acts are made by
the old build and thinned to one flagged in twenty; the new build brings a copy of their database up to
its own schema. Without `--old` the new build makes them and is measured alone.
"""

import argparse
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.parse import quote_plus

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "site"))
from run import FILTERS, QUERIES, fts5, percentiles, say  # noqa: E402

PORTS = {"new": 18_094, "old": 18_095}


def main():
    arguments = parse()
    builds = {"new": Path(arguments.new)}
    if arguments.old:
        builds["old"] = Path(arguments.old)
    data = {name: Path(arguments.data) / name for name in builds}
    report = {"acts": arguments.acts, "cores": os.cpu_count()}
    report["reindex_acts_per_s"] = {}
    prepare(arguments, builds, data, report)
    servers = {}
    try:
        for name in builds:
            # One after the other: a start is measured alone. The first one after a reindex, and any other.
            for which in ["first_after_reindex_ms", "first_after_start_ms"]:
                stop(servers.pop(name, None))
                servers[name] = start(name, builds[name], data[name])
                report.setdefault(which, {})[name] = first(name)
        report["pages"] = measure(arguments, data["new"], list(builds))
        report["memory_mb"] = {name: memory(server) for name, server in servers.items()}
    finally:
        for server in servers.values():
            stop(server)
    report["fts5"] = fts5(data.get("old", data["new"]))
    print(json.dumps(report, indent=2))
    if "old" in builds:
        table(report)


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--new", required=True)
    parser.add_argument("--old")
    parser.add_argument("--data", required=True)
    parser.add_argument("--acts", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=20)
    return parser.parse_args()


def prepare(arguments, builds, data, report):
    first = "old" if "old" in builds else "new"
    made = data[first] / f"generated-{arguments.acts}"
    if not made.exists():
        say(f"generating {arguments.acts} acts")
        run([builds[first] / "guetteur-bench-site", data[first], str(arguments.acts)])
        thin(data[first])
        made.touch()
    if "old" in builds and not (data["new"] / "guetteur.sqlite").exists():
        say("the same acts for the new build, which brings their database up")
        data["new"].mkdir(parents=True, exist_ok=True)
        shutil.copy(data["old"] / "guetteur.sqlite", data["new"])
    for name, build in builds.items():
        kept = data[name] / "reindex_s"
        if not kept.exists():
            say(f"reindex: {name}")
            began = time.monotonic()
            run([build / "guetteur", "reindex", "--data", data[name]])
            kept.write_text(str(time.monotonic() - began))
            mark(data[name])
        report["reindex_acts_per_s"][name] = round(arguments.acts / float(kept.read_text()))


def stop(server):
    if server:
        server.terminate()
        server.wait()


def run(command):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def mark(data):
    """As the first archived document would."""
    database = sqlite3.connect(data / "guetteur.sqlite")
    if database.execute("SELECT 1 FROM sqlite_master WHERE name = 'marks'").fetchone():
        database.execute("INSERT OR IGNORE INTO marks (name, value) VALUES ('archive_mark', 'bench')")
        database.commit()
    database.close()


def thin(data):
    """One act in twenty stays flagged: builds before this script flagged one in two."""
    database = sqlite3.connect(data / "guetteur.sqlite")
    acts, flagged = database.execute("SELECT count(*), sum(flagged) FROM acts").fetchone()
    keep = max(1, round(flagged / (acts / 20)))
    database.executescript(
        f"""
        CREATE TEMP TABLE plain AS SELECT id FROM acts WHERE flagged AND id % {keep} <> 0;
        DELETE FROM flags WHERE act_id IN (SELECT id FROM plain);
        UPDATE acts SET flagged = 0, valid_from = NULL, valid_to = NULL, valid_from_on = NULL,
          valid_to_on = NULL, facts = json_object(
            'communes', json(coalesce(json_extract(facts, '$.communes'), '[]')),
            'published_on', json_extract(facts, '$.published_on'))
          WHERE id IN (SELECT id FROM plain);
        """
    )
    database.commit()
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


def start(name, build, data):
    environment = {**os.environ, "GUETTEUR_SITE_REQUESTS_PER_MINUTE": "0"}
    address = f"127.0.0.1:{PORTS[name]}"
    command = [build / "guetteur", "serve", "--data", data, "--listen", address]
    server = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    began = time.monotonic()
    while True:
        try:
            ask(name, "/methode")
            return server
        except OSError:
            if server.poll() is not None or time.monotonic() - began > 120:
                sys.exit(f"the server does not start: {name}")
            time.sleep(0.01)


def ask(name, address):
    """Milliseconds of an answer."""
    began = time.perf_counter()
    with urllib.request.urlopen(f"http://127.0.0.1:{PORTS[name]}{address}") as answer:
        answer.read()
    return (time.perf_counter() - began) * 1000


def first(name):
    """A reader who comes a second after the start."""
    time.sleep(1)
    return {page: round(ask(name, page), 1) for page in ["/carte", "/enquetes", "/", "/statistiques"]}


def groups(data):
    database = sqlite3.connect(data / "guetteur.sqlite")
    most = lambda query: [row[0] for row in database.execute(query)]
    communes = most(
        "SELECT insee FROM act_communes JOIN acts a ON a.id = act_id WHERE a.flagged "
        "GROUP BY 1 ORDER BY count(*) DESC LIMIT 8"
    )
    sources = most(
        "SELECT source_code FROM acts WHERE flagged GROUP BY 1 ORDER BY count(*) DESC LIMIT 8"
    )
    searches = [f"/recherche?q={quote_plus(query)}{f}" for query in QUERIES for f in FILTERS]
    return {
        "home": ["/"],
        "statistics": ["/statistiques"],
        "commune": [f"/commune/{insee}" for insee in communes],
        "prefecture": [f"/prefecture/{code}" for code in sources],
        "prefectures": ["/prefectures"],
        "coverage": ["/couverture"],
        "map": ["/carte"],
        "investigations": ["/enquetes", "/enquetes/drones", "/enquetes/preavis", "/enquetes/jours"],
        "search, first time": searches,
        "search": searches,
        "feed": ["/recherche.atom?categorie=drone", "/recherche.atom?niveau=authorises"],
    }


def measure(arguments, data, names):
    pages = {}
    for group, addresses in groups(data).items():
        say(group)
        rounds = 1 if "first" in group else arguments.rounds
        if "first" not in group:
            [ask(name, address) for address in addresses for name in names]
        times = {name: [] for name in names}
        for _ in range(max(1, rounds // len(addresses)) if len(addresses) > 8 else rounds):
            for address in addresses:
                for name in names:
                    times[name].append(ask(name, address))
        pages[group] = {name: percentiles(some) for name, some in times.items()}
    return pages


def memory(server):
    """In all, and what is the program's own: the rest are pages of files, which the system may drop."""
    fields = {}
    for line in Path(f"/proc/{server.pid}/status").read_text().splitlines():
        name, _, value = line.partition(":")
        if name in ("VmRSS", "RssAnon", "VmHWM"):
            fields[name] = round(int(value.split()[0]) / 1000)
    return fields


def table(report):
    print(f"\n| {report['acts']} acts, p95 in ms | old | new | ratio |\n|---|---|---|---|")
    row = lambda what, old, new: print(f"| {what} | {old} | {new} | {old / max(new, 0.01):.1f} |")
    for group, times in report["pages"].items():
        row(group, times["old"]["p95_ms"], times["new"]["p95_ms"])
    for page, new in report["first_after_start_ms"]["new"].items():
        row(f"{page} first after a start", report["first_after_start_ms"]["old"][page], new)
    for field in ("VmRSS", "RssAnon"):
        row(f"memory {field}, MB", *(report["memory_mb"][name][field] for name in ("old", "new")))
    speed = report["reindex_acts_per_s"]
    print(f"| reindex, acts/s | {speed['old']} | {speed['new']} | {speed['new'] / speed['old']:.1f} |")
    print(f"| SQLite FTS5, p95 | | {report['fts5']['p95_ms']} | |")


if __name__ == "__main__":
    main()
