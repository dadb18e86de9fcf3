# Reference numbers for rates where only some units have a label. R 4.2, survey 4.1-1.
#   Rscript make_partial_labels.R > partial-labels.json
# Ratios of totals by survey::svyratio (weights 1/probability, units drawn independently), strata by svydesign with fpc, generalised difference
# estimator and augmented weights by survey totals of the residuals plus the model's sum, coefficients by glm.
suppressMessages(library(survey))
options(survey.lonely.psu = "fail", digits = 17)
number <- function(x) sprintf("%.17g", x)
array <- function(x) paste0("[", paste(sapply(x, number), collapse = ","), "]")

one <- function(seed, units) {
  set.seed(seed)
  group <- sample(0:3, units, TRUE, c(0.1, 0.1, 0.1, 0.7))
  size <- sample(0:2, units, TRUE)
  fine <- rbinom(units, 1, c(0.4, 0.6, 0.7, 0.9)[group + 1])
  probability <- round(c(0.2, 0.35, 0.5)[size + 1] + 0.1 * (group < 3), 3)
  predicted <- round(plogis(c(-0.5, 0.2, 0.8, 1.8)[group + 1] + 0.2 * size), 6)
  labelled <- rbinom(units, 1, probability)
  adverse <- as.numeric(group %in% c(0, 1))
  data <- data.frame(group, size, fine, probability, predicted, labelled, adverse)
  data$part <- data$adverse * data$fine
  sampled <- data[data$labelled == 1, ]

  # Hajek: false-positive rate = adverse and fine over fine. svyratio with unequal probabilities without strata centres the influences at
  # their mean and multiplies by n / (n - 1); over all units (0 for the unlabelled) independent Poisson sampling is the plain sum of squares.
  design <- svydesign(ids = ~1, probs = ~probability, data = sampled)
  ratio <- as.numeric(coef(svyratio(~part, ~fine, design)))
  w <- 1 / sampled$probability
  influence <- w * (sampled$part - ratio * sampled$fine) / sum(w * sampled$fine)
  n <- nrow(sampled)
  svy <- as.numeric(SE(svyratio(~part, ~fine, design)))
  stopifnot(abs(svy^2 - n / (n - 1) * (sum(influence^2) - sum(influence)^2 / n)) < 1e-12)
  hajek_se <- sqrt(sum(influence^2))
  # The labels alone are drawn again: Poisson sampling's own variance.
  poisson <- svydesign(ids = ~1, fpc = ~probability, data = sampled, pps = poisson_sampling(sampled$probability))
  poisson_se <- as.numeric(SE(svyratio(~part, ~fine, poisson)))

  # Strata group x size: ratio of stratified totals, finite population correction.
  data$stratum <- data$group * 3 + data$size
  counts <- table(data$stratum)
  sampled$stratum <- sampled$group * 3 + sampled$size
  sampled$units <- as.numeric(counts[as.character(sampled$stratum)])
  strata <- svydesign(ids = ~1, strata = ~stratum, fpc = ~units, data = sampled)
  stratified <- svyratio(~part, ~fine, strata)

  # Augmented (difference) estimator with given predictions: totals of model + residuals / probability.
  total <- function(u1, u0) {
    m <- u1 * data$predicted + u0 * (1 - data$predicted)
    u <- ifelse(data$fine == 1, u1, u0)
    m + ifelse(data$labelled == 1, (u - m) / data$probability, 0)
  }
  part <- total(data$adverse, 0 * data$adverse)
  whole <- total(1 + 0 * data$adverse, 0 * data$adverse)
  augmented <- sum(part) / sum(whole)
  phi <- (part - augmented * whole) / sum(whole)
  augmented_se <- sqrt(sum(phi^2))

  fit <- glm(labelled ~ factor(group, levels = c(3, 0, 1, 2)) + size, binomial, data,
    control = glm.control(epsilon = 1e-15, maxit = 100))
  weight <- 1 / sampled$probability
  kish <- sum(weight[sampled$fine == 1])^2 / sum(weight[sampled$fine == 1]^2)
  paste0("{\"units\":", array(as.vector(t(as.matrix(data[, c("group", "size", "fine", "probability", "predicted", "labelled")])))),
    ",\"hajek\":", array(c(ratio, hajek_se)), ",\"poissonSe\":", number(poisson_se),
    ",\"stratified\":", array(c(as.numeric(coef(stratified)), as.numeric(SE(stratified)))),
    ",\"augmented\":", array(c(augmented, augmented_se)),
    ",\"kish\":", number(kish), ",\"logistic\":", array(coef(fit)), "}")
}
cases <- c(one(1, 300), one(2, 600), one(3, 400))
cat("{\"cases\":[\n", paste(cases, collapse = ",\n"), "\n]}\n", sep = "")
