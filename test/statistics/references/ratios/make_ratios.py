"""Writes the reference numbers of statsmodels, SciPy and NumPy beside this file. Running the tests needs none of them.

python make_ratios.py
"""
import json
import math

import numpy as np
import scipy
import statsmodels
import statsmodels.api as sm
from scipy import stats

made_with = f"SciPy {scipy.__version__}, statsmodels {statsmodels.__version__}, NumPy {np.__version__}"
rng = np.random.default_rng(20260103)
alternatives = ("two-sided", "less", "greater")


def write(name, cases):
    with open(f"{name}.json", "w") as file:
        json.dump({"madeWith": made_with, "cases": cases}, file)
        file.write("\n")


def listed(x, k=4):
    return [float(v) for v in np.round(np.asarray(x, float), k)]


def finite(x):
    return float(x) if math.isfinite(x) else None


def welch(control, treatment, level=0.95, null=0.0):
    """Tests and intervals from two (value, standard error, degrees of freedom)."""
    (c, sc, dc), (t, st, dt) = control, treatment
    a, b = st**2, sc**2
    df = (a + b) ** 2 / (a**2 / dt + b**2 / dc)
    error = math.sqrt(a + b)
    s = (t - c - null) / error
    out = []
    for alternative in alternatives:
        tail = (1 - level) / (2 if alternative == "two-sided" else 1)
        reach = stats.t.isf(tail, df) * error
        p = {"two-sided": 2 * stats.t.sf(abs(s), df), "less": stats.t.cdf(s, df), "greater": stats.t.sf(s, df)}[alternative]
        out.append({"alternative": alternative, "level": level, "nullValue": null, "statistic": float(s), "df": float(df), "p": float(p),
                    "lower": None if alternative == "less" else float(t - c - reach), "upper": None if alternative == "greater" else float(t - c + reach)})
    return out


def ratio_by_wls(n, d, clusters):
    """The ratio of sums is the weighted mean of n / d with weights d; its sandwich variance is the delta method's."""
    n, d = np.asarray(n), np.asarray(d)
    model = sm.WLS(n / d, np.ones(len(n)), weights=d)
    if clusters is None:
        fit = model.fit(cov_type="HC1")
        units = len(n)
    else:
        fit = model.fit(cov_type="cluster", cov_kwds={"groups": np.asarray(clusters)})
        units = len(set(clusters))
    return float(fit.params[0]), float(fit.bse[0]), units - 1


def ratios():
    cases = []
    for name, size in (("sessions", 60), ("few", 6), ("skewed", 90), ("clustered", 120), ("few clusters", 60), ("large", 400)):
        arms, made = [], []
        for lift in (1.0, 1.25):
            d = rng.integers(1, 9, size).astype(float) if name != "skewed" else np.round(rng.lognormal(1, 1, size), 3) + 0.01
            rate = rng.beta(2, 6, size) * lift
            n = rng.poisson(d * rate).astype(float) if name != "skewed" else np.round(d * rate * rng.lognormal(0, 0.5, size), 3)
            clusters = [int(k) for k in rng.integers(0, 30 if name == "clustered" else 7, size)] if "cluster" in name else None
            arms.append({"numerators": listed(n), "denominators": listed(d), **({"clusters": clusters} if clusters else {})})
            made.append(ratio_by_wls(arms[-1]["numerators"], arms[-1]["denominators"], clusters))
        results = [r for level in (0.9, 0.95) for null in (0, 0.05) for r in welch(*made, level=level, null=null)]
        cases.append({"name": name, "control": arms[0], "treatment": arms[1], "controlRatio": made[0][0], "treatmentRatio": made[1][0],
                      "controlError": made[0][1], "treatmentError": made[1][1], "results": results})
    write("ratios", cases)


def linear(n, d):
    r = n.sum() / d.sum()
    return r, (n - r * d) / d.mean()


def cuped():
    cases = []
    for name, size, k, ratio in (("one", 80, 1, False), ("three", 120, 3, False), ("strong", 60, 1, False), ("tiny", 8, 1, False), ("ratio", 90, 1, True), ("ratio, two", 150, 2, True), ("far", 70, 1, False)):
        for kind in ("within-arms", "all-units"):
            arms = []
            for effect in (0.0, 0.3):
                x = rng.gamma(2, 2, (size + (5 if effect else 0), k))
                m = len(x)
                noise = rng.normal(0, 0.05 if name == "strong" else 1.5, m)
                y = 3 + x @ np.array([0.8, -0.4, 0.2][:k]) + effect + noise + (1e6 if name == "far" else 0)
                d = rng.integers(1, 6, m).astype(float) if ratio else np.ones(m)
                e = [rng.integers(1, 6, m).astype(float) if ratio else np.ones(m) for _ in range(k)]
                arms.append({"n": np.array(listed(y * d)), "d": d, "x": [np.array(listed(x[:, j] * e[j])) for j in range(k)], "e": e})
            whole = lambda key: np.concatenate([a[key] for a in arms])
            part = lambda key, j: np.concatenate([a[key][j] for a in arms])
            common = [part("x", j).sum() / part("e", j).sum() for j in range(k)]
            arm_of = np.repeat([0.0, 1.0], [len(a["n"]) for a in arms])
            if kind == "within-arms":
                y = np.concatenate([linear(a["n"], a["d"])[1] for a in arms])
                xs = [np.concatenate([linear(a["x"][j], a["e"][j])[1] for a in arms]) for j in range(k)]
                design = np.column_stack(xs)
            else:
                y = linear(whole("n"), whole("d"))[1]
                xs = [linear(part("x", j), part("e", j))[1] for j in range(k)]
                design = np.column_stack(xs)
            theta = sm.OLS(y, design).fit().params
            made = []
            for a in arms:
                r, ly = linear(a["n"], a["d"])
                xr = [linear(a["x"][j], a["e"][j]) for j in range(k)]
                residual = ly - sum(theta[j] * xr[j][1] for j in range(k))
                value = r - sum(theta[j] * (xr[j][0] - common[j]) for j in range(k))
                made.append((float(value), float(residual.std(ddof=1) / math.sqrt(len(ly))), len(ly) - 1))
            if not ratio and kind == "within-arms":
                # The same theta is the analysis of covariance's, and the adjusted difference its coefficient of the arm.
                fit = sm.OLS(whole("n"), np.column_stack([np.ones(len(arm_of)), arm_of] + [part("x", j) for j in range(k)])).fit()
                assert np.allclose(fit.params[2:], theta, rtol=1e-8) and abs(fit.params[1] - (made[1][0] - made[0][0])) < 1e-7
            columns = lambda a: [a["n"]] + ([a["d"]] if ratio else []) + [c for j in range(k) for c in ([a["x"][j], a["e"][j]] if ratio else [a["x"][j]])]
            raw = lambda a: {"outcome": {"numerators": listed(a["n"]), **({"denominators": listed(a["d"])} if ratio else {})},
                             "covariates": [{"numerators": listed(a["x"][j]), **({"denominators": listed(a["e"][j])} if ratio else {})} for j in range(k)]}
            moments = lambda a: {"n": len(a["n"]), "means": [float(c.mean()) for c in columns(a)], "covariances": np.cov(np.array(columns(a)), ddof=1).tolist(), "ratios": ratio}
            cases.append({"name": name, "coefficients": kind, "control": raw(arms[0]), "treatment": raw(arms[1]), "moments": [moments(a) for a in arms], "theta": [float(v) for v in theta],
                          "controlValue": made[0][0], "treatmentValue": made[1][0], "controlError": made[0][1], "treatmentError": made[1][1], "results": welch(*made) + welch(*made, level=0.8, null=0.1)})
    write("cuped", cases)


def post_stratified():
    cases = []
    for weights in (None, [0.2, 0.5, 0.3], [1.0, 3.0, 0.0]):
        for size in (5, 40):
            strata = [{"name": f"s{j}", "control": {"values": listed(rng.normal(5 * j, 1 + j, size + 3 * j))}, "treatment": {"values": listed(rng.normal(5 * j + 0.5, 1 + j, size + 7 - j))}} for j in range(3)]
            if weights:
                for stratum, w in zip(strata, weights):
                    stratum["weight"] = w
            w = np.array(weights or [len(s["control"]["values"]) + len(s["treatment"]["values"]) for s in strata], float)
            w /= w.sum()
            side = lambda key: [np.array(s[key]["values"]) for s in strata]
            made = []
            for key in ("control", "treatment"):
                parts = [(wj**2 * v.var(ddof=1) / len(v), len(v) - 1) for wj, v in zip(w, side(key))]
                total = sum(p for p, _ in parts)
                made.append((float(sum(wj * v.mean() for wj, v in zip(w, side(key)))), math.sqrt(total), total**2 / sum(p**2 / d for p, d in parts)))
            cases.append({"strata": strata, "results": [r for level in (0.9, 0.95) for r in welch(*made, level=level)]})
    write("post-stratified", cases)


def winsorised():
    cases = []
    for size in (12, 90):
        control, treatment = listed(rng.lognormal(1, 1.5, size), 3), listed(rng.lognormal(1.1, 1.5, size + 9), 3)
        control[:3] = [0.0, 0.0, 0.0]
        for rule in ({"kind": "quantiles", "upper": 0.9}, {"kind": "quantiles", "lower": 0.05, "upper": 0.95}, {"kind": "quantiles", "upper": 0.9, "ignoreZeros": True}, {"kind": "values", "upper": 8}, {"kind": "values", "lower": 1, "upper": 20}):
            both = np.array(control + treatment)
            if rule["kind"] == "quantiles":
                kept = both[both != 0] if rule.get("ignoreZeros") else both
                low, high = [float(np.quantile(kept, rule[key])) if key in rule else bad for key, bad in (("lower", -math.inf), ("upper", math.inf))]
            else:
                low, high = rule.get("lower", -math.inf), rule.get("upper", math.inf)
            c, t = np.clip(control, low, high), np.clip(treatment, low, high)
            results = []
            for alternative in alternatives:
                r = stats.ttest_ind(t, c, equal_var=False, alternative=alternative)
                interval = r.confidence_interval(0.95)
                results.append({"alternative": alternative, "statistic": float(r.statistic), "df": float(r.df), "p": float(r.pvalue), "lower": finite(interval.low), "upper": finite(interval.high)})
            cases.append({"control": control, "treatment": treatment, "thresholds": rule, "lowerThreshold": finite(low), "upperThreshold": finite(high),
                          "lowered": [int((np.array(v) > high).sum()) for v in (control, treatment)], "raised": [int((np.array(v) < low).sum()) for v in (control, treatment)], "results": results})
    write("winsorised", cases)


ratios()
cuped()
post_stratified()
winsorised()
