"""Writes label-estimators.csv and label-estimators.json beside this file: error rates from partial labels, entity by entity, by another road. Needs NumPy,
pandas and SciPy; running the tests does not.

python label_estimators.py

The estimators here see one row an entity: dense matrices of weights, covariates and scores, and every figure's influence summed over entities, where the product sums
cells. Bounds are the extremes over every way in which a group's missing labels can all be fine or all harmful. Cells: value, standard error, lower, upper, effective size.
"""
import itertools
import json

import numpy as np
import pandas as pd
from scipy import stats

Z = stats.norm.ppf(0.975)
GROUPS = ["both", "newly", "released", "neither"]
ENTITIES = 500


def drawn():
    random = np.random.default_rng(20)
    group = random.choice(4, ENTITIES, p=[0.12, 0.1, 0.08, 0.7])
    size = random.integers(0, 4, ENTITIES)
    closed = random.random(ENTITIES) < 0.25
    fine = random.random(ENTITIES) < np.array([0.55, 0.7, 0.8, 0.93])[group]
    score = np.round((80 - 12 * (group < 3) + 4 * fine + random.normal(0, 5, ENTITIES)) * 4) / 4
    other = np.round((score - 3 + random.normal(0, 3, ENTITIES)) * 4) / 4
    score[random.random(ENTITIES) < 0.04] = np.nan
    other[random.random(ENTITIES) < 0.03] = np.nan
    cheap = np.where(~closed & (random.random(ENTITIES) < 0.35 + 0.1 * size), np.where(fine == (random.random(ENTITIES) < 0.93), 1, 2), 0)
    chance = np.where(group < 3, 0.375, 0.125)
    audited = random.random(ENTITIES) < chance
    says = np.where(audited, fine, cheap == 1)
    label = np.where(audited | (cheap > 0), np.where(says, 0, 1), np.where(closed, -4, -1))
    return pd.DataFrame({
        "baseline": ((group == 0) | (group == 2)) * 1, "candidate": (group < 2) * 1, "label": label, "closed": closed * 1, "cheap": cheap,
        "probability": np.where(audited, chance, np.nan), "size": size, "score": score, "other": other,
    })


def prepared(rows):
    rows = rows.copy()
    rows["y"] = np.where(rows.label == 0, 1.0, np.where(rows.label == 1, 0.0, np.nan))
    rows["R"] = rows.y.notna() * 1.0
    rows["g"] = np.select([(rows.baseline == 1) & (rows.candidate == 1), rows.candidate == 1, rows.baseline == 1], [0, 1, 2], 3)
    mean = pd.concat([(rows[c] - rows[c].mean()) / rows[c].std(ddof=0) for c in ("score", "other")], axis=1).mean(axis=1)
    known = np.sort(mean.dropna())
    edges = [known[int(np.ceil(i * len(known) / 5)) - 1] for i in (1, 2, 3, 4)]
    rows["fifth"] = np.where(mean.isna(), -1, sum((mean > edge).astype(int) for edge in edges))
    return rows


def figures():
    """By name: totals as (if fine, if harmful) by group; two or, of a change, three."""
    inside = lambda of: np.isin(np.arange(4), of) * 1.0
    no, all_ = np.zeros(4), np.ones(4)
    found = {}
    for side, adverse in (("baseline", [0, 2]), ("candidate", [0, 1])):
        found[f"false-positive-rate {side}"] = ((inside(adverse), no), (all_, no))
        found[f"false-share {side}"] = ((inside(adverse), no), (inside(adverse), inside(adverse)))
        found[f"miss-rate {side}"] = ((no, 1 - inside(adverse)), (no, all_))
    for index, name in enumerate(GROUPS):
        found[f"fine {name}"] = ((inside([index]), no), (inside([index]), inside([index])))
    found["falsePositiveChange"] = ((inside([1]), no), (inside([2]), no), (all_, no))
    found["missChange"] = ((no, inside([2])), (no, inside([1])), (no, all_))
    return found


def design(rows):
    g, size, fifth = rows.g.to_numpy(), rows["size"].to_numpy(), rows.fifth.to_numpy()
    is_open = (rows.closed == 0).to_numpy() * 1.0
    both = [np.ones(len(rows))] + [(g == i) * 1.0 for i in (0, 1, 2)]
    reachable = both + [(size == i) * 1.0 for i in (0, 1, 2)] + [np.where(fifth < 0, 0, (fifth - 2) / 4), (fifth < 0) * 1.0]
    others = both + [size / 3]
    matrix = np.column_stack([x * is_open for x in reachable] + [x * (1 - is_open) for x in others])
    return matrix[:, np.abs(matrix).sum(0) > 0]


def logistic(x, y, weight):
    """Mode under normal priors of variance 10."""
    b = np.zeros(x.shape[1])
    for _ in range(200):
        p = 1 / (1 + np.exp(-x @ b))
        step = np.linalg.solve((x * (weight * p * (1 - p))[:, None]).T @ x + np.eye(len(b)) / 10, x.T @ (weight * (p - y)) + b / 10)
        b = b - step
        if np.abs(step).max() < 1e-14:
            break
    return 1 / (1 + np.exp(-x @ b))


def unseen(ones, labels, share, prior=0.5):
    seen, smooth = ones / labels, (ones + prior) / (labels + 1)
    return share * max(0, smooth * (1 - smooth) - seen * (1 - seen)) / labels


def strata(rows):
    """Sizes of a group and reach merged with the last stratum where either has fewer than five labels and not all."""
    key, count = np.full(len(rows), -1), 0
    thin = lambda index: rows.R[index].sum() < min(5, len(index))
    for _, members in rows.groupby(["g", "closed"]):
        merged = []
        for _, of_size in members.groupby("size"):
            index = list(of_size.index)
            if merged and (thin(merged[-1]) or thin(index)):
                merged[-1] += index
            else:
                merged.append(index)
        for index in merged:
            key[index] = count
            count += 1
    return key


def estimators(rows):
    g, labelled = rows.g.to_numpy(), rows.R.to_numpy()
    fine = np.nan_to_num(rows.y.to_numpy())
    classes = lambda by: rows.groupby(by).agg(N=("R", "size"), n=("R", "sum"), f=("y", "sum"), g=("g", "first"))
    hidden = lambda table: [(x.g, x.N, unseen(x.f, x.n, 1 - x.n / x.N)) for x in table.itertuples() if x.n > 0]
    keys = strata(rows)
    table = classes(keys)
    own = table.loc[keys]
    factor = np.where((own.n < 2) | (own.n == own.N), 1, own.n / np.maximum(own.n - 1, 1))
    found = {"stratified": dict(p=(own.n / own.N).to_numpy(), m=(own.f / own.n).to_numpy(), factor=factor, hidden=hidden(table), R=labelled)}
    x = design(rows)
    p, m = logistic(x, labelled, np.ones(len(rows))), logistic(x, fine, labelled)
    weighted = dict(p=p, hidden=hidden(classes(["g", "closed"])), x=x, R=labelled)
    found["inverse-probability"] = dict(weighted, m=None, factor=1)
    found["doubly-robust"] = dict(weighted, m=m, factor=labelled.sum() / (labelled.sum() - x.shape[1]))
    audited = rows.probability.notna().to_numpy() * 1.0
    chance = rows.probability.fillna(1).to_numpy()
    found["audits"] = dict(p=chance, m=None, factor=1, hidden=[], R=audited)
    found["horvitz-thompson"] = dict(found["audits"], counts=True)
    rows = rows.assign(a=audited, w=audited / chance, w2=audited / chance**2, wf=audited * fine / chance, side=g == 3, everyone=0)
    expected, factor = np.full(len(rows), np.nan), np.ones(len(rows))
    for by in (["g", "cheap"], ["side", "cheap"], ["cheap"], ["everyone"]):
        total = rows.groupby(by)[["a", "w", "wf"]].transform("sum")
        take = np.isnan(expected) & ((total.a >= 5).to_numpy() | (by == ["everyone"]))
        expected[take] = (total.wf / total.w)[take]
        factor[take] = (total.a / np.maximum(1, total.a - 1))[take]
    rows["m"] = expected
    classes_hidden = []
    for (group, _), members in rows.groupby(["g", "cheap"]):
        audits, w, w2 = members.a.sum(), members.w.sum(), members.w2.sum()
        prior = (members.m.iloc[0] + 0.5) / 2 if audits < 5 else 0.5
        size = w * w / w2 if audits > 0 else 1
        share = max(0, 1 - w / w2) if audits > 0 else 1
        ones = members.wf.sum() / w * size if audits > 0 else members.m.iloc[0]
        classes_hidden.append((group, len(members), unseen(ones, size, share, prior)))
    found["two-phase"] = dict(p=chance, m=expected, factor=factor, hidden=classes_hidden, R=audited)
    return found


def evaluate(rows, figure, p, m, factor, hidden, R, x=None, counts=False):
    g, y = rows.g.to_numpy(), np.where(R > 0, np.nan_to_num(rows.y.to_numpy()), 0)

    def parts(total):
        fine, harmful = total[0][g], total[1][g]
        expected = m * fine + (1 - m) * harmful if m is not None else np.where((fine == harmful) & counts, fine, 0)
        return expected, R * (np.where(y == 1, fine, harmful) - expected) / p

    def effective(total):
        weight = 1 / p[(R > 0) & (np.where(y == 1, total[0][g], total[1][g]) != 0)]
        return weight.sum() ** 2 / (weight**2).sum()

    def linearised(numerator, denominator):
        a, b = parts(numerator), parts(denominator)
        whole = sum(b).sum()
        rate = sum(a).sum() / whole
        moved = [(n * ((numerator[0] - numerator[1]) - rate * (denominator[0] - denominator[1]))[k] / whole, v) for k, n, v in hidden]
        return rate, (a[0] - rate * b[0]) / whole, (a[1] - rate * b[1]) / whole, moved

    def covariance(a, b):
        total = (a[1] * b[1] + a[1] * b[2] + a[2] * b[1] + factor * a[2] * b[2]).sum() + sum(v * i * j for (i, v), (j, _) in zip(a[3], b[3]))
        if x is None:
            return total
        scores = x * (R - p)[:, None]
        return total - (scores.T @ (a[1] + a[2])) @ np.linalg.solve(scores.T @ scores, scores.T @ (b[1] + b[2]))

    def rate_of(numerator, denominator):
        a = linearised(numerator, denominator)
        value, size, variance = min(1, max(0, a[0])), effective(denominator), max(0, covariance(a, a))
        margin = 1 / (2 * (size + 1))
        near = min(1 - margin, max(margin, value))
        trials = near * (1 - near) / variance if variance > 0 and 0 < value < 1 else size
        centre = (value + Z * Z / 2 / trials) / (1 + Z * Z / trials)
        half = Z / (1 + Z * Z / trials) * np.sqrt(value * (1 - value) / trials + Z * Z / 4 / trials**2)
        return value, np.sqrt(variance), min(value, max(0, centre - half)), max(value, min(1, centre + half)), a

    if len(figure) == 2:
        return [*rate_of(*figure)[:4], effective(figure[1])]
    up, down = rate_of(figure[0], figure[2]), rate_of(figure[1], figure[2])
    shared = covariance(up[4], down[4])
    correlation = max(-1, min(1, shared / (up[1] * down[1]))) if up[1] * down[1] > 0 else 0
    reach = lambda a, b: np.sqrt(max(0, a * a + b * b - 2 * correlation * a * b))
    value = up[0] - down[0]
    error = np.sqrt(max(0, up[1] ** 2 + down[1] ** 2 - 2 * shared))
    return [value, error, value - reach(up[0] - up[2], down[3] - down[0]), value + reach(up[3] - up[0], down[0] - down[2]), effective(figure[2])]


def bounds(rows, figure):
    counts = [[(rows.y[rows.g == k] == v).sum() for v in (1, 0)] + [(1 - rows.R[rows.g == k]).sum()] for k in range(4)]
    found = []
    for all_fine in itertools.product([0, 1], repeat=4):
        fine = np.array([c[0] + c[2] * v for c, v in zip(counts, all_fine)])
        harmful = np.array([c[1] + c[2] * (1 - v) for c, v in zip(counts, all_fine)])
        total = lambda of: of[0] @ fine + of[1] @ harmful
        part = total(figure[0]) - (total(figure[1]) if len(figure) == 3 else 0)
        if total(figure[-1]) > 0:
            found.append(part / total(figure[-1]))
    return [min(found), max(found)]


rows = drawn()
rows.to_csv("label-estimators.csv", index=False)
rows = prepared(rows)
known = estimators(rows)
result = {}
for name, figure in figures().items():
    lower, upper = bounds(rows, figure)
    cells = {key: evaluate(rows, figure, **how) for key, how in known.items()}
    for cell in cells.values():
        value = min(upper, max(lower, cell[0]))
        if value != cell[0]:
            cell[2], cell[3] = min(value, cell[2]), max(value, cell[3])
        cell[0] = value
    result[name] = {"bounds": [lower, upper], **cells}
with open("label-estimators.json", "w") as file:
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(value, default=float)}" for name, value in result.items())
    file.write("{\n" + lines + "\n}\n")
