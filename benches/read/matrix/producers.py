"""Programs that make PDFs. Each writes the pages to a file; where `raised` is false, « er » stands on the line."""

import html
import shutil
import subprocess
from pathlib import Path

from act import plain

FAMILY = "Liberation Serif"


def font_file(style="Regular"):
    command = ["fc-match", "-f", "%{file}", f"{FAMILY}:style={style}"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _runs(text, raised):
    """Parts of a paragraph, each with whether it is raised."""
    if not raised:
        return [(plain(text), False)]
    parts = text.split("1^")
    runs = [(part + "1", False) for part in parts[:-1]] + [(parts[-1], False)]
    return [run for i, run in enumerate(runs) for run in ([("er", True), run] if i else [run])]


def _html(pages, raised):
    def paragraph(text):
        runs = ((html.escape(part), up) for part, up in _runs(text, raised))
        return "<p>" + "".join(f"<sup>{part}</sup>" if up else part for part, up in runs)

    style = f"@page{{size:A4;margin:20mm}}body{{font:11pt '{FAMILY}'}}div{{break-after:page}}"
    body = "".join("<div>" + "".join(map(paragraph, page)) + "</div>" for page in pages)
    return f"<html lang=fr><meta charset=utf-8><style>{style}</style>{body}"


def weasyprint(out, pages, raised):
    import weasyprint

    weasyprint.HTML(string=_html(pages, raised)).write_pdf(out)


def chromium(out, pages, raised):
    source = out.with_suffix(".html")
    source.write_text(_html(pages, raised))
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    _run("chromium", *flags, f"--user-data-dir={out.parent / 'chromium'}", f"--print-to-pdf={out}", source)


def libreoffice(out, pages, raised):
    import docx

    document = docx.Document()
    document.styles["Normal"].font.name = FAMILY
    for number, page in enumerate(pages):
        for text in page:
            paragraph = document.add_paragraph()
            for part, up in _runs(text, raised):
                paragraph.add_run(part).font.superscript = up
        if number + 1 < len(pages):
            document.add_page_break()
    source = out.with_suffix(".docx")
    document.save(source)
    home = f"-env:UserInstallation=file://{out.parent / 'libreoffice'}"
    _run("soffice", "--headless", home, "--convert-to", "pdf", "--outdir", out.parent, source)


def reportlab(out, pages, raised):
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics, ttfonts
    from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate

    pdfmetrics.registerFont(ttfonts.TTFont("Body", font_file()))
    style = ParagraphStyle("body", fontName="Body", fontSize=11, leading=14, spaceAfter=8)
    story = []
    for page in pages:
        for text in page:
            runs = ((html.escape(part), up) for part, up in _runs(text, raised))
            marked = "".join(f"<super>{part}</super>" if up else part for part, up in runs)
            story.append(Paragraph(marked, style))
        story.append(PageBreak())
    SimpleDocTemplate(str(out)).build(story)


def fpdf2(out, pages, raised):
    import fpdf

    document = fpdf.FPDF(format="A4")
    document.add_font("Body", "", font_file())
    document.set_font("Body", size=11)
    for page in pages:
        document.add_page()
        for text in page:
            for part, up in _runs(text, raised):
                document.char_vpos = "SUP" if up else "LINE"
                document.write(6, part)
            document.ln(10)
    document.output(str(out))


def typst(out, pages, raised):
    import typst

    def paragraph(text):
        runs = ((part.replace("\\", ""), up) for part, up in _runs(text, raised))
        return "".join(f"#super[{part}]" if up else f"#\"{part}\"" for part, up in runs)

    body = "\n#pagebreak()\n".join("\n\n".join(map(paragraph, page)) for page in pages)
    source = f'#set page("a4")\n#set text(font: "{FAMILY}", size: 11pt, lang: "fr")\n{body}\n'
    typst.compile(source.encode(), output=str(out), font_paths=[str(Path(font_file()).parent)])


def ghostscript(out, pages, raised):
    """What a PDF printer makes of another's file."""
    source = out.with_name(out.stem + "-source.pdf")
    weasyprint(source, pages, raised)
    distilled(source, out)


def pdftex(out, pages, raised):
    signs = {"’": "'", "°": "\\textdegree{}", "œ": "\\oe{}", "&": "\\&", "%": "\\%", "_": "\\_"}

    def paragraph(text):
        written = ""
        for part, up in _runs(text, raised):
            part = "".join(signs.get(c, c) for c in part)
            written += f"\\textsuperscript{{{part}}}" if up else part
        return written

    body = "\\newpage\n".join("\n\n".join(map(paragraph, page)) + "\n" for page in pages)
    head = "\\documentclass[11pt,a4paper]{article}\\usepackage[utf8]{inputenc}\\usepackage[T1]{fontenc}"
    source = out.with_suffix(".tex")
    source.write_text(f"{head}\\usepackage{{textcomp}}\\begin{{document}}{body}\\end{{document}}")
    _run("pdflatex", "-interaction=batchmode", f"-output-directory={out.parent}", source)


def distilled(source, out, *options):
    _run("gs", "-q", "-dNOPAUSE", "-dBATCH", "-sDEVICE=pdfwrite", *options, f"-sOutputFile={out}", source)


def _run(*command):
    quiet = subprocess.DEVNULL
    subprocess.run([str(part) for part in command], check=True, stdout=quiet, stderr=quiet)


# Producer, and the program that it needs besides the Python packages.
ALL = {
    "weasyprint": (weasyprint, None),
    "chromium": (chromium, "chromium"),
    "libreoffice": (libreoffice, "soffice"),
    "reportlab": (reportlab, None),
    "fpdf2": (fpdf2, None),
    "typst": (typst, None),
    "ghostscript": (ghostscript, "gs"),
    "pdftex": (pdftex, "pdflatex"),
}


def installed():
    """Producers whose programs are here; the others are named."""
    here = {name: make for name, (make, needs) in ALL.items() if not needs or shutil.which(needs)}
    missing = sorted(ALL.keys() - here.keys())
    if missing:
        print("left out, not installed:", ", ".join(missing))
    return here
