# Writes cluster-sums.json: differences of two arms of few clusters with CR2 standard errors and Satterthwaite degrees of freedom by clubSandwich.
# Means: from the units' rows. Ratios: from one row a cluster, weighted by its denominator, whose variance goes with it. Covariates: an analysis of
# covariance of clusters of one size, HC2 (CR2 of clusters of one row). Covariates of clusters of any size, which no package has: the definition with dense matrices, the
# weights of the difference and the residuals read off one cluster at a time. Run: Rscript make_cluster_sums.R
suppressMessages({library(clubSandwich); library(jsonlite)})
set.seed(11)
cases <- list()
told <- function(model, cluster, inverse_var = FALSE) {
  t <- coef_test(model, vcov = vcovCR(model, cluster = cluster, type = "CR2", inverse_var = inverse_var), test = "Satterthwaite")
  i <- which(names(coef(model)) == "arm")
  list(value = unname(coef(model)[i]), standardError = t$SE[i], degreesOfFreedom = t$df_Satt[i], p = t$p_Satt[i])
}
sums <- function(x, cluster) unname(as.numeric(rowsum(x, cluster, reorder = FALSE)))
for (counts in list(c(2, 2), c(6, 6), c(3, 9), c(10, 10), c(20, 7), c(40, 40))) {
  for (shape in c("equal", "unequal", "one large")) {
    n <- sum(counts)
    sizes <- switch(shape, equal = rep(5, n), unequal = 1 + rpois(n, exp(seq(0, 3, length.out = n))), "one large" = c(5 * n, rep(5, n - 1)))
    cluster <- rep(seq_len(n), sizes)
    arm <- as.integer(seq_len(n) > counts[1])[cluster]
    y <- round(rnorm(n)[cluster] + rnorm(sum(sizes)) * (1 + arm), 3)
    side <- function(numerators, denominators, which) list(outcome = list(numerators = numerators[which], denominators = denominators[which]))
    of <- list(control = seq_len(counts[1]), treatment = counts[1] + seq_len(counts[2]))
    add <- function(name, numerators, denominators, found) cases[[length(cases) + 1]] <<- list(
      name = paste(name, shape, counts[1], "and", counts[2]), arms = lapply(of, function(which) side(numerators, denominators, which)), found = found)
    add("mean", sums(y, cluster), sizes, told(lm(y ~ arm), cluster))
    denominators <- round(sizes * runif(n, 0.5, 1.5), 2)
    numerators <- round(denominators * (0.3 + 0.1 * rnorm(n)), 3)
    rows <- data.frame(ratio = numerators / denominators, arm = as.integer(seq_len(n) > counts[1]), w = denominators)
    add("ratio", numerators, denominators, told(lm(ratio ~ arm, data = rows, weights = w), seq_len(n), inverse_var = TRUE))
    if (shape == "equal" && n > 4) {
      x <- round(rnorm(n), 3)
      z <- round(rnorm(n), 3)
      own <- round(x + 0.5 * rnorm(n), 3)
      dummy <- as.integer(seq_len(n) > counts[1])
      side <- function(numerators, denominators, which) list(
        outcome = list(numerators = numerators[which], denominators = denominators[which]),
        covariates = list(list(numerators = 5 * x[which], denominators = sizes[which]), list(numerators = 5 * z[which], denominators = sizes[which])))
      add("covariates", 5 * own, sizes, told(lm(own ~ arm + x + z, data = data.frame(own, arm = dummy, x, z)), seq_len(n)))
    }
  }
}
dense <- function(N, D, X, XD, arm) {
  n <- length(N)
  ratio <- function(a, b) sapply(0:1, function(k) sum(a[arm == k]) / sum(b[arm == k]))
  scale <- (tabulate(arm + 1) / sapply(0:1, function(k) sum(D[arm == k])))[arm + 1]
  linear <- function(a, b) (a - ratio(a, b)[arm + 1] * b) * (tabulate(arm + 1) / sapply(0:1, function(k) sum(b[arm == k])))[arm + 1]
  shares <- sapply(seq_len(ncol(X)), function(j) linear(X[, j], XD[, j]))
  apart <- sapply(seq_len(ncol(X)), function(j) diff(ratio(X[, j], XD[, j])))
  fit <- function(N) {
    theta <- solve(crossprod(shares), crossprod(shares, linear(N, D)))
    list(difference = diff(ratio(N, D)) - sum(theta * apart), residuals = N - ratio(N, D)[arm + 1] * D - as.vector(shares %*% theta) / scale)
  }
  one <- diag(n)
  weights <- sapply(seq_len(n), function(g) fit(one[, g])$difference)
  left <- sapply(seq_len(n), function(g) fit(one[, g])$residuals)
  W <- left %*% diag(D) %*% t(left)
  inflation <- D / diag(W)
  found <- fit(N)
  se <- sqrt(sum(inflation * weights^2 * found$residuals^2))
  P <- diag(sqrt(inflation) * weights) %*% W %*% diag(sqrt(inflation) * weights)
  df <- sum(diag(P))^2 / sum(P * P)
  list(value = found$difference, standardError = se, degreesOfFreedom = df, p = 2 * pt(-abs(found$difference / se), df))
}
for (counts in list(c(6, 5), c(12, 12), c(30, 9))) {
  n <- sum(counts)
  arm <- as.integer(seq_len(n) > counts[1])
  D <- 2 + rpois(n, exp(seq(0, 3, length.out = n)))
  XD <- cbind(D, D + rpois(n, 2))
  X <- round(XD * cbind(rnorm(n), 0.4 + 0.1 * rnorm(n)), 3)
  N <- round(X[, 1] + D * rnorm(n), 3)
  side <- function(which) list(
    outcome = list(numerators = N[which], denominators = D[which]),
    covariates = lapply(1:2, function(j) list(numerators = X[which, j], denominators = XD[which, j])))
  cases[[length(cases) + 1]] <- list(name = paste("covariates of unequal clusters", counts[1], "and", counts[2]),
    arms = list(control = side(arm == 0), treatment = side(arm == 1)), found = dense(N, D, X, XD, arm))
}
writeLines(toJSON(list(made_by = paste("make_cluster_sums.R,", R.version.string, "clubSandwich", packageVersion("clubSandwich")), cases = cases), digits = NA, auto_unbox = TRUE), "cluster-sums.json")
