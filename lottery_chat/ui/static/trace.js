// How an answer came about: the tree, the evidence and the prompts of one run, built event by event.
// Events are only ever added: nothing that is drawn is drawn again, so opened nodes and the scroll stay as they are.

import { h, say, span, count, icon, copy } from "./dom.js";
import { codeBlock, outside, safeUrl } from "./markdown.js";
import { pause } from "./net.js";

const KINDS = {
  divide: "divide", model: "model", externals: "externals", retrieve: "retrieve",
  function: "function call", verify: "verify", memory: "memory", aggregate: "put together",
};
const SIGNS = { divide: "◆", model: "●", externals: "◈", retrieve: "▤", function: "ƒ", verify: "✓", memory: "↺", aggregate: "∑" };

export class Trace {
  constructor(openPage) {
    this.openPage = openPage;
    this.events = [];
    this.nodes = new Map();
    this.calls = 0;
    this.tokens = [0, 0];
    this.seconds = 0;
    this.loaded = false;
    this.summary = h("p.trace-summary");
    this.tree = h("ul.tree", { role: "tree", "aria-label": "Plan" });
    this.tree.addEventListener("keydown", (event) => walk(this.tree, event));
    this.plan = h("div", {}, h("p.quiet.trace-empty", {}, "Nothing has happened yet."), this.tree);
    this.evidence = h("div.evidence", {}, h("p.quiet.trace-empty", {}, "No passages, tools or programs were used so far."));
    this.prompts = h("div.prompts", {}, h("p.quiet.trace-empty", {}, "The model was not asked so far."));
    this.describe();
  }

  take(event) {
    this.events.push(event);
    this.seconds = Math.max(this.seconds, event.at ?? 0);
    this[event.type]?.(event);
    this.describe();
  }

  describe() {
    say(this.summary, `${span(this.seconds)} · ${count(this.calls, "call")} · ${this.tokens[0].toLocaleString("en")} → ${this.tokens[1].toLocaleString("en")} tokens`);
  }

  node_opened(event) {
    this.plan.querySelector(".trace-empty")?.remove();
    const parent = this.nodes.get(event.parent);
    const level = parent ? parent.level + 1 : 1;
    const kind = KINDS[event.kind] ? event.kind : "model";
    const cost = h("span.node-cost");
    const detail = h("span.node-detail", { dir: "auto" });
    const head = h("div.node-head", {}, h(`span.node-sign.${kind}`, { "aria-hidden": "true" }, SIGNS[kind]),
      h("span.node-words", {}, h(`span.node-kind.${kind}`, {}, KINDS[kind]), " ", h("span.node-title", { dir: "auto" }, event.title), detail), cost);
    const body = h("div.node-body", { hidden: true });
    const checks = h("div.node-checks");
    const children = h("ul", { role: "group" });
    const item = h("li.node.running", { role: "treeitem", tabindex: this.nodes.size ? -1 : 0, "aria-level": level, "aria-expanded": "false", "aria-label": `${KINDS[kind]}: ${event.title}, running` }, head, body, checks, children);
    const node = { item, body, checks, children, level, cost, detail, kind, title: event.title, since: event.at ?? 0 };
    head.addEventListener("click", () => { toggle(item); focusItem(this.tree, item); });
    this.nodes.set(event.node, node);
    (parent ? parent.children : this.tree).append(item);
  }

  node_closed(event) {
    const node = this.nodes.get(event.node);
    if (!node) return;
    node.item.className = `node ${event.state}`;
    say(node.detail, event.detail && event.detail !== node.title ? event.detail : "");
    const tokens = event.tokens_in + event.tokens_out;
    say(node.cost, span(event.seconds) + (tokens ? ` · ${tokens.toLocaleString("en")} tok` : ""));
    if (tokens) node.cost.title = `${event.tokens_in} tokens read, ${event.tokens_out} written`;
    node.item.setAttribute("aria-label", `${KINDS[node.kind]}: ${node.title}, ${event.state}${event.detail ? `, ${event.detail}` : ""}`);
  }

  /** The green tick is for what code confirmed; what only stands unrefuted says so. */
  verified(event) {
    const node = this.nodes.get(event.node);
    const [kind, sign, words] = !event.passed ? ["not-passed", "cross", "not passed: "] : event.checked === false ? ["unconfirmed", "dot", "not confirmed: "] : ["passed", "check", ""];
    node?.checks.append(h(`p.check.${kind}`, {}, icon(sign), h("span", { dir: "auto" }, words, event.check)));
  }

  /** Traces kept before checks said whether they confirm anything: the answer itself says it for the last one. */
  unconfirm(sentence) {
    for (const line of this.tree.querySelectorAll(".check.passed")) {
      if (line.textContent !== sentence) continue;
      line.className = "check unconfirmed";
      line.replaceChildren(icon("dot"), h("span", { dir: "auto" }, "not confirmed: ", sentence));
    }
  }

  model_called(event) {
    this.calls++;
    this.prompts.querySelector(".trace-empty")?.remove();
    const shown = () => h("div", {}, event.prompt.map((one) => fold(one.role, one.text)));
    this.prompts.append(h("section.prompt", {}, h("h3", {}, `${this.calls}. `, h("span", { dir: "auto" }, event.purpose)), windowBar(event), shown()));
    this.put(event.node, h("div.step", {}, h("h4", {}, "Asked the model: ", h("span", { dir: "auto" }, event.purpose)), event.ledger.filter((one) => one.left_out).map((one) => h("p.note", { dir: "auto" }, `Left out (${one.source}): ${one.left_out}`)), shown()));
  }

  model_returned(event) {
    this.tokens = [this.tokens[0] + event.tokens_in, this.tokens[1] + event.tokens_out];
    const facts = `${event.tokens_in} → ${event.tokens_out} tokens · first after ${span(event.seconds_to_first)} · ${span(event.seconds)} · ${event.finish}${event.logprob === null ? "" : ` · mean log-probability ${event.logprob.toFixed(2)}`}`;
    const shown = () => h("div.step", {}, h("h4", {}, "The model's reply"), h("pre.words", { dir: "auto" }, event.text), event.thoughts && fold("thoughts", event.thoughts), h("p.quiet", {}, facts));
    this.put(event.node, shown());
    this.prompts.lastElementChild?.append(shown());
  }

  tool_called(event) {
    this.put(event.node, h("div.step", {}, h("h4", {}, h("span", { dir: "auto" }, event.tool), ": input"), codeBlock(event.input, "", event.input.includes("\n"))));
    this.show(h("section", {}, h("h3", { dir: "auto" }, event.tool), codeBlock(event.input, "input", event.input.includes("\n"))), event.node);
  }

  tool_returned(event) {
    const said = () => (event.error ? h("p.bad", { dir: "auto" }, event.error) : codeBlock(event.output, "output"));
    this.put(event.node, h("div.step", {}, h("h4", {}, h("span", { dir: "auto" }, event.tool), `: ${event.error ? "failed" : "output"} · ${span(event.seconds)}`), said()));
    const section = [...this.evidence.querySelectorAll("section")].reverse().find((one) => one.dataset.node === event.node);
    (section ?? this.evidence).append(said());
  }

  passages_found(event) {
    const cards = () => event.passages.map((one) => this.passage(one));
    const near = event.passages.map((one) => one.score_vector).filter((one) => one !== null && one !== undefined);
    const used = event.passages.filter((one) => one.used).length;
    const words = event.passages.length ? `${count(event.passages.length, "passage")} found, ${used} used${near.length ? `; nearest by meaning ${Math.max(...near).toFixed(2)}` : ""}.` : "Nothing was found.";
    const said = () => h("p.quiet", {}, words);
    this.put(event.node, h("div.step", {}, h("h4", {}, "Looked for “", h("span", { dir: "auto" }, event.query), "”"), said(), cards()));
    this.show(h("section", {}, h("h3", {}, "Passages for “", h("span", { dir: "auto" }, event.query), "”"), said(), cards()), event.node);
  }

  answered(event) {
    this.seconds = event.seconds || this.seconds;
    this.calls = event.calls || this.calls;
    if (!event.checked && event.check) this.unconfirm(event.check);
    if (event.tokens_in + event.tokens_out) this.tokens = [event.tokens_in, event.tokens_out];
    for (const node of this.nodes.values()) if (node.item.classList.contains("running")) node.item.className = node.item.className.replace("running", "stopped");
  }

  passage(one) {
    const place = one.page === null ? "" : `, p. ${one.page}`;
    const url = safeUrl(one.url);
    const title = one.document && !url ? h("button.link", { type: "button", dir: "auto", onclick: () => this.openPage({ document: one.document, page: one.page, quote: one.text, title: one.title }) }, one.title, place) : url ? outside(url.href, [one.title], url.host) : h("span", {}, one.title);
    return h(`article.passage${one.used ? ".used" : ""}`, {}, h("header", {}, title, one.used && h("span.tag", {}, "used"), one.date && h("span.quiet", {}, one.date.slice(0, 10))), h("p.passage-text", { dir: "auto" }, flowing(one.text)), scores(one));
  }

  show(section, node) {
    this.evidence.querySelector(".trace-empty")?.remove();
    section.dataset.node = node;
    this.evidence.append(section);
  }

  put(node, step) {
    const known = this.nodes.get(node);
    if (!known) return;
    known.body.append(step);
    known.item.classList.add("has-body");
  }

  /** The same run again from its first event, at its pace but with no wait over a second; `wanted()` false ends it. */
  replay(wanted) {
    const again = new Trace(this.openPage);
    again.loaded = true;
    const events = [...this.events];
    const play = async () => {
      let at = 0;
      for (const event of events) {
        await pause(Math.min(1000, Math.max(0, (event.at ?? at) - at) * 1000));
        if (!wanted(again)) return;
        at = event.at ?? at;
        again.take(event);
      }
    };
    return [again, play];
  }

  copyJson() { copy(JSON.stringify(this.events, null, 1), "The trace is copied as JSON"); }
}

/** Lines that a page's width had broken flow again; paragraphs, lists and tables keep theirs. */
export const flowing = (text) => text.replace(/([^\n|])\n(?![\s|#*•–-]|\d+[.)]\s)/g, "$1 ");

/** The three scores of a passage as words, numbers and thin bars. */
export function scores(one) {
  const line = (name, value) => {
    const bar = h("span.score", { "aria-hidden": "true" }, h("span"));
    bar.firstChild.style.width = `${Math.round(Math.max(0, Math.min(1, value ?? 0)) * 100)}%`;
    return h("span.score-line", {}, `${name} ${value === null || value === undefined ? "–" : value.toFixed(2)}`, bar);
  };
  return h("p.scores.quiet", {}, line("both", one.score), line("meaning", one.score_vector), line("words", one.score_text));
}

const fold = (role, text) => h("details.fold", {}, h("summary", {}, h("b", {}, role), h("span.fold-first", { dir: "auto" }, text.slice(0, 120).replace(/\s+/g, " ")), h("span.node-cost", {}, `${text.length.toLocaleString("en")} characters`)), h("pre.words", { dir: "auto" }, text));

const SOURCES = ["system", "tools", "passages", "memory", "conversation", "question"];

function windowBar(event) {
  const used = event.ledger.reduce((sum, one) => sum + one.tokens, 0);
  const bar = h("div.window", { role: "img", "aria-label": `${used} of ${event.window} tokens used, ${event.room} kept for the answer` });
  const legend = h("ul.legend");
  const add = (name, tokens, kind, note = "") => {
    const piece = h(`span.${kind}`, { title: `${name}: ${tokens} tokens` });
    piece.style.width = `${Math.max(0, Math.min(100, (tokens / Math.max(event.window, 1)) * 100))}%`;
    bar.append(piece);
    legend.append(h("li", {}, h(`span.dot.${kind}`), h("span", { dir: "auto" }, name), h("span.node-cost", {}, tokens.toLocaleString("en")), note && h("small.bad", { dir: "auto" }, `left out: ${note}`)));
  };
  for (const one of event.ledger) add(one.source, one.tokens, SOURCES.includes(one.source) ? `from-${one.source}` : "from-other", one.left_out);
  add("room for the answer", event.room, "from-room");
  return h("div", {}, h("p.quiet", {}, `window ${event.window.toLocaleString("en")}: ${used.toLocaleString("en")} used`), bar, legend);
}

function toggle(item, wanted = null) {
  const body = item.querySelector(":scope > .node-body");
  const open = wanted ?? body.hidden;
  body.hidden = !open;
  item.setAttribute("aria-expanded", String(open));
}

function focusItem(tree, item) {
  for (const one of tree.querySelectorAll("[role=treeitem]")) one.tabIndex = one === item ? 0 : -1;
  item.focus({ preventScroll: true });
}

function walk(tree, event) {
  const item = event.target.closest("[role=treeitem]");
  if (!item || event.target !== item) return;
  const items = [...tree.querySelectorAll("[role=treeitem]")];
  const at = items.indexOf(item);
  const open = item.getAttribute("aria-expanded") === "true";
  let to = null;
  if (event.key === "ArrowDown") to = items[at + 1];
  else if (event.key === "ArrowUp") to = items[at - 1];
  else if (event.key === "Home") to = items[0];
  else if (event.key === "End") to = items[items.length - 1];
  else if (event.key === "ArrowRight") open ? (to = item.querySelector("[role=treeitem]")) : toggle(item, true);
  else if (event.key === "ArrowLeft") open ? toggle(item, false) : (to = item.parentElement.closest("[role=treeitem]"));
  else if (event.key === "Enter" || event.key === " ") toggle(item);
  else return;
  event.preventDefault();
  if (to) { focusItem(tree, to); to.scrollIntoView({ block: "nearest" }); }
}
