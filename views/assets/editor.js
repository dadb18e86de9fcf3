/** Follows what is written: problems, what can be written next, what changes and who moves. One question of a kind at a time, the last one wins. */
import { headlineOf, inTurn, makeSlider, showFigures } from "./live.js";

const form = document.querySelector("[data-editor]");
const area = form.querySelector("textarea");
const pad = form.querySelector("[data-pad]");
const findings = form.querySelector("[data-findings]");
const leverPlace = form.querySelector("[data-levers]");
const status = form.querySelector("[data-status]");
const mover = form.querySelector("[data-mover]");
const said = document.querySelector("[data-said]");
const place = document.querySelector("[data-answer]");
// A field of the form is called dataset, which hides the form's own.
const answers = form.getAttribute("data-answers");
const draftKey = `draft ${window.location.pathname}${window.location.search}`;
const begun = area.value;
const restMilliseconds = 300;

let isLeaving = false;
let isSound = false;
let places = {};
let levers = new Map();
let moving = "";
let resting;
let speaking;

form.classList.add("has-script");
const gutter = pad.insertBefore(document.createElement("div"), area);
gutter.className = "gutter";
gutter.setAttribute("aria-hidden", "true");

const ask = {
  check: asker("check", () => ({ levers: [...levers.keys()].join("\n") }), showCheck),
  figures: asker("figures", () => ({ moving }), showMoves),
};

/** Sends the form's fields and more, and shows what is answered about the text. */
function asker(question, more, show) {
  return inTurn(async () => {
    const text = area.value;
    try {
      return await show(await post(question, more()), text);
    } catch {
      return say("The server does not answer. What you write stays here; it is asked again when you go on.");
    }
  });
}

async function post(question, more = {}) {
  const fields = new URLSearchParams();
  for (const name of ["text", "baseline", "dataset"]) fields.set(name, form.elements.namedItem(name)?.value ?? "");
  for (const [name, value] of Object.entries(more)) fields.set(name, value);
  const response = await fetch(`${answers}/${question}`, { method: "POST", body: fields });
  return await response.json();
}

// --- what is said of the text

function showCheck(answer, text) {
  if (answer.findings === undefined) return say((answer.problems ?? []).join(" "));
  // What is refused for another reason than the text leaves the rest as it stands.
  isSound = answer.isSound ?? isSound;
  findings.innerHTML = answer.findings;
  findings.querySelector("[data-excerpt]")?.remove();
  showLines(answer.marks);
  if (answer.isSound === true) showLevers(answer);
  if (area.value === text) places = answer.places ?? {};
  say(answer.count);
  for (const part of [place, mover]) part.classList.toggle("is-stale", !isSound);
  if (isSound && area.value === text) void ask.figures();
  return undefined;
}

async function showMoves(answer) {
  place.removeAttribute("aria-busy");
  if (answer.opening !== undefined) {
    const { words, percent } = answer.opening;
    place.textContent = `Opening the history. ${words}, ${percent} %.`;
    await new Promise((done) => setTimeout(done, 200));
    return "again";
  }
  if (answer.code === "superseded") {
    await new Promise((done) => setTimeout(done, 100));
    return "again";
  }
  for (const part of [place, mover]) part.classList.toggle("is-stale", answer.html === undefined);
  // A fault of the text is said beside it.
  if (answer.html === undefined) return isSound ? say(answer.problems.join(" ")) : undefined;
  showFigures(place, answer.html);
  mover.textContent = headlineOf(place);
  return say(`${findings.querySelector(".count").textContent}. ${mover.textContent}`);
}

/** Read aloud when nothing more comes for a while. */
function say(words) {
  clearTimeout(speaking);
  speaking = setTimeout(() => {
    said.textContent = words;
  }, 600);
}

let marks = [];

/** Numbers beside the lines, with a mark where something is wrong. */
function showLines(found = marks) {
  marks = found;
  const lines = area.value.split("\n").length;
  while (gutter.childElementCount > lines) gutter.lastElementChild.remove();
  while (gutter.childElementCount < lines) gutter.append(document.createElement("span"));
  for (const line of gutter.querySelectorAll("[class]")) line.removeAttribute("class");
  for (const { line, severity } of marks.toReversed()) gutter.children[line - 1]?.setAttribute("class", `is-${severity}`);
  gutter.scrollTop = area.scrollTop;
}

area.addEventListener("scroll", () => {
  gutter.scrollTop = area.scrollTop;
});

findings.addEventListener("click", (event) => {
  const link = event.target.closest("[data-line]");
  if (link === null) return;
  event.preventDefault();
  goTo(link);
});

/** The caret where a problem is. */
function goTo(link) {
  const line = Number(link.getAttribute("data-line"));
  const lines = area.value.split("\n");
  const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  const at = Math.min(start + Number(link.getAttribute("data-column")) - 1, start + (lines[line - 1] ?? "").length);
  area.focus();
  area.setSelectionRange(at, at);
  area.scrollTop = Math.max(0, (line - 8) * rowHeight());
  area.scrollLeft = 0;
}

/** The next problem behind the caret, or the last one before it; round at the ends. */
function step(back) {
  const links = [...findings.querySelectorAll("[data-line]")];
  if (links.length === 0) return;
  const before = area.value.slice(0, area.selectionStart).split("\n");
  const here = before.length * 1e6 + before.at(-1).length + 1;
  const of = (link) => Number(link.getAttribute("data-line")) * 1e6 + Number(link.getAttribute("data-column"));
  const inOrder = links.toSorted((a, b) => of(a) - of(b));
  const next = back ? inOrder.findLast((link) => of(link) < here) : inOrder.find((link) => of(link) > here);
  const link = next ?? inOrder.at(back ? -1 : 0);
  goTo(link);
  said.textContent = link.closest("li").textContent;
}

function rowHeight() {
  return Number.parseFloat(getComputedStyle(area).lineHeight);
}

// --- writing

area.addEventListener("input", () => {
  moving = "";
  places = {};
  changed();
  clearTimeout(resting);
  resting = setTimeout(ask.check, restMilliseconds);
});

area.addEventListener("keydown", (event) => {
  if (event.key !== "F8") return;
  event.preventDefault();
  step(event.shiftKey);
});

for (const name of ["baseline", "dataset"]) form.elements.namedItem(name)?.addEventListener("change", ask.check);

/** The text stays in this tab until it is saved. */
function changed() {
  showLines();
  if (area.value === begun) window.sessionStorage.removeItem(draftKey);
  else window.sessionStorage.setItem(draftKey, area.value);
  status.textContent = area.value === begun ? "" : "Not saved yet; kept in this tab.";
}

/** Puts a text in the place of another as if it were typed, so that it can be undone. */
function replace(from, to, text) {
  area.focus();
  area.setSelectionRange(from, to);
  if (!document.execCommand("insertText", false, text)) area.setRangeText(text, from, to, "end");
}

window.addEventListener("beforeunload", (event) => {
  if (!isLeaving && area.value !== begun) event.preventDefault();
});

form.addEventListener("submit", async (event) => {
  const action = event.submitter?.value;
  if (action !== "save" && action !== "format") {
    // A file is taken away, or another page asked for on purpose.
    isLeaving = true;
    setTimeout(() => {
      isLeaving = false;
    }, 1000);
    return;
  }
  event.preventDefault();
  try {
    const answer = await post(action);
    if (answer.address !== undefined) {
      window.sessionStorage.removeItem(draftKey);
      isLeaving = true;
      window.location.assign(answer.address);
    } else if (answer.text !== undefined) {
      if (answer.text !== area.value) replace(0, area.value.length, answer.text);
      status.textContent = "In canonical form.";
    } else {
      if (answer.findings !== undefined) showCheck(answer, undefined);
      status.textContent = `${action === "save" ? "Not saved" : "Left as it is"}: ${answer.problems.join(" ")}`;
      findings.querySelector("[data-line]")?.focus();
    }
  } catch {
    status.textContent = "The server does not answer. Nothing is lost; try again.";
  }
});

// --- parameters

/** Sliders beside their fields; made anew only when other numbers can be moved than before. */
function showLevers({ levers: html, values }) {
  const fresh = document.createElement("div");
  fresh.innerHTML = html;
  const shape = (list) =>
    [...list.querySelectorAll("[data-lever]")]
      .map((item) =>
        ["lever", "lower", "upper", "unit"]
          .map((key) => item.getAttribute(`data-${key}`) ?? "")
          .concat(item.querySelector("label").textContent)
          .join("\t"),
      )
      .join("\n");
  if (shape(fresh) !== shape(leverPlace) || levers.size === 0) {
    leverPlace.replaceChildren(...fresh.childNodes);
    levers = new Map([...leverPlace.querySelectorAll("[data-lever]")].map((item) => [item.getAttribute("data-lever"), makeLever(item)]));
  }
  for (const [name, lever] of levers) if (lever.name !== moving || !lever.item.contains(document.activeElement)) lever.show(values[name]);
}

function makeLever(item) {
  const name = item.getAttribute("data-lever");
  const field = item.querySelector("input");
  const move = () => {
    ranged?.show();
    put(name, field.value.trim());
  };
  const ranged = item.dataset.unit === undefined ? undefined : makeSlider(item, field, move);
  field.addEventListener("input", move);
  return {
    item,
    name,
    show: (value) => {
      if (value === undefined) return;
      field.value = value;
      ranged?.show();
    },
  };
}

/** Puts a number where it stands in the text, and leaves everything else of it alone. */
function put(name, value) {
  const at = places[name];
  if (value === "" || at === undefined) return;
  const { selectionStart, scrollTop } = area;
  const written = `${at.before}${value}${at.after}`;
  area.setRangeText(written, at.from, at.to, "preserve");
  area.scrollTop = scrollTop;
  const grown = written.length - (at.to - at.from);
  if (selectionStart <= at.from) area.setSelectionRange(selectionStart, selectionStart);
  const own = { from: at.from + at.before.length, to: at.from + at.before.length + value.length, before: "", after: "" };
  // A new line changes where the next one would go: that is told with the next answer.
  const others = at.before === "" ? Object.entries(places).filter(([other]) => other !== name) : [];
  places = Object.fromEntries(
    others.map(([other, one]) => [other, one.from < at.to ? one : { ...one, from: one.from + grown, to: one.to + grown }]),
  );
  places[name] = own;
  moving = name;
  changed();
  void ask.check();
  void ask.figures();
}

// --- what was written before

const draft = window.sessionStorage.getItem(draftKey);
if (draft !== null && draft !== area.value) {
  area.value = draft;
  changed();
  const over = document.createElement("button");
  Object.assign(over, { type: "button", className: "reset", textContent: "Begin anew" });
  over.addEventListener("click", () => {
    replace(0, area.value.length, begun);
    over.remove();
  });
  status.textContent = "What you wrote before is back; not saved yet. ";
  status.append(over);
}
showLines();
void ask.check();
