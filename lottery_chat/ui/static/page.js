// The page: rail, chat, panel; which of them is shown; and what the parts of the app are doing.

import { h, fill, say, icon, iconButton, announce, toast } from "./dom.js";
import { get, post, begin, part } from "./net.js";
import { Turn } from "./turn.js";
import { Panel } from "./panel.js";
import { Composer } from "./composer.js";
import { ChatList } from "./chats.js";
import { Status } from "./status.js";

const CARDS = [
  { icon: "sum", title: "Compute", text: "What is 17 % of 2,340 plus 58.50?" },
  { icon: "proof", title: "Prove", text: "Every knight is brave. Nobody who is brave runs away. Tom is a knight. Does Tom run away?" },
  { icon: "file", title: "Ask a file", text: "When does the red depot open on working days?", sample: true },
  { icon: "compare", title: "Compare two facts", text: "Which of the two depots opens earlier, the blue one or the red one?", sample: true },
];
const narrow = matchMedia("(max-width: 899px)");
const store = { get: (key) => { try { return localStorage.getItem(key); } catch { return null; } }, set: (key, value) => { try { localStorage.setItem(key, value); } catch { /* private window */ } } };

/** The places beside the chat, each loaded when it is first opened: the page starts without them. */
const PLACES = {
  documents: { sign: "file", text: "Documents", broad: true, load: async (page) => new (await import("./documents.js")).DocumentsView((one) => { location.hash = "#/new"; setTimeout(() => page.composer.attach(one)); }) },
  memory: { sign: "bookmark", text: "Memory", load: async () => new (await import("./memory.js")).MemoryView() },
  lab: { sign: "flask", text: "Lab", broad: true, load: async () => new (await import("./lab.js")).LabView() },
  settings: { sign: "gear", text: "Settings", load: async (page) => new (await import("./settings.js")).SettingsView(page.status) },
};

const page = {
  conversation: null, turns: [], titles: new Map(), views: {}, following: true,

  start() {
    this.status = new Status(() => { this.documentsReady = true; this.composer.showScope(); });
    this.chats = new ChatList({
      current: () => this.conversation, marked: (title) => { say(this.title, title); document.title = `${title} · Lottery Chat`; },
      left: (id) => { if (this.conversation === id) location.hash = "#/new"; },
    });
    this.links = Object.fromEntries(Object.entries(PLACES).map(([name, one]) => [name, h("a.place", { href: `#/${name}` }, icon(one.sign), one.text)]));
    this.rail = h("aside.rail", { id: "rail", "aria-label": "Chats and places" },
      h("div.rail-head", {}, h("a.brand", { href: "#/" }, icon("sum"), "Lottery Chat"), iconButton("close", "Close", () => this.openRail(false), { "data-narrow": true })),
      h("a.new-chat", { href: "#/new" }, icon("plus"), "New chat"), h("div.rail-search", {}, icon("search"), this.chats.search), this.chats.list, h("div.rail-foot", {}, Object.values(this.links)));
    this.title = h("h1.title", { dir: "auto" });
    this.panelButton = iconButton("panel", "How answers come about", () => this.openPanel(!this.panelOpen), { "aria-expanded": "false", "aria-controls": "panel" });
    this.railButton = iconButton("menu", "Chats", () => this.openRail(true), { "data-narrow": true });
    const head = h("header.head", {}, this.railButton, this.title, this.status.chip, this.panelButton);
    this.column = h("div.column");
    this.scroll = h("main.scroll", { tabindex: -1, id: "chat" }, this.column);
    this.jump = h("button.jump", { type: "button", hidden: true, onclick: () => this.toEnd() }, icon("down"), "Newest");
    this.composer = new Composer({ send: (wanted) => this.ask(wanted), stop: () => this.stop(), known: (one) => this.titles.set(one.id, one.title), conversation: (make) => this.chatId(make), elsewhere: () => this.dropPlace });
    this.foot = h("div.foot", {}, this.jump, this.composer.root, this.status.promise);
    this.main = h("div.main", {}, head, this.status.banner, this.scroll, this.foot);
    this.panelRoot = h("aside.panel", { id: "panel", "aria-label": "How this answer came about", hidden: true });
    this.panel = new Panel(this.panelRoot, () => this.openPanel(false));
    this.veil = h("div.scrim", { hidden: true, onclick: () => { this.openRail(false); this.openPanel(false); } });
    document.getElementById("page").replaceChildren(this.rail, this.main, this.panelRoot, this.veil, h("div.toasts", { id: "toasts" }));
    this.listen();
    this.focusBox();
    this.chats.refresh();
    this.status.watch();
    if (!location.hash && store.get("conversation")) history.replaceState(null, "", `#/c/${part(store.get("conversation"))}`);
    this.route();
  },

  /** Ready to type; where a keyboard would slide over the page, it waits to be touched. */
  focusBox() { if (!matchMedia("(pointer: coarse)").matches) this.composer.box.focus(); },

  listen() {
    addEventListener("hashchange", () => this.route());
    this.scroll.addEventListener("scroll", () => { this.following = this.atEnd(); this.jump.hidden = this.following || !this.turns.length; }, { passive: true });
    new ResizeObserver(() => { if (this.following && this.turns.length) this.toEnd(); }).observe(this.scroll);
    addEventListener("keydown", (event) => {
      const typing = event.target.closest?.("input, textarea, [contenteditable]");
      if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) { event.preventDefault(); this.composer.box.focus(); }
      else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") { event.preventDefault(); this.openRail(true); this.chats.search.focus(); this.chats.search.select(); }
      else if (event.key === "Escape" && !document.querySelector("dialog[open], .menu")) {
        if (this.overlay()) { this.openRail(false); if (narrow.matches) this.openPanel(false); }
        else if (this.composer.running) this.stop();
      }
    });
    narrow.addEventListener("change", () => { this.openRail(false); if (narrow.matches) this.openPanel(false); else this.cover(); });
    document.addEventListener("visibilitychange", () => !document.hidden && this.chats.refresh());
  },

  overlay() { return narrow.matches && (this.rail.classList.contains("open") || this.panelOpen); },

  /** What lies under an open sheet cannot be reached, by no key either; closing it gives the focus back. */
  cover(opened = null) {
    const over = this.overlay();
    this.veil.hidden = !over;
    if (over && !this.main.inert) this.before = document.activeElement;
    this.main.inert = over;
    if (opened) opened.querySelector(".icon-button[aria-label^='Close']")?.focus();
    else if (!over && this.before?.isConnected) { this.before.focus(); this.before = null; }
  },

  openRail(open) {
    const wanted = open && narrow.matches;
    if (wanted === this.rail.classList.contains("open")) return;
    this.rail.classList.toggle("open", wanted);
    this.cover(wanted && this.rail);
  },

  openPanel(open) {
    const changed = open !== !!this.panelOpen;
    this.panelOpen = open;
    this.panelRoot.hidden = !open;
    this.panelButton.setAttribute("aria-expanded", String(open));
    document.getElementById("page").classList.toggle("with-panel", open);
    if (changed) this.cover(open && narrow.matches && this.panelRoot);
    if (!narrow.matches) store.set("panel", open ? "open" : "");
  },

  route() {
    const [, place = "", id = ""] = location.hash.split("/").map(decodeURIComponent);
    this.openRail(false);
    for (const view of Object.values(this.views)) view.close?.();
    this.dropPlace = null;
    for (const [name, link] of Object.entries(this.links)) name === place ? link.setAttribute("aria-current", "page") : link.removeAttribute("aria-current");
    const other = PLACES[place];
    this.column.classList.toggle("broad", !!other?.broad);
    this.foot.hidden = this.panelButton.hidden = !!other;
    if (!other) this.openConversation(place === "c" && id ? id : null);
    else {
      if (this.panelOpen) { const kept = store.get("panel"); this.openPanel(false); store.set("panel", kept ?? ""); }
      this.leave();
      say(this.title, "");
      document.title = `${other.text} · Lottery Chat`;
      this.jump.hidden = true;
      this.openPlace(place, id);
      this.scroll.scrollTop = 0;
    }
    this.chats.mark();
  },

  async openPlace(name, id) {
    const wanted = location.hash;
    if (!this.views[name]) fill(this.column, h("p.quiet", {}, "…"));
    try { this.views[name] ??= await PLACES[name].load(this); }
    catch { fill(this.column, h("p.note.bad", {}, "This part of the page could not be loaded. Is the chat still running? Reload the page.")); return; }
    if (location.hash !== wanted) return;
    const view = this.views[name];
    if (view.addAll) this.dropPlace = view;
    fill(this.column, view.root);
    view.open(id);
  },

  /** The id of the chat that is shown; a new one gets its id (`make`) when a file or a choice has to belong to it. */
  async chatId(make) {
    if (this.conversation) return this.conversation;
    if (make) this.prepared ??= post("conversations").then((made) => made.id);
    try { return (await this.prepared) ?? null; } catch (problem) { this.prepared = null; throw problem; }
  },

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
    for (const turn of this.turns) if (turn.running) this.run(turn, { run: turn.run, conversation: id });
    this.toEnd();
    this.chats.mark();
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
    this.focusBox();
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
      this.chats.refresh();
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
    this.chats.refresh();
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
  async otherModels(name) { return (await get("models")).filter((one) => one.installed && one.name !== name && one.name !== "auto"); },
};

page.start();
