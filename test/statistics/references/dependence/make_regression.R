# Writes regression.json: coefficients, standard errors (classical, HC0-HC3, CR0-CR3) and degrees of freedom of regressions on seeded data,
# ordinary and hostile. Run: Rscript make_regression.R
suppressMessages({library(sandwich); library(lmtest); library(clubSandwich); library(jsonlite)})
set.seed(6)
cases <- list()
add <- function(name, y, x, cluster = NULL, intercept = TRUE) {
  frame <- as.data.frame(x)
  frame$y <- y
  model <- lm(if (intercept) y ~ . else y ~ . - 1, data = frame)
  errors <- list(classical = sqrt(diag(vcov(model))))
  for (type in c("HC0", "HC1", "HC2", "HC3")) errors[[type]] <- sqrt(diag(vcovHC(model, type = type)))
  out <- list(name = name, intercept = intercept, y = y, x = x, coefficients = coef(model), errors = errors)
  hc2 <- coeftest(model, vcov. = vcovHC(model, type = "HC2"))
  out$hc2 <- list(df = df.residual(model), p = hc2[, 4], interval = unname(apply(coefci(model, level = 0.9, vcov. = vcovHC(model, type = "HC2")), 1, identity, simplify = FALSE)))
  if (!is.null(cluster)) {
    out$clusters <- cluster
    out$degrees <- list()
    for (type in c("CR0", "CR1", "CR1S", "CR2", "CR3")) {
      # CR3 does not exist where a cluster fits a direction by itself.
      v <- tryCatch(vcovCR(model, cluster = cluster, type = type), error = function(e) NULL)
      if (is.null(v)) next
      t <- coef_test(model, vcov = v, cluster = cluster, test = "Satterthwaite")
      out$errors[[type]] <- t$SE
      out$degrees[[type]] <- if (!is.null(t$df_Satt)) t$df_Satt else t$df
      if (type == "CR2") out$cr2 <- list(p = t$p_Satt, interval = lapply(seq_along(coef(model)), function(j) { h <- qt(0.95, t$df_Satt[j]) * t$SE[j]; unname(coef(model)[j] + c(-h, h)) }))
    }
    check <- sqrt(diag(vcovCL(model, cluster = cluster, type = "HC1", cadjust = TRUE)))
    stopifnot(max(abs(check / out$errors$CR1S - 1)) < 1e-6)
  }
  for (part in names(out$errors)) out$errors[[part]] <- unname(out$errors[[part]])
  out$coefficients <- unname(out$coefficients)
  out$hc2$p <- unname(out$hc2$p)
  cases[[length(cases) + 1]] <<- out
}
for (n in c(5, 8, 20, 40)) {
  x <- list(a = round(rnorm(n), 3), b = round(rexp(n), 3))
  add(paste("two regressors", n), round(1 + x$a + rnorm(n) * (1 + x$b), 3), x)
  add(paste("no intercept", n), round(1 + x$a + rnorm(n), 3), x, intercept = FALSE)
  arm <- list(treatment = rep(c(0, 1), length.out = n))
  add(paste("arm only", n), round(rnorm(n) * (1 + arm$treatment), 3), arm)
}
for (g in c(4, 6, 10, 20)) for (kind in c("equal", "unequal", "one huge")) {
  sizes <- switch(kind, equal = rep(4, g), unequal = 1 + rpois(g, 3), `one huge` = c(30, rep(2, g - 1)))
  cluster <- rep(seq_len(g), sizes)
  n <- length(cluster)
  shock <- rnorm(g)[cluster]
  arm <- as.numeric(cluster %% 2 == 0)
  z <- round(rnorm(n), 3)
  y <- round(shock + rnorm(n) + 0.3 * arm + z, 3)
  add(paste("clusters, arm", g, kind), y, list(treatment = arm), cluster)
  add(paste("clusters, arm and covariate", g, kind), y, list(treatment = arm, z = z), cluster)
  add(paste("clusters, heavy tails", g, kind), round(y + rt(n, 1.5) * 10, 3), list(z = z, w = round(rexp(n), 3)), cluster)
}
n <- 24
cluster <- rep(1:6, each = 4)
add("two treated clusters", round(rnorm(n) + 100, 3), list(treatment = as.numeric(cluster > 4)), cluster)
add("large offset", round(rnorm(n) + 1e4, 3), list(z = round(rnorm(n) + 100, 3)), cluster)
add("mtcars", mtcars$mpg, as.list(mtcars[, c("wt", "hp", "am")]), mtcars$carb * 10 + mtcars$cyl)
add("chick weights", ChickWeight$weight[1:200], list(time = ChickWeight$Time[1:200]), as.numeric(as.character(ChickWeight$Chick[1:200])))
versions <- paste0("R ", getRversion(), ", sandwich ", packageVersion("sandwich"), ", lmtest ", packageVersion("lmtest"), ", clubSandwich ", packageVersion("clubSandwich"))
lines <- vapply(cases, function(case) as.character(toJSON(case, auto_unbox = TRUE, digits = I(17))), "")
writeLines(c(paste0("{\"madeWith\": \"", versions, "\", \"cases\": ["), paste(lines, collapse = ",\n"), "]}"), "regression.json")
