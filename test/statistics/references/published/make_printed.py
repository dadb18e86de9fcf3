"""Writes printed.json beside this file: numbers as papers, books and other programs print them, with as many decimals as they print.

python make_printed.py
"""
import json

cases = []


def add(source, name, given, decimals, **expected):
    cases.append({"source": source, "statistic": name, "input": given, "decimals": decimals, "expected": expected})


def arm(successes, trials):
    return {"successes": successes, "trials": trials}


def two(treatment, control, **more):
    return {"control": arm(*control), "treatment": arm(*treatment), **more}


def pairs(both, only_second, only_first, neither, **more):
    return {"both": both, "onlySecond": only_second, "onlyFirst": only_first, "neither": neither, **more}


# Two proportions.
source = "Newcombe (1998), Statistics in Medicine 17, 873-890, table II"
for treatment, control, mee, miettinen, newcombe in [
    ((5, 56), (0, 29), (-0.0313, 0.1926), (-0.0326, 0.1933), (-0.0381, 0.1926)),
    ((56, 70), (48, 80), (0.0533, 0.3377), (0.0528, 0.3382), (0.0524, 0.3339)),
]:
    add(source, "score-difference", two(treatment, control, variant="farrington-manning"), 4, lower=mee[0], upper=mee[1])
    add(source, "score-difference", two(treatment, control), 4, lower=miettinen[0], upper=miettinen[1])
    add(source, "newcombe-difference", two(treatment, control), 4, lower=newcombe[0], upper=newcombe[1])
add("Gart and Nam (1990), Biometrics 46, 637-643", "score-difference", two((7, 25), (2, 25), variant="farrington-manning"), 3, lower=-0.014, upper=0.412)
for treatment, control, lower, upper in [((8, 15), (4, 15), 0.815, 5.336), ((6, 10), (6, 20), 0.844, 4.594)]:
    add("Gart and Nam (1988), Biometrics 44, 323-338", "score-risk-ratio", two(treatment, control, variant="koopman"), 3, lower=lower, upper=upper)
source = "Fagerland and Newcombe (2013), Statistics in Medicine 32, 2823-2836"
for treatment, control, ratio, odds in [
    ((24, 73), (53, 65), (0.280, 0.560), (0.050, 0.245)),
    ((29, 55), (11, 11), (0.397, 0.742), (0, 0.417)),
    ((7, 18), (1, 18), (1.296, 42.544), (1.416, 76.428)),
]:
    add(source, "score-risk-ratio", two(treatment, control), 3, lower=ratio[0], upper=ratio[1])
    add(source, "score-odds-ratio", two(treatment, control), 3, lower=odds[0], upper=odds[1])
source = "Gart and Thomas (1982), Am. J. Epidemiol. 115, 453-470 (Cornfield's limits)"
add(source, "score-odds-ratio", two((28, 51), (71, 230), variant="plain"), 3, lower=1.476, upper=5.035)
source = "StatXact 11, as kept in the tests of R's exact2x2"
add(source, "barnard-exact", two((6, 13), (2, 7)), 4, p=0.5374, lower=-0.3079, upper=0.5542)
add(source, "barnard-exact", two((13, 13), (0, 7)), 8, p=2.44e-6)
add(source, "boschloo-exact", two((24, 61), (10, 35), alternative="greater"), 4, p=0.1513)
for treatment, control, both, one in [((24, 61), (10, 35), 0.4063, 0.2142), ((9, 11), (4, 12), 0.0215, 0.0120)]:
    add("SAS 9.4, as kept in the tests of R's exact2x2", "barnard-exact", two(treatment, control), 4, p=both)
    add("SAS 9.4, as kept in the tests of R's exact2x2", "barnard-exact", two(treatment, control, alternative="greater"), 4, p=one)
add("Berger and Boos (1994), J. Am. Stat. Assoc. 89, 1012-1016", "barnard-exact", two((48, 283), (14, 47)), 3, p=0.061)
add("Fay (2010), R Journal 2(1), 53-58", "fisher-exact", two((7, 262), (30, 494)), 3, p=0.050, lower=0.177, upper=1.014)

# One proportion.
source = "Newcombe (1998), Statistics in Medicine 17, 857-872, table I"
for x, n, wilson, exact, mid in [
    (81, 263, (0.2553, 0.3662), (0.2527, 0.3676), (0.2544, 0.3658)),
    (15, 148, (0.0624, 0.1605), (0.0578, 0.1617), (0.0601, 0.1581)),
    (0, 20, (0, 0.1611), (0, 0.1684), (0, 0.1391)),
    (1, 29, (0.0061, 0.1718), (0.0009, 0.1776), (0.0017, 0.1585)),
]:
    add(source, "wilson-proportion", {"sample": arm(x, n)}, 4, lower=wilson[0], upper=wilson[1])
    add(source, "clopper-pearson-proportion", {"sample": arm(x, n)}, 4, lower=exact[0], upper=exact[1])
    add(source, "exact-binomial", {"sample": arm(x, n), "method": "mid-p"}, 4, lower=mid[0], upper=mid[1])

source = "Newcombe (1998), Statistics in Medicine 17, 857-872, table I, with continuity correction"
for x, n, lower, upper in [(15, 148, 0.0598, 0.1644), (0, 20, 0, 0.2005), (1, 29, 0.0018, 0.1963)]:
    add(source, "wilson-proportion", {"sample": arm(x, n), "continuityCorrection": True}, 4, lower=lower, upper=upper)

# Paired proportions.
tango, fagerland = "Tango (1998), Statistics in Medicine 17, 891-908", "Fagerland, Lydersen and Laake (2014), Statistics in Medicine 33, 2850-2875"
add(tango, "mcnemar", pairs(4, 9, 3, 16), 3, lower=-0.027, upper=0.390)
add(tango, "mcnemar", pairs(43, 0, 1, 0, level=0.9), 3, lower=-0.096, upper=0.037)
add("Agresti and Min (2005), Statistics in Medicine 24, 729-740", "mcnemar", pairs(53, 16, 8, 9), 3, lower=-0.020, upper=0.207)
add(fagerland, "mcnemar", pairs(1, 1, 7, 12), 3, lower=-0.517, upper=-0.026)
add(fagerland, "newcombe-paired-difference", pairs(1, 1, 7, 12), 3, lower=-0.507, upper=-0.026)
add("Tang, Tang and Chan (2003), Statistics in Medicine 22, 1217-1233, as kept in the tests of R's ratesci", "score-paired-risk-ratio", pairs(446, 5, 16, 690, level=0.9), 3, lower=0.958, upper=0.992)
add("Tang, Tang and Chan (2003), Statistics in Medicine 22, 1217-1233, as kept in the tests of R's ratesci", "score-paired-risk-ratio", pairs(43, 0, 1, 0, level=0.9), 3, lower=0.904, upper=1.039)
add("DelRocco et al. (2023), Statistics in Biosciences 15, 1-30", "score-paired-risk-ratio", pairs(1, 1, 7, 12), 4, value=0.25, lower=0.0653, upper=0.9069)
source = "Fagerland, Lydersen and Laake (2017), Statistical Analysis of Contingency Tables, chapter 8, as kept in the tests of R's contingencytables"
add(source, "paired-risk-ratio", pairs(59, 6, 16, 80, variant="bonett-price"), 4, value=0.8667, lower=0.7579, upper=0.9910)
add("Newcombe (1998), Statistics in Medicine 17, 2635-2650, method 10", "newcombe-paired-difference", pairs(20, 12, 2, 16), 4, lower=0.0562, upper=0.3292)

# Randomisation.
darwin = {
    "control": [139, 163, 160, 160, 147, 149, 149, 122, 132, 144, 130, 144, 102, 124, 144],
    "treatment": [188, 96, 168, 176, 153, 172, 177, 163, 146, 173, 186, 168, 177, 184, 96],
}
source = "Fisher (1935), The Design of Experiments, sections 17 and 21: Darwin's maize"
add(source, "permutation-test", {**darwin, "paired": True}, 5, p=0.05267)
add(source, "paired-means", {"pairs": darwin}, 3, statistic=2.148)
villages = {"values": [15, 15, 20, 20, 10, 15, 30], "treated": [1, 0, 0, 0, 0, 0, 1], "statistic": "difference"}
source = "Gerber and Green (2012), Field Experiments, section 3.4"
add(source, "randomisation-inference", {**villages, "alternative": "greater"}, 2, value=6.5, p=0.24)
add(source, "randomisation-inference", villages, 2, p=0.38)

# Partial labels, pooling, platforms.
strata = [{"isFlagged": True, "units": 429, "fine": 32, "harmful": 231}, {"isFlagged": False, "units": 221, "fine": 54, "harmful": 27}]
source = "Zhou (1998), Stat. Methods Med. Res. 7, 337-353: hepatic scintigraphy, specificity .738, sensitivity .836"
add(source, "stratified-label-rate", {"strata": strata}, 3, value=0.262)
add(source, "stratified-label-rate", {"strata": strata, "rate": "miss-rate"}, 3, value=0.164)
schools = zip("ABCDEFGH", [28, 8, -3, 7, -1, 1, 18, 12], [15, 10, 16, 11, 9, 11, 10, 18])
segments = [{"name": name, "estimate": effect, "standardError": error} for name, effect, error in schools]
source = "Gelman et al. (2013), Bayesian Data Analysis, section 5.5: complete pooling of eight schools"
add(source, "partial-pooling", {"segments": segments, "method": "dersimonian-laird"}, 1, value=7.7, standardError=4.1)
given = {"control": {"n": 3407, "mean": 0.41, "variance": 3.9**2}, "treatment": {"n": 3461, "mean": 0.7, "variance": 6.2**2}}
add("GrowthBook, tests of its statistics", "welch-means", given, 5, value=0.29, lower=0.04538, upper=0.53462, p=0.02016)

# Several looks.
for looks, shape, inflation in [(2, 0.5, 1.110), (5, 0.5, 1.229), (10, 0.5, 1.301), (2, 0, 1.008), (5, 0, 1.028), (10, 0, 1.040)]:
    given = {"information": list(range(1, looks + 1)), "form": {"kind": "wang-tsiatis", "shape": shape}, "power": 0.8}
    add("Jennison and Turnbull (2000), Group Sequential Methods, tables 2.2 and 2.4", "group-sequential-design", given, 3, value=inflation)
given = {
    "information": [1, 2, 3],
    "level": 0.975,
    "sides": 1,
    "form": {"kind": "hwang-shih-decani", "gamma": -4},
    "futility": {"beta": 0.1, "spending": {"kind": "hwang-shih-decani", "gamma": -2}},
    "power": 0.9,
}
add("gsDesign, its default design: n.I 1.0699", "group-sequential-design", given, 4, value=1.0699)
source = "Howard et al. (2021), unit tests of confseq"
for mixture, bound in [
    ({"kind": "normal", "sides": 2}, 30.35209),
    ({"kind": "normal", "sides": 1}, 27.66071),
    ({"kind": "gamma-exponential", "scale": 2}, 33.02017),
    ({"kind": "gamma-poisson", "scale": 2}, 30.1949),
    ({"kind": "beta-binomial", "sides": 2, "below": 0.2, "above": 0.8}, 31.4308),
    ({"kind": "beta-binomial", "sides": 1, "below": 0.2, "above": 0.8}, 28.41238),
]:
    boundary = {"kind": "mixture", "mixture": mixture, "tuning": {"variance": 100, "alpha": 0.05}}
    add(source, "sequence-boundary", {"boundary": boundary, "at": 100, "alpha": 0.05}, 4, value=bound)
for scale, bound in [(3, 64.48755), (-1, 28.99389)]:
    boundary = {"kind": "poly-stitching", "scale": scale, "varianceMin": 10}
    add(source, "sequence-boundary", {"boundary": boundary, "at": 100, "alpha": 0.05}, 4, value=bound)

# Ratios, tests and looks of textbooks and of the manuals of other programs.
add("Koopman (1984), Biometrics 40, 513-517", "score-risk-ratio", two((36, 40), (16, 80), variant="koopman"), 2, value=4.5, lower=2.94, upper=7.15)
source = "Agresti (2013), Categorical Data Analysis, section 3.1: aspirin and heart attacks"
add(source, "wald-difference", two((189, 11034), (104, 11037)), 3, value=0.008, lower=0.005, upper=0.011)
add(source, "log-risk-ratio", two((189, 11034), (104, 11037)), 2, value=1.82, lower=1.43, upper=2.31)
add(source, "log-odds-ratio", two((189, 11034), (104, 11037)), 2, value=1.83, lower=1.44, upper=2.33)
source = "Agresti (2013), Categorical Data Analysis, section 1.4: no vegetarian of 25"
add(source, "wilson-proportion", {"sample": arm(0, 25)}, 3, lower=0, upper=0.133)
add(source, "clopper-pearson-proportion", {"sample": arm(0, 25)}, 3, lower=0, upper=0.137)
source = "Stuart (1955), Biometrika 42, 412-416, and Bowker's test of it: unaided vision of 7,477 women"
vision = [[1520, 266, 124, 66], [234, 1512, 432, 78], [117, 362, 1772, 205], [36, 82, 179, 492]]
add(source, "stuart-maxwell", {"table": vision}, 2, statistic=11.96)
add(source, "bowker", {"table": vision}, 2, statistic=19.11)
source = "SciPy, examples of its manual"
add(source, "exact-binomial", {"sample": arm(3, 15), "nullValue": 0.1, "alternative": "greater"}, 12, p=0.18406106910639114)
ages = {"control": [20, 11, 17, 12], "treatment": [19, 22, 16, 29, 24]}
add(source, "mann-whitney", {**ages, "method": "exact"}, 12, p=1 / 9)
add(source, "mann-whitney", {**ages, "method": "normal"}, 12, p=0.11134688653314041)
heights = [6, 8, 14, 16, 23, 24, 28, 29, 41, -48, 49, 56, 60, -67, 75]
still = {"control": [0] * 15, "treatment": heights}
add(source, "wilcoxon-signed-rank", still, 12, p=0.041259765625)
add(source, "wilcoxon-signed-rank", {**still, "alternative": "greater"}, 12, p=0.0206298828125)
pain = {"control": [1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 2, 4, 1, 1], "treatment": [3, 3, 4, 3, 1, 2, 3, 1, 1, 5, 4]}
add(source, "brunner-munzel", pain, 12, p=0.0057862086661515377)
add("Brunner and Munzel (2000), Biometrical Journal 42, 17-25, by R's brunnermunzel", "brunner-munzel", pain, 6, value=0.788961, lower=0.595217, upper=0.982705, degrees=17.682842)
add("Mehta and Senchaudhuri (2003), Conditional versus unconditional exact tests", "barnard-exact", two((7, 15), (12, 15), alternative="less"), 4, p=0.0341)
add(source, "wasserstein-distance", {"compared": {"control": [0, 1, 3], "treatment": [5, 6, 8]}}, 12, value=5)
add("Cohen (1988), exercise 2.3, by R's pwr", "power", {"metric": {"kind": "mean", "standardDeviation": 1, "pooled": True}, "effect": {"absolute": 0.6}, "units": 150, "treatmentPerControl": 2 / 3, "alternative": "greater"}, 7, value=0.9737262)
add("Kohavi, Tang and Xu (2020), Trustworthy Online Controlled Experiments, chapter 21", "sample-ratio", {"observed": [821588, 815482], "weights": [1, 1]}, 7, p=1.8e-6)
source = "Benjamini and Hochberg (1995), J. R. Stat. Soc. B 57, 289-300: thrombolysis, hypotheses rejected"
thrombolysis = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 0.9999]
endpoints = {"comparisons": [{"name": f"H{k + 1}", "pValue": p} for k, p in enumerate(thrombolysis)]}
for name, rejected in [("bonferroni", 3), ("holm", 3), ("hochberg", 3), ("benjamini-hochberg", 4)]:
    add(source, name, endpoints, 0, value=rejected)
source = "Jennison and Turnbull (2000), Group Sequential Methods, tables 2.2 and 2.4, at 90 % power"
for looks, shape, inflation in [(2, 0.5, 1.100), (5, 0.5, 1.207), (10, 0.5, 1.271), (2, 0, 1.007), (5, 0, 1.026), (10, 0, 1.037)]:
    add(source, "group-sequential-design", {"information": list(range(1, looks + 1)), "form": {"kind": "wang-tsiatis", "shape": shape}, "power": 0.9}, 3, value=inflation)

with open("printed.json", "w") as file:
    lines = ",\n".join(json.dumps(case) for case in cases)
    file.write(f'{{"madeWith": "typed from the publications that the cases name", "cases": [\n{lines}\n]}}\n')
