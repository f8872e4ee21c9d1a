#!/usr/bin/env bash
# datasette 0.65.5 finds the full-text search of a table only where its SQL says `content="t"` or `content=[t]`;
# written `content='t'` or `content=t`, as SQLite's own manual has it, the table has none, and `_search=` is
# passed over in silence: every row is « found ».
#
# One expects the four to be the same, as they are to SQLite, which searches each of them, and a search that is
# not understood to be an error. datasette compares the text of `sqlite_master.sql`.
#
# Needs: python3 with venv, PyPI.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet datasette==0.65.5
cat > "$work/ask.py" <<'PYTHON'
import json
import sqlite3
import subprocess
import sys
from pathlib import Path

work = Path(sys.argv[1])
found = {}
for n, name in enumerate(("\"t\"", "[t]", "'t'", "t")):
    path = work / f"d{n}.db"
    base = sqlite3.connect(path)
    base.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, words TEXT)")
    base.executemany("INSERT INTO t (words) VALUES (?)", [("one",), ("two",), ("three",)])
    base.execute(f"CREATE VIRTUAL TABLE t_fts USING fts5 (words, content={name}, content_rowid=id)")
    base.execute("INSERT INTO t_fts (t_fts) VALUES ('rebuild')")
    base.commit()
    own = base.execute("SELECT count(*) FROM t_fts WHERE t_fts MATCH 'two'").fetchone()[0]
    command = [work / "venv/bin/datasette", path, "--get", f"/d{n}/t.json?_search=two&_size=0"]
    page = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    found[name] = page["filtered_table_rows_count"]
    print(f"content={name}: SQLite finds {own}, datasette {found[name]} of 3")
    assert own == 1
assert found == {"\"t\"": 1, "[t]": 1, "'t'": 3, "t": 3}, found
PYTHON
"$work/venv/bin/python" "$work/ask.py" "$work"
