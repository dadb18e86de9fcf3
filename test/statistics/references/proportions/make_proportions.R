# Writes exact-binomial.json and fisher-exact.json beside this file: Rscript make_proportions.R
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
    cases[[length(cases) + 1]] <- list(control = list(successes = x[1], trials = n[1]), treatment = list(successes = x[2], trials = n[2]),
      nullRatio = ratio, alternative = sub(".s", "-s", alternative, fixed = TRUE), pValue = r$p.value)
  }
}
write("fisher-exact.json", cases)
