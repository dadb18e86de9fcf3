/** What the figures of the course of entities and of drift are; entries of the table of definitions. */

const entityBootstrap = "entity-cluster bootstrap (Poisson weights), BCa: Efron (1987), Hanley and MacGibbon (2006)";
const wilsonScore = "Wilson score interval: Wilson (1927)";
const atEnd = "last period of the range (d)";
const overRange = "the range";
const count = "count of recorded history, exact";

/** By figure: a sentence, its formula, its period, its source. */
export const courseDefinitions = {
  "matrix-over-range": {
    sentence: "Entity-periods of the range by held tier under the baseline (rows) and under the candidate (columns).",
    formula: "m(j, k) = #{(i, t) in frame : baseline held = j, candidate held = k}; the matrix of each period is kept beside it",
    period: overRange,
    source: count,
  },
  "tier-time": {
    sentence: "Entity-periods of the range in each tier under each policy, and how the share of all entity-periods changes.",
    formula: "(#{(i, t) : candidate held(i, t) = k} - #{(i, t) : baseline held(i, t) = k}) / #{(i, t) in the frame}",
    period: overRange,
    source: entityBootstrap,
  },
  "net-movers": {
    sentence:
      "Gross movers are all that hold another tier; net movers are those up minus those down, and by tier those that enter minus those that leave.",
    formula:
      "net = up - down; net(k) = #{candidate held = k, baseline held != k} - #{baseline held = k, candidate held != k}; over entities in the frame",
    period: atEnd,
    source: entityBootstrap,
  },
  "paired-tests": {
    sentence:
      "Whether the two policies hold each tier equally often (Stuart-Maxwell) and exchange entities evenly between every two tiers (Bowker); one row an entity, never the headline.",
    formula:
      "Stuart-Maxwell: d' V^-1 d of the tiers' net changes d; Bowker: sum of (n(j, k) - n(k, j))^2 / (n(j, k) + n(k, j)); exact sign flips below 25 discordant",
    period: atEnd,
    source: "Stuart (1955), Maxwell (1970), Bowker (1948)",
  },
  "time-to-recover": {
    sentence:
      "Periods from entry into an adverse tier until no adverse tier is held; closing is another end, and stays that run on at the end of the range are cut off there.",
    formula:
      "share recovered by s = sum over u <= s of S(u - 1) recovered(u) / at risk(u), S(u) = product of 1 - ended(v) / at risk(v); stays that ran already where the range begins, or the panel, are left out",
    period: overRange,
    source:
      "Aalen and Johansen (1978); infinitesimal jackknife by entity, Wilson at the effective number of stays: Dean and Pagano (2015); the median's interval inverts them: Brookmeyer and Crowley (1982)",
  },
  "boundary-crowd": {
    sentence:
      "Rated entities whose headline score is within epsilon of a number that tiers turn on, on either side; who merits no tier of the ladder stands near nothing; epsilon is the median change of the score at the last evaluation among those that changed.",
    formula: "#{i rated : |score(i) - line| <= epsilon} / #{i rated by a score}",
    period: atEnd,
    source: wilsonScore,
  },
  transitions: {
    sentence:
      "Of the evaluations that leave an entity in a tier, the share whose next evaluation leaves it in another, or finds it closed.",
    formula: "p(j, k) = #{consecutive evaluations from j to k} / #{consecutive evaluations from j}",
    period: overRange,
    source: "linearised ratio, clustered by entity; Wilson at the effective number of steps: Dean and Pagano (2015)",
  },
  dwell: {
    sentence:
      "Evaluations until a tier is left or the entity closes: expected if the present tier decided alone, and the median as observed.",
    formula: "expected = 1 / (1 - p(j, j)); observed: the first length by which half of the stays that begin in the range have ended",
    period: overRange,
    source: "delta method, clustered by entity; Kaplan and Meier (1958)",
  },
  mobility: {
    sentence:
      "How freely entities move between tiers from one evaluation to the next: 0 nobody moves, 1 the next tier does not depend on this one.",
    formula: "(K - sum of p(j, j)) / (K - 1) over the K tiers that are held, steps that do not close",
    period: overRange,
    source: "Shorrocks (1978); delta method, clustered by entity",
  },
  "two-steps": {
    sentence:
      "Whether the past matters beside the present tier: the share that holds the tier again two evaluations on, less what the one-step probabilities would give twice.",
    formula: "#{from j to j in two steps} / #{two steps from j} - sum over l of p(j, l) p(l, j)",
    period: overRange,
    source: "delta method, clustered by entity, Bonferroni over tiers; after Anderson and Goodman (1957)",
  },
  "score-spread": {
    sentence: "Quantiles of the headline score of those that have one, at the first and last period and at quarter points between.",
    formula: "q(0.05), q(0.25), q(0.5), q(0.75), q(0.95) of score(i, t), linear between order statistics (type 7)",
    period: "five periods of the range",
    source: "Hyndman and Fan (1996)",
  },
  "drift-distances": {
    sentence:
      "How far apart two distributions over the same entities are: between the policies at the last period, and between a quarter into the range and its end; each with the distance that chance alone exceeds once in twenty.",
    formula:
      "KS = max |F - G|; Wasserstein = integral of |F - G|; Jensen-Shannon, base 2, and PSI = sum of (p - q) log(p / q) over tenths of the first side, half an entity added to every bin; null: an entity's two values swapped or not by a fair coin, 199 times",
    period: "last period; a quarter into the range to the last period",
    source: "Conover (1999), Vallender (1974), Lin (1991), Siddiqi (2006), Yurdakul and Naranjo (2020); Phipson and Smyth (2010)",
  },
} as const;
