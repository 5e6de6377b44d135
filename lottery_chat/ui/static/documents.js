// The Documents tab: what is kept, how far it is, in which collections; one document beside its passages.
// Loaded when the tab is first opened.

import { h, fill, icon, iconButton, toast, menu, size, count, span, sheet, say } from "./dom.js";
import { get, post, patch, remove, upload, part, pause } from "./net.js";
import { PageReader, origin } from "./look.js";
import { FoundBox } from "./found.js";
import { WholeBase } from "./whole.js";

const STATES = { waiting: "waiting", reading: "reading the text", embedding: "learning to find it", ready: "ready", failed: "could not be read" };
const SENT_AT_ONCE = 3;

export class DocumentsView {
  constructor(askAbout) {
    this.askAbout = askAbout;
    this.rows = new Map();
    this.infos = new Map();
    this.collections = [];
    this.chosen = "";
    this.queue = [];
    this.sent = 0;
    this.list = h("ul.documents", { "aria-label": "Files" });
    this.sending = h("ul.documents");
    this.more = h("p.quiet", { hidden: true });
    this.none = h("p.quiet.empty-list", {}, "Opening the documents…");
    this.pickFiles = this.picker(false);
    this.pickFolder = this.picker(true);
    this.pickBase = h("input", { type: "file", accept: ".zip,application/zip", hidden: true, onchange: () => { const [file] = this.pickBase.files; this.pickBase.value = ""; if (file) this.whole.importFrom(file); } });
    this.whole = new WholeBase(this);
    this.work = h("div.work", { hidden: true });
    this.groups = h("div.groups", { role: "group", "aria-label": "Collections" });
    this.filter = h("input.field", { type: "search", placeholder: "Filter by name", "aria-label": "Filter by name", dir: "auto", hidden: true, oninput: () => this.sift() });
    this.found = new FoundBox(() => this.chosen, (id) => this.nameOf(id));
    const add = h("button.button.primary", { type: "button", "aria-haspopup": "menu", onclick: () => menu(add, [
      { text: "Files…", icon: "file", run: () => this.pickFiles.click() },
      { text: "A folder…", note: "every file in it", icon: "plus", run: () => this.pickFolder.click() },
      { text: "A web page or PDF…", note: "by its address", icon: "globe", run: () => this.whole.askAddress() },
    ]) }, icon("plus"), "Add");
    const other = iconButton("more", "More about all documents", () => menu(other, [
      { text: "Build the search index again", note: "from the kept files; they are not touched", icon: "retry", run: () => this.whole.rebuild() },
      { text: "Check the documents", note: "files, texts and index against each other", icon: "check", run: () => this.whole.check() },
      { text: "Export everything…", note: "all files and collections as one file", icon: "down", run: () => this.whole.exportAll() },
      { text: "Import…", note: "a file that was exported before", icon: "plus", run: () => this.pickBase.click() },
      { text: this.resting ? "Go on taking in" : "Pause taking in", icon: this.resting ? "send" : "stop", run: () => this.rest(!this.resting) },
    ]), { "aria-haspopup": "menu" });
    this.overview = h("div.view-part", {}, h("div.view-head", {}, h("h1", {}, "Documents"), h("span.row", {}, add, other)),
      h("p.quiet", {}, "Answers are looked for in these files, and quote them. They stay on this computer. Drop files or a folder anywhere here."),
      this.pickFiles, this.pickFolder, this.pickBase, this.groups, this.work, this.filter, this.sending, this.more, this.list, this.none, this.found.root);
    this.detail = h("div.view-part");
    this.root = h("section.view", { "aria-label": "Documents" }, this.overview);
  }

  picker(folder) {
    const input = h("input", { type: "file", multiple: true, hidden: true, onchange: () => { this.addAll([...input.files]); input.value = ""; } });
    input.webkitdirectory = folder;
    return input;
  }

  /** Show the list, or with an id one document. */
  async open(id = "") {
    const turn = (this.turn = (this.turn ?? 0) + 1);
    this.shown = true;
    this.current = id;
    fill(this.root, id ? this.detail : this.overview);
    if (id) fill(this.detail, h("p.quiet", {}, "…"));
    let reader = !id;
    while (this.shown && turn === this.turn) {
      const busy = await this.refresh();
      if (turn !== this.turn) return;
      if (!reader && this.known) { reader = true; this.showOne(id); }
      await pause(document.hidden ? 5000 : busy ? 600 : 2500);
    }
  }

  close() { this.shown = false; }

  /** Into which collection new files go: the one that is shown. */
  into() { return this.chosen && this.chosen !== "default" ? { collection: this.chosen } : {}; }

  nameOf(id) { return this.collections.find((one) => one.id === id)?.name ?? ""; }

  async refresh() {
    let all;
    try { all = await get("documents/all"); } catch { return false; }
    this.known = true;
    this.infos = new Map(all.documents.map((one) => [one.id, one]));
    this.collections = all.collections;
    if (this.chosen && !this.nameOf(this.chosen)) this.chosen = "";
    const gone = new Set(this.rows.keys());
    for (const info of all.documents) { gone.delete(info.id); this.row(info); }
    for (const id of gone) { this.rows.get(id).root.remove(); this.rows.delete(id); }
    this.showGroups(all.documents);
    this.showWork(all.work);
    this.sift();
    return all.documents.some((one) => one.state !== "ready" && one.state !== "failed");
  }

  // -- collections ---------------------------------------------------------------------------------------------------

  showGroups(documents) {
    const rows = [["", "All", documents.length], ...this.collections.map((one) => [one.id, one.name, one.documents.length])];
    const key = JSON.stringify([this.chosen, rows]);
    if (key === this.groupKey) return;
    this.groupKey = key;
    const focused = this.groups.contains(document.activeElement);
    const chip = ([id, name, number]) => h(`button.group${id === this.chosen ? ".chosen" : ""}`, { type: "button", "aria-pressed": String(id === this.chosen), onclick: () => { this.chosen = id; this.groupKey = ""; this.showGroups([...this.infos.values()]); this.sift(); } },
      h("span", { dir: "auto" }, id === "default" ? "In no collection" : name), h("span.quiet", {}, number));
    const own = this.chosen && this.chosen !== "default";
    const about = own && iconButton("more", `More about the collection ${this.nameOf(this.chosen)}`, () => menu(about, [
      { text: "Rename", icon: "pen", run: () => this.nameCollection("Rename this collection", this.nameOf(this.chosen), (name) => patch(`collections/${part(this.chosen)}`, { name })) },
      { text: "Remove the collection", note: "its files stay", icon: "bin", bad: true, run: () => this.removeCollection() },
    ]), { "aria-haspopup": "menu" });
    fill(this.groups, (this.collections.length > 1 ? rows : []).map(chip), about, h("button.group.new", { type: "button", onclick: () => this.nameCollection("New collection", "", async (name) => { this.chosen = (await post("collections", { name })).id; }) }, icon("plus"), "New collection"));
    if (focused) this.groups.querySelector(".chosen")?.focus();
  }

  nameCollection(title, value, keep) {
    const field = h("input.field", { type: "text", maxlength: 100, "aria-label": "Name", dir: "auto", placeholder: "Contracts, Lectures, …" });
    field.value = value;
    const asked = sheet(title, h("form.row", { onsubmit: async (event) => {
      event.preventDefault();
      try { await keep(field.value); asked.close(); this.refresh(); } catch (problem) { toast(problem.message, "bad"); }
    } }, field, h("button.button.primary", {}, "Save")), value ? "" : h("p.quiet", {}, "A collection is a group of files that a chat can look into, or not."));
    field.select();
  }

  async removeCollection() {
    const name = this.nameOf(this.chosen);
    try { await remove(`collections/${part(this.chosen)}`); toast(`The collection ${name} is gone; its files stay`); } catch (problem) { toast(problem.message, "bad"); }
    this.chosen = "";
    this.refresh();
  }

  sift() {
    const words = this.filter.value.trim().toLowerCase();
    const kept = [...this.infos.values()];
    this.filter.hidden = kept.length < 8;
    let visible = 0;
    for (const info of kept) {
      const fits = (!this.chosen || info.collections.includes(this.chosen)) && info.title.toLowerCase().includes(words);
      this.rows.get(info.id).root.hidden = !fits;
      visible += fits;
    }
    this.none.hidden = visible > 0 || this.sending.childElementCount > 0;
    say(this.none, !kept.length ? "No documents yet. Add PDF, Word, PowerPoint, Excel, EPUB, HTML, text, tables, mail or source code." : words ? "No file has these words in its name." : "No files in this collection yet: add some, or put a file in from its “…” menu.");
  }

  // -- the list ------------------------------------------------------------------------------------------------------

  row(info) {
    let row = this.rows.get(info.id);
    if (!row) {
      row = { facts: h("span.quiet"), tags: h("span.tags"), state: h("span.state"), bar: h("span.bar", { role: "progressbar", "aria-label": `Taking in ${info.title}`, "aria-valuemin": 0, "aria-valuemax": 100 }, h("span")), problem: h("p.note.bad", { hidden: true, dir: "auto" }) };
      const more = iconButton("more", `More about ${info.title}`, () => menu(more, this.entries(this.infos.get(info.id) ?? info)), { "aria-haspopup": "menu" });
      row.root = h("li.document", {}, icon("file"),
        h("div.document-words", {}, h("a.document-title", { href: `#/documents/${part(info.id)}`, dir: "auto" }, info.title), row.facts, row.tags, row.bar, row.problem), row.state, more);
      this.rows.set(info.id, row);
      this.list.append(row.root);
    }
    say(row.facts, facts(info));
    const tags = [...(this.collections.length > 1 ? info.collections.filter((id) => id !== "default").map((id) => this.nameOf(id)) : []), ...(info.conversations.length && !info.collections.length ? ["only in its chat"] : []), ...(info.replaces ? ["new version"] : [])];
    if (row.tagKey !== tags.join("\n")) { row.tagKey = tags.join("\n"); fill(row.tags, tags.map((one) => h("span.tag", { dir: "auto" }, one))); }
    say(row.state, stateOf(info, this.resting));
    row.state.className = `state ${info.state}`;
    row.bar.hidden = info.state === "ready" || info.state === "failed";
    row.bar.firstChild.style.width = `${Math.round(info.progress * 100)}%`;
    row.bar.setAttribute("aria-valuenow", Math.round(info.progress * 100));
    row.problem.hidden = !info.problem;
    say(row.problem, info.problem);
  }

  entries(info) {
    const earlier = info.earlier && this.infos.get(info.earlier);
    return [
      { text: "Ask about it", icon: "send", disabled: info.state === "failed", run: () => this.askAbout(info) },
      { text: "Pages and passages", icon: "file", disabled: info.state === "failed", run: () => { location.hash = `#/documents/${part(info.id)}`; } },
      { text: "Collections…", icon: "tree", run: () => this.chooseCollections(info) },
      { text: "Replace by a newer version…", note: "the old one answers until the new one is read", icon: "retry", run: () => this.replace(info) },
      earlier && { text: "It is the newer version", note: `the older ${earlier.title} goes`, icon: "check", run: () => this.act(() => post(`documents/${part(earlier.id)}/supersede`, { by: info.id }), "The older one goes") },
      !info.collections.length && { text: "Keep for all chats", icon: "plus", run: () => this.act(() => post("collections/default/put", { documents: [info.id] }), "It can be found from every chat now") },
      { text: "Remove", icon: "bin", bad: true, run: () => this.take(info) },
    ].filter(Boolean);
  }

  async act(call, said) {
    try { await call(); toast(said); } catch (problem) { toast(problem.message, "bad"); }
    this.refresh();
  }

  chooseCollections(info) {
    const own = this.collections.filter((one) => one.id !== "default");
    const line = (one) => {
      const box = h("input", { type: "checkbox", checked: info.collections.includes(one.id), onchange: async () => {
        try { await post(`collections/${part(one.id)}/${box.checked ? "put" : "take"}`, { documents: [info.id] }); } catch (problem) { box.checked = !box.checked; toast(problem.message, "bad"); }
        this.refresh();
      } });
      return h("label.check-line", {}, box, h("span", { dir: "auto" }, one.name));
    };
    const asked = sheet("Collections of this file", h("p.quiet", { dir: "auto" }, info.title), own.length ? own.map(line) : h("p", {}, "There are no collections yet."),
      h("button.button", { type: "button", onclick: () => { asked.close(); this.nameCollection("New collection", "", async (name) => { const made = await post("collections", { name }); await post(`collections/${part(made.id)}/put`, { documents: [info.id] }); }); } }, icon("plus"), "New collection with it"));
  }

  replace(info) {
    const input = h("input", { type: "file", hidden: true, onchange: async () => {
      const [file] = input.files;
      if (!file) return;
      toast(`Sending the new version of ${info.title}…`);
      await this.act(() => upload(file, () => {}, {}, `documents/${part(info.id)}/replace`), "The old version answers until the new one is read");
    } });
    input.click();
  }

  take(info) {
    const asked = sheet("Remove this file?", h("p", { dir: "auto" }, info.title), h("p.quiet", {}, "The file, its text and its passages are deleted from this computer's store for good. Older answers keep the words they quoted."),
      h("div.row", {}, h("button.button.danger", { type: "button", onclick: async () => {
        asked.close();
        await this.act(() => remove(`documents/${part(info.id)}`), "Removed");
        if (this.current) location.hash = "#/documents";
      } }, "Remove"), h("button.button", { type: "button", onclick: () => asked.close() }, "Keep it")));
  }

  // -- taking in -----------------------------------------------------------------------------------------------------

  showWork(work) {
    this.resting = work.paused;
    const key = JSON.stringify([work.text, work.paused, work.problem]);
    if (key === this.workKey) return;
    this.workKey = key;
    this.work.hidden = !work.paused && work.waiting < 2 && !work.problem;
    this.work.classList.toggle("bad", !!work.problem);
    fill(this.work, h("span.grow", { dir: "auto" }, work.text || work.problem), h("button.button", { type: "button", onclick: () => this.rest(!work.paused) }, work.paused ? "Go on" : "Pause"));
  }

  async rest(wanted) {
    await this.act(() => post(wanted ? "documents/pause" : "documents/continue"), wanted ? "Taking in rests" : "Taking in goes on");
  }

  addAll(files) {
    this.queue.push(...files);
    while (this.sent < SENT_AT_ONCE && this.queue.length) this.send(this.queue.shift());
    this.sayQueue();
  }

  sayQueue() {
    this.more.hidden = !this.queue.length;
    say(this.more, `${count(this.queue.length, "more file")} to be sent`);
  }

  async send(file) {
    this.sent++;
    const bar = h("span.bar", {}, h("span"));
    const state = h("span.state", {}, "sending");
    const row = h("li.document", {}, icon("file"), h("div.document-words", {}, h("span.document-title", { dir: "auto" }, file.name), bar), state);
    this.sending.append(row);
    const into = this.into();
    try {
      await upload(file, (done) => { bar.firstChild.style.width = `${Math.round(done * 100)}%`; }, into);
      row.remove();
    } catch (problem) { this.refused(row, bar, state, problem); }
    this.sent--;
    this.addAll([]);
    this.refresh();
  }

  refused(row, bar, state, problem) {
    bar.remove();
    row.classList.add("failed");
    state.remove();
    row.querySelector(".document-words").append(h("p.note.bad", { dir: "auto" }, problem.message));
    row.append(iconButton("close", "Put away", () => row.remove()));
  }

  // -- one document --------------------------------------------------------------------------------------------------

  showOne(id) {
    const info = this.infos.get(id);
    const back = h("a.back", { href: "#/documents" }, icon("left"), "Documents");
    if (!info) { fill(this.detail, back, h("p.note", {}, "This document was removed.")); return; }
    const reader = new PageReader({ document: id, title: info.title, passages: true });
    reader.root.classList.add("wide");
    const more = iconButton("more", `More about ${info.title}`, () => menu(more, this.entries(this.infos.get(id) ?? info)), { "aria-haspopup": "menu" });
    fill(this.detail, back, h("div.view-head", {}, h("h1", { dir: "auto" }, info.title), h("span.row", {}, h("button.button", { type: "button", onclick: () => this.askAbout(info) }, "Ask about it"), more)),
      h("p.quiet", {}, `${facts(info)} · ${stateOf(info, this.resting)}`), info.problem ? h("p.note.bad", { dir: "auto" }, info.problem) : "",
      origin({ url: info.address, fetched: info.fetched_at }), h("p.quiet", {}, "The text as it was read. Each block is one passage: what a search finds and a quote comes from."), reader.root);
    if (info.state !== "failed") reader.show(null);
  }
}

function facts(info) {
  return [info.kind.toUpperCase(), info.pages > 1 && count(info.pages, "page"), info.chunks && count(info.chunks, "passage"), size(info.size), info.address ? `fetched ${info.fetched_at.slice(0, 10)}` : info.added_at && `added ${info.added_at.slice(0, 10)}`].filter(Boolean).map(unbroken).join(" · ");
}

/** Words that stay on one line; a date breaks at its hyphens else. */
const unbroken = (text) => text.replace(/ /g, "\u00a0").replace(/-/g, "\u2011");

function stateOf(info, resting) {
  const working = info.state === "reading" || info.state === "embedding";
  if (resting && info.state === "waiting") return "waits: taking in is paused";
  return STATES[info.state] + (working ? `, ${Math.round(info.progress * 100)} %` : "") + (info.state !== "ready" && info.state !== "failed" && info.seconds_left ? `, about ${span(info.seconds_left)} left` : "");
}
