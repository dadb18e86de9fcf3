/** The page of commands and routes holds the whole table of operations, and every error. */
import { expect } from "chai";
import { errorCatalogue } from "../../data/foundation/index.ts";
import { referenceContext } from "../../server/http/reference-page.ts";
import { operations } from "../../server/operations/index.ts";
import { renderPage } from "../../views/index.ts";

describe("the page of commands and routes", () => {
  const html = renderPage("reference", referenceContext("http://127.0.0.1:8626"));

  it("has every operation with its command and its route, and every error, under 300 kB and without a script", () => {
    for (const { name, route } of operations) {
      expect(html, name).to.include(`id="${name.replaceAll(" ", "-")}"`);
      if (route !== undefined) expect(html).to.include(`${route.method.toUpperCase()} ${route.path}</code>`);
    }
    for (const code of Object.keys(errorCatalogue)) expect(html).to.include(`<code>${code}</code>`);
    expect(html.length).to.be.below(300_000);
    expect(html).not.to.include("<script");
  });

  it("shows how each is called, in words that a shell takes as they stand", () => {
    expect(html).to.include(
      "counterweight compare --baseline seller-performance@1.0.0 --candidate seller-performance@2.0.0 --dataset demo-sellers",
    );
    expect(html).to.include("curl http://127.0.0.1:8626/api/datasets/demo-sellers</pre>");
    expect(html).to.include("counterweight statistic wilson-proportion --input input.json");
    expect(html).to.include("-d &#x27;{&quot;sample&quot;:{&quot;successes&quot;:41,&quot;trials&quot;:1000}}&#x27;");
  });
});
