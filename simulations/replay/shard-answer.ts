/** What a statement of sums gives of a shard, from its rows. */
import { diagnose, InputRefused, present } from "../../data/foundation/index.ts";
import { type GroupsAt, groupNumber, type PanelSchema } from "../../data/panel/index.ts";
import type { ShardAnswer, ShardCell, ShardGroup } from "./replay-in-shards.ts";
import type { ShardFrameRow } from "./shard-frame.ts";

/** Takes rows of `policyTotalsToSql`, told with the same groups. */
export class ShardAnswerRows {
  readonly #asked: { readonly policies: number; readonly schema: PanelSchema; readonly groups?: GroupsAt | undefined };
  readonly #cells: ShardCell[] = [];
  readonly #groups: ShardGroup[] = [];

  constructor(asked: { readonly policies: number; readonly schema: PanelSchema; readonly groups?: GroupsAt | undefined }) {
    this.#asked = asked;
  }

  /** Errors: InputRefused `engine-unfit` at a group that the dataset does not have. */
  add(row: ShardFrameRow): void {
    const { policies, groups } = this.#asked;
    if (groups === undefined) {
      this.#cells.push(cellOf(row, policies));
      return;
    }
    const [part, group, ...sums] = row;
    const cell = cellOf(sums, policies);
    if (Number(part) === 0) this.#cells.push(cell);
    else this.#groups.push(this.#groupOf(groups, Number(part) - 1, group, cell));
  }

  finish(): ShardAnswer {
    return { cells: this.#cells, groups: this.#groups };
  }

  #groupOf(
    { partings }: GroupsAt,
    parting: number,
    value: ShardFrameRow[number] | undefined,
    { held, entities, gmv }: ShardCell,
  ): ShardGroup {
    const name = value === undefined || value === null ? undefined : String(value);
    const group = groupNumber(present(partings[parting], "a parting"), name, this.#asked.schema);
    if (group === undefined) {
      const cure = "Lay this dataset's tables down again, or connect the one that lies there now.";
      throw new InputRefused([
        diagnose("engine-unfit", { message: `the tables hold '${name}', and the dataset has no such value`, found: String(name), cure }),
      ]);
    }
    return { parting, group, held, entities, sales: gmv };
  }
}

/** Columns: period, held (one a policy), entities, gmv, first_rows, apart (one a policy), asked. */
function cellOf(row: ShardFrameRow, policies: number): ShardCell {
  const numbers = row.map(Number);
  const [period = 0, entities = 0, gmv = 0, firstRows = 0, asked = 0] = [0, policies + 1, policies + 2, policies + 3, -1].map((at) =>
    numbers.at(at),
  );
  return { period, held: numbers.slice(1, policies + 1), entities, gmv, firstRows, apart: numbers.slice(policies + 4, -1), asked };
}
