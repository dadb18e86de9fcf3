/** Lets files be chosen: one that is sent whole as observations, and one for a field of text; and shows the sizes of a design while it is written. Without it texts are pasted, and a button asks. */
for (const label of document.querySelectorAll("[data-pick]")) {
  const area = label.querySelector("textarea");
  const picker = document.createElement("input");
  picker.type = "file";
  picker.accept = ".csv,text/csv";
  picker.setAttribute("aria-label", `${label.firstChild.textContent.trim()}: choose a file`);
  picker.addEventListener("change", async () => {
    const [file] = picker.files;
    picker.setCustomValidity("");
    if (file === undefined) return;
    try {
      area.value = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
      area.dispatchEvent(new Event("input", { bubbles: true }));
    } catch {
      picker.setCustomValidity("This file is no text in UTF-8. Save it as UTF-8, or give it to the command.");
      picker.reportValidity();
      picker.value = "";
    }
  });
  // What is pasted instead may be sent.
  area.addEventListener("input", () => picker.setCustomValidity(""));
  label.after(picker);
}

listenForUploads();

/** A file goes as it is, whatever its size and kind; the page that answers takes the place of this one. */
function listenForUploads() {
  for (const sending of document.querySelectorAll("[data-upload]")) listenForUpload(sending);
}

function listenForUpload(sending) {
  sending.hidden = false;
  sending.addEventListener("submit", async (event) => {
    event.preventDefault();
    const [file] = sending.querySelector("input").files;
    const state = sending.querySelector("[data-upload-state]");
    const button = sending.querySelector("button");
    button.disabled = true;
    state.textContent = "The file is being read.";
    try {
      const response = await fetch(`${sending.getAttribute("action")}?called=${encodeURIComponent(file.name)}`, {
        method: "POST",
        headers: { accept: "text/html", "content-type": "application/octet-stream" },
        body: file,
      });
      if (response.redirected) return location.assign(response.url);
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      document.querySelector("main").replaceWith(page.querySelector("main"));
      const said = document.querySelector("[autofocus], [data-sizes]");
      if (said?.matches("[data-sizes]")) said.scrollIntoView();
      else said?.focus();
      listenForUploads();
    } catch {
      state.textContent = "The file could not be sent. Is it still there, and the server running?";
      button.disabled = false;
    }
  });
}

const form = document.querySelector("[data-design]");
const restMilliseconds = 600;
let resting;
let isAsking = false;
let isStale = false;

form?.addEventListener("input", (event) => {
  if (event.target.type === "file") return;
  clearTimeout(resting);
  resting = setTimeout(ask, restMilliseconds);
});

/** One question at a time; what changes meanwhile is asked when it is answered. */
async function ask() {
  if (isAsking) {
    isStale = true;
    return;
  }
  const fields = new URLSearchParams(new FormData(form));
  if ((fields.get("history") ?? "").trim() === "" && (fields.get("dataset") ?? "") === "") return;
  fields.set("do", "size");
  const place = document.querySelector("[data-sizes]");
  isAsking = true;
  isStale = false;
  place.setAttribute("aria-busy", "true");
  const hasNone = place.childElementCount === 0;
  if (hasNone) place.innerHTML = '<p class="quiet block">How many units it needs is being worked out.</p>';
  try {
    const response = await fetch(form.action, { method: "POST", headers: { accept: "text/html" }, body: fields });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    // A page of another kind is the refusal of the whole form, as of one that is too long.
    if (page.querySelector("[data-problems]") === null) {
      const words = [...page.querySelectorAll("main .lead, main .block")].map((said) => said.textContent.trim());
      const told = Object.assign(document.createElement("p"), { className: "problems", role: "alert", textContent: words.join(" ") });
      document.querySelector("[data-problems]").replaceChildren(told);
    }
    for (const part of ["[data-problems]", "[data-sizes]"]) {
      const [shown, found] = [document.querySelector(part), page.querySelector(part)];
      // What cannot be read leaves the last sizes standing, marked as of an earlier text.
      if (found !== null && (part === "[data-problems]" || response.ok)) shown.innerHTML = found.innerHTML;
    }
    place.classList.toggle("is-stale", !response.ok);
  } catch {
    place.classList.add("is-stale");
  } finally {
    if (hasNone && place.matches(".is-stale")) place.replaceChildren();
    place.removeAttribute("aria-busy");
    isAsking = false;
    if (isStale) ask();
  }
}

// A dataset may be chosen already: by the report that led here, or by what the browser kept.
if (form !== null && document.querySelector("[data-sizes]").childElementCount === 0) ask();
