/** What peers of an entity have at each evaluation: gathered once over the panel, read by every engine. */

/**
 * By name of a rank or ratio metric, by the period that the evaluation is recorded on, by group (`""` for everyone): the known values of
 * what is compared, ascending. Periods without evaluation and groups without values are absent.
 */
export type PeerValues = ReadonlyMap<string, ReadonlyMap<number, ReadonlyMap<string, Float64Array>>>;
