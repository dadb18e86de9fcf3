"""BCa and percentile intervals by SciPy's own functions from given resamples, and exact permutation p-values.

Run in this folder with SciPy 1.17. Resamples come from a small generator that the tests repeat.
"""
import json
import numpy as np
import scipy
from scipy import stats
from scipy.stats import _resampling

VERSION = f"SciPy {scipy.__version__}, NumPy {np.__version__}"


def draws(seed, n, replicates):
    state, rows = seed, np.empty((replicates, n), dtype=int)
    for r in range(replicates):
        for i in range(n):
            state = state * 16807 % 2147483647
            rows[r, i] = state % n
    return rows


def write(name, cases):
    with open(name, "w") as file:
        json.dump({"madeWith": VERSION, "cases": cases}, file)
    print(name, len(cases))


def statistic_of(name, share):
    def one(x, axis=-1):
        return np.mean(x, axis=axis) if name == "mean" else np.sum(x, axis=axis) if name == "total" else np.quantile(x, share, axis=axis)
    return one


def intervals(data, statistic, replicates, level):
    alpha = (1 - level) / 2
    bca = _resampling._bca_interval(data, statistic, -1, alpha, replicates, None, np)
    low, high = bca[0], bca[1]
    left = [statistic(*(np.delete(other, i) if other is one else other for other in data)) for one in data for i in range(len(one))]
    if np.ptp(left) < 1e-12 or np.isnan(low) or np.isnan(high):  # no unit changes the value but by rounding
        return {"percentile": [float(np.quantile(replicates, a)) for a in (alpha, 1 - alpha)], "bca": None}
    ends = lambda a, b: [float(np.quantile(replicates, a)), float(np.quantile(replicates, b))]
    return {"percentile": ends(alpha, 1 - alpha), "bca": ends(float(low), float(high))}


def bootstrap():
    rng, cases = np.random.default_rng(3), []
    kinds = {"normal": lambda n: rng.normal(5, 2, n), "tail": lambda n: np.exp(rng.normal(0, 1.5, n)), "counts": lambda n: rng.poisson(3, n).astype(float), "large": lambda n: rng.normal(0, 1, n) * 1e90}
    for kind, make in kinds.items():
        for name, share in (("mean", 0.5), ("total", 0.5), ("quantile", 0.5), ("quantile", 0.9)):
            for n, replicates, level in ((12, 999, 0.95), (31, 500, 0.8), (70, 400, 0.99)):
                x, seed = np.sort(np.round(make(n), 4)), 1000 + len(cases)
                one = statistic_of(name, share)
                replicated = one(x[draws(seed, n, replicates)])
                found = intervals((x,), one, replicated, level)
                cases.append({"statistic": name, "share": share, "treatment": x.tolist(), "seed": seed, "replicates": replicates, "level": level, **found})
                if name == "total":
                    continue
                y = np.sort(np.round(make(n + 5) * 0.8, 4))
                # Rounded where rounding alone would tell equal differences of counts apart.
                same = (lambda v: np.round(v, 13)) if kind == "counts" else (lambda v: v)
                difference = lambda t, c, axis=-1: same(one(t, axis=axis) - one(c, axis=axis))
                both = same(replicated - one(y[draws(seed + 500, n + 5, replicates)]))
                found = intervals((x, y), difference, both, level)
                cases.append({"statistic": name, "share": share, "treatment": x.tolist(), "control": y.tolist(), "seed": seed, "replicates": replicates, "level": level, **found})
    write("bootstrap-scipy.json", cases)


def poisson():
    cases = []
    for given in json.load(open("poisson-sums.json"))["cases"]:
        x, y = np.array(given["numerators"], float), np.array(given["denominators"], float)
        replicated = np.array(given["sums"]["x"]) / np.array(given["sums"]["y"])
        rows = np.arange(len(x))
        ratio = lambda i, axis=-1: x[i].sum(axis=axis) / y[i].sum(axis=axis)
        kept = {key: given[key] for key in ("numerators", "denominators", "seed", "replicates", "level")}
        cases.append({**kept, **intervals((rows,), ratio, replicated, given["level"])})
    write("poisson-scipy.json", cases)


def permutations():
    rng, cases = np.random.default_rng(4), []
    for paired in (False, True):
        for n, m in ((4, 5), (6, 6), (3, 9), (7, 5), (9, 9) if paired else (8, 6)):
            for kind in ("integers", "reals", "far"):
                for shift in (0, 1, -0.5):
                    m_ = n if paired else m
                    values = {"integers": lambda k: rng.integers(0, 9, k).astype(float), "reals": lambda k: np.round(rng.normal(3, 2, k), 3), "far": lambda k: np.round(rng.lognormal(0, 2, k), 2)}[kind]
                    control, treatment = values(n), values(m_) + 1
                    difference = lambda t, c, axis=-1: np.mean(t, axis=axis) - np.mean(c, axis=axis)
                    shares = {}
                    for alternative in ("greater", "less", "two-sided"):
                        result = stats.permutation_test((treatment - shift, control), difference, permutation_type="samples" if paired else "independent", vectorized=True, n_resamples=np.inf, alternative=alternative)
                        shares[alternative] = float(result.pvalue)
                    cases.append({"paired": paired, "control": control.tolist(), "treatment": treatment.tolist(), "nullValue": shift, **shares})
    write("permutation-scipy.json", cases)


bootstrap()
poisson()
permutations()
