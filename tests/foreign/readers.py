"""What people see of an alert that changes, in the programs with which they follow a feed.

Called by `make check-readers`, which first lets a test of the site write the feeds of an act in each state
into a folder (`STATE/recherche.atom`, `.rss`, `.json`). Each program reads the feed of `to_confirm`; all is
marked as read; then it reads the feed of the state that the act came to, under the same address. Printed is
what is new or unread then. Programs that are not installed are left out, in words.

    python3 tests/foreign/readers.py FOLDER
"""

import http.server
import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

FEEDS = Path(sys.argv[1])
COURSES = ("confirmed", "corrected", "withdrawn", "repealed")
# What a reader must be told of: a plain confirmation need not be.
TOLD = {"corrected": "[Corrigé]", "withdrawn": "[Alerte retirée]", "repealed": "[Abrogé]"}


class Site:
    """Gives the feeds of one state after the other, under one address."""

    def __init__(self):
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                name = self.path.split("?")[0].lstrip("/")
                body = (FEEDS / site.state / name).read_bytes()
                kinds = {"atom": "application/atom+xml", "rss": "application/rss+xml"}
                self.send_response(200)
                kind = kinds.get(name.rsplit(".", 1)[1], "application/feed+json")
                self.send_header("Content-Type", kind + "; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.state = "to_confirm"
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.base = f"http://127.0.0.1:{self.server.server_port}"


def run(command, folder, given=None):
    env = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(folder), "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        command, cwd=folder, env=env, input=given, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command[0]}: {done.stderr[-500:]}"
    return done.stdout


def newsboat(site, format, state, folder):
    (folder / "urls").write_text(f"{site.base}/recherche.{format}\n")
    reload = ["newsboat", "-u", "urls", "-c", "cache.db", "-x", "reload"]
    run(reload, folder)
    base = sqlite3.connect(folder / "cache.db")
    first = [title for title, in base.execute("SELECT title FROM rss_item")]
    base.execute("UPDATE rss_item SET unread = 0")
    base.commit()
    site.state = state
    run(reload, folder)
    return first, [t for t, in base.execute("SELECT title FROM rss_item WHERE unread = 1")]


def reader(site, format, state, folder):
    from reader import make_reader

    library = make_reader(str(folder / "reader.sqlite"))
    url = f"{site.base}/recherche.{format}"
    library.add_feed(url)
    library.update_feed(url)
    first = [entry.title for entry in library.get_entries()]
    for entry in list(library.get_entries()):
        library.mark_entry_as_read(entry)
    site.state = state
    library.update_feed(url)  # that of all feeds waits for the next hour
    return first, [entry.title for entry in library.get_entries(read=False)]


def sfeed(site, format, state, folder):
    def lines():
        import urllib.request

        body = urllib.request.urlopen(f"{site.base}/recherche.{format}").read().decode()
        return {line.split("\t")[1] for line in run(["sfeed"], folder, body).splitlines()}

    first = lines()
    site.state = state
    return sorted(first), sorted(lines() - first)


def rss2email(site, format, state, folder):
    config, data = folder / "rss2email.cfg", folder / "rss2email.json"
    r2e = ["r2e", "-c", str(config), "-d", str(data)]
    run([*r2e, "new", "moi@exemple.fr"], folder)
    (folder / "mail" / "INBOX").mkdir(parents=True)
    text = config.read_text().replace("email-protocol = sendmail", "email-protocol = maildir")
    text = text.replace("maildir-path = ~/Maildir", f"maildir-path = {folder}/mail")
    config.write_text(text)
    for part in ("cur", "new", "tmp"):
        (folder / "mail" / "INBOX" / part).mkdir()
    run([*r2e, "add", "guetteur", f"{site.base}/recherche.{format}"], folder)
    run([*r2e, "run"], folder)
    first = subjects(folder / "mail")
    site.state = state
    run([*r2e, "run"], folder)
    return sorted(first.values()), [s for path, s in subjects(folder / "mail").items() if path not in first]


def feed2imap(site, format, state, folder):
    (folder / "mail").mkdir()
    (folder / ".feed2imaprc").write_text(
        f"feeds:\n  - name: guetteur\n    url: {site.base}/recherche.{format}\n"
        f"    target: [ 'maildir://{folder}/mail/guetteur' ]\n"
    )
    run(["feed2imap"], folder)
    first = subjects(folder / "mail")
    for path in first:
        seen = path.parent.parent / "cur" / (path.name.split(":")[0] + ":2,S")
        path.rename(seen)
    site.state = state
    run(["feed2imap"], folder)
    after = subjects(folder / "mail")
    return sorted(first.values()), [s for path, s in after.items() if not path.name.endswith(",S")]


def subjects(mail):
    """The subjects of the letters of a maildir, by file."""
    import email
    import email.policy

    letters = [path for path in mail.rglob("*") if path.is_file() and path.parent.name in ("new", "cur")]
    read = lambda path: email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    return {path: str(read(path)["subject"]) for path in letters}


def rss_parser(site, format, state, folder):
    """The parser of n8n, and what its « RSS Feed Trigger » takes for new: a later `isoDate`."""
    module = Path(__file__).parent / "node_modules" / "rss-parser"
    modules = shutil.which("node") and next(
        (path for path in (Path.cwd() / "node_modules", module.parent) if (path / "rss-parser").exists()), None
    )
    if not modules:
        raise FileNotFoundError("rss-parser")
    script = """
      const Parser = require(process.argv[1] + '/rss-parser');
      new Parser().parseURL(process.argv[2]).then(feed =>
        console.log(JSON.stringify(feed.items.map(item => [item.title, item.isoDate]))));
    """

    def items():
        return json.loads(run(["node", "-e", script, str(modules), f"{site.base}/recherche.{format}"], folder))

    first = items()
    last = max(date for _, date in first)
    site.state = state
    return [title for title, _ in first], [title for title, date in items() if date > last]


READERS = {
    "newsboat": (newsboat, "newsboat", ("atom", "rss")),
    "reader": (reader, None, ("atom", "rss", "json")),
    "sfeed": (sfeed, "sfeed", ("atom", "rss")),
    "rss2email": (rss2email, "r2e", ("atom", "rss")),
    "feed2imap": (feed2imap, "feed2imap", ("atom", "rss")),
    "rss-parser (n8n)": (rss_parser, "node", ("atom", "rss")),
}


def main():
    failed = []
    for name, (follow, program, formats) in READERS.items():
        if program and not shutil.which(program):
            print(f"{name}: left out, it is not installed")
            continue
        for format in formats:
            for state in COURSES:
                site = Site()
                with tempfile.TemporaryDirectory() as folder:
                    try:
                        first, new = follow(site, format, state, Path(folder))
                    except (ImportError, FileNotFoundError) as missing:
                        print(f"{name}: left out, {missing}")
                        break
                    finally:
                        site.server.shutdown()
                said = "; ".join(title[:70] for title in new) or "–"
                print(f"{name} | {format} | {state} | {said}")
                if not any("[À confirmer]" in title for title in first):
                    failed.append(f"{name} {format}: the first alert is not there: {first}")
                if state in TOLD and not any(title.startswith(TOLD[state]) for title in new):
                    failed.append(f"{name} {format}: {state} is not told: {new}")
    print("\n".join(failed) or "everybody who was told of the alert hears what became of it")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
