# Writes the reference numbers of R beside this file. Rscript make_means.R (packages jsonlite, exactRankTests); running the tests needs neither.
suppressPackageStartupMessages({ library(jsonlite); library(exactRankTests) })
set.seed(20260101)
made_with <- paste0("R ", getRversion(), ", exactRankTests ", packageVersion("exactRankTests"))
write_cases <- function(name, cases) {
  writeLines(toJSON(list(madeWith = made_with, cases = cases), auto_unbox = TRUE, digits = I(17), null = "null"), paste0(name, ".json"))
}
numbers <- function(x) I(as.numeric(x))
finite <- function(x) if (is.finite(x)) x else NULL
alternatives <- c("two.sided", "less", "greater")
words <- c(two.sided = "two-sided", less = "less", greater = "greater")

# Ordinary and hostile samples.
arms <- list(
  ordinary = list(round(rnorm(24, 10, 2), 3), round(rnorm(31, 11, 3), 3)),
  tiny = list(c(1.5, 2.25), c(3, 7.5)),
  unequal = list(round(rnorm(4, 5, 1), 2), round(rnorm(60, 5.5, 6), 2)),
  heavy = list(round(rlnorm(40, 1, 1.6), 3), round(rlnorm(38, 1.2, 1.6), 3)),
  counts = list(rpois(35, 0.6), rpois(42, 0.9)),
  binary = list(rep(0:1, c(30, 4)), rep(0:1, c(25, 9))),
  far = list(1e9 + round(rnorm(15), 2), 1e9 + round(rnorm(15, 0.5), 2)),
  minute = list(signif(rnorm(12, 3, 1) * 1e-12, 6), signif(rnorm(13, 4, 1) * 1e-12, 6)),
  huge = list(signif(rnorm(12, 3, 1) * 1e15, 6), signif(rnorm(13, 4, 1) * 1e15, 6)),
  apart = list(round(rnorm(20, 0, 1), 3), round(rnorm(20, 25, 1), 3)),
  negative = list(round(rnorm(18, -4, 2), 2), round(rnorm(17, -3, 2), 2)),
  one_flat = list(rep(3, 8), c(3.5, 4, 2.25, 5, 6, 3.75))
)

two_means <- list()
for (name in names(arms)) {
  c <- arms[[name]][[1]]; t <- arms[[name]][[2]]
  results <- list()
  scale <- sd(t)
  for (pooled in c(FALSE, TRUE)) for (alt in alternatives) for (level in c(0.8, 0.95, 0.99)) {
    mu <- if (level == 0.99) signif(0.3 * scale, 3) else 0
    r <- t.test(t, c, alternative = alt, mu = mu, var.equal = pooled, conf.level = level)
    results[[length(results) + 1]] <- list(pooled = pooled, alternative = words[[alt]], level = level, nullValue = mu,
      statistic = r$statistic[[1]], df = r$parameter[[1]], p = r$p.value, lower = finite(r$conf.int[1]), upper = finite(r$conf.int[2]), standardError = r$stderr)
  }
  two_means[[length(two_means) + 1]] <- list(name = name, control = numbers(c), treatment = numbers(t), results = results)
}
write_cases("two-means", two_means)

pairs <- list(
  ordinary = list(round(rnorm(16, 10, 2), 2)), far = list(1e6 + round(rnorm(9, 0, 2), 2)), ties = list(rpois(40, 3)),
  two = list(c(4, 9)), correlated = list(round(rlnorm(25, 2, 1), 2)))
paired <- list()
signed <- list()
for (name in names(pairs)) {
  c <- pairs[[name]][[1]]
  t <- if (name == "ties") c + sample(-2:3, 40, TRUE) else if (name == "two") c(5, 12) else c + round(rnorm(length(c), 0.7, 1), 3)
  results <- list(); ranks <- list()
  for (alt in alternatives) for (level in c(0.8, 0.95)) for (mu in c(0, 0.4)) {
    r <- t.test(t, c, alternative = alt, mu = mu, paired = TRUE, conf.level = level)
    results[[length(results) + 1]] <- list(alternative = words[[alt]], level = level, nullValue = mu, statistic = r$statistic[[1]], df = r$parameter[[1]],
      p = r$p.value, lower = finite(r$conf.int[1]), upper = finite(r$conf.int[2]))
    d <- t - c - mu
    d <- d[d != 0]
    tied <- any(duplicated(abs(d))) || length(d) < length(c)
    for (correct in c(TRUE, FALSE)) for (exact in if (tied) FALSE else c(TRUE, FALSE)) {
      w <- suppressWarnings(wilcox.test(t - c - mu, alternative = alt, exact = exact, correct = correct, conf.level = level, conf.int = exact && mu == 0))
      ends <- if (exact && mu == 0) w$conf.int else c(NA, NA)
      ranks[[length(ranks) + 1]] <- list(alternative = words[[alt]], level = level, nullValue = mu, method = if (exact) "exact" else "normal", correct = correct,
        v = w$statistic[[1]], p = w$p.value, lower = finite(ends[1]), upper = finite(ends[2]), estimate = if (exact && mu == 0) w$estimate[[1]] else NULL)
    }
  }
  paired[[length(paired) + 1]] <- list(name = name, control = numbers(c), treatment = numbers(t), results = results)
  signed[[length(signed) + 1]] <- list(name = name, control = numbers(c), treatment = numbers(t), results = ranks)
}
write_cases("paired", paired)
write_cases("signed-rank", signed)

mann <- list()
for (name in names(arms)) {
  c <- arms[[name]][[1]]; t <- arms[[name]][[2]]
  results <- list()
  tied <- any(duplicated(c(c, t)))
  for (alt in alternatives) for (level in c(0.8, 0.95)) for (correct in c(TRUE, FALSE)) for (exact in if (tied) FALSE else c(TRUE, FALSE)) {
    if (exact && !correct) next
    w <- suppressWarnings(wilcox.test(t, c, alternative = alt, exact = exact, correct = correct, conf.level = level, conf.int = exact))
    ends <- if (exact) w$conf.int else c(NA, NA)
    results[[length(results) + 1]] <- list(alternative = words[[alt]], level = level, method = if (exact) "exact" else "normal", correct = correct,
      u = w$statistic[[1]], p = w$p.value, lower = finite(ends[1]), upper = finite(ends[2]), estimate = if (exact) w$estimate[[1]] else NULL)
  }
  mann[[length(mann) + 1]] <- list(name = name, control = numbers(c), treatment = numbers(t), results = results)
}
write_cases("mann-whitney", mann)

ties <- list()
for (k in 1:12) {
  c <- rpois(3 + k, 1 + k / 5); t <- rpois(14 - k %% 6, 1.5 + k / 5)
  one <- function(alt) wilcox.exact(t, c, alternative = alt, exact = TRUE)$p.value
  ties[[k]] <- list(control = numbers(c), treatment = numbers(t), less = one("less"), greater = one("greater"))
}
write_cases("mann-whitney-ties", ties)

quantiles <- list()
for (name in names(arms)) for (share in c(0.05, 0.25, 0.5, 0.9)) {
  x <- sort(arms[[name]][[2]]); n <- length(x)
  results <- list()
  for (level in c(0.55, 0.9, 0.95)) {
    tail <- (1 - level) / 2
    l <- qbinom(tail, n, share); u <- qbinom(tail, n, share, lower.tail = FALSE) + 1
    null <- x[ceiling(n / 3)] - 0.01 * sd(x)
    p_low <- pbinom(sum(x <= null), n, share); p_high <- pbinom(sum(x < null) - 1, n, share, lower.tail = FALSE)
    results[[length(results) + 1]] <- list(level = level, lowerRank = l, upperRank = u, lower = if (l >= 1) x[l] else NULL, upper = if (u <= n) x[u] else NULL,
      coverage = pbinom(u - 1, n, share) - pbinom(l - 1, n, share), nullValue = null, p = min(1, 2 * min(p_low, p_high)))
  }
  quantiles[[length(quantiles) + 1]] <- list(name = name, values = numbers(x), share = share, quantile = quantile(x, share, type = 7)[[1]], results = results)
}
write_cases("quantiles", quantiles)

# oneway.test, with one variance for all and with a variance each.
set.seed(20261127)
anova <- list()
sets <- list(split(InsectSprays$count, InsectSprays$spray), split(PlantGrowth$weight, PlantGrowth$group), split(chickwts$weight, chickwts$feed), split(sleep$extra, sleep$group),
  list(round(rnorm(4, 5, 1), 2), round(rnorm(40, 5.5, 6), 2), round(rnorm(15, 6, 0.2), 2)), list(c(1.5, 2.25), c(3, 7.5), c(2, 2.5)),
  lapply(1:7, function(i) round(1e6 + rnorm(5 + 3 * i, i / 3, i), 3)), list(round(rnorm(30, 0, 1), 3), round(rnorm(30, 40, 2), 3)), lapply(1:3, function(i) signif(rnorm(12, 3, 1) * 1e-12, 6)))
for (groups in sets) {
  y <- unlist(groups); g <- factor(rep(seq_along(groups), lengths(groups)))
  case <- list(groups = lapply(unname(groups), numbers), summaries = lapply(unname(groups), function(x) list(n = length(x), mean = mean(x), variance = var(x))))
  for (equal in c(TRUE, FALSE)) {
    r <- oneway.test(y ~ g, var.equal = equal)
    case[[if (equal) "equal" else "welch"]] <- list(statistic = r$statistic[[1]], degrees = I(unname(r$parameter)), p = r$p.value)
  }
  anova[[length(anova) + 1]] <- case
}
write_cases("anova", anova)
