"""Writes the reference numbers of SciPy, statsmodels, NumPy and mpmath beside this file. Running the tests needs none of them.

python make_means.py
"""
import json
import math

import mpmath as mp
import numpy as np
import scipy
import statsmodels
from scipy import stats
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

mp.mp.dps = 60
made_with = f"SciPy {scipy.__version__}, statsmodels {statsmodels.__version__}, NumPy {np.__version__}, mpmath {mp.__version__}"
rng = np.random.default_rng(20260102)
rng2 = np.random.default_rng(7)
larger = {"two-sided": "two-sided", "less": "smaller", "greater": "larger"}


def write(name, cases):
    with open(f"{name}.json", "w") as file:
        json.dump({"madeWith": made_with, "cases": cases}, file)
        file.write("\n")


def finite(x):
    x = float(x)
    return x if math.isfinite(x) else None


def arms():
    r = lambda x, k=3: [float(v) for v in np.round(x, k)]
    yield "ordinary", r(rng.normal(10, 2, 55)), r(rng.normal(11, 3, 61))
    yield "skewed", r(rng.lognormal(1, 1.2, 80)), r(rng.lognormal(1.2, 1.2, 70))
    yield "tiny", [1.0, 4.0, 6.0], [2.0, 9.0, 11.0]
    yield "counts", [float(v) for v in rng.poisson(1.2, 50)], [float(v) for v in rng.poisson(1.9, 45)]
    yield "far", [float(v) for v in 1e8 + np.round(rng.normal(0, 3, 25), 1)], [float(v) for v in 1e8 + np.round(rng.normal(1, 2, 30), 1)]
    yield "minute", [float(f"{v:.5g}") for v in rng.gamma(2, 1e-9, 20)], [float(f"{v:.5g}") for v in rng.gamma(3, 1e-9, 22)]


def t_survival(t, df):
    """P(T > t), in 60 digits."""
    x = df / (df + t * t)
    half = mp.betainc(df / 2, mp.mpf(1) / 2, 0, x, regularized=True) / 2
    return half if t >= 0 else 1 - half


def t_upper(p, df):
    """The point with probability p above it."""
    start = mp.mpf(float(stats.t.isf(float(p), float(df))))
    return mp.findroot(lambda t: t_survival(t, df) - p, start)


def high_precision():
    cases = []
    sets = [
        ("1e300", [3e300, 4e300, 3.5e300, 3.25e300], [5e300, 4.5e300, 4.75e300, 6e300, 5.5e300]),
        ("1e-300", [3e-300, 4e-300, 3.5e-300, 3.25e-300], [5e-300, 4.5e-300, 4.75e-300, 6e-300]),
        ("far tail", [float(v) for v in np.round(rng.normal(0, 1, 200), 2)], [float(v) for v in np.round(rng.normal(40, 1, 200), 2)]),
        ("offset 1e15", [1e15 + k for k in (1, 2, 4, 7, 3)], [1e15 + k for k in (5, 8, 4, 9, 6)]),
        ("offset 1e9", [float(v) for v in 1e9 + np.round(rng2.normal(0, 1, 15), 2)], [float(v) for v in 1e9 + np.round(rng2.normal(0.5, 1, 14), 2)]),
        ("two and two", [0.1, 0.3], [0.2, 0.7]),
        ("duplicates", [5.0] * 30 + [6.0], [5.0] * 20 + [6.0] * 5),
    ]
    for name, control, treatment in sets:
        c, t = [[mp.mpf(v) for v in values] for values in (control, treatment)]
        mean = lambda v: mp.fsum(v) / len(v)
        variance = lambda v: mp.fsum((x - mean(v)) ** 2 for x in v) / (len(v) - 1)
        a, b = variance(t) / len(t), variance(c) / len(c)
        df = (a + b) ** 2 / (a**2 / (len(t) - 1) + b**2 / (len(c) - 1))
        difference, error = mean(t) - mean(c), mp.sqrt(a + b)
        p = 2 * t_survival(abs(difference / error), df)
        reach = t_upper(mp.mpf("0.025"), df) * error
        cases.append({"name": name, "control": control, "treatment": treatment, "difference": float(difference), "standardError": float(error), "df": float(df),
                      "p": float(p), "lower": float(difference - reach), "upper": float(difference + reach)})
    write("two-means-high-precision", cases)


def fieller():
    """The set of lifts by inverting the test directly: bracketing and root finding of |D - m C| = t s(m), not the quadratic."""
    cases = []
    moments = [
        (10, 0.25, 10, 10.5, 1, 10), (0.41, 15.21, 3407, 0.7, 38.44, 3461), (74.4, 156, 812, 74.83, 155, 799), (1, 9, 40, 1.4, 16, 44), (0.5, 9, 30, 0.6, 9, 30),
        (0.5, 9, 30, 4.5, 9, 30), (0.9, 9, 30, -6, 9, 30), (2, 4, 12, -1, 9, 15), (1e-7, 1e-16, 20, 1.3e-7, 1e-16, 25), (1e12, 1e22, 50, 1.1e12, 1e22, 45), (3, 0, 6, 4, 2.5, 7), (3, 2.5, 7, 4, 0, 6),
        (100, 1, 1000, 100.0001, 1, 1000),
    ]
    for mc, vc, nc, mt, vt, nt in moments:
        a, b = mp.mpf(vt) / nt, mp.mpf(vc) / nc
        C, T = mp.mpf(mc), mp.mpf(mt)
        df = (a + b) ** 2 / (a**2 / (nt - 1) + b**2 / (nc - 1))
        statistic = lambda r: (T - r * C) / mp.sqrt(a + r**2 * b)
        for alternative in ("two-sided", "less", "greater"):
            for level in (0.8, 0.95, 0.99):
                tail = (1 - mp.mpf(level)) / (2 if alternative == "two-sided" else 1)
                t = t_upper(tail, df)
                rejects = {"two-sided": lambda r: abs(statistic(r)) - t, "greater": lambda r: statistic(r) - t, "less": lambda r: -statistic(r) - t}[alternative]
                # The ratio as a tangent: the angles from -90 to 90 degrees cover all ratios, densely about the estimate.
                centre = float(mp.atan(T / C))
                offsets = np.geomspace(1e-9, 3.2, 800)
                angles = np.unique(np.concatenate([np.linspace(-math.pi / 2 + 1e-4, math.pi / 2 - 1e-4, 2000), centre + offsets, centre - offsets, [centre]]))
                angles = [mp.mpf(float(angle)) for angle in angles if abs(angle) < math.pi / 2 - 5e-5]
                rough = {"two-sided": lambda s: abs(s), "greater": lambda s: s, "less": lambda s: -s}[alternative]
                fT, fC, fa, fb, ft = float(T), float(C), float(a), float(b), float(t)
                values = [rough((fT - math.tan(x) * fC) / math.sqrt(fa + math.tan(x) ** 2 * fb)) - ft for x in map(float, angles)]
                ends = []
                for (low, high), (left, right) in zip(zip(angles, angles[1:]), zip(values, values[1:])):
                    if (left > 0) != (right > 0):
                        root = mp.findroot(lambda angle: rejects(mp.tan(angle)), (low, high), solver="anderson", tol=1e-45)
                        ends.append(float(mp.tan(root) - 1))
                nulls = [0, -0.2, 0.35]
                tests = []
                for null in nulls:
                    s = statistic(1 + mp.mpf(null))
                    p = {"two-sided": 2 * t_survival(abs(s), df), "greater": t_survival(s, df), "less": t_survival(-s, df)}[alternative]
                    tests.append({"nullLift": null, "statistic": float(s), "p": float(min(p, 1))})
                case = {"input": {"meanC": mc, "varC": vc, "nC": nc, "meanT": mt, "varT": vt, "nT": nt}, "alternative": alternative, "level": level, "ends": ends,
                        "rejectsFarBelow": bool(values[0] > 0), "rejectsFarAbove": bool(values[-1] > 0)}
                if level == 0.95:
                    case["tests"] = tests
                cases.append(case)
    write("fieller", cases)


def z_tests():
    cases = []
    for name, control, treatment in arms():
        results = []
        for alternative in larger:
            for level, null in ((0.9, 0), (0.95, 0.25 * float(np.std(treatment)))):
                compare = CompareMeans(DescrStatsW(treatment), DescrStatsW(control))
                z, p = compare.ztest_ind(alternative=larger[alternative], usevar="unequal", value=null)
                lower, upper = compare.zconfint_diff(alpha=1 - level, alternative=larger[alternative], usevar="unequal")
                results.append({"alternative": alternative, "level": level, "nullValue": null, "statistic": float(z), "p": float(p), "lower": finite(lower), "upper": finite(upper)})
        cases.append({"name": name, "control": control, "treatment": treatment, "results": results})
    write("z", cases)


def yuen_exactly(control, treatment, trim, alternative):
    def arm(values):
        x = sorted(mp.mpf(v) for v in values)
        n, g = len(x), math.floor(trim * len(x))
        h = n - 2 * g
        winsorised = [x[min(max(i, g), n - 1 - g)] for i in range(n)]
        mean = mp.fsum(winsorised) / n
        return mp.fsum(x[g : n - g]) / h, mp.fsum((w - mean) ** 2 for w in winsorised) / (h * (h - 1)), h - 1

    (c, b, dc), (t, a, dt) = arm(control), arm(treatment)
    df = (a + b) ** 2 / (a**2 / dt + b**2 / dc)
    error = mp.sqrt(a + b)
    s = (t - c) / error
    reach = t_upper(mp.mpf("0.05") / (2 if alternative == "two-sided" else 1), df) * error
    p = {"two-sided": 2 * t_survival(abs(s), df), "greater": t_survival(s, df), "less": t_survival(-s, df)}[alternative]
    return {"statistic": float(s), "df": float(df), "p": float(p), "lower": None if alternative == "less" else float(t - c - reach), "upper": None if alternative == "greater" else float(t - c + reach)}


def yuen():
    cases = []
    for name, control, treatment in arms():
        results = []
        for trim in (0, 0.1, 0.2):
            for alternative in larger:
                r = stats.ttest_ind(treatment, control, equal_var=False, trim=trim, alternative=alternative)
                interval = r.confidence_interval(0.95)
                row = {"statistic": float(r.statistic), "df": float(r.df), "p": float(r.pvalue), "lower": finite(interval.low), "upper": finite(interval.high)}
                if name == "far":
                    # SciPy's winsorised variance cancels about 1e8: 60 digits in its place, which agree with it to what it has.
                    exact = yuen_exactly(control, treatment, trim, alternative)
                    assert all(abs(exact[key] - row[key]) < 1e-6 * max(1, abs(row[key])) for key in ("statistic", "df", "p"))
                    row = exact
                results.append({"trim": trim, "alternative": alternative, **row})
        cases.append({"name": name, "control": control, "treatment": treatment, "results": results})
    write("yuen", cases)


def brunner_munzel():
    cases = []
    for name, control, treatment in arms():
        results = []
        for alternative in larger:
            # SciPy's statistic is positive when its second sample is the larger.
            r = stats.brunnermunzel(control, treatment, alternative={"two-sided": "two-sided", "greater": "less", "less": "greater"}[alternative], distribution="t")
            results.append({"alternative": alternative, "statistic": float(r.statistic), "p": float(r.pvalue)})
        wins = sum((t > c) + 0.5 * (t == c) for t in treatment for c in control)
        cases.append({"name": name, "control": control, "treatment": treatment, "superiority": wins / len(control) / len(treatment), "results": results})
    write("brunner-munzel", cases)


def quantile_difference():
    cases = []
    z = float(stats.norm.ppf(0.975))

    def arm(values, clusters, share):
        x = np.sort(values)
        n = len(x)
        q = float(np.quantile(x, share, method="linear"))
        if clusters is None:
            s = math.sqrt(share * (1 - share) / n)
        else:
            keys = sorted(set(clusters))
            sizes = np.array([sum(k == c for c in clusters) for k in keys], float)
            below = np.array([sum(v <= q for v, c in zip(values, clusters) if c == k) for k in keys], float)
            ratio = below.sum() / sizes.sum()
            cov = np.cov(below, sizes, ddof=1)
            s = math.sqrt((cov[0, 0] - 2 * ratio * cov[0, 1] + ratio**2 * cov[1, 1]) / sizes.mean() ** 2 / len(keys))
        low, high = math.floor(n * (share - z * s)), math.ceil(n * (share + z * s))
        return None if low < 1 or high > n else (q, float(x[high - 1] - x[low - 1]) / (2 * z))

    for name, size in (("small", 40), ("large", 300), ("users", 200)):
        for share in (0.25, 0.5, 0.9):
            clustered = name == "users"
            sides = []
            for shift in (0, 0.2):
                keys = [int(k) for k in rng.integers(0, 45, size)] if clustered else None
                base = rng.normal(0, 0.8, 45)
                values = [float(v) for v in np.round(rng.lognormal(1 + shift, 0.7, size) * (np.exp(base[keys]) if clustered else 1), 3)]
                sides.append((values, keys))
            made = [arm(*side, share) for side in sides]
            if None in made:
                continue
            (qc, sc), (qt, st) = made
            error = math.hypot(sc, st)
            cases.append({"name": name, "share": share, "control": {"values": sides[0][0], **({"clusters": sides[0][1]} if clustered else {})},
                          "treatment": {"values": sides[1][0], **({"clusters": sides[1][1]} if clustered else {})}, "controlQuantile": qc, "treatmentQuantile": qt,
                          "controlError": sc, "treatmentError": st, "p": float(2 * stats.norm.sf(abs(qt - qc) / error)), "lower": qt - qc - z * error, "upper": qt - qc + z * error})
    write("quantile-difference", cases)


high_precision()
fieller()
z_tests()
yuen()
brunner_munzel()
quantile_difference()
