"""Writes regression-exact.json: regressions that programs in double precision get wrong in the eighth digit, computed here to 260 digits by the
definitions (pseudo-inverse, whole hat matrix, matrix roots by eigenvalues). Run: python make_exact.py"""
import json
import random

import mpmath
import statsmodels.api as sm
from mpmath import mpf

mpmath.mp.dps = 260


def power(matrix, exponent):
    values, vectors = mpmath.eigsy(matrix)
    diagonal = mpmath.diag([0 if value < mpf("1e-30") else value**exponent for value in values])
    return vectors * diagonal * vectors.T


def solve(name, y, columns, clusters=None):
    n, k = len(y), len(columns)
    X = mpmath.matrix([[mpf(column[i]) for column in columns.values()] for i in range(n)])
    Y = mpmath.matrix([mpf(value) for value in y])
    inverse = (X.T * X) ** -1
    W = inverse * X.T
    b = W * Y
    e = Y - X * b
    H = X * W
    M = mpmath.eye(n) - H
    out = {"name": name, "y": y, "columns": columns, "coefficients": [float(value) for value in b], "errors": {}}
    s2 = mpmath.fsum(value**2 for value in e) / (n - k)
    out["errors"]["classical"] = [float(mpmath.sqrt(s2 * inverse[j, j])) for j in range(k)]
    for kind, factor in {"HC0": lambda i: 1, "HC1": lambda i: mpf(n) / (n - k), "HC2": lambda i: 1 / M[i, i], "HC3": lambda i: 1 / M[i, i] ** 2}.items():
        out["errors"][kind] = [float(mpmath.sqrt(mpmath.fsum(factor(i) * (W[j, i] * e[i]) ** 2 for i in range(n)))) for j in range(k)]
    if clusters is not None:
        out["clusters"], out["degrees"] = clusters, {}
        groups = [[i for i in range(n) if clusters[i] == g] for g in sorted(set(clusters))]
        for kind, exponent in {"CR0": None, "CR2": mpf(-0.5), "CR3": mpf(-1)}.items():
            adjust = []
            for rows in groups:
                block = mpmath.matrix([[M[i, l] for l in rows] for i in rows])
                adjust.append(mpmath.eye(len(rows)) if exponent is None else power(block, exponent))
            errors, degrees = [], []
            for j in range(k):
                p = mpmath.zeros(n, len(groups))
                score = mpf(0)
                for g, rows in enumerate(groups):
                    own = adjust[g] * mpmath.matrix([W[j, i] for i in rows])
                    score += mpmath.fsum(own[a] * e[i] for a, i in enumerate(rows)) ** 2
                    for a, i in enumerate(rows):
                        p[i, g] = own[a]
                P = p.T * M * p
                trace = mpmath.fsum(P[g, g] for g in range(len(groups)))
                squares = mpmath.fsum(P[g, h] ** 2 for g in range(len(groups)) for h in range(len(groups)))
                errors.append(float(mpmath.sqrt(score)))
                degrees.append(float(trace**2 / squares))
            out["errors"][kind], out["degrees"][kind] = errors, degrees
    return out


random.seed(6)
cluster = [g for g in range(6) for _ in range(4)]
noise = lambda: [round(random.gauss(0, 1), 3) for _ in range(24)]
ones = [1.0] * 24
longley = sm.datasets.longley.load_pandas()
arm = [float(g % 2) for g in cluster]
cases = [
    solve("Longley", [float(v) for v in longley.endog], {"1": [1.0] * 16, **{name: [float(v) for v in longley.exog[name]] for name in longley.exog}}),
    solve("high leverage", noise(), {"1": ones, "z": [1000.0] + noise()[1:]}, cluster),
    solve("offset 1e8", [1e8 + v for v in noise()], {"1": ones, "z": [1e6 + v for v in noise()]}, cluster),
    solve("tiny and huge", [v * 1e-120 for v in noise()], {"1": ones, "z": [v * 1e100 for v in noise()]}, cluster),
    solve("near dependent", noise(), {"1": ones, "arm": arm, "z": [a + v * 1e-7 for a, v in zip(arm, noise())]}, cluster),
    solve("dummies", noise(), {"z": noise(), **{f"c{g}": [float(c == g) for c in cluster] for g in range(6)}}, cluster),
]
with open("regression-exact.json", "w") as file:
    file.write('{"madeWith": "mpmath %s, 260 digits", "cases": [\n%s\n]}\n' % (mpmath.__version__, ",\n".join(json.dumps(case) for case in cases)))
