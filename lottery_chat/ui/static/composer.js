// The box: text, files by button, drop and paste, and one place for Send and Stop.

import { h, icon, iconButton, toast, announce } from "./dom.js";
import { get, upload, pause } from "./net.js";

export class Composer {
  /** `send({question, attachments, ready})` and `stop()` are the page's; `known(document)` remembers its title. */
  constructor({ send, stop, known }) {
    this.sendIt = send;
    this.stopIt = stop;
    this.known = known;
    this.files = [];
    this.picker = h("input", { type: "file", multiple: true, hidden: true, accept: ".pdf,.docx,.txt,.md,.html,.htm,.csv", onchange: () => { this.addAll(this.picker.files); this.picker.value = ""; } });
    this.chips = h("div.chips", { hidden: true });
    this.box = h("textarea.box", { id: "box", rows: 1, placeholder: "Ask, or drop a file here", "aria-label": "Your question", dir: "auto", enterkeyhint: "send", autocomplete: "off", spellcheck: "true" });
    this.button = h("button.send", { type: "button", "aria-label": "Send", title: "Send (Enter)", onclick: () => (this.running ? this.stopIt() : this.submit()) }, icon("send"));
    this.root = h("form.composer", { "aria-label": "Ask", onsubmit: (event) => { event.preventDefault(); this.submit(); } }, this.chips,
      h("div.composer-row", {}, iconButton("clip", "Add a file (PDF, DOCX, TXT, MD, HTML, CSV)", () => this.picker.click()), this.box, this.button), this.picker);
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
      one.document = await upload(file, (part) => tell(part * 0.5));
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

  takeOff(one) {
    this.files = this.files.filter((other) => other !== one);
    one.chip.remove();
    this.chips.hidden = !this.files.length;
    this.box.focus();
  }

  dropping() {
    const veil = h("div.veil", { hidden: true }, h("p", {}, "Drop the file to ask about it"));
    document.body.append(veil);
    let depth = 0;
    const files = (event) => event.dataTransfer?.types.includes("Files");
    addEventListener("dragenter", (event) => { if (files(event)) { depth++; veil.hidden = false; } });
    addEventListener("dragleave", (event) => { if (files(event) && --depth <= 0) { depth = 0; veil.hidden = true; } });
    addEventListener("dragover", (event) => files(event) && event.preventDefault());
    addEventListener("drop", (event) => {
      if (!files(event)) return;
      event.preventDefault();
      depth = 0;
      veil.hidden = true;
      this.addAll(event.dataTransfer.files);
      this.box.focus();
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
