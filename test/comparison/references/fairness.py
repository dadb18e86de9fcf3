"""Reference numbers of test/comparison/fairness.test.ts: each group against the rest by the (N - 1) chi-squared test (the score test of
Miettinen and Nurminen at no difference), the p-values adjusted by statsmodels, and false-coverage intervals
by inverting the score test, its variance at the restricted likelihood's numerical maximum. (statsmodels' own interval has another maximum.)
Run with SciPy and statsmodels: python fairness.py > fairness.json"""

import json
from math import log, sqrt

from scipy.optimize import brentq, minimize_scalar
from scipy.stats import chi2, chi2_contingency, norm
from statsmodels.stats.multitest import multipletests

successes = [28, 22, 18, 12, 9, 30]
trials = [398, 304, 257, 136, 125, 124]


def rest(values, i):
    return sum(values) - values[i]


p = []
for i in range(len(trials)):
    table = [[successes[i], trials[i] - successes[i]], [rest(successes, i), rest(trials, i) - rest(successes, i)]]
    n = sum(trials)
    p.append(float(chi2.sf(chi2_contingency(table, correction=False)[0] * (n - 1) / n, 1)))
discovery = multipletests(p, method="fdr_bh")[1].tolist()
holm = multipletests(p, method="holm")[1].tolist()
rejected = sum(q < 0.05 for q in discovery)
alpha = 0.05 * rejected / len(p)


def statistic(i, d):
    x1, n1, x0, n0 = successes[i], trials[i], rest(successes, i), rest(trials, i)
    loss = lambda q: -(x1 * log(q + d) + (n1 - x1) * log(1 - q - d) + x0 * log(q) + (n0 - x0) * log(1 - q))
    q = minimize_scalar(loss, bounds=(max(0, -d) + 1e-9, min(1, 1 - d) - 1e-9), method="bounded", options={"xatol": 1e-14}).x
    variance = ((q + d) * (1 - q - d) / n1 + q * (1 - q) / n0) * (n1 + n0) / (n1 + n0 - 1)
    return (x1 / n1 - x0 / n0 - d) / sqrt(variance)


def interval(i):
    estimate, z = successes[i] / trials[i] - rest(successes, i) / rest(trials, i), norm.isf(alpha / 2)
    return [brentq(lambda d: statistic(i, d) - z, -0.9, estimate), brentq(lambda d: statistic(i, d) + z, estimate, 0.9)]


coverage = [interval(i) if discovery[i] < 0.05 else None for i in range(len(p))]
print(
    json.dumps(
        {"successes": successes, "trials": trials, "p": p, "benjaminiHochberg": discovery, "holm": holm, "falseCoverage": coverage}, indent=2
    )
)
