"use strict";
// The entries of a subject, by half and by recap. Without it all of them are shown.

(() => {
  const form = document.getElementById("filter");
  const shown = document.getElementById("shown");
  const days = [...document.querySelectorAll(".timeline")];
  const rows = [...document.querySelectorAll(".rows > li")];

  function filter() {
    const half = form.elements.half.value;
    const part = form.elements.part?.value ?? "";
    for (const row of rows) {
      const has = !part || row.dataset.parts.split(" ").includes(part);
      row.hidden = Boolean(half && row.dataset.half !== half) || !has;
    }
    for (const day of days) day.hidden = !day.querySelector(".rows > li:not([hidden])");
    const count = rows.filter((row) => !row.hidden).length;
    shown.textContent = half || part ? `${count} 条` : "";
  }

  form.addEventListener("change", filter);
  form.hidden = false;
  filter(); // a browser that comes back keeps what was chosen
})();
