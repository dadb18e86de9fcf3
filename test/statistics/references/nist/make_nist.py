"""Writes the reference data sets of NIST (StRD) beside this file: univariate.json (all but PiDigits, whose 5,000 values
are not at hand: they are not the first 5,000 digits of pi, whose mean is 4.5358), anova.json, linear.json, with NIST's certified values.

The data are public domain, https://www.itl.nist.gov/div898/strd/. Those of the analysis of variance and Norris come with SciPy's own tests, Longley with
statsmodels; Wampler's and the NumAcc sets follow from their formulas; the others are written out below. Every certified value is
checked here against a computation of 60 digits on the decimal data.

python make_nist.py
"""
import json
import pathlib

import mpmath
import scipy.stats
import statsmodels.api
from mpmath import mpf

mpmath.mp.dps = 60
scipy_data = pathlib.Path(scipy.stats.__file__).parent / "tests" / "data"

lew = """-213 -564 -35 -15 141 115 -420 -360 203 -338 -431 194 -220 -513 154 -125 -559 92 -21 -579 -52 99 -543 -175 162 -457 -346 204 -300 -474 164 -107 -572 -8 83 -541
-224 180 -420 -374 201 -236 -531 83 27 -564 -112 131 -507 -254 199 -311 -495 143 -46 -579 -90 136 -472 -338 202 -287 -477 169 -124 -568 17 48 -568 -135 162 -430
-422 172 -74 -577 -13 92 -534 -243 194 -355 -465 156 -81 -578 -64 139 -449 -384 193 -198 -538 110 -44 -577 -6 66 -552 -164 161 -460 -344 205 -281 -504 134 -28
-576 -118 156 -437 -381 200 -220 -540 83 11 -568 -160 172 -414 -408 188 -125 -572 -32 139 -492 -321 205 -262 -504 142 -83 -574 0 48 -571 -106 137 -501 -266 190
-391 -406 194 -186 -553 83 -13 -577 -49 103 -515 -280 201 300 -506 131 -45 -578 -80 138 -462 -361 201 -211 -554 32 74 -533 -235 187 -372 -442 182 -147 -566 25
68 -535 -244 194 -351 -463 174 -125 -570 15 72 -550 -190 172 -424 -385 198 -218 -536 96"""
lottery = """162 671 933 414 788 730 817 33 536 875 670 236 473 167 877 980 316 950 456 92 517 557 956 954 104 178 794 278 147 773 437 435 502 610 582 780 689 562 964 791 28 97
848 281 858 538 660 972 671 613 867 448 738 966 139 636 847 659 754 243 122 455 195 968 793 59 730 361 574 522 97 762 431 158 429 414 22 629 788 999 187 215 810 782
47 34 108 986 25 644 829 630 315 567 919 331 207 412 242 607 668 944 749 168 864 442 533 805 372 63 458 777 416 340 436 140 919 350 510 572 905 900 85 389 473 758
444 169 625 692 140 897 672 288 312 860 724 226 884 508 976 741 476 417 831 15 318 432 241 114 799 955 833 358 935 146 630 830 440 642 356 373 271 715 367 393 190 669
8 861 108 795 269 590 326 866 64 523 862 840 219 382 998 4 628 305 747 247 34 747 729 645 856 974 24 568 24 694 608 480 410 729 947 293 53 930 223 203 677 227 62
455 387 318 562 242 428 968"""
mavro = """2.00180 2.00170 2.00180 2.00190 2.00180 2.00170 2.00150 2.00140 2.00150 2.00150 2.00170 2.00180 2.00180 2.00190 2.00190 2.00210 2.00200 2.00160 2.00140 2.00130 2.00130
2.00150 2.00150 2.00160 2.00150 2.00140 2.00130 2.00140 2.00150 2.00140 2.00150 2.00160 2.00150 2.00160 2.00190 2.00200 2.00200 2.00210 2.00220 2.00230 2.00240 2.00250
2.00270 2.00260 2.00260 2.00260 2.00270 2.00260 2.00250 2.00240"""
michelso = """299.85 299.74 299.90 300.07 299.93 299.85 299.95 299.98 299.98 299.88 300.00 299.98 299.93 299.65 299.76 299.81 300.00 300.00 299.96 299.96 299.96 299.94 299.96 299.94
299.88 299.80 299.85 299.88 299.90 299.84 299.83 299.79 299.81 299.88 299.88 299.83 299.80 299.79 299.76 299.80 299.88 299.88 299.88 299.86 299.72 299.72 299.62 299.86
299.97 299.95 299.88 299.91 299.85 299.87 299.84 299.84 299.85 299.84 299.84 299.84 299.89 299.81 299.81 299.82 299.80 299.77 299.76 299.74 299.75 299.76 299.91 299.92
299.89 299.86 299.88 299.72 299.84 299.85 299.85 299.78 299.89 299.84 299.78 299.81 299.76 299.81 299.79 299.81 299.82 299.85 299.87 299.87 299.81 299.74 299.81 299.94
299.95 299.80 299.81 299.87"""
pontius_y = """.11019 .21956 .32949 .43899 .54803 .65694 .76562 .87487 .98292 1.09146 1.20001 1.30822 1.41599 1.52399 1.63194 1.73947 1.84646 1.95392 2.06128 2.16844
.11052 .22018 .32939 .43886 .54798 .65739 .76596 .87474 .98300 1.09150 1.20004 1.30818 1.41613 1.52408 1.63159 1.73965 1.84696 1.95445 2.06177 2.16829"""
filip = """0.8116 -6.860120914 0.9072 -4.324130045 0.9052 -4.358625055 0.9039 -4.358426747 0.8053 -6.955852379 0.8377 -6.661145254 0.8667 -6.355462942 0.8809 -6.118102026
0.7975 -7.115148017 0.8162 -6.815308569 0.8515 -6.519993057 0.8766 -6.204119983 0.8885 -5.853871964 0.8859 -6.109523091 0.8959 -5.79832982 0.8913 -5.482672118
0.8959 -5.171791386 0.8971 -4.851705903 0.9021 -4.517126416 0.909 -4.143573228 0.9139 -3.709075441 0.9199 -3.499489089 0.8692 -6.300769497 0.8872 -5.953504836
0.89 -5.642065153 0.891 -5.031376979 0.8977 -4.680685696 0.9035 -4.329846955 0.9078 -3.928486195 0.7675 -8.56735134 0.7705 -8.363211311 0.7713 -8.107682739
0.7736 -7.823908741 0.7775 -7.522878745 0.7841 -7.218819279 0.7971 -6.920818754 0.8329 -6.628932138 0.8641 -6.323946875 0.8804 -5.991399828 0.7668 -8.781464495
0.7633 -8.663140179 0.7678 -8.473531488 0.7697 -8.247337057 0.77 -7.971428747 0.7749 -7.676129393 0.7796 -7.352812702 0.7897 -7.072065318 0.8131 -6.774174009
0.8498 -6.478861916 0.8741 -6.159517513 0.8061 -6.835647144 0.846 -6.53165267 0.8751 -6.224098421 0.8856 -5.910094889 0.8919 -5.598599459 0.8934 -5.290645224
0.894 -4.974284616 0.8957 -4.64454848 0.9047 -4.290560426 0.9129 -3.885055584 0.9209 -3.408378962 0.9219 -3.13200249 0.7739 -8.726767166 0.7681 -8.66695597
0.7665 -8.511026475 0.7703 -8.165388579 0.7702 -7.886056648 0.7761 -7.588043762 0.7809 -7.283412422 0.7961 -6.995678626 0.8253 -6.691862621 0.8602 -6.392544977
0.8809 -6.067374056 0.8301 -6.684029655 0.8664 -6.378719832 0.8834 -6.065855188 0.8898 -5.752272167 0.8964 -5.132414673 0.8963 -4.811352704 0.9074 -4.098269308
0.9119 -3.66174277 0.9228 -3.2644011"""
wampler5_y = """7590001 -20479994 20480063 -20479636 25231365 -20476094 20489331 -20460392 18417449 -20413570 20591111 -20302844 18651453 -20077766 21059195 -19666384
26348481 -18971402 22480719 -17866340 10958421"""


def write(name, cases):
    with open(f"{name}.json", "w") as file:
        lines = ",\n".join(json.dumps(case) for case in cases)
        file.write('{"madeWith": "NIST Statistical Reference Datasets; checked with mpmath %s, 60 digits", "cases": [\n%s\n]}\n' % (mpmath.__version__, lines))


def agree(name, computed, certified, tolerance="1e-13"):
    certified = mpf(certified)
    assert abs(computed - certified) <= mpf(tolerance) * max(abs(certified), mpf("1e-25")), (name, mpmath.nstr(computed, 20), certified)


def alternating(middle, low, high):
    return [middle] + [low, high] * 500


def univariate():
    sets = [
        ("Lottery", lottery.split(), "518.958715596330", "291.699727470969", "-0.120948622967393"),
        ("Lew", lew.split(), "-177.435000000000", "277.332168044316", "-0.307304800605679"),
        ("Mavro", mavro.split(), "2.00185600000000", "0.000429123454003053", "0.937989183438248"),
        ("Michelso", michelso.split(), "299.852400000000", "0.0790105478190518", "0.535199668621283"),
        ("NumAcc1", ["10000001", "10000003", "10000002"], "10000002", "1", "-0.5"),
        ("NumAcc2", alternating("1.2", "1.1", "1.3"), "1.2", "0.1", "-0.999"),
        ("NumAcc3", alternating("1000000.2", "1000000.1", "1000000.3"), "1000000.2", "0.1", "-0.999"),
        ("NumAcc4", alternating("10000000.2", "10000000.1", "10000000.3"), "10000000.2", "0.1", "-0.999"),
    ]
    cases = []
    for name, data, mean, deviation, lag in sets:
        exact = [mpf(value) for value in data]
        m = mpmath.fsum(exact) / len(exact)
        squares = mpmath.fsum((value - m) ** 2 for value in exact)
        agree(name, m, mean)
        agree(name, mpmath.sqrt(squares / (len(exact) - 1)), deviation)
        agree(name, mpmath.fsum((a - m) * (b - m) for a, b in zip(exact, exact[1:])) / squares, lag)
        # Long sets of few values are told as a pattern.
        told = {"first": float(data[0]), "repeated": [float(data[1]), float(data[2])], "times": 500} if len(data) == 1001 else {"data": [float(value) for value in data]}
        cases.append({"name": name, **told, "mean": float(mean), "standardDeviation": float(deviation), "lagOneCorrelation": float(lag)})
    write("univariate", cases)


def anova():
    cases = []
    for name in ["SiRstv", "SmLs01", "SmLs02", "SmLs03", "AtmWtAg", "SmLs04", "SmLs05", "SmLs06", "SmLs07", "SmLs08", "SmLs09"]:
        lines = (scipy_data / "nist_anova" / f"{name}.dat").read_text().splitlines()
        between = next(line for line in lines if line.startswith("Between")).split()
        within = next(line for line in lines if line.startswith("Within")).split()
        certified = {"between": between[-3], "f": between[-1], "within": within[-2]}
        pair = {"rSquared": next(line for line in lines if "R-Squared" in line).split()[-1]}
        at = next(i for i, line in enumerate(lines) if "Certified Residual" in line)
        pair["residualDeviation"] = lines[at + 1].split()[-1]
        groups = {}
        for line in lines[60:]:
            if line.split():
                groups.setdefault(line.split()[0], []).append(line.split()[1])
        exact = [[mpf(value) for value in values] for values in groups.values()]
        everything = [value for values in exact for value in values]
        m = mpmath.fsum(everything) / len(everything)
        ss_between = mpmath.fsum(len(values) * (mpmath.fsum(values) / len(values) - m) ** 2 for values in exact)
        ss_within = mpmath.fsum((value - mpmath.fsum(values) / len(values)) ** 2 for values in exact for value in values)
        agree(name, ss_between, certified["between"])
        agree(name, ss_within, certified["within"])
        case = {"name": name, "between": float(certified["between"]), "within": float(certified["within"]), "f": float(certified["f"])}
        case.update({key: float(value) for key, value in pair.items()})
        # What the doubles nearest to the decimal data have: the later sets cannot be said exactly in doubles.
        doubles = [[mpf(float(value)) for value in values] for values in groups.values()]
        everything = [value for values in doubles for value in values]
        m = mpmath.fsum(everything) / len(everything)
        of_doubles = (
            mpmath.fsum(len(values) * (mpmath.fsum(values) / len(values) - m) ** 2 for values in doubles),
            mpmath.fsum((value - mpmath.fsum(values) / len(values)) ** 2 for values in doubles for value in values),
        )
        case["ofDoubles"] = {"between": float(of_doubles[0]), "within": float(of_doubles[1])}
        sizes = [len(values) for values in groups.values()]
        if len(set(sizes)) == 1 and sizes[0] > 30 and name.startswith("SmLs"):
            # 9 groups of 21, 201 or 2001: the first value, then two in turn.
            assert all(values[1:] == [values[1], values[2]] * ((len(values) - 1) // 2) for values in groups.values())
            case["patterns"] = [{"first": float(v[0]), "repeated": [float(v[1]), float(v[2])], "times": (len(v) - 1) // 2} for v in groups.values()]
        else:
            case["groups"] = [[float(value) for value in values] for values in groups.values()]
        cases.append(case)
    write("anova", cases)


def polynomial(x, degree):
    return [[mpf(value) ** power for power in range(degree + 1)] for value in x]


def linear():
    norris = [line.split() for line in (scipy_data / "nist_linregress" / "Norris.dat").read_text().splitlines()[60:96]]
    longley = statsmodels.api.datasets.longley.load_pandas().data
    names = ["GNPDEFL", "GNP", "UNEMP", "ARMED", "POP", "YEAR"]
    steps = [str(i) for i in range(21)]
    w5 = [mpf(value) for value in wampler5_y.split()]
    whole = [sum(mpf(x) ** power for power in range(6)) for x in steps]
    delta = [(a - b) / 10000 for a, b in zip(w5, whole)]
    pontius_x = [str(150000 * i) for i in range(1, 21)] * 2
    sets = [
        ("Norris", [row[0] for row in norris], {"powers": [row[1] for row in norris], "degree": 1},
         ["-0.262323073774029", "1.00211681802045"], ["0.232818234301152", "0.429796848199937E-03"], "0.884796396144373", "0.999993745883712"),
        ("Pontius", pontius_y.split(), {"powers": pontius_x, "degree": 2},
         ["0.673565789473684E-03", "0.732059160401003E-06", "-0.316081871345029E-14"], ["0.107938612033077E-03", "0.157817399981659E-09", "0.486652849992036E-16"], "0.205177424076185E-03", "0.999999900178537"),
        ("NoInt1", [str(value) for value in range(130, 141)], {"columns": [[str(value)] for value in range(60, 71)]}, ["2.07438016528926"], ["0.165289256198347E-01"], "3.56753034006338", "0.999365492298663"),
        ("NoInt2", ["3", "4", "4"], {"columns": [["4"], ["5"], ["6"]]}, ["0.727272727272727"], ["0.420827318078432E-01"], "0.369274472937998", "0.993348115299335"),
        ("Filip", filip.split()[::2], {"powers": filip.split()[1::2], "degree": 10},
         ["-1467.48961422980", "-2772.17959193342", "-2316.37108160893", "-1127.97394098372", "-354.478233703349", "-75.1242017393757", "-10.8753180355343", "-1.06221498588947", "-0.670191154593408E-01", "-0.246781078275479E-02", "-0.402962525080404E-04"],
         ["298.084530995537", "559.779865474950", "466.477572127796", "227.204274477751", "71.6478660875927", "15.2897178747400", "2.23691159816033", "0.221624321934227", "0.142363763154724E-01", "0.535617408889821E-03", "0.896632837373868E-05"], "0.334801051324544E-02", "0.996727416185620"),
        ("Longley", [str(int(value)) for value in longley["TOTEMP"]], {"columns": [["1"] + [str(longley[name][i]) for name in names] for i in range(16)]},
         ["-3482258.63459582", "15.0618722713733", "-0.358191792925910E-01", "-2.02022980381683", "-1.03322686717359", "-0.511041056535807E-01", "1829.15146461355"],
         ["890420.383607373", "84.9149257747669", "0.334910077722432E-01", "0.488399681651699", "0.214274163161675", "0.226073200069370", "455.478499142212"], "304.854073561965", "0.995479004577296"),
        ("Wampler1", [str(int(value)) for value in whole], {"powers": steps, "degree": 5}, ["1"] * 6, ["0"] * 6, "0", "1"),
        ("Wampler2", [mpmath.nstr(sum((mpf(x) / 10) ** power for power in range(6)), 15) for x in steps], {"powers": steps, "degree": 5}, ["1", "0.1", "0.01", "0.001", "0.0001", "0.00001"], ["0"] * 6, "0", "1"),
        ("Wampler3", [str(int(a + d)) for a, d in zip(whole, delta)], {"powers": steps, "degree": 5}, ["1"] * 6,
         ["2152.32624678170", "2363.55173469681", "779.343524331583", "101.475507550350", "5.64566512170752", "0.112324854679312"], "2360.14502379268", "0.999995559025820"),
        ("Wampler4", [str(int(a + 100 * d)) for a, d in zip(whole, delta)], {"powers": steps, "degree": 5}, ["1"] * 6,
         ["215232.624678170", "236355.173469681", "77934.3524331583", "10147.5507550350", "564.566512170752", "11.2324854679312"], "236014.502379268", "0.957478440825662"),
        ("Wampler5", wampler5_y.split(), {"powers": steps, "degree": 5}, ["1"] * 6,
         ["21523262.4678170", "23635517.3469681", "7793435.24331583", "1014755.07550350", "56456.6512170752", "1123.24854679312"], "23601450.2379268", "0.224668921574940E-02"),
    ]
    cases = []
    for name, y, design, estimates, deviations, residual, r_squared in sets:
        rows = polynomial(design["powers"], design["degree"]) if "powers" in design else [[mpf(value) for value in row] for row in design["columns"]]
        response = [mpf(value) for value in y]
        X, Y = mpmath.matrix(rows), mpmath.matrix(response)
        inverse = (X.T * X) ** -1
        b = inverse * (X.T * Y)
        rest = Y - X * b
        squares = mpmath.fsum(value**2 for value in rest)
        scale = squares / (len(y) - len(estimates))
        for i, estimate in enumerate(estimates):
            agree(name, b[i], estimate)
            if deviations[i] != "0":
                agree(name, mpmath.sqrt(scale * inverse[i, i]), deviations[i])
        if residual != "0":
            agree(name, mpmath.sqrt(scale), residual)
        told = {"powersOf": [float(value) for value in design["powers"]], "degree": design["degree"]} if "powers" in design else {"rows": [[float(value) for value in row] for row in design["columns"]]}
        cases.append({"name": name, "y": [float(value) for value in y], **told, "estimates": [float(v) for v in estimates], "standardErrors": [float(v) for v in deviations], "residualDeviation": float(residual), "rSquared": float(r_squared)})
    write("linear", cases)


univariate()
anova()
linear()
