/** Lets a file be chosen for a field of text; without it the text is pasted. */
for (const label of document.querySelectorAll("[data-pick]")) {
  const area = label.querySelector("textarea");
  const picker = document.createElement("input");
  picker.type = "file";
  picker.accept = ".csv,text/csv";
  picker.setAttribute("aria-label", `${label.firstChild.textContent.trim()}: choose a file`);
  picker.addEventListener("change", async () => {
    const [file] = picker.files;
    if (file !== undefined) area.value = await file.text();
  });
  label.after(picker);
}
