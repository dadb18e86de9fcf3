# Writes pooling.json beside this file: metafor's random-effects models and best linear unbiased predictions.
# Rscript make_bayesian.R
suppressMessages(library(metafor)); library(jsonlite)
sets <- list(
  list(y = c(28, 8, -3, 7, -1, 1, 18, 12), s = c(15, 10, 16, 11, 9, 11, 10, 18)),
  list(y = c(0.1, 0.3, 0.2, 0.9), s = c(0.1, 0.2, 0.1, 0.15)),
  list(y = c(5, 5.2, 4.9), s = c(1, 1, 1)),
  list(y = c(1000, 1100, 900, 1400, 1250, 700), s = c(50, 80, 60, 90, 120, 40)),
  list(y = c(-2e-5, 3e-5), s = c(1e-5, 2e-5)),
  list(y = sin(1:40), s = 0.1 + 0.05 * (1:40 %% 7)),
  list(y = log(dat.bcg$tpos / dat.bcg$tneg * dat.bcg$cneg / dat.bcg$cpos), s = sqrt(1 / dat.bcg$tpos + 1 / dat.bcg$tneg + 1 / dat.bcg$cpos + 1 / dat.bcg$cneg)))
cases <- list()
for (set in sets) for (method in c("DL", "REML")) for (level in c(95, 80)) {
  fit <- rma(set$y, sei = set$s, method = method, level = level, control = list(threshold = 1e-14, maxiter = 2000))
  shrunk <- blup(fit, level = level)
  cases[[length(cases) + 1]] <- list(estimates = set$y, standardErrors = set$s, method = if (method == "DL") "dersimonian-laird" else "reml", level = level / 100,
    tau2 = fit$tau2, mean = as.vector(fit$beta), se = fit$se, lower = fit$ci.lb, upper = fit$ci.ub, p = fit$pval, Q = fit$QE, Qp = fit$QEp,
    shrunken = shrunk$pred, shrunkenLower = shrunk$pi.lb, shrunkenUpper = shrunk$pi.ub)
}
write(toJSON(list(madeWith = unbox(paste("metafor", packageVersion("metafor"), "R", getRversion())), cases = cases), digits = NA, auto_unbox = TRUE), "pooling.json")
