# Writes counts.json beside this file. Rscript make_counts.R
library(jsonlite)
cases <- list()
put <- function(kind, parameters, k, mass, lower, upper) {
  cases[[length(cases) + 1]] <<- list(kind = kind, parameters = parameters, k = k, mass = mass, lower = lower, upper = upper)
}
for (row in list(c(1, 0.3), c(10, 0.5), c(17, 0.3), c(100, 0.01), c(1000, 0.999), c(1e6, 1e-5), c(1e9, 0.4), c(1e12, 1e-9), c(53, 0.73), c(4000, 0.02))) {
  n <- row[1]; p <- row[2]; sd <- sqrt(n * p * (1 - p))
  for (z in c(-20, -6, -2, -0.4, 0, 0.5, 1, 3, 7, 20)) {
    k <- round(n * p + z * sd)
    if (k < 0 || k > n) next
    put("binomial", c(n, p), k, dbinom(k, n, p), pbinom(k, n, p), pbinom(k, n, p, lower.tail = FALSE))
  }
}
for (mean in c(0.01, 0.7, 3.2, 25, 400, 1e5, 1e9, 1e14)) for (z in c(-10, -3, -0.5, 0, 1, 4, 15)) {
  k <- round(mean + z * sqrt(mean))
  if (k < 0) next
  put("poisson", mean, k, dpois(k, mean), ppois(k, mean), ppois(k, mean, lower.tail = FALSE))
}
for (row in list(c(10, 4, 3), c(1000, 40, 300), c(60, 30, 30), c(1e5, 500, 2000), c(1e7, 3e6, 1e5), c(200, 199, 3), c(5000, 2500, 4990))) {
  N <- row[1]; K <- row[2]; n <- row[3]
  sd <- sqrt(n * K / N * (1 - K / N) * (N - n) / (N - 1))
  for (z in c(-8, -3, -1, 0, 0.7, 2, 6)) {
    k <- round(n * K / N + z * sd)
    if (k < max(0, n + K - N) || k > min(n, K)) next
    put("hypergeometric", c(N, K, n), k, dhyper(k, K, N - K, n), phyper(k, K, N - K, n), phyper(k, K, N - K, n, lower.tail = FALSE))
  }
}
text <- vapply(cases, function(case) toJSON(case, auto_unbox = TRUE, digits = NA), "")
writeLines(c(sprintf('{"madeWith": "R %s", "cases": [', getRversion()), paste(text, collapse = ",\n"), "]}"), "counts.json")
