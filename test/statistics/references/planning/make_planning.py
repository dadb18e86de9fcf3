"""Writes planning.json beside this file: powers and sizes by SciPy's noncentral t and normal, by statsmodels, R's power.t.test and power.prop.test, Owen's Q by
quadrature, and Fisher's test table by table. Needs SciPy, statsmodels and R.

python make_planning.py
"""
import itertools
import json
import math
import subprocess

import mpmath
import scipy
import statsmodels
from scipy import integrate, stats
from statsmodels.stats.power import TTestIndPower

mpmath.mp.dps = 25
cases = []


def put(program, plan, effect, units, power):
    # Far below any use, the quadrature here is coarse.
    if power > 1e-12:
        cases.append({"program": program, "plan": plan, "effect": effect, "units": units, "power": float(power)})


def tail(df, delta, t, upper):
    """Noncentral t by quadrature of a normal tail over the deviation: SciPy's own is good to 1e-10 only."""
    sign = 1 if upper else -1
    half = mpmath.mpf(df) / 2
    front = 2 * mpmath.exp(half * mpmath.log(half) - mpmath.loggamma(half))
    width = 1 / math.sqrt(2 * df)
    cuts = [mpmath.mpf(k) * width for k in (-14, -10, -7, -5, -3, -1, 0, 1, 3, 5, 8)]
    if df < 20:
        cuts = [-90, -40, -24, -16, -12, -8, -5, -3, -2, -1, -0.5, 0, 0.5, 1, 1.5, 2]
    return mpmath.quad(lambda l: front * mpmath.exp(df * l - half * mpmath.exp(2 * l)) * mpmath.ncdf(sign * (delta - t * mpmath.exp(l))), cuts)


def mean(sd_c, sd_t, n_c, n_t, pooled):
    a, b = sd_c**2 / n_c, sd_t**2 / n_t
    df = n_c + n_t - 2 if pooled else (a + b) ** 2 / (a**2 / (n_c - 1) + b**2 / (n_t - 1))
    return math.sqrt(a + b), df


# Means, by quadrature; two-sided, one-sided, margins, unequal groups.
for (n_c, n_t), (sd_c, sd_t), pooled, effect in itertools.product([(2, 2), (10, 10), (12, 30), (400, 100)], [(1, 1), (2, 3.5)], [False, True], [0.4, -1.5]):
    if pooled and sd_c != sd_t:
        continue
    se, df = mean(sd_c, sd_t, n_c, n_t, pooled)
    plan = {"metric": {"kind": "mean", "standardDeviation": sd_c, "treatmentStandardDeviation": sd_t, "pooled": pooled}, "treatmentPerControl": n_t / n_c}
    for alternative, null in [("two-sided", 0), ("greater", 0), ("less", 0), ("greater", -0.5), ("less", 0.5), ("greater", 0.2)]:
        delta = (effect - null) / se
        critical = stats.t.isf(0.025 if alternative == "two-sided" else 0.05, df)
        power = 0
        if alternative != "less":
            power += tail(df, delta, critical, True)
        if alternative != "greater":
            power += tail(df, delta, -critical, False)
        goal = {"kind": "difference"} if null == 0 else {"kind": "superiority", "margin": null} if null * (1 if alternative == "greater" else -1) > 0 else {"kind": "non-inferiority", "margin": abs(null)}
        put("mpmath", {**plan, "alternative": alternative, "goal": goal}, effect, n_c + n_t, power)

# Equivalence: Owen's Q by quadrature over the deviation.
for n, margin, effect, level in [(8, 2, 0, 0.95), (20, 1, 0.2, 0.95), (60, 0.5, -0.1, 0.95), (300, 0.3, 0.05, 0.9), (5, 1, 0, 0.95)]:
    se, df = math.sqrt(2 / n), 2 * n - 2
    critical = stats.t.isf(1 - level, df)
    most = margin / (critical * se)
    density = lambda s: stats.chi.pdf(s * math.sqrt(df), df) * math.sqrt(df)
    inside = lambda s: max(0.0, stats.norm.cdf((margin - effect) / se - critical * s) - stats.norm.cdf(critical * s - (margin + effect) / se))
    power = integrate.quad(lambda s: density(s) * inside(s), 0, min(most, 1 + 12 / math.sqrt(2 * df)), epsabs=1e-14, epsrel=1e-13, limit=500)[0]
    put("SciPy quad", {"metric": {"kind": "mean", "standardDeviation": 1, "pooled": True}, "level": level, "goal": {"kind": "equivalence", "margin": margin}}, effect, 2 * n, power)

# Proportions: score and Wald, unequal groups.
for (n_c, n_t), rate, effect in itertools.product([(100, 100), (3000, 1500), (50_000, 50_000)], [0.1, 0.5], [0.02, -0.03]):
    treated = rate + effect
    se = math.sqrt(rate * (1 - rate) / n_c + treated * (1 - treated) / n_t)
    pooled = (n_c * rate + n_t * treated) / (n_c + n_t)
    score = math.sqrt(pooled * (1 - pooled) * (1 / n_c + 1 / n_t))
    for test, tested in [("score", score), ("wald", se)]:
        z = stats.norm.isf(0.025) * tested
        power = stats.norm.sf((z - effect) / se) + stats.norm.cdf((-z - effect) / se)
        put("SciPy", {"metric": {"kind": "proportion", "rate": rate, "test": test}, "treatmentPerControl": n_t / n_c}, effect, n_c + n_t, power)

# Fisher's test, all tables, with SciPy's p-values.
for n_c, n_t, rate, treated, alternative in [(10, 10, 0.2, 0.7, "two-sided"), (15, 8, 0.5, 0.1, "two-sided"), (12, 12, 0.3, 0.8, "greater"), (9, 14, 0.6, 0.15, "less"), (20, 20, 0.05, 0.4, "two-sided")]:
    power = 0.0
    for c, t in itertools.product(range(n_c + 1), range(n_t + 1)):
        p = stats.fisher_exact([[t, n_t - t], [c, n_c - c]], alternative=alternative).pvalue
        if p <= 0.05:
            power += stats.binom.pmf(c, n_c, rate) * stats.binom.pmf(t, n_t, treated)
    put("SciPy fisher_exact", {"metric": {"kind": "proportion", "rate": rate, "test": "fisher"}, "alternative": alternative, "treatmentPerControl": n_t / n_c}, treated - rate, n_c + n_t, power)

# Paired, CUPED, clusters, ratios.
for n, sd, effect in [(5, 1, 1), (30, 2, 0.8), (200, 5, -1)]:
    df, delta = n - 1, effect / (sd / math.sqrt(n))
    critical = stats.t.isf(0.025, df)
    put("mpmath", {"metric": {"kind": "paired", "standardDeviation": sd}}, effect, n, tail(df, delta, critical, True) + tail(df, delta, -critical, False))
for n, rho, effect in [(500, 0.7, 0.15), (80, -0.5, 0.4)]:
    se, df = mean(1, 1, n, n, False)
    delta, critical = effect / (se * math.sqrt(1 - rho**2)), stats.t.isf(0.025, df)
    put("mpmath", {"metric": {"kind": "mean", "standardDeviation": 1}, "covariateCorrelation": rho}, effect, 2 * n, tail(df, delta, critical, True) + tail(df, delta, -critical, False))
for clusters, size, cv, icc, effect in [(10, 20, 0, 0.05, 0.3), (6, 50, 0.5, 0.02, 0.25), (40, 5, 0.3, 0.2, 0.4)]:
    n = clusters * size
    deff = 1 + ((1 + cv**2) * size - 1) * icc
    delta, df = effect / math.sqrt(2 * deff / n), 2 * clusters - 2
    critical = stats.t.isf(0.025, df)
    plan = {"metric": {"kind": "mean", "standardDeviation": 1}, "clusters": {"size": size, "sizeVariation": cv, "intraclassCorrelation": icc}}
    put("mpmath", plan, effect, 2 * n, tail(df, delta, critical, True) + tail(df, delta, -critical, False))
for n, effect in [(1000, 0.03), (5000, -0.02)]:
    variance = (9 - 2 * 0.5 * 0.4 * 3 * 2 + 0.25 * 4) / 16
    df, delta = 2 * n - 2, effect / math.sqrt(2 * variance / n)
    critical = stats.t.isf(0.025, df)
    metric = {"kind": "ratio", "numeratorMean": 2, "denominatorMean": 4, "numeratorDeviation": 3, "denominatorDeviation": 2, "correlation": 0.4}
    put("mpmath", {"metric": metric}, effect, 2 * n, tail(df, delta, critical, True) + tail(df, delta, -critical, False))

# McNemar's test: the share of discordant pairs is the variance under the null, less the squared effect the one there is (Connor 1987). Quantiles of values of a known density.
for pairs, discordant, effect, alternative in [(150, 0.3, 0.1, "two-sided"), (800, 0.12, -0.04, "two-sided"), (400, 0.5, 0.09, "greater"), (60, 0.25, 0.01, "two-sided")]:
    tested, se = math.sqrt(discordant / pairs), math.sqrt((discordant - effect**2) / pairs)
    z = stats.norm.isf(0.05 if alternative == "greater" else 0.025) * tested
    power = stats.norm.sf((z - effect) / se) + (0 if alternative == "greater" else stats.norm.cdf((-z - effect) / se))
    put("SciPy", {"metric": {"kind": "paired-proportion", "discordant": discordant}, "alternative": alternative}, effect, pairs, power)
for n_c, n_t, share, family, effect in [(400, 400, 0.5, stats.norm(), 0.2), (3000, 1500, 0.9, stats.expon(), -0.15), (900, 900, 0.25, stats.lognorm(1), 0.05)]:
    se = math.sqrt(share * (1 - share) * (1 / n_c + 1 / n_t)) / family.pdf(family.ppf(share))
    z = stats.norm.isf(0.025)
    metric = {"kind": "quantile", "share": share, "density": family.pdf(family.ppf(share))}
    put("SciPy", {"metric": metric, "treatmentPerControl": n_t / n_c}, effect, n_c + n_t, stats.norm.sf(z - effect / se) + stats.norm.cdf(-z - effect / se))

# Sizes: R's power.t.test and power.prop.test with strict = TRUE, rounded up, and statsmodels with unequal groups.
r = """
options(digits = 17)
for (d in c(0.1, 0.35, 0.8, 1.5)) for (p in c(0.8, 0.95)) for (sig in c(0.05, 0.01))
  cat("t", d, p, sig, ceiling(power.t.test(delta = d, sd = 1, power = p, sig.level = sig, strict = TRUE, tol = 1e-10)$n), "\\n")
for (d in c(0.1, 0.5)) cat("t1", d, 0.9, 0.05, ceiling(power.t.test(delta = d, power = 0.9, alternative = "one.sided", tol = 1e-10)$n), "\\n")
for (d in c(0.2, 0.7)) cat("tp", d, 0.8, 0.05, ceiling(power.t.test(delta = d, power = 0.8, type = "paired", strict = TRUE, tol = 1e-10)$n), "\\n")
for (rate in c(0.02, 0.1, 0.4)) for (lift in c(0.05, 0.2)) for (p in c(0.8, 0.9))
  cat("p", rate, rate * lift, p, ceiling(power.prop.test(p1 = rate, p2 = rate * (1 + lift), power = p, strict = TRUE, tol = 1e-12)$n), "\\n")
"""
sizes = []
for line in subprocess.run(["Rscript", "-e", r], capture_output=True, text=True, check=True).stdout.splitlines():
    kind, a, b, c, n = line.split()
    a, b, c, n = float(a), float(b), float(c), int(float(n))
    if kind == "p":
        sizes.append({"program": "R power.prop.test", "plan": {"metric": {"kind": "proportion", "rate": a}}, "effect": b, "power": c, "control": n})
    else:
        metric = {"kind": "paired", "standardDeviation": 1} if kind == "tp" else {"kind": "mean", "standardDeviation": 1, "pooled": True}
        plan = {"metric": metric, "level": 1 - c, **({"alternative": "greater"} if kind == "t1" else {})}
        sizes.append({"program": "R power.t.test", "plan": plan, "effect": a, "power": b, "control": n})
for d, ratio in itertools.product([0.2, 0.5], [0.25, 0.5, 2, 4]):
    n = TTestIndPower().solve_power(effect_size=d, power=0.8, alpha=0.05, ratio=ratio)
    sizes.append({"program": "statsmodels", "plan": {"metric": {"kind": "mean", "standardDeviation": 1, "pooled": True}, "treatmentPerControl": ratio}, "effect": d, "power": 0.8, "exactControl": n})

with open("planning.json", "w") as file:
    lines = ",\n".join(json.dumps(case) for case in cases)
    more = ",\n".join(json.dumps(case) for case in sizes)
    made = f"mpmath {mpmath.__version__}, SciPy {scipy.__version__}, statsmodels {statsmodels.__version__}, R 4.2"
    file.write('{"madeWith": "%s", "cases": [\n%s\n], "sizes": [\n%s\n]}\n' % (made, lines, more))
print(len(cases), len(sizes))
