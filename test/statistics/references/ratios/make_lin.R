# Writes the interacted regression's adjusted difference with HC2 standard errors beside this file. Rscript make_lin.R (packages jsonlite, sandwich); running the tests needs neither.
suppressPackageStartupMessages({ library(jsonlite); library(sandwich) })
set.seed(20260104)
cases <- list()
for (size in c(7, 15, 40, 90)) for (k in 1:3) {
  if (size < 2 * k + 3) next
  n <- size + c(0, 4)
  arm <- rep(0:1, n)
  x <- matrix(round(rgamma(sum(n) * k, 2, 0.5), 3), ncol = k)
  y <- round(5 + x %*% c(0.9, -0.5, 0.3)[1:k] + arm * (0.6 + 0.4 * x[, 1]) + rnorm(sum(n), 0, 1 + arm), 3)
  centred <- scale(x, scale = FALSE)
  fit <- lm(y ~ arm * centred)
  v <- vcovHC(fit, type = "HC2")
  rows <- function(a) list(outcome = list(numerators = I(y[arm == a])), covariates = lapply(1:k, function(j) list(numerators = I(x[arm == a, j]))))
  cases[[length(cases) + 1]] <- list(control = rows(0), treatment = rows(1), difference = coef(fit)[["arm"]], standardError = sqrt(v["arm", "arm"]),
    controlValue = coef(fit)[["(Intercept)"]], controlError = sqrt(v["(Intercept)", "(Intercept)"]))
}
writeLines(toJSON(list(madeWith = paste0("R ", getRversion(), ", sandwich ", packageVersion("sandwich")), cases = cases), auto_unbox = TRUE, digits = I(17)), "lin.json")
