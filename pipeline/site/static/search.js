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
  let search = null; // the one whose hits are shown

  // ── Data ─────────────────────────────────────────────────────────────────────────────────────

  window.ainewsSearch = (month, digests) => loaded.set(month, digests);

  function load(month) {
    if (loaded.has(month)) return Promise.resolve();
    if (!waiting.has(month)) {
      waiting.set(month, new Promise((done) => {
        const script = document.createElement("script");
        script.src = `search/${month}.js`;
        const end = () => {
          if (!loaded.has(month)) loaded.set(month, null);
          script.remove();
          done();
        };
        script.addEventListener("load", end);
        script.addEventListener("error", end);
        document.head.append(script);
      }));
    }
    return waiting.get(month);
  }

  // ── Matching ─────────────────────────────────────────────────────────────────────────────────

  // Width, case and kinds of dashes make no difference. `at` leads back to the text as it is.
  function fold(text) {
    let folded = "";
    const at = [];
    let place = 0;
    for (const char of text) {
      const piece = char.normalize("NFKC").toLowerCase().replace(/[\u2010-\u2015\u2212]/g, "-");
      for (let i = 0; i < piece.length; i += 1) at.push(place);
      folded += piece;
      place += char.length;
    }
    at.push(place);
    return { folded, at };
  }

  function words(query) {
    return [...new Set(fold(query).folded.split(/\s+/).filter(Boolean))];
  }

  // Stretches of a text that are any of the words, joined where they touch.
  function found(text, wanted) {
    const { folded, at } = fold(text);
    const spans = [];
    for (const word of wanted) {
      for (let i = folded.indexOf(word); i >= 0; i = folded.indexOf(word, i + word.length)) {
        let end = i + word.length;
        while (end < at.length - 1 && at[end] === at[end - 1]) end += 1; // never half a character
        spans.push([at[i], at[end]]);
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

  function* matches(digests, wanted) {
    for (const [stem, news, tools] of digests) {
      for (const [half, entries] of [["news", news], ["tools", tools]]) {
        for (const [index, [title, summary, quoted]] of entries.entries()) {
          const { folded } = fold(`${title}\n${summary}`);
          if (wanted.every((word) => folded.includes(word))) {
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
    const wanted = words(query);
    search = { query: query.trim(), wanted, rest: everywhere(wanted), ahead: null, shown: 0 };
    const current = search;
    hits.replaceChildren();
    more.hidden = true;
    if (!wanted.length) {
      status.textContent = "";
      return;
    }
    status.textContent = "正在搜索…";
    current.ahead = await take(current);
    if (current === search) await next(current);
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
  if (field.value) start(field.value);
  else field.focus();
})();
