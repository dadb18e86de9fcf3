"""Writes the reference numbers beside this file. Needs SciPy and statsmodels; running the tests needs neither.

python make_references.py
"""
import itertools
import json
import math

import numpy as np
import scipy
import statsmodels
from scipy import optimize, stats
from statsmodels.stats.proportion import proportion_confint

made_with = f"SciPy {scipy.__version__}, statsmodels {statsmodels.__version__}, NumPy {np.__version__}"


def write(name, cases):
    with open(f"{name}.json", "w") as file:
        json.dump({"madeWith": made_with, "cases": cases}, file, indent=1)
        file.write("\n")


def normal():
    points = [-38, -20, -8.5, -3, -1.959963984540054, -0.1, 0, 1e-9, 0.7, 1.6448536269514722, 3, 6, 8.5]
    write("normal", [{"z": z, "cdf": stats.norm.cdf(z), "survival": stats.norm.sf(z)} for z in points])
    write("normal-quantile", [{"p": p, "quantile": stats.norm.ppf(p)} for p in [1e-300, 1e-100, 1e-20, 1e-16, 1e-12, 1e-8, 1e-5, 0.025, 0.1, 0.5, 0.6, 0.975, 0.999999]])


def proportions():
    cases = []
    for successes, trials in [(0, 1), (0, 10), (1, 10), (5, 10), (10, 10), (41, 1000), (3, 100000), (99998, 100000), (613, 2873)]:
        for level in [0.8, 0.95, 0.99]:
            case = {"successes": successes, "trials": trials, "level": level}
            for key, method in [("wilson", "wilson"), ("clopperPearson", "beta")]:
                lower, upper = proportion_confint(successes, trials, alpha=1 - level, method=method)
                # statsmodels leaves the last bits of an end that is exactly 0 or 1.
                lower = 0 if successes == 0 else float(lower)
                upper = 1 if successes == trials else float(upper)
                case[key] = [lower, upper]
            cases.append(case)
    write("proportion", cases)


def tango(both, second, first, neither, level):
    """Tango (1998) by its likelihood: the restricted estimate is found by a numerical search, not by the formula."""
    n = both + second + first + neither
    z = stats.norm.ppf((1 + level) / 2)

    def score(d):
        low, high = max(0.0, -d), (1 - d) / 2

        def slope(q):  # derivative of the log-likelihood in q, the probability of first only; second only has q + d
            return (second / (q + d) if second else 0) + (first / q if first else 0) - 2 * (n - second - first) / (1 - 2 * q - d)

        edge = 1e-15
        a, b = low + edge, high - edge
        if b <= a or slope(a) <= 0:
            q = low
        elif slope(b) >= 0:
            q = high
        else:
            q = optimize.brentq(slope, a, b, xtol=1e-16, rtol=1e-15, maxiter=500)
        variance = n * (2 * q + d - d * d)
        return second - first - n * d, math.sqrt(max(variance, 0))

    value = (second - first) / n

    def root(sign, a, b):
        return optimize.brentq(lambda d: score(d)[0] - sign * z * score(d)[1], a, b, xtol=1e-15, rtol=1e-14, maxiter=500)

    # Without discordant pairs the score is 0 at the value itself as well; the ends of the interval lie beyond it.
    eps, beyond = 1e-12, 1e-9 if second + first == 0 else 0
    return [root(1, -1 + eps, value - beyond), root(-1, value + beyond, 1 - eps)]


def newcombe(both, second, first, neither, level):
    n = both + second + first + neither
    z = stats.norm.ppf((1 + level) / 2)

    def wilson(x):
        centre = (2 * x + z * z) / (2 * (n + z * z))
        half = z * math.sqrt(z * z + 4 * x * (1 - x / n)) / (2 * (n + z * z))
        return centre - half, centre + half

    a, b, c, d = both, second, first, neither
    p2, p1 = (a + b) / n, (a + c) / n
    l2, u2 = wilson(a + b)
    l1, u1 = wilson(a + c)
    margins = (a + b) * (c + d) * (a + c) * (b + d)
    top = a * d - b * c
    if top > 0:
        top = max(top - n / 2, 0)
    phi = top / math.sqrt(margins) if margins else 0
    lower = p2 - p1 - math.sqrt((p2 - l2) ** 2 - 2 * phi * (p2 - l2) * (u1 - p1) + (u1 - p1) ** 2)
    upper = p2 - p1 + math.sqrt((u2 - p2) ** 2 - 2 * phi * (u2 - p2) * (p1 - l1) + (p1 - l1) ** 2)
    return [lower, upper]


def paired():
    tables = [(43, 0, 1, 0), (1, 12, 2, 85), (212, 144, 256, 707), (36, 12, 2, 0), (20, 12, 2, 16), (0, 5, 5, 90), (3, 1, 0, 1400), (10, 0, 0, 90), (55, 3, 3, 2000)]
    cases = []
    for (a, b, c, d), level in itertools.product(tables, [0.9, 0.95]):
        cases.append({"both": a, "onlySecond": b, "onlyFirst": c, "neither": d, "level": level, "tango": tango(a, b, c, d, level), "newcombe": newcombe(a, b, c, d, level)})
    write("paired-proportions", cases)


def bootstrap():
    """Replicates of SciPy's own bootstrap, and the interval that SciPy makes of them."""
    generator = np.random.default_rng(11)
    cases = []
    for size, spread in [(30, 0.5), (80, 1.5)]:
        data = np.round(np.exp(spread * generator.standard_normal(size)), 6)
        for method in ["percentile", "BCa"]:
            result = stats.bootstrap((data,), np.sum, n_resamples=199, method=method, rng=np.random.default_rng(5), vectorized=True)
            cases.append({
                "method": method,
                "level": 0.95,
                "data": data.tolist(),
                "replicates": result.bootstrap_distribution.tolist(),
                "interval": [float(result.confidence_interval.low), float(result.confidence_interval.high)],
            })
    write("bootstrap", cases)


normal()
proportions()
paired()
bootstrap()
