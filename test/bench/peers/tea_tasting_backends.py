"""tea-tasting over one of its backends, from file to answers: prints the JSON of measure.ts (`ExperimentRun`). Arguments: backend, file, warm runs."""

import json
import platform
import resource
import sys
import time
from importlib.metadata import version

import tea_tasting as tt

BACKEND, FILE, WARM_RUNS = sys.argv[1], sys.argv[2], int(sys.argv[3])
IS_PARQUET = FILE.endswith(".parquet")
MEANS = ["visits", "gmv", "orders", "margin", "items", "refunds", "messages", "shipping", "kept"]

# Packages are loaded before the clock starts.
if BACKEND.startswith("polars"):
    import polars as pl

    packages = ["polars"]
elif BACKEND == "pyarrow":
    import pyarrow.csv
    import pyarrow.parquet

    packages = ["pyarrow"]
elif BACKEND == "ibis-duckdb":
    import ibis
    import ibis.backends.duckdb

    packages = ["ibis-framework", "duckdb"]
else:
    import duckdb

    packages = ["narwhals", "duckdb"]


def read():
    if BACKEND == "polars":
        return pl.read_parquet(FILE) if IS_PARQUET else pl.read_csv(FILE)
    if BACKEND == "polars-lazy":
        return pl.scan_parquet(FILE) if IS_PARQUET else pl.scan_csv(FILE)
    if BACKEND == "pyarrow":
        return pyarrow.parquet.read_table(FILE) if IS_PARQUET else pyarrow.csv.read_csv(FILE)
    connection = ibis.duckdb.connect() if BACKEND == "ibis-duckdb" else duckdb.connect()
    return connection.read_parquet(FILE) if IS_PARQUET else connection.read_csv(FILE)


def answers():
    metrics = {name: tt.Mean(name, f"{name}_before") for name in MEANS}
    experiment = tt.Experiment(metrics | {"late": tt.RatioOfMeans("late_orders", "orders_due")}, variant="arm")
    result = experiment.analyze(read(), control="control")
    return {
        name: [float(one.effect_size), float(one.effect_size_ci_lower), float(one.effect_size_ci_upper), float(one.pvalue)]
        for name, one in result.items()
    }


def timed():
    before, cpu_before = time.perf_counter_ns(), time.process_time_ns()
    found = answers()
    return (time.perf_counter_ns() - before) / 1e6, (time.process_time_ns() - cpu_before) / 1e6, found


cold, cold_cpu, found = timed()
warm = [timed()[0] for _ in range(WARM_RUNS)]
print(
    json.dumps(
        {
            "cold": cold,
            "warm": warm,
            "coldCpu": cold_cpu,
            "answers": found,
            "megabytes": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
            "versions": {"Python": platform.python_version(), **{name: version(name) for name in ["tea-tasting", *packages]}},
        }
    )
)
