"""Reference numbers for panels: python make_panels.py (statsmodels 0.15, csdid 0.4.3)."""
import contextlib
import io
import json
import pathlib
import sys
import warnings

import numpy as np
import pandas as pd
import statsmodels.api as sm
from csdid.att_gt import ATTgt
from scipy.stats import chi2

warnings.simplefilter("ignore")
HERE = pathlib.Path(__file__).parent


def panel_of(rng, units, periods, starts, missing=0.0, scale=1.0, trend=0.0):
    first = rng.choice(starts, size=units)
    first[: len(starts)] = starts
    rows = []
    for i in range(units):
        level, noise = rng.normal(0, 2), rng.normal(0, 0.5, periods)
        drift = np.cumsum(rng.normal(0, 0.3, periods))
        y = level + 0.3 * np.arange(periods) + noise + drift
        if first[i] > 0:
            y = y + trend * np.arange(periods) + np.where(np.arange(1, periods + 1) >= first[i], 1 + 0.2 * (np.arange(1, periods + 1) - first[i]), 0)
        seen = rng.uniform(size=periods) >= missing
        rows.append([None if not s else float(np.round(v * scale, 6 if scale < 1 else 3)) for v, s in zip(y, seen)])
    return first, rows


def written(first, rows):
    return [{"outcomes": r, **({"firstTreated": int(f)} if f > 0 else {})} for f, r in zip(first, rows)]


def long_of(first, rows):
    return pd.DataFrame(
        [(i + 1, t + 1, y, int(f)) for i, (f, r) in enumerate(zip(first, rows)) for t, y in enumerate(r) if y is not None],
        columns=["id", "period", "y", "first"],
    )


def two_way():
    rng = np.random.default_rng(20260201)
    cases = []
    designs = [(2, [0, 2]), (4, [0, 3]), (6, [0, 3, 5]), (5, [0, 2, 4]), (8, [0, 5])]
    for index in range(40):
        periods, starts = designs[index % 5]
        units = [12, 20, 36, 9][index % 4]
        first, rows = panel_of(rng, units, periods, starts, missing=0.1 if index % 3 == 2 else 0, scale=[1, 1e4, 1e-3][index % 3])
        data = long_of(first, rows)
        d = ((data["first"] > 0) & (data["period"] >= data["first"])).astype(float)
        dummies = pd.get_dummies(data["period"], drop_first=True, dtype=float)
        within = lambda v: v - v.groupby(data["id"]).transform("mean")
        design = pd.concat([within(d), dummies.apply(within)], axis=1)
        if np.linalg.matrix_rank(design.to_numpy()) < design.shape[1]:
            continue
        # K counts treatment, periods and the constant: the unit effects are nested in the clusters.
        n, groups = len(data), data["id"].nunique()
        fit = sm.OLS(within(data["y"]), design).fit(cov_type="cluster", cov_kwds={"groups": data["id"], "use_correction": False})
        k = design.shape[1] + 1
        error = float(fit.bse.iloc[0]) * np.sqrt(groups / (groups - 1) * (n - 1) / (n - k))
        cases.append({"id": f"two-way-{index}", "periods": list(range(1, periods + 1)), "units": written(first, rows), "effect": float(fit.params.iloc[0]), "error": float(error)})
    return cases


def staggered():
    rng = np.random.default_rng(20260202)
    cases = []
    designs = [(6, [0, 3, 5]), (5, [0, 3]), (7, [0, 3, 4, 6]), (4, [0, 2, 3])]
    for index in range(24):
        periods, starts = designs[index % 4]
        first, rows = panel_of(rng, [30, 45, 24][index % 3], periods, starts, scale=[1, 1e4, 1e-3][index % 3], trend=[0, 0.3][index % 2])
        data = long_of(first, rows)
        control = ["nevertreated", "notyettreated"][index // 4 % 2]
        case = {"id": f"staggered-{index}", "periods": list(range(1, periods + 1)), "units": written(first, rows), "controls": {"nevertreated": "never-treated", "notyettreated": "not-yet-treated"}[control]}
        with contextlib.redirect_stdout(io.StringIO()):
            for base in ["varying", "universal"]:
                fit = ATTgt(yname="y", tname="period", idname="id", gname="first", data=data, control_group=[control]).fit(est_method="reg", base_period=base, bstrap=False)
                if base == "varying":
                    r = fit.results
                    case["cells"] = [[float(a), float(b), float(c), float(d)] for a, b, c, d in zip(r["group"], r["year"], r["att"], r["se"])]
                    for ours, theirs in [("simple", "simple"), ("group", "group"), ("event-time", "dynamic")]:
                        fit.aggte(typec=theirs, bstrap=False, cband=False)
                        case[ours] = [float(fit.atte["overall_att"]), float(np.ravel(fit.atte["overall_se"])[0])]
                else:
                    fit.aggte(typec="dynamic", bstrap=False, cband=False)
                    a = fit.atte
                    case["study"] = [float(a["overall_att"]), float(np.ravel(a["overall_se"])[0])]
                    psi = np.asarray(a["inf_function"]["dynamic_inf_func_e"])
                    pre = [k for k, e in enumerate(a["egt"]) if e < -1]
                    if pre:
                        theta, part = np.array(a["att_egt"], dtype=float)[pre], psi[:, pre]
                        wald = theta @ np.linalg.solve(part.T @ part / len(psi) ** 2, theta)
                        case["preTrend"] = [float(wald), len(pre), float(chi2.sf(wald, len(pre)))]
                    case["profile"] = [[float(e), float(v), float(np.ravel(s)[0])] for e, v, s in zip(a["egt"], a["att_egt"], np.ravel(a["se_egt"])) if e != -1]
        cases.append(case)
    return cases


for name, made_with, make in [("difference-in-differences", "statsmodels 0.15", two_way), ("group-time-effects", "csdid 0.4.3", staggered)]:
    if len(sys.argv) > 1 and sys.argv[1] != name:
        continue
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in make())
    (HERE / f"{name}.json").write_text(f'{{"madeWith": "{made_with}", "cases": [\n{lines}\n]}}\n')
