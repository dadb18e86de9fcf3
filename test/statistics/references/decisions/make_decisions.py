"""Writes the reference numbers of statsmodels and SciPy beside this file. Running the tests needs neither.

python make_decisions.py
"""
import json
import math

import numpy as np
import scipy
import statsmodels
from scipy import stats
from statsmodels.stats.weightstats import ttost_ind

rng = np.random.default_rng(20260105)
cases = []
for size, shift in ((8, 0.0), (60, 0.05), (200, -0.3), (400, 0.01), (400, 0.4)):
    control = [float(v) for v in np.round(rng.normal(10, 1.5, size), 2)]
    treatment = [float(v) for v in np.round(rng.normal(10 + shift, 1.8, size + 5), 2)]
    c, t = np.array(control), np.array(treatment)
    a, b = t.var(ddof=1) / len(t), c.var(ddof=1) / len(c)
    df = (a + b) ** 2 / (a**2 / (len(t) - 1) + b**2 / (len(c) - 1))
    results = []
    for margin in (0.1, 0.5):
        p, lower, upper = ttost_ind(t, c, -margin, margin, usevar="unequal")
        # One-sided p against -margin (greater) and +margin (less), absolute.
        results.append({"scale": "absolute", "margin": margin, "tost": float(p), "aboveLower": float(lower[1]), "belowUpper": float(upper[1])})
    for margin in (0.01, 0.06):
        statistic = lambda m: (t.mean() - (1 + m) * c.mean()) / math.sqrt(a + (1 + m) ** 2 * b)
        above, below = float(stats.t.sf(statistic(-margin), df)), float(stats.t.cdf(statistic(margin), df))
        results.append({"scale": "relative", "margin": margin, "tost": max(above, below), "aboveLower": above, "belowUpper": below})
    for result in results:
        margin = result["margin"]
        m = margin if result["scale"] == "absolute" else margin
        if result["scale"] == "absolute":
            better = stats.ttest_ind(t - m, c, equal_var=False, alternative="greater").pvalue
            worse = stats.ttest_ind(t + m, c, equal_var=False, alternative="less").pvalue
        else:
            statistic = lambda k: (t.mean() - (1 + k) * c.mean()) / math.sqrt(a + (1 + k) ** 2 * b)
            better, worse = stats.t.sf(statistic(m), df), stats.t.cdf(statistic(-m), df)
        result["superiorHigher"] = float(better)
        result["superiorLower"] = float(worse)
    cases.append({"control": control, "treatment": treatment, "results": results})
with open("decisions.json", "w") as file:
    json.dump({"madeWith": f"SciPy {scipy.__version__}, statsmodels {statsmodels.__version__}", "cases": cases}, file)
    file.write("\n")
