#!/bin/sh
# What a package and an image are made of, checked by the tools that will read it: systemd, groff,
# bash, docker-compose, apt. Usage: packaging/check.sh [PROGRAM]; a program is put where the unit
# expects it. Exits non-zero at the first fault.
set -eu
cd "$(dirname "$0")/.."
program=${1:-/bin/true}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

echo "== unit: every directive is known, what it starts is there"
mkdir -p "$scratch/tree/usr/bin" "$scratch/tree/etc/systemd/system" "$scratch/tree/usr/lib/systemd/system"
cp "$program" "$scratch/tree/usr/bin/guetteur"
cp packaging/guetteur.service "$scratch/tree/etc/systemd/system/"
# Units that the system brings; their absence from this root is no fault of ours.
for unit in sysinit.target basic.target shutdown.target network-online.target multi-user.target -.mount tmp.mount system.slice; do
  [ -e "/usr/lib/systemd/system/$unit" ] && cp "/usr/lib/systemd/system/$unit" "$scratch/tree/usr/lib/systemd/system/"
done
systemd-analyze verify --root="$scratch/tree" --man=no guetteur.service 2>"$scratch/verify" || true
if grep guetteur.service "$scratch/verify"; then exit 1; fi
echo "== unit: exposure of at most 2.0 of 10"
systemd-analyze security --offline=true --threshold=20 packaging/guetteur.service | tail -1

echo "== manual pages and completions"
cargo run --quiet --locked -p guetteur-packaging -- "$scratch/files"
for page in "$scratch"/files/man/*.1; do
  man --warnings --encoding=UTF-8 --local-file "$page" >/dev/null 2>"$scratch/man"
  if [ -s "$scratch/man" ]; then cat "$scratch/man"; exit 1; fi
done
bash -n "$scratch/files/completions/guetteur.bash"

echo "== compose file"
for profile in postgres federation; do
  POSTGRES_PASSWORD=x docker-compose --profile $profile --file docker-compose.yml config --quiet
done

echo "== image: the packages that it installs are in Debian 12"
packages=$(sed -n '/apt-get install/,/rm -rf/p' Dockerfile | tr -d '\\&' | tr ' ' '\n' |
  grep -E '^[a-z][a-z0-9.-]+$' | grep -vE '^(apt-get|install|rm)$')
# shellcheck disable=SC2086
apt-get install --simulate --no-install-recommends $packages >/dev/null
echo "$packages" | tr '\n' ' '
echo
