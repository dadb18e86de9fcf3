"""Writes boundaries.json, sequences.json, counts.json, asymptotic.json and results.json beside this file.

python make_sequential.py
Boundaries come from a recursion of its own: one Gauss-Legendre rule over the whole continuation region, in double precision (SciPy) and, where
said so, with 25 digits (mpmath). The normal mixtures come from numerical integration of their definition; the others from the
incomplete gamma and beta functions of mpmath.
"""
import json
import math
import sys

import mpmath as mp
import numpy as np
import scipy
from scipy import optimize
from scipy.special import ndtr, ndtri

mp.mp.dps = 25


def write(name, made_with, cases):
    with open(f"{name}.json", "w") as file:
        json.dump({"madeWith": made_with, "cases": cases}, file, indent=0)
        file.write("\n")


def spent(form, total, t):
    if t >= 1:
        return total
    kind = form["kind"]
    if kind == "obrien-fleming":
        return 2 * ndtr(ndtri(total / 2) / math.sqrt(t))
    if kind == "pocock":
        return total * math.log(1 + (math.e - 1) * t)
    if kind == "power":
        return total * t ** form["rho"]
    g = form["gamma"]
    return total * t if g == 0 else total * (1 - math.exp(-g * t)) / (1 - math.exp(-g))


NODES, WEIGHTS = np.polynomial.legendre.leggauss(500)


class Walk:
    """The density of z among paths that continue, in double precision."""

    def __init__(self, sides, low=-14.0):
        self.sides, self.low, self.x, self.w, self.info = sides, low, None, None, None

    def above(self, info, z, theta=0.0):
        if self.x is None:
            return ndtr(theta * math.sqrt(info) - z)
        d = math.sqrt(info - self.info)
        return float(np.sum(self.w * np.exp(theta * math.sqrt(self.info) * self.x - theta**2 * self.info / 2) * ndtr((self.x * math.sqrt(self.info) + theta * (info - self.info) - z * math.sqrt(info)) / d)))

    def below(self, info, z, theta=0.0):
        if self.x is None:
            return ndtr(z - theta * math.sqrt(info))
        d = math.sqrt(info - self.info)
        return float(np.sum(self.w * np.exp(theta * math.sqrt(self.info) * self.x - theta**2 * self.info / 2) * ndtr((z * math.sqrt(info) - self.x * math.sqrt(self.info) - theta * (info - self.info)) / d)))

    def go(self, info, b, a=None):
        low = a if a is not None else (-b if self.sides == 2 else self.low)
        x = (b - low) / 2 * NODES + (b + low) / 2
        w = (b - low) / 2 * WEIGHTS
        if self.x is None:
            g = np.exp(-x * x / 2) / math.sqrt(2 * math.pi)
        else:
            d = math.sqrt(info - self.info)
            k = np.exp(-(((x[:, None] * math.sqrt(info) - self.x[None, :] * math.sqrt(self.info)) / d) ** 2) / 2) / math.sqrt(2 * math.pi) * math.sqrt(info) / d
            g = k @ self.w
        self.x, self.w, self.info = x, w * g, info


def boundaries(info, alpha, sides, form):
    walk, upper, last = Walk(sides), [], 0.0
    if form["kind"] == "wang-tsiatis":
        def total(c):
            w, p = Walk(sides), 0.0
            for t in info:
                b = c * (t / info[-1]) ** (form["shape"] - 0.5)
                p += w.above(t, b)
                w.go(t, b)
            return p - alpha / sides
        c = optimize.brentq(total, 0.5, 8, xtol=1e-15, rtol=1e-15)
        return [c * (t / info[-1]) ** (form["shape"] - 0.5) for t in info]
    for t in info:
        s = spent(form, alpha / sides, t)
        b = optimize.brentq(lambda z: math.log(walk.above(t, z)) - math.log(s - last), -3, 8.2, xtol=1e-15, rtol=1e-15)
        upper.append(b)
        walk.go(t, b)
        last = s
    return upper


def mp_boundaries(info, alpha, sides, form, count=90):
    """The same with 25 digits."""
    rule = mp.calculus.quadrature.GaussLegendre(mp.mp)
    info = [mp.mpf(t) for t in info]
    raw = rule.calc_nodes(6, 100)  # 3 * 2^5 nodes
    x0, w0 = [n for n, _ in raw], [w for _, w in raw]
    nodes = weights = before = None
    upper, last = [], mp.mpf(0)
    for k, t in enumerate(info):
        total = mp.mpf(alpha) / sides
        if k == len(info) - 1 and t == 1:
            s = total
        elif form["kind"] == "obrien-fleming":
            root = mp.findroot(lambda z: mp.erfc(z / mp.sqrt(2)) / 2 - total / 2, 2.2)
            s = mp.erfc(root / mp.sqrt(2 * t))
        elif form["kind"] == "pocock":
            s = total * mp.log(1 + (mp.e - 1) * t)
        else:
            s = total * t ** form["rho"]
        def above(z):
            if nodes is None:
                return mp.erfc(z / mp.sqrt(2)) / 2
            d = mp.sqrt(t - before)
            return mp.fsum(w * mp.erfc((z * mp.sqrt(t) - x * mp.sqrt(before)) / d / mp.sqrt(2)) / 2 for x, w in zip(nodes, weights))
        b = mp.findroot(lambda z: mp.log(above(z)) - mp.log(s - last), (2, 3), solver="secant", tol=1e-36)
        upper.append(float(b))
        last = s
        if k == len(info) - 1:
            break
        low = -b if sides == 2 else mp.mpf(-11)
        panels = 2 if sides == 2 else 4
        x, w = [], []
        for j in range(panels):
            half = (b - low) / panels / 2
            mid = low + half * (2 * j + 1)
            x += [mid + half * n for n in x0]
            w += [half * v for v in w0]
        if nodes is None:
            g = [v * mp.npdf(n) for n, v in zip(x, w)]
        else:
            d, f, h = mp.sqrt(t - before), mp.sqrt(before), mp.sqrt(t)
            g = [v * h / d * mp.fsum(m * mp.npdf((n * h - u * f) / d) for u, m in zip(nodes, weights)) for n, v in zip(x, w)]
        nodes, weights, before = x, g, t
    return upper


FORMS = [{"kind": "obrien-fleming"}, {"kind": "pocock"}, {"kind": "power", "rho": 2}, {"kind": "power", "rho": 0.7}, {"kind": "hwang-shih-decani", "gamma": -4}, {"kind": "hwang-shih-decani", "gamma": 1}, {"kind": "hwang-shih-decani", "gamma": 0}, {"kind": "wang-tsiatis", "shape": 0}, {"kind": "wang-tsiatis", "shape": 0.5}, {"kind": "wang-tsiatis", "shape": 0.25}]
LOOKS = [[0.5, 1], [0.25, 0.5, 0.75, 1], [0.2, 0.4, 0.6, 0.8, 1], [0.3, 0.33, 0.9, 1], [0.1, 0.15, 0.7]]


def all_boundaries():
    cases = []
    for form in FORMS:
        for info in LOOKS:
            if form["kind"] == "wang-tsiatis" and info[-1] != 1:
                continue
            for sides, alpha in [(1, 0.025), (2, 0.05), (2, 0.01), (1, 0.1)]:
                if (sides, alpha) in [(2, 0.01), (1, 0.1)] and info not in LOOKS[1:4]:
                    continue
                cases.append({"information": info, "maximum": 1, "alpha": alpha, "sides": sides, "form": form, "upper": boundaries(info, alpha, sides, form), "digits": "double"})
    for form, info, sides in [(FORMS[0], [0.5, 1], 2), (FORMS[1], [0.5, 1], 2), (FORMS[0], [0.25, 0.5, 1], 2), (FORMS[2], [0.25, 0.5, 1], 2), (FORMS[1], [0.5, 1], 1)]:
        cases.append({"information": info, "maximum": 1, "alpha": 0.05, "sides": sides, "form": form, "upper": mp_boundaries(info, 0.05, sides, form), "digits": "mpmath"})
    write("boundaries", f"SciPy {scipy.__version__}, mpmath {mp.__version__}", cases)


def results():
    """Stage-wise ordering by the double-precision recursion."""
    cases = []
    looks = [0.3, 0.6, 1.0]
    for form in FORMS[:3]:
        for sides, alpha in [(1, 0.025), (2, 0.05), (2, 0.2)]:
            upper = boundaries(looks, alpha, sides, form)
            for stage, z in [(0, upper[0] + 0.4), (1, upper[1] + 0.01), (1, upper[1] + 2.5), (2, upper[2] + 0.3), (2, 0.4), (2, -1.1), (2, 5.0)]:
                def tail(theta, up):
                    walk, p = Walk(sides, -22.0), 0.0
                    for k in range(stage):
                        p += walk.above(looks[k], upper[k], theta) if up else (walk.below(looks[k], -upper[k], theta) if sides == 2 else 0)
                        walk.go(looks[k], upper[k])
                    return p + (walk.above if up else walk.below)(looks[stage], z, theta)
                def drift(p):
                    if p <= 0.5:
                        return optimize.brentq(lambda th: math.log(tail(th, True)) - math.log(p), -9, 14, xtol=1e-14, rtol=1e-14)
                    return optimize.brentq(lambda th: math.log(tail(th, False)) - math.log(1 - p), -9, 14, xtol=1e-14, rtol=1e-14)
                one = alpha if sides == 1 else alpha / 2
                cases.append({"information": looks[: stage + 1], "alpha": alpha, "sides": sides, "form": form, "z": z, "estimate": drift(0.5), "lower": drift(one), "upper": drift(1 - one) if sides == 2 else None, "pValue": tail(0.0, True) if sides == 1 else min(1, 2 * min(tail(0.0, True), tail(0.0, False)))})
    write("results", f"SciPy {scipy.__version__}", cases)


def quad(f, points):
    return mp.quad(f, points, maxdegree=9)


def precision(v, alpha, sides):
    doubled = -2 * mp.log(mp.mpf(alpha) * (3 - sides))
    return v / (doubled + mp.log(1 + doubled))


def log_mixture(kind, s, v, v_opt, alpha, sides=1, c=None, g=None, h=None):
    """log of the integral of exp(lambda s - psi(lambda) v) over the mixing law, by quadrature."""
    s, v = mp.mpf(s), mp.mpf(v)
    rho = precision(mp.mpf(v_opt), alpha, sides)
    if kind == "normal":
        peak = s / (v + rho)
        sd = 1 / mp.sqrt(v + rho)
        lo = peak - 14 * sd if sides == 2 else mp.mpf(0)
        hi = max(peak, mp.mpf(0)) + 14 * sd
        f = lambda l: mp.exp(l * s - l * l * v / 2 - l * l * rho / 2) * mp.sqrt(rho / (2 * mp.pi)) * (1 if sides == 2 else 2)
        return mp.log(quad(f, mp.linspace(lo, hi, 8)))
    if kind == "beta-binomial":
        # A Beta law on the share q of ups; increments h up, -g down; share g / (g + h) under the null.
        g, h = mp.mpf(g), mp.mpf(h)
        w = g + h
        r = max(precision(mp.mpf(v_opt), alpha, sides) - g * h, g * h / 1000)
        ups, downs = v / (h * w) + s / w, v / (g * w) - s / w
        a, b = r / (h * w), r / (g * w)
        null = g / w
        # The one-sided law keeps shares above the null.
        upper = lambda p, q: mp.betainc(p, q, null if sides == 1 else 0, 1)
        return mp.log(upper(a + ups, b + downs)) - mp.log(upper(a, b)) - ups * mp.log(null) - downs * mp.log(1 - null)
    square = mp.mpf(c) ** 2
    shape = rho / square
    if kind == "gamma-exponential":
        rate, now = (c * s + v + rho) / square, (v + rho) / square
        start = shape * mp.log(shape) - mp.log(mp.gammainc(shape, 0, shape))
        return start + mp.log(mp.gammainc(now, 0, rate)) - now * mp.log(rate) + (c * s + v) / square
    rate = (v + rho) / square
    now = s / c + rate
    start = shape * mp.log(shape) - mp.log(mp.gammainc(shape, shape, mp.inf))
    return start + mp.log(mp.gammainc(now, rate, mp.inf)) - now * mp.log(rate) + v / square


def sequences():
    cases = []
    mixtures = [("normal", {"sides": 2}), ("normal", {"sides": 1}), ("gamma-exponential", {"c": 2}), ("gamma-exponential", {"c": 0.3}), ("gamma-poisson", {"c": 2}), ("gamma-poisson", {"c": 0.5}), ("beta-binomial", {"sides": 2, "g": 0.2, "h": 0.8}), ("beta-binomial", {"sides": 1, "g": 0.2, "h": 0.8}), ("beta-binomial", {"sides": 2, "g": 0.5, "h": 0.5})]
    for kind, own in mixtures:
        for v, v_opt, alpha in [(100, 100, 0.05), (20, 100, 0.01), (1000, 30, 0.05)]:
            for s in [3, 10, -2.5]:
                if own.get("g") and not (-v / own["h"] < s < v / own["g"]):
                    continue
                cases.append({"kind": "log-mixture", "mixture": kind, **own, "s": s, "v": v, "v_opt": v_opt, "alpha": alpha, "expected": float(log_mixture(kind, s, v, v_opt, alpha, **own))})
            bound = mp.findroot(lambda s: log_mixture(kind, s, v, v_opt, alpha, **own) + mp.log(alpha), (2.5 * math.sqrt(v), 3 * math.sqrt(v)), solver="secant", tol=1e-22)
            cases.append({"kind": "bound", "mixture": kind, **own, "v": v, "v_opt": v_opt, "alpha": alpha, "expected": float(bound)})
    for v in [1, 100, 1e6]:
        for c in [0, 3, -1]:
            for s, eta in [(1.4, 2), (2, 1.5)]:
                k1, k2 = (mp.mpf(eta) ** 0.25 + mp.mpf(eta) ** -0.25) / mp.sqrt(2), (mp.sqrt(eta) + 1) / 2
                used = max(v, 10)
                ell = s * mp.log(mp.log(mp.mpf(eta) * used / 10)) + mp.log(mp.zeta(s) / mp.log(eta) ** s) + mp.log(20)
                cases.append({"kind": "poly-stitching", "v": v, "alpha": 0.05, "v_min": 10, "c": c, "s": s, "eta": eta, "expected": float(mp.sqrt(k1 * k1 * used * ell + (k2 * c * ell) ** 2) + k2 * c * ell)})
    for p in [0.05, 0.5, 0.9]:
        for t in [50, 1000, 10**7]:
            delta, s, eta, opt, alpha = mp.mpf("0.5"), mp.mpf("1.4"), mp.mpf(2), 100, mp.mpf("0.05")
            m, q = mp.mpf(max(t, opt)), mp.mpf(p)
            logit = mp.log(q / (1 - q))
            r = q if p >= 0.5 else min(mp.mpf("0.5"), 1 / (1 + mp.exp(-(logit + 2 * delta * mp.sqrt(opt * eta / m)))))
            j = mp.sqrt(m / opt) * abs(logit) / (2 * delta) + 1
            z = mp.zeta(s)
            ell = s * mp.log(mp.log(eta * m / opt)) + s * mp.log(j) + mp.log(2 * z * (2 * z + 1) / (alpha * mp.log(eta) ** s))
            k1, k2, cp = (eta ** 0.25 + eta ** -0.25) / mp.sqrt(2), (mp.sqrt(eta) + 1) / 2, (1 - 2 * q) / 3
            value = delta * mp.sqrt(eta * m * r * (1 - r) / opt) + mp.sqrt(k1**2 * r * (1 - r) * m * ell + (k2 * cp * ell) ** 2) + k2 * cp * ell
            cases.append({"kind": "double-stitching", "p": p, "t": t, "alpha": 0.05, "t_opt": opt, "expected": float(value)})
    for x, n, opt, alpha in [(700, 1000, 100, 0.05), (15, 50, 50, 0.05), (2, 50, 50, 0.05), (41, 1000, 1000, 0.01), (0, 30, 30, 0.05), (30, 30, 30, 0.05), (1, 2, 50, 0.05), (120000, 400000, 10000, 0.05), (3 * 10**14, 10**15, 10**6, 0.05)]:
        mp.mp.dps = 45
        k = max(precision(mp.mpf(opt), alpha, 2) - 1, mp.mpf("1e-3"))
        def log_m(p):
            lb = lambda a, b: mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)
            return lb(k * p + x, k * (1 - p) + n - x) - lb(k * p, k * (1 - p)) - x * mp.log(p) - (n - x) * mp.log(1 - p)
        def edge(lo, hi):
            lo, hi = mp.mpf(lo), mp.mpf(hi)
            for _ in range(110):
                mid = (lo + hi) / 2
                if log_m(mid) > -mp.log(alpha):
                    lo = mid
                else:
                    hi = mid
            return float((lo + hi) / 2)
        share = mp.mpf(x) / n
        tiny = mp.mpf(10) ** -30
        lower = 0.0 if x <= 1 else edge(tiny, share if x < n else 1 - tiny)
        upper = 1.0 if n - x <= 1 else edge(1 - tiny, share if x > 0 else tiny)
        p0 = 0.3
        cases.append({"kind": "bernoulli", "successes": x, "trials": n, "tunedFor": opt, "alpha": alpha, "expected": [lower, upper], "null": p0, "logMartingale": float(log_m(mp.mpf("0.3")))})
        mp.mp.dps = 25
    write("sequences", f"mpmath {mp.__version__}", cases)


def asymptotic():
    cases = []
    for alpha in [0.05, 0.01, 0.2]:
        for tuned in [50, 5000]:
            for n in [20, 1000, 10**6]:
                for z in [1.0, 3.5, -4.2]:
                    y = optimize.brentq(lambda u: u - math.log(u) - 1 - 2 * math.log(1 / alpha), 1 + 1e-12, 80, xtol=1e-15, rtol=1e-15)
                    rho = tuned / (y - 1)
                    log_m = z * z * n / (2 * (n + rho)) - 0.5 * math.log(1 + n / rho)
                    y1 = optimize.brentq(lambda u: u - math.log(u) - 1 - 2 * math.log(1 / (2 * alpha)), 1 + 1e-12, 80, xtol=1e-15, rtol=1e-15)
                    rho1 = tuned / (y1 - 1)
                    r1, nn = mp.mpf(rho1), mp.mpf(n)
                    one = lambda w: w * w * nn / (2 * (nn + r1)) + mp.log(2) - mp.log(1 + nn / r1) / 2 + mp.log(mp.ncdf(w * mp.sqrt(nn / (nn + r1))))
                    w1 = mp.findroot(lambda w: one(w) + mp.log(alpha), (2.5, 4.0), solver="secant", tol=1e-20)
                    cases.append({"level": 1 - alpha, "tunedFor": tuned, "n": n, "z": z, "width": math.sqrt((1 + rho / n) * (math.log(1 + n / rho) + 2 * math.log(1 / alpha))), "pValue": min(1.0, math.exp(-log_m)), "oneSidedWidth": float(w1), "oneSidedPValue": min(1.0, float(mp.exp(-one(mp.mpf(z)))))})
    write("asymptotic", f"SciPy {scipy.__version__}, mpmath {mp.__version__}", cases)


def counts():
    """Beta-binomial mixtures of rare, of common and of no events, in counts up to the largest whole double."""
    mp.mp.dps = 60
    cases = []
    for n in [2, 5, 900, 10**6, 10**10, 10**13, 10**15, 2**53 - 1]:
        for ups in sorted({0, 1, min(41, n), n // 3, n - 2}):
            for times in [0.2, 0.97, 1, 30]:
                for size in [0.02, 5, 3e4, 2e8]:
                    share = (ups + 0.5) / (n + 1) * times
                    if share >= 1:
                        continue
                    p, k, downs = mp.mpf(share), mp.mpf(size), n - ups
                    rise = lambda base, by: mp.loggamma(base + by) - mp.loggamma(base)
                    log_m = rise(k * p, ups) + rise(k * (1 - p), downs) - rise(k, n) - ups * mp.log(p) - downs * mp.log1p(-p)
                    cases.append({"ups": ups, "downs": downs, "share": share, "size": size, "expected": float(log_m)})
    mp.mp.dps = 25
    write("counts", f"mpmath {mp.__version__}", cases)


if __name__ == "__main__":
    for part in sys.argv[1:] or ["asymptotic", "results", "sequences", "counts", "all_boundaries"]:
        globals()[part]()
