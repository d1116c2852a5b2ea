"use strict";
// What a sentence rests on, beside it: its mark opens the English lines by hovering, by a tap or
// from the keyboard. Without this file a mark leads to the first of the lines, in the evidence below.
// The lines are copies of those; nothing here makes markup of a text.

(() => {
  const OPEN_MS = 120;
  const CLOSE_MS = 250;
  const GAP = 6;

  const panel = document.createElement("span");
  panel.id = "source";
  panel.className = "source";
  panel.setAttribute("role", "group");
  let open = null; // the mark whose lines are shown
  let pinned = false; // by a tap, a click or the keyboard: the pointer may go away
  let timer = 0;
  let waiting = null; // what the timer will do

  function marksIn(node) {
    return [...node.querySelectorAll("mark[data-pair]")];
  }

  function copyOf(node, className) {
    const copy = document.createElement("span");
    copy.className = className;
    copy.append(...[...node.cloneNode(true).childNodes]);
    return copy;
  }

  // ── What is shown ────────────────────────────────────────────────────────────────────────────

  function sentenceOf(mark) {
    return mark.previousElementSibling;
  }

  function fill(mark) {
    const entry = mark.closest(".entry");
    const head = document.createElement("span");
    head.className = "head";
    head.textContent = `原刊第 ${mark.textContent} 行`;
    const lines = mark.dataset.lines.split(" ").map((number) => {
      const line = copyOf(document.getElementById(`${entry.id}-line-${number}`), "line");
      line.lang = "en";
      line.dir = "auto";
      return line;
    });
    const own = `[data-sentence="${CSS.escape(mark.dataset.sentence)}"]`;
    const findings = [...entry.querySelectorAll(`.checks ${own}`)].map((item) => copyOf(item, "check"));
    // What was found is why a reviewer looks, and evidence may be longer than the panel.
    panel.replaceChildren(...findings, head, ...lines);
    panel.setAttribute("aria-label", `第${mark.dataset.sentence}句的出处`);
    showShared(sentenceOf(mark), lines);
  }

  // Of numbers and names those that both have.
  function showShared(sentence, lines) {
    const told = new Set(marksIn(sentence).map((mark) => mark.dataset.pair));
    const found = new Set();
    for (const mark of lines.flatMap(marksIn)) {
      if (told.has(mark.dataset.pair)) found.add(mark.dataset.pair);
      else mark.replaceWith(...mark.childNodes);
    }
    for (const mark of marksIn(sentence)) mark.classList.toggle("shared", found.has(mark.dataset.pair));
    sentence.classList.add("open");
  }

  // Below the mark, or above its sentence where only there is room; never wider than the text.
  function place() {
    if (!open) return;
    const entry = open.closest(".entry").getBoundingClientRect();
    const mark = open.getBoundingClientRect();
    const { width, height } = panel.getBoundingClientRect();
    const left = mark.left + mark.width / 2 - width / 2 - entry.left;
    const sentence = sentenceOf(open).getBoundingClientRect();
    const above = innerHeight - mark.bottom < height + GAP && sentence.top > height + GAP;
    const top = above ? sentence.top - height - GAP : mark.bottom + GAP;
    panel.style.left = `${Math.max(0, Math.min(left, entry.width - width))}px`;
    panel.style.top = `${top - entry.top}px`;
    // What scrolls can be scrolled from the keyboard; a click in it takes the focus in any case.
    panel.tabIndex = panel.scrollHeight > panel.clientHeight ? 0 : -1;
  }

  function show(mark) {
    stopWaiting();
    if (open === mark) return;
    hide();
    open = mark;
    fill(mark);
    mark.setAttribute("aria-expanded", "true");
    mark.setAttribute("aria-controls", panel.id);
    mark.after(panel);
    panel.scrollTop = 0;
    place();
  }

  function hide() {
    stopWaiting();
    pinned = false;
    if (!open) return;
    const mark = open;
    // While it is open still, so that the focus does not open it again.
    if (panel.contains(document.activeElement)) mark.focus({ preventScroll: true });
    open = null;
    panel.remove();
    mark.setAttribute("aria-expanded", "false");
    mark.removeAttribute("aria-controls");
    sentenceOf(mark).classList.remove("open");
    for (const shared of marksIn(sentenceOf(mark))) shared.classList.remove("shared");
  }

  // ── When ─────────────────────────────────────────────────────────────────────────────────────

  function stopWaiting() {
    clearTimeout(timer);
    waiting = null;
  }

  function later(act, ms) {
    if (waiting === act) return;
    stopWaiting();
    waiting = act;
    timer = setTimeout(act, ms);
  }

  function isAbout(node) {
    return open && node instanceof Node && (open.contains(node) || panel.contains(node));
  }

  function markAt(event) {
    return event.target.closest?.("a.cite");
  }

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    const mark = markAt(event);
    if (isAbout(event.target)) stopWaiting();
    else if (mark && !pinned) later(() => show(mark), OPEN_MS);
    else if (open && !pinned && document.activeElement !== open) later(hide, CLOSE_MS);
    else if (!open) stopWaiting();
  });

  document.addEventListener("focusin", (event) => {
    const mark = markAt(event);
    if (mark?.matches(":focus-visible")) show(mark);
    else if (open && !isAbout(event.target)) hide();
  });

  document.addEventListener("click", (event) => {
    const mark = markAt(event);
    if (!mark) {
      if (!isAbout(event.target)) hide();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    // From the keyboard it is open already, by its focus.
    if (open === mark && (pinned || event.detail === 0)) {
      hide();
      return;
    }
    show(mark);
    pinned = true;
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && open) {
      event.preventDefault();
      hide();
    } else if (event.key === " " && markAt(event)) {
      event.preventDefault();
      markAt(event).click();
    }
  });

  addEventListener("resize", place);

  for (const mark of document.querySelectorAll("a.cite")) {
    mark.setAttribute("role", "button");
    mark.setAttribute("aria-expanded", "false");
  }
})();
