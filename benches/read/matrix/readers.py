"""Readers of the matrix: each gives the text of every page of a file."""

import json
import subprocess


def guetteur(program):
    """Ours: the program of some build."""

    def read(pdf):
        lines = _output(program, "read", pdf, "--json").splitlines()
        return [line["text"] for line in sorted(map(json.loads, lines), key=lambda line: line["page"])]

    return read


def pdftotext(pdf):
    return _output("pdftotext", "-q", "-enc", "UTF-8", pdf, "-").split("\f")[:-1]


def mupdf(pdf):
    """What `mutool draw -F text` gives, by MuPDF's own package for Python."""
    import pymupdf

    return [page.get_text() for page in pymupdf.open(pdf)]


def acts(program, pages, folder):
    """What our program makes of a text, whoever read it."""
    file = folder / "read.txt"
    file.write_text("\f".join(pages))
    lines = _output(program, "analyse", file, "--json").splitlines()
    return [json.loads(line) for line in lines if line.startswith("{")]


def _output(*command):
    done = subprocess.run([str(part) for part in command], capture_output=True, check=False)
    return done.stdout.decode("utf-8", "replace")
