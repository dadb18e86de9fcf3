"""Writes continuous.json beside this file: both tails of gamma, F and Student's t at 40 digits. Needs mpmath only.

python make_continuous.py
"""
import json

import mpmath
from mpmath import exp, gammainc, hyp2f1, inf, log, log1p, loggamma, mpf, quad, sqrt

mpmath.mp.dps = 40


def gamma_tails(a, x):
    a, x = mpf(a), mpf(x)
    if a > 3000 and abs(x - a) < a / 2:
        # Quadrature of the density relative to that at x, away from the mean.
        k = (x - a) / sqrt(a)
        sign = 1 if k > 0 else -1
        width = sqrt(a) / (1 + abs(k))
        ends = [x + sign * width * step for step in (0, 1, 2, 4, 8, 16, 32, 64, 100)]
        ends = [end for end in ends if end > 0]
        tail = sign * exp((a - 1) * log(x) - x - loggamma(a)) * quad(lambda t: exp((a - 1) * log(t / x) - (t - x)), ends)
        return (1 - tail, tail) if sign > 0 else (tail, 1 - tail)
    if x > a + 1:
        upper = gammainc(a, x, inf, regularized=True)
        return 1 - upper, upper
    lower = gammainc(a, 0, x, regularized=True)
    return lower, 1 - lower


def beta_tails(a, b, x, y):
    if a * y < b * x:
        upper, lower = beta_tails(b, a, y, x)
        return lower, upper
    front = x**a * y**b * exp(loggamma(a + b) - loggamma(a) - loggamma(b))
    if min(a, b) > 2000:
        k = a * y - b * x
        width = 1 / (sqrt(a * y * y + b * x * x) + k)
        ends = [width * step for step in (0, 1, 2, 4, 8, 16, 32, 64, 100)]
        lower = front * quad(lambda v: exp((a - 1) * log1p(-y * v) + (b - 1) * log1p(x * v)), [end for end in ends if end < 1 / y])
    else:
        lower = front / a * hyp2f1(1, a + b, a + 1, x)
    return lower, 1 - lower


cases = []


def put(kind, parameters, point, tails):
    if min(tails) > mpf(10) ** -300:
        cases.append({"kind": kind, "parameters": parameters, "x": point, "lower": float(tails[0]), "upper": float(tails[1])})


for a in [5e-4, 0.003, 0.07, 0.5, 0.93, 1, 2.5, 17.3, 39, 41, 250.25, 3e3, 1e5 + 0.5, 1e8, 1e12, 5e14]:
    for k in [-25, -6, -2, -0.7, -0.01, 0.01, 0.7, 2, 6, 25]:
        points = {a * (1 + k / a**0.5)} | ({a * float(exp(k)), a * float(exp(10 * k))} if a < 1e3 else set())
        for x in sorted(points):
            if 1e-300 < x < 1e300:
                put("gamma", [a, 1], x, gamma_tails(a, x))

shapes = [5e-4, 0.03, 0.5, 1, 1.5, 7.3, 55, 65, 1e3, 1e5, 1e9, 1e15]
for a in shapes:
    for b in shapes:
        for k in [-8, -1.5, -0.2, 0.2, 1.5, 8]:
            ratio = exp(min(max(k * sqrt(1 / mpf(a) + 1 / mpf(b)), -300), 300))
            f = float(ratio)
            odds = mpf(f) * mpf(a) / mpf(b)
            try:
                put("f", [2 * a, 2 * b], f, beta_tails(mpf(a), mpf(b), odds / (1 + odds), 1 / (1 + odds)))
            except mpmath.libmp.NoConvergence:
                continue

for df in [1e-3, 0.2, 1, 2, 3.7, 30, 120.5, 1e4, 1e8, 1e15]:
    for t in [1e-9, 0.3, 1, 1.8, 3, 7, 20, 36, 1e3, 1e10, 1e100]:
        square = mpf(t) ** 2
        try:
            beyond, within = beta_tails(mpf(df) / 2, mpf(0.5), df / (df + square), square / (df + square))
            put("t", [df], t, (1 - beyond / 2, beyond / 2))
        except (mpmath.libmp.NoConvergence, ValueError):
            continue

with open("continuous.json", "w") as file:
    lines = ",\n".join(json.dumps(case) for case in cases)
    file.write('{"madeWith": "mpmath %s, 40 digits", "cases": [\n%s\n]}\n' % (mpmath.__version__, lines))
