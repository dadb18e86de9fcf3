/** The time, as records keep it. */

/** Tells the time as ISO 8601 in UTC, to the millisecond. Passed in, so that records can be reproduced. */
export type Clock = () => string;
