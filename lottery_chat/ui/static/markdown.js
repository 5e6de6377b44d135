// Markdown to elements, safely: text is parsed to a small tree, and the tree is built with text nodes only.
// There is no HTML in between: a tag in an answer is shown as the characters it is made of. Images are never loaded.
// `parse` is pure (tests run it without a browser); streaming and reopened answers both go through `render`.

import { h, copy, iconButton } from "./dom.js";
import { tex, formula } from "./math.js";

const LONG = 20000; // a paragraph longer than this is shown as plain text
const DEPTH = 6;

/** Text → list of blocks {t, ...}. Kinds: p h code quote list table hr math. */
export function parse(text) {
  return blocks(String(text).replace(/\r\n?/g, "\n").split("\n"), 0);
}

function blocks(lines, depth) {
  const out = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at];
    let found;
    if (!line.trim()) { at++; continue; }
    if ((found = /^ {0,3}(`{3,}|~{3,})\s*([^`]*)$/.exec(line))) [at, found] = fence(lines, at, found);
    else if ((found = /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/.exec(line))) { at++; found = { t: "h", level: found[1].length, c: inline(found[2]) }; }
    else if (/^ {0,3}([-*_])[ \t]*(?:\1[ \t]*){2,}$/.test(line)) { at++; found = { t: "hr" }; }
    else if (depth < DEPTH && /^ {0,3}>/.test(line)) [at, found] = quote(lines, at, depth);
    else if (depth < DEPTH && item(line)) [at, found] = list(lines, at, depth);
    else if (table(lines, at)) [at, found] = rows(lines, at);
    else if ((found = display(lines, at))) [at, found] = found;
    else [at, found] = paragraph(lines, at, depth);
    out.push(found);
  }
  return out;
}

function fence(lines, at, opened) {
  const mark = opened[1];
  const code = [];
  let end = at + 1;
  while (end < lines.length && !(lines[end].trim().startsWith(mark) && /^[`~\s]+$/.test(lines[end]))) code.push(lines[end++]);
  return [end + 1, { t: "code", lang: opened[2].trim().slice(0, 30), s: code.join("\n") }];
}

/** A formula on lines of its own: \[ … \] or $$ … $$; null when it does not end or is not known. */
function display(lines, at) {
  const opened = /^ {0,3}(\\\[|\$\$)/.exec(lines[at]);
  if (!opened) return null;
  const close = opened[1] === "$$" ? "$$" : "\\]";
  let text = lines[at].slice(opened[0].length), end = at;
  while (!text.includes(close)) {
    if (++end >= lines.length || end - at > 40) return null;
    text += `\n${lines[end]}`;
  }
  const cut = text.indexOf(close);
  const rest = text.slice(cut + 2).trim();
  return /^[.,;:]?$/.test(rest) && tex(text.slice(0, cut)) ? [end + 1, { t: "math", s: text.slice(0, cut), after: rest }] : null;
}

function quote(lines, at, depth) {
  const inner = [];
  while (at < lines.length && /^ {0,3}>/.test(lines[at])) inner.push(lines[at++].replace(/^ {0,3}> ?/, ""));
  return [at, { t: "quote", c: blocks(inner, depth + 1) }];
}

const item = (line) => /^( {0,3})(?:([-*+])|(\d{1,9})[.)])( +|$)(.*)$/.exec(line);

function list(lines, at, depth) {
  const first = item(lines[at]);
  const ordered = first[3] !== undefined;
  const out = { t: "list", ordered, start: ordered ? Number(first[3]) : 1, items: [] };
  while (at < lines.length) {
    const found = item(lines[at]);
    if (!found || (found[3] !== undefined) !== ordered) break;
    const indent = found[0].length - found[5].length;
    const inner = [found[5]];
    at++;
    while (at < lines.length) {
      const blank = !lines[at].trim();
      const deep = lines[at].length - lines[at].trimStart().length >= Math.min(indent, 2);
      if (blank ? !/^ {2,}\S/.test(lines[at + 1] ?? "") : !deep && (item(lines[at]) || starts(lines, at) || !lines[at - 1].trim())) break;
      inner.push(lines[at].slice(Math.min(indent, lines[at].length - lines[at].trimStart().length)));
      at++;
    }
    out.items.push(blocks(inner, depth + 1));
    while (at < lines.length && !lines[at].trim() && item(lines[at + 1] ?? "")) at++;
  }
  return [at, out];
}

const starts = (lines, at) => /^ {0,3}(?:#{1,6}\s|`{3,}|~{3,}|>|\\\[|\$\$)/.test(lines[at]) || table(lines, at);
const cells = (line) => line.trim().replace(/^\|/, "").replace(/\|$/, "").split(/(?<!\\)\|/).map((one) => one.trim().replace(/\\\|/g, "|"));

function table(lines, at) {
  const rule = lines[at + 1] ?? "";
  return lines[at].includes("|") && rule.includes("-") && rule.length < 2000 && /^[\s|:-]+$/.test(rule) && cells(rule).every((one) => /^:?-+:?$/.test(one)) && cells(rule).length === cells(lines[at]).length;
}

function rows(lines, at) {
  const align = cells(lines[at + 1]).map((one) => (one.endsWith(":") ? (one.startsWith(":") ? "center" : "end") : "start"));
  const head = cells(lines[at]).map(inline);
  const body = [];
  at += 2;
  while (at < lines.length && lines[at].includes("|") && lines[at].trim()) body.push(cells(lines[at++]).slice(0, head.length).map(inline));
  return [at, { t: "table", head, body, align }];
}

function paragraph(lines, at, depth) {
  const own = [lines[at++]];
  while (at < lines.length && lines[at].trim() && !starts(lines, at) && !(depth < DEPTH && item(lines[at])?.[5])) own.push(lines[at++]);
  const text = own.join("\n");
  return [at, { t: "p", c: text.length > LONG ? [text] : inline(text) }];
}

/** Only addresses of the web and of mail become links; anything else stays text. */
export function safeUrl(text) {
  if (!/^(https?:\/\/|mailto:)/i.test(text)) return null;
  try {
    const url = new URL(text);
    return ["http:", "https:", "mailto:"].includes(url.protocol) && !url.username && !url.password ? url : null;
  } catch { return null; }
}

const MARKS = [["**", "b"], ["__", "b"], ["~~", "s"], ["*", "i"], ["_", "i"]];

/** A line of text → list of strings and {t: b i s code a img cite br}. Linear: a mark that has no end is sought once. */
export function inline(text, depth = 0) {
  const out = [];
  const missing = new Set();
  let plain = "";
  let at = 0;
  const find = (mark, from) => {
    if (missing.has(mark)) return -1;
    const end = text.indexOf(mark, from);
    if (end < 0) missing.add(mark);
    return end;
  };
  const put = (node, end) => { if (plain) out.push(plain); plain = ""; out.push(node); at = end; };
  while (at < text.length) {
    const sign = text[at];
    let found;
    if ((sign === "\\" || sign === "$") && (found = math(text, at, find))) put(...found);
    else if (sign === "\\" && /[\\`*_~[\]()#+\-.!|<>{}]/.test(text[at + 1] ?? "")) { plain += text[at + 1]; at += 2; }
    else if (sign === "\n") put({ t: "br", hard: / {2}$/.test(plain) }, at + 1);
    else if (sign === "`" && (found = codeSpan(text, at, find))) put(...found);
    else if ((sign === "[" || sign === "!") && (found = link(text, at, find))) put(...found);
    else if (sign === "<" && (found = angle(text, at, find))) put(...found);
    else if ((sign === "h" || sign === "H") && (found = bare(text, at))) put(...found);
    else if ("*_~".includes(sign) && depth < DEPTH && (found = mark(text, at, find, depth))) put(...found);
    else { plain += sign; at++; }
  }
  if (plain) out.push(plain);
  return out;
}

function codeSpan(text, at, find) {
  const ticks = /^`+/.exec(text.slice(at, at + 8))[0];
  const end = find(ticks, at + ticks.length);
  return end < 0 ? null : [{ t: "code", s: text.slice(at + ticks.length, end) }, end + ticks.length];
}

/** A formula in a line: \( … \), \[ … \], or $ … $ where it cannot be two amounts of money. */
function math(text, at, find) {
  const close = { "\\(": "\\)", "\\[": "\\]" }[text.slice(at, at + 2)] ?? (text[at] === "$" && !text.startsWith("$$", at) ? "$" : "");
  if (!close || /[\p{L}\p{N}]/u.test(text[at - 1] ?? "")) return null; // word\(s\) is an escaped bracket
  const from = at + close.length;
  const end = find(close, from);
  if (end <= from || end - from > 1000) return null;
  const inside = text.slice(from, end);
  if (close === "$") {
    const bare = inside.replace(/\\[A-Za-z]+(\{[^{}]*\})?/g, "");
    const looks = /^[A-Za-z]$|[\\^_=<>]/.test(inside) && !/^\s|\s$|\n/.test(inside) && !/[A-Za-z]{2,}\s+[A-Za-z]{2,}/.test(bare);
    if (!looks || /[\p{L}\p{N}]/u.test(text[end + 1] ?? "")) return null;
  }
  return tex(inside) ? [{ t: "math", s: inside }, end + close.length] : null;
}

function mark(text, at, find, depth) {
  for (const [sign, kind] of MARKS) {
    if (!text.startsWith(sign, at) || /\s/.test(text[at + sign.length] ?? " ")) continue;
    if (sign[0] === "_" && /[\p{L}\p{N}]/u.test(text[at - 1] ?? "")) continue; // snake_case is not emphasis
    let end = find(sign, at + sign.length);
    while (end > 0 && sign.length === 1 && text[end + 1] === sign) end = find(sign, end + 2); // not the inside of **
    if (end <= at + sign.length || /\s/.test(text[end - 1])) continue;
    return [{ t: kind, c: inline(text.slice(at + sign.length, end), depth + 1) }, end + sign.length];
  }
  return null;
}

function link(text, at, find) {
  const image = text[at] === "!";
  if (image && text[at + 1] !== "[") return null;
  const from = at + (image ? 2 : 1);
  const close = find("]", from);
  if (close < 0 || close - from > 1000) return null;
  const label = text.slice(from, close);
  if (text[close + 1] !== "(") return !image && /^\d{1,2}$/.test(label) ? [{ t: "cite", n: Number(label) }, close + 1] : null;
  const end = find(")", close + 2);
  if (end < 0 || end - close > 2000) return null;
  const url = safeUrl(text.slice(close + 2, end).trim().split(/[\s"]/)[0].replace(/^<|>$/g, ""));
  if (!url) return null;
  return [image ? { t: "img", alt: label, href: url.href, host: url.host } : anchor(url, [label], label), end + 1];
}

function angle(text, at, find) {
  const end = find(">", at);
  const url = end > 0 && end - at < 2000 ? safeUrl(text.slice(at + 1, end)) : null;
  return url && !/\s/.test(text.slice(at, end)) ? [anchor(url, [text.slice(at + 1, end)], text), end + 1] : null;
}

function bare(text, at) {
  if (/[\p{L}\p{N}]/u.test(text[at - 1] ?? "")) return null;
  const found = /^https?:\/\/[^\s<>"'`\\|{}^[\]*]{1,1000}/i.exec(text.slice(at, at + 1010));
  const shown = found?.[0].replace(/[.,;:!?)]+$/, "");
  const url = shown && safeUrl(shown);
  return url ? [anchor(url, [shown], shown), at + shown.length] : null;
}

// Where the label is not the address itself, the host is shown beside it.
const anchor = (url, c, label) => ({ t: "a", href: url.href, host: label.includes(url.host) ? "" : url.host || url.pathname, c });

/** Show `text` in `root`; blocks that did not change since the last call are left as they are. */
export function render(root, text, cite = null) {
  const tree = parse(text);
  const before = root.shownBlocks ?? [];
  const now = tree.map((block) => JSON.stringify(block));
  let same = 0;
  while (same < before.length && same < now.length && before[same] === now[same]) same++;
  while (root.childNodes.length > same) root.lastChild.remove();
  for (const block of tree.slice(same)) root.append(build(block, cite));
  root.shownBlocks = now;
}

function build(block, cite) {
  const many = (list) => list.map((one) => build(one, cite));
  const words = (list) => spans(list, cite);
  switch (block.t) {
    case "h": return h(`h${Math.min(block.level + 2, 6)}`, { dir: "auto" }, words(block.c));
    case "hr": return h("hr");
    case "quote": return h("blockquote", { dir: "auto" }, many(block.c));
    case "code": return codeBlock(block.s, block.lang);
    case "list": return h(block.ordered ? "ol" : "ul", { start: block.ordered && block.start !== 1 ? block.start : null, dir: "auto" },
      block.items.map((one) => h("li", {}, one.length === 1 && one[0].t === "p" ? words(one[0].c) : many(one))));
    case "table": return tableOf(block, words);
    case "math": return h("div.formula", { dir: "ltr", tabindex: 0 }, formula(tex(block.s), true), block.after);
    default: return h("p", { dir: "auto" }, words(block.c));
  }
}

function tableOf(block, words) {
  const row = (tag) => (cell, at) => h(`${tag}.${block.align[at] ?? "start"}`, { dir: "auto" }, words(cell));
  return h("div.table", { tabindex: 0, role: "region", "aria-label": "Table" }, h("table", {}, h("thead", {}, h("tr", {}, block.head.map(row("th")))), h("tbody", {}, block.body.map((one) => h("tr", {}, one.map(row("td")))))));
}

function spans(list, cite) {
  return list.map((one) => {
    if (typeof one === "string") return one;
    switch (one.t) {
      case "b": return h("strong", {}, spans(one.c, cite));
      case "i": return h("em", {}, spans(one.c, cite));
      case "s": return h("del", {}, spans(one.c, cite));
      case "code": return h("code", { dir: "ltr" }, one.s);
      case "br": return one.hard ? h("br") : "\n";
      case "math": return formula(tex(one.s));
      case "cite": return cite?.(one.n) ?? `[${one.n}]`;
      case "img": return h("span.no-image", {}, "image not loaded: ", outside(one.href, [one.alt || "no name"], one.host));
      default: return outside(one.href, spans(one.c, cite), one.host);
    }
  });
}

/** A link that leaves: its host is shown, it opens in a new tab and does not say where it was clicked. */
export function outside(href, children, host = "") {
  return h("a", { href, target: "_blank", rel: "noopener noreferrer nofollow", title: href.slice(0, 300) }, children, host && h("span.host", {}, ` (${host})`));
}

/** A block of code with its language, a copy button and, when wanted, line numbers. */
export function codeBlock(code, lang = "", numbered = false) {
  const body = numbered ? code.split("\n").map((line) => h("span.line", {}, line + "\n")) : code;
  return h("div.code", { dir: "ltr" }, h("div.code-head", {}, h("span", {}, lang), iconButton("copy", "Copy code", () => copy(code))), h(`pre${numbered ? ".numbered" : ""}`, { tabindex: 0 }, h("code", {}, body)));
}
