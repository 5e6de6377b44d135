// The panel on the right: one answer's plan, evidence and prompts, each where it was left; copied or played again.

import { h, iconButton, announce } from "./dom.js";

const TABS = ["Plan", "Evidence", "Prompt"];

export class Panel {
  constructor(root, onClose) {
    this.root = root;
    this.tabs = TABS.map((name, at) => h("button.tab", { type: "button", role: "tab", id: `tab-${name}`, "aria-controls": "trace-body", onclick: () => this.turn(at) }, name));
    const tabs = h("div.tabs", { role: "tablist", "aria-label": "Parts of the trace" }, this.tabs);
    tabs.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: 2 }[event.key];
      if (step) { this.turn((this.at + step) % 3); this.tabs[this.at].focus(); }
    });
    this.summary = h("div");
    this.body = h("div.trace-body", { id: "trace-body", role: "tabpanel", tabindex: 0 });
    this.again = iconButton("play", "Replay", () => this.replay(), { hidden: true });
    this.asJson = iconButton("copy", "Copy the trace as JSON", () => this.trace?.copyJson(), { hidden: true });
    root.append(h("header.panel-head", {}, h("h2", {}, "How this answer came about"), this.again, this.asJson, iconButton("close", "Close the panel", onClose)), this.summary, tabs, this.body);
    this.at = 0;
    this.places = new WeakMap();
    this.none = h("p.quiet.pad", {}, "Ask something, or press “How?” under an answer.");
    this.turn(0);
  }

  show(trace) {
    this.playing = null;
    this.original = null;
    this.put(trace);
  }

  put(trace) {
    this.trace = trace;
    this.again.hidden = this.asJson.hidden = !trace;
    this.summary.replaceChildren(trace ? trace.summary : "");
    this.turn(this.at);
  }

  clear() { this.show(null); }

  /** Play the run again in the plan; pressed once more, or another answer shown, it ends. */
  async replay() {
    if (this.playing) { this.put(this.original); this.playing = null; return; }
    const original = this.trace;
    if (!original.events.length) return;
    const [again, play] = original.replay((one) => this.playing === one);
    this.original = original;
    this.at = 0;
    this.put(again);
    this.playing = again;
    announce("The answer is played again");
    await play();
    if (this.playing === again) { this.playing = null; this.put(original); }
  }

  /** Show a tab; each tab of each trace keeps how far it was scrolled. */
  turn(at) {
    this.at = at;
    this.tabs.forEach((tab, number) => {
      tab.setAttribute("aria-selected", String(number === at));
      tab.tabIndex = number === at ? 0 : -1;
    });
    this.body.setAttribute("aria-labelledby", this.tabs[at].id);
    const shown = this.trace ? [this.trace.plan, this.trace.evidence, this.trace.prompts][at] : this.none;
    const before = this.body.firstChild;
    if (before === shown) return;
    if (before) this.places.set(before, this.body.scrollTop);
    this.body.replaceChildren(shown);
    this.body.scrollTop = this.places.get(shown) ?? 0;
  }
}
