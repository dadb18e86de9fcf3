"""Units in two experiments at once, by statsmodels and SciPy: writes interaction-units.csv and interactions.json beside it.

Means and shares by least squares on every cell with HC2 errors, ratios by the delta method; Student's t at Satterthwaite's degrees of freedom over the four cells (shares by the normal); Holm over
all tests; the independence of the two deals by Pearson's chi-squared. pip install scipy pandas statsmodels
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import statsmodels.formula.api as smf
from scipy import stats
from statsmodels.stats.multitest import multipletests

HERE = Path(__file__).parent
random = np.random.default_rng(21)
count = 1500
arm = np.where(random.uniform(size=count) < 0.5, "gentle", "control")
other = np.array(["control", "loud", "quiet", ""])[random.choice(4, count, p=[0.4, 0.25, 0.2, 0.15])]
both = ((arm == "gentle") & (other == "loud")).astype(float)
orders = random.poisson(9, count) + 1
frame = pd.DataFrame({
    "unit": [f"u{i}" for i in range(count)],
    "arm": arm,
    "other": other,
    "sales": (random.normal(20, 5, count) + (arm == "gentle") - 2.5 * both).round(3),
    "kept": (random.uniform(size=count) < 0.5 + 0.05 * (arm == "gentle")).astype(int),
    "orders": orders,
    "late": random.binomial(orders, 0.1 + 0.05 * both),
})
frame.to_csv(HERE / "interaction-units.csv", index=False)
read = pd.read_csv(HERE / "interaction-units.csv", keep_default_na=False)


def ratio_cell(cell):
    value = cell.late.sum() / cell.orders.sum()
    linear = (cell.late - value * cell.orders) / cell.orders.mean()
    return value, linear.var(ddof=1) / len(cell), len(cell) - 1


def mean_cell(name):
    return lambda cell: (cell[name].mean(), cell[name].var(ddof=1) / len(cell), len(cell) - 1)


CELLS = {"sales": mean_cell("sales"), "kept": mean_cell("kept"), "late": ratio_cell}
rows = []
for treated in ("loud", "quiet"):
    part = read[read.other.isin(["control", treated])]
    for metric, of in CELLS.items():
        cells = {(a, o): of(part[(part.arm == a) & (part.other == o)]) for a in ("control", "gentle") for o in ("control", treated)}
        value = cells["gentle", treated][0] - cells["control", treated][0] - cells["gentle", "control"][0] + cells["control", "control"][0]
        variances = [cell[1] for cell in cells.values()]
        error = np.sqrt(sum(variances))
        degrees = np.inf if metric == "kept" else sum(variances) ** 2 / sum(cell[1] ** 2 / cell[2] for cell in cells.values())
        if metric != "late":
            fit = smf.ols(f"{metric} ~ C(arm) * C(other, Treatment('control'))", data=part).fit(cov_type="HC2")
            assert abs(fit.params.iloc[-1] - value) < 1e-9 and abs(fit.bse.iloc[-1] - error) < 1e-9
        reach = stats.t.ppf(0.975, degrees) * error
        rows.append({"other": treated, "metric": metric, "value": value, "lower": value - reach, "upper": value + reach, "p": 2 * stats.t.sf(abs(value) / error, degrees), "units": len(part)})
for row, adjusted in zip(rows, multipletests([row["p"] for row in rows], method="holm")[1]):
    row["adjusted"] = adjusted
table = pd.crosstab(read.arm, read.other)[["control", "loud", "quiet"]]
answers = {"rows": [{key: value if isinstance(value, (str, int)) else float(value) for key, value in row.items()} for row in rows], "independence": float(stats.chi2_contingency(table, correction=False).pvalue), "units": int(table.to_numpy().sum())}
(HERE / "interactions.json").write_text(json.dumps(answers, indent=1) + "\n")
