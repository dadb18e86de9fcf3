"""Writes proportions.json, means.json and pooling-bayes.json beside this file.

python make_bayesian.py
Chances by the closed sum over one integer parameter (mpmath); intervals by quadrature on another scale than the product's.
"""
import json
import math

import mpmath as mp
import numpy as np
import scipy
from scipy import optimize, stats

mp.mp.dps = 30


def write(name, made_with, cases):
    with open(f"{name}.json", "w") as file:
        json.dump({"madeWith": made_with, "cases": cases}, file, indent=0)
        file.write("\n")


def lb(a, b):
    return mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)


def above(a1, b1, a2, b2):
    """P(X1 > X2), a1 an integer."""
    return mp.fsum(mp.exp(lb(a2 + i, b1 + b2) - mp.log(b1 + i) - lb(1 + i, b1) - lb(a2, b2)) for i in range(int(a1)))


def excess(a1, b1, a2, b2):
    """E max(X1 - X2, 0)."""
    return a1 / mp.mpf(a1 + b1) * above(a1 + 1, b1, a2, b2) - a2 / mp.mpf(a2 + b2) * (1 - above_any(a2 + 1, b2, a1, b1))


def above_any(a1, b1, a2, b2):
    return above(a1, b1, a2, b2)


NODES, WEIGHTS = np.polynomial.legendre.leggauss(120)


def composite(f, lo, hi, panels=24):
    edges = np.linspace(lo, hi, panels + 1)
    half = (edges[1:] - edges[:-1]) / 2
    x = (edges[:-1] + half)[:, None] + half[:, None] * NODES[None, :]
    return float(np.sum(f(x) * WEIGHTS[None, :] * half[:, None]))


def interval(f, p, lo, hi):
    return optimize.brentq(lambda d: f(d) - p, lo, hi, xtol=1e-15, rtol=1e-14)


def proportions():
    cases = []
    for (xc, nc), (xt, nt), (a, b) in [
        ((100, 1000), (120, 1000), (1, 1)), ((5, 50), (9, 48), (1, 1)), ((0, 30), (3, 30), (1, 1)), ((3, 30), (0, 25), (1, 1)), ((0, 20), (0, 22), (1, 1)), ((40, 40), (38, 40), (1, 1)),
        ((200, 10000), (260, 10000), (1, 1)), ((200, 1000), (400, 1000), (1, 1)), ((12, 400), (700, 1500), (1, 1)), ((7, 20), (350, 900), (3, 9)), ((1, 3), (2, 2), (2, 2)), ((0, 0), (5, 9), (1, 1)), ((500, 1000), (500, 1000), (1, 1)), ((2, 10), (50, 60), (20, 20)), ((30, 3000), (5, 800), (1, 60)), ((450, 460), (90, 100), (1, 1)),
    ]:
        at, bt, ac, bc = a + xt, b + nt - xt, a + xc, b + nc - xc
        t, c = stats.beta(at, bt), stats.beta(ac, bc)
        # Over the quantiles of the control: uniform, with all kinks of the treatment's tail inside smooth panels.
        lo_c, hi_c = c.ppf(1e-18) if ac > 1 else 0.0, c.isf(1e-18)
        def diff(d):
            lo, hi = max(lo_c, -d), min(hi_c, 1 - d)
            sure = c.sf(1 - d) if 1 - d < hi_c else 0.0
            return sure + (composite(lambda x: c.pdf(x) * t.cdf(x + d), lo, hi) if hi > lo else 0.0)
        def ratio(r):
            hi = min(hi_c, 1 / r)
            return (c.sf(1 / r) if 1 / r < hi_c else 0.0) + composite(lambda x: c.pdf(x) * t.cdf(x * r), lo_c, hi)
        win = above(at, bt, ac, bc)
        lose = above(ac, bc, at, bt)
        mp.mp.dps = 60
        loss_t = mp.mpf(ac) / (ac + bc) * above(ac + 1, bc, at, bt) - mp.mpf(at) / (at + bt) * above(ac, bc, at + 1, bt)
        loss_c = mp.mpf(at) / (at + bt) * above(at + 1, bt, ac, bc) - mp.mpf(ac) / (ac + bc) * above(at, bt, ac + 1, bc)
        mp.mp.dps = 30
        row = {"control": {"successes": xc, "trials": nc}, "treatment": {"successes": xt, "trials": nt}, "prior": {"a": a, "b": b}, "chanceToWin": float(win), "chanceToLose": float(lose), "lossOfTreatment": float(loss_t), "lossOfControl": float(loss_c), "intervals": []}
        for level in [0.5, 0.95, 0.99]:
            tail = (1 - level) / 2
            d = [interval(diff, p, -1 + 1e-9, 1 - 1e-9) for p in (tail, 1 - tail)]
            lr = [interval(lambda u: ratio(math.exp(u)), p, -14, 14) for p in (tail, 0.5, 1 - tail)]
            row["intervals"].append({"level": level, "difference": d, "logRatio": lr})
        cases.append(row)
    write("proportions", f"mpmath {mp.__version__}, SciPy {scipy.__version__}", cases)


def means():
    cases = []
    for c, t in [((2000, 10.1, 24), (2000, 10.6, 26)), ((50, 3, 9), (40, -2, 4)), ((10, 0.5, 1), (12, 0.6, 2)), ((1000, 100, 1), (1000, 130, 1)), ((300, -5, 7), (200, -5, 7))]:
        vc, vt = mp.mpf(c[2]) / c[0], mp.mpf(t[2]) / t[0]
        for prior in [{"kind": "flat"}, {"kind": "weak"}, {"kind": "normal", "mean": 0, "standardDeviation": 0.3}, {"kind": "normal", "mean": 0.1, "standardDeviation": 5}]:
            for scale in ["absolute", "relative"]:
                if scale == "relative" and c[1] <= 0:
                    continue
                if scale == "absolute":
                    mean, var, unit = mp.mpf(t[1]) - mp.mpf(c[1]), vc + vt, mp.mpf(c[2]) + t[2]
                else:
                    m = mp.mpf(c[1])
                    r = mp.mpf(t[1]) / m
                    mean, var, unit = r - 1, vt / m**2 + vc * r**2 / m**2, (mp.mpf(t[2]) + r**2 * c[2]) / m**2
                if prior["kind"] != "flat":
                    pm, pv = (mp.mpf(0), unit) if prior["kind"] == "weak" else (mp.mpf(prior["mean"]), mp.mpf(prior["standardDeviation"]) ** 2)
                    precision = 1 / pv + 1 / var
                    mean, var = (pm / pv + mean / var) / precision, 1 / precision
                sd = mp.sqrt(var)
                z = mean / sd
                loss = lambda u: sd * (mp.npdf(u) - u * mp.erfc(u / mp.sqrt(2)) / 2)
                cases.append({"control": dict(zip(["n", "mean", "variance"], c)), "treatment": dict(zip(["n", "mean", "variance"], t)), "prior": prior, "scale": scale, "mean": float(mean), "sd": float(sd), "win": float(mp.erfc(-z / mp.sqrt(2)) / 2), "lossOfTreatment": float(loss(z)), "lossOfControl": float(loss(-z)), "lower": float(mean - mp.mpf(stats.norm.isf(0.025)) * sd), "upper": float(mean + mp.mpf(stats.norm.isf(0.025)) * sd)})
    write("means", f"mpmath {mp.__version__}", cases)


def pooling():
    cases = []
    schools = ([28, 8, -3, 7, -1, 1, 18, 12], [15, 10, 16, 11, 9, 11, 10, 18])
    for y, s in [schools, ([0.1, 0.3, 0.2, 0.9], [0.1, 0.2, 0.1, 0.15]), ([5, 5.2, 4.9], [1, 1, 1]), ([1000, 1100, 900, 1400, 1250, 700], [50, 80, 60, 90, 120, 40])]:
        y, s = np.array(y, float), np.array(s, float)
        for prior in [{"kind": "uniform"}, {"kind": "half-normal", "scale": float(s.mean())}, {"kind": "half-cauchy", "scale": float(s.mean())}]:
            def parts(tau):
                w = 1 / (s**2 + tau**2)
                v = 1 / w.sum()
                mu = v * (w * y).sum()
                lp = 0 if prior["kind"] == "uniform" else (-((tau / prior["scale"]) ** 2) / 2 if prior["kind"] == "half-normal" else -math.log(1 + (tau / prior["scale"]) ** 2))
                return mu, v, 0.5 * (np.log(w).sum() - (w * (y - mu) ** 2).sum() + math.log(v)) + lp
            # On the scale x = tau / (tau + s0), with many Gauss points.
            s0 = float(s.mean())
            nodes, weights = np.polynomial.legendre.leggauss(3000)
            x = (nodes + 1) / 2
            tau = s0 * x / (1 - x)
            jac = s0 / (1 - x) ** 2
            got = [parts(v) for v in tau]
            mu, v, lp = (np.array(q) for q in zip(*got))
            w = weights * np.exp(lp - lp.max()) * jac
            w /= w.sum()
            def q(m, var, p):
                sd = np.sqrt(var)
                return optimize.brentq(lambda z: (w * stats.norm.cdf((z - m) / sd)).sum() - p, y.min() - 30 * s.max(), y.max() + 30 * s.max(), xtol=1e-13, rtol=1e-14)
            def spread_q(p):
                def below(t):
                    xt = t / (t + s0)
                    xx = xt * x
                    tt = s0 * xx / (1 - xx)
                    l = np.array([parts(u)[2] for u in tt])
                    return (weights * xt * np.exp(l - lp.max()) * s0 / (1 - xx) ** 2).sum() / total
                total = (weights * np.exp(lp - lp.max()) * jac).sum()
                return optimize.brentq(lambda t: below(t) - p, 1e-9 * s0, 1e4 * s0, xtol=1e-13, rtol=1e-12)
            segs = []
            for yi, si in zip(y, s):
                k = tau**2 / (tau**2 + si**2)
                m, var = k * yi + (1 - k) * mu, k * si**2 + (1 - k) ** 2 * v
                segs.append([float((w * m).sum()), q(m, var, 0.025), q(m, var, 0.975)])
            cases.append({"estimates": y.tolist(), "standardErrors": s.tolist(), "prior": prior, "mean": float((w * mu).sum()), "lower": q(mu, v, 0.025), "upper": q(mu, v, 0.975), "positive": float((w * stats.norm.sf(-mu / np.sqrt(v))).sum()), "spreadMedian": spread_q(0.5), "segments": segs})
    write("pooling-bayes", f"SciPy {scipy.__version__}", cases)


if __name__ == "__main__":
    means()
    pooling()
    proportions()
