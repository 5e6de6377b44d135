// What the parts of the app are doing: the model's chip in the head, the banner under it, the line under the box.

import { h, fill, say, toast, menu, size, span } from "./dom.js";
import { get, onReach, pause } from "./net.js";
import { modelRow, chooseModel, inOrder, place } from "./models.js";

const BUSY = ["waiting", "loading", "downloading"];
const LEAVES = {
  off: "Runs on this computer; nothing leaves it.",
  ask: "Runs on this computer; nothing leaves it, unless you allow a web search.",
  on: "Runs on this computer; questions may be searched on the web without asking.",
};

/** A model behind an address: what it is asked goes there. */
const AWAY = {
  off: "Questions and what they need of your files go to the model's server; nothing else leaves this computer.",
  ask: "Questions and what they need of your files go to the model's server; nothing else leaves this computer, unless you allow a web search.",
  on: "Questions and what they need of your files go to the model's server, and may be searched on the web without asking.",
};

export class Status {
  /** `ready()` is told once when documents can be searched. */
  constructor(ready) {
    this.ready = ready;
    this.state = null;
    this.reachable = true;
    this.models = null;
    this.chip = h("button.model-chip", { type: "button", "aria-haspopup": "menu", onclick: () => this.choose() }, h("span.model-dot"), h("span.model-name", {}, "…"));
    this.banner = h("div.banner", { hidden: true });
    this.promise = h("p.promise", {}, LEAVES.off);
    onReach((reached) => { if (reached !== this.reachable) { this.reachable = reached; this.showBanner(); } });
  }

  part(name) { return this.state?.parts.find((one) => one.name === name); }

  /** Wait until the first state is known. */
  async known() { while (!this.state) await pause(50); return this.state; }

  /** Look at the parts: once a second while something is being fetched, else now and then. */
  async watch() {
    for (;;) {
      const busy = await this.refresh();
      await pause(document.hidden ? 5000 : busy || !this.reachable ? 1000 : 6000);
    }
  }

  /** The preferences were changed, or another model was chosen. */
  changed(preferences) {
    if (preferences && this.state) this.state.preferences = preferences;
    this.models = null;
    return this.refresh();
  }

  async refresh() {
    try { this.state = await get("state"); } catch { return true; }
    document.documentElement.dataset.theme = this.state.preferences.theme;
    const model = this.part("model");
    const key = `${this.state.preferences.model} ${model?.state}`;
    if (key !== this.modelKey) { this.modelKey = key; this.models = null; }
    this.models ??= await get("models").catch(() => null);
    this.showChip(model);
    const away = this.models?.find((one) => one.chosen)?.where.toLowerCase() === "openai";
    say(this.promise, away ? AWAY[this.state.preferences.web_search] : LEAVES[this.state.preferences.web_search]);
    this.showBanner();
    if (!this.wasReady && this.part("documents")?.state === "ready") { this.wasReady = true; this.ready(); }
    return this.state.parts.some((one) => BUSY.includes(one.state));
  }

  showChip(model) {
    const chosen = this.models?.find((one) => one.chosen);
    const facts = [chosen && place(chosen.where), model?.speed && `${model.speed.toFixed(0)} tokens/s`, model?.memory ? `${size(model.memory)} of memory` : chosen?.size && size(chosen.size)].filter(Boolean).join(" · ");
    const name = chosen?.name ?? (!model || model.state === "ready" ? model?.text ?? "model" : model.state === "failed" ? "No model" : "Model on its way");
    const key = JSON.stringify([name, facts, model?.state]);
    if (key === this.chipKey) return;
    this.chipKey = key;
    fill(this.chip, h(`span.model-dot.${model?.state ?? "waiting"}`), h("span.model-name", {}, name), facts && h("small.model-where", {}, facts));
    this.chip.title = facts;
    this.chip.setAttribute("aria-label", `Model: ${chosen?.name ?? "none yet"}, ${[model?.state, facts].filter(Boolean).join(", ")}. Choose another`);
  }

  async choose() {
    try {
      const models = await get("models");
      const chosen = async (one) => { document.querySelector(".menu")?.remove(); this.chip.focus(); await chooseModel(one); this.changed(null); };
      menu(this.chip, [h("p.quiet.pad", {}, "Answers from the next question on"), ...inOrder(models).map((one) => modelRow(one, () => chosen(one)))]);
    } catch (problem) { toast(problem.message, "bad"); }
  }

  lines() {
    if (!this.reachable) return [{ bad: true, text: "The chat does not answer any more. Start it again (make run); this page goes on by itself." }];
    const lines = [];
    for (const one of this.state?.parts ?? []) {
      if (one.state === "downloading") lines.push({ text: `Getting ${one.text}: ${size(one.done)} of ${size(one.total)}${one.seconds_left ? `, ${span(one.seconds_left)} left` : ""}.${one.name === "model" ? " Calculations, logic and document search already answer." : ""}`, part: one.total ? one.done / one.total : 0 });
      else if (one.name === "model" && one.state === "loading") lines.push({ text: one.text || "The model is loading. Calculations and logic already answer." });
      else if (one.state === "failed") lines.push({ bad: true, text: one.text || `The part “${one.name}” does not work. See lottery-chat doctor.` });
    }
    if (this.state?.disk_low) lines.push({ bad: true, text: this.state.disk_low });
    return lines;
  }

  showBanner() {
    const lines = this.lines();
    const key = JSON.stringify(lines.map((one) => one.text));
    if (key === this.bannerKey) return;
    this.bannerKey = key;
    this.banner.hidden = !lines.length;
    fill(this.banner, lines.map((one) => {
      const bar = one.part === undefined ? "" : h("span.bar", { role: "progressbar", "aria-label": "Download", "aria-valuenow": Math.round(one.part * 100), "aria-valuemin": 0, "aria-valuemax": 100 }, h("span"));
      if (bar) bar.firstChild.style.width = `${Math.round(one.part * 100)}%`;
      return h(`div.banner-line${one.bad ? ".bad" : ""}`, {}, h("span", { dir: "auto" }, one.text), bar);
    }));
  }
}
