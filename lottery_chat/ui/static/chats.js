// The list of chats in the rail: searched, renamed, deleted.

import { h, fill, toast, menu, sheet, iconButton } from "./dom.js";
import { get, patch, remove, part } from "./net.js";

export class ChatList {
  /** `current()` is the id of the chat that is shown, `marked(title)` is told its title, `left()` that it was deleted. */
  constructor({ current, marked, left }) {
    Object.assign(this, { current, marked, left });
    this.search = h("input.field", { type: "search", placeholder: "Search chats", "aria-label": "Search chats (Ctrl+K)", oninput: () => this.refresh(), dir: "auto" });
    this.list = h("nav.chats", { "aria-label": "Chats" });
    this.chats = [];
  }

  async refresh() {
    let chats;
    try { chats = await get(`conversations?search=${part(this.search.value.trim())}`); } catch { return; }
    const items = chats.map((one) => {
      const more = iconButton("more", `More about ${one.title}`, () => this.about(more, one), { "aria-haspopup": "menu" });
      const item = h("div.chat", {}, h("a", { href: `#/c/${part(one.id)}`, dir: "auto", title: one.title }, one.title || "Untitled"), more);
      item.dataset.chat = one.id;
      return item;
    });
    fill(this.list, items.length ? items : h("p.quiet.pad", {}, this.search.value ? "No chat has these words." : "Chats will stand here."));
    this.chats = chats;
    this.mark();
  }

  mark() {
    for (const item of this.list.querySelectorAll(".chat")) {
      const here = item.dataset.chat === this.current();
      item.classList.toggle("current", here);
      here ? item.firstChild.setAttribute("aria-current", "page") : item.firstChild.removeAttribute("aria-current");
    }
    const title = this.chats.find((one) => one.id === this.current())?.title;
    if (title) this.marked(title);
  }

  about(button, chat) {
    menu(button, [
      { text: "Rename", icon: "pen", run: () => this.rename(chat) },
      { text: "Delete", icon: "bin", bad: true, run: () => this.askDelete(chat) },
    ]);
  }

  rename(chat) {
    const field = h("input.field", { type: "text", maxlength: 200, "aria-label": "Name", dir: "auto" });
    field.value = chat.title;
    const asked = sheet("Rename this chat", h("form.row", { onsubmit: async (event) => {
      event.preventDefault();
      asked.close();
      try { await patch(`conversations/${part(chat.id)}`, { title: field.value }); } catch (problem) { toast(problem.message, "bad"); }
      this.refresh();
    } }, field, h("button.button.primary", {}, "Rename")));
    field.select();
  }

  askDelete(chat) {
    const asked = sheet("Delete this chat?", h("p", { dir: "auto" }, chat.title), h("p.quiet", {}, "Its questions and answers are deleted for good."), h("div.row", {},
      h("button.button.danger", { type: "button", onclick: async () => {
        asked.close();
        try { await remove(`conversations/${part(chat.id)}`); } catch (problem) { toast(problem.message, "bad"); }
        this.left(chat.id);
        this.refresh();
      } }, "Delete"), h("button.button", { type: "button", onclick: () => asked.close() }, "Keep it")));
  }
}
