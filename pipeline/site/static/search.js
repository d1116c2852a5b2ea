"use strict";
// The search: the months' data, one script each, from the newest on, until enough is found. What
// digests say gets into the page as text only.

(() => {
  const ENOUGH = 20;
  const form = document.getElementById("search");
  const field = document.getElementById("q");
  const status = document.getElementById("status");
  const hits = document.getElementById("hits");
  const more = document.getElementById("more");
  const months = form.dataset.months.split(" ").filter(Boolean);
  const loaded = new Map(); // month -> its digests; null where its script did not come
  const waiting = new Map(); // month -> what to do when it comes
  const HAN = /\p{Script=Han}/u;
  const LETTER = /^[^\P{L}\p{Script=Han}]/u;
  const DIGIT = /^\d/;
  const GAP = /([^\s-])([^\S\n]+|-)(?=([^\s-]))/gu;
  const DASH = /[\u2010-\u2015\u2212]/;
  let folds = new WeakMap(); // entry -> its text, folded
  let search = null; // the one whose hits are shown

  // ── Data ─────────────────────────────────────────────────────────────────────────────────────

  window.ainewsSearch = (month, digests) => loaded.set(month, digests);

  function bring(src) {
    return new Promise((done) => {
      const script = document.createElement("script");
      script.src = src;
      const end = () => {
        script.remove();
        done();
      };
      script.addEventListener("load", end);
      script.addEventListener("error", end);
      document.head.append(script);
    });
  }

  function load(month) {
    if (loaded.has(month)) return Promise.resolve();
    if (!waiting.has(month)) {
      waiting.set(month, bring(`search/${month}.js`).then(() => {
        if (!loaded.has(month)) loaded.set(month, null);
      }));
    }
    return waiting.get(month);
  }

  // ── Traditional characters ───────────────────────────────────────────────────────────────────

  // Only who asks in them needs their table: who asks in characters that GB 2312 has not.
  const simplified = new Map();
  let table = null;

  window.ainewsTraditional = (pairs) => {
    const chars = [...pairs];
    for (let i = 0; i < chars.length; i += 2) simplified.set(chars[i], chars[i + 1]);
    folds = new WeakMap();
    foldedChars.clear();
  };

  const common = (() => {
    const bytes = [];
    for (let row = 0xb0; row <= 0xf7; row += 1) {
      for (let cell = 0xa1; cell <= 0xfe; cell += 1) bytes.push(row, cell);
    }
    const chars = new Set(new TextDecoder("gb2312").decode(new Uint8Array(bytes)));
    for (const char of "後於徵") chars.delete(char); // it has a few traditional ones too
    return chars;
  })();

  async function simplify(query) {
    if ([...query].every((char) => !HAN.test(char) || common.has(char))) return;
    table ??= bring("static/traditional.js");
    await table;
  }

  // ── Matching ─────────────────────────────────────────────────────────────────────────────────

  // What makes no difference: width, case, kinds of dashes, traditional or simplified characters,
  // the blank between Chinese and other letters, and what is between the letters and the number of
  // a name (GPT-5, GPT 5, GPT5). `at` leads back to the text as it is, `gaps` holds the places
  // where something is left out.
  // Texts have many characters and few different ones.
  const foldedChars = new Map();

  function foldChar(char) {
    let plain = foldedChars.get(char);
    if (plain === undefined) {
      const pieces = [...char.normalize("NFKC").toLowerCase()];
      plain = pieces.map((piece) => (DASH.test(piece) ? "-" : simplified.get(piece) ?? piece)).join("");
      foldedChars.set(char, plain);
    }
    return plain;
  }

  function fold(text) {
    let plain = "";
    const from = [];
    let place = 0;
    for (const char of text) {
      const one = foldChar(char);
      plain += one;
      for (let i = 0; i < one.length; i += 1) from.push(place);
      place += char.length;
    }
    let folded = "";
    const at = [];
    const gaps = new Set();
    let kept = 0;
    const keep = (end) => {
      folded += plain.slice(kept, end);
      for (let i = kept; i < end; i += 1) at.push(from[i]);
    };
    for (const { index, 1: before, 2: gap, 3: after } of plain.matchAll(GAP)) {
      const start = index + before.length;
      if (!isNothing(plain[index - 1] ?? "", before, gap, after)) continue;
      keep(start);
      gaps.add(folded.length);
      kept = start + gap.length;
    }
    keep(plain.length);
    at.push(place);
    return { folded, at, gaps };
  }

  function isNothing(earlier, before, gap, after) {
    if (gap !== "-" && HAN.test(before) !== HAN.test(after)) return true;
    const named = LETTER.test(before) && DIGIT.test(after);
    // 128k 2 and a 100 are no names.
    return named && (gap === "-" ? !DIGIT.test(earlier) : LETTER.test(earlier));
  }

  function words(query) {
    const given = query.split(/\s+/).map((word) => fold(word).folded.replace(/(.)-+$/, "$1"));
    return [...new Set(given.filter(Boolean))];
  }

  // Where a word stands. What is joined over a gap is no part of a longer word, nor is a number
  // part of a longer number: o3 is not in Veo 3, nor 0.15 in 10.15.
  function* places({ folded, gaps }, word) {
    for (let i = folded.indexOf(word); i >= 0; i = folded.indexOf(word, i + 1)) {
      if (gaps.has(i) || !isPart(folded, i, word) || !isJoined(gaps, i, word)) yield i;
    }
  }

  function isPart(folded, start, word) {
    const before = folded[start - 1] ?? "";
    const number = DIGIT.test(before) || (before === "." && DIGIT.test(folded[start - 2] ?? ""));
    if (DIGIT.test(word)) return number;
    return LETTER.test(word) && (LETTER.test(before) || DIGIT.test(before));
  }

  function isJoined(gaps, start, word) {
    if (DIGIT.test(word)) return true;
    for (let i = start + 1; i < start + word.length; i += 1) if (gaps.has(i)) return true;
    return false;
  }

  // Stretches of a text that are any of the words, joined where they touch.
  function found(text, wanted) {
    const folding = fold(text);
    const { at } = folding;
    const spans = [];
    for (const word of wanted) {
      for (const i of places(folding, word)) {
        let end = i + word.length;
        while (end < at.length - 1 && at[end] === at[end - 1]) end += 1; // never half a character
        // Not as far as the next one: a gap that follows is no part of it.
        spans.push([at[i], at[end - 1] + String.fromCodePoint(text.codePointAt(at[end - 1])).length]);
      }
    }
    spans.sort((one, other) => one[0] - other[0] || one[1] - other[1]);
    const joined = [];
    for (const [start, end] of spans) {
      const last = joined.at(-1);
      if (last && start <= last[1]) last[1] = Math.max(last[1], end);
      else joined.push([start, end]);
    }
    return joined;
  }

  function folded(entry) {
    if (!folds.has(entry)) folds.set(entry, fold(`${entry[0]}\n${entry[1]}`));
    return folds.get(entry);
  }

  function* matches(digests, wanted) {
    for (const [stem, news, tools] of digests) {
      for (const [half, entries] of [["news", news], ["tools", tools]]) {
        for (const [index, entry] of entries.entries()) {
          const [title, summary, quoted] = entry;
          const folding = folded(entry);
          if (wanted.every((word) => !places(folding, word).next().done)) {
            yield { stem, id: `${half}-${index + 1}`, title, summary, quoted };
          }
        }
      }
    }
  }

  // ── Showing ──────────────────────────────────────────────────────────────────────────────────

  function element(tag, ...children) {
    const made = document.createElement(tag);
    made.append(...children);
    return made;
  }

  function lit(tag, text, wanted) {
    const made = document.createElement(tag);
    let at = 0;
    for (const [start, end] of found(text, wanted)) {
      const mark = element("mark", text.slice(start, end));
      mark.className = "hit";
      made.append(text.slice(at, start), mark);
      at = end;
    }
    made.append(text.slice(at));
    return made;
  }

  function day(stem) {
    const [year, month, date, second] = stem.split("-");
    return `${year}年${Number(month)}月${Number(date)}日${second ? `（${second}）` : ""}`;
  }

  function show(hit, wanted) {
    let list = hits.lastElementChild;
    if (list?.dataset.stem !== hit.stem) {
      const link = element("a", day(hit.stem));
      link.href = `${hit.stem}.html`;
      list = element("section", element("h2", link), document.createElement("ol"));
      list.dataset.stem = hit.stem;
      hits.append(list);
    }
    const link = lit("a", hit.title, wanted);
    link.href = `${hit.stem}.html#${hit.id}`;
    const summary = lit("p", hit.summary, wanted);
    if (hit.quoted) link.lang = summary.lang = "en";
    list.lastElementChild.append(element("li", element("h3", link), summary));
    return link;
  }

  function say(current) {
    const missing = months.filter((month) => loaded.get(month) === null).length;
    const gap = missing ? `（有 ${missing} 个月的数据没有读到）` : "";
    if (current.shown && more.hidden) status.textContent = `共找到 ${current.shown} 条${gap}`;
    else if (current.shown) status.textContent = `已找到 ${current.shown} 条，还可以看更多${gap}`;
    else status.textContent = `没有找到“${current.query}”${gap}`;
  }

  // ── One search ───────────────────────────────────────────────────────────────────────────────

  async function* everywhere(wanted) {
    for (const month of months) {
      await load(month);
      yield* matches(loaded.get(month) ?? [], wanted);
    }
  }

  // Show the next hits; one more is looked for, so that 更多 is there only when it is true.
  async function next(current) {
    more.hidden = true;
    if (!current.shown) status.textContent = "正在搜索…";
    let first = null;
    for (let count = 0; count < ENOUGH && current.ahead; count += 1) {
      const link = show(current.ahead, current.wanted);
      first ??= link;
      current.shown += 1;
      current.ahead = await take(current);
      if (current !== search) return null;
    }
    more.hidden = !current.ahead;
    say(current);
    return first;
  }

  async function take(current) {
    return (await current.rest.next()).value ?? null;
  }

  async function start(query) {
    const current = { query: query.trim(), wanted: [], rest: null, ahead: null, shown: 0 };
    search = current;
    hits.replaceChildren();
    more.hidden = true;
    if (!current.query) {
      status.textContent = "";
      return;
    }
    status.textContent = "正在搜索…";
    await simplify(query);
    current.wanted = words(query);
    current.rest = everywhere(current.wanted);
    current.ahead = await take(current);
    if (current === search) await next(current);
  }

  // ── Ready before it is asked ─────────────────────────────────────────────────────────────────

  const idle = window.requestIdleCallback ?? ((act) => setTimeout(act, 50));
  const SPARE_MS = 8;

  // While nothing else is done, so that the first question is answered as quickly as the next.
  async function prepare() {
    if (navigator.connection?.saveData) return;
    let free = null;
    for (const month of months) {
      await load(month);
      for (const [, news, tools] of loaded.get(month) ?? []) {
        if (!(free?.timeRemaining?.() > SPARE_MS)) free = await new Promise(idle);
        for (const entry of [...news, ...tools]) folded(entry);
      }
    }
  }

  // ── The address: every search has one ────────────────────────────────────────────────────────

  function asked() {
    return new URLSearchParams(location.search).get("q") ?? "";
  }

  function remember(query, how) {
    const url = query.trim() ? `?q=${encodeURIComponent(query.trim())}` : location.pathname;
    try {
      history[how](null, "", url);
    } catch {
      // Some browsers keep no history for files; the search works all the same.
    }
  }

  let pause = 0;
  field.addEventListener("input", (event) => {
    if (event.isComposing) return; // 智能体 is not searched for while it is still zhinengti
    clearTimeout(pause);
    pause = setTimeout(() => {
      remember(field.value, "replaceState");
      start(field.value);
    }, 200);
  });
  field.addEventListener("compositionend", () => field.dispatchEvent(new Event("input")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(pause);
    if (field.value.trim() !== asked()) remember(field.value, "pushState");
    start(field.value);
  });
  more.addEventListener("click", async () => (await next(search))?.focus());
  addEventListener("popstate", () => {
    field.value = asked();
    start(field.value);
  });

  document.getElementById("unscripted").hidden = true;
  form.hidden = false;
  field.value = asked();
  if (field.value) start(field.value).then(prepare);
  else {
    field.focus();
    idle(prepare);
  }
})();
