"""Writes kolmogorov-smirnov.json, values.json and shares.json beside this file.

python make_distances.py
Values are rounded draws, so that the files stay small and have ties where that is meant.
"""
import itertools
import json
import math
from fractions import Fraction

import numpy as np
import scipy
from scipy import stats
from scipy.spatial.distance import jensenshannon

made_with = f"SciPy {scipy.__version__}, NumPy {np.__version__}"
rng = np.random.default_rng(20)


def write(name, cases):
    with open(f"{name}.json", "w") as file:
        json.dump({"madeWith": made_with, "cases": cases}, file, indent=0)
        file.write("\n")


def exact_by_counting(x, y, side):
    """P(D >= observed) over all labellings, ties kept, by integer counts of paths."""
    n, m = len(x), len(y)
    pooled = sorted(x + y)
    ends = {i + 1 for i in range(n + m) if i == n + m - 1 or pooled[i] != pooled[i + 1]}
    def gap(i, j):
        g = i * m - j * n
        return abs(g) if side == "two-sided" else (g if side == "greater" else -g)
    d = max([gap(sum(v <= t for v in x), sum(v <= t for v in y)) for t in pooled] + [0])
    if d <= 0:
        return 0.0, 1.0
    inside = [[0] * (m + 1) for _ in range(n + 1)]
    for i in range(n + 1):
        for j in range(m + 1):
            paths = 1 if i == j == 0 else (inside[i - 1][j] if i else 0) + (inside[i][j - 1] if j else 0)
            inside[i][j] = 0 if (i + j) in ends and gap(i, j) >= d else paths
    total = math.comb(n + m, n)
    return d / (n * m), float(Fraction(total - inside[n][m], total))


def ks():
    cases = []
    for n, m in [(1, 1), (2, 3), (5, 5), (8, 7), (12, 30), (50, 41), (100, 100), (3, 120)]:
        for shift, digits in [(0.0, 3), (0.8, 3), (3.0, 3), (0.4, 0)]:
            x = [round(float(v), digits) for v in rng.normal(size=n)]
            y = [round(float(v), digits) for v in rng.normal(size=m) + shift]
            ties = len(set(x + y)) < n + m
            row = {"control": x, "treatment": y, "ties": ties, "results": []}
            # SciPy's "greater" means that the first distribution function is the higher one: the second's values are larger, our "greater".
            for alternative in ["two-sided", "greater", "less"]:
                s = stats.ks_2samp(x, y, alternative=alternative, method="exact")
                d, p = exact_by_counting(x, y, alternative)
                assert abs(d - max(s.statistic, 0)) < 1e-12, (d, s.statistic)
                if not ties:
                    assert abs(p - s.pvalue) < 1e-10 * max(p, 1e-3), (p, s.pvalue)
                row["results"].append({"alternative": alternative, "statistic": d, "exact": p, "scipy": None if ties else float(s.pvalue)})
            cases.append(row)
    cases.append({"limit": [[x, float(stats.kstwobign.sf(x))] for x in [0.2, 0.3, 0.5, 0.8, 0.99, 1.0, 1.2, 2.0, 5.0, 12.0]]})
    write("kolmogorov-smirnov", cases)


def values():
    cases = []
    for n, m in [(1, 1), (5, 8), (30, 20), (60, 60)]:
        for scale, digits in [(1, 4), (1e6, 1), (1e-6, 10), (2, 0)]:
            x = [round(float(v), digits) for v in rng.standard_t(2, size=n) * scale]
            y = [round(float(v), digits) for v in rng.standard_t(2, size=m) * scale + scale / 2]
            cases.append({"control": x, "treatment": y, "wasserstein": float(stats.wasserstein_distance(x, y))})
    for k in [2, 5, 40]:
        bins = sorted({round(float(v), 3) for v in rng.gamma(2, size=k)})
        c, t = rng.poisson(50, len(bins)).tolist(), rng.poisson(40, len(bins)).tolist()
        cases.append({"bins": bins, "control": c, "treatment": t, "wasserstein": float(stats.wasserstein_distance(bins, bins, c, t))})
    # All labellings of a small pool, and all swaps of a few entities: the null that shuffles approach.
    x, y = [1.0, 4.0, 2.5, 7.0, 3.0], [5.0, 6.5, 8.0, 2.0]
    pool, d0 = x + y, stats.wasserstein_distance(x, y)
    every = [stats.wasserstein_distance([pool[i] for i in pick], [pool[i] for i in range(9) if i not in pick]) for pick in itertools.combinations(range(9), 5)]
    cases.append({"control": x, "treatment": y, "wasserstein": d0, "nullMean": float(np.mean(every)), "nullP": float(np.mean(np.array(every) >= d0 - 1e-12)), "design": "independent"})
    x, y = [1.0, 4.0, 2.5, 7.0, 3.0, 2.0, 9.0, 5.5], [1.5, 5.0, 2.0, 9.5, 3.0, 3.0, 9.4, 6.5]
    d0 = stats.wasserstein_distance(x, y)
    every = []
    for coins in itertools.product([0, 1], repeat=8):
        a = [y[i] if c else x[i] for i, c in enumerate(coins)]
        b = [x[i] if c else y[i] for i, c in enumerate(coins)]
        every.append(stats.wasserstein_distance(a, b))
    cases.append({"control": x, "treatment": y, "wasserstein": d0, "nullMean": float(np.mean(every)), "nullP": float(np.mean(np.array(every) >= d0 - 1e-12)), "design": "paired"})
    write("values", cases)


def shares():
    cases = []
    tables = [([10, 20, 30], [12, 18, 33]), ([0, 5, 5], [3, 0, 7]), ([1, 0], [0, 1]), ([7, 7], [7, 7]), ([10**12, 3 * 10**12], [10**12 + 10**6, 3 * 10**12]), ([0, 0, 4, 1], [0, 2, 1, 1])]
    for k in [3, 10, 30]:
        for n in [60, 1000, 10**6]:
            p = rng.dirichlet(np.ones(k) * 3)
            tables.append((rng.multinomial(n, p).tolist(), rng.multinomial(n // 2, rng.dirichlet(p * 400)).tolist()))
    for c, t in tables:
        p, q = np.array(c, float), np.array(t, float)
        row = {"control": c, "treatment": t, "js2": float(jensenshannon(p, q, 2)), "jse": float(jensenshannon(p, q, np.e))}
        def psi(a, b):
            used = (a > 0) | (b > 0)
            a, b = a[used], b[used]
            return float(np.sum((a - b) * np.log(a / b)))
        if ((p > 0) == (q > 0)).all():
            row["psi"] = psi(p / p.sum(), q / q.sum())
        half = (p + q > 0)
        a, b = np.where(half, p + 0.5, 0), np.where(half, q + 0.5, 0)
        row["psiHalf"] = psi(a / (p.sum() + 0.5 * len(p)), b / (q.sum() + 0.5 * len(q)))
        row["psiFloor"] = psi(np.where(half, np.maximum(p / p.sum(), 1e-3), 0), np.where(half, np.maximum(q / q.sum(), 1e-3), 0))
        used = int(half.sum())
        unit = 1 / p.sum() + 1 / q.sum()
        if "psi" in row and used > 1:
            row["psiP"] = float(stats.chi2.sf(row["psi"] / unit, used - 1))
            row["psiQuantile"] = float(unit * stats.chi2.isf(0.05, used - 1))
        if used > 1:
            row["jsQuantile"] = float(unit * stats.chi2.isf(0.05, used - 1) / 8 / math.log(2))
        cases.append(row)
    write("shares", cases)


if __name__ == "__main__":
    ks()
    values()
    shares()
