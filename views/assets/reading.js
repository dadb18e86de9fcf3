/** Marks in the rail the section that is being read, shows values under the pointer, and fetches tables where they are opened. The page works without it. */
const links = [...document.querySelectorAll(".rail a")];
const targets = links.map((link) => document.querySelector(link.getAttribute("href") ?? "")).filter((target) => target !== null);

function mark() {
  const line = window.innerHeight * 0.3;
  let current = 0;
  for (const [index, target] of targets.entries()) if (target.getBoundingClientRect().top <= line) current = index;
  if (window.innerHeight + window.scrollY >= document.documentElement.scrollHeight - 4) current = targets.length - 1;
  for (const [index, link] of links.entries()) {
    if (index === current) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

let isWaiting = false;
window.addEventListener(
  "scroll",
  () => {
    if (isWaiting) return;
    isWaiting = true;
    requestAnimationFrame(() => {
      isWaiting = false;
      mark();
    });
  },
  { passive: true },
);
if (links.length > 0) mark();

const svgNames = document.querySelector("svg")?.namespaceURI ?? "";

/** A line at the period under the pointer, and both values in words; the table beneath holds the same. */
function showValues(panel, periods) {
  const [left, width, top, height] = panel.dataset.plot.split(" ").map(Number);
  const candidate = panel.dataset.candidate.split(" ").map(Number);
  const baseline = panel.dataset.baseline.split(" ").map((more, index) => Number(more) + candidate[index]);
  const ground = document.createElementNS(svgNames, "rect");
  for (const [name, value] of Object.entries({ x: left, y: top, width, height, fill: "transparent" })) ground.setAttribute(name, value);
  const rule = document.createElementNS(svgNames, "path");
  rule.setAttribute("class", "zero");
  const words = document.createElementNS(svgNames, "text");
  words.setAttribute("class", "axis-ink");
  words.setAttribute("y", String(top - 5));
  words.setAttribute("x", String(left));
  panel.append(rule, words, ground);
  ground.addEventListener("pointermove", (event) => {
    const box = ground.getBoundingClientRect();
    const index = Math.round(((event.clientX - box.left) / box.width) * (periods.length - 1));
    const x = left + (width * index) / Math.max(1, periods.length - 1);
    rule.setAttribute("d", `M${x} ${top}V${top + height}`);
    words.textContent = `${periods[index]}: ${(candidate[index] / 10).toFixed(1)}\u00a0%, baseline ${(baseline[index] / 10).toFixed(1)}\u00a0%`;
  });
  ground.addEventListener("pointerleave", () => {
    rule.removeAttribute("d");
    words.textContent = "";
  });
}

/** All dates, or the first and the days from each to the next. */
function datesOf({ periods, candidate }) {
  const [first, ...rest] = periods.split(" ");
  if (rest.length !== 1) return [first, ...rest];
  const day = (index) => new Date(Date.parse(first) + index * Number(rest[0]) * 86_400_000).toISOString().slice(0, 10);
  return candidate.split(" ").map((_, index) => day(index));
}

for (const first of document.querySelectorAll("[data-periods]")) {
  const periods = datesOf(first.dataset);
  for (const panel of first.parentElement.querySelectorAll(".panel")) showValues(panel, periods);
}

/** A folded table is fetched from its own page when it is opened; where that fails its link stays. */
async function fetchTable(link) {
  const response = await fetch(link.href).catch(() => null);
  if (response === null || !response.ok) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const table = page.querySelector("main .scroll");
  if (table !== null) link.replaceWith(table);
}

for (const link of document.querySelectorAll("[data-table]"))
  link.closest("details")?.addEventListener("toggle", () => void fetchTable(link), { once: true });
