# Exact central intervals of a finite population's share under selection at known odds, from dhyper alone. Run: Rscript selected_share.R
tails <- function(X, N, fine, harm, odds) {
  m <- fine + harm; k <- max(0, m - (N - X)):min(m, X)
  w <- dhyper(k, X, N - X, m, log = TRUE) + k * log(odds); w <- exp(w - max(w)); w <- w / sum(w)
  c(lower = sum(w[k <= fine]), upper = sum(w[k >= fine]))
}
for (case in list(c(100, 12, 8, 1), c(100, 12, 8, 3), c(40, 0, 9, 2), c(250, 31, 4, 10), c(15, 6, 9, 5), c(2000, 60, 90, 4))) {
  N <- case[1]; fine <- case[2]; harm <- case[3]; odds <- case[4]
  X <- fine:(N - harm)
  t <- sapply(X, tails, N = N, fine = fine, harm = harm, odds = odds)
  ok <- X[t["lower", ] > 0.025 & t["upper", ] > 0.025]
  cat(sprintf('{"population": %d, "successes": %d, "failures": %d, "odds": %g, "from": %d, "to": %d, "count": %.12f},\n',
    N, fine, harm, odds, min(ok), max(ok), fine * (N - harm + odds * harm) / (fine + odds * harm)))
}
