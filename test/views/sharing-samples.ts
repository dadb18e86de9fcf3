/** Contexts of the pages that share a report, with every field filled in. */
import { present } from "../../data/foundation/index.ts";
import { describeReport, figureContexts } from "../../views/index.ts";
import { sampleComparison, sampleReportContext } from "./sample-comparison.ts";

const at = "2026-03-01 10:20";

/** What was said, shown or taken back. */
function said(number: number, hostile: string, isWithdrawn: boolean) {
  const withdrawn = { by: `Ana ${hostile}`, at, reason: `Misread ${hostile}` };
  const row = { number, by: `Ana ${hostile}`, at, text: `مرحبا ${hostile}\n第二行`, withdrawn };
  return isWithdrawn ? row : { ...row, withdrawn: undefined as unknown as typeof withdrawn };
}

export function sharingSamples(hostile: string) {
  const notices = [`A notice ${hostile}`];
  const report = describeReport(sampleComparison(), sampleReportContext());
  const made = present(figureContexts(report, "movement", "http://localhost"), "figure");
  const own = {
    notices,
    report: { name: `seller-performance ${hostile}`, href: "/runs/r1/report", digest: "d".repeat(64) },
    title: `One in ten moves ${hostile}`,
    subtitle: `Sellers, counts ${hostile}`,
    chart: made.figure.chart,
    key: made.figure.key,
    isHalf: true,
  };
  const steps = [{ step: "resolved", by: `Bo ${hostile}`, at, reason: `Settled ${hostile}` }];
  const thread = (number: number, state: "open" | "resolved" | "withdrawn") => ({
    ...said(number, hostile, state === "withdrawn"),
    state,
    steps,
    replies: [said(number + 1, hostile, false), said(number + 2, hostile, true)],
  });
  const sections = [
    {
      name: `Movement ${hostile}`,
      parts: [
        {
          anchor: "figure-movement",
          title: `One in ten moves ${hostile}`,
          mode: "full" as const,
          threads: [thread(1, "open"), thread(4, "resolved"), thread(7, "withdrawn")],
        },
      ],
    },
  ];
  const { name, href } = own.report;
  const comments = {
    notices,
    run: "r1",
    digest: "d".repeat(64),
    report: { name, href: `${href}?candidate=2.0.0` },
    candidate: "2.0.0",
    candidates: ["1.1.0", "2.0.0"].map((version) => ({
      version,
      href: `/runs/r1/comments?candidate=${version}`,
      isCurrent: version === "2.0.0",
    })),
    only: { anchor: "figure-movement", title: `One in ten moves ${hostile}`, mode: "method" as const, allHref: "/runs/r1/comments" },
    sections,
    open: 1,
    all: 9,
    choices: [
      { anchor: "movement", title: `Movement ${hostile}`, isFigure: false, isChosen: false },
      { anchor: "figure-movement", title: `One in ten moves ${hostile}`, isFigure: true, isChosen: true },
    ],
    problems: [{ field: "text", message: `'text' is blank ${hostile}`, cure: "Write something." }],
    typed: { text: `Why ${hostile}`, by: `Ana ${hostile}` },
  };
  const { definition } = made.share;
  return {
    comments: [comments, { ...comments, only: undefined as unknown as typeof comments.only, all: 0 }],
    "figure-alone": [own],
    "figure-share": [
      {
        ...own,
        snippet: `<iframe title="${hostile}">`,
        report: { name, href },
        link: "localhost:8626/runs/r1/figures/movement?candidate=2.0.0",
        files: { svg: "/a.svg", png: "/a.png", csv: "/a.csv", comments: "/runs/r1/comments?at=figure-movement" },
        definition: present(definition, "definition") as Required<NonNullable<typeof definition>>,
      },
    ],
  };
}
