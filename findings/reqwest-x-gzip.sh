#!/usr/bin/env bash
# reqwest 0.13.5 with the feature `gzip` gives back compressed bytes as the text of a page when the
# server names the coding `x-gzip` or `GZIP`.
#
# RFC 9110 says that codings are case-insensitive and that x-gzip is gzip (8.4.1.3); curl
# decodes all of them. reqwest's decoder compares the bytes of the header with `gzip`, in lower case,
# and passes anything else on without an error: status 200, a body that is no text, and a crawler
# that finds no link on the page.
#
# Needs: cargo, python3, curl, crates.io.
set -euo pipefail
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$work"' EXIT
mkdir "$work/src"
cat > "$work/Cargo.toml" <<'TOML'
[package]
name = "finding"
version = "0.0.0"
edition = "2024"
[dependencies]
reqwest = { version = "=0.13.5", default-features = false, features = ["gzip"] }
tokio = { version = "=1.54.1", features = ["rt", "macros"] }
[workspace]
TOML
cat > "$work/src/main.rs" <<'RUST'
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), reqwest::Error> {
    let base = std::env::args().nth(1).expect("an address");
    for coding in ["gzip", "x-gzip", "GZIP"] {
        let body = reqwest::get(format!("{base}/{coding}")).await?.bytes().await?;
        println!("{coding}: {}", if body.starts_with(b"<p>") { "decoded" } else { "compressed" });
    }
    Ok(())
}
RUST
cat > "$work/server.py" <<'PY'
import gzip, http.server, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = gzip.compress(b"<p>Recueil des actes administratifs</p>")
        self.send_response(200)
        self.send_header("Content-Encoding", self.path[1:])
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *_): pass
server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
open(sys.argv[1], "w").write(str(server.server_port))
server.serve_forever()
PY
mkfifo "$work/port"
python3 "$work/server.py" "$work/port" & server=$!
base="http://127.0.0.1:$(cat "$work/port")"
for coding in gzip x-gzip GZIP; do
    curl --silent --compressed --noproxy '*' "$base/$coding" | grep -q Recueil || { echo "curl does not decode $coding"; exit 1; }
done
export NO_PROXY=127.0.0.1
CARGO_TARGET_DIR="$work/target" cargo run --quiet --manifest-path "$work/Cargo.toml" -- "$base" | tee "$work/seen"
printf 'gzip: decoded\nx-gzip: compressed\nGZIP: compressed\n' | diff - "$work/seen"
echo "as found: reqwest 0.13.5 decodes « gzip » alone; curl all three"
