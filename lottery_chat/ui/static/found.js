// "What would be found for…": the passages a question finds with their three scores, and the sentences that are read.

import { h, fill, icon } from "./dom.js";
import { get, part } from "./net.js";
import { openPage } from "./look.js";
import { scores } from "./trace.js";

const COVERS = {
  clearly: (one) => `The documents clearly cover this: the nearest passage has ${one.best.toFixed(2)} by meaning (clear from ${one.limits[1].toFixed(2)}).`,
  perhaps: (one) => `The documents may cover this: the nearest passage has ${one.best.toFixed(2)} by meaning (tried from ${one.limits[0].toFixed(2)}, clear from ${one.limits[1].toFixed(2)}).`,
  not: (one) => `The documents do not seem to cover this: the nearest passage has ${one.best.toFixed(2)} by meaning, and ${one.limits[0].toFixed(2)} is the least.`,
};

/** What the search goes by: as it is sent, and in words. */
const BY = [["", "as answers do"], ["hybrid", "meaning and words"], ["vector", "meaning alone"], ["text", "words alone"]];

export class FoundBox {
  /** `chosen()` is the id of the collection to look into, "" for all; `nameOf(id)` its name. */
  constructor(chosen, nameOf) {
    this.chosen = chosen;
    this.nameOf = nameOf;
    this.query = h("input.field", { type: "search", placeholder: "A question or a few words", "aria-label": "What would be found for", dir: "auto", enterkeyhint: "search", maxlength: 1000 });
    this.by = h("select.field", { "aria-label": "How to search", title: "How to search. Answers search as the settings say (LOTTERY_CHAT_SEARCH_BY).", onchange: () => this.search() },
      BY.map(([value, words]) => h("option", { value }, words)));
    this.found = h("div.found", { "aria-live": "polite" });
    this.root = h("section.find", { "aria-label": "Try the search" }, h("h2", {}, "What would be found for…"),
      h("p.quiet", {}, "The search that answers use, without the model: which passages a question finds, and which of their sentences are read."),
      h("form.search-row", { role: "search", onsubmit: (event) => { event.preventDefault(); this.search(); } }, this.query, this.by, h("button.button", {}, icon("search"), "Find")), this.found);
  }

  async search() {
    const query = this.query.value.trim();
    if (!query) return;
    const into = this.chosen();
    const asked = (this.asked = (this.asked ?? 0) + 1);
    fill(this.found, h("p.quiet", {}, "Looking…"));
    setTimeout(() => this.sayWhy(asked), 1500);
    try {
      const seen = await get(`documents/found?query=${part(query)}${into ? `&collection=${part(into)}` : ""}${this.by.value ? `&by=${this.by.value}` : ""}`);
      if (asked !== this.asked) return;
      const where = into ? h("p.quiet", { dir: "auto" }, `Looked in: ${into === "default" ? "files in no collection" : this.nameOf(into)}`) : "";
      fill(this.found, where, seen.hits.length ? this.told(seen) : h("p.quiet", {}, "Nothing would be found."));
    } catch (problem) { if (asked === this.asked) fill(this.found, h("p.note.bad", { dir: "auto" }, problem.message)); }
  }

  /** A search that waits for its model says so. */
  async sayWhy(asked) {
    const waits = (await get("state").catch(() => null))?.parts.find((one) => one.name === "documents" && ["loading", "downloading"].includes(one.state));
    const line = this.found.firstElementChild;
    if (waits && asked === this.asked && line?.textContent === "Looking…") line.textContent = `${waits.text} It looks by itself as soon as it is there.`;
  }

  told(seen) {
    const sentence = (one) => h("li", {}, h("button.sentence", { type: "button", onclick: () => openPage({ document: one.document, page: one.page, quote: one.text, title: one.title }) },
      h("span", { dir: "auto" }, one.text), h("small.quiet", { dir: "auto" }, one.title, one.page === null ? "" : `, p. ${one.page}`)));
    return [h(`p.verdict.${seen.covers}`, {}, COVERS[seen.covers](seen)),
      h("h3", {}, "Given to the model"), seen.sentences.length ? h("ol.sentences", {}, seen.sentences.map(sentence)) : h("p.quiet", {}, "No sentence is near enough."),
      h("h3", {}, "Passages found, best first"), h("p.quiet", {}, "Both: the two ranks put together. Meaning: nearness of vectors. Words: full text. Marked: the sentences that are read."),
      seen.hits.map((one, at) => passage(one, at + 1))];
  }
}

function passage(hit, rank) {
  const one = hit.passage;
  const points = [...one.text];
  const words = [];
  let at = 0;
  for (const [start, end] of hit.marks) {
    if (start < at) continue;
    words.push(points.slice(at, start).join(""), h("mark", {}, points.slice(start, end).join("")));
    at = end;
  }
  words.push(points.slice(at).join(""));
  const text = h("p.passage-text.whole", { dir: "auto" }, words);
  return h(`article.passage${one.used ? ".used" : ""}`, {}, h("header", {}, h("span.rank", {}, rank), h("button.link", { type: "button", dir: "auto", onclick: () => openPage({ document: one.document, page: one.page, quote: one.text, title: one.title }) }, one.title, one.page === null ? "" : `, p. ${one.page}`), one.used && h("span.tag", {}, "read")),
    hit.heading.length ? h("p.quiet.path", { dir: "auto" }, hit.heading.join(" › ")) : "", text, scores(one));
}
