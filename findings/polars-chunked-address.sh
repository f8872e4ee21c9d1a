#!/usr/bin/env bash
# polars 2.1.0 does not read a CSV from an http address whose answer has no length (« Content-Length Header
# missing from response »), nor from one that gives no ranges (« Range request not supported »). With both it
# reads the same bytes.
#
# One expects `read_csv(address)` to read what any client of HTTP/1.1 does, as pandas and urllib do: answers
# that are made while they are sent have neither. polars hands the address to its object store, which asks for
# the size and then for a range. `read_csv(urlopen(address).read())` reads all three.
#
# Needs: python3 with venv, PyPI.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet polars==2.1.0
cat > "$work/ask.py" <<'PYTHON'
import http.server
import threading
import urllib.request

import polars as pl

CSV = b"id,code\r\n1,01\r\n2,2B\r\n"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_HEAD(self):
        self.answer(with_body=False)

    def do_GET(self):
        self.answer(with_body=True)

    def answer(self, with_body):
        asked = self.headers.get("Range") if self.path == "/ranges.csv" else None
        body = CSV
        if asked:
            first, last = asked.removeprefix("bytes=").split("-")
            body = CSV[int(first) : int(last) + 1 if last else None]
        self.send_response(206 if asked else 200)
        self.send_header("Content-Type", "text/csv")
        if asked:
            end = int(first) + len(body) - 1
            self.send_header("Content-Range", f"bytes {first}-{end}/{len(CSV)}")
        if self.path == "/chunked.csv":
            self.send_header("Transfer-Encoding", "chunked")
            body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(CSV), CSV)
        else:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if with_body:
            self.wfile.write(body)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
base = f"http://127.0.0.1:{server.server_port}"
words = {"code": pl.String}
for path in ("/ranges.csv", "/length.csv", "/chunked.csv"):
    fetched = pl.read_csv(urllib.request.urlopen(base + path).read(), schema_overrides=words)
    assert fetched["code"].to_list() == ["01", "2B"], fetched
read = pl.read_csv(base + "/ranges.csv", schema_overrides=words)["code"].to_list()
print("length and ranges:", read)
assert read == ["01", "2B"], read
for path, why in (("/length.csv", "Range request not supported"), ("/chunked.csv", "Content-Length")):
    try:
        print(path, pl.read_csv(base + path, schema_overrides=words)["code"].to_list())
    except OSError as error:
        print(path, str(error).splitlines()[0])
        assert why in str(error), error
    else:
        raise SystemExit("polars reads it by now")
PYTHON
"$work/venv/bin/python" "$work/ask.py"
