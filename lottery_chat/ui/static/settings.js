// Settings: few, each with a sentence and its default. Loaded when the place is first opened.

import { h, fill, toast, sheet, count } from "./dom.js";
import { get, post, patch, download } from "./net.js";
import { modelRow, chooseModel, inOrder } from "./models.js";
import { Servers } from "./servers.js";

const CHOICES = [
  ["mode", "How thorough", "Auto decides per question. Fast asks the model once. Thorough tries several ways and compares. Default: Auto.", [["auto", "Auto"], ["fast", "Fast"], ["deliberate", "Thorough"]]],
  ["retrieval", "Look in documents", "Auto looks when the question needs it. Never answers from the model and the tools alone. Default: Auto.", [["auto", "Auto"], ["always", "Always"], ["closed-book", "Never"]]],
  ["web_search", "Search the web", "Ask first shows the exact words before they leave this computer, and you can change them. On searches without asking. Default: Ask first.", [["off", "Off"], ["ask", "Ask first"], ["on", "On"]]],
  ["theme", "Colours", "Follows the system unless you choose. Default: System.", [["system", "System"], ["light", "Light"], ["dark", "Dark"]]],
];

export class SettingsView {
  /** `status` knows the state and is told of changes. */
  constructor(status) {
    this.status = status;
    this.root = h("section.view", { "aria-label": "Settings" });
  }

  async open() {
    const state = await this.status.known();
    const wanted = state.preferences;
    const seconds = h("input.field.short", { type: "number", min: 10, max: 900, step: 10, value: wanted.seconds, id: "seconds", onchange: () => {
      const value = Math.round(Math.max(10, Math.min(900, Number(seconds.value) || 90)));
      seconds.value = value;
      this.change({ seconds: value });
    } });
    this.models = h("div.models", {}, h("p.quiet", {}, "Looking for models…"));
    this.servers = new Servers();
    fill(this.root, h("div.view-head", {}, h("h1", {}, "Settings")),
      setting("Model", "Which model answers, from the next question on. A model that is not here yet is fetched first. Default: automatic, the best one that fits.", this.models),
      CHOICES.map((one) => this.choice(one, wanted)),
      setting("Time for an answer", "After so many seconds the best answer so far is given, with what is missing. Default: 90.", h("label.row", { for: "seconds" }, seconds, "seconds")),
      setting("Tools", "Calculator, programs, solver, tables, dates, units and web search are built in. Tools of other programs on this computer or of servers can be added (MCP); each call asks you first unless you allow it.", this.servers.root),
      setting("Data", "Everything is kept in this folder.", h("p", {}, h("code", {}, state.home)),
        h("div.row", {}, h("button.button", { type: "button", onclick: () => this.export() }, "Export everything"), h("button.button", { type: "button", onclick: () => this.rebuild() }, "Build the search index again"),
          h("button.button.warn", { type: "button", onclick: () => this.askDelete() }, "Delete everything…"))),
      h("p.quiet", {}, `Lottery Chat ${state.version} · `, h("a", { href: "/plain" }, "plain page")));
    this.fillModels();
    this.servers.open();
  }

  choice([name, title, words, options], wanted) {
    return setting(title, words, h("div.choices", {}, options.map(([value, label]) =>
      h("label.choice", {}, h("input", { type: "radio", name, value, checked: wanted[name] === value, onchange: () => this.change({ [name]: value }) }), h("span", {}, label)))));
  }

  async fillModels() {
    try {
      const models = await get("models");
      fill(this.models, inOrder(models).map((one) => modelRow(one, async () => { await chooseModel(one); this.fillModels(); this.status.changed(null); })));
    } catch (problem) { fill(this.models, h("p.note.bad", {}, problem.message)); }
  }

  async change(values) {
    try { this.status.changed(await patch("options", values)); } catch (problem) { toast(problem.message, "bad"); }
  }

  async export() {
    toast("Putting chats, documents, memory and settings into one file. The download begins when it is ready.");
    try { await download("everything"); } catch (problem) { toast(problem.message, "bad"); }
  }

  async rebuild() {
    toast("Building the index again. The files themselves are not touched.");
    try { toast(`Done: ${count((await post("documents/rebuild")).documents, "file")}`); } catch (problem) { toast(problem.message, "bad"); }
  }

  askDelete() {
    const field = h("input.field", { type: "text", "aria-label": "Write: delete everything", placeholder: "delete everything", autocomplete: "off", spellcheck: "false" });
    const said = h("p.note.bad", { hidden: true, role: "alert" });
    const asked = sheet("Delete everything?", h("p", {}, "All chats, documents, collections and memories are deleted for good. Models and settings stay. Export everything first if you may want them again."),
      h("form.stack", { onsubmit: async (event) => {
        event.preventDefault();
        try {
          const gone = await post("everything/delete", { sure: field.value.trim().toLowerCase() });
          asked.close();
          toast(`Deleted: ${count(gone.chats, "chat")}, ${count(gone.documents, "document")}, ${count(gone.memories, "memory", "memories")}`);
          location.hash = "#/new";
          location.reload();
        } catch (problem) { said.hidden = false; said.textContent = problem.message; }
      } }, h("label", {}, "To be sure, write: ", h("b", {}, "delete everything"), field), h("button.button.danger", {}, "Delete everything")), said);
    field.focus();
  }
}

export const setting = (title, words, ...rest) => h("fieldset.setting", {}, h("legend", {}, title), h("p.quiet", {}, words), rest);
