// Memory: what is remembered, from where, forget. Loaded when the place is first opened.

import { h, fill, iconButton, toast, count, when } from "./dom.js";
import { get, remove, part } from "./net.js";

const KINDS = { notes: "note" };
const SHOWN = 50;

export class MemoryView {
  constructor() {
    this.filter = h("input.field", { type: "search", placeholder: "Search what is remembered", "aria-label": "Search what is remembered", dir: "auto", hidden: true, oninput: () => this.show() });
    this.notes = h("div");
    this.answers = h("div");
    this.root = h("section.view", { "aria-label": "Memory" }, h("div.view-head", {}, h("h1", {}, "Memory")),
      h("p.quiet", {}, "What later answers may use from earlier chats. It stays on this computer. An answer that comes from here carries the mark “Remembered”."), this.filter,
      h("h2", {}, "Notes"), h("p.quiet", {}, "Say “remember that …” in a chat, and it is kept here."), this.notes,
      h("h2", {}, "Checked answers"), h("p.quiet", {}, "An answer that was checked answers the same question again at once. Forgetting one lets it be worked out anew."), this.answers);
  }

  async open() {
    try { this.kept = await get("memory"); } catch (problem) { fill(this.notes, h("p.note.bad", { dir: "auto" }, problem.message)); return; }
    this.limit = SHOWN;
    this.show();
  }

  show() {
    const words = this.filter.value.trim().toLowerCase();
    const { kept, answers } = this.kept;
    this.filter.hidden = kept.length + answers.length < 8;
    const fits = (one) => !words || `${one.title}\n${one.text}`.toLowerCase().includes(words);
    this.list(this.notes, [...kept].reverse().filter(fits), words ? "No note has these words." : "No notes yet.");
    this.list(this.answers, answers.filter(fits), words ? "No answer has these words." : "No checked answers yet.");
  }

  list(into, all, none) {
    const more = all.length > this.limit && h("button.button", { type: "button", onclick: () => { this.limit += SHOWN; this.show(); } }, `Show more of ${count(all.length, "entry", "entries")}`);
    fill(into, all.length ? h("ul.kept-rows", {}, all.slice(0, this.limit).map((one) => this.row(one))) : h("p.quiet.empty-list", {}, none), more);
  }

  row(one) {
    const answer = one.kind === "answer";
    const text = one.text.length > 400 ? `${one.text.slice(0, 400)}…` : one.text;
    const from = answer ? "" : `${KINDS[one.kind] ?? one.kind} · from “${one.title}” · `;
    const item = h("li.kept-row", {}, h("div.kept-words", {}, answer ? h("p.kept-title", { dir: "auto" }, one.title) : "", h("p.kept-text", { dir: "auto" }, text), h("p.quiet", { dir: "auto" }, `${from}${when(one.kept_at)}`)),
      iconButton("bin", `Forget: ${(answer ? one.title : one.text).slice(0, 60)}`, async () => {
        const next = item.nextElementSibling ?? item.previousElementSibling;
        try { await remove(`memory/${part(one.id)}`); } catch (problem) { toast(problem.message, "bad"); return; }
        for (const name of ["kept", "answers"]) this.kept[name] = this.kept[name].filter((other) => other.id !== one.id);
        toast("Forgotten");
        next ? (item.remove(), next.querySelector("button").focus()) : this.show();
      }));
    return item;
  }
}
