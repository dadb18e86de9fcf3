"""Writes the other reference numbers beside this file. Needs SciPy, statsmodels and mpmath; running the tests needs none.

python make_proportions.py
"""
import itertools
import json
import math
import random

import mpmath
import numpy as np
import scipy
import statsmodels
from mpmath import mp, mpf
from scipy import optimize, stats
from statsmodels.stats.contingency_tables import SquareTable, mcnemar
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint, proportions_ztest

mp.dps = 40
made_with = f"SciPy {scipy.__version__}, statsmodels {statsmodels.__version__}, NumPy {np.__version__}, mpmath {mpmath.__version__}"
random.seed(61)


def write(name, cases):
    lines = ",\n".join(json.dumps(case) for case in cases)
    with open(name, "w") as file:
        file.write(f'{{"madeWith": {json.dumps(made_with)}, "cases": [\n{lines}\n]}}\n')


def f(value):
    return float(value)


def bisect(falling, low, high, steps=140):
    """Where a falling function of mpmath crosses zero."""
    low, high = mpf(low), mpf(high)
    for _ in range(steps):
        middle = (low + high) / 2
        if falling(middle) > 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def samples(count, hostile):
    """Pairs of samples: control successes, control trials, treatment successes, treatment trials."""
    found = list(hostile)
    while len(found) < count:
        size = random.choice([8, 30, 150, 2000, 10**6])
        n0, n1 = random.randint(2, size), random.randint(2, size)
        p = random.random() ** 2
        x0 = min(n0, max(0, round(n0 * p)))
        x1 = min(n1, max(0, round(n1 * min(1, p * random.uniform(0.6, 1.6)))))
        found.append((x0, n0, x1, n1))
    return found


hostile = [(0, 10, 0, 12), (0, 10, 12, 12), (10, 10, 0, 12), (10, 10, 12, 12), (0, 10, 3, 12), (4, 10, 0, 12), (10, 10, 7, 12), (4, 10, 12, 12), (1, 2, 1, 2),
           (1, 1000, 9, 11), (19, 53, 13, 47), (48, 80, 56, 70), (5 * 10**14, 10**15, 5 * 10**14 + 10**8, 10**15), (3, 10**15, 12, 10**15)]


def one_proportion():
    cases = []
    for x, n in [(0, 1), (1, 1), (0, 12), (12, 12), (1, 10), (5, 10), (41, 1000), (613, 2873), (3, 100000), (99998, 100000), (400000000, 10**9)]:
        for level in [0.8, 0.95, 0.999]:
            case = {"successes": x, "trials": n, "level": level}
            names = {"wald": "normal", "wilson": "wilson", "agrestiCoull": "agresti_coull", "jeffreys": "jeffreys"}
            for key, method in names.items():
                case[key] = [f(end) for end in proportion_confint(x, n, alpha=1 - level, method=method)]
            p0 = random.choice([0.03, 0.1, 0.39999, 0.5, 0.9])
            case["nullValue"] = p0
            for key, alternative in [("two-sided", "two-sided"), ("less", "smaller"), ("greater", "larger")]:
                z, p = proportions_ztest(x, n, p0, alternative=alternative, prop_var=p0)
                case[key] = [f(z), f(p)]
            cases.append(case)
    write("one-proportion.json", cases)


def fm_variance(x1, n1, x0, n0, delta):
    """Farrington and Manning (1990), the closed form of the cubic; groups 1 and 0, difference 1 - 0."""
    p1, p2 = mpf(x1) / n1, mpf(x0) / n0
    theta = mpf(n0) / n1
    a = 1 + theta
    b = -(1 + theta + p1 + theta * p2 + delta * (theta + 2))
    c = delta**2 + delta * (2 * p1 + theta + 1) + p1 + theta * p2
    d = -p1 * delta * (1 + delta)
    v = b**3 / (3 * a) ** 3 - b * c / (6 * a**2) + d / (2 * a)
    u = (1 if v > 0 else -1) * mpmath.sqrt(max(mpf(0), b**2 / (3 * a) ** 2 - c / (3 * a)))
    ratio = v / u**3 if u != 0 else mpf(1)
    w = (mpmath.pi + mpmath.acos(max(mpf(-1), min(mpf(1), ratio)))) / 3
    share = 2 * u * mpmath.cos(w) - b / (3 * a)
    other = share - delta
    share, other = min(mpf(1), max(mpf(0), share)), min(mpf(1), max(mpf(0), other))
    return share * (1 - share) / n1 + other * (1 - other) / n0


def score_difference():
    mp.dps = 60
    cases = []
    for x0, n0, x1, n1 in samples(60, hostile):
        n = n0 + n1
        level = random.choice([0.8, 0.95, 0.99])
        z = mpmath.sqrt(2) * mpmath.erfinv(mpf(level))
        d = mpf(x1) / n1 - mpf(x0) / n0
        case = {"control": {"successes": x0, "trials": n0}, "treatment": {"successes": x1, "trials": n1}, "level": level}
        for key, factor in [("miettinen-nurminen", mpf(n) / (n - 1)), ("farrington-manning", mpf(1))]:
            root = lambda delta: mpmath.sqrt(factor * fm_variance(x1, n1, x0, n0, delta))
            upper = 1 if d == 1 else bisect(lambda delta: d - delta + z * root(delta), d, 1)
            lower = -1 if d == -1 else bisect(lambda delta: d - delta - z * root(delta), -1, d)
            null = random.choice([0, 0, 0.02, -0.1, 0.25])
            variance = factor * fm_variance(x1, n1, x0, n0, mpf(null))
            pooled = mpf(x0 + x1) / n
            if null == 0:
                variance = factor * pooled * (1 - pooled) * (mpf(1) / n1 + mpf(1) / n0)
            statistic = None if variance == 0 else (d - mpf(null)) / mpmath.sqrt(variance)
            case[key] = {"interval": [f(lower), f(upper)], "nullDifference": null}
            if statistic is not None:
                case[key]["statistic"] = f(statistic)
                case[key]["pValue"] = f(mpmath.erfc(abs(statistic) / mpmath.sqrt(2)))
        cases.append(case)
    write("score-difference.json", cases)
    mp.dps = 40


def ratio_statistic(x1, n1, x0, n0, ratio):
    n = n0 + n1
    a, b, c = n * ratio, -(n1 * ratio + x1 + n0 + x0 * ratio), x0 + x1
    p0 = (-b - mpmath.sqrt(max(mpf(0), b * b - 4 * a * c))) / (2 * a)
    p1 = p0 * ratio
    variance = p1 * (1 - p1) / n1 + ratio**2 * p0 * (1 - p0) / n0
    return (mpf(x1) / n1 - ratio * mpf(x0) / n0) / mpmath.sqrt(variance)


def odds_statistic(x1, n1, x0, n0, ratio):
    if ratio == 1:
        p0 = mpf(x0 + x1) / (n0 + n1)
        p1 = p0
    else:
        a, c = n0 * (ratio - 1), -(x0 + x1)
        b = n1 * ratio + n0 - (x0 + x1) * (ratio - 1)
        p0 = (-b + mpmath.sqrt(b * b - 4 * a * c)) / (2 * a)
        p1 = p0 * ratio / (1 + p0 * (ratio - 1))
    return (mpf(x1) - n1 * p1) * mpmath.sqrt(1 / (n1 * p1 * (1 - p1)) + 1 / (n0 * p0 * (1 - p0)))


def score_bounds(statistic, value, z, factor):
    """Bounds in the logarithm of the ratio."""
    g = lambda log: statistic(mpmath.exp(log)) * factor
    middle = mpmath.log(value) if value > 0 else mpf(-100)
    lower = mpf(0) if value == 0 else mpmath.exp(bisect(lambda log: g(log) - z, -100, middle))
    return [f(lower), f(mpmath.exp(bisect(lambda log: g(log) + z, middle, 100)))]


def two_proportions():
    mp.dps = 60
    cases = []
    for x0, n0, x1, n1 in samples(50, hostile):
        level = random.choice([0.8, 0.95, 0.99])
        z = mpmath.sqrt(2) * mpmath.erfinv(mpf(level))
        n = n0 + n1
        case = {"control": {"successes": x0, "trials": n0}, "treatment": {"successes": x1, "trials": n1}, "level": level}
        ends = lambda **options: [f(end) for end in confint_proportions_2indep(x1, n1, x0, n0, alpha=1 - level, **options)]
        case["newcombe"] = ends(method="newcomb")
        case["agresti-caffo"] = ends(method="agresti-caffo")
        if 0 < x0 < n0 or 0 < x1 < n1:
            case["wald"] = ends(method="wald")
        if x0 > 0 and x1 > 0 and (x0 < n0 or x1 < n1):
            case["katz"] = ends(compare="ratio", method="log")
        case["walter"] = ends(compare="ratio", method="log-adjusted")
        if x0 == n0 and x1 == n1:
            del case["walter"]
        if 0 < x0 < n0 and 0 < x1 < n1:
            case["woolf"] = ends(compare="odds-ratio", method="logit")
        case["gart"] = ends(compare="odds-ratio", method="logit-adjusted")
        if x0 > 0 and x0 + x1 < n:
            ratio = mpf(x1) * n0 / (mpf(x0) * n1)
            own = lambda r: ratio_statistic(x1, n1, x0, n0, r)
            case["koopman"] = score_bounds(own, ratio, z, 1)
            case["miettinen-nurminen-ratio"] = score_bounds(own, ratio, z, mpmath.sqrt(mpf(n - 1) / n))
            case["ratioStatisticAt1.2"] = f(own(mpf(1.2)))
            # At all successes in an arm statsmodels searches in the wrong place.
            if n < 10**6 and 0 < x1 < n1 and x0 < n0:
                theirs = ends(compare="ratio", method="score", correction=False)
                assert max(abs(a / b - 1) for a, b in zip(theirs, case["koopman"])) < 1e-5, (theirs, case)
        if x0 > 0 and x1 < n1:
            odds = mpf(x1) * (n0 - x0) / (mpf(x0) * (n1 - x1))
            if odds > 0 or x0 < n0:
                own = lambda r: odds_statistic(x1, n1, x0, n0, r)
                case["plain-odds"] = score_bounds(own, odds, z, 1)
                case["miettinen-nurminen-odds"] = score_bounds(own, odds, z, mpmath.sqrt(mpf(n - 1) / n))
                case["oddsStatisticAt1.2"] = f(own(mpf(1.2)))
        cases.append(case)
    write("two-proportions.json", cases)
    mp.dps = 40


def score_ratios():
    """Ratios of which one end only exists, ratios of all against all, and ratios of pairs with the likelihood's maximum found by halving its slope."""
    mp.dps = 60
    random.seed(62)
    cases = []
    for n0, x1, n1 in [(29, 5, 56), (10, 3, 12), (16, 15, 72), (1, 1, 1), (1000, 2, 30), (25, 25, 25), (10**15, 9, 10**14)]:
        n, level = n0 + n1, random.choice([0.8, 0.95, 0.99])
        z = mpmath.sqrt(2) * mpmath.erfinv(mpf(level))
        case = {"kind": "risk", "control": {"successes": 0, "trials": n0}, "treatment": {"successes": x1, "trials": n1}, "level": level, "nullRatio": 1.2}
        for key, factor in [("koopman", mpf(1)), ("miettinen-nurminen", mpmath.sqrt(mpf(n - 1) / n))]:
            g = lambda log: ratio_statistic(x1, n1, 0, n0, mpmath.exp(log)) * factor
            case[key] = {"lower": f(mpmath.exp(bisect(lambda log: g(log) - z, -100, 100))), "statistic": f(ratio_statistic(x1, n1, 0, n0, mpf(1.2)) * factor)}
        cases.append(case)
    for n0, n1 in [(10, 12), (1, 1), (400, 30)]:
        n = n0 + n1
        z = mpmath.sqrt(2) * mpmath.erfinv(mpf(0.95))
        case = {"kind": "risk", "control": {"successes": n0, "trials": n0}, "treatment": {"successes": n1, "trials": n1}, "level": 0.95, "nullRatio": 1.2}
        for key, factor in [("koopman", mpf(1)), ("miettinen-nurminen", mpmath.sqrt(mpf(n - 1) / n))]:
            lower, upper = score_bounds(lambda r: ratio_statistic(n1, n1, n0, n0, r), mpf(1), z, factor)
            case[key] = {"lower": lower, "upper": upper, "statistic": f(ratio_statistic(n1, n1, n0, n0, mpf(1.2)) * factor)}
        cases.append(case)
    for x0, n0, x1, n1 in [(0, 16, 15, 72), (29, 55, 11, 11), (0, 10, 12, 12), (0, 29, 5, 56), (0, 1, 1, 1), (0, 10**15, 9, 10**14)]:
        n, level = n0 + n1, random.choice([0.8, 0.95, 0.99])
        z = mpmath.sqrt(2) * mpmath.erfinv(mpf(level))
        case = {"kind": "odds", "control": {"successes": x0, "trials": n0}, "treatment": {"successes": x1, "trials": n1}, "level": level, "nullRatio": 1.2}
        for key, factor in [("plain", mpf(1)), ("miettinen-nurminen", mpmath.sqrt(mpf(n - 1) / n))]:
            g = lambda log: odds_statistic(x1, n1, x0, n0, mpmath.exp(log)) * factor
            case[key] = {"lower": f(mpmath.exp(bisect(lambda log: g(log) - z, -100, 100))), "statistic": f(odds_statistic(x1, n1, x0, n0, mpf(1.2)) * factor)}
        cases.append(case)
    hostile_pairs = [(1, 1, 7, 12), (59, 6, 16, 80), (446, 5, 16, 690), (43, 0, 1, 0), (8, 3, 1, 2), (0, 0, 4, 3), (0, 4, 0, 3), (7, 0, 0, 2), (0, 3, 4, 0), (10**12, 3, 5, 10), (2 * 10**14, 10**14 + 7, 10**14, 5)]
    for i in range(20):
        size = random.choice([4, 30, 500])
        hostile_pairs.append(tuple(random.randint(0, size) for _ in range(4)))
    for a, b, c, d in hostile_pairs:
        if a + b + c == 0:
            continue
        level = random.choice([0.8, 0.95, 0.99])
        z = mpmath.sqrt(2) * mpmath.erfinv(mpf(level))
        m = a + b + c
        own = lambda r: paired_statistic(a, b, c, r)
        case = {"kind": "paired", "both": a, "onlySecond": b, "onlyFirst": c, "neither": d, "level": level, "nullRatio": 1.25, "statistic": f(own(mpf(1.25)))}
        if b + c > 0:
            case["statisticAtOne"] = f((b - c) / mpmath.sqrt(mpf(b + c)))
        g = lambda log: own(mpmath.exp(log))
        middle = mpmath.log(mpf(a + b) / (a + c)) if a + b > 0 and a + c > 0 else mpf(-100 if a + b == 0 else 100)
        case["lower"] = 0.0 if a + b == 0 else f(mpmath.exp(bisect(lambda log: g(log) - z, -100, middle)))
        if a + c > 0:
            case["upper"] = f(mpmath.exp(bisect(lambda log: g(log) + z, middle, 100)))
        weight = mpmath.sqrt(mpf(b + c + 2) / ((a + b + 1) * (a + c + 1)))
        parts = [mpmath.sqrt((1 - mpf(x + 1) / (m + 2)) / (x + 1)) for x in (a + b, a + c)]
        k = z * weight / (parts[0] + parts[1])
        wilson = lambda x, sign: (2 * x + k * k + sign * k * mpmath.sqrt(k * k + 4 * x * (1 - mpf(x) / m))) / (2 * (m + k * k))
        # What is exactly 0 or infinite has rounding left over.
        case["hybrid"] = [0.0 if a + b == 0 else f(wilson(a + b, -1) / wilson(a + c, 1))] + ([f(wilson(a + b, 1) / wilson(a + c, -1))] if a + c > 0 else [])
        cases.append(case)
    write("score-ratios.json", cases)
    mp.dps = 40


def paired_statistic(a, b, c, ratio):
    """(a + b - r (a + c)) over its standard error at the likelihood's maximum among probabilities with p2 = r p1; t is that of c."""
    m = a + b + c
    low, high = max(mpf(0), 1 - ratio), 1 / (1 + ratio)
    both, second = lambda t: (1 - (1 + ratio) * t) / ratio, lambda t: (t + ratio - 1) / ratio
    part = lambda count, slope, share: mpf(0) if count == 0 else count * slope / share if share > 0 else mpf("inf") * slope
    slope = lambda t: part(a, -(1 + ratio) / ratio, both(t)) + part(b, 1 / ratio, second(t)) + part(c, mpf(1), t)
    t = bisect(slope, low, high, 400)
    variance = m * ((1 - ratio) ** 2 * both(t) + second(t) + ratio**2 * t)
    return (a + b - ratio * (a + c)) / mpmath.sqrt(variance)


# ---- exact tests, by brute force over all outcomes and a fine walk of the parameter from outside

def masses(weights, natural):
    ks = np.arange(len(weights))
    logs = weights + ks * natural
    logs -= logs.max()
    mass = np.exp(logs)
    return mass / mass.sum()


def two_sided(mass, x, method):
    if method == "minimum-likelihood":
        return min(1.0, mass[mass <= mass[x] * (1 + 1e-7)].sum())
    lower, upper = np.cumsum(mass), np.cumsum(mass[::-1])[::-1]
    tails = np.minimum(lower, upper)
    return min(1.0, mass[tails <= tails[x] * (1 + 1e-7)].sum())


def hull(weights, x, method, alpha, steps=6000):
    top = len(weights) - 1
    p = lambda natural: two_sided(masses(weights, natural), x, method)
    one = lambda natural: min(1.0, masses(weights, natural)[: x + 1].sum())
    rest = lambda natural: min(1.0, masses(weights, natural)[x:].sum())
    result = []
    for way, tail, end in [(-1, rest, 0), (1, one, top)]:
        if x == end:
            result.append(way * math.inf)
            continue
        # Between the points where one tail alone is alpha / 50 and alpha.
        outer = optimize.brentq(lambda v: math.log(max(tail(v), 1e-300) * 50 / alpha), -60, 60, xtol=1e-12)
        inner = optimize.brentq(lambda v: math.log(max(tail(v), 1e-300) / alpha), -60, 60, xtol=1e-12)
        walk = np.linspace(outer, inner, steps)
        first = next(i for i, v in enumerate(walk) if p(v) >= alpha or i == steps - 1)
        out, inn = walk[max(first - 1, 0)], walk[first]
        for _ in range(60):
            middle = (out + inn) / 2
            if p(middle) >= alpha:
                inn = middle
            else:
                out = middle
        result.append(float(inn))
    return result


def exact_hull():
    cases = []
    choose = lambda n: np.array([math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) for k in range(n + 1)])
    for i in range(24):
        n = random.choice([3, 6, 10, 17, 40, 90])
        x = random.randint(0, n)
        level = random.choice([0.9, 0.95, 0.99])
        for method in ["minimum-likelihood", "blaker"]:
            ends = hull(choose(n), x, method, 1 - level)
            share = lambda v: 0.0 if v == -math.inf else 1.0 if v == math.inf else 1 / (1 + math.exp(-v))
            cases.append({"kind": "binomial", "successes": x, "trials": n, "level": level, "method": method, "interval": [share(v) for v in ends],
                          "nullValue": 0.4, "pValue": float(two_sided(masses(choose(n), math.log(0.4 / 0.6)), x, method))})
    for i in range(24):
        n0, n1 = random.randint(3, 30), random.randint(3, 30)
        t = random.randint(2, n0 + n1 - 2)
        low, high = max(0, t - n0), min(t, n1)
        if high - low < 2:
            continue
        x = random.randint(low, high - 1)
        weights = np.array([choose(n1)[k] + choose(n0)[t - k] for k in range(low, high + 1)])
        level = random.choice([0.9, 0.95])
        mean = lambda v: float((masses(weights, v) * np.arange(low, high + 1)).sum())
        estimate = 0.0 if x == low else math.exp(optimize.brentq(lambda v: mean(v) - x, -60, 60, xtol=1e-15, rtol=1e-14))
        base = {"kind": "fisher", "control": {"successes": t - x, "trials": n0}, "treatment": {"successes": x, "trials": n1}, "level": level, "estimate": estimate}
        for method in ["minimum-likelihood", "blaker"]:
            ends = hull(weights, x - low, method, 1 - level)
            cases.append({**base, "method": method, "interval": [0.0 if v == -math.inf else math.exp(v) for v in ends],
                          "pValue": float(two_sided(masses(weights, 0.0), x - low, method))})
        half = (1 - level) / 2
        upper = optimize.brentq(lambda v: masses(weights, v)[: x - low + 1].sum() - half, -60, 60, xtol=1e-15, rtol=1e-14)
        lower = -math.inf if x == low else optimize.brentq(lambda v: masses(weights, v)[x - low :].sum() - half, -60, 60, xtol=1e-15, rtol=1e-14)
        null = masses(weights, 0.0)
        central = min(1.0, 2 * null[: x - low + 1].sum(), 2 * null[x - low :].sum())
        cases.append({**base, "method": "central", "interval": [math.exp(lower), math.exp(upper)], "pValue": float(central)})
    write("exact-hull.json", cases)


def largest(of, low=0.0, high=1.0, points=4001):
    """The supremum of a smooth function, from a fine walk in the arc sine and a bounded search around every peak that could win."""
    angles = np.linspace(0, math.pi / 2, points)
    at = lambda angle: of(low + (high - low) * math.sin(angle) ** 2)
    seen = np.array([at(angle) for angle in angles])
    best = seen.max()
    for i in np.flatnonzero(seen > 0.97 * best):
        if (i == 0 or seen[i] >= seen[i - 1]) and (i == points - 1 or seen[i] >= seen[i + 1]):
            r = optimize.minimize_scalar(lambda a: -at(a), bounds=(angles[max(i - 1, 0)], angles[min(i + 1, points - 1)]), method="bounded", options={"xatol": 1e-10})
            best = max(best, -r.fun)
    return float(min(1, best))


def unconditional():
    cases = []
    tables = [(3, 22, 11, 25), (19, 53, 13, 47), (1, 7, 6, 8), (0, 5, 4, 6), (2, 9, 2, 9), (7, 15, 12, 14), (0, 30, 5, 28), (30, 40, 22, 41), (1, 60, 9, 80), (5, 12, 9, 30)]
    for x0, n0, x1, n1 in tables:
        for alternative in ["two-sided", "less", "greater"]:
            case = {"control": {"successes": x0, "trials": n0}, "treatment": {"successes": x1, "trials": n1}, "alternative": alternative}
            i, j = np.meshgrid(np.arange(n1 + 1), np.arange(n0 + 1), indexing="ij")
            grid = lambda region: largest(lambda p: float((np.outer(stats.binom.pmf(np.arange(n1 + 1), n1, p), stats.binom.pmf(np.arange(n0 + 1), n0, p)) * region).sum()), points=801)
            d = i / n1 - j / n0
            pooled = (i + j) / (n0 + n1)
            for key, variance in [("score", pooled * (1 - pooled) * (1 / n0 + 1 / n1)), ("unpooled", i * (n1 - i) / n1**3 + j * (n0 - j) / n0**3)]:
                with np.errstate(divide="ignore", invalid="ignore"):
                    t = np.where(np.abs(d) < 1e-12, 0, d / np.sqrt(variance))
                seen = t[x1, x0]
                tie = 1e-9 * abs(seen) if math.isfinite(seen) else 0
                region = np.abs(t) >= abs(seen) - tie if alternative == "two-sided" else t >= seen - tie if alternative == "greater" else t <= seen + tie
                case[key] = grid(region)
            lower = stats.hypergeom.cdf(i, n0 + n1, i + j, n1)
            upper = stats.hypergeom.sf(i - 1, n0 + n1, i + j, n1)
            parts = {"less": lower, "greater": upper}
            one = lambda side: grid(parts[side] <= parts[side][x1, x0] * (1 + 1e-9))
            case["boschloo"] = one(alternative) if alternative != "two-sided" else min(1.0, 2 * one("less"), 2 * one("greater"))
            # SciPy's columns are the groups: its 'less' is a smaller proportion in the first.
            table = [[x1, x0], [n1 - x1, n0 - x0]]
            case["scipyBarnard"] = float(stats.barnard_exact(table, alternative=alternative, pooled=True, n=256).pvalue)
            case["scipyBoschloo"] = float(stats.boschloo_exact(table, alternative=alternative, n=256).pvalue)
            cases.append(case)
    write("unconditional-exact.json", cases)


def flips(table, statistic):
    """The exact sign-flip p-value by visiting every outcome."""
    size = len(table)
    pairs = [(a, b) for a in range(size) for b in range(a + 1, size) if table[a][b] + table[b][a] > 0]
    seen = statistic(np.array(table))
    total = 0.0
    for ways in itertools.product(*[range(table[a][b] + table[b][a] + 1) for a, b in pairs]):
        other = np.array(table)
        probability = 1.0
        for (a, b), there in zip(pairs, ways):
            movers = table[a][b] + table[b][a]
            other[a][b], other[b][a] = there, movers - there
            probability *= math.comb(movers, there) / 2**movers
        if statistic(other) >= seen - 1e-9:
            total += probability
    return min(1.0, total)


def maxwell(table):
    d = table.sum(1) - table.sum(0)
    v = -(table + table.T).astype(float)
    np.fill_diagonal(v, table.sum(1) + table.sum(0) - 2 * np.diag(table))
    return float(d @ np.linalg.pinv(v) @ d)


def bowker(table):
    return sum((table[a][b] - table[b][a]) ** 2 / (table[a][b] + table[b][a]) for a in range(len(table)) for b in range(a + 1, len(table)) if table[a][b] + table[b][a] > 0)


def tables():
    cases = []
    for i in range(30):
        rows, columns = random.choice([(2, 2), (2, 2), (2, 3), (3, 3), (4, 5)])
        size = random.choice([6, 40, 3000])
        table = [[random.randint(1, size) for _ in range(columns)] for _ in range(rows)]
        for correction in [False, True]:
            case = {"kind": "independence", "table": table, "continuityCorrection": correction}
            for key, kind in [("pearson", "pearson"), ("likelihood-ratio", "log-likelihood")]:
                r = stats.chi2_contingency(table, correction=correction, lambda_=kind)
                bound = 0.0
                if r.pvalue < 0.05:
                    bound = optimize.brentq(lambda v: stats.ncx2.sf(r.statistic, r.dof, v) - (1 - 0.95), 1e-9, 4 * r.statistic + 100, xtol=1e-13, rtol=1e-14) if r.statistic < 2000 else None
                scale = np.sum(table) * (min(rows, columns) - 1)
                case[key] = {"statistic": f(r.statistic), "pValue": f(r.pvalue), "lower": None if bound is None else math.sqrt(bound / scale)}
            cases.append(case)
    for i in range(20):
        size = random.choice([5, 30, 400])
        both, b, c, neither = [random.randint(0, size) for _ in range(4)]
        if b + c == 0 or both == 0:
            continue
        table = [[both, c], [b, neither]]
        mid = 2 * stats.binom.cdf(min(b, c), b + c, 0.5) - stats.binom.pmf(b, b + c, 0.5)
        se = math.sqrt((b + c) / ((both + b) * (both + c)))
        ratio = (both + b) / (both + c)
        cases.append({"kind": "mcnemar", "both": both, "onlySecond": b, "onlyFirst": c, "neither": neither,
                      "asymptotic": f(mcnemar(table, exact=False, correction=False).pvalue), "exact": f(mcnemar(table, exact=True).pvalue),
                      "midP": f(min(1, mid)), "ratio": [ratio * math.exp(-1.959963984540054 * se), ratio * math.exp(1.959963984540054 * se)]})
    for i in range(16):
        size = random.choice([3, 4, 5])
        most = random.choice([20, 200])
        table = [[random.randint(8, most) for _ in range(size)] for _ in range(size)]
        square = SquareTable(np.array(table, dtype=float), shift_zeros=False)
        sm, bow = square.homogeneity("stuart_maxwell"), square.symmetry("bowker")
        cases.append({"kind": "square", "table": table, "stuartMaxwell": [f(sm.statistic), sm.df, f(sm.pvalue)], "bowker": [f(bow.statistic), bow.df, f(bow.pvalue)]})
    for i in range(14):
        size = random.choice([2, 3, 3, 4])
        table = [[0 if a != b and random.random() < 0.4 else random.randint(0, 4) for b in range(size)] for a in range(size)]
        movers = sum(map(sum, table)) - sum(table[a][a] for a in range(size))
        if movers == 0 or movers > 24:
            continue
        cases.append({"kind": "flips", "table": table, "stuartMaxwell": flips(table, maxwell), "bowker": flips(table, bowker)})
    write("tables.json", cases)


if __name__ == "__main__":
    one_proportion()
    score_difference()
    two_proportions()
    exact_hull()
    unconditional()
    tables()
    score_ratios()
