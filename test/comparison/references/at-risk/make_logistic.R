# Coefficients of logistic regressions, with and without a ridge on all but the intercept. Run: Rscript make_logistic.R > logistic.json
# The data are made by arithmetic, so that any language makes the same.
n <- 60
i <- 0:(n - 1)
x1 <- (i * 7) %% 11 / 10
x2 <- (i * 5) %% 13 - 6
x3 <- ifelse(i %% 4 == 0, 1, 0)
y <- ifelse((i * 17) %% 23 + 4 * x1 - x2 > 13, 1, 0)
X <- cbind(1, x1, x2, x3)
fit <- glm(y ~ x1 + x2 + x3, family = binomial, control = glm.control(epsilon = 1e-14, maxit = 100))
penalised <- function(lambda) {
  D <- diag(c(0, lambda, lambda, lambda))
  b <- rep(0, 4)
  for (k in 1:200) {
    p <- as.vector(plogis(X %*% b))
    step <- solve(t(X) %*% (X * (p * (1 - p))) + D, t(X) %*% (y - p) - D %*% b)
    b <- b + as.vector(step)
    if (max(abs(step)) < 1e-15) break
  }
  # Checked against a general optimiser, which shares nothing with Newton's steps.
  value <- function(b) { e <- as.vector(X %*% b); -sum(y * e - log1p(exp(e))) + lambda / 2 * sum(b[-1]^2) }
  other <- optim(rep(0, 4), value, method = "BFGS", control = list(reltol = 1e-15, maxit = 10000))
  stopifnot(max(abs(other$par - b)) < 1e-4)
  b
}
out <- function(b) paste0("[", paste(sprintf("%.15g", b), collapse = ", "), "]")
cat("{\n")
cat("  \"source\": \"", R.version.string, ", glm and make_logistic.R\",\n", sep = "")
cat("  \"none\": ", out(coef(fit)), ",\n", sep = "")
cat("  \"one\": ", out(penalised(1)), ",\n", sep = "")
cat("  \"ten\": ", out(penalised(10)), "\n}\n", sep = "")
