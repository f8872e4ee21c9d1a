"""Checks what a running site gives out with tools that we did not write.

Called by `make check-exports`. Prints one line a check and exits with 1 when one failed.

    python3 tests/foreign/check.py http://127.0.0.1:8080
"""

import csv
import datetime
import io
import json
import subprocess
import sys
import tempfile
import urllib.request
import zipfile
from pathlib import Path

import feedparser
import icalendar
import jsonfeedvalidator
import openpyxl
from frictionless import Package, Resource, Schema

import calendars as readers_of_calendars
import database
import recipes

SITE = sys.argv[1].rstrip("/")
# Every level, so that every kind of act is there.
LISTS = ["/recherche{}?niveau=tous", "/recherche{}?categorie=drone", "/prefecture/34{}"]
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def get(path):
    return urllib.request.urlopen(SITE + path).read()


def feeds():
    paths = [path.format(s) for path in LISTS for s in (".atom", ".rss")]
    paths += ["/couverture.atom", "/couverture.rss", "/modifications.atom", "/modifications.rss"]
    for path in paths:
        feed = feedparser.parse(get(path))
        assert not feed.bozo, (path, feed.bozo_exception)
        assert feed.feed.title and feed.feed.link, path
        ids = [entry.id for entry in feed.entries]
        assert len(ids) == len(set(ids)), f"{path}: ids repeat"
        assert all(entry.link and entry.updated_parsed for entry in feed.entries if ".atom" in path)
    for path in LISTS:
        json_feed(path, json.loads(get(path.format(".json"))))


def json_feed(path, feed):
    assert feed["version"] == "https://jsonfeed.org/version/1.1", path
    assert all({"id", "url"} <= item.keys() for item in feed["items"]), path
    # The validator knows version 1.0; these came with 1.1.
    for part in (feed, *feed["items"]):
        for later in ("authors", "language"):
            part.pop(later, None)
    errors = [error.message for error in jsonfeedvalidator.validate_feed(feed)]
    assert not errors, (path, errors)


def calendars():
    for path in LISTS:
        calendar = icalendar.Calendar.from_ical(get(path.format(".ics")))
        assert not calendar.errors, (path, calendar.errors)
        zones = {zone["TZID"] for zone in calendar.walk("VTIMEZONE")}
        for event in calendar.walk("VEVENT"):
            zone = event["DTSTART"].params.get("TZID")
            assert zone is None or zone in zones, (path, zone)
            assert event.walk("VALARM") or event["STATUS"] == "CANCELLED", (path, event["UID"])
            assert not event.errors and event["UID"] and event["DTSTAMP"], path
            end = event.get("DTEND")
            assert end is None or end.dt >= event["DTSTART"].dt, (path, event["UID"])
    readers_of_calendars.calendars(SITE, "/recherche.ics?niveau=tous")


def tables():
    excel = get("/recherche.csv?niveau=tous").decode("utf-8-sig")
    plain = get("/recherche.csv?niveau=tous&format=rfc4180").decode("utf-8")
    french = list(csv.DictReader(io.StringIO(excel, newline=""), delimiter=";"))
    rows = list(csv.DictReader(io.StringIO(plain, newline="")))
    assert len(french) == len(rows) > 0
    fields = json.loads(get("/recherche.schema.json"))["fields"]
    for row in rows:
        assert None not in row and None not in row.values(), row
        numeric = {field["name"] for field in fields if field["type"] == "number"}
        risky = [k for k, v in row.items() if v.startswith(FORMULA) and k not in numeric]
        assert not risky, (row["id"], risky)
    sheet = openpyxl.load_workbook(io.BytesIO(get("/recherche.xlsx?niveau=tous"))).active
    cells = list(sheet.iter_rows(values_only=True))
    assert len(cells) == len(rows) + 1
    at = cells[0].index("publie_le")
    days = [row[at] for row in cells[1:] if row[at] is not None]
    assert days and all(isinstance(day, datetime.datetime) for day in days), "typed dates"
    assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row), "formulas"
    lines = get("/recherche.jsonl?niveau=tous").decode().splitlines()
    assert len(lines) == len(rows) and all(json.loads(line)["id"] for line in lines)


def data_package():
    with tempfile.TemporaryDirectory() as folder:
        zipfile.ZipFile(io.BytesIO(get("/recherche.zip?niveau=tous"))).extractall(folder)
        report = Package(str(Path(folder) / "datapackage.json")).validate()
        assert report.valid, report.flatten(["rowNumber", "fieldName", "type", "note"])[:5]


def schemas():
    """Each CSV against the schema beside it, by frictionless."""
    with tempfile.TemporaryDirectory() as folder:
        for n, query in enumerate(("", "?format=rfc4180", "?table=communes", "?format=rfc4180&table=communes")):
            path = Path(folder) / f"{n}.csv"
            path.write_bytes(get("/recherche.csv" + query))
            schema = Schema.from_descriptor(json.loads(get("/recherche.schema.json" + query)))
            resource = Resource(path=path.name, basepath=folder, schema=schema, encoding="utf-8-sig")
            report = resource.validate()
            assert report.valid, (query, report.flatten(["rowNumber", "fieldName", "type", "note"])[:5])


def opening():
    recipes.recipes(SITE)


def databases():
    database.databases(SITE)


def evidence():
    act = json.loads(get("/api/v1/search?categorie=drone"))["results"][0]
    with tempfile.TemporaryDirectory() as folder:
        zipfile.ZipFile(io.BytesIO(get(f"/acte/{act['id']}.zip"))).extractall(folder)
        subprocess.run(
            ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=folder, check=True
        )


def api():
    command = [Path(sys.executable).parent / "schemathesis", "run", f"{SITE}/api/v1/openapi.json"]
    command += ["--url", SITE, "--max-examples", "30", "--checks"]
    command += ["not_a_server_error,response_schema_conformance,content_type_conformance"]
    with tempfile.TemporaryDirectory() as folder:  # it keeps its notes where it is run
        result = subprocess.run(command, capture_output=True, text=True, cwd=folder)
    assert result.returncode == 0, result.stdout[-3000:]


def main():
    failed = 0
    checks = (feeds, calendars, tables, data_package, schemas, opening, databases, evidence, api)
    for check in checks:
        try:
            check()
            print(f"ok      {check.__name__}")
        except Exception as error:  # a check says what is wrong, the others still run
            failed += 1
            print(f"FAILED  {check.__name__}: {type(error).__name__}: {error}")
    print(f"{len(checks) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
