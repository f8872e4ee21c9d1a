"""One act, made by several programs, spoilt in several ways: what each reader finds of it.

Called by `make bench-matrix`; needs fontconfig with Liberation Serif, poppler-utils, tesseract with `fra`, and for
some producers LibreOffice, Chromium, Ghostscript or pdfTeX (left out and said so where they are missing).

    python matrix.py GUETTEUR [--before GUETTEUR] [--defects NAME,…] [--producers NAME,…] [--keep FOLDER]

`--before` is the program of an older build. Flags and dates are what GUETTEUR makes of each reader's text, so that
the readers alone differ.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
import act
import defects
import producers
import readers
from score import score


def main():
    arguments = parse()
    program = Path(arguments.guetteur).resolve()
    engines = {"guetteur": readers.guetteur(program)}
    if arguments.before:
        engines["before"] = readers.guetteur(Path(arguments.before).resolve())
    engines |= {"pdftotext": readers.pdftotext, "mupdf": readers.mupdf}
    rows = []
    with tempfile.TemporaryDirectory(prefix="matrix-") as folder:
        folder = Path(arguments.keep or folder)
        folder.mkdir(exist_ok=True)
        for pdf, producer, defect in files(folder, arguments):
            print(pdf.name, flush=True)
            for name, read in engines.items():
                row = judged(pdf, defect, read, program, folder)
                rows.append({"defect": defect, "producer": producer, "reader": name, **row})
    table(rows, list(engines))
    return told(rows)


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("guetteur", help="the program")
    parser.add_argument("--before", help="the program of an older build")
    parser.add_argument("--defects", help="names, separated by commas")
    parser.add_argument("--producers", help="names, separated by commas")
    parser.add_argument("--keep", help="folder for the PDFs")
    return parser.parse_args()


def files(folder, arguments):
    """Makes each file; its path, producer and defect."""
    chosen = lambda every, names: [n for n in every if not names or n in names.split(",")]
    here = producers.installed()
    for producer in chosen(here, arguments.producers):
        for defect in chosen(defects.ALL, arguments.defects):
            spoil, raised, _ = defects.ALL[defect]
            made = folder / f"{producer}-made.pdf"
            here[producer](made, act.PAGES, raised)
            pdf = folder / f"{producer}-{defect.replace(' ', '-')}.pdf"
            spoil(made, pdf)
            yield pdf, producer, defect


def judged(pdf, defect, read, program, folder):
    pages = read(pdf)
    hidden = defects.ALL[defect][2]
    truth = act.words(without=hidden)
    # Two pages on one sheet are one page of the file.
    truth = ["\n".join(truth)] if len(pages) == 1 else truth
    text = " ".join(" ".join(pages).split())
    found = act.right(readers.acts(program, pages, folder))
    recall, _ = score(truth, pages)
    return {"recall": recall, "hides": not any(secret in text for secret in hidden), **found}


def table(rows, engines):
    """A row a defect: mean recall in percent, then of how many files flag, dates and silence are right."""
    print(f"\n{'':15}" + "".join(f"{name:>26}" for name in engines))
    print(f"{'':15}" + f"{'recall flag dates hidden':>26}" * len(engines))
    for defect in dict.fromkeys(row["defect"] for row in rows):
        line = f"{defect:15}"
        for name in engines:
            those = [row for row in rows if (row["defect"], row["reader"]) == (defect, name)]
            recall = sum(row["recall"] for row in those) / len(those)
            of = lambda key: f"{sum(row[key] for row in those)}/{len(those)}"
            hides = of("hides") if defects.ALL[defect][2] else "-"
            line += f"{recall:8.1f}{of('flag'):>6}{of('dates'):>6}{hides:>6}"
        print(line)


def told(rows):
    """Names what is wrong of ours; 1 if anything is."""
    ours = [row for row in rows if row["reader"] == "guetteur"]
    wrong = [row for row in ours if not (row["flag"] and row["dates"] and row["hides"]) or row["recall"] < 97]
    for row in wrong:
        print("WRONG", json.dumps({**row, "recall": round(row["recall"], 1)}, ensure_ascii=False))
    print(f"{len(ours) - len(wrong)} of {len(ours)} files are read right")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
