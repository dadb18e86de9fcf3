"""Three candidates against each other, by SciPy and statsmodels: writes pair-units.csv and pairs.json beside it.

Means by Welch, shares by the pooled z test (whose square is the score test of no difference), ratios by the delta method with Welch's degrees of freedom; Holm over the
pairs and the metrics of a role. pip install scipy pandas statsmodels
"""

import json
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportions_ztest

HERE = Path(__file__).parent
ARMS = {"control": (20.0, 0.5, 0.1), "soft": (20.6, 0.55, 0.1), "firm": (21.8, 0.56, 0.12), "hard": (20.1, 0.4, 0.16)}

random = np.random.default_rng(5)
arm = np.array(list(ARMS))[np.arange(1200) % 4]
sales, kept, late = (np.array([ARMS[name][i] for name in arm]) for i in range(3))
orders = random.poisson(12, len(arm)) + 1
frame = pd.DataFrame({
    "unit": [f"u{i}" for i in range(len(arm))],
    "arm": arm,
    "sales": random.normal(sales, 5).round(3),
    "kept": (random.uniform(size=len(arm)) < kept).astype(int),
    "orders": orders,
    "late": random.binomial(orders, late),
})
frame.to_csv(HERE / "pair-units.csv", index=False)
read = pd.read_csv(HERE / "pair-units.csv")


def mean(base, own):
    test = stats.ttest_ind(own.sales, base.sales, equal_var=False)
    low, high = test.confidence_interval(0.95)
    return own.sales.mean() - base.sales.mean(), low, high, test.pvalue


def share(base, own):
    _, p = proportions_ztest([own.kept.sum(), base.kept.sum()], [len(own), len(base)])
    return own.kept.mean() - base.kept.mean(), None, None, p


def ratio(base, own):
    def side(group):
        value = group.late.sum() / group.orders.sum()
        linear = (group.late - value * group.orders) / group.orders.mean()
        return value, linear.var(ddof=1) / len(group), len(group) - 1

    (b, vb, db), (o, vo, do) = side(base), side(own)
    error = np.sqrt(vb + vo)
    degrees = (vb + vo) ** 2 / (vb**2 / db + vo**2 / do)
    reach = stats.t.ppf(0.975, degrees) * error
    return o - b, o - b - reach, o - b + reach, 2 * stats.t.sf(abs(o - b) / error, degrees)


METRICS = {"sales": ("primary", mean), "kept": ("primary", share), "late": ("guardrail", ratio)}
rows = [
    {"base": base, "arm": own, "metric": metric, "role": role, **dict(zip(("difference", "lower", "upper", "p"), told(read[read.arm == base], read[read.arm == own])))}
    for base, own in combinations(list(ARMS)[1:], 2)
    for metric, (role, told) in METRICS.items()
]
for role in ("primary", "guardrail"):
    family = [row for row in rows if row["role"] == role]
    for row, adjusted in zip(family, multipletests([row["p"] for row in family], method="holm")[1]):
        row["adjusted"] = adjusted
clean = [{key: float(value) if isinstance(value, (float, np.floating)) else value for key, value in row.items()} for row in rows]
(HERE / "pairs.json").write_text(json.dumps(clean, indent=1) + "\n")
