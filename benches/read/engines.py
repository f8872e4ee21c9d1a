"""The readers that are compared: each gives the text of every page, and what that cost."""

import json
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter

from measure import Run, run

HERE = Path(__file__).parent


class Guetteur:
    """Ours."""

    name = "guetteur"

    def __init__(self, program):
        self.program = program

    def read(self, pdf, best_of, work):
        done = run([self.program, pdf], best_of)
        lines = [json.loads(line) for line in done.output.splitlines()]
        if not lines or "report" not in lines[-1]:
            raise RuntimeError(f"{self.program} {pdf}: status {done.status}, no report")
        pages = sorted(lines[:-1], key=lambda page: page["page"])
        self.parent_mib = lines[-1]["parent_kib"] / 1024
        return [page["text"] for page in pages], done

    def seconds(self, pdf):
        """Wall time of one run; to look at its memory meanwhile would take its share of a core."""
        start = perf_counter()
        subprocess.run([self.program, pdf], check=True, stdout=subprocess.DEVNULL)
        return perf_counter() - start


class Pdftotext:
    """Embedded text by poppler."""

    name = "pdftotext"

    def read(self, pdf, best_of, work):
        done = run(["pdftotext", "-q", "-enc", "UTF-8", pdf, "-"], best_of)
        return _split(done), done


class Pypdf:
    """Embedded text by pypdf: the incumbent's reader."""

    name = "pypdf"

    def __init__(self, python):
        self.python = python

    def read(self, pdf, best_of, work):
        done = run([self.python, HERE / "pypdf_pages.py", pdf], best_of)
        return _split(done), done


class Ocrmypdf:
    """The incumbent's whole way: every file through ocrmypdf, then pypdf."""

    name = "ocrmypdf+pypdf"

    def __init__(self, python):
        self.pypdf = Pypdf(python)

    def read(self, pdf, best_of, work):
        recognised = work / "ocrmypdf.pdf"
        recognised.unlink(missing_ok=True)
        made = run(["ocrmypdf", "--redo-ocr", "-l", "fra", "-q", pdf, recognised])
        if not recognised.exists():
            raise RuntimeError(f"ocrmypdf {pdf}: status {made.status}, no output")
        pages, read = self.pypdf.read(recognised, 1, work)
        peak = max(made.peak_mib, read.peak_mib)
        return pages, Run(made.seconds + read.seconds, peak, b"", read.status)


def bare_tesseract(pdf, work):
    """Seconds that tesseract alone needs for the bitmaps of all pages, one process a core."""
    for old in work.glob("bare-*"):
        old.unlink()
    subprocess.run(["pdftoppm", "-gray", "-r", "200", pdf, work / "bare"], check=True)
    bitmaps = sorted(work.glob("bare-*.pgm"))

    def one(bitmap):
        command = ["tesseract", str(bitmap), "stdout", "-l", "fra", "--dpi", "200", "tsv"]
        environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
        quiet = subprocess.DEVNULL
        subprocess.run(command, check=True, stdout=quiet, stderr=quiet, env=environment)

    start = perf_counter()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(one, bitmaps))
    return perf_counter() - start


def _split(done):
    text = done.output.decode("utf-8", "replace")
    return text.split("\f")[:-1] if text else []
