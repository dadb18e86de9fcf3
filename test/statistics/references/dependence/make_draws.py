"""Writes wild-bootstrap.json and randomisation.json by the definitions: every sign vector's regression fitted anew (whole matrices, cluster variance by
statsmodels' formula, checked against statsmodels), every assignment's statistic computed anew; SciPy's permutation_test where it knows the test.
Run: python make_draws.py"""
import itertools
import json
import math

import numpy as np
import scipy
import scipy.stats
import statsmodels
import statsmodels.api as sm

random = np.random.default_rng(6)


def share(drawn, observed, kind):
    slack = 1e-11 * max(1e-300, abs(observed))
    above, below = np.mean(drawn >= observed - slack), np.mean(drawn <= observed + slack)
    symmetric = np.mean(np.abs(drawn) >= abs(observed) - slack)
    return float({"greater": above, "less": below, "symmetric": symmetric, "equal-tail": min(1, 2 * min(above, below))}[kind])


def ends(p_at, middle, unit, alpha):
    """Where p crosses alpha, nearest to the middle: from steps outwards, then halving."""
    found = []
    for sign in (-1, 1):
        step, inside = 0.02 * unit, middle
        while p_at(middle + sign * step) >= alpha:
            inside, step = middle + sign * step, step * 1.05
            if step > 1e4 * unit:
                break
        else:
            outside = middle + sign * step
            for _ in range(60):
                half = (inside + outside) / 2
                if p_at(half) >= alpha:
                    inside = half
                else:
                    outside = half
            found.append(float(inside))
            continue
        found.append(None)
    return found


def wild(y, X, clusters, j):
    n = len(y)
    groups = np.unique(clusters)
    D = (clusters[:, None] == groups[None, :]).astype(float)
    W = np.linalg.pinv(X)
    hat = X @ W
    rest = np.delete(X, j, axis=1)
    off = np.eye(n) - rest @ np.linalg.pinv(rest)
    signs = np.array(list(itertools.product([1.0, -1.0], repeat=len(groups))))

    def t(outcomes, null):
        b = outcomes @ W[j] - null
        e = outcomes - outcomes @ hat.T
        return b / np.sqrt((((e * W[j]) @ D) ** 2).sum(axis=1))

    fit = sm.OLS(y, X).fit(cov_type="cluster", cov_kwds={"groups": clusters, "use_correction": False})
    assert abs(t(y[None, :], 0)[0] / fit.tvalues[j] - 1) < 1e-9

    def p_at(null, kind):
        residual = off @ (y - null * X[:, j])
        fitted = y - residual
        drawn = t(fitted + residual * (signs @ D.T), null)
        return share(drawn, t(y[None, :], null)[0], kind)

    return p_at, float(fit.params[j]), float(fit.bse[j])


def wild_cases():
    cases = []
    for g in (5, 6, 7, 8, 9, 10):
        for shape in ("equal", "unequal", "within"):
            sizes = [4] * g if shape != "unequal" else list(1 + random.poisson(3, g))
            clusters = np.repeat(np.arange(g), sizes)
            n = len(clusters)
            arm = (clusters % 2).astype(float) if shape != "within" else np.round(random.normal(size=n), 3)
            z = np.round(random.normal(size=n), 3)
            y = np.round(random.normal(size=g)[clusters] + random.normal(size=n) + 0.8 * arm, 3)
            X = np.column_stack([np.ones(n), arm, z])
            p_at, value, error = wild(y, X, clusters, 1)
            nulls = [0.0, round(value + 2 * error, 3), round(value - 0.7 * error, 3)]
            tests = [{"null": null, "kind": kind, "p": p_at(null, kind)} for null in nulls for kind in ("symmetric", "equal-tail", "less", "greater")]
            case = {"y": y.tolist(), "arm": arm.tolist(), "z": z.tolist(), "clusters": clusters.tolist(), "value": value, "tests": tests}
            case["interval80"] = ends(lambda null: p_at(null, "symmetric"), value, error, 1 - 0.8)
            cases.append(case)
    return cases


def assignments(strata, clusters, treated):
    """All arms of the units that keep the treated clusters of each stratum."""
    options = []
    for stratum in np.unique(strata):
        own = np.unique(clusters[strata == stratum])
        count = len(np.unique(clusters[(strata == stratum) & treated]))
        options.append([set(chosen) for chosen in itertools.combinations(own, count)])
    for picks in itertools.product(*options):
        chosen = set().union(*picks)
        yield np.array([c in chosen for c in clusters])


def statistic(y, arm, strata, clusters, studentised):
    difference, variance = 0.0, 0.0
    for stratum in np.unique(strata):
        here = strata == stratum
        weight = here.mean()
        difference += weight * (y[here & arm].mean() - y[here & ~arm].mean())
        for side in (here & arm, here & ~arm):
            totals = [(y[side & (clusters == c)] - y[side].mean()).sum() for c in np.unique(clusters[side])]
            if studentised:
                variance += weight**2 * sum(np.square(totals)) / side.sum() ** 2 * len(totals) / (len(totals) - 1)
    return difference, difference / math.sqrt(variance) if studentised else difference


def randomisation_cases():
    cases = []
    designs = [("units", 8, 1, 1), ("units", 9, 1, 1), ("strata", 6, 2, 1), ("strata", 4, 3, 1), ("clusters", 7, 1, 3), ("clusters in strata", 5, 2, 2)]
    for name, g, s, size in designs:
        for hostile in (False, True):
            strata = np.repeat(np.arange(s), g * size)
            clusters = np.repeat(np.arange(g * s), size)
            if size > 1:
                keep = random.random(len(clusters)) > 0.2
                keep[::size] = True
                strata, clusters = strata[keep], clusters[keep]
            treated = (clusters % g) < g // 2
            y = random.standard_t(1.2, len(clusters)) if hostile else random.normal(size=len(clusters)) + 2.0 * treated
            y = np.round(y + random.normal(size=g * s)[clusters] * (size > 1), 1 if hostile else 3)
            every = list(assignments(strata, clusters, treated))
            for studentised in (False, True):
                value = statistic(y, treated, strata, clusters, False)[0]

                def p_at(null, kind):
                    base = y - null * treated
                    drawn = np.array([statistic(base, arm, strata, clusters, studentised)[1] for arm in every])
                    return share(drawn, statistic(base, treated, strata, clusters, studentised)[1], kind)

                spread = float(np.std(y)) or 1.0
                nulls = [0.0, round(value + 0.6 * spread, 3)]
                tests = [{"null": null, "kind": kind, "p": p_at(null, kind)} for null in nulls for kind in ("symmetric", "equal-tail", "less", "greater")]
                if name == "units" and not studentised:
                    for kind, alternative in (("equal-tail", "two-sided"), ("less", "less"), ("greater", "greater")):
                        peer = scipy.stats.permutation_test((y[treated], y[~treated]), lambda a, b: np.mean(a) - np.mean(b), alternative=alternative, n_resamples=np.inf)
                        tests.append({"null": 0.0, "kind": kind, "p": float(peer.pvalue), "by": "SciPy"})
                case = {"name": name, "y": y.tolist(), "treated": treated.tolist(), "strata": strata.tolist(), "clusters": clusters.tolist(), "studentised": studentised, "value": float(value), "assignments": len(every), "tests": tests}
                case["interval80"] = ends(lambda null: p_at(null, "symmetric"), value, spread, 1 - 0.8) if not hostile and not studentised else None
                cases.append(case)
    return cases


def write(name, cases):
    with open(f"{name}.json", "w") as file:
        lines = ",\n".join(json.dumps(case) for case in cases)
        file.write('{"madeWith": "NumPy %s, statsmodels %s, SciPy %s", "cases": [\n%s\n]}\n' % (np.__version__, statsmodels.__version__, scipy.__version__, lines))


write("wild-bootstrap", wild_cases())
write("randomisation", randomisation_cases())
