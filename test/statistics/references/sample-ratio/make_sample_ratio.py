"""Writes the reference numbers beside this file. Needs SciPy and mpmath; running the tests needs neither.

python make_sample_ratio.py
"""
import itertools
import json
import math
import random

import mpmath
import scipy
from mpmath import mp, mpf
from scipy import optimize, stats

mp.dps = 50
random.seed(62)


def write(name, made_with, cases):
    lines = ",\n".join(json.dumps(case) for case in cases)
    with open(name, "w") as file:
        file.write(f'{{"madeWith": {json.dumps(made_with)}, "cases": [\n{lines}\n]}}\n')


def compositions(n, arms):
    if arms == 1:
        yield (n,)
        return
    for first in range(n + 1):
        for rest in compositions(n - first, arms - 1):
            yield (first, *rest)


def exact(observed, shares):
    n = sum(observed)
    if len(observed) == 2:
        return float(stats.binomtest(observed[1], n, shares[1]).pvalue)
    mass = lambda counts: math.exp(math.lgamma(n + 1) + sum(-math.lgamma(c + 1) + c * math.log(p) for c, p in zip(counts, shares)))
    bar = mass(observed) * (1 + 1e-7)
    return min(1.0, math.fsum(m for m in (mass(c) for c in compositions(n, len(observed))) if m <= bar))


def sample_ratio():
    cases = []
    for i in range(60):
        arms = random.choice([2, 2, 3, 4])
        weights = random.choice([[1] * arms, [random.randint(1, 9) for _ in range(arms)]])
        shares = [w / sum(weights) for w in weights]
        size = random.choice([8, 25, 40, 3000, 10**6, 10**12])
        tilt = [s * random.uniform(0.97, 1.03) if size > 100 else s * random.uniform(0.5, 1.5) for s in shares]
        observed = [round(size * t / sum(tilt)) if size > 100 else 0 for t in tilt]
        if size <= 100:
            for _ in range(size):
                observed[random.choices(range(arms), tilt)[0]] += 1
        n = sum(observed)
        # In exact fractions: doubles lose the distance of large counts.
        whole = sum(weights)
        chi2 = sum(mpf(o * whole - n * w) ** 2 / (mpf(n) * w * whole) for o, w in zip(observed, weights))
        df = arms - 1
        case = {"observed": observed, "weights": weights, "statistic": float(chi2), "pValue": float(mpmath.gammainc(mpf(df) / 2, chi2 / 2, mpmath.inf, regularized=True))}
        if n < 10**6:
            assert abs(stats.chisquare(observed, [n * s for s in shares]).statistic / float(chi2) - 1) < 1e-7 or chi2 == 0
        if arms == 2 and n < 10**8:
            distance = max(0.0, abs(observed[1] - n * shares[1]) - 0.5)
            case["corrected"] = float(stats.chi2.sf(distance**2 / (n * shares[0] * shares[1]), 1))
            ci = stats.binomtest(observed[1], n).proportion_ci(0.95, "wilson")
            case["wilson"] = [float(ci.low), float(ci.high)]
            ci = stats.binomtest(observed[1], n).proportion_ci(0.95, "wilsoncc")
            case["wilsonCorrected"] = [float(ci.low), float(ci.high)]
        elif arms > 2 and case["pValue"] < 0.05 and float(chi2) < 2000:
            bound = optimize.brentq(lambda v: stats.ncx2.sf(float(chi2), df, v) - (1 - 0.95), 1e-9, 4 * float(chi2) + 100, xtol=1e-13, rtol=1e-14)
            case["lower"] = math.sqrt(bound / n)
        if n <= 60 or (arms == 2 and n < 10**5):
            case["exact"] = exact(observed, shares)
        noncentrality = optimize.brentq(lambda v: stats.ncx2.sf(stats.chi2.isf(1 - 0.95, df), df, v) - 0.8, 1e-6, 200, xtol=1e-13, rtol=1e-14)
        case["smallestImbalance"] = math.sqrt(noncentrality / n * shares[0] * (1 - shares[0]))
        cases.append(case)
    write("sample-ratio.json", f"SciPy {scipy.__version__}, mpmath {mpmath.__version__}", cases)


def log_factor(counts, prior, shares):
    """log of B(prior + counts) / B(prior) / product of share ^ count."""
    posterior = [a + c for a, c in zip(prior, counts)]
    log_beta = lambda values: sum(mpmath.loggamma(v) for v in values) - mpmath.loggamma(sum(values))
    return log_beta(posterior) - log_beta(prior) - sum(c * mpmath.log(s) for c, s in zip(counts, shares))


def sequential():
    cases = []
    for i in range(40):
        arms = random.choice([2, 2, 3, 4])
        weights = random.choice([[1] * arms, [random.randint(1, 9) for _ in range(arms)]])
        shares = [mpf(w) / sum(weights) for w in weights]
        size = random.choice([1, 10, 400, 10**6, 10**14])
        tilt = random.choice([0, 0.02, 0.1]) if size < 10**6 else random.choice([0, 3]) / math.sqrt(size)
        looks = []
        for _ in range(random.randint(1, 6)):
            if size == 1:
                look = [0] * arms
                look[random.randrange(arms)] = 1
            else:
                look = [max(0, round(float(size * s) * (1 + random.gauss(0, 1) / math.sqrt(float(size * s))) * (1 + (tilt if arm == 0 else 0)))) for arm, s in enumerate(shares)]
            looks.append(look)
        prior = random.choice([None, [1.0] * arms, [0.5] * arms])
        alpha = [mpf(p) for p in prior] if prior else [s * 10000 for s in shares]
        counts, factors, best = [0] * arms, [], mpf(0)
        ranges = [mpf(0), mpf(1)]
        for look in looks:
            counts = [c + k for c, k in zip(counts, look)]
            factor = log_factor(counts, alpha, shares)
            factors.append(float(factor))
            best = max(best, factor)
            n = sum(counts)
            if arms == 2 and n > 0:
                bar = -mpmath.log(mpf(1) - mpf(0.95))
                own = mpf(counts[1])
                against = lambda s: log_factor(counts, alpha, [1 - s, s]) - bar
                at = own / n
                tiny = mpf(10) ** -40
                if own > 0:
                    low, high = tiny, at
                    for _ in range(170):
                        middle = (low + high) / 2
                        low, high = (middle, high) if against(middle) > 0 else (low, middle)
                    ranges[0] = max(ranges[0], low)
                if own < n:
                    low, high = at, 1 - tiny
                    for _ in range(170):
                        middle = (low + high) / 2
                        low, high = (low, middle) if against(middle) > 0 else (middle, high)
                    ranges[1] = min(ranges[1], high)
        case = {"looks": looks, "weights": weights, "logBayesFactors": factors, "pValue": float(mpmath.exp(-best))}
        if prior:
            case["prior"] = prior
        if arms == 2 and ranges[0] <= ranges[1]:
            case["interval"] = [float(end) for end in ranges]
        cases.append(case)
    write("sequential.json", f"mpmath {mpmath.__version__}", cases)


if __name__ == "__main__":
    sample_ratio()
    sequential()
