"""Words that were found, and words that are there, as bags a page."""

import re
from collections import Counter

# Letters and digits, as the reader's own tests count them.
WORD = re.compile(r"[^\W_]+")


def words(text):
    return Counter(WORD.findall(text.lower()))


def score(truth, pages):
    """Recall and precision over all pages, in percent; pages in excess count against precision."""
    hits = wanted = found = 0
    for number in range(max(len(truth), len(pages))):
        want = words(truth[number]) if number < len(truth) else Counter()
        have = words(pages[number]) if number < len(pages) else Counter()
        hits += (want & have).total()
        wanted += want.total()
        found += have.total()
    return 100 * hits / max(wanted, 1), 100 * hits / max(found, 1)
