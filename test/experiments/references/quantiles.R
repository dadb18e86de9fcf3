# Quantiles of orders that sellers share: R 4.2.2, sandwich 3.0-2, quantreg 5.94. Rscript quantiles.R writes quantile-units.csv and quantiles.json.
# Values by quantile(type = 7); the error of the share at or below them by vcovCL (HC0 with its n / (n - 1) for clusters) or as independent; and, by another
# road altogether, the difference of the arms by quantile regression with the errors of rq: "nid" of independent orders, a bootstrap of sellers of clustered ones.
suppressMessages({ library(sandwich); library(quantreg) })
set.seed(20250303)
sellers <- 120
size <- sample(3:12, sellers, replace = TRUE)
arm <- rep(c("control", "fast"), length.out = sellers)
own <- rnorm(sellers, sd = 0.5)
seller <- rep(seq_len(sellers), size)
hours <- round(exp(3.2 + own[seller] + rnorm(length(seller), sd = 0.4) - ifelse(arm[seller] == "fast", 0.15, 0)), 4)
units <- data.frame(order = sprintf("O%04d", seq_along(seller)), seller = sprintf("S%03d", seller), arm = arm[seller], region = c("north", "south")[seller %% 3 %% 2 + 1], hours = hours)
write.csv(units, "quantile-units.csv", row.names = FALSE, quote = FALSE)
side <- function(rows, tau, clustered) {
  value <- as.numeric(quantile(rows$hours, tau, type = 7))
  below <- as.numeric(rows$hours <= value)
  error <- if (clustered) sqrt(as.numeric(vcovCL(lm(below ~ 1), cluster = rows$seller, type = "HC0", cadjust = TRUE))) else sqrt(tau * (1 - tau) / nrow(rows))
  z <- qnorm(0.975)
  ranks <- c(floor(nrow(rows) * (tau - z * error)), ceiling(nrow(rows) * (tau + z * error)))
  bounds <- sort(rows$hours)[ranks]
  list(value = value, shareError = error, lower = bounds[1], upper = bounds[2], standardError = diff(bounds) / (2 * z))
}
cases <- list()
for (clustered in c(FALSE, TRUE)) for (tau in c(0.5, 0.9)) for (region in c("", "north")) {
  rows <- if (region == "") units else units[units$region == region, ]
  fit <- rq(hours ~ I(arm == "fast"), tau = tau, data = rows)
  errors <- if (clustered) suppressWarnings(summary(fit, se = "boot", bsmethod = "cluster", cluster = rows$seller, R = 4000)) else suppressWarnings(summary(fit, se = "nid"))
  cases[[length(cases) + 1]] <- list(
    clustered = clustered, share = tau, region = region,
    control = side(rows[rows$arm == "control", ], tau, clustered), treatment = side(rows[rows$arm == "fast", ], tau, clustered),
    regression = list(difference = as.numeric(errors$coefficients[2, 1]), standardError = as.numeric(errors$coefficients[2, 2]))
  )
}
cat(jsonlite::toJSON(cases, digits = NA, auto_unbox = TRUE, pretty = TRUE), "\n", file = "quantiles.json")
