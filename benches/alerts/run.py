"""How fast alerts are decided and sent, beside an older build, in one run.

Two folders with release builds of `guetteur` and `guetteur-bench-site`: the one before, the one after.
The build before makes the acts; the one after brings a copy of their database up to its own schema.
Needs python3-aiosmtpd. Called by `make bench-alerts BEFORE=DIR`.

    python3 benches/alerts/run.py --before DIR --after DIR --data DIR \
        [--acts 20000] [--subscriptions 20000] [--letters 10000]
"""

import argparse
import datetime
import json
import os
import random
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
NEW_ACTS = 1000
TARGETS = {"decide": 20, "send": 5}
CATEGORIES = ["drone", "vsa", "videoprotection", "lapi", "camera-mobile", "perimetre", "anti-drone"]
WORDS = ["festival", "stade", "manifestation", "gare", "\"aéronefs\"", "supporters", "port", "marché"]


def main():
    arguments = parse()
    report = {"cores": os.cpu_count(), "new_acts": NEW_ACTS}
    for name in ("before", "after"):
        program = Path(getattr(arguments, name))
        data = Path(arguments.data) / name
        if name == "before":
            generate(program, data, arguments.acts)
        else:
            bring_up(program, data, Path(arguments.data) / "before")
        report[name] = {
            "decide": decide(program, data, arguments.subscriptions),
            "send": send(program, data, arguments.letters),
        }
        print(json.dumps({name: report[name]}), file=sys.stderr)
    before, after = report["before"], report["after"]
    assert before["decide"]["queued"] == after["decide"]["queued"], "both tell the same"
    for what in TARGETS:
        report[what] = round(before[what]["seconds"] / after[what]["seconds"], 1)
    print(json.dumps(report, indent=2))
    missed = [what for what, times in TARGETS.items() if report[what] < times]
    for what in missed:
        print(f"missed: {what} {TARGETS[what]} times faster", file=sys.stderr)
    sys.exit(1 if missed else 0)


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--before", required=True)
    parser.add_argument("--after", required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--acts", type=int, default=20_000)
    parser.add_argument("--subscriptions", type=int, default=20_000)
    parser.add_argument("--letters", type=int, default=10_000)
    return parser.parse_args()


def generate(program, data, acts):
    """Acts in a database and an index; the last ones come out today."""
    if (data / "made").exists():
        return
    data.mkdir(parents=True)
    subprocess.run([program / "guetteur-bench-site", data, str(acts)], check=True)
    subprocess.run([program / "guetteur", "reindex", "--data", data], check=True)
    with sqlite3.connect(data / "guetteur.sqlite") as database:
        database.execute(
            "UPDATE acts SET published_on = ? WHERE revision > (SELECT max(revision) - ? FROM acts)",
            (datetime.date.today().isoformat(), NEW_ACTS),
        )
        database.commit()
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    (data / "made").touch()


def bring_up(program, data, before):
    """The same acts for another build."""
    if (data / "made").exists():
        return
    data.mkdir(parents=True)
    shutil.copy(before / "guetteur.sqlite", data)
    subprocess.run([program / "guetteur", "reindex", "--data", data], check=True)
    (data / "made").touch()


def decide(program, data, subscriptions):
    """Who is told of the new acts: nobody answers at the mail server, so that nothing is sent."""
    work = copy(data)
    lists = queries(work, subscriptions)
    # Starting takes its time too, whoever is subscribed.
    start, _ = notify(program, work, free_port())
    subscribe(work, lists)
    seconds, said = notify(program, work, free_port())
    seconds = round(seconds - start, 2)
    lists = {"subscriptions": len(lists), "lists": len(set(lists))}
    return {"seconds": seconds, "start": start, **lists, **said}


def send(program, data, letters):
    """All letters to a server that takes them; who is told of what was decided before."""
    work = copy(data)
    with sqlite3.connect(work / "guetteur.sqlite") as database:
        sources = database.execute(
            "SELECT source_code FROM acts WHERE revision > (SELECT max(revision) - ? FROM acts) "
            "AND EXISTS (SELECT 1 FROM flags f WHERE f.act_id = acts.id AND f.category = 'drone' "
            "AND f.level = 'authorises') GROUP BY source_code HAVING count(*) < 4",
            (NEW_ACTS,),
        ).fetchall()
    assert sources, "sources with a few new acts"
    lists = [f"prefecture={sources[n % len(sources)][0]}&categorie=drone" for n in range(letters)]
    subscribe(work, lists)
    port = free_port()
    notify(program, work, port)
    with sqlite3.connect(work / "guetteur.sqlite") as database:
        database.execute(
            "UPDATE messages SET state = 'pending', attempts = 0, next_due_at = created_at, "
            "sending_at = NULL, last_error = NULL"
        )
    # That of the system: where python3-aiosmtpd is.
    command = ["/usr/bin/python3", HERE / "mail_server.py", str(port)]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert server.stdout.readline() == "listening\n"
    seconds, said = notify(program, work, port)
    taken, different = map(int, server.communicate("\n")[0].split())
    assert taken == different == said["sent"] == letters, (taken, different, said, letters)
    return {"seconds": seconds, "letters": letters}


def copy(data):
    work = data.with_name(f"{data.name}-work")
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(data, work)
    return work


def queries(work, count):
    """Lists as people follow them: mostly a commune or a département, some words."""
    with sqlite3.connect(work / "guetteur.sqlite") as database:
        communes = [row[0] for row in database.execute("SELECT DISTINCT insee FROM act_communes")]
        sources = [row[0] for row in database.execute("SELECT DISTINCT source_code FROM acts")]
    dice = random.Random(20)
    communes += [f"{dice.randrange(1, 96):02}{dice.randrange(1, 700):03}" for _ in range(8000)]

    def one():
        category = f"categorie={dice.choice(CATEGORIES)}"
        match dice.randrange(10):
            case 0 | 1 | 2:
                return f"commune={dice.choice(communes)}"
            case 3 | 4 | 5:
                return f"categorie={dice.choice(CATEGORIES)}&commune={dice.choice(communes)}"
            case 6 | 7:
                return f"prefecture={dice.choice(sources)}&{category}"
            case 8:
                towns = "&".join(f"commune={dice.choice(communes)}" for _ in range(5))
                return f"{category}&{towns}"
            case _:
                return f"q={dice.choice(WORDS)}+{dice.choice(WORDS)}&prefecture={dice.choice(sources)}"

    return [one() for _ in range(count)]


def subscribe(work, lists):
    with sqlite3.connect(work / "guetteur.sqlite") as database:
        (last,) = database.execute("SELECT max(revision) FROM acts").fetchone()
        long_ago = "2020-01-01T00:00:00+00:00"
        database.executemany(
            "INSERT INTO subscriptions (channel, target, query, frequency, token, created_at, "
            "confirmed_at, told_revision, next_due_at) "
            "VALUES ('mail', ?, ?, 'immediate', ?, ?, ?, ?, ?)",
            [
                (f"a{n}@p{n % 40}.example", query, f"token{n}", long_ago, long_ago,
                 last - NEW_ACTS, long_ago)
                for n, query in enumerate(lists)
            ],
        )
        database.commit()
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def notify(program, work, port):
    settings = work / "guetteur.toml"
    settings.write_text(
        "[site]\nbase_url = 'https://guetteur.example'\n[mail]\nserver = '127.0.0.1'\n"
        f"port = {port}\ntls = 'none'\nfrom = 'alertes@guetteur.example'\n"
    )
    # The build before knows no such limit, and says so.
    environment = {**os.environ, "GUETTEUR_MAIL_PER_PROVIDER": "0"}
    command = [program / "guetteur", "--config", settings, "notify", "--json", "--data", work]
    began = time.monotonic()
    ended = subprocess.run(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    seconds = time.monotonic() - began
    assert ended.returncode == 0, ended.stderr
    return round(seconds, 2), json.loads(ended.stdout)


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


main()
