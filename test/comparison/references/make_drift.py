"""Writes drift.csv beside this file: what SciPy says of the values of drift-values.csv, which it writes too. Needs SciPy and NumPy; running the tests needs neither.

python make_drift.py
"""
import numpy as np
import scipy
from scipy import stats
from scipy.spatial import distance

random = np.random.default_rng(11)
n = 240
level = random.normal(70, 12, n)
first = np.round(level + random.normal(0, 3, n), 1)
second = np.round(level * 0.97 + random.normal(1, 4, n), 1)
with open("drift-values.csv", "w") as file:
    file.write("first,second\n" + "".join(f"{a},{b}\n" for a, b in zip(first, second)))

# Bins end where the first side reaches the next tenth; one more lies beyond its largest value.
points = np.unique(np.concatenate([first, second]))
cumulative = np.searchsorted(np.sort(first), points, side="right")
bins, bin, following = [], 0, n / 10
for seen in cumulative:
    bins.append(bin)
    if seen >= following - 1e-9:
        bin += 1
        while following <= seen + 1e-9:
            following += n / 10
of = dict(zip(points, bins))
counts = [np.bincount([of[v] for v in side], minlength=max(bins) + 1) for side in (first, second)]
p, q = [(c + 0.5) / (c + 0.5).sum() for c in counts]
rows = {
    "kolmogorovSmirnov": stats.ks_2samp(first, second).statistic,
    "wasserstein": stats.wasserstein_distance(first, second),
    "jensenShannon": distance.jensenshannon(counts[0], counts[1], base=2) ** 2,
    "populationStability": float(np.sum((p - q) * np.log(p / q))),
    "bins": max(bins) + 1,
}
# The null by label swaps within a pair, from another generator: quantiles of 20,000.
swaps = random.random((20_000, n)) < 0.5
def null(f):
    return float(np.quantile([f(np.where(s, first, second), np.where(s, second, first)) for s in swaps], 0.95))
rows["kolmogorovSmirnov null"] = null(lambda a, b: stats.ks_2samp(a, b, method="asymp").statistic)
rows["wasserstein null"] = null(stats.wasserstein_distance)
# More values than shuffles carry whole; they stand in drift.test.ts by the same formula.
index = np.arange(3000)
many = (index * 7919 % 100_003) / 997, (index * 7919 % 100_003) / 1013 + (index * 31 % 101) / 37
rows["wasserstein of many"] = stats.wasserstein_distance(*many)
rows["kolmogorovSmirnov of many"] = stats.ks_2samp(*many, method="asymp").statistic
with open("drift.csv", "w") as file:
    file.write(f"# SciPy {scipy.__version__}, NumPy {np.__version__}\nfigure,value\n")
    file.writelines(f"{name},{value!r}\n" for name, value in ((k, float(v)) for k, v in rows.items()))
