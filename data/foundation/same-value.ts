/** Equality of plain data, without a door to anything else of `node:util`. */
export { isDeepStrictEqual as isSameValue } from "node:util";
