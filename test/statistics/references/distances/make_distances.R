# Writes kolmogorov-smirnov-r.json beside this file: R's exact test with ties, and its limits.
# `counted`: paths counted with integer comparisons; R's own exact test rounds i/n - j/m and may take a tie for none.
# Rscript make_distances.R
counted <- function(x, y, alternative) {
  n <- length(x); m <- length(y); pooled <- sort(c(x, y)); at <- unique(pooled)
  gap <- function(i, j) switch(alternative, two.sided = abs(i * m - j * n), greater = i * m - j * n, less = j * n - i * m)
  d <- max(0, sapply(at, function(t) gap(sum(x <= t), sum(y <= t))))
  if (d == 0) return(1)
  ends <- cumsum(table(pooled))
  inside <- matrix(0, n + 1, m + 1)
  for (i in 0:n) for (j in 0:m) {
    paths <- if (i + j == 0) 1 else (if (i > 0) inside[i, j + 1] else 0) + (if (j > 0) inside[i + 1, j] else 0)
    inside[i + 1, j + 1] <- if ((i + j) %in% ends && gap(i, j) >= d) 0 else paths
  }
  1 - inside[n + 1, m + 1] / choose(n + m, n)
}
library(jsonlite); set.seed(4)
cases <- list()
for (sizes in list(c(6, 9), c(20, 15), c(40, 60))) for (digits in c(0, 1, 6)) for (alternative in c("two.sided", "less", "greater")) {
  x <- round(rnorm(sizes[1]), digits); y <- round(rnorm(sizes[2]) + 0.6, digits)
  exact <- suppressWarnings(ks.test(x, y, alternative = alternative, exact = TRUE))
  limit <- suppressWarnings(ks.test(x, y, alternative = alternative, exact = FALSE))
  # R's "greater": the first distribution function lies above, which is that treatment values are larger.
  cases[[length(cases) + 1]] <- list(control = x, treatment = y, alternative = sub(".", "-", alternative, fixed = TRUE), statistic = unname(exact$statistic), exact = exact$p.value, limit = limit$p.value, counted = counted(x, y, alternative))
}
write(toJSON(list(madeWith = unbox(paste("R", getRversion())), cases = cases), digits = NA, auto_unbox = TRUE), "kolmogorov-smirnov-r.json")
