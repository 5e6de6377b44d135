// The box: text, files by button, drop and paste, and one place for Send and Stop.

import { h, fill, icon, iconButton, toast, announce, menu, count } from "./dom.js";
import { get, post, upload, dropped, pause, part } from "./net.js";

export class Composer {
  /** `send({question, attachments})` and `stop()` are the page's; `known(document)` remembers its title;
   *  `conversation(make)` gives the id of this chat; `elsewhere()` the view that takes dropped files instead. */
  constructor({ send, stop, known, conversation, elsewhere }) {
    Object.assign(this, { conversation, elsewhere });
    this.sendIt = send;
    this.stopIt = stop;
    this.known = known;
    this.files = [];
    this.picker = h("input", { type: "file", multiple: true, hidden: true, onchange: () => { this.addAll(this.picker.files); this.picker.value = ""; } });
    this.chips = h("div.chips", { hidden: true });
    this.kept = h("div.chips.kept", { hidden: true, "aria-label": "Files of this chat" });
    this.scopeWords = h("span");
    this.scope = h("button.scope", { type: "button", hidden: true, "aria-haspopup": "menu", onclick: () => this.scopeMenu() }, icon("search"), this.scopeWords);
    this.box = h("textarea.box", { id: "box", rows: 1, placeholder: "Ask, or drop a file here", "aria-label": "Your question", dir: "auto", enterkeyhint: "send", autocomplete: "off", spellcheck: "true" });
    this.button = h("button.send", { type: "button", "aria-label": "Send", title: "Send (Enter)", onclick: () => (this.running ? this.stopIt() : this.submit()) }, icon("send"));
    this.root = h("form.composer", { "aria-label": "Ask", onsubmit: (event) => { event.preventDefault(); this.submit(); } }, this.kept, this.chips,
      h("div.composer-row", {}, iconButton("clip", "Add a file for this chat", () => this.picker.click()), this.box, this.button), this.scope, this.picker);
    this.box.addEventListener("input", () => this.grow());
    this.box.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); if (!this.running) this.submit(); }
    });
    this.box.addEventListener("paste", (event) => event.clipboardData?.files.length && this.addAll(event.clipboardData.files));
    this.dropping();
    this.setRunning(false);
  }

  grow() {
    this.box.style.height = "auto";
    this.box.style.height = `${Math.min(this.box.scrollHeight, Math.round(innerHeight * 0.4))}px`;
    this.refresh();
  }

  refresh() { this.button.disabled = !this.running && !this.box.value.trim(); }

  setRunning(running) {
    this.running = running;
    this.button.className = running ? "send stop" : "send";
    this.button.replaceChildren(icon(running ? "stop" : "send"));
    this.button.setAttribute("aria-label", running ? "Stop" : "Send");
    this.button.title = running ? "Stop (Esc)" : "Send (Enter)";
    this.refresh();
  }

  set(text) { this.box.value = text; this.grow(); this.box.focus(); }

  submit() {
    const question = this.box.value.trim();
    if (!question || this.running) return;
    const files = this.files;
    if (files.some((one) => !one.document && !one.problem)) {
      this.waiting = true;  // Enter was meant: the question goes off by itself as soon as the file is kept.
      toast("The file is on its way; your question is sent as soon as it is here.");
      return;
    }
    this.waiting = false;
    const ready = files.filter((one) => one.document);
    this.files = [];
    this.chips.replaceChildren();
    this.chips.hidden = true;
    this.set("");
    this.sendIt({ question, attachments: ready.map((one) => one.document.id) });
  }

  addAll(files) { for (const file of files) this.add(file); }

  async add(file) {
    const bar = h("span.bar", {}, h("span"));
    const state = h("span.quiet", {}, "sending…");
    const one = { document: null, problem: "" };
    const chip = h("span.file-chip", {}, icon("file"), h("span.file-name", { dir: "auto" }, file.name), state, bar, iconButton("close", `Take ${file.name} off`, () => this.takeOff(one)));
    one.chip = chip;
    this.files.push(one);
    this.chips.append(chip);
    this.chips.hidden = false;
    const tell = (part) => { bar.firstChild.style.width = `${Math.round(part * 100)}%`; };
    try {
      one.document = await upload(file, (part) => tell(part * 0.5), { conversation: await this.conversation(true) });
      this.known(one.document);
      announce(`${file.name} is kept`);
      if (this.waiting) this.submit();
      const ended = await settled(one.document.id, (info) => { state.textContent = info.state === "ready" ? "" : `${info.state}…`; tell(0.5 + info.progress / 2); });
      if (ended.state === "failed") throw new Error(ended.problem || `${file.name} could not be read.`);
      bar.remove();
      state.textContent = ended.pages > 1 ? `${ended.pages} pages` : "";
      chip.classList.add("ready");
    } catch (problem) {
      one.problem = problem.message;
      one.document = null;
      bar.remove();
      state.textContent = problem.message;
      chip.classList.add("failed");
      announce(problem.message);
      this.waiting = false;
    }
  }

  attach(document) {
    this.known(document);
    const one = { document, problem: "" };
    one.chip = h("span.file-chip.ready", {}, icon("file"), h("span.file-name", { dir: "auto" }, document.title), iconButton("close", `Take ${document.title} off`, () => this.takeOff(one)));
    this.files.push(one);
    this.chips.append(one.chip);
    this.chips.hidden = false;
  }

  /** Show what this chat looks into and which files are its own; none for a chat that is new. */
  async showScope() {
    const chat = await this.conversation(false);
    try {
      const [collections, own] = await Promise.all([get(`collections${chat ? `?conversation=${part(chat)}` : ""}`), chat ? get(`conversations/${part(chat)}/attachments`) : []]);
      if (chat !== (await this.conversation(false))) return;
      this.collections = collections;
      const filled = collections.some((one) => one.documents.length);
      const used = collections.filter((one) => one.used);
      this.scope.hidden = !filled;
      const names = used.map((one) => (one.id === "default" ? "other files" : one.name));
      this.scopeWords.textContent = `Searching in: ${used.length === collections.length ? "all documents" : !used.length ? "no documents" : names.length > 2 ? `${names[0]} and ${names.length - 1} more` : names.join(", ")}`;
      this.scopeWords.dir = "auto";
      const sent = own.filter((one) => !this.files.some((file) => file.document?.id === one.id));
      this.kept.hidden = !sent.length;
      fill(this.kept, sent.length ? h("span.quiet", {}, "Only in this chat:") : "", sent.map((one) => h("a.file-chip.ready", { href: `#/documents/${part(one.id)}`, dir: "auto", title: "Pages and passages" }, icon("file"), h("span.file-name", {}, one.title))));
      for (const one of own) this.known(one);
    } catch { this.scope.hidden = true; }
  }

  scopeMenu() {
    const boxes = this.collections.map((one) => ({ one, box: h("input", { type: "checkbox", checked: one.used, value: one.id }) }));
    const keep = async () => {
      const wanted = boxes.filter(({ box }) => box.checked).map(({ one }) => one.id);
      try {
        await post(`conversations/${part(await this.conversation(true))}/collections`, { collections: wanted.length === boxes.length ? null : wanted });
      } catch (problem) { toast(problem.message, "bad"); }
      await this.showScope();
      announce(this.scopeWords.textContent);
    };
    const line = ({ one, box }) => {
      box.addEventListener("change", keep);
      return h("label.check-line", {}, box, h("span.grow", { dir: "auto" }, one.id === "default" ? (boxes.length > 1 ? "Files in no collection" : "Documents") : one.name), h("small.quiet", {}, count(one.documents.length, "file")));
    };
    menu(this.scope, [h("p.quiet.pad", {}, "This chat looks for answers in"), ...boxes.map(line), h("a.menu-item", { href: "#/documents" }, icon("file"), "Documents and collections")]);
  }

  takeOff(one) {
    this.files = this.files.filter((other) => other !== one);
    one.chip.remove();
    this.chips.hidden = !this.files.length;
    this.box.focus();
  }

  dropping() {
    const words = h("p");
    const veil = h("div.veil", { hidden: true }, words);
    document.body.append(veil);
    let depth = 0;
    const files = (event) => event.dataTransfer?.types.includes("Files");
    addEventListener("dragenter", (event) => { if (files(event)) { depth++; veil.hidden = false; words.textContent = this.elsewhere() ? "Drop files or a folder to keep them" : "Drop the file to ask about it"; } });
    addEventListener("dragleave", (event) => { if (files(event) && --depth <= 0) { depth = 0; veil.hidden = true; } });
    addEventListener("dragover", (event) => files(event) && event.preventDefault());
    addEventListener("drop", (event) => {
      if (!files(event)) return;
      event.preventDefault();
      depth = 0;
      veil.hidden = true;
      const place = this.elsewhere();
      dropped(event.dataTransfer).then((all) => (place ?? this).addAll(all));
      if (!place) this.box.focus();
    });
  }
}

/** Wait until a document is ready or has failed, telling each state on the way. */
export async function settled(id, tell = () => {}) {
  for (;;) {
    const info = (await get("documents")).find((one) => one.id === id);
    if (!info) throw new Error("The file was removed.");
    tell(info);
    if (info.state === "ready" || info.state === "failed") return info;
    await pause(400);
  }
}
