/** Makes sliders of the parameters that have a range, and asks for the figures while they move: one question at a time, the last value wins. */
import { headlineOf, inTurn, makeSlider, showFigures } from "./live.js";

const form = document.querySelector("[data-what-if]");
// A field of the form is called dataset, which hides the form's own.
const answers = form.getAttribute("data-answers");
const place = document.querySelector("[data-answer]");
const said = document.querySelector("[data-said]");
const status = document.querySelector("[data-status]");
const ask = inTurn(answerFor);
const levers = [...document.querySelectorAll("[data-lever]")].map(makeLever);

// Figures follow by themselves now: no button is needed to show them.
form.classList.toggle("has-sliders", levers.length > 0);

let resting;
let address;
// Which question the figures in sight answer: touching a parameter asks it again, and changes nothing that is being read.
let answered = place.querySelector("[data-headline]") === null ? undefined : String(fields());

// A history that is still being opened is asked about until the figures are there.
if (place.querySelector("[data-opening]") !== null) void ask("");

/** A text field with a slider above it, where there is a range, and the way back to the version's own value. */
function makeLever(item) {
  const field = item.querySelector("input");
  const { lever: name, own, unit } = item.dataset;
  const ranged = unit === undefined ? undefined : makeSlider(item, field, () => move());
  const reset = document.createElement("button");
  reset.type = "button";
  reset.className = "reset";
  reset.textContent = `Back to ${own}`;
  item.querySelector(".about").append(reset);
  const show = () => {
    ranged?.show();
    reset.hidden = field.value.trim() === own;
    item.classList.toggle("is-moved", !reset.hidden);
  };
  const move = () => {
    show();
    void ask(name);
  };
  field.addEventListener("input", move);
  reset.addEventListener("click", () => {
    field.value = own;
    move();
    (ranged?.slider ?? field).focus();
  });
  // What stays while this one moves is made ready when it is touched.
  ranged?.slider.addEventListener("focus", () => void ask(name));
  show();
  return { item, name, field, own };
}

/** What the address and the question say: what is not moved is left out. */
function fields() {
  const query = new URLSearchParams();
  for (const { name, value } of form.querySelectorAll("input[type=hidden]")) query.set(name, value);
  for (const { name, field, own } of levers)
    if (field.value.trim() !== own && field.value.trim() !== "") query.set(`set.${name}`, field.value.trim());
  return query;
}

/** Asks for what stands in the fields. `moving`: the parameter that is touched. */
async function answerFor(moving) {
  const query = fields();
  const asked = String(query);
  query.set("moving", moving);
  place.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(`${answers}?${query}`);
    const answer = await response.json();
    if (answer.opening !== undefined) {
      showOpening(answer.opening);
      return "again";
    }
    if (answer.code === "superseded") {
      // Somebody else asks about the same history.
      await new Promise((done) => setTimeout(done, 100));
      return "again";
    }
    for (const { item, field, name } of levers)
      tell(
        item,
        field,
        answer.problems.filter((problem) => problem.field === `set.${name}`),
      );
    // Figures of values before stay in sight, but not as if they were these.
    place.classList.toggle("is-stale", answer.html === undefined);
    if (answer.html === undefined) say(wordsOf(answer.problems));
    else {
      if (asked !== answered) showFigures(place, answer.html);
      say(headlineOf(place));
      answered = asked;
      address = `${window.location.pathname}?${asked}`;
    }
  } catch {
    say("The server does not answer. Move the parameter again to ask once more.");
  }
  place.removeAttribute("aria-busy");
  return undefined;
}

/** How much of the history is read: where the figures will stand, or above those of values before. */
function showOpening({ words, percent }) {
  const part = place.querySelector("[data-opening]");
  if (part === null) return say(`Opening the history. ${words}.`);
  part.querySelector("[data-percent]").textContent = `${percent}\u00a0%`;
  part.querySelector("[data-stage]").textContent = words;
  part.querySelector("progress").value = percent;
}

/** Puts a problem beside its field, and takes it away when it is cured. */
function tell(item, field, problems) {
  const known = item.querySelector(".wrong");
  const words = wordsOf(problems);
  if (words === "") field.removeAttribute("aria-invalid");
  else field.setAttribute("aria-invalid", "true");
  if (words === "") known?.remove();
  else if (known !== null) known.textContent = words;
  else {
    const wrong = document.createElement("strong");
    wrong.className = "wrong";
    wrong.textContent = words;
    item.querySelector(".about").append(wrong);
  }
}

function wordsOf(problems) {
  return problems.map(({ message, cure }) => `${message} ${cure}`).join(" ");
}

/** At once for those who see it; for those who listen, and for the address, when the slider rests. */
function say(words) {
  said.textContent = words;
  clearTimeout(resting);
  resting = setTimeout(() => {
    status.textContent = words;
    if (address !== undefined) window.history.replaceState(undefined, "", address);
  }, 700);
}
