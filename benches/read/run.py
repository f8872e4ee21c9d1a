"""Compares the reader with pdftotext, pypdf and ocrmypdf + pypdf on the test kit's PDFs.

Called by `make bench-read`; needs python3 with venv, poppler-utils, tesseract and, for the
incumbent's whole way, ocrmypdf (left out and said so where it is missing).

    python3 benches/read/run.py --bin TARGET/release/examples [--quick] [--only NAME,…] [--before DIR]

`--before` is the same folder of an older build: what a scanned page costs in processor time beside it.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from engines import Guetteur, Ocrmypdf, Pdftotext, Pypdf, bare_tesseract
from score import score

HERE = Path(__file__).parent
BORN = "born-"
# Least recall on a scan of each kind; the tired 150-dpi one may lose more.
LEAST_RECALL = {"scan-poor": 95.0}
SCAN_RECALL = 98.0
# Compared with tesseract alone, by turns and each the fastest of its runs: a tenth decides.
ALONE = ("scan-office", "scan-fax", "scan-poor")
ALONE_RUNS = 4
# Beside an older build.
BEFORE_RUNS = 2


def main():
    arguments = parse()
    python = pypdf_python()
    guetteur = Guetteur(Path(arguments.bin) / "read_file")
    before = Guetteur(Path(arguments.before) / "read_file") if arguments.before else None
    engines = [guetteur, Pdftotext(), Pypdf(python)]
    if arguments.quick or not shutil.which("ocrmypdf"):
        print("ocrmypdf left out: the incumbent's whole way is not compared")
    else:
        engines.append(Ocrmypdf(python))
    checks = Checks()
    with tempfile.TemporaryDirectory(prefix="bench-read-") as folder:
        folder = Path(folder)
        print("== build the PDFs", flush=True)
        subprocess.run([Path(arguments.bin) / "bench_files", folder], check=True)
        truth = json.loads((folder / "truth.json").read_text())
        for name in sorted(truth):
            if not arguments.only or name in arguments.only.split(","):
                bench(name, folder, truth[name], engines, guetteur, checks)
                if before and not name.startswith(BORN):
                    beside_before(name, folder, truth[name], guetteur, before, checks)
    return checks.tell()


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", required=True, help="folder of the release examples")
    parser.add_argument("--quick", action="store_true", help="without ocrmypdf")
    parser.add_argument("--only", help="names of files, separated by commas")
    parser.add_argument("--before", help="folder of the release examples of an older build")
    return parser.parse_args()


def pypdf_python():
    """A Python with pypdf, in a venv of its own in the user's cache."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    home = cache / "guetteur" / "bench-read"
    python = home / "bin" / "python"
    requirements = HERE / "requirements.txt"
    stamp = home / "requirements.txt"
    if not stamp.exists() or stamp.read_bytes() != requirements.read_bytes():
        venv.create(home, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "-r", requirements], check=True)
        shutil.copy(requirements, stamp)
    return python


def bench(name, folder, truth, engines, guetteur, checks):
    pdf = folder / f"{name}.pdf"
    born = name.startswith(BORN)
    print(f"\n== {name}: {len(truth)} pages, {pdf.stat().st_size / 1024:.0f} KiB")
    print(f"{'':16}{'recall':>8}{'precision':>11}{'pages/s':>10}{'MiB':>7}{'ours is':>12}")
    rows = {}
    for engine in engines:
        best_of = 5 if born or engine.name in ("pdftotext", "pypdf") else 1
        pages, cost = engine.read(pdf, best_of, folder)
        recall, precision = score(truth, pages)
        rows[engine.name] = (recall, cost.seconds)
        ratio = cost.seconds / rows["guetteur"][1]
        speed = len(truth) / cost.seconds
        print(
            f"{engine.name:16}{recall:8.2f}{precision:11.2f}{speed:10.2f}{cost.peak_mib:7.0f}"
            f"{ratio:10.2f} ×",
            flush=True,
        )
        if engine is guetteur:
            checks.expect(f"{name}: largest process, MiB", cost.peak_mib, "<", 400)
            checks.parents.append(guetteur.parent_mib)
    quality(name, rows, checks)
    speed_targets(name, rows, checks)
    if name in ALONE:
        beside_tesseract(name, pdf, folder, guetteur, checks)


def quality(name, rows, checks):
    ours = rows["guetteur"][0]
    best = max(recall for recall, _ in rows.values())
    checks.expect(f"{name}: recall, the best engine's less 0.5", ours, ">=", best - 0.5)
    if name.startswith("scan-"):
        checks.expect(f"{name}: recall", ours, ">=", LEAST_RECALL.get(name, SCAN_RECALL))


def speed_targets(name, rows, checks):
    seconds = {engine: cost for engine, (_, cost) in rows.items()}
    ours = seconds["guetteur"]
    if name.startswith(BORN):
        checks.expect(f"{name}: times pdftotext's speed", seconds["pdftotext"] / ours, ">=", 2)
        checks.expect(f"{name}: times pypdf's speed", seconds["pypdf"] / ours, ">=", 20)
    elif name == "mixed" and "ocrmypdf+pypdf" in seconds:
        factor = seconds["ocrmypdf+pypdf"] / ours
        checks.expect(f"{name}: times the incumbent's whole way", factor, ">=", 3)


def beside_tesseract(name, pdf, folder, guetteur, checks):
    turns = [(guetteur.seconds(pdf), bare_tesseract(pdf, folder)) for _ in range(ALONE_RUNS)]
    ours, bare = (min(seconds) for seconds in zip(*turns))
    print(f"tesseract alone {bare:.1f} s, the reader {ours:.1f} s")
    checks.expect(f"{name}: time, of tesseract alone", ours / bare, "<=", 1.10)


def beside_before(name, folder, truth, guetteur, before, checks):
    """Processor time by turns: what else runs costs both the same."""
    pdf = folder / f"{name}.pdf"
    seconds, recall = {guetteur: [], before: []}, {}
    for engine in [guetteur, before] * BEFORE_RUNS:
        pages, cost = engine.read(pdf, 1, folder)
        seconds[engine].append(cost.cpu_seconds)
        recall[engine], _ = score(truth, pages)
    ours, theirs = (min(seconds[engine]) / len(truth) for engine in (guetteur, before))
    print(
        f"processor seconds a page: {ours:.2f}, before {theirs:.2f}; "
        f"recall {recall[guetteur]:.2f}, before {recall[before]:.2f}",
        flush=True,
    )
    checks.expect(f"{name}: processor time a page, of the older build's", ours / theirs, "<=", 0.75)
    checks.expect(f"{name}: recall, the older build's", recall[guetteur], ">=", recall[before])


class Checks:
    """The targets, and whether they were met."""

    def __init__(self):
        self.rows = []
        self.parents = []

    def expect(self, what, value, relation, limit):
        met = {"<": value < limit, "<=": value <= limit, ">=": value >= limit}[relation]
        self.rows.append((met, f"{what}: {value:.2f} (target {relation} {limit:.2f})"))

    def tell(self):
        if self.parents:
            self.expect("parent's memory, largest file less smallest, MiB",
                        max(self.parents) - min(self.parents), "<", 16)
        print("\n== targets")
        for met, row in self.rows:
            print("met    " if met else "MISSED ", row)
        missed = sum(not met for met, _ in self.rows)
        print(f"{len(self.rows) - missed} of {len(self.rows)} met")
        return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
