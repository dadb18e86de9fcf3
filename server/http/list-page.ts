/** Where a page of a long list stands in it. */
import type { PageOfList } from "../../views/index.ts";

/** Where a page of a list stands in the whole. `address`: of the page that begins at an offset. */
export function pageOf(
  { offset, shown, all, size }: { readonly offset: number; readonly shown: number; readonly all: number; readonly size: number },
  address: (offset: number) => string,
): PageOfList {
  const before = offset >= all ? Math.max(0, Math.floor((all - 1) / size) * size) : offset - size;
  return {
    first: shown === 0 ? 0 : offset + 1,
    last: offset + shown,
    all,
    ...(offset > 0 ? { before: address(Math.max(0, before)) } : {}),
    ...(offset + shown < all && shown > 0 ? { after: address(offset + shown) } : {}),
  };
}
