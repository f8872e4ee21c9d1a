"""Runs the recipes of the page « Ouvrir les tables » as it shows them, on what a running site gives
out, and looks whether codes, days and numbers are what they are in the JSON Lines.

Called by `make check-exports`. R and LibreOffice are left out, in words, where they are not installed.
"""

import datetime
import html
import json
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

BIN = Path(sys.executable).parent
CODES = ("prefecture", "numero_acte", "recueil_numero", "communes_insee")


class Left(Exception):
    """A recipe whose program is not there."""


def shown(site):
    page = urllib.request.urlopen(site + "/donnees/ouvrir").read().decode()
    found = re.findall(r'data-recette="([^"]+)">(.*?)</code>', page, re.DOTALL)
    return {name: html.unescape(code) for name, code in found}


def truth(site):
    """What the acts are, by id, from the export that has types."""
    acts = {}
    for line in urllib.request.urlopen(site + "/recherche.jsonl").read().decode().splitlines():
        act = json.loads(line)
        communes = [commune["insee"] for commune in act["facts"].get("communes") or []]
        acts[act["id"]] = {
            "prefecture": act["prefecture"]["code"],
            "numero_acte": act["own_number"],
            "recueil_numero": act["bulletin"]["number"],
            "communes_insee": " | ".join(communes) or None,
            "publie_le": act["published_on"],
            "preavis_heures": act["facts"].get("notice_hours"),
        }
    codes = {act["prefecture"] for act in acts.values()}
    assert {code for code in codes if code.startswith("0")}, "no code to lose a zero"
    return acts


def compare(rows, acts, codes=CODES, typed=True):
    assert len(rows) == len(acts), (len(rows), len(acts))
    for row in rows:
        act = acts[int(row["id"])]
        for name in codes:
            assert (row[name] or None) == act[name], (name, row[name], act[name])
        if typed:
            day = row["publie_le"]
            day = day.date() if isinstance(day, datetime.datetime) else day
            assert (day and day.isoformat()) == act["publie_le"], (day, act["publie_le"])
            hours, true = row["preavis_heures"], act["preavis_heures"]
            assert (hours is None) == (true is None) and abs((hours or 0) - (true or 0)) < 1e-6


def python(code, names):
    """Runs a recipe of Python, and gives what it called `actes`."""
    exec(code, names)
    return names["actes"]


def sh(code, folder):
    path = f"{BIN}:/usr/local/bin:/usr/bin:/bin"
    env = {"PATH": path, "HOME": str(folder), "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        ["sh", "-euc", code], cwd=folder, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-800:]
    return done.stdout


def pandas(code, acts, _):
    frame = python(code, {})
    assert str(frame["publie_le"].dtype).startswith("datetime64"), frame.dtypes
    assert str(frame["vu_le"].dtype).startswith("datetime64"), frame.dtypes
    frame = frame.astype(object).where(frame.notna(), None)
    compare(frame.to_dict("records"), acts)


def polars(code, acts, _):
    frame = python(code, {})
    assert str(frame["vu_le"].dtype).startswith("Datetime"), frame.dtypes
    compare(frame.to_dicts(), acts)


def duckdb(code, acts, folder):
    import os

    here = os.getcwd()
    os.chdir(folder)
    try:
        actes = python(code, {})
        rows = [dict(zip(actes.columns, row)) for row in actes.fetchall()]
    finally:
        os.chdir(here)
    compare(rows, acts)


def r(code, acts, folder):
    if not shutil.which("Rscript"):
        raise Left("R is not installed (Debian: r-base-core)")
    code += '\nstopifnot(inherits(actes$publie_le, "Date"))'
    code += '\nwrite.csv(actes, "out.csv", row.names = FALSE, na = "")'
    (folder / "recipe.R").write_text(code)
    sh("Rscript --vanilla recipe.R", folder)
    import csv

    with open(folder / "out.csv", newline="", encoding="utf-8") as file:
        compare(list(csv.DictReader(file)), acts, typed=False)


def libreoffice(code, acts, folder):
    if not shutil.which("soffice"):
        raise Left("LibreOffice is not installed (Debian: libreoffice-calc)")
    sh(code, folder)
    sh("soffice --headless --convert-to xlsx actes.ods", folder)
    import openpyxl

    sheet = openpyxl.load_workbook(folder / "actes.xlsx").active
    names, *rows = sheet.iter_rows(values_only=True)
    compare([dict(zip(names, row)) for row in rows], acts)


def csvkit(code, acts, folder):
    counted = dict(line.rsplit(",", 1) for line in sh(code, folder).splitlines()[1:])
    true = {}
    for act in acts.values():
        true[act["prefecture"]] = true.get(act["prefecture"], 0) + 1
    assert counted == {code: str(n) for code, n in true.items()}, counted


def sqlite_utils(code, acts, folder):
    sh(code, folder)
    base = sqlite3.connect(folder / "actes.db")
    base.row_factory = sqlite3.Row
    compare([dict(row) for row in base.execute("SELECT * FROM actes")], acts, typed=False)


def datasette(code, acts, folder):
    # Its last line serves until it is stopped: here it answers one question.
    code = code.replace("datasette guetteur.sqlite", "datasette guetteur.sqlite --get /guetteur/actes.json?_size=max")
    page = json.loads(sh(code, folder))
    assert 0 < page["filtered_table_rows_count"] < len(acts), "those with a flag"
    for row in page["rows"]:
        row = dict(zip(page["columns"], row))
        assert row["prefecture"] == acts[row["id"]]["prefecture"], row


def recipes(site):
    codes, acts = shown(site), truth(site)
    checks = {
        "pandas": pandas,
        "polars": polars,
        "duckdb": duckdb,
        "r": r,
        "libreoffice": libreoffice,
        "csvkit": csvkit,
        "sqlite-utils": sqlite_utils,
        "datasette": datasette,
    }
    assert codes.keys() == checks.keys(), codes.keys()
    failed = []
    for name, check in checks.items():
        with tempfile.TemporaryDirectory() as folder:
            try:
                check(codes[name], acts, Path(folder))
                print(f"        {name}: {len(acts)} acts, codes as they are")
            except Left as why:
                print(f"        {name}: left out, {why}")
            except Exception as error:  # the others still run
                failed.append(f"{name}: {type(error).__name__}: {str(error)[:300]}")
    assert not failed, failed
