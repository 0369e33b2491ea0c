/* What the pages gain with JavaScript. Nothing depends on it: without this file every page and form works, more slowly. */
(() => {
  "use strict";
  const root = document.documentElement;
  root.classList.add("js");
  const one = (selector, from = document) => from.querySelector(selector);
  const every = (selector, act, from = document) => from.querySelectorAll(selector).forEach(act);

  function announce(text) {
    const announcer = one("#announcer");
    if (announcer && announcer.textContent !== text) announcer.textContent = text;
  }

  /* ---- the verdict: blank at the first keystroke, never an answer older than the question ---- */
  const wide = window.matchMedia("(min-width: 62rem)");
  const opened = { wide: true, narrow: false, reasons: null };
  let lastWord = "";
  let edits = 0;
  let left = null; // where the reader was in the panel that is being replaced
  const panelOf = () => one("#verdict:not(.in-flow)");
  const isCompose = (target) => Boolean(target.closest?.("[data-compose]") || target.form?.matches("[data-compose]"));

  function arrange() {
    const panel = panelOf();
    if (!panel) return;
    panel.open = wide.matches ? opened.wide : opened.narrow;
    const reasons = one("[data-keep=reasons]", panel);
    if (reasons && opened.reasons !== null) reasons.open = opened.reasons;
  }

  function show(panel, state, word) {
    panel.dataset.verdict = state;
    one(".verdict-word", panel).textContent = word;
    panel.setAttribute("aria-busy", String(state === "checking"));
    const use = one(".verdict-mark use", panel);
    const icon = state === "checking" ? "dots" : "unplugged";
    use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${icon}`));
  }

  function blank(event) {
    const panel = panelOf();
    if (!panel || !isCompose(event.target)) return;
    edits += 1;
    if (panel.dataset.verdict !== "checking") show(panel, "checking", panel.dataset.wordChecking);
  }

  function unavailable(event) {
    const panel = panelOf();
    const source = event.detail?.elt;
    if (!panel || (source && !isCompose(source) && !panel.contains(source))) return;
    show(panel, "unavailable", panel.dataset.wordUnavailable);
    let say = one(".say", panel);
    if (!say) {
      say = document.createElement("p");
      say.className = "say";
      one(".verdict-body", panel).prepend(say);
    }
    say.textContent = panel.dataset.sayUnavailable;
    lastWord = "";
    announce(panel.dataset.wordUnavailable);
  }

  function welcome() {
    const panel = panelOf();
    if (!panel) return;
    arrange();
    if (left) {
      panel.scrollTop = left.scroll;
      if (left.inside) (document.getElementById(left.id) ?? one("summary", panel)).focus({ preventScroll: true });
      left = null;
    }
    panel.setAttribute("aria-busy", "false");
    if (panel.dataset.summary !== lastWord) announce(panel.dataset.summary);
    lastWord = panel.dataset.summary;
  }

  // Captured: the edit must be counted before htmx sends the request that asks about it.
  /* What is typed is asked about once it rests ("typed"); leaving the field asks nothing again, or the link that one was about to
     follow would be swapped away under the pointer. */
  const isText = (target) => target.matches?.("textarea") && isCompose(target);
  document.addEventListener("change", (event) => { if (isText(event.target)) event.stopImmediatePropagation(); }, true);
  document.addEventListener("input", (event) => { if (isText(event.target)) event.target.form.dispatchEvent(new Event("typed")); });
  document.addEventListener("input", blank, true);
  document.addEventListener("change", blank, true);
  document.addEventListener("toggle", (event) => {
    const details = event.target;
    if (details === panelOf()) opened[wide.matches ? "wide" : "narrow"] = details.open;
    else if (details.dataset?.keep === "reasons") opened.reasons = details.open;
  }, true);
  wide.addEventListener("change", arrange);
  document.addEventListener("focusin", (event) => {
    const panel = panelOf();
    if (panel?.open && !wide.matches && !panel.contains(event.target)) panel.open = false;
  });
  document.addEventListener("keydown", (event) => {
    const panel = panelOf();
    if (event.key !== "Escape" || !panel?.open || wide.matches) return;
    panel.open = false;
    one("summary", panel).focus();
  });

  document.addEventListener("htmx:beforeRequest", (event) => { event.detail.xhr.editsAtStart = edits; });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, target } = event.detail;
    if (target?.id !== "verdict") return;
    const stale = xhr.editsAtStart !== edits;
    const wrong = xhr.status !== 200 || !xhr.responseText.includes('id="verdict"');
    if (stale || wrong) event.detail.shouldSwap = false;
    else left = { scroll: target.scrollTop, inside: target.contains(document.activeElement), id: document.activeElement?.id };
    if (wrong && !stale) unavailable(event);
  });
  document.addEventListener("htmx:afterSwap", welcome);
  ["htmx:responseError", "htmx:sendError", "htmx:timeout"].forEach((name) => document.addEventListener(name, unavailable));

  /* ---- a form is sent once ---- */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-once]")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "true";
    every("button[type=submit], button:not([type])", (button) => button.setAttribute("aria-disabled", "true"), form);
  });
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    every("form[data-once][data-sent]", (form) => {
      delete form.dataset.sent;
      every("button[aria-disabled]", (button) => button.removeAttribute("aria-disabled"), form);
    });
  });

  /* ---- how many characters are left ---- */
  const counters = new WeakMap();
  function count(area) {
    const max = Number(area.dataset.max);
    let line = counters.get(area);
    if (!line) {
      line = document.createElement("span");
      line.className = "counter";
      area.after(line);
      counters.set(area, line);
    }
    const left = max - area.value.length;
    line.classList.toggle("over", left < 0);
    line.textContent = `${area.value.length} / ${max}`;
    line.hidden = area.value.length < max / 2;
    if (left === 20 || left === 0 || left === -1) announce(`${area.value.length} / ${max}`);
  }
  document.addEventListener("input", (event) => { if (event.target.matches?.("textarea[data-max]")) count(event.target); });

  /* ---- 25 minutes without a word to the server: a question; 30: the page is hidden ---- */
  function watchIdleness() {
    const dialog = one("#idle");
    if (!dialog?.showModal) return;
    const minutes = (name) => Number(dialog.dataset[name]) * 60000;
    let heard = Date.now();
    /* Several tabs are one session: what one hears keeps the others, and its end hides them all. */
    const tabs = "BroadcastChannel" in window ? new BroadcastChannel("tact") : null;
    const heardFromServer = () => { heard = Date.now(); tabs?.postMessage("heard"); };
    tabs?.addEventListener("message", (event) => {
      if (event.data === "left") heard = -Infinity;
      look();
      if (dialog.classList.contains("over")) return; // whoever signs in elsewhere next may be somebody else
      heard = Date.now();
      look();
    });
    document.addEventListener("submit", (event) => { if (event.target.matches("form[data-leaving]")) tabs?.postMessage("left"); });
    const part = (name, hidden) => { one(`[data-idle=${name}]`, dialog).hidden = hidden; };
    document.addEventListener("htmx:afterOnLoad", heardFromServer);
    function look() {
      const silence = Date.now() - heard;
      if (silence < minutes("warnMinutes")) {
        if (dialog.open) dialog.close();
        return;
      }
      const over = silence >= minutes("endMinutes");
      dialog.classList.toggle("over", over);
      part("warning", over);
      part("ended", !over);
      if (!dialog.open) dialog.showModal();
    }
    setInterval(look, 10000);
    tabs?.postMessage("heard");
    /* A page that the browser kept, come back to: shown only if its session is still open. */
    window.addEventListener("pageshow", async (event) => {
      if (event.persisted && !(await extend())) window.location.reload();
    });
    dialog.addEventListener("cancel", (event) => { if (dialog.classList.contains("over")) event.preventDefault(); });
    one("[data-idle-reload]", dialog).addEventListener("click", () => window.location.reload());
    async function extend() {
      const headers = JSON.parse(document.body.getAttribute("hx-headers") || "{}");
      try {
        const answer = await fetch(dialog.dataset.extendUrl, { method: "POST", headers, credentials: "same-origin" });
        if (!answer.ok || answer.redirected) return false;
        heardFromServer();
        return true;
      } catch { return false; /* no network: the question will come back in ten seconds */ }
    }
    one("[data-idle-extend]", dialog).addEventListener("click", async () => {
      if (dialog.dataset.extendUrl) await extend();
      dialog.close();
    });
  }

  /* ---- at each page and each piece of page ---- */
  function settle(from) {
    every("textarea[data-max]", count, from);
    every("[data-print]", (button) => { button.hidden = false; }, from);
  }
  document.addEventListener("click", (event) => { if (event.target.closest?.("[data-print]")) window.print(); });
  document.addEventListener("htmx:load", (event) => settle(event.detail.elt));
  const here = one(".nav-main [aria-current]");
  if (here) here.closest("ul").scrollLeft = here.offsetLeft - 24; // on a phone the menu scrolls: where one is must be seen
  lastWord = panelOf()?.dataset.summary ?? "";
  arrange();
  settle(document);
  one("[data-error-summary]")?.focus();
  watchIdleness();
})();
