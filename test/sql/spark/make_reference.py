"""Has Spark parse and run the library's statements, compares what they give with what the kernels give, and writes down which it took.

    pip install pyspark==4.0.1          (with Java 17 or 21)
    npx tsc && node dist/test/sql/spark/spark-statements.js FOLDER
    python test/sql/spark/make_reference.py FOLDER > test/sql/spark/reference.json
"""

import collections
import json
import pathlib
import sys

from pyspark.sql import SparkSession


def literal_of(value):
    """Infinities come as {"number": "Infinity"}."""
    if isinstance(value, dict):
        return float(value["number"])
    return value if isinstance(value, str) else float(value)


def arguments_of(statement):
    return [literal_of(value) for value in statement["parameters"]]


def main(folder):
    spark = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "1")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("ERROR")
    parser = spark._jsparkSession.sessionState().sqlParser()
    taken = {}
    for own in sorted(path for path in pathlib.Path(folder).iterdir() if path.is_dir()):
        told = json.loads((own / "statements.json").read_text())
        for name in ("panel", "events", "outcomes"):
            if not any((own / name).rglob("*.parquet")):
                continue
            spark.read.parquet(str(own / name)).createOrReplaceTempView(name)
        for name in ("rows", "totals", "pairs"):
            parser.parsePlan(told[name]["sql"])
        expected = {(row[0], row[1]): tuple(row[2:]) for row in json.loads((own / "expected.json").read_text())}
        rows = spark.sql(told["rows"]["sql"], args=arguments_of(told["rows"])).collect()
        found = {(row["entity"], row["period"]): tuple(row)[2:] for row in rows}
        apart = [key for key in expected if found.get(key) != expected[key]]
        if apart or len(rows) != len(expected):
            key = apart[0] if apart else None
            sys.exit(f"{told['reference']}: {len(apart)} of {len(expected)} rows differ: {key} {found.get(key)} {expected.get(key)}")
        counts = collections.Counter((key[1], row[3]) for key, row in expected.items())
        totals = spark.sql(told["totals"]["sql"], args=arguments_of(told["totals"])).collect()
        if {(row["period"], row["held"]): row["entities"] for row in totals} != dict(counts):
            sys.exit(f"{told['reference']}: the sums differ")
        pairs = spark.sql(told["pairs"]["sql"], args=arguments_of(told["pairs"])).collect()
        # Columns: part, group, period, both tiers, entities, gmv. Part 0 is each period's own.
        if {tuple(row)[2:6] for row in pairs if row[0] == 0} != {tuple(row) for row in json.loads((own / "pairs.json").read_text())}:
            sys.exit(f"{told['reference']}: the pairs differ")
        groups = [tuple(row)[:2] + tuple(row)[3:7] for row in pairs if row[0] > 0]
        if sorted(groups, key=str) != sorted((tuple(row) for row in json.loads((own / "groups.json").read_text())), key=str):
            sys.exit(f"{told['reference']}: the groups differ")
        print(f"{told['reference']}: {len(rows)} rows", file=sys.stderr)
        taken[told["reference"]] = {"statements": told["digest"], "rows": len(rows)}
    print(json.dumps({"spark": spark.version, "taken": taken}, indent=2))


main(sys.argv[1])
