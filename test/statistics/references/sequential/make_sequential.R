# Writes power.json and looks.json beside this file: inflation, crossing probabilities, futility boundaries, final and repeated p-values of rpact.
# Rscript make_sequential.R
suppressMessages(library(rpact)); library(jsonlite)
madeWith <- paste("rpact", packageVersion("rpact"), "R", getRversion())
put <- function(name, cases) write(toJSON(list(madeWith = unbox(madeWith), cases = cases), digits = NA, auto_unbox = TRUE, null = "null"), paste0(name, ".json"))
types <- list(
  list(form = list(kind = "obrien-fleming"), args = list(typeOfDesign = "asOF")),
  list(form = list(kind = "pocock"), args = list(typeOfDesign = "asP")),
  list(form = list(kind = "power", rho = 3), args = list(typeOfDesign = "asKD", gammaA = 3)),
  list(form = list(kind = "hwang-shih-decani", gamma = -2), args = list(typeOfDesign = "asHSD", gammaA = -2)),
  list(form = list(kind = "wang-tsiatis", shape = 0), args = list(typeOfDesign = "OF")),
  list(form = list(kind = "wang-tsiatis", shape = 0.5), args = list(typeOfDesign = "P")),
  list(form = list(kind = "wang-tsiatis", shape = 0.2), args = list(typeOfDesign = "WT", deltaWT = 0.2)))
cases <- list()
for (type in types) for (rates in list(c(0.5, 1), c(0.2, 0.4, 0.6, 0.8, 1), c(0.25, 0.4, 1))) for (sides in 1:2) for (beta in c(0.2, 0.1)) {
  alpha <- if (sides == 1) 0.025 else 0.05
  design <- do.call(getDesignGroupSequential, c(type$args, list(informationRates = rates, alpha = alpha, beta = beta, sided = sides, tolerance = 1e-10)))
  ch <- getDesignCharacteristics(design)
  cases[[length(cases) + 1]] <- list(information = rates, alpha = alpha, sides = sides, form = type$form, power = 1 - beta, upper = design$criticalValues,
    inflation = ch$inflationFactor, shift = ch$shift, rejection = as.vector(ch$rejectionProbabilities), asn1 = ch$averageSampleNumber1, asn01 = ch$averageSampleNumber01, asn0 = ch$averageSampleNumber0)
}
for (rates in list(c(0.5, 1), c(0.2, 0.4, 0.6, 0.8, 1))) for (beta in c(0.2, 0.1)) for (g in c(-2, 1)) {
  design <- getDesignGroupSequential(typeOfDesign = "asOF", informationRates = rates, alpha = 0.025, beta = beta, sided = 1, typeBetaSpending = "bsHSD", gammaB = g, bindingFutility = FALSE, tolerance = 1e-10)
  ch <- getDesignCharacteristics(design)
  cases[[length(cases) + 1]] <- list(information = rates, alpha = 0.025, sides = 1, form = list(kind = "obrien-fleming"), power = 1 - beta, beta = beta, futilityGamma = g,
    upper = design$criticalValues, futility = design$futilityBounds, shift = ch$shift, inflation = ch$inflationFactor, rejection = as.vector(ch$rejectionProbabilities), asn1 = ch$averageSampleNumber1, asn01 = ch$averageSampleNumber01, asn0 = ch$averageSampleNumber0)
}
put("power", cases)
looks <- list()
for (type in types[1:4]) for (n1 in list(c(20, 30), c(35, 30, 35), c(60))) for (delta in c(0.1, 0.5, 0.9)) {
  design <- do.call(getDesignGroupSequential, c(type$args, list(informationRates = c(0.2, 0.6, 1), alpha = 0.025, sided = 1, tolerance = 1e-10)))
  k <- length(n1)
  # Known variances: the stage results are then exactly normal.
  data <- getDataset(n1 = n1, n2 = n1, means1 = delta + 0.1 * (1:k), means2 = rep(0, k), stDevs1 = rep(1, k), stDevs2 = rep(1, k))
  stages <- getStageResults(design, data, stage = k, normalApproximation = TRUE)
  p <- getRepeatedPValues(stages, tolerance = 1e-12)[k]
  looks[[length(looks) + 1]] <- list(form = type$form, rates = c(0.2, 0.6, 1)[1:k], z = qnorm(stages$overallPValues[k], lower.tail = FALSE), repeatedPValue = p)
}
put("looks", looks)
