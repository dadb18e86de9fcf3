# Bootstrap intervals by R's boot, and permutation p-values by coin. Run in this folder: Rscript make_resampling.R
# Resamples come from a small generator that the tests repeat, so that replicates need not be kept.
suppressPackageStartupMessages({library(boot); library(coin); library(jsonlite)})
options(warn = -1)
lcg <- function(seed) { s <- seed; function(n) { s <<- (s * 16807) %% 2147483647; s %% n } }
draws <- function(next_, n) vapply(1:n, function(i) next_(n) + 1, 0)
write_cases <- function(name, cases, with) write(toJSON(list(madeWith = with, cases = cases), auto_unbox = TRUE, digits = I(17)), name)
three <- function(t0, t, v0, v, jack, level) {
  b <- boot(seq_along(jack), function(d, i) c(mean(d[i]), 1), R = length(t)); b$t <- cbind(t, v); b$t0 <- c(t0, v0)
  L <- mean(jack) - jack
  p <- boot.ci(b, conf = level, type = "perc")$percent[4:5]
  # boot counts replicates below the value, without half the ties: only where there is no tie.
  a <- if (any(t == t0)) NULL else boot.ci(b, conf = level, type = "bca", L = L)$bca[4:5]
  s <- boot.ci(b, conf = level, type = "stud")$student[4:5]
  list(observed = t0, percentile = p, bca = a, studentised = s)
}
mj <- function(x, p) { n <- length(x); x <- sort(x)
  w <- diff(pbeta((0:n) / n, 1 + (n - 1) * p, 1 + (n - 1) * (1 - p))); m <- sum(w * x); sum(w * (x - m)^2) }
rt <- function(s, k) { n <- length(s); r <- sum(s) / sum(k); c(r, n / (n - 1) * sum((s - r * k)^2) / sum(k)^2) }
one <- function(f, n, next_, R) { t <- numeric(R); v <- numeric(R); for (r in 1:R) { o <- f(draws(next_, n)); t[r] <- o[1]; v[r] <- o[2] }; list(t, v) }
set.seed(20); cases <- list(); k <- 0
make <- list(normal = function(n) round(rnorm(n, 50, 9), 3), lognormal = function(n) round(exp(rnorm(n, 2, 1.2)), 3),
             far = function(n) round(1e6 + rexp(n, 3), 4), small = function(n) signif(rnorm(n) * 1e-9, 6))
for (kind in names(make)) for (n in c(13, 24)) for (R in c(999, 640)) for (level in c(0.8, 0.95)) {
  k <- k + 1; x <- make[[kind]](n)
  fs <- list(mean = function(i) c(mean(x[i]), var(x[i]) / n), total = function(i) c(n * mean(x[i]), n * var(x[i])),
             quantile = function(i) c(quantile(x[i], 0.3, names = FALSE), mj(x[i], 0.3)))
  for (s in names(fs)) {
    if (s == "quantile" && kind %in% c("far")) next
    f <- fs[[s]]; o <- f(1:n); d <- one(f, n, lcg(100 + k), R)
    jack <- vapply(1:n, function(i) switch(s, mean = mean(x[-i]), total = n * mean(x[-i]), quantile = quantile(x[-i], 0.3, names = FALSE)), 0)
    cases[[length(cases) + 1]] <- c(list(statistic = s, values = sort(x), share = 0.3, seed = 100 + k, replicates = R, level = level),
      { x <- sort(x); three(f(1:n)[1], { d <- one(f, n, lcg(100 + k), R); d[[1]] }, f(1:n)[2], d[[2]], jack, level) })
  }
}
for (n in c(12, 15)) for (R in c(499, 999)) for (level in c(0.9, 0.99)) { # entities with several values, ordered by size
  k <- k + 1; sizes <- 1:n; lists <- lapply(sizes, function(z) round(exp(rnorm(z, 1 + rnorm(1), 0.7)), 3))
  s <- vapply(lists, sum, 0)
  f <- function(i) rt(s[i], sizes[i]); o <- f(1:n); d <- one(f, n, lcg(100 + k), R)
  jack <- vapply(1:n, function(i) rt(s[-i], sizes[-i])[1], 0)
  cases[[length(cases) + 1]] <- c(list(statistic = "mean", values = unlist(lists), clusters = rep(sizes, sizes), seed = 100 + k, replicates = R, level = level),
    three(o[1], d[[1]], o[2], d[[2]], jack, level))
}
write_cases("boot-r.json", cases, paste("R", getRversion(), "boot", packageVersion("boot")))
cat(length(cases), "boot cases\n")

given <- fromJSON("poisson-sums.json", simplifyDataFrame = FALSE)$cases
ratio <- lapply(given, function(g) { x <- g$numerators; y <- g$denominators; n <- length(x); z <- g$sums; r <- z$x / z$y
  v <- n / (n - 1) * (z$xx - 2 * r * z$xy + r^2 * z$yy) / z$y^2; o <- rt(x, y)
  jack <- vapply(1:n, function(i) rt(x[-i], y[-i])[1], 0)
  c(g[c("numerators", "denominators", "seed", "replicates", "level")], three(o[1], r, o[2], v, jack, g$level)) })
write_cases("boot-poisson-r.json", ratio, paste("R", getRversion(), "boot", packageVersion("boot")))

perm <- list()
for (m in 3:7) for (n in c(4, 6)) for (kind in c("integers", "reals")) {
  x <- if (kind == "integers") rpois(m, 4) else round(rnorm(m, 10, 3), 3)
  y <- if (kind == "integers") rpois(n, 6) else round(rnorm(n, 12, 3), 3)
  if (length(unique(c(x, y))) < 3) next
  g <- factor(c(rep("c", m), rep("t", n)), levels = c("t", "c"))
  p <- function(a) as.numeric(pvalue(oneway_test(c(x, y) ~ g, distribution = exact(algorithm = "split-up"), alternative = a)))
  perm[[length(perm) + 1]] <- list(control = x, treatment = y, greater = p("greater"), less = p("less"))
}
write_cases("permutation-coin.json", perm, paste("R", getRversion(), "coin", packageVersion("coin")))
cat(length(perm), "coin cases\n")
