"""Opens `guetteur.sqlite` with programs that we did not write: SQLite, datasette, sqlite-utils, and DuckDB
where its extension for SQLite is installed (`duckdb-ext-sqlite`, of an older DuckDB than the recipes')."""

import json
import re
import sqlite3
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

BIN = Path(sys.executable).parent


def ask(path, address):
    command = [BIN / "datasette", path, "--get", address]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (address, done.stderr[-500:], done.stdout[-500:])
    return json.loads(done.stdout)


def sqlite(path, lines):
    base = sqlite3.connect(path)
    assert base.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert not base.execute("PRAGMA foreign_key_check").fetchall()
    ids = [id for id, in base.execute("SELECT id FROM actes ORDER BY id")]
    assert ids == sorted(line["id"] for line in lines), "the acts of the export"
    flags = sum(len(line["flags"]) for line in lines)
    assert base.execute("SELECT count(*) FROM signalements").fetchone() == (flags,)
    iso = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d[+-]\d\d:\d\d)?$")
    for column in ("publie_le", "effet_debut", "effet_fin", "vu_le"):
        for value, in base.execute(f"SELECT {column} FROM actes WHERE {column} IS NOT NULL"):
            assert iso.match(value), (column, value)
    codes = {code for code, in base.execute("SELECT DISTINCT prefecture FROM actes")}
    assert codes == {line["prefecture"]["code"] for line in lines} and "01" in codes, codes


def datasette(path, lines):
    page = ask(path, "/guetteur/actes.json?_size=max&_shape=objects&_col=id")
    assert page["filtered_table_rows_count"] == len(lines), page["filtered_table_rows_count"]
    found = ask(path, "/guetteur/actes.json?_search=drone&_size=1")
    assert 0 < found["filtered_table_rows_count"] < len(lines), "it finds its full-text search"
    labelled = ask(path, "/guetteur/actes.json?_labels=on&_size=1&_shape=objects")["rows"][0]
    assert labelled["prefecture"]["label"].startswith("Préfecture"), labelled["prefecture"]
    facets = ask(path, "/guetteur/signalements.json?_facet=categorie&_size=0")["facet_results"]
    assert facets["categorie"]["results"], facets


def sqlite_utils(path, _):
    command = [BIN / "sqlite-utils", "search", path, "actes", "camera", "-c", "id", "--limit", "3"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and json.loads(done.stdout), done.stderr[-500:]


def duckdb(path, lines):
    import duckdb

    built = f"lib/*/site-packages/duckdb_ext/extensions/v{duckdb.__version__}/**/sqlite_scanner.duckdb_extension"
    extension = next(BIN.parent.glob(built), None)
    if extension is None:
        return print("        duckdb: left out, no extension for SQLite (duckdb-ext-sqlite)")
    base = duckdb.connect()
    base.execute(f"LOAD '{extension}'")
    base.execute(f"ATTACH '{path}' AS guetteur (TYPE sqlite)")
    count = "SELECT count(*), min(prefecture) FROM guetteur.actes JOIN guetteur.prefectures p ON p.id = prefecture"
    assert base.execute(count).fetchone() == (len(lines), "01")


def databases(site):
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "guetteur.sqlite")
        urllib.request.urlretrieve(site + "/donnees/guetteur.sqlite", path)
        levels = "&".join(f"niveau={level}" for level in ("authorises", "restricts", "concerns", "mentions"))
        exported = urllib.request.urlopen(f"{site}/recherche.jsonl?{levels}").read().decode()
        lines = [json.loads(line) for line in exported.splitlines()]
        for check in (sqlite, datasette, sqlite_utils, duckdb):
            check(path, lines)
        print(f"        guetteur.sqlite: {len(lines)} acts, {Path(path).stat().st_size} bytes")


if __name__ == "__main__":
    databases(sys.argv[1].rstrip("/"))
