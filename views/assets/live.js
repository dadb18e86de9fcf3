/** What the scripts of pages share that answer while somebody types: questions in turn, sliders, and figures that change. */

/**
 * One question at a time, the last one wins: what is asked meanwhile is asked when the one before is answered. An answer `again` asks the
 * same once more. `join`: of two that wait, the one that is asked.
 */
export function inTurn(answer, join = (_, later) => later) {
  let wanted;
  let isAsking = false;
  return async (question) => {
    wanted = wanted === undefined ? { question } : { question: join(wanted.question, question) };
    if (isAsking) return;
    isAsking = true;
    while (wanted !== undefined) {
      const now = wanted;
      wanted = undefined;
      if ((await answer(now.question)) === "again") wanted ??= now;
    }
    isAsking = false;
  };
}

/** A slider beside the field of a number that has a range. `show`: puts it where the field's number is. */
export function makeSlider(item, field, move) {
  const { lever, lower, upper, step, unit } = item.dataset;
  const slider = document.createElement("input");
  Object.assign(slider, { type: "range", min: lower, max: upper, step, id: `slide.${lever}` });
  slider.setAttribute("aria-label", item.querySelector("label").textContent);
  slider.setAttribute("aria-describedby", field.getAttribute("aria-describedby"));
  field.after(slider);
  slider.addEventListener("input", () => {
    field.value = `${Number(slider.value)}${unit}`;
    move();
  });
  const show = () => {
    const number = Number.parseFloat(field.value);
    if (Number.isNaN(number)) return;
    slider.value = String(number);
    slider.setAttribute("aria-valuetext", field.value);
  };
  return { slider, show };
}

/** Changes figures; tables that stand open stay open, and what had the focus has it still. */
export function showFigures(place, html) {
  const open = [...place.querySelectorAll("details")].map((details) => details.open);
  const stops = () => [...place.querySelectorAll("summary, a[href], [tabindex]")];
  const held = stops().indexOf(document.activeElement);
  place.innerHTML = html;
  for (const [index, details] of place.querySelectorAll("details").entries()) details.open = open[index] ?? false;
  if (held !== -1) stops()[held]?.focus({ preventScroll: true });
}

/** What the figures in sight say first. */
export function headlineOf(place) {
  return place.querySelector("[data-headline]")?.textContent ?? "";
}
