"""What every peer shares: its task, the frozen column files, the clock, the answer. The task and the answer are those of contender.ts."""

import json
import platform
import resource
import sys
import time
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pyarrow as pa

FIRST_DAY = 19_597  # the first day of the first week: history-sql.ts
TIERS = {
    "curves": ["gold", "standard", "watch", "restricted", "unrated"],
    "ledger": ["clear", "watched", "restricted", "unrated"],
}
MEASURES = {
    "curves": [
        "orders",
        "due_dispatches",
        "late_dispatches",
        "deliveries",
        "late_deliveries",
        "seller_cancellations",
        "reviews",
        "low_reviews",
    ],
    "ledger": ["orders", "seller_cancellations", "deliveries", "late_deliveries"],
}


def column_files(folder, table):
    """The files of a table of the dataset, in order; the bytes are mapped, not copied."""
    for path in sorted(Path(folder, table).glob("*.arrow")):
        yield pa.ipc.open_file(pa.memory_map(str(path))).read_all()


def column(table, name):
    """A column of numbers as an array, days as day numbers."""
    values = table.column(name).combine_chunks()
    if pa.types.is_date(values.type):
        values = values.view(pa.int32())
    return values.to_numpy(zero_copy_only=False)


def measure(rows, name):
    """A measure as doubles: counts stand in the files as whole numbers of 32 bits."""
    return column(rows, name).astype(np.float64, copy=False)


def happenings(folder):
    """Every violation: seller (over the whole panel), first week in which it counts, first in which it does not, points."""
    sellers, first, after, points = [], [], [], []
    before = 0
    for events, entities in zip(column_files(folder, "events"), column_files(folder, "entities")):
        kind = events.column("kind").combine_chunks()
        is_violation = kind.dictionary.to_pylist().index("violation") == kind.indices.to_numpy()
        appealed = events.column("about").to_numpy()[~is_violation]
        granted = dict(zip(appealed, column(events, "known_on")[~is_violation]))
        ids = events.column("id").to_numpy()[is_violation]
        known = column(events, "known_on")[is_violation]
        last = known + 83
        taken_back = np.array([granted.get(name, end) for name, end in zip(ids, last)])
        sellers.append(events.column("entity").combine_chunks().indices.to_numpy()[is_violation] + before)
        first.append((known - FIRST_DAY) // 7)
        after.append((np.minimum(last, taken_back) - FIRST_DAY) // 7)
        points.append(column(events, "points")[is_violation])
        before += entities.num_rows
    return tuple(np.concatenate(part) for part in (sellers, first, after, points))


def counted(held, policy):
    """Sellers by week and tier, from codes in rows of weeks."""
    tiers = TIERS[policy]
    result = {}
    for week, row in enumerate(held):
        for code, sellers in enumerate(np.bincount(row, minlength=len(tiers))):
            if sellers > 0:
                result[f"{week} {tiers[code]}"] = int(sellers)
    return result


def peak_megabytes():
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def timed(run):
    """Milliseconds on the clock, milliseconds of all threads, and the result."""
    before, cpu_before = time.perf_counter_ns(), time.process_time_ns()
    result = run()
    return (time.perf_counter_ns() - before) / 1e6, (time.process_time_ns() - cpu_before) / 1e6, result


def answer(load, replay, packages):
    """Runs `replay(load(task), task)` cold, then warm on what was loaded, and prints the answer."""
    task = json.loads(sys.argv[1])
    cold, _, (loaded, result) = timed(lambda: load_and_replay(load, replay, task))
    cold_megabytes = peak_megabytes()
    warm, warm_cpu = [], []
    while len(warm) < task["warmRuns"] and sum(warm) < task["warmMilliseconds"]:
        milliseconds, cpu_milliseconds, result = timed(lambda: replay(loaded, task))
        warm.append(milliseconds)
        warm_cpu.append(cpu_milliseconds)
    versions = {"Python": platform.python_version(), **{name: version(name) for name in packages}}
    print(
        json.dumps(
            {
                "cold": cold,
                "warm": warm,
                "warmCpu": warm_cpu,
                "result": result,
                "coldMegabytes": cold_megabytes,
                "peakMegabytes": peak_megabytes(),
                "versions": versions,
            }
        )
    )


def load_and_replay(load, replay, task):
    loaded = load(task)
    return loaded, replay(loaded, task)
