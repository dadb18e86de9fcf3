# Writes adjusted.json and dunnett-mvtnorm.json beside this file: Rscript make_multiplicity.R
library(jsonlite)
library(mvtnorm)
write <- function(name, with, cases) {
  text <- toJSON(list(madeWith = unbox(with), cases = cases), digits = I(17), auto_unbox = TRUE)
  writeLines(gsub("},", "},\n", text, fixed = TRUE), name)
}
set.seed(63)
cases <- list()
families <- list(0.03, c(0, 0), c(1, 1, 1), c(0.05, 0.05), c(0, 1, 0.5), c(1e-300, 1e-10, 0.04), rep(0.02, 7))
for (i in 1:33) {
  m <- sample(c(2:12, 40), 1)
  p <- signif(runif(m)^sample(1:4, 1), 6)
  if (i %% 5 == 0) p <- c(p, p[1])
  families[[length(families) + 1]] <- p
}
for (p in families) {
  cases[[length(cases) + 1]] <- list(pValues = I(p), bonferroni = I(p.adjust(p, "bonferroni")), holm = I(p.adjust(p, "holm")), hochberg = I(p.adjust(p, "hochberg")),
    `benjamini-hochberg` = I(p.adjust(p, "BH")), `benjamini-yekutieli` = I(p.adjust(p, "BY")))
}
write("adjusted.json", R.version.string, cases)
# One-sided trivariate and bivariate t by Genz's TVPACK, which is exact to 1e-14.
cases <- list()
for (i in 1:40) {
  k <- sample(2:3, 1)
  n <- sample(3:80, k + 1, TRUE)
  loadings <- sqrt(n[-1] / (n[-1] + n[1]))
  correlation <- outer(loadings, loadings)
  diag(correlation) <- 1
  df <- sample(c(2, 5, 20, 200), 1)
  t <- signif(runif(1, -0.5, 4), 5)
  p <- pmvt(upper = rep(t, k), corr = correlation, df = df, algorithm = TVPACK(abseps = 1e-14))
  cases[[length(cases) + 1]] <- list(loadings = I(loadings), degreesOfFreedom = df, t = t, survival = 1 - as.numeric(p))
}
write("dunnett-mvtnorm.json", paste(R.version.string, "mvtnorm", packageVersion("mvtnorm")), cases)
