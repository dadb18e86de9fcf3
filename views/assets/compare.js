/** Says what a comparison will take while it is built, shows the periods and groups of the history that is chosen, and lets files be chosen for texts. Without it buttons ask. */
import { inTurn } from "./live.js";

const form = document.querySelector("[data-compare]");
const restMilliseconds = 500;
let resting;
// That another history was chosen counts until its periods are there.
const ask = inTurn(estimate, (before, now) => before || now);

form.classList.add("has-script");

for (const label of form.querySelectorAll("[data-pick]")) {
  const area = label.querySelector("textarea");
  const picker = document.createElement("input");
  picker.type = "file";
  picker.accept = ".yaml,.yml,.txt,text/plain";
  picker.setAttribute("aria-label", `${label.textContent.replace(area.value, "").trim()}: choose a file`);
  picker.addEventListener("change", async () => {
    const [file] = picker.files;
    if (file === undefined) return;
    area.value = await file.text();
    area.dispatchEvent(new Event("input", { bubbles: true }));
  });
  label.after(picker);
}

form.addEventListener("input", ({ target }) => {
  if (target.type === "file" || target.name === "presetName") return;
  clearTimeout(resting);
  resting = setTimeout(ask, target.type === "radio" ? 0 : restMilliseconds, target.name === "dataset");
});
void ask(false);

async function estimate(isOtherHistory) {
  const place = form.querySelector("[data-estimate]");
  if (place.textContent === "") place.textContent = "What it will take is being worked out.";
  const fields = new URLSearchParams(new FormData(form));
  fields.set("do", "estimate");
  try {
    const response = await fetch(form.getAttribute("action"), { method: "POST", headers: { accept: "text/html" }, body: fields });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const found = page.querySelector("[data-estimate]");
    const reasons = [...page.querySelectorAll("[data-problems] li")].map((item) => item.textContent);
    place.innerHTML = found?.innerHTML ?? "";
    // While it is still being built, what is missing is said in the same place.
    if (reasons.length > 0) place.textContent = reasons.join(" ");
    // What is picked of a history stands in these places.
    if (isOtherHistory)
      for (const part of ["[data-range]", "[data-segments]"]) form.querySelector(part).innerHTML = page.querySelector(part).innerHTML;
  } catch {
    place.textContent = "The server does not answer.";
  }
}
