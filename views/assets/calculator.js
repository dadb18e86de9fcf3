/**
 * Computes again while the numbers of the form change, and brings the fields of a kind that is chosen: one question at a time, the
 * last one wins. Without it the button does both.
 */
const form = document.querySelector("[data-calculator]");
const place = document.querySelector("[data-answer]");
const answers = form.getAttribute("data-answers");
const restMilliseconds = 250;

let resting;
let asked = 0;
/** What was typed in fields that other kinds have: it comes back with them. */
const typed = new Map();

form.addEventListener("input", ({ target }) => {
  clearTimeout(resting);
  if (target.hasAttribute("data-decides")) bringFields(target.id);
  else resting = setTimeout(ask, restMilliseconds);
});

async function bringFields(id) {
  const mine = ++asked;
  const query = new URLSearchParams(new FormData(form));
  for (const [name, value] of query) typed.set(name, value);
  for (const [name, value] of typed) query.set(name, value);
  try {
    const response = await fetch(`${window.location.pathname}?${query}`, { headers: { accept: "text/html" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (mine !== asked) return;
    const [fields, answer] = [page.querySelector("[data-calculator]"), page.querySelector("[data-answer]")];
    form.replaceChildren(...fields.childNodes);
    if (answer.childElementCount > 0) place.replaceChildren(...answer.childNodes);
    place.classList.toggle("is-stale", answer.childElementCount === 0);
    const control = document.getElementById(id);
    for (let fold = control.closest("details"); fold !== null; fold = fold.parentElement.closest("details")) fold.open = true;
    control.focus();
  } catch {
    if (mine === asked) tell([{ field: id, message: "The server does not answer.", cure: "Choose once more." }]);
  }
}

async function ask() {
  const mine = ++asked;
  // What the form was shown for matters where it is sent without a script.
  const query = new URLSearchParams([...new FormData(form)].filter(([name]) => !name.startsWith("shown.")));
  place.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(`${answers}?${query}`);
    const answer = await response.json();
    if (mine !== asked) return;
    if (answer.html !== undefined) {
      place.innerHTML = answer.html;
      window.history.replaceState(undefined, "", `${window.location.pathname}?${query}`);
    }
    tell(answer.problems ?? []);
  } catch {
    if (mine === asked) tell([{ field: "", message: "The server does not answer.", cure: "Change a number to ask once more." }]);
  } finally {
    if (mine === asked) place.removeAttribute("aria-busy");
  }
}

/** Puts what is wrong beside its field, and takes away what is cured. */
function tell(problems) {
  for (const old of form.querySelectorAll(".wrong")) old.remove();
  for (const field of form.elements) field.removeAttribute?.("aria-invalid");
  place.classList.toggle("is-stale", problems.length > 0);
  for (const { field, message, cure } of problems) {
    const control = document.getElementById(field) ?? form.querySelector("button");
    control.setAttribute("aria-invalid", "true");
    control.closest("details")?.setAttribute("open", "");
    const wrong = document.createElement("strong");
    wrong.className = "wrong";
    wrong.textContent = `${message}. ${cure}`.trim();
    control.after(wrong);
  }
}
