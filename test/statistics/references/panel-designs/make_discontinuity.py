"""Reference numbers by rdrobust and rddensity: python make_discontinuity.py (rdrobust 2.1.1, rddensity 3.0)."""
import contextlib
import io
import json
import pathlib
import warnings

import numpy as np
from rddensity import rddensity
from rdrobust import rdrobust

warnings.simplefilter("ignore")
HERE = pathlib.Path(__file__).parent


def quiet(function, *args, **options):
    with contextlib.redirect_stdout(io.StringIO()):
        return function(*args, **options)


def scores_of(rng, kind, n):
    if kind == "uniform":
        return rng.uniform(-1, 1, n)
    if kind == "skewed":
        return 2 * rng.beta(2, 4, n) - 1
    if kind == "normal":
        return rng.normal(0.3, 1, n)
    if kind == "rounded":
        return np.round(rng.uniform(-1, 1, n), 2)
    if kind == "heavy":
        return rng.standard_t(3, n)
    raise ValueError(kind)


def short(values, digits):
    return [float(np.round(value, digits)) for value in values]


def regression():
    rng = np.random.default_rng(20260101)
    cases = []
    kinds = ["uniform", "skewed", "normal", "rounded", "heavy"]
    for index in range(20):
        kind = kinds[index % 5]
        n = [200, 240, 320][index % 3]
        scale = [1, 1e6, 1e-5, 100, 1][index % 5]
        cutoff = [0, 0, 50.0 * scale, 0.0, -1.0][index % 5]
        x = scores_of(rng, kind, n)
        above = x >= 0
        y = 0.5 * x + 0.4 * x**2 - 0.1 * x**3 + 0.7 * above + rng.normal(0, 0.6, n) * (1 + 0.5 * np.abs(x))
        x = np.array(short(np.round(x, 4) * scale + cutoff, 4 - int(np.floor(np.log10(scale)))))
        y = np.array(short(np.round(y, 3) * [1, 1e4, 1e-3][index % 3], 6))
        take_up = (rng.uniform(size=n) < np.where(above, 0.85, 0.15)).astype(int) if index % 2 else None
        if index % 10 == 5:
            take_up = np.where(above, rng.uniform(size=n) < 0.8, False).astype(int)
        for given in ([None, (0.6, 0.9)] if index % 5 == 0 else [None]):
            spread = np.std(x, ddof=1)
            options = {} if given is None else {"h": given[0] * spread * 1.5, "b": given[1] * spread * 1.5}
            out = quiet(rdrobust, y, x, c=cutoff, fuzzy=take_up, **options)
            case = {
                "id": f"{kind}-{index}{'' if given is None else '-given'}",
                "scores": x.tolist(),
                "outcomes": y.tolist(),
                "cutoff": cutoff,
                "h": float(out.bws.iloc[0, 0]),
                "b": float(out.bws.iloc[1, 0]),
                "conventional": float(out.coef.iloc[0, 0]),
                "corrected": float(out.coef.iloc[1, 0]),
                "conventionalError": float(out.se.iloc[0, 0]),
                "robustError": float(out.se.iloc[2, 0]),
                "z": float(out.z.iloc[2, 0]),
                "p": float(out.pv.iloc[2, 0]),
                "interval": [float(v) for v in out.ci.iloc[2]],
                "n": [int(v) for v in out.N_h],
            }
            if given is not None:
                case["given"] = {"estimation": options["h"], "bias": options["b"]}
            if take_up is not None:
                case["received"] = take_up.tolist()
                case["firstStage"] = float(out.tau_T.iloc[1, 0])
                case["firstStageError"] = float(out.se_T.iloc[2, 0])
            cases.append(case)
    return cases


def density():
    rng = np.random.default_rng(20260102)
    cases = []
    for index in range(24):
        kind = ["uniform", "skewed", "normal", "rounded", "heavy"][index % 5]
        n = [200, 350, 500][index % 3]
        x = scores_of(rng, kind, n)
        if index % 4 == 3:
            x = np.where((x < 0) & (x > -0.1) & (rng.uniform(size=n) < 0.6), -x, x)
        scale = [1, 1e4, 1e-3, 1, 1, 2][index % 6]
        cutoff = [0, 70.0 * scale][index % 2]
        x = np.array(short(np.round(x, 4) * scale + cutoff, 4 - int(np.floor(np.log10(scale)))))
        given = index % 6 == 5
        options = {"h": [1.5, 1.2]} if given else {}
        out = quiet(rddensity, x, c=cutoff, bino_flag=False, **options)
        case = {
            "id": f"{kind}-{index}",
            "scores": x.tolist(),
            "cutoff": cutoff,
            "below": float(out.hat["left"]),
            "above": float(out.hat["right"]),
            "error": float(out.sd_jk["diff"]),
            "t": float(out.test["t_jk"]),
            "p": float(out.test["p_jk"]),
            "h": [float(out.h["left"]), float(out.h["right"])],
        }
        if options:
            case["given"] = {"below": options["h"][0], "above": options["h"][1]}
        cases.append(case)
    return cases


for name, made_with, cases in [
    ("regression-discontinuity", "rdrobust 2.1.1", regression()),
    ("density-discontinuity", "rddensity 3.0", density()),
]:
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    (HERE / f"{name}.json").write_text(f'{{"madeWith": "{made_with}", "cases": [\n{lines}\n]}}\n')
