#!/usr/bin/env python3
"""Readers of a running site: how long pages take for one, and for many at once.

    readers.py http://127.0.0.1:8080 [--readers 200] [--seconds 30] [--beside 'guetteur crawl --full']

Asks pages of all kinds in turn, first as one reader, then as many, while the command runs over and over.
Prints medians, 99th percentiles and time-outs. The site must be started with
GUETTEUR_SITE_CLIENT_HEADER=x-forwarded-for and GUETTEUR_SITE_REQUESTS_PER_MINUTE=0: all readers come from
one address here.
"""

import argparse
import http.client
import shlex
import subprocess
import threading
import time
from urllib.parse import urlsplit

PAGES = [
    "/", "/recherche?q=drone", "/recherche?categorie=videoprotection", "/recherche.atom?categorie=drone",
    "/prefecture/34", "/prefecture/34.atom", "/couverture", "/statistiques", "/methode", "/donnees",
    "/api/v1/search?categorie=drone", "/recherche.csv?categorie=drone", "/healthz", "/acte/1", "/recueil/1",
]
PATIENCE = 30


def ask(host, readers, seconds):
    """Times of all answers, in seconds, and of those that were none: late, cut, or not of status 200."""
    times, failed, lock, end = [], [], threading.Lock(), time.monotonic() + seconds

    def read(nth):
        connection, turn = None, nth
        while time.monotonic() < end:
            page, turn = PAGES[turn % len(PAGES)], turn + 1
            start = time.monotonic()
            try:
                connection = connection or http.client.HTTPConnection(host, timeout=PATIENCE)
                headers = {"x-forwarded-for": f"198.51.100.{nth % 250}", "connection": "keep-alive"}
                connection.request("GET", page, headers=headers)
                answer = connection.getresponse()
                answer.read()
                good = answer.status == 200
            except (OSError, http.client.HTTPException):
                good, connection = False, None
            took = time.monotonic() - start
            with lock:
                (times if good else failed).append(took)

    threads = [threading.Thread(target=read, args=(nth,)) for nth in range(readers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(times), failed


def told(name, times, failed):
    if not times:
        raise SystemExit(f"{name}: no answer, {len(failed)} failed: is it there, and without limits?")
    at = lambda percent: times[(len(times) - 1) * percent // 100] * 1000
    print(f"{name}: {len(times)} answers, median {at(50):.0f} ms, p99 {at(99):.0f} ms, "
          f"{len(failed)} failed")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("site")
    parser.add_argument("--readers", type=int, default=200)
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--beside", help="a command that runs meanwhile, over and over")
    given = parser.parse_args()
    host = urlsplit(given.site).netloc
    ask(host, 1, 2)
    told("one reader", *ask(host, 1, given.seconds))
    stop = threading.Event()

    def beside():
        while given.beside and not stop.is_set():
            subprocess.run(shlex.split(given.beside), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    crawl = threading.Thread(target=beside)
    crawl.start()
    told(f"{given.readers} readers", *ask(host, given.readers, given.seconds))
    stop.set()
    crawl.join()


if __name__ == "__main__":
    main()
