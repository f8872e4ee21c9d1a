#!/usr/bin/env bash
# reqwest 0.13.5: `ClientBuilder::read_timeout`, which « applies to each read operation, and resets after a successful
# read », also runs while a request's body goes up, from the first byte on: a body that is taken without a pause, only
# slowly, fails after that time, however much of it arrived meanwhile. What resets it is the answer, which comes last.
#
# One expects a limit of silence, under which a large download over a slow line passes (it does, seen here), to let a
# large upload pass, too. With the crate object_store, whose clients have this one limit, parts of a multipart upload
# must be small enough for the slowest line: a limit of 60 s and parts of 8 MiB fail under 1.1 Mbit/s.
#
# Needs: cargo, python3, crates.io.
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
reqwest = { version = "=0.13.5", default-features = false }
tokio = { version = "=1.54.1", features = ["rt", "macros"] }
[workspace]
TOML
cat > "$work/src/main.rs" <<'RUST'
use std::time::Duration;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let base = std::env::args().nth(1).expect("an address");
    let client = reqwest::Client::builder().read_timeout(Duration::from_secs(2));
    let client = client.build().expect("a client");
    let told = |what: &str, done: Result<usize, reqwest::Error>| match done {
        Ok(bytes) => println!("{what}: {bytes} bytes"),
        Err(error) if error.is_timeout() => println!("{what}: timed out"),
        Err(error) => println!("{what}: {error:?}"),
    };
    let down = async { Ok(client.get(&base).send().await?.bytes().await?.len()) };
    told("down", down.await);
    let up = async {
        let answer = client.put(&base).body(vec![0; 16_000_000]).send().await?;
        Ok(answer.text().await?.parse().expect("a number"))
    };
    told("up", up.await);
}
RUST
cat > "$work/server.py" <<'PY'
# Gives and takes 16 MB in some eight seconds, a piece every twentieth of one.
import http.server, socket, sys, time
PIECE = 100_000
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "16000000")
        self.end_headers()
        for _ in range(160):
            self.wfile.write(bytes(PIECE))
            time.sleep(0.05)
    def do_PUT(self):
        left = int(self.headers["Content-Length"])
        began = time.monotonic()
        while left:
            piece = self.rfile.read(min(PIECE, left))
            if not piece:
                print(f"the client left after {time.monotonic() - began:.0f} s", file=sys.stderr)
                return
            left -= len(piece)
            time.sleep(0.05)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"16000000")
    def log_message(self, *_): pass
server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
server.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
open(sys.argv[1], "w").write(str(server.server_port))
server.serve_forever()
PY
mkfifo "$work/port"
python3 "$work/server.py" "$work/port" & server=$!
base="http://127.0.0.1:$(cat "$work/port")"
export NO_PROXY=127.0.0.1
CARGO_TARGET_DIR="$work/target" cargo run --quiet --manifest-path "$work/Cargo.toml" -- "$base" | tee "$work/seen"
printf 'down: 16000000 bytes\nup: timed out\n' | diff - "$work/seen"
echo "as found: with a read timeout of 2 s, 16 MB in 8 s come down and do not go up"
