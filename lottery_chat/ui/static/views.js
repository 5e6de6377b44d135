// Settings and the choice of a model.

import { h, fill, icon, toast, size, count } from "./dom.js";
import { get, post, patch } from "./net.js";

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
