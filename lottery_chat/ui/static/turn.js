// One question with its answer: streams while it comes, and shows how it is known when it is there.

import { h, fill, say, icon, iconButton, copy, menu, span, count, announce, toast, sheet, size } from "./dom.js";
import { get, post, follow, part, pause } from "./net.js";
import { render, outside, safeUrl } from "./markdown.js";
import { Trace } from "./trace.js";

const BADGES = {
  computed: { word: "Computed", icon: "sum", unchecked: "calculated by a program the model wrote; not cross-checked" },
  proved: { word: "Proved", icon: "proof", unchecked: "proved from sentences the model translated; not confirmed by code" },
  quoted: { word: "Quoted", icon: "file", unchecked: "found in the text; the quote was not confirmed" },
  remembered: { word: "Remembered", icon: "retry", unchecked: "from an earlier answer that was not checked" },
  model: { word: "Model only", icon: "pen", unchecked: "from the model alone; nothing was checked" },
};

export class Turn {
  /** `kept` is a turn as the app keeps it; `page` offers ask, showTrace, otherModels, documentTitle. */
  constructor(kept, page) {
    this.page = page;
    this.run = kept.run ?? "";
    this.question = kept.question;
    this.attachments = kept.attachments ?? [];
    this.answered = null;
    this.text = "";
    this.notices = [];
    this.trace = new Trace(openPage);
    this.dropped = false;
    this.build();
    if (kept.answered) { this.text = kept.text; this.finish(kept.answered); }
    else if (kept.run && !kept.running) this.cutOff(kept.text);
    else this.wait("Starting…");
  }

  get running() { return !this.answered && !this.ended; }

  build() {
    const files = this.attachments.map((id) => h("span.file-chip", { dir: "auto" }, icon("file"), this.page.documentTitle(id)));
    this.progress = h("p.progress", { hidden: true }, h("span.pulse", { "aria-hidden": "true" }), h("span.progress-text", { dir: "auto" }));
    this.best = h("div.best", { hidden: true });
    this.permission = h("div");
    this.body = h("div.answer-text");
    this.foot = h("div.answer-foot");
    this.answer = h("section.answer", { "aria-label": "Answer" }, this.progress, this.best, this.permission, this.body, this.foot);
    this.edit = iconButton("pen", "Edit and ask again", () => this.editQuestion());
    this.asked = h("div.question-row", {}, this.edit, h("p", { dir: "auto" }, this.question));
    this.root = h("article.turn", {}, h("div.question", {}, files.length ? h("div.question-files", {}, files) : "", this.asked), this.answer);
    this.root.dataset.run = this.run;
  }

  /** The question in other words is asked as a new turn; this one stays where it is, with its answer. */
  editQuestion() {
    const box = h("textarea.question-edit", { rows: Math.min(8, this.question.split("\n").length + 1), maxlength: 200000, "aria-label": "Your question, to be asked again", dir: "auto" });
    box.value = this.question;
    const back = () => { form.replaceWith(this.asked); this.edit.focus(); };
    const send = () => {
      const question = box.value.trim();
      if (!question) return;
      back();
      this.page.ask({ question, attachments: this.attachments });
    };
    const form = h("form.question-form", { "aria-label": "Edit the question", onsubmit: (event) => { event.preventDefault(); send(); } }, box,
      h("div.row", {}, h("span.quiet.grow", {}, "This question and its answer stay."), h("button.button", { type: "button", onclick: back }, "Cancel"), h("button.button.primary", {}, "Ask again")));
    form.addEventListener("keydown", (event) => {
      if (event.key === "Escape") { event.stopPropagation(); back(); }
      else if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.target === box) { event.preventDefault(); send(); }
    });
    this.asked.replaceWith(form);
    box.focus();
  }

  wait(text) {
    this.progress.hidden = false;
    say(this.progress.lastChild, text);
  }

  /** While other windows' answers come first, say how many; else what is going on. */
  async watchLine(conversation) {
    for (let told = 0; this.running && !this.dropped;) {
      await pause(1000);
      const { before } = await get(`line?conversation=${part(conversation)}`).catch(() => ({ before: 0 }));
      if (!this.running || this.stopEarly) return;
      if (before) this.wait(`In line: ${count(before, "answer")} before yours.`);
      else if (told) this.wait(this.doing ?? "Thinking…");
      told = before;
    }
  }

  /** Follow the run until its end. */
  async go(begun) {
    this.run = begun.run;
    this.root.dataset.run = begun.run;
    if (begun.conversation) this.watchLine(begun.conversation);
    try {
      const problem = await follow(this.run, (events) => this.takeAll(events), () => !this.dropped);
      if (problem === null && !this.dropped) { this.page.reopen(); return; }
      if (this.running && !this.dropped) this.fail(problem || "The answer broke off. Ask again.");
    } catch (problem) { this.fail(problem.message); }
  }

  fail(sentence) {
    this.finish({ status: "failed", reason: sentence, text: this.text, known: "none", checked: false, check: "", citations: [], notices: [], seconds: 0, free_writing: false });
  }

  takeAll(events) {
    let changed = false;
    for (const event of events) {
      this.trace.take(event);
      if (event.type === "text_delta") { this.text += event.text; changed = true; }
      else if (event.type === "text_replaced") { this.text = event.text; changed = true; }
      else if (event.type === "progress") { this.doing = event.text; this.wait(event.text); }
      else if (event.type === "passages_found") this.showBest(event);
      else if (event.type === "permission_asked") this.askPermission(event);
      else if (event.type === "notice") this.notices.push(event.text);
      else if (event.type === "answered") { this.text = event.text; this.trace.loaded = true; this.finish(event); return; }
      if (event.type !== "permission_asked" && this.asking && !["progress", "permission_asked"].includes(event.type)) this.permissionOver();
    }
    if (changed) { render(this.body, this.text, (n) => this.cite(n)); this.page.grown(); }
  }

  showBest(event) {
    const one = event.passages.find((passage) => passage.used) ?? event.passages[0];
    if (!one || this.text) return;
    const text = one.text.length > 320 ? `${one.text.slice(0, 320)}…` : one.text;
    this.best.hidden = false;
    fill(this.best, h("blockquote", { dir: "auto" }, text), h("p.quiet", { dir: "auto" }, one.title, one.page === null ? "" : `, p. ${one.page}`));
    this.page.grown();
  }

  askPermission(event) {
    this.asking = true;
    const box = h("textarea", { rows: 2, maxlength: 20000, "aria-label": "What would be sent; you can change it", dir: "auto" });
    box.value = event.query;
    const answer = async (query) => {
      this.permissionOver();
      try { await post(`permissions/${part(event.request)}`, { query }); } catch (problem) { toast(problem.message, "bad"); }
    };
    fill(this.permission, h("section.permission", { role: "group", "aria-label": "Permission" },
      h("h3", {}, icon("globe"), "May this leave your computer?"),
      h("p", {}, "By “", h("span", { dir: "auto" }, event.tool), "”, exactly these words would be sent. You can change them first."), box,
      h("div.row", {}, h("button.button.primary", { type: "button", onclick: () => box.value.trim() && answer(box.value.trim()) }, "Allow"), h("button.button", { type: "button", onclick: () => answer(null) }, "Don't"))));
    this.wait("Waiting for you.");
    announce("A question for you: may this leave your computer?");
    this.page.grown();
  }

  permissionOver() { this.asking = false; this.permission.replaceChildren(); }

  cutOff(text) {
    this.ended = true;
    this.text = text;
    this.progress.hidden = true;
    render(this.body, text);
    fill(this.foot, h("p.note", {}, "This answer was cut off when the chat ended. What was there is kept."), this.actions({}));
  }

  finish(answered) {
    this.answered = answered;
    this.ended = true;
    this.progress.hidden = true;
    this.best.hidden = true;
    this.permissionOver();
    this.citations = answered.citations ?? [];
    // Why there is no answer is said once, as the reason: not as an answer, too, which one would copy.
    const repeated = answered.status === "failed" && (!this.text || this.text.trim() === (answered.reason ?? "").trim());
    if (repeated) this.text = "";
    this.body.shownBlocks = null; // citations are buttons from now on
    this.body.replaceChildren();
    const notices = [...new Set([...(answered.notices ?? []), ...this.notices])];
    if (!repeated) render(this.body, this.text, (n) => this.cite(n));
    if (!repeated && !answered.free_writing) this.number();
    fill(this.foot, this.status(answered), this.badge(answered), this.citationList(answered, notices), notices.map((one) => h("p.note", { dir: "auto" }, one)), this.actions(answered));
    this.page.ended(this);
  }

  status(answered) {
    const reason = answered.reason ?? "";
    if (answered.status === "failed") return h("p.note.bad", { role: "alert", dir: "auto" }, reason || "No answer came about. Ask again.");
    if (answered.status === "stopped") {
      const why = reason && reason !== "You stopped it." ? reason : "Stopped.";
      return h("p.note", { dir: "auto" }, this.text ? `${why} What was written so far is kept.` : `${why} Nothing was written yet.`);
    }
    if (answered.status === "partial") return h("p.note", { dir: "auto" }, "This is what was found so far", reason ? `: ${reason}` : "", ".");
    if (answered.status === "not_in_documents") return h("p.note", { dir: "auto" }, "The documents do not say. ", reason);
    return "";
  }

  badge(answered) {
    const kind = BADGES[answered.known];
    if (!kind || answered.free_writing || ["failed", "stopped", "asked_back"].includes(answered.status)) return "";
    const words = answered.checked ? answered.check : answered.check || kind.unchecked;
    return h(`button.badge.${answered.known}${answered.checked ? ".checked" : ""}`, { type: "button", title: "How?", onclick: () => this.how() },
      h("span.badge-word", {}, icon(answered.checked ? "check" : kind.icon), kind.word), h("span.badge-check", { dir: "auto" }, answered.checked ? "checked: " : "", words));
  }

  cite(number) {
    const one = this.citations?.[number - 1];
    return one ? h("button.cite", { type: "button", "aria-label": `Source ${number}: ${one.title}`, onclick: () => openCitation(one) }, number) : null;
  }

  /** Where the answer's text has no numbers of its own: each source's number stands behind the lines it fits best. */
  number() {
    const blocks = [...this.body.querySelectorAll("p, li, td")].filter((one) => one.textContent.trim());
    if (!blocks.length || this.body.querySelector(".cite")) return;
    const wordsOf = (text) => new Set(text.toLowerCase().match(/[\p{L}\p{N}]{2,}/gu) ?? []);
    this.citations.slice(0, 9).forEach((one, at) => {
      const quoted = wordsOf(one.quote ?? "");
      const shared = blocks.map((block) => [...wordsOf(block.textContent)].filter((word) => quoted.has(word)).length);
      blocks[Math.max(0, shared.indexOf(Math.max(...shared)))].append(this.cite(at + 1));
    });
  }

  citationList(answered, notices) {
    if (!this.citations.length) return "";
    const against = this.citations.length > 1 && notices.some((one) => one.startsWith("The documents do not agree"));
    const weak = answered.status === "not_in_documents" || (answered.known === "quoted" && !answered.checked && answered.answer);
    const said = against ? "The passages do not agree:" : !weak ? "" : this.citations.length > 1 ? "The nearest passages; they may not answer this." : "The nearest passage; it may not answer this.";
    const row = (one, at) => h("li", {}, h("button.citation", { type: "button", onclick: () => openCitation(one) },
      h("span.cite-number", {}, at + 1), h("span.citation-words", {}, h("span.citation-title", { dir: "auto" }, one.title, one.page === null ? "" : `, p. ${one.page}`, one.date ? ` · ${one.date.slice(0, 10)}` : "", one.kind === "document" && one.fetched ? ` · fetched ${one.fetched.slice(0, 10)}` : ""), one.quote && h("span.citation-quote", { dir: "auto" }, `“${one.quote}”`))));
    return h("div.sources", {}, said && h("p.note", {}, said), h(`ol.citations${against ? ".beside" : ""}`, { "aria-label": "Sources" }, this.citations.map(row)));
  }

  actions(answered) {
    const retry = h("button.action", { type: "button", "aria-haspopup": "menu", onclick: () => this.retryMenu(retry) }, icon("retry"), "Retry");
    return h("div.actions", {},
      answered.can_continue && h("button.button.primary", { type: "button", onclick: () => this.page.ask({ question: this.question, attachments: this.attachments, continue_of: this.run }) }, "Continue"),
      this.text && h("button.action", { type: "button", onclick: () => copy(this.text) }, icon("copy"), "Copy"),
      retry,
      this.run && h("button.action", { type: "button", onclick: () => this.how() }, icon("tree"), "How?"),
      h("span.action-facts", {}, answered.seconds ? `${span(answered.seconds)}${answered.model && answered.calls ? ` · ${answered.model}` : ""}` : ""));
  }

  async retryMenu(button) {
    const again = (more) => this.page.ask({ question: this.question, attachments: this.attachments, retry_of: this.run, ...more });
    const entries = [
      { text: "Same again", icon: "retry", run: () => again({}) },
      { text: "More thorough", note: "tries several ways, takes longer", icon: "tree", run: () => again({ mode: "deliberate" }) },
    ];
    const others = await this.page.otherModels(this.answered?.model).catch(() => []);
    for (const one of others.slice(0, 6)) entries.push({ text: `With ${one.name}`, note: size(one.size), icon: "pen", run: () => again({ model: one.name }) });
    menu(button, entries);
  }

  /** Open the panel for this answer, today's or last month's. */
  async how() {
    this.page.showTrace(this.trace);
    if (this.trace.loaded || this.running || !this.run) return;
    this.trace.loaded = true;
    try {
      const kept = await get(`runs/${part(this.run)}/events?after=${this.trace.events.length}`);
      kept.events.forEach((event) => this.trace.take(event));
    } catch (problem) { this.trace.loaded = false; toast(problem.message, "bad"); }
  }
}

function openCitation(one) {
  if (one.kind === "document" && one.document) openPage(one);
  else {
    const url = safeUrl(one.url);
    sheet(one.title, h("blockquote.page-quote", { dir: "auto" }, h("mark", {}, one.quote)), h("p.quiet", {}, one.date ? `Read on ${one.date.slice(0, 10)}. ` : "", url ? outside(url.href, ["Open the page"], url.host) : one.url));
  }
}

/** Open a page with the quote marked; what draws it is loaded when it is first needed. */
async function openPage(place) {
  try { await (await import("./look.js")).openPage(place); } catch (problem) { toast(problem.message, "bad"); }
}
