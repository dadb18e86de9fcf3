# Cohen's kappa of clustered units, from the long data and not from sums: the estimate, its sandwich error by clusters from a
# numerical derivative of kappa over the table, and the error of leaving out one cluster at a time.
# Rscript test/comparison/references/clustered-kappa.R > test/comparison/references/clustered-kappa.json
state <- 7
draw <- function(n) { state <<- (state * 1103 + 12345) %% 65536; floor(state / 65536 * n) }
data <- NULL
for (entity in 1:40) for (unit in 1:(3 + draw(9))) {
  a <- draw(3)
  b <- if (draw(10) < 6) a else draw(4)
  data <- rbind(data, c(entity, a, b))
}
table_of <- function(d) { m <- matrix(0, 3, 4); for (i in seq_len(nrow(d))) m[d[i, 2] + 1, d[i, 3] + 1] <- m[d[i, 2] + 1, d[i, 3] + 1] + 1; m }
# The second classification knows the classes 0 and 1 of the first as 0 and 1; class 2 of the first is unknown to it.
kappa_of <- function(m) { p <- m / sum(m); po <- p[1, 1] + p[2, 2]; r <- rowSums(p); k <- colSums(p); pe <- r[1] * k[1] + r[2] * k[2]; (po - pe) / (1 - pe) }
whole <- table_of(data)
step <- 1e-4
slope <- matrix(0, 3, 4)
for (i in 1:3) for (j in 1:4) { up <- whole; up[i, j] <- up[i, j] + step; down <- whole; down[i, j] <- down[i, j] - step; slope[i, j] <- (kappa_of(up) - kappa_of(down)) / (2 * step) }
z <- sapply(1:40, function(e) sum(table_of(data[data[, 1] == e, , drop = FALSE]) * slope))
left <- sapply(1:40, function(e) kappa_of(table_of(data[data[, 1] != e, , drop = FALSE])))
cat(sprintf('{ "units": %d, "kappa": %.15g, "standardError": %.12g, "jackknife": %.12g, "tQuantile": %.15g }\n',
  nrow(data), kappa_of(whole), sqrt(40 / 39 * sum(z^2)), sqrt(39 / 40 * sum((left - mean(left))^2)), qt(0.975, 39)))
