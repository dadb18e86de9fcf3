/** Offers what can be written where the caret stands: by Ctrl+Space, and while a word is written. */
import { inTurn } from "./live.js";

const form = document.querySelector("[data-editor]");
const area = form.querySelector("textarea");
const pad = form.querySelector("[data-pad]");
const said = document.querySelector("[data-said]");
const answers = form.getAttribute("data-answers");

const list = document.createElement("ul");
Object.assign(list, { id: "completions", className: "completions", hidden: true });
list.setAttribute("role", "listbox");
list.setAttribute("aria-label", "What can stand here");
pad.append(list);
area.setAttribute("aria-autocomplete", "list");
area.setAttribute("aria-controls", list.id);

let offered;
let chosen = -1;
let isForced = false;
const complete = inTurn(askWords);

area.addEventListener("input", (event) => {
  if (/^insert(Text|CompositionText)$/.test(event.inputType ?? "") && /[\p{L}\p{N}_.]$/u.test(event.data ?? "")) void complete(false);
  else if (/^delete/.test(event.inputType ?? "") && !list.hidden) void complete(isForced);
  else close();
});
area.addEventListener("blur", close);
area.addEventListener("click", close);
area.addEventListener("keydown", (event) => {
  if (event.key === " " && event.ctrlKey) {
    event.preventDefault();
    return void complete(true);
  }
  if (list.hidden) return;
  const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (move !== undefined) choose((chosen + move + offered.options.length) % offered.options.length);
  else if (event.key === "Escape") close();
  else if (event.key === "Enter" && chosen >= 0) accept(chosen);
  else if (event.key === "Tab" && !event.shiftKey) accept(Math.max(0, chosen));
  else {
    if (/^(Arrow|Home|End|Page)/.test(event.key)) close();
    return;
  }
  event.preventDefault();
});
list.addEventListener("mousedown", (event) => {
  event.preventDefault();
  const item = event.target.closest("li");
  if (item !== null) accept([...list.children].indexOf(item));
});

async function askWords(force) {
  isForced = force;
  const [text, offset] = [area.value, area.selectionStart];
  try {
    const fields = new URLSearchParams({ text, offset, dataset: form.elements.namedItem("dataset")?.value ?? "" });
    const response = await fetch(`${answers}/complete`, { method: "POST", body: fields });
    const found = await response.json();
    if (area.value === text && area.selectionStart === offset) offer(found);
  } catch {
    close();
  }
}

function offer(found) {
  if ((found.options ?? []).length === 0 || (!isForced && found.from === found.to)) {
    if (isForced) said.textContent = "Nothing is known that can stand here.";
    return close();
  }
  offered = found;
  list.replaceChildren(
    ...found.options.map(({ label, kind, about }, index) => {
      const item = document.createElement("li");
      item.id = `completion-${index}`;
      item.setAttribute("role", "option");
      for (const [tag, words] of [
        ["b", label],
        ["i", kind],
        ["small", about],
      ]) {
        const part = document.createElement(tag);
        part.textContent = words;
        item.append(part, " ");
      }
      return item;
    }),
  );
  list.hidden = false;
  list.scrollTop = 0;
  const before = area.value.slice(0, found.from).split("\n");
  const style = getComputedStyle(area);
  const left = area.offsetLeft + Number.parseFloat(style.paddingLeft) + before.at(-1).length * characterWidth() - area.scrollLeft;
  list.style.left = `${Math.max(0, Math.min(left, pad.clientWidth - list.offsetWidth))}px`;
  const below = Number.parseFloat(style.paddingTop) + before.length * rowHeight() - area.scrollTop + 4;
  // In the lower half above the line, where it hides neither the buttons nor itself.
  const isAbove = below > pad.clientHeight / 2;
  list.style.top = `${isAbove ? Math.max(0, below - rowHeight() - list.offsetHeight - 8) : below}px`;
  choose(isForced ? 0 : -1);
  said.textContent = `${found.options.length} ${found.options.length === 1 ? "word" : "words"} can stand here.`;
}

function choose(index) {
  chosen = index;
  for (const [at, item] of [...list.children].entries()) item.setAttribute("aria-selected", String(at === index));
  if (index < 0) return area.removeAttribute("aria-activedescendant");
  area.setAttribute("aria-activedescendant", `completion-${index}`);
  list.children[index].scrollIntoView({ block: "nearest" });
}

function accept(index) {
  const { from, to, options } = offered;
  close();
  const text = options[index].insert;
  area.setSelectionRange(from, to);
  // As if it were typed, so that it can be undone.
  if (!document.execCommand("insertText", false, text)) area.setRangeText(text, from, to, "end");
}

function close() {
  list.hidden = true;
  chosen = -1;
  area.removeAttribute("aria-activedescendant");
}

function rowHeight() {
  return Number.parseFloat(getComputedStyle(area).lineHeight);
}

function characterWidth() {
  const ruler = document.createElement("span");
  Object.assign(ruler, { className: "ruler", textContent: "0".repeat(100) });
  pad.append(ruler);
  const { width } = ruler.getBoundingClientRect();
  ruler.remove();
  return width / 100;
}
