/** Makes sliders of the parameters that have a range, and asks for the figures while they move: one question at a time, the last value wins. */
const form = document.querySelector("[data-what-if]");
// A field of the form is called dataset, which hides the form's own.
const answers = form.getAttribute("data-answers");
const place = document.querySelector("[data-answer]");
const said = document.querySelector("[data-said]");
const status = document.querySelector("[data-status]");
const levers = [...document.querySelectorAll("[data-lever]")].map(makeLever);

// Figures follow by themselves now: no button is needed to show them.
form.classList.toggle("has-sliders", levers.length > 0);

let wanted;
let isAsking = false;
let resting;
let address;

// A history that is still being opened is asked about until the figures are there.
if (place.querySelector("[data-opening]") !== null) ask("");

/** A text field with a slider above it, where there is a range, and the way back to the version's own value. */
function makeLever(item) {
  const field = item.querySelector("input");
  const { lever: name, own, unit } = item.dataset;
  const reset = document.createElement("button");
  reset.type = "button";
  reset.className = "reset";
  reset.textContent = `Back to ${own}`;
  item.querySelector(".about").append(reset);
  const slider = unit === undefined ? undefined : makeSlider(item, field);
  const show = () => {
    const number = Number.parseFloat(field.value);
    if (slider !== undefined && !Number.isNaN(number)) {
      slider.value = String(number);
      slider.setAttribute("aria-valuetext", field.value);
    }
    reset.hidden = field.value.trim() === own;
    item.classList.toggle("is-moved", !reset.hidden);
  };
  const move = () => {
    show();
    ask(name);
  };
  field.addEventListener("input", move);
  reset.addEventListener("click", () => {
    field.value = own;
    move();
    (slider ?? field).focus();
  });
  // What stays while this one moves is made ready when it is touched.
  slider?.addEventListener("focus", () => ask(name));
  slider?.addEventListener("input", () => {
    field.value = `${Number(slider.value)}${unit}`;
    move();
  });
  show();
  return { item, name, field, own };
}

function makeSlider(item, field) {
  const { lower, upper, step } = item.dataset;
  const slider = document.createElement("input");
  Object.assign(slider, { type: "range", min: lower, max: upper, step, id: `slide.${item.dataset.lever}` });
  const label = item.querySelector("label");
  slider.setAttribute("aria-label", label.textContent);
  slider.setAttribute("aria-describedby", field.getAttribute("aria-describedby"));
  field.after(slider);
  item.classList.add("has-slider");
  return slider;
}

/** What the address and the question say: what is not moved is left out. */
function fields() {
  const query = new URLSearchParams();
  for (const { name, value } of form.querySelectorAll("input[type=hidden]")) query.set(name, value);
  for (const { name, field, own } of levers)
    if (field.value.trim() !== own && field.value.trim() !== "") query.set(`set.${name}`, field.value.trim());
  return query;
}

function ask(moving) {
  wanted = moving;
  if (!isAsking) void answerLast();
}

async function answerLast() {
  isAsking = true;
  while (wanted !== undefined) {
    const query = fields();
    const shared = `${window.location.pathname}?${query}`;
    query.set("moving", wanted);
    const moving = wanted;
    wanted = undefined;
    try {
      place.setAttribute("aria-busy", "true");
      const response = await fetch(`${answers}?${query}`);
      const answer = await response.json();
      if (answer.opening !== undefined) {
        showOpening(answer.opening);
        wanted ??= moving;
        continue;
      }
      if (answer.code === "superseded") {
        // Somebody else asks about the same history.
        await new Promise((done) => setTimeout(done, 100));
        wanted ??= moving;
        continue;
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
        showAnswer(answer.html);
        address = shared;
      }
    } catch {
      say("The server does not answer. Move the parameter again to ask once more.");
    }
  }
  place.removeAttribute("aria-busy");
  isAsking = false;
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

/** Changes the figures; tables that stand open stay open, and what had the focus has it still. */
function showAnswer(html) {
  const open = [...place.querySelectorAll("details")].map((details) => details.open);
  const stops = () => [...place.querySelectorAll("summary, a[href], [tabindex]")];
  const held = stops().indexOf(document.activeElement);
  place.innerHTML = html;
  for (const [index, details] of place.querySelectorAll("details").entries()) details.open = open[index] ?? false;
  if (held !== -1) stops()[held]?.focus({ preventScroll: true });
  say(place.querySelector("[data-headline]")?.textContent ?? "");
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
