/** What goes wrong with a statement, whichever engine runs it. */

/** Why a statement gave nothing. */
export type EngineFaultKind =
  /** Nobody answered, or not as a coordinator does. */
  | "unreachable"
  /** User or password were not taken. */
  | "refused"
  /** The user may not do this. */
  | "forbidden"
  /** The engine found the statement wrong, or lacks the tables. */
  | "rejected"
  /** A limit on time, memory or rows. */
  | "limit"
  /** A worker was lost, or the engine failed within: another try may do. */
  | "lost"
  | "cancelled";

/** What went wrong with a statement, in the engine's words. */
export class EngineFault extends Error {
  readonly kind: EngineFaultKind;

  constructor(kind: EngineFaultKind, message: string) {
    super(message);
    this.name = "EngineFault";
    this.kind = kind;
  }
}
