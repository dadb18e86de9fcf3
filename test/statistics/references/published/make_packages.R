# Writes packages.json: the data sets and worked examples of R packages, with the answers of those packages. Rscript make_packages.R
# (packages jsonlite, clubSandwich, estimatr, metafor, epitools, epiR, coin, lmtest, sandwich, rpact, survey, pwr); running the tests needs none of them.
suppressPackageStartupMessages({ library(jsonlite); library(clubSandwich); library(estimatr); library(metafor); library(epitools); library(epiR)
  library(coin); library(lmtest); library(sandwich); library(rpact); library(survey); library(pwr) })
cases <- list()
add <- function(source, statistic, input, expected, tolerance = 1e-9) {
  known <- vapply(expected, function(x) length(x) > 0 && all(is.finite(x)), TRUE)
  cases[[length(cases) + 1]] <<- list(source = source, statistic = statistic, input = input, expected = lapply(expected[known], unname), tolerance = tolerance)
}
numbers <- function(x) I(as.numeric(x))
arm <- function(x, n) list(successes = x, trials = n)
two <- function(t, c, ...) list(treatment = arm(t[1], t[2]), control = arm(c[1], c[2]), ...)

# clubSandwich, estimatr, lmtest: regressions with clusters and without
cr <- function(source, fit, data, outcome, regressors, cluster, coefficient, types = c("CR0", "CR2", "CR3")) for (type in types) {
  V <- vcovCR(fit, cluster = data[[cluster]], type = type)
  test <- coef_test(fit, vcov = V, test = "Satterthwaite"); ends <- conf_int(fit, vcov = V, test = "Satterthwaite", level = 0.9)
  k <- match(coefficient, rownames(test))
  add(source, "ols-regression", list(outcome = numbers(data[[outcome]]), regressors = lapply(data[regressors], numbers), coefficient = coefficient, clusters = I(as.character(data[[cluster]])),
    standardErrors = type, degreesOfFreedom = "satterthwaite", level = 0.9),
    list(value = test$beta[k], standardError = test$SE[k], degrees = test$df_Satt[k], p = test$p_Satt[k], statistic = test$tstat[k], lower = ends$CI_L[k], upper = ends$CI_U[k]), 1e-8)
}
data(MortalityRates)
deaths <- subset(MortalityRates, cause == "Motor Vehicle" & year %in% 1972:1975 & !is.na(beertaxa) & !is.na(legal) & !is.na(mrate))
cr("clubSandwich, MortalityRates: motor vehicle deaths", lm(mrate ~ legal + beertaxa, deaths), deaths, "mrate", c("legal", "beertaxa"), "state", "legal")
chicks <- as.data.frame(ChickWeight); chicks$Chick <- as.character(chicks$Chick); for (d in 2:4) chicks[[paste0("diet", d)]] <- as.numeric(chicks$Diet == d)
cr("clubSandwich, ChickWeight by chick", lm(weight ~ Time + diet2 + diet3 + diet4, chicks), chicks, "weight", c("Time", "diet2", "diet3", "diet4"), "Chick", "diet3")
data("PetersenCL", package = "sandwich"); firms <- subset(PetersenCL, firm <= 40)
for (type in c("CR0", "CR1S")) { # vcovCL's HC0 and HC1 (with its cluster adjustment)
  V <- vcovCL(lm(y ~ x, firms), cluster = ~ firm, type = if (type == "CR0") "HC0" else "HC1", cadjust = type != "CR0")
  test <- coeftest(lm(y ~ x, firms), vcov. = V, df = 39)
  add("sandwich, PetersenCL: the first 40 firms", "ols-regression", list(outcome = numbers(firms$y), regressors = list(x = numbers(firms$x)), coefficient = "x", clusters = I(as.character(firms$firm)), standardErrors = type, degreesOfFreedom = "clusters"),
    list(value = test[2, 1], standardError = test[2, 2], statistic = test[2, 3], p = test[2, 4]))
}
data(alo_star_men)
star <- alo_star_men[complete.cases(alo_star_men), ]
for (type in c("classical", "HC0", "HC1", "HC2", "HC3")) {
  r <- lm_robust(GPA_year1 ~ ssp + gpa0, data = star, se_type = type)
  add("estimatr, alo_star_men", "ols-regression", list(outcome = numbers(star$GPA_year1), regressors = list(ssp = numbers(star$ssp), gpa0 = numbers(star$gpa0)), coefficient = "ssp", standardErrors = type),
    list(value = r$coefficients[2], standardError = r$std.error[2], statistic = r$statistic[2], p = r$p.value[2], lower = r$conf.low[2], upper = r$conf.high[2], degrees = r$df[2]))
}
r <- difference_in_means(GPA_year1 ~ ssp, data = star)
add("estimatr, alo_star_men", "welch-means", list(control = list(values = numbers(star$GPA_year1[star$ssp == 0])), treatment = list(values = numbers(star$GPA_year1[star$ssp == 1]))),
  list(value = r$coefficients, standardError = r$std.error, degrees = r$df, p = r$p.value, lower = r$conf.low, upper = r$conf.high))
chick2 <- subset(chicks, Diet %in% c("1", "3")); chick2$diet <- as.numeric(chick2$Diet == "3")
r <- difference_in_means(weight ~ diet, clusters = Chick, data = chick2)
put <- function(d) { rows <- chick2[chick2$diet == d, ]; list(values = numbers(rows$weight), clusters = I(as.character(rows$Chick))) }
add("estimatr, ChickWeight by chick", "cluster-means", list(control = put(0), treatment = put(1)), list(value = r$coefficients, standardError = r$std.error, degrees = r$df, p = r$p.value, lower = r$conf.low, upper = r$conf.high), 1e-8)
# lm_lin is CUPED with each arm's own slope; all units' mean of the covariate taken as known
r <- difference_in_means(weight ~ diet, blocks = half, data = transform(subset(chick2, Time %in% c(18, 20)), half = Time))
late <- subset(chick2, Time %in% c(18, 20))
strata <- lapply(c(18, 20), function(t) list(name = paste("day", t), control = list(values = numbers(late$weight[late$Time == t & late$diet == 0])), treatment = list(values = numbers(late$weight[late$Time == t & late$diet == 1]))))
add("estimatr, ChickWeight in blocks of two days", "post-stratified-means", list(strata = strata), list(value = r$coefficients, standardError = r$std.error))

# metafor: BCG vaccine, by random effects
bcg <- escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
for (method in c("DL", "REML")) {
  r <- rma(yi, vi, data = bcg, method = method, control = list(threshold = 1e-12))
  add("metafor, dat.bcg", "partial-pooling", list(segments = lapply(seq_len(nrow(bcg)), function(i) list(name = as.character(i), estimate = as.numeric(bcg$yi[i]), standardError = sqrt(bcg$vi[i]))), method = if (method == "DL") "dersimonian-laird" else "reml"),
    list(value = as.numeric(r$b), standardError = r$se), 1e-8)
}
for (i in 1:5) add("metafor, dat.bcg: escalc", "log-risk-ratio", with(dat.bcg, two(c(tpos[i], tpos[i] + tneg[i]), c(cpos[i], cpos[i] + cneg[i]))), list(value = exp(as.numeric(bcg$yi[i])), lower = exp(bcg$yi[i] - qnorm(0.975) * sqrt(bcg$vi[i])), upper = exp(bcg$yi[i] + qnorm(0.975) * sqrt(bcg$vi[i]))))
odds <- escalc(measure = "OR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
for (i in 1:3) add("metafor, dat.bcg: escalc", "log-odds-ratio", with(dat.bcg, two(c(tpos[i], tpos[i] + tneg[i]), c(cpos[i], cpos[i] + cneg[i]))), list(value = exp(as.numeric(odds$yi[i])), lower = exp(odds$yi[i] - qnorm(0.975) * sqrt(odds$vi[i])), upper = exp(odds$yi[i] + qnorm(0.975) * sqrt(odds$vi[i]))))
arcs <- escalc(measure = "RD", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
for (i in 1:3) add("metafor, dat.bcg: escalc", "wald-difference", with(dat.bcg, two(c(tpos[i], tpos[i] + tneg[i]), c(cpos[i], cpos[i] + cneg[i]))), list(value = as.numeric(arcs$yi[i]), standardError = sqrt(arcs$vi[i])))

# epitools: Rothman's and Jewell's tables
# Western Collaborative Group Study: type A 178 of 1589, type B 79 of 1565
for (x in list(list(c(178, 1589), c(79, 1565)), list(c(15, 30), c(9, 49)))) {
  m <- matrix(c(x[[2]][2] - x[[2]][1], x[[1]][2] - x[[1]][1], x[[2]][1], x[[1]][1]), 2) # rows: unexposed, exposed; columns: no, yes
  r <- riskratio.wald(m); add("epitools, riskratio.wald", "log-risk-ratio", two(x[[1]], x[[2]]), list(value = r$measure[2, 1], lower = r$measure[2, 2], upper = r$measure[2, 3]))
  r <- oddsratio.wald(m); add("epitools, oddsratio.wald", "log-odds-ratio", two(x[[1]], x[[2]]), list(value = r$measure[2, 1], lower = r$measure[2, 2], upper = r$measure[2, 3]))
  r <- oddsratio.fisher(m); add("epitools, oddsratio.fisher", "fisher-exact", two(x[[1]], x[[2]], method = "central"), list(value = r$measure[2, 1], lower = r$measure[2, 2], upper = r$measure[2, 3]), 1e-4) # as fisher.test, whose ends are searched to four digits
  add("epitools, oddsratio.fisher", "fisher-exact", two(x[[1]], x[[2]]), list(p = r$p.value[2, 2]))
  r <- oddsratio.midp(m) # its ends are searched to four digits
  add("epitools, oddsratio.midp", "fisher-exact", two(x[[1]], x[[2]], method = "mid-p"), list(lower = r$measure[2, 2], upper = r$measure[2, 3], p = r$p.value[2, 1]), 1e-4)
}
for (x in list(c(17, 1000), c(5, 10), c(0, 12))) {
  r <- binom.exact(x[1], x[2]); add("epitools, binom.exact", "clopper-pearson-proportion", list(sample = arm(x[1], x[2])), list(value = r$proportion, lower = r$lower, upper = r$upper), 1e-8)
  r <- binom.wilson(x[1], x[2], 0.9); add("epitools, binom.wilson", "wilson-proportion", list(sample = arm(x[1], x[2]), level = 0.9), list(value = r$proportion, lower = r$lower, upper = r$upper))
}
# epiR: feline urological syndrome, 13 of 2176 and 5 of 3354
r <- epi.2by2(matrix(c(13, 2163, 5, 3349), 2, byrow = TRUE), method = "cohort.count", conf.level = 0.95)$massoc.detail
add("epiR, epi.2by2", "log-risk-ratio", two(c(13, 2176), c(5, 3354)), list(value = r$RR.strata.wald$est, lower = r$RR.strata.wald$lower, upper = r$RR.strata.wald$upper))
add("epiR, epi.2by2", "wald-difference", two(c(13, 2176), c(5, 3354)), list(value = r$ARisk.strata.wald$est / 100, lower = r$ARisk.strata.wald$lower / 100, upper = r$ARisk.strata.wald$upper / 100))
add("epiR, epi.2by2", "score-difference", two(c(13, 2176), c(5, 3354), variant = "farrington-manning"), list(lower = r$ARisk.strata.score$lower / 100, upper = r$ARisk.strata.score$upper / 100), 1e-4)

# coin: unaided vision of 7,477 women (Stuart), a table of ratings; permutations
data(vision); eyes <- unclass(vision); eyes <- matrix(as.numeric(eyes), nrow(eyes))
rows <- function(m) lapply(seq_len(nrow(m)), function(i) numbers(m[i, ]))
r <- mh_test(vision); add("coin, vision", "stuart-maxwell", list(table = rows(eyes)), list(p = as.numeric(pvalue(r)), statistic = as.numeric(statistic(r))))
r <- mcnemar.test(eyes); add("mcnemar.test, vision", "bowker", list(table = rows(eyes)), list(p = r$p.value, statistic = r$statistic))
data(jobsatisfaction); women <- apply(jobsatisfaction, c(1, 2), sum)
r <- chisq.test(women); add("chisq.test, jobsatisfaction", "independence", list(table = rows(matrix(as.numeric(women), nrow(women)))), suppressWarnings(list(p = r$p.value, statistic = r$statistic)))
data(asat)
a <- split(asat$asat, asat$group)
for (side in c("less", "greater")) { # two-sided coin counts what is as far from the mean on either side
  r <- wilcox_test(asat ~ group, data = asat, distribution = "exact", alternative = side)
  add("coin, asat", "mann-whitney", list(control = numbers(a[[2]]), treatment = numbers(a[[1]]), method = "exact", alternative = sub(".", "-", side, fixed = TRUE)), list(p = as.numeric(pvalue(r))))
}
data(rotarod); rt <- split(rotarod$time, rotarod$group)
for (side in "two.sided") {
  r <- oneway_test(time ~ group, data = rotarod, distribution = "exact", alternative = side)
  add("coin, rotarod: means permuted", "permutation-test", list(control = numbers(rt[[2]]), treatment = numbers(rt[[1]]), method = "exact", alternative = sub(".", "-", side, fixed = TRUE)), list(p = as.numeric(pvalue(r))))
}
# survey: ratios of two kinds of schools, each a simple random sample
data(api); kinds <- lapply(c("E", "H"), function(kind) apisrs[apisrs$stype == kind, ])
ratios <- lapply(kinds, function(d) svyratio(~api.stu, ~enroll, svydesign(id = ~1, weights = ~1, data = d)))
told <- function(d) list(numerators = numbers(d$api.stu), denominators = numbers(d$enroll))
add("survey, svyratio: apisrs", "ratio-of-sums", list(control = told(kinds[[1]]), treatment = told(kinds[[2]])), list(value = coef(ratios[[2]]) - coef(ratios[[1]]), standardError = sqrt(sum(vapply(ratios, function(r) SE(r)^2, 0)))), 1e-8)
# pwr: Cohen's examples
for (q in list(list(d = 0.2, n = 60, sig = 0.10, alt = "two.sided"), list(d = 0.5, n = 30, sig = 0.05, alt = "greater"))) {
  r <- pwr.t.test(d = q$d, n = q$n, sig.level = q$sig, alternative = q$alt)
  add("pwr.t.test", "power", list(metric = list(kind = "mean", standardDeviation = 1, pooled = TRUE), effect = list(absolute = q$d), units = 2 * q$n, level = 1 - q$sig, alternative = sub(".", "-", q$alt, fixed = TRUE)), list(value = r$power), 1e-8)
}
r <- pwr.t2n.test(n1 = 90, n2 = 60, d = 0.6, alternative = "greater")
add("pwr.t2n.test, exercise 2.3, p. 437 of Cohen (1988)", "power", list(metric = list(kind = "mean", standardDeviation = 1, pooled = TRUE), effect = list(absolute = 0.6), units = 150, treatmentPerControl = 60 / 90, alternative = "greater"), list(value = r$power), 1e-8)
r <- pwr.t.test(d = 0.2, power = 0.9, type = "paired"); add("pwr.t.test, paired", "sample-size", list(metric = list(kind = "paired", standardDeviation = 1), effect = list(absolute = 0.2), power = 0.9), list(value = ceiling(r$n)))
# rpact: the sample sizes of its vignettes
r <- getSampleSizeMeans(alternative = 2, stDev = 5, alpha = 0.025, beta = 0.2)
add("rpact, getSampleSizeMeans", "sample-size", list(metric = list(kind = "mean", standardDeviation = 5, pooled = TRUE), effect = list(absolute = 2), power = 0.8, level = 0.975, alternative = "greater"), list(value = 2 * ceiling(r$nFixed / 2)))
d <- getDesignGroupSequential(kMax = 3, typeOfDesign = "asOF", alpha = 0.025, beta = 0.2, tolerance = 1e-10)
add("rpact, asOF of three looks", "group-sequential-design", list(information = 1:3, level = 0.975, sides = 1, form = list(kind = "obrien-fleming"), power = 0.8), list(value = getDesignCharacteristics(d)$inflationFactor), 1e-6)
writeLines(toJSON(list(madeWith = paste0("R ", getRversion(), paste0(", ", c("clubSandwich", "estimatr", "metafor", "epitools", "epiR", "coin", "sandwich", "rpact", "survey", "pwr"), " ", vapply(c("clubSandwich", "estimatr", "metafor", "epitools", "epiR", "coin", "sandwich", "rpact", "survey", "pwr"), function(p) as.character(packageVersion(p)), ""), collapse = "")),
  cases = cases), auto_unbox = TRUE, digits = I(15)), "packages.json")
cat(length(cases), "cases\n")
