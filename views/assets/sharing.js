/**
 * What helps to share a report: how much was said beside each link to comments, and the comments in place; a PNG of a figure, made here out of
 * its SVG file at twice its size; what is to be pasted elsewhere, copied. Without it the links lead to pages, and the server makes the PNG.
 */
const links = [...document.querySelectorAll('a[href^="comments?"]')];
const nameKey = "counterweight-name";
const partOf = (link) => new URL(link.href).searchParams.get("at");

/** How many threads each part has, and how many are open. */
async function showCounts() {
  const [first] = links;
  if (first === undefined) return;
  const address = new URL(first.href);
  address.pathname += ".json";
  address.searchParams.delete("at");
  const response = await fetch(address).catch(() => null);
  if (response === null || !response.ok) return;
  const counts = await response.json();
  for (const link of links) {
    const count = Object.hasOwn(counts, partOf(link)) ? counts[partOf(link)] : { open: 0, all: 0 };
    link.textContent = count.all === 0 ? "Comment" : count.all === 1 ? "1 comment" : `${count.all} comments`;
    link.classList.toggle("has-open", count.open > 0);
    link.title = count.open > 0 ? `${count.open} open` : "";
  }
}

/** The comments of a page as the server writes it. */
function commentsIn(text) {
  return new DOMParser().parseFromString(text, "text/html").querySelector("[data-comments]");
}

function show(place, comments) {
  place.replaceChildren(comments);
  const known = localStorage.getItem(nameKey) ?? "";
  for (const field of place.querySelectorAll("input[name=by]")) if (field.value === "") field.value = known;
}

async function open(link) {
  const response = await fetch(link.href, { headers: { accept: "text/html" } }).catch(() => null);
  const comments = response?.ok ? commentsIn(await response.text()) : null;
  if (comments === null) {
    location.assign(link.href);
    return;
  }
  // One at a time: the fields of two would bear the same names.
  close();
  const place = document.createElement("div");
  place.className = "in-place";
  place.setAttribute("role", "group");
  place.setAttribute("aria-label", "Comments");
  place.tabIndex = -1;
  show(place, comments);
  (link.closest(".links") ?? link).after(place);
  link.setAttribute("aria-expanded", "true");
  place.focus({ preventScroll: true });
}

function close() {
  document.querySelector(".in-place")?.remove();
  for (const link of links) link.removeAttribute("aria-expanded");
}

for (const link of links) {
  link.setAttribute("role", "button");
  link.addEventListener("keydown", (event) => {
    if (event.key !== " ") return;
    event.preventDefault();
    link.click();
  });
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (link.hasAttribute("aria-expanded")) close();
    else open(link);
  });
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const name = form.elements.by?.value;
  if (name !== undefined) localStorage.setItem(nameKey, name);
  const place = form.closest(".in-place");
  if (place === null) return;
  event.preventDefault();
  const sent = { method: "POST", headers: { accept: "text/html" }, body: new URLSearchParams(new FormData(form)) };
  const response = await fetch(form.action, sent).catch(() => null);
  const comments = response === null ? null : commentsIn(await response.text());
  if (comments === null) {
    form.submit();
    return;
  }
  show(place, comments);
  (place.querySelector("[role=alert]") ?? place).focus();
  showCounts();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || document.querySelector(".in-place") === null) return;
  const link = links.find((one) => one.hasAttribute("aria-expanded"));
  close();
  link?.focus();
});

for (const field of document.querySelectorAll("[data-comments] input[name=by]"))
  if (field.value === "") field.value = localStorage.getItem(nameKey) ?? "";
showCounts();

/** Without a way to draw it here the server is asked. */
async function drawPng(link) {
  const image = new Image();
  image.src = link.href.replace(".png", ".svg");
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.naturalWidth * 2, image.naturalHeight * 2];
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  const picture = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  const file = document.createElement("a");
  file.href = URL.createObjectURL(picture);
  file.download = new URL(link.href).pathname.split("/").at(-1);
  file.click();
  setTimeout(() => URL.revokeObjectURL(file.href), 60_000);
}

for (const svg of document.querySelectorAll('.links a[href*="figures/"][href*=".svg"]')) {
  if (svg.parentElement.querySelector('a[href*=".png"]') !== null) continue;
  const png = document.createElement("a");
  png.href = svg.getAttribute("href").replace(".svg", ".png");
  png.textContent = "PNG";
  svg.after(png);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.('.links a[href*=".png"]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  drawPng(link).catch(() => location.assign(link.href));
});

for (const area of document.querySelectorAll("[data-copy]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "is-quiet";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    area.select();
    await navigator.clipboard.writeText(area.value).catch(() => document.execCommand("copy"));
    button.textContent = "Copied";
  });
  area.closest("label").after(button);
}
