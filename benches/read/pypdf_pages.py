"""Prints the text of each page of a PDF, as pypdf extracts it, separated by form feeds."""

import sys

from pypdf import PdfReader

sys.stdout.reconfigure(encoding="utf-8", errors="replace")
for page in PdfReader(sys.argv[1]).pages:
    sys.stdout.write(page.extract_text())
    sys.stdout.write("\f")
