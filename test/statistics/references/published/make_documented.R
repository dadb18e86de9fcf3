# Writes documented.json: the examples that R's own help pages work, with R's answers, one- and two-sided and at odd levels. Rscript make_documented.R
# (packages jsonlite, exactRankTests, coin, sandwich); running the tests needs none of them.
suppressPackageStartupMessages({ library(jsonlite); library(exactRankTests); library(coin); library(sandwich) })
cases <- list()
add <- function(source, statistic, input, expected, tolerance = 1e-9) {
  known <- vapply(expected, function(x) length(x) > 0 && all(is.finite(x)), TRUE)
  cases[[length(cases) + 1]] <<- list(source = source, statistic = statistic, input = input, expected = expected[known], tolerance = tolerance)
}
numbers <- function(x) I(as.numeric(x))
word <- c(two.sided = "two-sided", less = "less", greater = "greater")
ends <- function(r, from = -Inf, to = Inf) list(lower = if (r$conf.int[1] > from) r$conf.int[1], upper = if (r$conf.int[2] < to) r$conf.int[2])
arm <- function(x, n) list(successes = x, trials = n)

# t.test, ToothGrowth, mtcars, sleep
arms <- list(list(1:10, 7:20), list(1:10, c(7:20, 200)), split(sleep$extra, sleep$group), split(mtcars$mpg, mtcars$am), split(ToothGrowth$len, ToothGrowth$supp))
for (e in arms) for (a in names(word)) for (asked in list(c(0, 0.95), c(-2, 0.4), c(0, 0.999))) for (pooled in c(FALSE, TRUE)) {
  r <- t.test(e[[2]], e[[1]], alternative = a, mu = asked[1], conf.level = asked[2], var.equal = pooled)
  add("t.test", if (pooled) "pooled-means" else "welch-means",
    list(control = list(values = numbers(e[[1]])), treatment = list(values = numbers(e[[2]])), alternative = word[[a]], nullValue = asked[1], level = asked[2]),
    c(list(value = unname(r$estimate[1] - r$estimate[2]), p = r$p.value, statistic = unname(r$statistic), degrees = unname(r$parameter)), ends(r)))
}
# wilcox.test: depression and placenta, airquality with ties; coin's rotarod
x <- c(1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30)
y <- c(0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29)
term <- c(0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46)
early <- c(1.15, 0.88, 0.90, 0.74, 1.21)
times <- split(rotarod$time, rotarod$group)
for (a in names(word)) {
  r <- wilcox.test(x, y, paired = TRUE, alternative = a, conf.int = TRUE)
  add("wilcox.test, depression", "wilcoxon-signed-rank", list(control = numbers(y), treatment = numbers(x), alternative = word[[a]]), c(list(value = unname(r$estimate), p = r$p.value), ends(r)))
  r <- wilcox.test(term, early, alternative = a, conf.int = TRUE)
  add("wilcox.test, placenta", "mann-whitney", list(control = numbers(early), treatment = numbers(term), alternative = word[[a]]), c(list(value = unname(r$estimate), p = r$p.value), ends(r)))
  r <- wilcox.test(term, early, alternative = a, exact = FALSE, correct = FALSE)
  add("wilcox.test, placenta", "mann-whitney", list(control = numbers(early), treatment = numbers(term), alternative = word[[a]], method = "normal", continuityCorrection = FALSE), list(p = r$p.value))
  r <- wilcox_test(time ~ group, data = rotarod, distribution = "exact", alternative = a)
  add("coin, rotarod", "mann-whitney", list(control = numbers(times[[2]]), treatment = numbers(times[[1]]), alternative = word[[a]], method = "exact"), list(p = as.numeric(pvalue(r))))
}
ozone <- lapply(c(8, 5), function(month) na.omit(airquality$Ozone[airquality$Month == month]))
add("wilcox.test, airquality", "mann-whitney", list(control = numbers(ozone[[1]]), treatment = numbers(ozone[[2]]), method = "normal"), list(p = suppressWarnings(wilcox.test(ozone[[2]], ozone[[1]]))$p.value))
add("wilcox.exact, airquality", "mann-whitney", list(control = numbers(ozone[[1]]), treatment = numbers(ozone[[2]]), method = "exact"), list(p = wilcox.exact(ozone[[2]], ozone[[1]])$p.value))
# aov: PlantGrowth, chickwts, InsectSprays
for (d in list(PlantGrowth, chickwts, InsectSprays)) {
  y <- d[[which(vapply(d, is.numeric, TRUE))]]; g <- d[[which(vapply(d, is.factor, TRUE))]]
  f <- anova(lm(y ~ g))
  add("aov", "anova-one-way", list(groups = lapply(unname(split(y, g)), numbers)), list(p = f$`Pr(>F)`[1], statistic = f$`F value`[1]))
}
# oneway.test, sleep
for (equal in c(FALSE, TRUE)) {
  r <- oneway.test(extra ~ group, data = sleep, var.equal = equal)
  add("oneway.test", if (equal) "anova-one-way" else "anova-welch", list(groups = lapply(unname(split(sleep$extra, sleep$group)), numbers)), list(p = r$p.value, statistic = unname(r$statistic)))
}
# binom.test (Mendel's peas), prop.test (Fleiss' smokers), fisher.test (tea, convictions), mcnemar.test (approval), chisq.test
for (a in names(word)) for (level in c(0.95, 0.5)) {
  r <- binom.test(682, 925, p = 0.75, alternative = a, conf.level = level)
  input <- list(sample = arm(682, 925), nullValue = 0.75, alternative = word[[a]], level = level)
  add("binom.test", "exact-binomial", input, c(list(value = unname(r$estimate), p = r$p.value), if (a == "two.sided") list() else ends(r, 0, 1)))
  add("binom.test", "clopper-pearson-proportion", input, ends(r, 0, 1))
}
smokers <- c(83, 90, 129, 70); patients <- c(86, 93, 136, 82)
r <- prop.test(smokers, patients)
add("prop.test", "independence", list(table = lapply(1:4, function(i) c(smokers[i], patients[i] - smokers[i]))), list(p = r$p.value, statistic = unname(r$statistic)))
for (a in names(word)) {
  input <- list(control = arm(70, 82), treatment = arm(129, 136), alternative = word[[a]])
  r <- prop.test(smokers[3:4], patients[3:4], alternative = a, correct = FALSE)
  add("prop.test", "wald-difference", input, ends(r, -1, 1))
  add("prop.test", "score-difference", c(input, variant = "farrington-manning"), list(p = r$p.value))
}
for (a in names(word)) {
  r <- fisher.test(matrix(c(3, 1, 1, 3), 2), alternative = a)
  add("fisher.test, tea", "fisher-exact", list(control = arm(1, 4), treatment = arm(3, 4), alternative = word[[a]]), list(p = r$p.value))
  r <- fisher.test(matrix(c(2, 10, 15, 3), 2), alternative = a)
  add("fisher.test, convictions", "fisher-exact", list(control = arm(15, 18), treatment = arm(2, 12), alternative = word[[a]]), list(p = r$p.value))
}
r <- prop.test(52, 100)
add("prop.test", "wilson-proportion", list(sample = arm(52, 100), continuityCorrection = TRUE), c(list(value = 0.52, p = r$p.value), ends(r)))
approval <- list(both = 794, onlySecond = 86, onlyFirst = 150, neither = 570)
add("mcnemar.test", "mcnemar", approval, list(p = mcnemar.test(matrix(c(794, 86, 150, 570), 2), correct = FALSE)$p.value))
add("mcnemar.test", "mcnemar", c(approval, continuityCorrection = TRUE), list(p = mcnemar.test(matrix(c(794, 86, 150, 570), 2))$p.value))
add("mcnemar.test", "mcnemar-exact", approval, list(p = binom.test(86, 236)$p.value))
party <- list(c(762, 327, 468), c(484, 239, 477))
r <- chisq.test(do.call(rbind, party))
add("chisq.test", "independence", list(table = party), list(p = r$p.value, statistic = unname(r$statistic)))
r <- chisq.test(c(89, 37, 30, 28, 2), p = c(40, 20, 20, 15, 5), rescale.p = TRUE)
add("chisq.test", "sample-ratio", list(observed = c(89, 37, 30, 28, 2), weights = c(40, 20, 20, 15, 5)), list(p = r$p.value, statistic = unname(r$statistic)))
r <- ks.test(c(1, 2, 2, 3, 3), c(1, 2, 3, 3, 4, 5))
add("ks.test", "kolmogorov-smirnov", list(compared = list(control = c(1, 2, 2, 3, 3), treatment = c(1, 2, 3, 3, 4, 5)), method = "exact"), list(p = r$p.value, value = unname(r$statistic)))
# power.t.test, power.prop.test
for (q in list(list(20, 1, 0.05, "two.sided"), list(4, 2, 0.05, "one.sided"), list(2, 0.5, 0.001, "two.sided"), list(5, 3, 1e-6, "one.sided"))) {
  r <- power.t.test(n = q[[1]], delta = q[[2]], sig.level = q[[3]], alternative = q[[4]], strict = TRUE)
  add("power.t.test", "power", list(metric = list(kind = "mean", standardDeviation = 1, pooled = TRUE), effect = list(absolute = q[[2]]), units = 2 * q[[1]], level = 1 - q[[3]],
    alternative = if (q[[4]] == "one.sided") "greater" else "two-sided"), list(value = r$power), 1e-8)
}
for (a in c("two.sided", "one.sided")) add("power.t.test", "sample-size", list(metric = list(kind = "mean", standardDeviation = 1, pooled = TRUE), effect = list(absolute = 1), power = 0.9,
  alternative = if (a == "one.sided") "greater" else "two-sided"), list(value = 2 * ceiling(power.t.test(power = 0.9, delta = 1, alternative = a)$n)))
for (q in list(c(0.75, 0.9, 0.05), c(0.53, 0.8, 0.001))) add("power.prop.test", "sample-size", list(metric = list(kind = "proportion", rate = 0.5), effect = list(absolute = q[1] - 0.5), power = q[2],
  level = 1 - q[3]), list(value = 2 * ceiling(power.prop.test(p1 = 0.5, p2 = q[1], power = q[2], sig.level = q[3])$n)))
# sandwich: PublicSchools (Greene; Cribari-Neto 2004), Alaska's leverage; ChickWeight by chick
data(PublicSchools, package = "sandwich"); schools <- na.omit(PublicSchools); income <- schools$Income * 1e-4
fit <- lm(schools$Expenditure ~ income + I(income^2))
for (type in c("HC0", "HC1", "HC2", "HC3")) for (k in 1:3) add("vcovHC, PublicSchools", "ols-regression",
  list(outcome = numbers(schools$Expenditure), regressors = list(income = numbers(income), square = numbers(income^2)), coefficient = c("(intercept)", "income", "square")[k], standardErrors = type),
  list(value = unname(coef(fit)[k]), standardError = unname(sqrt(diag(vcovHC(fit, type = type)))[k])))
write(toJSON(list(madeWith = paste0("R ", getRversion(), ", exactRankTests ", packageVersion("exactRankTests"), ", coin ", packageVersion("coin"), ", sandwich ", packageVersion("sandwich")),
  cases = cases), auto_unbox = TRUE, digits = I(15)), "documented.json")
