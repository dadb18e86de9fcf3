# Random-effects meta-regression by metafor 3.8-1: Paule-Mandel, Knapp-Hartung with the factor not below 1 (test = "adhoc").
# Rscript meta-regression.R > meta-regression.json
# That version centres the results before it looks for the scatter, which a line through the origin must not do: there uniroot finds it.
suppressMessages(library(metafor))
control <- list(tol = 1e-15, maxiter = 10000)
cases <- list(
  list(name = "scatter", y = c(0.02, -0.01, 0.05, 0.01, 0.09), v = c(1e-4, 4e-4, 2e-4, 1e-4, 3e-4), x = c(0.01, 0, 0.04, -0.02, 0.06)),
  list(name = "no scatter", y = c(0.011, 0.001, 0.039, -0.021, 0.061), v = c(1e-4, 4e-4, 2e-4, 1e-4, 3e-4), x = c(0.01, 0, 0.04, -0.02, 0.06)),
  list(name = "large", y = c(3.1, -2.2, 0.4, 5.6, -1.9, 2.8, 4.4, -3.7), v = c(0.5, 0.2, 1.1, 0.9, 0.3, 0.6, 2.5, 0.4), x = c(2, -1, 0, 3, -2, 1, 5, -4))
)
fitted <- function(model) list(
  scatter = sqrt(model$tau2), values = as.numeric(model$beta), errors = as.numeric(model$se),
  lower = as.numeric(model$ci.lb), upper = as.numeric(model$ci.ub)
)
scatter_at_origin <- function(one) {
  excess <- function(t) {
    w <- 1 / (one$v + t)
    b <- sum(w * one$x * one$y) / sum(w * one$x^2)
    sum(w * (one$y - b * one$x)^2) - (length(one$y) - 1)
  }
  if (excess(0) <= 0) 0 else uniroot(excess, c(0, 100), tol = 1e-16)$root
}
out <- lapply(cases, function(one) {
  run <- function(...) suppressWarnings(fitted(rma(yi = one$y, vi = one$v, ..., method = "PM", test = "adhoc", control = control)))
  list(
    name = one$name, results = one$y, variances = one$v, forecasts = one$x,
    mean = run(), line = run(mods = cbind(one$x)), origin = run(mods = cbind(one$x), intercept = FALSE, tau2 = scatter_at_origin(one))
  )
})
cat(jsonlite::toJSON(out, digits = NA, auto_unbox = TRUE, pretty = TRUE), "\n")
