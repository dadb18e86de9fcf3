"""Secondary metrics looked at together, by SciPy and statsmodels: writes family-units.csv and families.json beside it.

Intervals that agree with the adjusted p-values: of Benjamini and Hochberg those of Benjamini and Yekutieli (2005) at 1 - R (1 - level) / m for the R
rejected; of Holm those of Strassburger and Bretz (2008). pip install scipy pandas statsmodels
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.multitest import multipletests

HERE = Path(__file__).parent
EFFECTS = {"visits": 0.75, "orders": 0.42, "messages": -0.38, "returns": 0.44, "ratings": 0.1, "questions": 0.0}
LEVEL = 0.95

random = np.random.default_rng(11)
units = 200
arm = np.where(np.arange(units) % 2 == 0, "control", "gentle")
columns = {name: random.normal(5 + effect * (arm == "gentle"), 1).round(3) for name, effect in EFFECTS.items()}
pd.DataFrame({"unit": [f"u{i}" for i in range(units)], "arm": arm, **columns}).to_csv(HERE / "family-units.csv", index=False)
read = pd.read_csv(HERE / "family-units.csv")
tests = [
    stats.ttest_ind(read[read.arm == "gentle"][name], read[read.arm == "control"][name], equal_var=False) for name in EFFECTS
]


def interval(test, alpha: float) -> list[float]:
    found = test.confidence_interval(1 - alpha)
    return [float(found.low), float(found.high)]


def told(method: str) -> list[dict]:
    rejected, adjusted, *_ = multipletests([test.pvalue for test in tests], alpha=1 - LEVEL, method=method)
    count, m = int(rejected.sum()), len(tests)
    rows = []
    for test, is_rejected, p in zip(tests, rejected, adjusted):
        if method == "fdr_bh":
            ends = interval(test, (1 - LEVEL) * count / m) if is_rejected else None
        elif not is_rejected:
            ends = interval(test, (1 - LEVEL) / (m - count))
        elif count < m:
            ends = [0.0, None] if test.statistic > 0 else [None, 0.0]
        else:
            low, high = interval(test, (1 - LEVEL) / m)
            ends = [max(0.0, low), high] if test.statistic > 0 else [low, min(0.0, high)]
        rows.append({"p": float(p), "rejected": bool(is_rejected), "ends": ends})
    return rows


answers = {"benjamini-hochberg": told("fdr_bh"), "holm": told("holm")}
(HERE / "families.json").write_text(json.dumps({"plain": [float(test.pvalue) for test in tests], **answers}, indent=1) + "\n")
