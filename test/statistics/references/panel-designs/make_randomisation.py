"""Reference numbers for synthetic control and switchback: python make_randomisation.py (NumPy; every support, every assignment)."""
import itertools
import json
import pathlib

import numpy as np

HERE = pathlib.Path(__file__).parent


def simplex(donors, target):
    """The best of the equality-constrained fits over all supports whose weights are not negative."""
    best, best_error = None, np.inf
    j = len(donors)
    for size in range(1, j + 1):
        for support in itertools.combinations(range(j), size):
            last = donors[support[-1]]
            a = np.array([donors[s] - last for s in support[:-1]]).T
            w = np.linalg.lstsq(a, target - last, rcond=None)[0] if size > 1 else np.array([])
            weights = np.append(w, 1 - w.sum())
            if (weights < 0).any():
                continue
            error = np.sum((target - weights @ np.array([donors[s] for s in support])) ** 2)
            if error < best_error - 1e-15:
                best, best_error = np.zeros(j), error
                best[list(support)] = weights
    return best


def gap_of(series, donors, before):
    w = simplex([d[:before] for d in donors], series[:before])
    gap = series - w @ np.array(donors)
    pre, post = np.sqrt(np.mean(gap[:before] ** 2)), gap[before:]
    return w, gap, pre, post.mean(), np.sqrt(np.mean(post**2))


def synthetic():
    rng = np.random.default_rng(20260301)
    cases = []
    for index in range(24):
        j, before, after = [4, 6, 7, 3][index % 4], [14, 20, 12][index % 3], [5, 8][index % 2]
        t = before + after
        factors = np.array([np.cumsum(rng.normal(size=t)), np.sin(np.arange(t) / 3) * 3])
        scale = [1, 1e5, 1e-4][index % 3]
        donors = [np.round((10 + rng.uniform(0, 2, 2) @ factors + rng.normal(0, 0.3, t)), 3) * scale for _ in range(j)]
        treated = np.round(10 + rng.uniform(0.3, 1.2, 2) @ factors + rng.normal(0, 0.3, t) + np.where(np.arange(t) >= before, [0, 2, 5][index % 3], 0), 3) * scale
        w, gap, pre, mean, post = gap_of(treated, donors, before)
        placebos = [gap_of(d, [e for e in donors if e is not d], before) for d in donors]
        stat, ratio = abs(mean) / pre, (post / pre) ** 2
        level = [0.6, 0.7][index % 2]
        whole = j + 1
        strengths = sorted([abs(p[3]) / p[2] for p in placebos], reverse=True)
        kept = next(k for k in range(1, whole + 1) if not k / whole < 1 - level)
        reach = strengths[kept - 2] if kept > 1 else None
        cases.append({
            "id": f"synthetic-{index}", "treated": treated.tolist(), "donors": [d.tolist() for d in donors], "periodsBefore": before, "level": level,
            "weights": w.tolist(), "gap": mean, "rootMspeBefore": pre,
            "p": (1 + sum(s >= stat for s in strengths)) / whole, "ratioP": (1 + sum((q[4] / q[2]) ** 2 >= ratio for q in placebos)) / whole, "ratio": ratio,
            "interval": None if reach is None else [mean - reach * pre, mean + reach * pre],
        })
    return cases


def assignments(design, real):
    b = len(real)
    if design == "pairs":
        return [sum(([c, 1 - c] for c in coins), []) for coins in itertools.product([0, 1], repeat=b // 2)]
    every = [list(z) for z in itertools.product([0, 1], repeat=b)]
    if design == "complete":
        return [z for z in every if sum(z) == sum(real)]
    return [z for z in every if 0 < sum(z) < b]


def p_value(y, periods, real, every, effect, alternative):
    """The test itself at an effect: no closed form for where it flips."""
    base = y - effect * np.repeat(real, periods)
    def difference(z):
        arm = np.repeat(z, periods).astype(bool)
        return base[arm].mean() - base[~arm].mean()
    observed = difference(real)
    drawn = np.array([difference(z) for z in every])
    eps = 1e-10 * np.ptp(y)
    if alternative == "greater":
        return np.mean(drawn >= observed - eps)
    if alternative == "less":
        return np.mean(drawn <= observed + eps)
    return np.mean(np.abs(drawn) >= abs(observed) - eps)


def switchback():
    rng = np.random.default_rng(20260302)
    cases = []
    for index in range(30):
        design = ["complete", "pairs", "independent"][index % 3]
        blocks = {"complete": 9, "pairs": 12, "independent": 8}[design]
        width, washout = [4, 3, 5][index % 3], index % 2
        every = assignments(design, [1] * 4 + [0] * (blocks - 4))
        real = every[rng.integers(len(every))]
        if design == "independent" and min(sum(real), blocks - sum(real)) < 3:
            real = [1, 0, 0, 1, 0, 1, 1, 0]
        scale = [1, 1e4, 1e-3][index // 3 % 3]
        y = (np.round(rng.normal(0, 2, blocks * width), 1) + np.repeat(real, width) * [0, 2, 4][index % 3]) * scale
        if index % 5 == 0:
            y = np.round(y / scale) * scale
        keep = np.concatenate([np.arange(b * width + washout, (b + 1) * width) for b in range(blocks)])
        kept, periods = y[keep], width - washout
        alternative = ["two-sided", "greater", "less"][index // 2 % 3]
        real = np.array(real)
        every = [np.array(z) for z in assignments(design, real.tolist())]
        null = 0.5 * scale
        arm = np.repeat(real, periods).astype(bool)
        estimate = kept[arm].mean() - kept[~arm].mean()
        level, ends = 0.9, []
        span = np.ptp(kept) * 3
        for sign in [-1, 1]:
            if (alternative == "greater" and sign == 1) or (alternative == "less" and sign == -1):
                ends.append(None)
                continue
            test = lambda e: p_value(kept, periods, real, every, e, alternative)
            low, high = estimate, estimate + sign * span
            if test(high) >= 1 - level:
                ends.append(None)
                continue
            for _ in range(42):
                middle = (low + high) / 2
                low, high = (middle, high) if test(middle) >= 1 - level else (low, middle)
            ends.append(low)
        cases.append({
            "id": f"switchback-{index}", "outcomes": y.tolist(), "blocksTreated": [bool(v) for v in real], "blockPeriods": width, "washoutPeriods": washout,
            "design": design, "alternative": alternative, "level": level, "nullValue": null, "scale": scale, "assignments": len(every), "estimate": estimate,
            "p": float(p_value(kept, periods, real, every, null, alternative)), "pZero": float(p_value(kept, periods, real, every, 0, alternative)), "ends": ends,
        })
    return cases


for name, cases in [("synthetic-control", synthetic()), ("switchback", switchback())]:
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    (HERE / f"{name}.json").write_text(f'{{"madeWith": "NumPy 2.4", "cases": [\n{lines}\n]}}\n')
