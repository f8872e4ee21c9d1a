"""Until how many workers the database is not the limit: a model of the queue from 1 to 64 workers.

    python3 benches/workers/model.py [--worker-ms 19] [--database-ms 6.8] [--numbering-us 57] [--cores 2]

A discrete-event model of what the program does. Each worker has a core of its own and does bulletin after
bulletin: claims one, reads it, stores its pages, claims it again, cuts it, and stores its acts in a transaction
that numbers them; what it asks of the database takes one of the server's cores, first come, first served, and the
numbering the one lock that all share. Each commit waits for the disk, beside others. A lease is renewed every
20 seconds. The numbers are those of one worker that `make bench-workers` measured (worker_cpu_s,
database_cpu_ms, numbering_us). How long the work takes varies as it does in life (log-normal); the same dice each
time. `held`: as before commit f4a9530, when the number came from a row that was locked until the commit.

Prints, for bulletins whose text is in the PDF, and for those of which half are scans: workers, bulletins a
second, how many times one worker's, the share of the server's cores that is busy, and the milliseconds
that a bulletin waited for the database or a lock, on average and at most.
"""

import argparse
import heapq
import random
from collections import deque

# Of what the database does for a bulletin: two claims, the pages, the acts before and after their numbers.
SHARES = {"claim": 0.10, "pages": 0.35, "again": 0.10, "acts": 0.30, "rest": 0.15}
COMMIT_MS = 2.0
RENEWAL_MS, RENEWED_EVERY_MS = 0.3, 20_000.0
# Half of 61 pages, two thirds of a second each.
OCR_MS = 0.5 * 61 * 667.0
BULLETINS_OF_A_WORKER = 400


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--worker-ms", type=float, default=19.0)
    parser.add_argument("--database-ms", type=float, default=6.8)
    parser.add_argument("--numbering-us", type=float, default=57.0)
    parser.add_argument("--cores", type=int, default=2)
    given = parser.parse_args()
    for title, ocr, held in (("text", 0.0, False), ("text, held", 0.0, True), ("half scans", OCR_MS, False)):
        print(f"{title}\n{'workers':>8}{'a second':>10}{'times one':>11}{'busy':>7}{'waited ms':>11}{'at most':>9}")
        one = None
        for workers in (1, 2, 4, 8, 16, 24, 32, 48, 64):
            rate, busy, mean, most = Model(given, workers, ocr, held).run()
            one = one or rate
            print(f"{workers:8}{rate:10.1f}{rate / one:11.1f}{busy:7.0%}{mean:11.2f}{most:9.1f}")
        print()


class Station:
    """So many places; who comes when all are taken waits in turn."""

    def __init__(self, places):
        self.free, self.queue, self.busy_ms = places, deque(), 0.0


class Model:
    def __init__(self, given, workers, ocr, held):
        self.dice = random.Random(17)
        self.given, self.workers, self.ocr, self.held = given, workers, ocr, held
        self.now, self.events, self.order = 0.0, [], 0
        self.database, self.lock = Station(given.cores), Station(1)
        self.waits, self.done = [], 0

    def run(self):
        goal = self.workers * BULLETINS_OF_A_WORKER
        for _ in range(self.workers):
            # They did not all begin at the same moment.
            self.later(self.dice.uniform(0, self.given.worker_ms), self.worker())
        while self.done < goal:
            self.now, _, process = heapq.heappop(self.events)
            self.step(process)
        busy = self.database.busy_ms / (self.now * self.given.cores)
        return self.done / self.now * 1000, busy, sum(self.waits) / len(self.waits), max(self.waits)

    def worker(self):
        """What one worker does, as a list of what it waits for: (where, for how long)."""
        given, numbering = self.given, self.given.numbering_us / 1000
        asks = {name: share * given.database_ms for name, share in SHARES.items()}
        while True:
            waited = 0.0
            waited += yield "database", asks["claim"]
            work = self.work(given.worker_ms * 0.8) + (self.work(self.ocr) if self.ocr else 0.0)
            for _ in range(int(work / RENEWED_EVERY_MS)):
                yield "own", RENEWED_EVERY_MS
                waited += yield "database", RENEWAL_MS
            yield "own", work % RENEWED_EVERY_MS
            waited += yield "database", asks["pages"]
            yield "own", COMMIT_MS
            waited += yield "database", asks["again"]
            yield "own", self.work(given.worker_ms * 0.2)
            if self.held:
                waited += yield "take", 0.0
                waited += yield "database", asks["acts"] + numbering + asks["rest"]
                yield "own", COMMIT_MS
                yield "give", 0.0
            else:
                waited += yield "database", asks["acts"]
                waited += yield "take", 0.0
                waited += yield "database", numbering
                yield "give", 0.0
                waited += yield "database", asks["rest"]
                yield "own", COMMIT_MS
            self.waits.append(waited)
            self.done += 1

    def work(self, mean):
        return mean * self.dice.lognormvariate(-0.32, 0.8)

    def later(self, after, process, value=None):
        self.order += 1
        heapq.heappush(self.events, (self.now + after, self.order, (process, value)))

    def step(self, event):
        process, value = event
        if callable(process):
            process()
            return
        where, how_long = process.send(value)
        if where == "own":
            self.later(how_long, process, 0.0)
        elif where == "database":
            self.come(self.database, process, how_long)
        elif where == "take":
            self.come(self.lock, process, None)
        else:
            self.leave(self.lock)
            self.later(0.0, process, 0.0)

    def come(self, station, process, how_long):
        if station.free:
            station.free -= 1
            self.begin(station, process, how_long, self.now)
        else:
            station.queue.append((process, how_long, self.now))

    def begin(self, station, process, how_long, came):
        """A lock is given back by who has it; a core when its work is done."""
        waited = self.now - came
        if how_long is None:
            self.later(0.0, process, waited)
            return
        station.busy_ms += how_long
        self.later(how_long, process, waited)
        self.later(how_long, lambda: self.leave(station))

    def leave(self, station):
        if station.queue:
            self.begin(station, *station.queue.popleft())
        else:
            station.free += 1


if __name__ == "__main__":
    main()
