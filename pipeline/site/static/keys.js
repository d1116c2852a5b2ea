"use strict";
// j and k go to the next and the previous entry, o opens it: its evidence where it is told in full,
// else its page. Every key does what a link or a button does; without them nothing is lost.

(() => {
  const ITEMS = ".entry, .rows > li, .titles > li, .teaser:not(:has(.titles, .subjects)), .hits li, .subjects > li";

  function items() {
    return [...document.querySelectorAll(ITEMS)].filter((item) => item.getClientRects().length);
  }

  function current() {
    return document.activeElement?.closest?.(ITEMS) ?? null;
  }

  function move(step) {
    const all = items();
    const at = all.indexOf(current());
    // From nowhere on, the first one that can be seen is the next.
    const seen = all.findIndex((item) => item.getBoundingClientRect().bottom > 1);
    const next = at < 0 ? Math.max(seen, 0) : at + step;
    const link = all[next]?.querySelector("a");
    if (!link) return;
    link.focus({ preventScroll: true });
    all[next].scrollIntoView({ block: "nearest" });
  }

  function open() {
    const item = current();
    const details = item?.querySelector("details");
    if (details) details.open = !details.open;
    else item?.querySelector("a")?.click();
  }

  const KEYS = { j: () => move(1), k: () => move(-1), o: open };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
    if (!Object.hasOwn(KEYS, event.key)) return;
    event.preventDefault();
    KEYS[event.key]();
  });
})();
