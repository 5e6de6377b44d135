// The page: rail, chat, panel; which of them is shown; and what the parts of the app are doing.

import { h, fill, say, icon, iconButton, announce, toast, menu, sheet, size, span } from "./dom.js";
import { get, post, patch, remove, begin, onReach, part, pause } from "./net.js";
import { Turn } from "./turn.js";
import { Panel } from "./trace.js";
import { Composer } from "./composer.js";
import { SettingsView, modelRow, chooseModel } from "./views.js";

const CARDS = [
  { icon: "sum", title: "Compute", text: "What is 17 % of 2,340 plus 58.50?" },
  { icon: "proof", title: "Prove", text: "Every knight is brave. Nobody who is brave runs away. Tom is a knight. Does Tom run away?" },
  { icon: "file", title: "Ask a file", text: "When does the red depot open on working days?", sample: true },
  { icon: "compare", title: "Compare two facts", text: "Which of the two depots opens earlier, the blue one or the red one?", sample: true },
];
const narrow = matchMedia("(max-width: 899px)");
const store = { get: (key) => { try { return localStorage.getItem(key); } catch { return null; } }, set: (key, value) => { try { localStorage.setItem(key, value); } catch { /* private window */ } } };

const page = {
  conversation: null, turns: [], titles: new Map(), state: null, reachable: true, models: null,

  start() {
    this.search = h("input.field", { type: "search", placeholder: "Search chats", "aria-label": "Search chats (Ctrl+K)", oninput: () => this.refreshList(), dir: "auto" });
    this.list = h("nav.chats", { "aria-label": "Chats" });
    this.links = { documents: this.link("documents", "file", "Documents"), settings: this.link("settings", "gear", "Settings") };
    this.rail = h("aside.rail", { id: "rail", "aria-label": "Chats and places" },
      h("div.rail-head", {}, h("a.brand", { href: "#/" }, icon("sum"), "Lottery Chat"), iconButton("close", "Close", () => this.openRail(false), { "data-narrow": true })),
      h("a.new-chat", { href: "#/new" }, icon("plus"), "New chat"), h("div.rail-search", {}, icon("search"), this.search), this.list, h("div.rail-foot", {}, Object.values(this.links)));
    this.title = h("h1.title", { dir: "auto" });
    this.chip = h("button.model-chip", { type: "button", "aria-haspopup": "menu", onclick: () => this.modelMenu() }, h("span.model-dot"), h("span.model-name", {}, "…"));
    this.panelButton = iconButton("panel", "How answers come about", () => this.openPanel(!this.panelOpen), { "aria-expanded": "false", "aria-controls": "panel" });
    const head = h("header.head", {}, iconButton("menu", "Chats", () => this.openRail(true), { "data-narrow": true }), this.title, this.chip, this.panelButton);
    this.banner = h("div.banner", { hidden: true });
    this.column = h("div.column");
    this.scroll = h("main.scroll", { tabindex: -1, id: "chat" }, this.column);
    this.jump = h("button.jump", { type: "button", hidden: true, onclick: () => this.toEnd() }, icon("down"), "Newest");
    this.composer = new Composer({ send: (wanted) => this.ask(wanted), stop: () => this.stop(), known: (one) => this.titles.set(one.id, one.title), conversation: (make) => this.chatId(make), elsewhere: () => this.dropPlace });
    this.foot = h("div.foot", {}, this.jump, this.composer.root, h("p.promise", {}, "Runs on this computer; nothing leaves it."));
    this.main = h("div.main", {}, head, this.banner, this.scroll, this.foot);
    this.panelRoot = h("aside.panel", { id: "panel", "aria-label": "How this answer came about", hidden: true });
    this.panel = new Panel(this.panelRoot, () => this.openPanel(false));
    this.veil = h("div.scrim", { hidden: true, onclick: () => { this.openRail(false); this.openPanel(false); } });
    this.settings = new SettingsView((preferences) => { if (preferences) this.state.preferences = preferences; this.models = null; this.refreshState(); });
    document.getElementById("page").replaceChildren(this.rail, this.main, this.panelRoot, this.veil, h("div.toasts", { id: "toasts" }));
    this.listen();
    this.composer.box.focus();
    onReach((reached) => { if (reached !== this.reachable) { this.reachable = reached; this.showBanner(); } });
    this.refreshList();
    this.watch();
    if (!location.hash && store.get("conversation")) history.replaceState(null, "", `#/c/${part(store.get("conversation"))}`);
    this.route();
  },

  link(name, sign, text) { return h("a.place", { href: `#/${name}` }, icon(sign), text); },

  listen() {
    addEventListener("hashchange", () => this.route());
    this.scroll.addEventListener("scroll", () => { this.jump.hidden = this.atEnd() || !this.turns.length; }, { passive: true });
    addEventListener("keydown", (event) => {
      const typing = event.target.closest?.("input, textarea, [contenteditable]");
      if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) { event.preventDefault(); this.composer.box.focus(); }
      else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") { event.preventDefault(); this.openRail(true); this.search.focus(); this.search.select(); }
      else if (event.key === "Escape" && !document.querySelector("dialog[open], .menu")) {
        if (this.overlay()) { this.openRail(false); if (narrow.matches) this.openPanel(false); }
        else if (this.composer.running) this.stop();
      }
    });
    narrow.addEventListener("change", () => { this.openRail(false); if (narrow.matches) this.openPanel(false); });
    document.addEventListener("visibilitychange", () => !document.hidden && this.refreshList());
  },

  overlay() { return narrow.matches && (this.rail.classList.contains("open") || this.panelOpen); },

  openRail(open) {
    this.rail.classList.toggle("open", open && narrow.matches);
    this.veil.hidden = !this.overlay();
  },

  openPanel(open) {
    this.panelOpen = open;
    this.panelRoot.hidden = !open;
    this.panelButton.setAttribute("aria-expanded", String(open));
    document.getElementById("page").classList.toggle("with-panel", open);
    this.veil.hidden = !this.overlay();
    if (!narrow.matches) store.set("panel", open ? "open" : "");
  },

  route() {
    const [, place = "", id = ""] = location.hash.split("/").map(decodeURIComponent);
    this.openRail(false);
    this.documents?.close();
    this.dropPlace = null;
    for (const [name, link] of Object.entries(this.links)) name === place ? link.setAttribute("aria-current", "page") : link.removeAttribute("aria-current");
    const chat = place !== "documents" && place !== "settings";
    this.column.classList.toggle("broad", place === "documents");
    this.foot.hidden = !chat;
    if (chat) this.openConversation(place === "c" && id ? id : null);
    else {
      this.leave();
      say(this.title, "");
      this.jump.hidden = true;
      if (place === "documents") this.openDocuments(id);
      else { fill(this.column, this.settings.root); this.withState((state) => this.settings.open(state)); }
      this.scroll.scrollTop = 0;
    }
    this.markChat();
  },

  /** The Documents tab is loaded when it is first wanted: the page starts without it. */
  async openDocuments(id) {
    const wanted = location.hash;
    fill(this.column, h("p.quiet", {}, "…"));
    try { this.documents ??= new (await import("./documents.js")).DocumentsView((one) => { location.hash = "#/new"; setTimeout(() => this.composer.attach(one)); }); }
    catch { fill(this.column, h("p.note.bad", {}, "This part of the page could not be loaded. Is the chat still running? Reload the page.")); return; }
    if (location.hash !== wanted) return;
    this.dropPlace = this.documents;
    fill(this.column, this.documents.root);
    this.documents.open(id);
  },

  /** The id of the chat that is shown; a new one gets its id (`make`) when a file or a choice has to belong to it. */
  async chatId(make) {
    if (this.conversation) return this.conversation;
    if (make) this.prepared ??= post("conversations").then((made) => made.id);
    try { return (await this.prepared) ?? null; } catch (problem) { this.prepared = null; throw problem; }
  },

  async withState(use) { while (!this.state) await pause(50); use(this.state); },

  leave() {
    for (const turn of this.turns) turn.dropped = true;
    this.turns = [];
    this.conversation = null;
    this.panel.clear();
    this.composer.setRunning(false);
  },

  async openConversation(id) {
    if (id && id === this.conversation && this.turns.length && this.turns[0].root.isConnected) return;
    this.leave();
    this.conversation = id;
    if (id || !this.composer.files.length) this.prepared = null;
    if (this.documentsReady) this.composer.showScope();
    if (!id) { this.empty(); return; }
    fill(this.column);
    let turns;
    try { [turns] = await Promise.all([get(`conversations/${part(id)}/turns`), this.learnTitles()]); }
    catch (problem) {
      if (this.conversation !== id) return;
      store.set("conversation", "");
      fill(this.column, h("p.note", {}, problem.message), h("a.button", { href: "#/new" }, "New chat"));
      return;
    }
    if (this.conversation !== id) return;
    store.set("conversation", id);
    for (const kept of turns) this.add(new Turn(kept, this));
    for (const turn of this.turns) if (turn.running) this.run(turn, { run: turn.run });
    this.toEnd();
    this.markChat();
    if (!narrow.matches && store.get("panel") && this.turns.length) this.turns[this.turns.length - 1].how();
  },

  reopen() {
    const id = this.conversation;
    this.leave();
    this.openConversation(id);
  },

  async learnTitles() { for (const one of await get("documents").catch(() => [])) this.titles.set(one.id, one.title); },

  empty() {
    store.set("conversation", "");
    say(this.title, "");
    document.title = "Lottery Chat";
    const card = (one) => h("button.card", { type: "button", onclick: () => this.useCard(one) }, h("span.card-title", {}, icon(one.icon), one.title), h("span.card-text", {}, one.text), one.sample && h("span.card-file", {}, "with harbour-depots.pdf, a sample"));
    fill(this.column, h("div.welcome", {}, h("h2", {}, "What would you like to know?"), h("p.quiet", {}, "A small model on this computer answers; a planner looks things up, computes and proves, and shows every step."), h("div.cards", {}, CARDS.map(card))));
    this.composer.box.focus();
  },

  async useCard(card) {
    try {
      const sample = card.sample ? await post("documents/sample") : null;
      if (sample) this.titles.set(sample.id, sample.title);
      this.ask({ question: card.text, attachments: sample ? [sample.id] : [] });
    } catch (problem) { toast(problem.message, "bad"); }
  },

  add(turn) {
    if (!this.turns.length) fill(this.column);
    this.turns.push(turn);
    this.column.append(turn.root);
  },

  /** Ask; the answer streams into a new turn. */
  async ask(wanted) {
    if (this.composer.running) { toast("One answer at a time: stop this one first."); return; }
    const turn = new Turn({ question: wanted.question, attachments: wanted.attachments }, this);
    this.add(turn);
    this.composer.setRunning(true);
    this.toEnd();
    if (this.panelOpen) this.showTrace(turn.trace);
    try {
      const begun = await begin({ ...wanted, conversation: await this.chatId(false) });
      if (turn.dropped) return;
      if (turn.stopEarly) post(`runs/${part(begun.run)}/stop`).catch(() => {});
      if (this.conversation !== begun.conversation) {
        this.conversation = begun.conversation;
        history.pushState(null, "", `#/c/${part(begun.conversation)}`);
        store.set("conversation", begun.conversation);
      }
      this.refreshList();
      await this.run(turn, begun);
    } catch (problem) { turn.fail(problem.message); }
  },

  async run(turn, begun) {
    this.composer.setRunning(true);
    if (this.panelOpen) this.showTrace(turn.trace);
    announce("Working on the answer");
    await turn.go(begun);
  },

  async stop() {
    const turn = this.turns.find((one) => one.running);
    if (!turn) { this.composer.setRunning(false); return; }
    turn.wait("Stopping…");
    turn.stopEarly = true;
    if (!turn.run) return;
    try { await post(`runs/${part(turn.run)}/stop`); } catch (problem) { toast(problem.message, "bad"); }
  },

  ended(turn) {
    if (!turn.root.isConnected) return;
    this.composer.setRunning(this.turns.some((one) => one !== turn && one.running));
    announce({ answered: "The answer is there", stopped: "Stopped", failed: "No answer came about" }[turn.answered.status] ?? "The answer ended");
    this.grown();
    this.refreshList();
    this.composer.showScope();
  },

  atEnd() { return this.scroll.scrollHeight - this.scroll.scrollTop - this.scroll.clientHeight < 120; },
  toEnd() { this.scroll.scrollTop = this.scroll.scrollHeight; this.following = true; },

  /** The column became longer: go with it only when the reader was at its end. */
  grown() {
    const bottom = this.scroll.scrollTop + this.scroll.clientHeight;
    if (bottom >= (this.height ?? 0) - 120) this.scroll.scrollTop = this.scroll.scrollHeight;
    this.height = this.scroll.scrollHeight;
    this.jump.hidden = this.atEnd();
  },

  showTrace(trace) { this.panel.show(trace); this.openPanel(true); },
  documentTitle(id) { return this.titles.get(id) ?? "a file"; },
  async otherModels(name) { return (await get("models")).filter((one) => one.installed && one.name !== name); },

  async refreshList() {
    let chats;
    try { chats = await get(`conversations?search=${part(this.search.value.trim())}`); } catch { return; }
    const items = chats.map((one) => {
      const more = iconButton("more", `More about ${one.title}`, () => this.chatMenu(more, one), { "aria-haspopup": "menu" });
      const item = h("div.chat", {}, h("a", { href: `#/c/${part(one.id)}`, dir: "auto", title: one.title }, one.title || "Untitled"), more);
      item.dataset.chat = one.id;
      return item;
    });
    fill(this.list, items.length ? items : h("p.quiet.pad", {}, this.search.value ? "No chat has these words." : "Chats will stand here."));
    this.chats = chats;
    this.markChat();
  },

  markChat() {
    for (const item of this.list.querySelectorAll(".chat")) item.classList.toggle("current", item.dataset.chat === this.conversation);
    const title = this.chats?.find((one) => one.id === this.conversation)?.title;
    if (title) { say(this.title, title); document.title = `${title} · Lottery Chat`; }
  },

  chatMenu(button, chat) {
    menu(button, [
      { text: "Rename", icon: "pen", run: () => this.rename(chat) },
      { text: "Delete", icon: "bin", bad: true, run: () => this.deleteChat(chat) },
    ]);
  },

  rename(chat) {
    const field = h("input.field", { type: "text", maxlength: 200, "aria-label": "Name", dir: "auto" });
    field.value = chat.title;
    const asked = sheet("Rename this chat", h("form.row", { onsubmit: async (event) => {
      event.preventDefault();
      asked.close();
      try { await patch(`conversations/${part(chat.id)}`, { title: field.value }); } catch (problem) { toast(problem.message, "bad"); }
      this.refreshList();
    } }, field, h("button.button.primary", {}, "Rename")));
    field.select();
  },

  deleteChat(chat) {
    const asked = sheet("Delete this chat?", h("p", { dir: "auto" }, chat.title), h("p.quiet", {}, "Its questions and answers are deleted for good."), h("div.row", {},
      h("button.button.danger", { type: "button", onclick: async () => {
        asked.close();
        try { await remove(`conversations/${part(chat.id)}`); } catch (problem) { toast(problem.message, "bad"); }
        if (this.conversation === chat.id) location.hash = "#/new";
        this.refreshList();
      } }, "Delete"), h("button.button", { type: "button", onclick: () => asked.close() }, "Keep it")));
  },

  async modelMenu() {
    try {
      const models = await get("models");
      menu(this.chip, [h("p.quiet.pad", {}, "Answers from the next question on"), ...models.map((one) => modelRow(one, async () => { document.querySelector(".menu")?.remove(); await chooseModel(one); this.models = null; this.refreshState(); }))]);
    } catch (problem) { toast(problem.message, "bad"); }
  },

  /** Look at the parts: four times a second while something is being fetched, else now and then. */
  async watch() {
    for (;;) {
      const busy = await this.refreshState();
      await pause(document.hidden ? 5000 : busy || !this.reachable ? 1000 : 6000);
    }
  },

  async refreshState() {
    try { this.state = await get("state"); } catch { return true; }
    document.documentElement.dataset.theme = this.state.preferences.theme;
    const model = this.state.parts.find((one) => one.name === "model");
    this.models ??= await get("models").catch(() => null);
    const chosen = this.models?.find((one) => one.chosen);
    const key = `${this.state.preferences.model} ${model?.state}`;
    if (key !== this.modelKey) { this.modelKey = key; this.models = null; }
    fill(this.chip, h(`span.model-dot.${model?.state ?? "waiting"}`), h("span.model-name", {}, chosen?.name ?? model?.text ?? "model"), chosen && h("small.model-where", {}, `${chosen.where}${chosen.size ? ` · ${size(chosen.size)}` : ""}`));
    this.chip.setAttribute("aria-label", `Model: ${chosen?.name ?? "none yet"}, ${model?.state ?? ""}. Choose another`);
    say(this.foot.querySelector(".promise"), { off: "Runs on this computer; nothing leaves it.", ask: "Runs on this computer; nothing leaves it, unless you allow a web search.", on: "Runs on this computer; questions may be searched on the web without asking." }[this.state.preferences.web_search]);
    this.showBanner();
    if (!this.documentsReady && this.state.parts.find((one) => one.name === "documents")?.state === "ready") { this.documentsReady = true; this.composer.showScope(); }
    return this.state.parts.some((one) => ["waiting", "loading", "downloading"].includes(one.state));
  },

  showBanner() {
    const lines = [];
    if (!this.reachable) lines.push({ bad: true, text: "The chat does not answer any more. Start it again (make run); this page goes on by itself." });
    for (const one of this.reachable ? this.state?.parts ?? [] : []) {
      if (one.state === "downloading") lines.push({ text: `Getting ${one.text}: ${size(one.done)} of ${size(one.total)}${one.seconds_left ? `, ${span(one.seconds_left)} left` : ""}.${one.name === "model" ? " Calculations, logic and document search already answer." : ""}`, part: one.total ? one.done / one.total : 0 });
      else if (one.name === "model" && one.state === "loading") lines.push({ text: one.text || "The model is loading. Calculations and logic already answer." });
      else if (one.state === "failed") lines.push({ bad: true, text: one.text || `The part “${one.name}” does not work. See lottery-chat doctor.` });
    }
    const key = JSON.stringify(lines.map((one) => one.text));
    if (key === this.bannerKey) return;
    this.bannerKey = key;
    this.banner.hidden = !lines.length;
    fill(this.banner, lines.map((one) => {
      const bar = one.part === undefined ? "" : h("span.bar", { role: "progressbar", "aria-label": "Download", "aria-valuenow": Math.round(one.part * 100), "aria-valuemin": 0, "aria-valuemax": 100 }, h("span"));
      if (bar) bar.firstChild.style.width = `${Math.round(one.part * 100)}%`;
      return h(`div.banner-line${one.bad ? ".bad" : ""}`, {}, h("span", { dir: "auto" }, one.text), bar);
    }));
  },
};

page.start();
