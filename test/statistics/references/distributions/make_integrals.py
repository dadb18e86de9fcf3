"""Writes noncentral.json and ranges.json beside this file, at 25 digits and more. Needs mpmath only; runs some minutes.

python make_integrals.py [ranges]
"""
import json
import sys

import mpmath
from mpmath import betainc, exp, expm1, gammainc, inf, log, log1p, loggamma, mpf, ncdf, npdf, sqrt

mpmath.mp.dps = 28
small = mpf(10) ** -27


def line(f, start, step):
    """The trapezoidal rule from a point inside the support outwards."""
    total = f(start)
    for side in (1, -1):
        quiet, n = 0, 1
        while quiet < 4:
            term = f(start + side * n * step)
            total += term
            quiet = quiet + 1 if term <= small * total else 0
            n += 1
    return total * step


def over_deviation(df, value, sharp):
    """The mean of value(s), s = sqrt(chi-squared / df), over log s."""
    if df == inf:
        return value(mpf(1))
    df = mpf(df)
    front = 2 * exp(df / 2 * log(df / 2) - loggamma(df / 2))

    def integrand(l):
        return front * exp(df * l - df / 2 * exp(2 * l)) * value(exp(l))

    width = 1 / sqrt(2 * df)
    grid = [k * width / 2 for k in range(-60, 30)]
    best = max(grid, key=integrand)
    step = 1 / max(sharp * exp(best), sqrt(2 * df), 2) / 5
    result = line(integrand, best, step)
    assert abs(result / line(integrand, best, step * mpf("0.8")) - 1) < mpf(10) ** (5 - (mpmath.mp.dps * 3) // 4), (df, result)
    return result


def noncentral_t(df, delta, t):
    lower = over_deviation(df, lambda s: ncdf(t * s - delta), abs(t) + 1)
    upper = over_deviation(df, lambda s: ncdf(delta - t * s), abs(t) + 1)
    return lower, upper


def mixture(mean, tails):
    """Sums until the terms no longer matter to either tail."""
    lower, upper, j = mpf(0), mpf(0), 0
    mass = exp(-mean)
    while True:
        low, high = tails(j)
        lower += mass * low
        upper += mass * high
        if j > mean and mass * low <= small * lower and mass * high <= small * upper:
            return lower, upper
        j += 1
        mass *= mean / j


def noncentral_chi_squared(df, noncentrality, x):
    df, x = mpf(df), mpf(x)
    return mixture(mpf(noncentrality) / 2, lambda j: (gammainc(df / 2 + j, 0, x / 2, regularized=True), gammainc(df / 2 + j, x / 2, inf, regularized=True)))


def noncentral_f(df1, df2, noncentrality, x):
    df1, df2, x = mpf(df1), mpf(df2), mpf(x)
    share, rest = df1 * x / (df1 * x + df2), df2 / (df1 * x + df2)
    return mixture(mpf(noncentrality) / 2, lambda j: (betainc(df1 / 2 + j, df2 / 2, 0, share, regularized=True), betainc(df2 / 2, df1 / 2 + j, 0, rest, regularized=True)))


def studentised_range(groups, df, q):
    q, others = mpf(q), groups - 1

    def above(w):
        return groups * line(lambda z: npdf(z) * ncdf(z) ** others * -expm1(others * log1p(-ncdf(z - w) / ncdf(z))), w / 2, mpf("0.3") if groups < 10 else mpf("0.15"))

    return over_deviation(df, lambda s: above(q * s), q / mpf("1.4"))


def maximum(loadings, df, x, two_sided):
    x = mpf(x)
    parts = [(mpf(b), sqrt(1 - mpf(b) ** 2)) for b in loadings]
    narrow = min([mpf(1)] + [own / b for b, own in parts if b > 0])

    def above(point):
        def integrand(z):
            inside = mpf(0)
            for b, own in parts:
                out = ncdf((b * z - point) / own) + (ncdf((-b * z - point) / own) if two_sided else 0)
                inside += log1p(-out)
            return npdf(z) * -expm1(inside)

        best = max([mpf(k) / 2 for k in range(-16, 17)], key=integrand)
        return line(integrand, best, narrow * mpf("0.25"))

    return over_deviation(df, lambda s: above(x * s), x)


def write(name, cases):
    with open(f"{name}.json", "w") as file:
        lines = ",\n".join(json.dumps(case) for case in cases)
        file.write('{"madeWith": "mpmath %s, 20 digits and more", "cases": [\n%s\n]}\n' % (mpmath.__version__, lines))


noncentral = []


def put(kind, parameters, x, tails):
    noncentral.append({"kind": kind, "parameters": parameters, "x": x, "lower": float(tails[0]), "upper": float(tails[1])})


if "ranges" not in sys.argv:
    for df, delta, t in [
        (20, 3, 2.1), (3, 0.5, -8), (3, 0.5, 8), (3.5, 40, 35), (7, 1, 40), (10, -2, 5), (58, 37, 0.1), (1e4, 3, 1.96), (1, 20, 3), (1.3, -1, 0.2),
        (100, 30, 2), (4, 60, 50), (1e6, 2.8, 1.96), (30, 5, 60), (2, 2.5, 12.7), (8, 2.8, 2.306), (18, -2.8, 2.1), (18, 1e-3, 2.1), (198, 2.8, 1.97),
        (5, -6, -4), (12, 0.4, 0), (250, 18, 19), (2, -0.3, -30), (40, 8, 0.5), (1e3, -33, -36),
    ]:
        put("t", [df, delta], t, noncentral_t(df, delta, t))
    for df, noncentrality, x in [
        (1, 3, 2), (10, 300, 250), (3, 50, 200), (0.4, 2, 1e-5), (5, 8, 900), (2, 0.01, 5), (7, 20, 1), (4, 12, 14.2), (1, 7.85, 3.84), (100, 40, 60), (2.5, 100, 40), (30, 1e-6, 43.8),
    ]:
        put("chi-squared", [df, noncentrality], x, noncentral_chi_squared(df, noncentrality, x))
    for df1, df2, noncentrality, x in [
        (1, 10, 3, 2), (10, 50, 200, 15), (3, 1e5, 50, 60), (2, 7, 5, 1e-3), (4, 20, 8, 50), (3, 96, 10.5, 2.7), (1, 4, 30, 7.7), (2.5, 3.5, 1, 1), (5, 200, 60, 3), (7, 12, 0.1, 300),
    ]:
        put("f", [df1, df2, noncentrality], x, noncentral_f(df1, df2, noncentrality, x))
if "ranges" not in sys.argv:
    write("noncentral", noncentral)

# Two integrals in one another: 20 digits are enough to check 13.
mpmath.mp.dps = 20
small = mpf(10) ** -19
ranges = []
for groups, df, q in [
    (2, 5, 3), (3, 10, 3.877676), (3, 10, 0.5), (4, 20, 12), (5, inf, 3.9), (10, 5, 8), (10, 60, 4.6), (20, 30, 6), (50, 20, 6), (3, 2, 30), (6, 1e4, 9), (3, 7.5, 5), (100, inf, 5),
]:
    ranges.append({"kind": "range", "groups": groups, "degreesOfFreedom": "Infinity" if df == inf else df, "x": q, "upper": float(studentised_range(groups, df, q))})
half = 0.7071067811865476
for loadings, df, x in [
    ([half, half], inf, 2.2), ([half, half, half], 20, 2.54), ([half, 0.9, 0.3], 20, 3), ([0.5, 0.5, 0.5, 0.5], 6, 8), ([0.98, 0.2], 12, 2.4), ([0, 0, 0], 9, 3), ([0.6] * 9, 45, 2.7), ([0.3, 0.8], 3, 20), ([half], 4, 1),
]:
    for two_sided in (True, False):
        ranges.append({"kind": "two-sided" if two_sided else "one-sided", "loadings": loadings, "degreesOfFreedom": "Infinity" if df == inf else df, "x": x, "upper": float(maximum(loadings, df, x, two_sided))})
write("ranges", ranges)
