"""What tea-tasting 1.14.0 (MIT) says of units.csv, over Polars: writes answers.json beside it.

The units are 400 of the bench's (test/bench/experiments/units-sql.ts), written once. pip install -r test/bench/peers/requirements-experiments.txt
"""

import json
from pathlib import Path

import polars as pl
import tea_tasting as tt

HERE = Path(__file__).parent
MEANS = ["visits", "gmv", "orders", "margin", "items", "refunds", "messages", "shipping", "kept"]
metrics = {name: tt.Mean(name, f"{name}_before") for name in MEANS}
experiment = tt.Experiment(metrics | {"late": tt.RatioOfMeans("late_orders", "orders_due")}, variant="arm")
result = experiment.analyze(pl.read_csv(HERE / "units.csv"), control="control")
answers = {
    name: [float(one.effect_size), float(one.effect_size_ci_lower), float(one.effect_size_ci_upper), float(one.pvalue)]
    for name, one in result.items()
}
(HERE / "answers.json").write_text(json.dumps(answers, indent=2) + "\n")
