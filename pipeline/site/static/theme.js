"use strict";
// Loaded before anything is painted, so that a page never shows the wrong theme first. A browser
// that keeps nothing for us (storage forbidden, as some do for files) follows the system.
(() => {
  let theme = null;
  try {
    theme = localStorage.getItem("theme");
  } catch {
    // Nothing is remembered, then.
  }
  if (theme === "dark" || theme === "light") document.documentElement.dataset.theme = theme;
})();
