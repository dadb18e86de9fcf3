/** The library in one file has no types of its own; they are those of the library. */
declare module "mathjs/lib/browser/math.js" {
  const mathjs: typeof import("mathjs");
  export default mathjs;
}
