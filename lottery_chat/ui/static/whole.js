// What is done with all documents at once: index and check, export and import; and taking in by address.

import { h, say, toast, sheet } from "./dom.js";
import { post, upload, download } from "./net.js";

export class WholeBase {
  /** `view` has infos, act, refresh and into. */
  constructor(view) { this.view = view; }

  async rebuild() {
    toast("Building the index again. The files themselves are not touched.");
    await this.view.act(() => post("documents/rebuild"), "The index is built again");
  }

  async check() {
    toast("Comparing files, texts and index…");
    try {
      const { found } = await post("documents/check");
      if (!found.length) toast("Everything is as it should be.");
      else sheet("What was found", h("ul", {}, found.map((one) => h("li", { dir: "auto" }, one))), h("p.quiet", {}, "What could be mended has been mended."));
    } catch (problem) { toast(problem.message, "bad"); }
    this.view.refresh();
  }

  async exportAll() {
    if (!this.view.infos.size) { toast("There are no documents to export. Add some first.", "bad"); return; }
    toast("Putting all files into one. The download begins when it is ready.");
    try { await download("documents/export"); } catch (problem) { toast(problem.message, "bad"); }
  }

  async importFrom(file) {
    toast(`Taking in ${file.name}…`);
    try {
      const told = await upload(file, () => {}, {}, "documents/import");
      const words = [[told.new, "new"], [told["there already"], "there already"], [told.refused, "refused"]].filter(([number]) => number).map(([number, what]) => `${number} ${what}`).join(", ") || "nothing in it";
      if (told.problems.length) sheet("Imported, but not all", h("p", {}, words), h("ul", {}, told.problems.map((one) => h("li", { dir: "auto" }, one))));
      else toast(`Imported: ${words}.`);
    } catch (problem) { toast(problem.message, "bad"); }
    this.view.refresh();
  }

  askAddress() {
    const field = h("input.field", { type: "text", maxlength: 4000, "aria-label": "Address", placeholder: "https://…", dir: "ltr", autocomplete: "off", spellcheck: "false" });
    const said = h("p.note.bad", { hidden: true, role: "alert", dir: "auto" });
    const button = h("button.button.primary", {}, "Fetch");
    const asked = sheet("Add a web page or PDF", h("form.row", { onsubmit: async (event) => {
      event.preventDefault();
      said.hidden = true;
      button.disabled = true;
      say(button, "Fetching…");
      try {
        const info = await post("documents/address", { url: field.value, ...this.view.into() });
        asked.close();
        toast(`${info.title} is kept`);
        this.view.refresh();
      } catch (problem) { said.hidden = false; say(said, problem.message); }
      button.disabled = false;
      say(button, "Fetch");
    } }, field, button), said, h("p.quiet", {}, "The page is fetched once, now, and kept as it was. Only public pages: addresses inside your own network are refused."));
    field.focus();
  }
}
