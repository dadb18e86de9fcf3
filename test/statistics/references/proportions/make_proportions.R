# Writes exact-binomial.json, fisher-exact.json and corrected.json beside this file: Rscript make_proportions.R
library(jsonlite)
write <- function(name, cases) {
  text <- toJSON(list(madeWith = unbox(R.version.string), cases = cases), digits = I(17), auto_unbox = TRUE, pretty = FALSE)
  writeLines(gsub("},", "},\n", text, fixed = TRUE), name)
}
set.seed(61)
cases <- list()
shapes <- list(c(0, 1), c(1, 1), c(0, 10), c(10, 10), c(1, 10), c(5, 10), c(3, 40), c(41, 1000), c(613, 2873), c(12, 100000), c(99990, 100000), c(499000, 1000000))
for (i in 1:28) { n <- sample(2:300, 1); shapes[[length(shapes) + 1]] <- c(sample(0:n, 1), n) }
for (shape in shapes) for (alternative in c("two.sided", "less", "greater")) {
  estimate <- (shape[1] + 0.5) / (shape[2] + 1)
  p0 <- min(0.97, max(0.001, signif(estimate * runif(1, 0.8, 1.25), 3)))
  level <- sample(c(0.8, 0.9, 0.95, 0.99), 1)
  r <- binom.test(shape[1], shape[2], p0, alternative, level)
  cases[[length(cases) + 1]] <- list(successes = shape[1], trials = shape[2], nullValue = p0, level = level,
    alternative = sub(".s", "-s", alternative, fixed = TRUE), pValue = r$p.value, lower = r$conf.int[1], upper = r$conf.int[2])
}
write("exact-binomial.json", cases)
cases <- list()
for (i in 1:60) {
  size <- sample(c(5, 12, 40, 200, 3000), 1)
  n <- sample(2:(size + 2), 2, TRUE)
  x <- c(sample(0:n[1], 1), sample(0:n[2], 1))
  if (i %% 4 == 0) x <- pmin(n, rbinom(2, n, 0.08))
  if (sum(x) == 0 || sum(x) == sum(n)) next
  ratio <- sample(c(1, 1, 0.5, 1.7), 1)
  for (alternative in c("two.sided", "less", "greater")) {
    r <- fisher.test(matrix(c(x[2], n[2] - x[2], x[1], n[1] - x[1]), 2), or = ratio, alternative = alternative)
    found <- list(control = list(successes = x[1], trials = n[1]), treatment = list(successes = x[2], trials = n[2]),
      nullRatio = ratio, alternative = sub(".s", "-s", alternative, fixed = TRUE), pValue = r$p.value)
    # An end that is missing is infinite, and so is an estimate.
    if (is.finite(r$estimate)) found$estimate <- unname(r$estimate)
    if (is.finite(r$conf.int[2])) found$upper <- r$conf.int[2]
    cases[[length(cases) + 1]] <- c(found, list(lower = r$conf.int[1]))
  }
}
write("fisher-exact.json", cases)
# prop.test of one, two and several samples and mcnemar.test, as they stand and without the correction.
cases <- list()
word <- c(two.sided = "two-sided", less = "less", greater = "greater")
arm <- function(x, n) list(successes = x, trials = n)
add <- function(kind, r, ...) if (is.finite(r$p.value)) {
  found <- list(kind = kind, ..., statistic = unname(r$statistic), pValue = r$p.value)
  if (length(r$conf.int) == 2) found <- c(found, list(lower = r$conf.int[1], upper = r$conf.int[2]))
  cases[[length(cases) + 1]] <<- found
}
ones <- list(c(0, 20, 0.5), c(20, 20, 0.5), c(1, 29, 0.1), c(15, 148, 0.1), c(50, 100, 0.5), c(30, 100, 0.3), c(83, 100, 0.75), c(682, 925, 0.75), c(41, 1000, 0.0412), c(1, 1, 0.5),
  c(40000, 100000, 0.401))
for (i in 1:12) { n <- sample(2:400, 1); x <- sample(0:n, 1); ones[[length(ones) + 1]] <- c(x, n, signif(min(0.95, max(0.02, (x + 0.5) / (n + 1) + rnorm(1) / sqrt(4 * n))), 3)) }
for (one in ones) for (alternative in names(word)) for (correct in c(TRUE, FALSE)) {
  level <- sample(c(0.8, 0.9, 0.95, 0.99), 1)
  r <- suppressWarnings(prop.test(one[1], one[2], one[3], alternative, level, correct))
  add("one", r, sample = arm(one[1], one[2]), nullValue = one[3], alternative = word[[alternative]], level = level, continuityCorrection = correct)
}
twos <- list(c(86, 93, 70, 82), c(83, 86, 129, 136), c(5, 10, 5, 10), c(11, 40, 10, 40), c(10, 40, 11, 40), c(0, 12, 5, 30), c(12, 12, 20, 30), c(0, 10, 9, 9), c(7, 34, 1, 34))
for (i in 1:15) { n <- sample(2:300, 2, TRUE); p <- runif(1); twos[[length(twos) + 1]] <- c(rbinom(1, n[1], p), n[1], rbinom(1, n[2], min(1, p * runif(1, 0.7, 1.4))), n[2]) }
for (two in twos) for (alternative in names(word)) for (correct in c(TRUE, FALSE)) {
  level <- sample(c(0.8, 0.9, 0.95, 0.99), 1)
  r <- suppressWarnings(prop.test(two[c(1, 3)], two[c(2, 4)], alternative = alternative, conf.level = level, correct = correct))
  add("two", r, treatment = arm(two[1], two[2]), control = arm(two[3], two[4]), alternative = word[[alternative]], level = level, continuityCorrection = correct)
}
for (i in 1:12) {
  k <- sample(2:6, 1); n <- sample(5:300, k, TRUE); x <- rbinom(k, n, runif(1, 0.1, 0.9))
  for (correct in c(TRUE, FALSE)) {
    r <- suppressWarnings(prop.test(x, n, correct = correct))
    r$conf.int <- NULL
    add("many", r, successes = x, trials = n, continuityCorrection = correct)
  }
}
pairs <- list(c(794, 86, 150, 570), c(59, 6, 16, 80), c(1, 1, 7, 12), c(3, 4, 4, 9), c(3, 4, 5, 9), c(0, 1, 0, 3))
for (i in 1:12) pairs[[length(pairs) + 1]] <- sample(0:sample(c(6, 40, 500), 1), 4, TRUE)
for (pair in pairs) for (correct in c(TRUE, FALSE))
  add("mcnemar", mcnemar.test(matrix(pair, 2), correct = correct), both = pair[1], onlySecond = pair[2], onlyFirst = pair[3], neither = pair[4], continuityCorrection = correct)
write("corrected.json", cases)
