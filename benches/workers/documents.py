"""Bulletins that wait to be read: PDFs with text of their own, and the rows that say where they are."""

import hashlib
import random

WORDS = (
    "arrêté préfet portant autorisation système vidéoprotection commune article sécurité intérieure "
    "considérant demande présentée titulaire enregistrement images conservées jours public notifié"
).split()
LINES, COLUMNS = 40, 60


def pdf(number, pages):
    """Bytes of a PDF with `pages` pages of some 2,400 characters, like no other `number`'s."""
    dice = random.Random(number)
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    objects.append(font)
    kids = []
    for page in range(pages):
        lines = [f"Recueil {number}, page {page + 1}"]
        while len(lines) < LINES:
            line = ""
            while len(line) < COLUMNS:
                line += dice.choice(WORDS) + " "
            lines.append(line)
        text = "".join(f"({line}) Tj T*\n" for line in lines)
        stream = f"BT /F1 9 Tf 50 780 Td 12 TL\n{text}ET".encode("cp1252")
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), pages)
    out, places = bytearray(b"%PDF-1.4\n"), []
    for at, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (at, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def put(archive, count, pages):
    """Puts `count` PDFs into the folder of an archive, and gives the SQL of their rows, fetched and not read."""
    documents, fetches, bulletins = [], [], []
    for number in range(1, count + 1):
        body = pdf(number, pages)
        name = hashlib.sha256(body).hexdigest()
        folder = archive / name[:2] / name[2:4]
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.pdf").write_bytes(body)
        url = f"https://www.banc.example/{number}.pdf"
        documents.append(f"('{name}', {len(body)}, 'stored', now())")
        bulletins.append(
            f"({number}, '{number % 95 + 1:02}', '{url}', 'Recueil {number}', DATE '2026-01-01' + {number % 300}, "
            f"'/', now(), now(), 'fetched', now(), '{name}')"
        )
        fetches.append(f"({number}, '{name}', now(), now(), '{url}', 200)")
    return (
        "INSERT INTO documents (sha256, size_bytes, status, first_seen_at) VALUES " + ", ".join(documents) + ";"
        "INSERT INTO bulletins (id, source_code, url, title, published_on, via, first_seen_at, last_seen_at, stage, "
        "stage_at, document_sha256) VALUES " + ", ".join(bulletins) + ";"
        "INSERT INTO fetches (bulletin_id, document_sha256, first_fetched_at, last_fetched_at, final_url, "
        "http_status) VALUES " + ", ".join(fetches)
    )
