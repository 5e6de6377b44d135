// Documents and Settings: what stands beside the chat.

import { h, fill, icon, iconButton, toast, size, count, sheet, say } from "./dom.js";
import { get, post, patch, remove, upload, part, pause } from "./net.js";
import { openPage } from "./turn.js";

const STATES = { waiting: "waiting", reading: "reading the text", embedding: "learning to find it", ready: "ready", failed: "could not be read" };

export class DocumentsView {
  constructor(askAbout) {
    this.askAbout = askAbout;
    this.rows = new Map();
    this.list = h("ul.documents");
    this.sending = h("ul.documents");
    this.none = h("p.quiet.empty-list", { hidden: true }, "No documents yet. Add a PDF, DOCX, TXT, MD, HTML or CSV: it stays on this computer, and answers can quote it.");
    this.picker = h("input", { type: "file", multiple: true, hidden: true, accept: ".pdf,.docx,.txt,.md,.html,.htm,.csv", onchange: () => { this.addAll([...this.picker.files]); this.picker.value = ""; } });
    this.query = h("input.field", { type: "search", placeholder: "What would be found for…", "aria-label": "What would be found for", dir: "auto", enterkeyhint: "search" });
    this.found = h("div.found", { "aria-live": "polite" });
    const search = h("form.search-row", { role: "search", onsubmit: (event) => { event.preventDefault(); this.search(); } }, this.query, h("button.button", {}, "Find"));
    this.root = h("section.view", { "aria-label": "Documents" },
      h("div.view-head", {}, h("h1", {}, "Documents"), h("button.button.primary", { type: "button", onclick: () => this.picker.click() }, icon("plus"), "Add files")),
      h("p.quiet", {}, "Answers are looked for in these files. They are kept on this computer."), this.picker, this.sending, this.list, this.none,
      h("h2", {}, "Try the search"), search, this.found);
  }

  async open() {
    this.shown = true;
    while (this.shown) {
      const busy = await this.refresh();
      await pause(busy ? 500 : 1500);
    }
  }

  close() { this.shown = false; }

  async refresh() {
    let documents;
    try { documents = await get("documents"); } catch { return false; }
    const gone = new Set(this.rows.keys());
    for (const info of documents) { gone.delete(info.id); this.row(info); }
    for (const id of gone) { this.rows.get(id).root.remove(); this.rows.delete(id); }
    this.none.hidden = documents.length > 0 || this.sending.childElementCount > 0;
    return documents.some((one) => one.state !== "ready" && one.state !== "failed");
  }

  row(info) {
    let row = this.rows.get(info.id);
    if (!row) {
      row = { facts: h("span.quiet"), state: h("span.state"), bar: h("span.bar", {}, h("span")), problem: h("p.note.bad", { hidden: true, dir: "auto" }) };
      row.root = h("li.document", {}, icon("file"),
        h("div.document-words", {}, h("button.link.document-title", { type: "button", dir: "auto", onclick: () => openPage({ document: info.id, page: info.pages ? 1 : null, quote: "", title: info.title }) }, info.title), row.facts, row.bar, row.problem), row.state,
        h("button.action", { type: "button", onclick: () => this.askAbout(info) }, "Ask about it"), iconButton("bin", `Remove ${info.title}`, () => this.take(info)));
      this.rows.set(info.id, row);
      this.list.append(row.root);
    }
    say(row.facts, [info.kind.toUpperCase(), info.pages && count(info.pages, "page"), info.chunks && count(info.chunks, "passage"), size(info.size)].filter(Boolean).join(" · "));
    say(row.state, STATES[info.state] + (info.state === "reading" || info.state === "embedding" ? `, ${Math.round(info.progress * 100)} %` : ""));
    row.state.className = `state ${info.state}`;
    row.bar.hidden = info.state === "ready" || info.state === "failed";
    row.bar.firstChild.style.width = `${Math.round(info.progress * 100)}%`;
    row.problem.hidden = !info.problem;
    say(row.problem, info.problem);
  }

  addAll(files) {
    for (const file of files) {
      const bar = h("span.bar", {}, h("span"));
      const state = h("span.state", {}, "sending");
      const row = h("li.document", {}, icon("file"), h("div.document-words", {}, h("span.document-title", { dir: "auto" }, file.name), bar), state);
      this.sending.append(row);
      upload(file, (done) => { bar.firstChild.style.width = `${Math.round(done * 100)}%`; })
        .then(() => row.remove(), (problem) => { bar.remove(); row.classList.add("failed"); say(state, ""); row.append(h("p.note.bad", { dir: "auto" }, problem.message), iconButton("close", "Put away", () => row.remove())); })
        .then(() => this.refresh());
    }
  }

  take(info) {
    const asked = sheet("Remove this file?", h("p", { dir: "auto" }, info.title), h("p.quiet", {}, "It is deleted from this computer's store. Older answers keep the words they quoted."),
      h("div.row", {}, h("button.button.danger", { type: "button", onclick: async () => {
        asked.close();
        try { await remove(`documents/${part(info.id)}`); toast("Removed"); } catch (problem) { toast(problem.message, "bad"); }
        this.refresh();
      } }, "Remove"), h("button.button", { type: "button", onclick: () => asked.close() }, "Keep it")));
  }

  async search() {
    const query = this.query.value.trim();
    if (!query) return;
    fill(this.found, h("p.quiet", {}, "Looking…"));
    try {
      const passages = await get(`documents/search?query=${part(query)}`);
      fill(this.found, passages.length ? passages.map((one) => this.passage(one)) : h("p.quiet", {}, "Nothing would be found."));
    } catch (problem) { fill(this.found, h("p.note.bad", {}, problem.message)); }
  }

  passage(one) {
    const bar = h("span.score", { "aria-hidden": "true" }, h("span"));
    bar.firstChild.style.width = `${Math.round(Math.max(0, Math.min(1, one.score)) * 100)}%`;
    return h("article.passage", {}, h("header", {}, h("button.link", { type: "button", dir: "auto", onclick: () => openPage({ document: one.document, page: one.page, quote: one.text, title: one.title }) }, one.title, one.page === null ? "" : `, p. ${one.page}`), bar),
      h("p.passage-text", { dir: "auto" }, one.text), h("p.quiet", {}, `score ${one.score.toFixed(2)}`));
  }
}

const CHOICES = [
  ["mode", "How thorough", "Auto decides per question. Fast asks the model once. Thorough tries several ways and compares.", [["auto", "Auto"], ["fast", "Fast"], ["deliberate", "Thorough"]]],
  ["retrieval", "Look in documents", "Auto looks when the question needs it. Never answers from the model and the tools alone.", [["auto", "Auto"], ["always", "Always"], ["closed-book", "Never"]]],
  ["web_search", "Search the web", "Ask first shows the exact words before they leave this computer, and you can change them.", [["off", "Off"], ["ask", "Ask first"], ["on", "On"]]],
  ["theme", "Colours", "Follows the system unless you choose.", [["system", "System"], ["light", "Light"], ["dark", "Dark"]]],
];

export class SettingsView {
  constructor(changed) {
    this.changed = changed;
    this.root = h("section.view", { "aria-label": "Settings" });
  }

  async open(state) {
    const wanted = state.preferences;
    const seconds = h("input.field.short", { type: "number", min: 10, max: 900, step: 10, value: wanted.seconds, id: "seconds", onchange: () => {
      const value = Math.round(Math.max(10, Math.min(900, Number(seconds.value) || 90)));
      seconds.value = value;
      this.change({ seconds: value });
    } });
    this.models = h("div.models", {}, h("p.quiet", {}, "Looking for models…"));
    fill(this.root, h("div.view-head", {}, h("h1", {}, "Settings")),
      h("fieldset.setting", {}, h("legend", {}, "Model"), h("p.quiet", {}, "Which model answers, from the next question on. A model that is not here yet is fetched first."), this.models),
      CHOICES.map((one) => this.choice(one, wanted)),
      h("fieldset.setting", {}, h("legend", {}, "Time for an answer"), h("p.quiet", {}, "After so many seconds the best answer so far is given, with what is missing. Default 90."), h("label.row", { for: "seconds" }, seconds, "seconds")),
      h("fieldset.setting", {}, h("legend", {}, "Data"), h("p.quiet", {}, "Everything is kept in this folder; deleting it deletes everything."), h("p", {}, h("code", {}, state.home)),
        h("button.button", { type: "button", onclick: () => this.rebuild() }, "Build the search index again")),
      h("p.quiet", {}, `Lottery Chat ${state.version} · `, h("a", { href: "/plain" }, "plain page")));
    this.fillModels();
  }

  choice([name, title, words, options], wanted) {
    return h("fieldset.setting", {}, h("legend", {}, title), h("p.quiet", {}, words), h("div.choices", {}, options.map(([value, label]) =>
      h("label.choice", {}, h("input", { type: "radio", name, value, checked: wanted[name] === value, onchange: () => this.change({ [name]: value }) }), h("span", {}, label)))));
  }

  async fillModels() {
    try {
      const models = await get("models");
      fill(this.models, models.map((one) => modelRow(one, async () => { await chooseModel(one); this.fillModels(); this.changed(null); })));
    } catch (problem) { fill(this.models, h("p.note.bad", {}, problem.message)); }
  }

  async change(values) {
    try { this.changed(await patch("options", values)); } catch (problem) { toast(problem.message, "bad"); }
  }

  async rebuild() {
    toast("Building the index again. The files themselves are not touched.");
    try { toast(`Done: ${count((await post("documents/rebuild")).documents, "file")}`); } catch (problem) { toast(problem.message, "bad"); }
  }
}

/** One model with size, licence and whether it fits; chosen by a click. */
export function modelRow(one, choose) {
  const facts = [one.where, one.size && size(one.size), one.licence, `window ${one.window.toLocaleString("en")}`].filter(Boolean).join(" · ");
  const state = one.chosen ? "answers now" : one.installed ? "on this computer" : "not fetched yet";
  return h(`button.model-row${one.chosen ? ".chosen" : ""}`, { type: "button", "aria-pressed": String(one.chosen), onclick: choose },
    h("span.model-words", {}, h("b", { dir: "auto" }, one.name), h("small", {}, facts), one.note && h("small", { dir: "auto" }, one.note)),
    h("span.model-state", {}, one.chosen && icon("check"), h("small", {}, state), h(`small.${one.fits ? "fits" : "bad"}`, {}, one.fits ? "fits this machine" : "too big for this machine")));
}

export async function chooseModel(one) {
  try {
    await post("models/choose", { name: one.name });
    toast(one.installed ? `${one.name} answers from the next question on` : `${one.name} is being fetched`);
  } catch (problem) { toast(problem.message, "bad"); }
}
