"use strict";
// What pages do beyond being read: the theme's button, evidence unfolded by its address, the other
// places of a mark, and `/` for the search. Without any of it every page can be read whole.

(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");

  // ── Theme ────────────────────────────────────────────────────────────────────────────────────

  const button = document.getElementById("theme");

  function isDark() {
    return root.dataset.theme ? root.dataset.theme === "dark" : system.matches;
  }

  function showTheme() {
    button.setAttribute("aria-pressed", String(isDark()));
  }

  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    try {
      localStorage.setItem("theme", root.dataset.theme);
    } catch {
      // Storage is forbidden: the choice holds for this page.
    }
    showTheme();
  });
  system.addEventListener("change", showTheme);
  showTheme();
  button.hidden = false;

  // ── Evidence ─────────────────────────────────────────────────────────────────────────────────

  function unfold() {
    let id = location.hash.slice(1);
    try {
      id = decodeURIComponent(id);
    } catch {
      return; // no address of ours
    }
    const entry = id && document.getElementById(id)?.closest(".entry");
    const details = entry && entry.querySelector("details");
    if (details) details.open = true;
  }

  addEventListener("hashchange", unfold);
  unfold();

  function light(event, on) {
    const mark = event.target.closest?.("mark[data-pair]");
    const entry = mark?.closest(".entry");
    if (!entry?.querySelector("details[open], .source")) return;
    for (const other of entry.querySelectorAll("mark[data-pair]")) {
      if (other.dataset.pair === mark.dataset.pair) other.classList.toggle("lit", on);
    }
  }

  document.addEventListener("mouseover", (event) => light(event, true));
  document.addEventListener("mouseout", (event) => light(event, false));

  // ── Search from anywhere ─────────────────────────────────────────────────────────────────────

  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
    event.preventDefault();
    const field = document.getElementById("q");
    if (field) field.focus();
    else document.querySelector('header nav a[href$="search.html"]')?.click();
  });
})();
