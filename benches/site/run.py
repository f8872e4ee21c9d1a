"""Measures the site on generated acts, from a second process, beside plain SQLite FTS5.

Called by `make bench-site`; needs wrk and python3. The data folder is made once and kept.

    python3 benches/site/run.py --bin TARGET/release [--acts 200000] [--data DIR] [--seconds 15]
"""

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from pathlib import Path

HERE = Path(__file__).parent
LISTEN = "127.0.0.1:18093"
SITE = f"http://{LISTEN}"

# As people type them; the filters of the last ones are of the address.
QUERIES = [
    "drone",
    "drones police Bordeaux octobre 2025",
    "caméras mairie",
    "hélicoptère gendarmerie caméra",
    "vidéoprotection",
    "périmètre de protection",
    "drone manifestation 10 septembre",
    '"caméras installées sur des aéronefs"',
    "captat*",
    "autorisation SAUF vidéoprotection",
    "abrogation autorisation drone",
    "vidéoprotection pharmacie Lille",
    "délégation signature",
    "chasse sanglier",
]
FILTERS = ["", "&categorie=drone", "&niveau=authorises&quand=preavis-court", "&annee=2025"]

# The same words for FTS5, which has neither stems nor synonyms.
FTS_QUERIES = [
    "drone", "drones police bordeaux octobre 2025", "caméras mairie",
    "hélicoptère gendarmerie caméra", "vidéoprotection", "périmètre protection",
    "drone manifestation 10 septembre", '"caméras installées sur des aéronefs"', "captat*",
    "autorisation NOT vidéoprotection", "abrogation autorisation drone",
    "vidéoprotection pharmacie lille", "délégation signature", "chasse sanglier",
]


def main():
    arguments = parse()
    data = Path(arguments.data)
    generate(arguments, data)
    report = {"acts": arguments.acts, "cores": os.cpu_count()}
    server, report["start_up_s"] = start(arguments, data)
    try:
        measure(arguments, server, report)
    finally:
        server.terminate()
        server.wait()
    report["fts5"] = fts5(data)
    ratio = report["search_page"]["p95_ms"] / report["fts5"]["p95_ms"]
    report["search_to_fts5_p95"] = round(ratio, 2)
    print(json.dumps(report, indent=2))
    missed = [name for name, good in TARGETS.items() if not good(report)]
    for name in missed:
        print(f"missed: {name}", file=sys.stderr)
    sys.exit(1 if missed else 0)


TARGETS = {
    "search with facets: p95 under 50 ms": lambda r: r["search_page"]["p95_ms"] < 50,
    "search with facets: p99 under 100 ms": lambda r: r["search_page"]["p99_ms"] < 100,
    "feed 304: over 3,000 a second": lambda r: r["feed_304"]["per_second"] > 3000,
    "CSV of 100,000 lines: under 5 s": lambda r: r["csv"]["s_per_100000"] < 5,
    "CSV: memory flat (less than 100 MB more)": lambda r: r["csv"]["grown_mb"] < 100,
    "start-up: under 2 s": lambda r: r["start_up_s"] < 2,
    "no request refused or broken": lambda r: all(
        r[name]["not_2xx_3xx"] + r[name]["broken"] == 0
        for name in ("search_page", "search_api", "feed_304")
    ),
}


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True)
    parser.add_argument("--acts", type=int, default=200_000)
    parser.add_argument("--data", required=True)
    parser.add_argument("--seconds", type=int, default=15)
    return parser.parse_args()


def generate(arguments, data):
    marker = data / f"generated-{arguments.acts}"
    if marker.exists():
        return
    say(f"generating {arguments.acts} acts")
    program = Path(arguments.bin)
    subprocess.run([program / "guetteur-bench-site", data, str(arguments.acts)], check=True)
    subprocess.run([program / "guetteur", "reindex", "--data", data], check=True)
    marker.touch()


def start(arguments, data):
    environment = {**os.environ, "GUETTEUR_SITE_REQUESTS_PER_MINUTE": "0"}
    command = [Path(arguments.bin) / "guetteur", "serve", "--data", data, "--listen", LISTEN]
    began = time.monotonic()
    server = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    while True:
        try:
            urllib.request.urlopen(f"{SITE}/recherche?q=drone").read()
            return server, round(time.monotonic() - began, 2)
        except OSError:
            if server.poll() is not None or time.monotonic() - began > 60:
                sys.exit("the server does not start")
            time.sleep(0.01)


def measure(arguments, server, report):
    words = [urllib.parse.quote_plus(query) for query in QUERIES]
    searches = [f"q={query}{filters}" for query in words for filters in FILTERS]
    say("search with facets: each for the first time, then as a page and as JSON")
    pages = [f"/recherche?{search}" for search in searches]
    report["search_first_time"] = first_time(pages)
    report["search_page"] = wrk(arguments, pages, connections=2)
    apis = [f"/api/v1/search?{search}" for search in searches]
    report["search_api"] = wrk(arguments, apis, connections=2)
    say("feed, unchanged")
    feed = "/recherche.atom?categorie=drone"
    tag = urllib.request.urlopen(SITE + feed).headers["ETag"]
    report["feed_304"] = wrk(arguments, [feed], connections=8, tag=tag)
    say("CSV")
    report["csv"] = csv(server)


def first_time(addresses):
    """Each address once, one after the other, of a server that just started."""
    times = []
    for address in addresses:
        began = time.perf_counter()
        urllib.request.urlopen(SITE + address).read()
        times.append((time.perf_counter() - began) * 1000)
    return percentiles(times)


def percentiles(times):
    times.sort()
    at = lambda share: round(times[min(len(times) - 1, int(len(times) * share))], 2)
    return {"p50_ms": at(0.5), "p95_ms": at(0.95), "p99_ms": at(0.99)}


def wrk(arguments, addresses, connections, tag=None):
    listed = Path(arguments.data) / "addresses.txt"
    listed.write_text("\n".join(addresses))
    environment = {**os.environ, "WRK_ADDRESSES": str(listed)}
    if tag:
        environment["WRK_ETAG"] = tag
    command = ["wrk", "-t1", f"-c{connections}", f"-d{arguments.seconds}s", "-s", HERE / "load.lua", SITE]
    output = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    return json.loads(output.stdout.strip().splitlines()[-1])


def csv(server):
    """Every act; the figure is for 100,000 lines."""
    before = memory(server, "VmRSS")
    Path(f"/proc/{server.pid}/clear_refs").write_text("5")
    began = time.monotonic()
    lines = size = 0
    with urllib.request.urlopen(f"{SITE}/recherche.csv?format=rfc4180") as answer:
        while piece := answer.read(1 << 16):
            lines += piece.count(b"\r\n")
            size += len(piece)
    seconds = time.monotonic() - began
    grown = memory(server, "VmHWM") - before
    return {
        "lines": lines,
        "mb": round(size / 1e6),
        "s": round(seconds, 2),
        "s_per_100000": round(seconds / lines * 100_000, 2),
        "grown_mb": round(grown / 1000),
    }


def memory(server, field):
    """In kB."""
    for line in Path(f"/proc/{server.pid}/status").read_text().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1])
    raise ValueError(field)


def fts5(data):
    """The same searches on plain FTS5: twenty best, how many, and counts of four facets."""
    say("plain SQLite FTS5")
    path = data / "fts5.sqlite"
    fresh = not path.exists()
    database = sqlite3.connect(path)
    if fresh:
        load_texts(database, data)
        database.executescript(
            """
            CREATE VIRTUAL TABLE acts USING fts5(title, body, tokenize = "unicode61 remove_diacritics 2");
            CREATE TABLE about (id INTEGER PRIMARY KEY, source TEXT, year TEXT, category TEXT, level TEXT);
            INSERT INTO acts (rowid, title, body) SELECT a.id, a.title, t.text FROM g.acts a
              JOIN texts t ON t.sha256 = a.document_sha256 AND t.page = a.page_from;
            INSERT INTO about SELECT a.id, a.source_code, substr(a.published_on, 1, 4), f.category, f.level
              FROM g.acts a LEFT JOIN g.flags f ON f.act_id = a.id;
            """
        )
        database.commit()
    times = []
    for _ in range(3):
        for query in FTS_QUERIES:
            began = time.perf_counter()
            match = "FROM acts JOIN about ON about.id = acts.rowid WHERE acts MATCH ?"
            database.execute(
                "SELECT rowid, snippet(acts, 1, '', '', '…', 30) FROM acts WHERE acts MATCH ? "
                "ORDER BY rank LIMIT 20",
                [query],
            ).fetchall()
            for facet in ("source", "year", "category", "level"):
                database.execute(f"SELECT {facet}, count(*) {match} GROUP BY 1", [query]).fetchall()
            times.append((time.perf_counter() - began) * 1000)
    return percentiles(times)


def load_texts(database, data):
    """The generated database as `g`, and the first pages of its acts as `texts`."""
    database.execute("ATTACH ? AS g", [str(data / "guetteur.sqlite")])
    texts = data / "texts.jsonl"
    if not texts.exists():  # A build that does not pack them yet has them in its table.
        database.execute(
            "CREATE TEMP VIEW texts AS SELECT document_sha256 AS sha256, number AS page, text FROM g.pages"
        )
        return
    database.execute(
        "CREATE TEMP TABLE texts (sha256 TEXT, page INTEGER, text TEXT, PRIMARY KEY (sha256, page))"
    )
    with open(texts, encoding="utf-8") as lines:
        rows = map(json.loads, lines)
        database.executemany("INSERT INTO texts VALUES (:sha256, :page, :text)", rows)
    database.commit()


def say(words):
    print(f"== {words}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
