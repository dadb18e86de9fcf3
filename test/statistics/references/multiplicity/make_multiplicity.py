"""Writes sidak.json, intervals.json and dunnett.json beside this file. Needs statsmodels and mpmath; running the tests needs neither.

python make_multiplicity.py
"""
import json
import math
import random

import mpmath
import numpy as np
import scipy
import statsmodels
from mpmath import mp, mpf
from scipy import stats
from statsmodels.stats.multitest import multipletests

mp.dps = 25
random.seed(64)


def write(name, made_with, cases):
    lines = ",\n".join(json.dumps(case) for case in cases)
    with open(name, "w") as file:
        file.write(f'{{"madeWith": {json.dumps(made_with)}, "cases": [\n{lines}\n]}}\n')


def sidak():
    cases = []
    for i in range(20):
        p = [round(random.random() ** random.choice([1, 3]), 6) for _ in range(random.choice([1, 2, 5, 9, 30]))]
        adjusted = lambda method: [float(v) for v in multipletests(p, method=method)[1]]
        # Neither of the last two is in statsmodels: from their definitions.
        order = np.argsort(p)
        stepped = -np.expm1(np.log1p(-np.array(p)[order]) * np.arange(len(p), 0, -1))
        up = np.empty(len(p))
        up[order] = np.minimum.accumulate(stepped[::-1])[::-1]
        cases.append({"pValues": p, "sidak": adjusted("sidak"), "holm-sidak": adjusted("holm-sidak"), "hochberg-sidak": [float(v) for v in up],
                      "fixed-sequence": [float(v) for v in np.maximum.accumulate(p)]})
    write("sidak.json", f"statsmodels {statsmodels.__version__}, NumPy {np.__version__}", cases)


def intervals():
    """Compatible intervals from their definitions, by R's and SciPy's quantiles."""
    cases = []
    for i in range(30):
        m = random.choice([2, 3, 5])
        comparisons = [{"estimate": round(random.gauss(1.2, 1.5), 3), "standardError": round(random.uniform(0.2, 0.9), 3)} for _ in range(m)]
        if i % 3 == 0:
            for c in comparisons:
                c["degreesOfFreedom"] = random.choice([4, 17, 60])
        alternative = random.choice(["two-sided", "greater", "less"])
        law = lambda c: stats.t(c["degreesOfFreedom"]) if "degreesOfFreedom" in c else stats.norm
        ts = [c["estimate"] / c["standardError"] for c in comparisons]
        p = [float({"two-sided": 2 * law(c).sf(abs(t)), "greater": law(c).sf(t), "less": law(c).cdf(t)}[alternative]) for c, t in zip(comparisons, ts)]

        def own(c, a):
            spread = c["standardError"] * law(c).isf(a / 2 if alternative == "two-sided" else a)
            return [None if alternative == "less" else float(c["estimate"] - spread), None if alternative == "greater" else float(c["estimate"] + spread)]

        def side(c):
            above = alternative == "greater" or (alternative == "two-sided" and c["estimate"] > 0)
            return [0.0, None] if above else [None, 0.0]

        holm = multipletests(p, method="holm")[1]
        rejected = [bool(v < 0.05) for v in holm]
        left = m - sum(rejected)
        holm_ends = []
        for c, out in zip(comparisons, rejected):
            if not out:
                holm_ends.append(own(c, 0.05 / left))
            elif left > 0:
                holm_ends.append(side(c))
            else:
                ends, zero = own(c, 0.05 / m), side(c)
                if zero[0] is not None:
                    ends[0] = max(0.0, ends[0])
                if zero[1] is not None:
                    ends[1] = min(0.0, ends[1])
                holm_ends.append(ends)
        bh = multipletests(p, method="fdr_bh")[1]
        found = [bool(v < 0.05) for v in bh]
        fcr = [own(c, 0.05 * sum(found) / m) if out else None for c, out in zip(comparisons, found)]
        by = [bool(v < 0.05) for v in multipletests(p, method="fdr_by")[1]]
        price = sum(1 / k for k in range(1, m + 1))
        fcr_any = [own(c, 0.05 * sum(by) / m / price) if out else None for c, out in zip(comparisons, by)]
        cases.append({"comparisons": comparisons, "alternative": alternative, "pValues": p, "bonferroni": [own(c, 0.05 / m) for c in comparisons],
                      "sidak": [own(c, 1 - 0.95 ** (1 / m)) for c in comparisons], "holm": holm_ends, "benjamini-hochberg": fcr, "benjamini-yekutieli": fcr_any})
    write("intervals.json", f"SciPy {scipy.__version__}, statsmodels {statsmodels.__version__}", cases)


def survival(t, loadings, df, sides):
    """The tail of the largest statistic, by Gauss-Legendre panels over z and over s, to about 1e-14."""
    nodes, weights = np.polynomial.legendre.leggauss(40)

    def panels(low, high, count):
        edges = np.linspace(low, high, count + 1)
        half = np.diff(edges) / 2
        return ((edges[:-1] + half)[:, None] + half[:, None] * nodes).ravel(), (half[:, None] * weights).ravel()

    def at(c):
        z, w = panels(-11, 11 + max(0.0, min(c, 30)), 60)
        log_kept = np.zeros_like(z)
        for loading in loadings:
            rest = math.sqrt(1 - loading**2)
            beyond = stats.norm.sf((c - loading * z) / rest)
            if sides == 2:
                beyond = beyond + stats.norm.cdf((-c - loading * z) / rest)
            log_kept += np.log1p(-np.minimum(beyond, 1 - 1e-300))
        return float((w * np.exp(-z * z / 2) * -np.expm1(log_kept)).sum() / math.sqrt(2 * math.pi))

    if df is None:
        return at(t)
    low, high = math.sqrt(stats.chi2.ppf(1e-18, df) / df), math.sqrt(stats.chi2.isf(1e-18, df) / df)
    s, w = panels(low * 0.2, high * 1.1, 8)
    density = stats.chi2.pdf(s * s * df, df) * 2 * s * df
    return float(sum(wi * di * at(t * si) for si, wi, di in zip(s, w, density)))


def dunnett():
    cases = []
    for i in range(36):
        k = random.choice([1, 2, 3, 5, 8])
        n0 = random.choice([4, 10, 50, 1000])
        loadings = [math.sqrt(n / (n + n0)) for n in [random.choice([3, 10, 10, 40, 900]) for _ in range(k)]]
        df = random.choice([3, 8, 20, 60, 500, None])
        t = round(random.uniform(0.3, 5), 4)
        sides = random.choice([1, 2])
        case = {"loadings": loadings, "t": t, "sides": sides, "survival": survival(t, loadings, df, sides)}
        if df is not None:
            case["degreesOfFreedom"] = df
        cases.append(case)
    # Known values: one treatment is Student's t; table values of Dunnett (1964) to two decimals are in the test.
    for df, t in [(1, 3.0), (3, 20.0), (7, 60.0), (30, 12.0)]:
        law = lambda x: mpmath.betainc(mpf(df) / 2, mpf(1) / 2, 0, df / (df + mpf(x) ** 2), regularized=True)
        cases.append({"loadings": [0.6], "t": t, "sides": 2, "degreesOfFreedom": df, "survival": float(law(t))})
    write("dunnett.json", f"NumPy {np.__version__}, SciPy {scipy.__version__}, mpmath {mpmath.__version__}", cases)


if __name__ == "__main__":
    sidak()
    intervals()
    dunnett()
