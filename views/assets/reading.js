/** Marks in the rail the section that is being read. The page is whole without it. */
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
