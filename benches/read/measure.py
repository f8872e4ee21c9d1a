"""Runs a program and tells its wall time, the processor time of all its processes and the largest memory
of any of them."""

import os
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

# The high-water mark never falls: a process that lives longer than this is not missed.
SAMPLE_SECONDS = 0.01


@dataclass
class Run:
    """What one run of a program gave and cost."""

    seconds: float
    peak_mib: float
    output: bytes
    status: int
    # Of all processes of its session, whoever waits for them: what one used after it was last seen, a
    # hundredth of a second at most, is missing.
    cpu_seconds: float = 0.0


def run(command, best_of=1, environment=None):
    """The fastest of some runs; the memory is the largest of all."""
    runs = [_once(command, environment) for _ in range(best_of)]
    fastest = min(runs, key=lambda r: r.seconds)
    peak = max(r.peak_mib for r in runs)
    cpu = min(r.cpu_seconds for r in runs)
    return Run(fastest.seconds, peak, fastest.output, fastest.status, cpu)


def _once(command, environment):
    start = time.perf_counter()
    process = subprocess.Popen(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env={**os.environ, **(environment or {})},
    )
    sampler = _Sampler(process.pid)
    sampler.start()
    output = process.stdout.read()
    status = process.wait()
    seconds = time.perf_counter() - start
    sampler.stop()
    return Run(seconds, sampler.peak_kib / 1024, output, status, sampler.cpu_seconds())


class _Sampler(threading.Thread):
    """Looks at all processes of a session."""

    def __init__(self, session):
        super().__init__(daemon=True)
        self.session = str(session)
        self.peak_kib = 0
        # Clock ticks by process.
        self.ticks = {}
        self.done = threading.Event()

    def run(self):
        while not self.done.wait(SAMPLE_SECONDS):
            for process in Path("/proc").iterdir():
                if process.name.isdigit():
                    self.peak_kib = max(self.peak_kib, self._peak_of(process))

    def _peak_of(self, process):
        try:
            # Field 6, counted from behind the name, which may hold spaces.
            fields = (process / "stat").read_text().rpartition(")")[2].split()
            if fields[3] != self.session:
                return 0
            self.ticks[process.name] = int(fields[11]) + int(fields[12])
            for line in (process / "status").read_text().splitlines():
                if line.startswith("VmHWM:"):
                    return int(line.split()[1])
        except (OSError, IndexError, ValueError):
            pass  # it has ended
        return 0

    def cpu_seconds(self):
        return sum(self.ticks.values()) / os.sysconf("SC_CLK_TCK")

    def stop(self):
        self.done.set()
        self.join()
