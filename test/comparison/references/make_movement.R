# Writes letters.csv (a market of invented sellers, one letter a week) and movement.csv (what R says of it) beside this file.
# Needs R with the package survival; running the tests needs neither. Rscript make_movement.R
suppressMessages(library(survival))
set.seed(7)
weeks <- 24
letters4 <- c("g", "s", "w", "r", "u")
ladder <- c("gold", "standard", "watch", "restricted", "unrated")
walk <- function(length, quality, stick) {
  now <- if (runif(1) < 0.3) "u" else sample(c("g", "s", "w"), 1, prob = c(quality, 1, 1 - quality))
  out <- now
  for (i in seq_len(length - 1)) {
    if (runif(1) > stick) {
      at <- match(now, letters4)
      now <- if (now == "u") sample(c("g", "s", "w"), 1) else letters4[min(4, max(1, at + (if (runif(1) < quality) -1 else 1)))]
    }
    out <- c(out, now)
  }
  out
}
sellers <- lapply(1:90, function(i) {
  first <- if (i <= 60) 0 else sample(1:15, 1)
  length <- if (i %% 4 == 0) sample(3:(weeks - first - 1), 1) else weeks - first
  quality <- runif(1, 0.2, 0.8)
  stick <- runif(1, 0.5, 0.95)
  list(entity = sprintf("s%02d", i), first = first, baseline = walk(length, quality, stick), candidate = walk(length, quality, stick))
})
lines <- sapply(sellers, function(s) paste(s$entity, s$first, paste(s$baseline, collapse = ""), paste(s$candidate, collapse = ""), sep = ","))
writeLines(c("entity,first,baseline,candidate", lines), "letters.csv")

out <- character(0)
say <- function(policy, figure, key, value) out[length(out) + 1] <<- paste(policy, figure, key, if (is.na(value)) "" else sprintf("%.15g", value), sep = ",")

stays <- function(policy) {
  rows <- list()
  for (s in sellers) {
    adverse <- s[[policy]] %in% c("w", "r")
    run <- rle(adverse)
    stop <- cumsum(run$lengths)
    for (i in which(run$values)) {
      last <- i == length(run$lengths)
      gone <- s$first + length(adverse) < weeks
      end <- if (!last) "recovered" else if (gone) "closed" else "running"
      # Of who is there in the first week it is not known since when: that stay has no length.
      if (i == 1 && s$first == 0) next
      rows[[length(rows) + 1]] <- data.frame(id = s$entity, time = run$lengths[i], end = end)
    }
  }
  do.call(rbind, rows)
}
for (policy in c("baseline", "candidate")) {
  data <- stays(policy)
  data$end <- factor(data$end, levels = c("running", "recovered", "closed"))
  data$row <- seq_len(nrow(data))
  fit <- survfit(Surv(time, end) ~ 1, data = data, id = row)
  # survfit's own error takes stays for independent; that of sellers comes from derivatives by the weight of each seller.
  recovered <- function(w, h) { f <- survfit(Surv(time, end) ~ 1, data = data, id = row, weights = w); f$pstate[max(which(f$time <= h)), 2] }
  error <- function(h) sqrt(sum(sapply(unique(data$id), function(id) {
    up <- 1 + 1e-4 * (data$id == id); down <- 1 - 1e-4 * (data$id == id)
    (recovered(up, h) - recovered(down, h)) / 2e-4
  })^2))
  say(policy, "stays", "all", nrow(data))
  say(policy, "stays", "recovered", sum(data$end == "recovered"))
  say(policy, "stays", "closed", sum(data$end == "closed"))
  for (h in c(1, 2, 4, 8, 12)) {
    at <- max(which(fit$time <= h))
    say(policy, "recovered", h, fit$pstate[at, 2])
    say(policy, "closed", h, fit$pstate[at, 3])
    say(policy, "error", h, error(h))
  }
}

# Steps: states of all sellers, closed after the last week of those that leave; weights a seller, so that derivatives give the infinitesimal jackknife.
states <- function(s, policy) {
  own <- match(s[[policy]], letters4)
  c(own, if (s$first + length(own) < weeks) rep(6, min(2, weeks - s$first - length(own))) else integer(0))
}
tables <- function(policy) lapply(sellers, function(s) {
  x <- states(s, policy)
  one <- matrix(0, 5, 6); two <- matrix(0, 5, 6)
  for (t in seq_along(x)) {
    if (t + 1 <= length(x) && x[t] <= 5) one[x[t], x[t + 1]] <- one[x[t], x[t + 1]] + 1
    if (t + 2 <= length(x) && x[t] <= 5) two[x[t], x[t + 2]] <- two[x[t], x[t + 2]] + 1
  }
  list(one = one, two = two)
})
sums <- function(own, w) list(one = Reduce(`+`, Map(function(o, v) o$one * v, own, w)), two = Reduce(`+`, Map(function(o, v) o$two * v, own, w)))
shares <- function(table) table / rowSums(table)
mobility <- function(t) { p <- shares(t$one[, 1:5]); (5 - sum(diag(p))) / 4 }
departure <- function(j) function(t) { p <- shares(t$one); shares(t$two)[j, j] - sum(p[j, 1:5] * p[1:5, j]) }
jackknife <- function(own, f) {
  n <- length(own); h <- 1e-4; w <- rep(1, n)
  d <- sapply(seq_len(n), function(i) { up <- w; up[i] <- 1 + h; down <- w; down[i] <- 1 - h; (f(sums(own, up)) - f(sums(own, down))) / (2 * h) })
  sqrt(sum(d^2))
}
for (policy in c("baseline", "candidate")) {
  own <- tables(policy)
  t <- sums(own, rep(1, length(own)))
  for (j in 1:5) {
    for (k in 1:6) if (t$one[j, k] > 0) {
      key <- paste(ladder[j], c(ladder, "closed")[k])
      say(policy, "probability", key, shares(t$one)[j, k])
      say(policy, "probability error", key, jackknife(own, function(t) shares(t$one)[j, k]))
    }
    say(policy, "two steps", ladder[j], departure(j)(t))
    say(policy, "two steps error", ladder[j], jackknife(own, departure(j)))
  }
  say(policy, "mobility", "", mobility(t))
  say(policy, "mobility error", "", jackknife(own, mobility))
}

# Stays in each tier: Kaplan-Meier's median.
for (policy in c("baseline", "candidate")) for (j in 1:5) {
  rows <- do.call(rbind, lapply(sellers, function(s) {
    run <- rle(match(s[[policy]], letters4))
    last <- seq_along(run$lengths) == length(run$lengths)
    gone <- s$first + length(s[[policy]]) < weeks
    known <- !(s$first == 0 & seq_along(run$lengths) == 1)
    data.frame(time = run$lengths, ended = !last | gone, tier = run$values)[known, ]
  }))
  rows <- rows[rows$tier == j, ]
  fit <- survfit(Surv(time, ended) ~ 1, data = rows)
  say(policy, "stays in tier", ladder[j], nrow(rows))
  # The first time at which at most half stay.
  say(policy, "median", ladder[j], if (any(fit$surv <= 0.5 + 1e-12)) fit$time[which(fit$surv <= 0.5 + 1e-12)[1]] else NA)
}
writeLines(c(paste0("# R ", getRversion(), ", survival ", packageVersion("survival")), "policy,figure,key,value", out), "movement.csv")
