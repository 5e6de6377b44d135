// The Lab: what was measured on this computer, and the tables of one run. Loaded when the place is first opened.

import { h, fill, icon, count, when } from "./dom.js";
import { get, part } from "./net.js";
import { render } from "./markdown.js";

export class LabView {
  constructor() {
    this.root = h("section.view", { "aria-label": "Lab" });
  }

  /** The list, or with a name one run. */
  async open(name = "") {
    const asked = (this.asked = (this.asked ?? 0) + 1);
    fill(this.root, h("p.quiet", {}, "Looking…"));
    try {
      const told = await get(name ? `lab/${part(name)}` : "lab");
      if (asked === this.asked) name ? this.showRun(name, told.report) : this.showList(told);
    } catch (problem) { if (asked === this.asked) fill(this.root, this.back(), h("p.note.bad", { dir: "auto" }, problem.message)); }
  }

  back() { return h("a.back", { href: "#/lab" }, icon("left"), "Lab"); }

  showList(runs) {
    const row = (one) => h("li.document", {}, icon("flask"), h("div.document-words", {}, h("a.document-title", { href: `#/lab/${part(one.name)}`, dir: "auto" }, one.name),
      h("span.quiet", {}, [count(one.items, "item"), one.models.join(", "), one.started && `begun ${when(one.started)}`].filter(Boolean).join(" · "))));
    fill(this.root, h("div.view-head", {}, h("h1", {}, "Lab")),
      h("p.quiet", {}, "How right the answers of this chat are, measured on this computer: the same questions by the model alone and by the whole planner, with intervals, seconds and tokens."),
      runs.length ? h("ul.documents", { "aria-label": "Runs" }, runs.map(row)) : h("p.quiet.empty-list", {}, "Nothing was measured here yet."),
      h("p.quiet", {}, "A run is started in a terminal and takes minutes to hours: ", h("code", {}, "lottery-chat lab panel --quick"), ". It is listed here as soon as it has its first line."));
  }

  showRun(name, report) {
    const body = h("div.answer-text.report");
    fill(this.root, this.back(), h("div.view-head", {}, h("h1", { dir: "auto" }, name)), body);
    render(body, report.replace(/^# .*\n+/, ""));
  }
}
