/** Follows a run: server-sent events move the bar; when it is over the page loads again and shows the end. */
const run = document.querySelector("[data-events]");
if (run instanceof HTMLElement && "EventSource" in window) {
  const source = new EventSource(run.dataset.events ?? "");
  source.onmessage = (event) => {
    const { state, stage, percent } = JSON.parse(event.data);
    const bar = run.querySelector("progress");
    if (bar !== null) bar.value = percent;
    const number = run.querySelector("[data-percent]");
    if (number !== null) number.textContent = `${percent}\u00a0%`;
    const words = run.querySelector("[data-stage]");
    if (words !== null) words.textContent = stage;
    document.title = document.title.replace(/^(\d+ % · )?/, `${percent} % · `);
    if (state !== "queued" && state !== "running") {
      source.close();
      window.location.reload();
    }
  };
}
