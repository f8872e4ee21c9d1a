"""Reads the calendars of a running site with khal and ical.js, beside `icalendar`, and compares what they make
of each event: its beginning and end, its zone, its state, its reminder.

khal comes with the requirements; ical.js with `npm install ical.js@2.2.1` in the folder where this is run,
and is left out, in words, where it is not there.
"""

import datetime
import json
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

import icalendar

BIN = Path(sys.executable).parent
JS = """
const ICAL = require(process.argv[1]).default ?? require(process.argv[1]);
const text = require('fs').readFileSync(0, 'utf8');
const root = new ICAL.Component(ICAL.parse(text));
for (const zone of root.getAllSubcomponents('vtimezone')) ICAL.TimezoneService.register(zone);
console.log(JSON.stringify(root.getAllSubcomponents('vevent').map(part => {
  const event = new ICAL.Event(part);
  const at = time => time.isDate ? time.toString() : time.toJSDate().toISOString();
  return [event.uid, at(event.startDate), at(event.endDate), event.sequence,
          part.getFirstPropertyValue('status'), part.getAllSubcomponents('valarm').length];
})));
"""


def at(time):
    if isinstance(time, datetime.datetime):
        return time.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    return time.isoformat()


def expected(text):
    events = []
    for event in icalendar.Calendar.from_ical(text).walk("VEVENT"):
        start = event["DTSTART"].dt
        end = event["DTEND"].dt if "DTEND" in event else None
        if end is None:  # RFC 5545: the day alone, or the instant
            day = not isinstance(start, datetime.datetime)
            end = start + datetime.timedelta(days=1) if day else start
        alarms = len(event.walk("VALARM"))
        row = [str(event["UID"]), at(start), at(end), int(event["SEQUENCE"]), str(event["STATUS"]), alarms]
        events.append(row)
    return events


def ical_js(text, events):
    module = next((p for p in (Path.cwd(), Path(__file__).parent) if (p / "node_modules/ical.js").exists()), None)
    if module is None:
        return print("        ical.js: left out, npm install ical.js@2.2.1")
    built = json.loads((module / "node_modules/ical.js/package.json").read_text())
    main = module / "node_modules/ical.js" / (built.get("main") or "dist/ical.es5.cjs")
    command = ["node", "-e", JS, str(main)]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-800:]
    assert json.loads(done.stdout) == events, "ical.js"
    print(f"        ical.js: {len(events)} events")


def khal(text, events):
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        (folder / "calendar").mkdir()
        (folder / "config").write_text(
            f"[calendars]\n[[guetteur]]\npath = {folder}/calendar\n[locale]\n"
            "local_timezone = UTC\ndefault_timezone = UTC\ntimeformat = %H:%M\ndateformat = %Y-%m-%d\n"
            "longdateformat = %Y-%m-%d\ndatetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
            f"[sqlite]\npath = {folder}/khal.db\n"
        )
        (folder / "feed.ics").write_text(text, newline="")
        env = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "LC_ALL": "C.UTF-8"}

        def run(*arguments):
            command = [BIN / "khal", "-c", str(folder / "config"), *arguments]
            done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr[-800:]
            return done.stdout

        run("import", "--batch", str(folder / "feed.ics"))
        days = sorted(event[1][:10] for event in events)
        shown = "{uid}|{start-long-full}|{end-long-full}|{status}"
        listed = run("list", "--format", shown, "--day-format", "", days[0], "2100-01-01")
        found = dict(line.split("|")[:2] for line in listed.splitlines() if "|" in line)
        missing = {event[0] for event in events} - found.keys()
        assert not missing, ("khal", len(missing), sorted(missing)[:3])
        for uid, start, *_ in events:
            day = start[:10] if len(start) == 10 else start[:16].replace("T", " ")
            assert found[uid].startswith(day), ("khal", uid, found[uid], start)
        print(f"        khal: {len(events)} events")


def calendars(site, path):
    text = urllib.request.urlopen(site + path).read().decode()
    events = expected(text)
    assert events, path
    ical_js(text, events)
    khal(text, events)


if __name__ == "__main__":
    calendars(sys.argv[1].rstrip("/"), "/recherche.ics?niveau=tous")
