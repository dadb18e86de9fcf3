/** Computes again while the numbers of the form change: one question at a time, the last one wins. Without it the button does. */
const form = document.querySelector("[data-calculator]");
const place = document.querySelector("[data-answer]");
const answers = form.getAttribute("data-answers");
const restMilliseconds = 250;

let resting;
let asked = 0;

form.addEventListener("input", () => {
  clearTimeout(resting);
  resting = setTimeout(ask, restMilliseconds);
});

async function ask() {
  const mine = ++asked;
  const query = new URLSearchParams(new FormData(form));
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
