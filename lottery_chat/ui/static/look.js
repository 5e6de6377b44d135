// A page of a document: its picture with the quote's lines over it, its text with the quote marked, its passages.
// Loaded when a page is first opened. Text from documents becomes text nodes; the picture is a PNG of ours, nothing else.

import { h, fill, say, iconButton, sheet, count } from "./dom.js";
import { get, part } from "./net.js";
import { outside, safeUrl } from "./markdown.js";

/** Open a page in a sheet with the quote marked; `place` has document, page, quote, title. */
export async function openPage(place) {
  const reader = new PageReader(place);
  const shown = sheet(place.title, origin(place), reader.root);
  shown.classList.add("page-sheet");
  await reader.show(place.page, place.quote ?? "");
  return shown;
}

/** Of which day a document is, and from where and when it was fetched; empty for a file without a date. */
export function origin(place) {
  const dated = place.date ? `Dated ${place.date.slice(0, 10)}. ` : "";
  const fetched = place.fetched ? `Fetched ${place.fetched.slice(0, 10)} from ` : "From ";
  const url = safeUrl(place.url);
  return dated || url ? h("p.quiet", {}, dated, url && [fetched, outside(url.href, [url.host], url.href)]) : "";
}

/** Scroll what holds it, and not the sheet around: its head stays where it is. */
function toMiddle(holder, one) {
  if (!one) return;
  if (holder.scrollHeight > holder.clientHeight) holder.scrollTop += one.getBoundingClientRect().top - holder.getBoundingClientRect().top - holder.clientHeight / 2;
  else if (!holder.closest("dialog")) one.scrollIntoView({ block: "center" });
}

export class PageReader {
  /** `passages`: show where each passage begins and ends. */
  constructor({ document: id, title, passages = false }) {
    Object.assign(this, { id, title, withPassages: passages, page: null, asked: 0 });
    this.text = h("div.page-text", { tabindex: 0, dir: "auto", role: "region", "aria-label": "Text of the page" }, "…");
    this.picture = h("div.page-picture", { tabindex: 0, role: "region", "aria-label": "Picture of the page" });
    this.note = h("p.note", { hidden: true, dir: "auto" });
    this.where = h("span.quiet", { "aria-live": "polite" });
    this.number = h("input.field.page-number", { type: "number", min: 1, "aria-label": "Go to page", title: "Go to page", hidden: true, onchange: () => this.show(Math.max(1, Math.min(this.pages, Math.round(Number(this.number.value)) || 1))) });
    this.before = iconButton("left", "Page before", () => this.show(Number(this.page) - 1));
    this.after = iconButton("right", "Page after", () => this.show(Number(this.page) + 1));
    this.tabs = ["picture", "text"].map((name) => h("button.choice-button", { type: "button", "aria-pressed": "false", onclick: () => this.choose(name) }, name === "picture" ? "Page" : "Text"));
    this.choices = h("div.choices.page-choices", { role: "group", "aria-label": "Show the page as", hidden: true }, this.tabs);
    this.root = h("div.reader", {}, h("div.page-turn", {}, this.before, this.where, this.after, this.number, h("span.grow"), this.choices), this.note, h("div.page-both", {}, this.picture, this.text));
    this.choose("text");
  }

  choose(name) {
    this.root.dataset.shown = name;
    this.tabs.forEach((one, at) => one.setAttribute("aria-pressed", String((at === 0) === (name === "picture"))));
    if (name === "picture") toMiddle(this.picture, this.picture.querySelector(".quote-box"));
    else toMiddle(this.text, this.text.querySelector("mark"));
  }

  async show(page, quote = "") {
    const asked = ++this.asked;
    let look;
    try { look = await get(`documents/${part(this.id)}/look?${page === null || page === undefined ? "" : `page=${part(page)}&`}quote=${part(quote)}`); }
    catch (problem) {
      if (asked === this.asked) { fill(this.text, h("p.bad", { dir: "auto" }, problem.message)); this.choose("text"); }
      return;
    }
    if (asked !== this.asked) return;
    const shown = look.page;
    this.id = shown.document;
    this.page = shown.page;
    this.pages = shown.pages;
    this.number.hidden = shown.page === null || shown.pages < 10;
    this.number.value = shown.page;
    say(this.where, shown.page === null || !shown.pages ? "" : `page ${shown.page} of ${shown.pages}`);
    this.before.hidden = this.after.hidden = shown.page === null || shown.pages < 2;
    this.before.disabled = shown.page <= 1;
    this.after.disabled = shown.page >= shown.pages;
    const lost = quote && shown.start < 0 ? "The exact words were not found on this page." : "";
    this.note.hidden = !(shown.note || lost);
    say(this.note, shown.note || lost);
    this.fillText(look);
    const drawn = look.drawn && shown.page !== null;
    this.choices.hidden = !drawn;
    this.root.classList.toggle("drawn", drawn);
    if (!drawn) { this.choose("text"); return; }
    if (asked === 1) this.choose("picture");
    await this.draw(asked, quote);
  }

  fillText(look) {
    const { text, start, end } = look.page;
    const points = [...text];  // Offsets count characters as Python does (code points), not as JavaScript does.
    const cut = (from, to) => {
      if (start < 0 || end <= from || start >= to) return points.slice(from, to).join("");
      const a = Math.max(from, start), b = Math.min(to, end);
      return [points.slice(from, a).join(""), h("mark", { tabindex: -1 }, points.slice(a, b).join("")), points.slice(b, to).join("")];
    };
    if (!this.withPassages || !look.passages.length) fill(this.text, cut(0, points.length));
    else {
      const blocks = [];
      let at = 0;
      for (const one of look.passages) {
        const from = Math.max(at, one.start);
        if (from > at && points.slice(at, from).join("").trim()) blocks.push(h("div.chunk-gap", {}, cut(at, from)));
        blocks.push(h(`section.chunk${one.ordinal % 2 ? ".odd" : ""}`, { "aria-label": `Passage ${one.ordinal + 1}` },
          h("p.chunk-head", {}, h("b", {}, `Passage ${one.ordinal + 1}`), one.heading.length ? h("span", { dir: "auto" }, ` · ${one.heading.join(" › ")}`) : ""), h("div", { dir: "auto" }, cut(from, one.end))));
        at = Math.max(at, one.end);
      }
      if (points.slice(at).join("").trim()) blocks.push(h("div.chunk-gap", {}, cut(at, points.length)));
      fill(this.text, blocks);
    }
    if (!text.trim()) fill(this.text, h("p.quiet", {}, "There is no text on this page."));
    this.text.scrollTop = 0;
    toMiddle(this.text, this.text.querySelector("mark"));
  }

  async draw(asked, quote) {
    fill(this.picture, h("p.quiet.pad", {}, "Drawing the page…"));
    let drawn;
    try { drawn = await get(`documents/${part(this.id)}/picture?page=${part(this.page)}&quote=${part(quote)}`); }
    catch (problem) {
      if (asked !== this.asked) return;
      fill(this.picture, h("p.note", { dir: "auto" }, problem.message));
      this.choose("text");
      return;
    }
    const [, png] = /^data:image\/png;base64,([A-Za-z0-9+/=]*)$/.exec(drawn.picture) ?? [];
    if (asked !== this.asked || !png) return;
    const image = document.createElement("img");
    image.alt = `Page ${this.page} of ${this.title}`;
    image.src = URL.createObjectURL(new Blob([Uint8Array.from(atob(png), (one) => one.charCodeAt(0))], { type: "image/png" }));
    const boxes = drawn.boxes.filter((box) => box.length === 4 && box.every(Number.isFinite)).map(([left, top, right, bottom]) => {
      const box = h("span.quote-box", { "aria-hidden": "true" });
      Object.assign(box.style, { left: `${left * 100}%`, top: `${top * 100}%`, width: `${(right - left) * 100}%`, height: `${(bottom - top) * 100}%` });
      return box;
    });
    fill(this.picture, h("div.paper", {}, image, boxes), boxes.length ? h("p.unseen", {}, `The quote is marked: ${count(boxes.length, "line")}.`) : "");
    await image.decode().catch(() => {});
    URL.revokeObjectURL(image.src);
    if (asked === this.asked) toMiddle(this.picture, boxes[0]);
  }
}
