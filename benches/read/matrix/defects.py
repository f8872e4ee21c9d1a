"""What offices do to a file between the program that made it and the bulletin. Each takes the made file and
writes another; words that nobody sees after it are named."""

import textwrap

import pikepdf
import pymupdf
from PIL import Image, ImageOps

import producers
from act import FOOTER, SECRET, STAMP, UNSEEN

A4 = pymupdf.Rect(0, 0, 595, 842)
DPI = 200


def none(source, out):
    source.rename(out)


def bold(source, out):
    """Bold as some programs imitate it: all is painted again a third of a point farther on."""
    with pikepdf.open(source) as document:
        for page in document.pages:
            page.contents_coalesce()
            once = page.Contents.read_bytes()
            again = b"q\n" + once + b"\nQ q 1 0 0 1 .3 0 cm\n" + once + b"\nQ\n"
            page.Contents = document.make_stream(again)
        document.save(out)


def watermark(source, out):
    def behind(page):
        middle = pymupdf.Point(120, 560)
        turned = (middle, pymupdf.Matrix(-45))
        page.insert_text(middle, "PROJET", fontsize=130, color=(0.85,) * 3, morph=turned, overlay=False)

    _each(source, out, behind)


def bar(source, out):
    def cover(page):
        for box in page.search_for(SECRET):
            page.draw_rect(box + (-1, -1, 1, 1), fill=(0, 0, 0), color=None)

    _each(source, out, cover)


def marker(source, out):
    def cover(page):
        for box in page.search_for(SECRET):
            note = page.add_highlight_annot(box)
            note.set_colors(stroke=(0, 0, 0))
            note.update()

    _each(source, out, cover)


def white(source, out):
    _each(source, out, lambda page: page.insert_text((60, 815), UNSEEN, color=(1, 1, 1)))


def pasted(source, out):
    """The first article is a picture between typed lines."""
    document = pymupdf.open(source)
    page = document[1]
    (first, *_), (second, *_) = page.search_for("Article 1"), page.search_for("Article 2")
    place = pymupdf.Rect(30, first.y0 - 3, 565, second.y0 - 3)
    pixels = page.get_pixmap(dpi=DPI, clip=place, colorspace=pymupdf.csGRAY)
    page.add_redact_annot(place)
    page.apply_redactions()
    page.insert_image(place, pixmap=pixels)
    document.save(out, garbage=3)


def reduced(source, out):
    _scanned(source, out, pymupdf.Rect(104, 147, 491, 694), footer=1)


def stamped(source, out):
    """A scan under a footer of four hundred letters and the stamps of reception."""
    _scanned(source, out, A4, footer=4, stamps=STAMP)


def faint(source, out):
    _scanned(source, out, A4, tone=lambda picture: picture.point(lambda tone: 235 - (255 - tone) // 5))


def inverted(source, out):
    _scanned(source, out, A4, tone=ImageOps.invert)


def two_up(source, out):
    made, document = pymupdf.open(source), pymupdf.open()
    sheet = document.new_page(width=1190, height=842)
    for number in range(2):
        sheet.show_pdf_page(A4 + (595 * number, 0, 595 * number, 0), made, number)
    document.save(out)


def outlines(source, out):
    """Letters as shapes, beside a typed footer."""
    shapes = source.with_name(source.stem + "-shapes.pdf")
    producers.distilled(source, shapes, "-dNoOutputFonts")
    _each(shapes, out, lambda page: page.insert_text((40, 825), FOOTER[:90], fontsize=7))


def _each(source, out, change):
    document = pymupdf.open(source)
    for page in document:
        page.wrap_contents()
        change(page)
    document.save(out)


def _scanned(source, out, place, tone=lambda picture: picture, footer=0, stamps=()):
    made, document = pymupdf.open(source), pymupdf.open()
    for page in made:
        pixels = page.get_pixmap(dpi=DPI, colorspace=pymupdf.csGRAY)
        picture = tone(Image.frombytes("L", (pixels.width, pixels.height), pixels.samples))
        picture = Image.blend(picture, Image.effect_noise(picture.size, 12), 0.05)
        file = out.with_suffix(".jpg")
        picture.save(file, quality=75)
        sheet = document.new_page(width=A4.width, height=A4.height)
        sheet.insert_image(place, filename=file)
        for row, line in enumerate(textwrap.wrap(FOOTER, 140)[:footer]):
            sheet.insert_text((30, 800 + 8 * row), line, fontsize=6.5)
        for row, line in enumerate(stamps):
            sheet.insert_text((440, 14 + 8 * row), line, fontsize=7)
    document.save(out)


# Defect: what is done, whether « er » is raised, and the words that nobody sees after it.
ALL = {
    "none": (none, False, ()),
    "raised er": (none, True, ()),
    "imitated bold": (bold, False, ()),
    "watermark": (watermark, False, ()),
    "black bar": (bar, False, (SECRET,)),
    "black marker": (marker, False, (SECRET,)),
    "white words": (white, False, (UNSEEN,)),
    "two-up A3": (two_up, True, ()),
    "pasted scan": (pasted, False, ()),
    "reduced scan": (reduced, False, ()),
    "stamped scan": (stamped, False, ()),
    "faint scan": (faint, False, ()),
    "inverted scan": (inverted, False, ()),
    "outlines": (outlines, False, ()),
}
