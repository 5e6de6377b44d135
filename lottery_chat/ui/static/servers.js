// Tool servers (MCP) in the settings: what is added, what each tool may do, adding one.

import { h, fill, toast, sheet, icon, iconButton, count } from "./dom.js";
import { get, post, patch, remove, part } from "./net.js";

const PERMITS = [["ask", "ask me before each call"], ["allow", "call without asking"], ["never", "never call"]];
const STATES = { connecting: "connecting", ready: "ready", failed: "does not work" };

export class Servers {
  constructor() {
    this.list = h("div.servers", { "aria-live": "polite" });
    this.root = h("div.models", {}, this.list, h("button.button.add-server", { type: "button", onclick: () => this.ask() }, icon("plus"), "Add tools…"));
  }

  async open() {
    fill(this.list, h("p.quiet", {}, "Looking for your tools…"));
    try { this.show(await get("tools")); } catch (problem) { fill(this.list, h("p.note.bad", { dir: "auto" }, problem.message)); }
  }

  show(tools) {
    const byServer = new Map();
    for (const one of tools) byServer.set(one.server, [...(byServer.get(one.server) ?? []), one]);
    fill(this.list, byServer.size ? [...byServer].map(([name, found]) => this.server(name, found)) : h("p.quiet", {}, "None added yet."));
  }

  server(name, found) {
    const [first] = found;
    const tools = found.filter((one) => one.permit);
    const off = iconButton("bin", `Remove ${name}`, () => this.askRemove(name));
    return h("section.server", { "aria-label": name }, h("header", {}, h("b", { dir: "auto" }, name), h(`span.state.${first.state === "failed" ? "failed" : "ready"}`, {}, first.state === "ready" ? count(tools.length, "tool") : STATES[first.state] ?? first.state), h("span.grow"), off),
      h("p.quiet", {}, h("code", { dir: "ltr" }, first.where)), !tools.length && first.purpose ? h(`p.note${first.state === "failed" ? ".bad" : ""}`, { dir: "auto" }, first.purpose) : "",
      tools.map((one) => this.tool(one)));
  }

  tool(one) {
    const choose = h("select.field", { "aria-label": `May ${one.name} be called?`, onchange: async () => {
      try { await patch("tools", { tool: one.name, permit: choose.value }); toast(`${one.name}: ${PERMITS.find(([value]) => value === choose.value)[1]}`); }
      catch (problem) { toast(problem.message, "bad"); this.open(); }
    } }, PERMITS.map(([value, words]) => h("option", { value, selected: value === one.permit }, words)));
    return h("div.tool", {}, h("div.tool-words", {}, h("b", { dir: "ltr" }, one.name), one.arguments && h("span.quiet", { dir: "ltr" }, ` (${one.arguments})`), one.purpose && h("p.quiet.purpose", { dir: "auto", title: one.purpose }, one.purpose)), choose);
  }

  ask() {
    const name = h("input.field", { type: "text", maxlength: 40, "aria-label": "Name", placeholder: "shop", autocomplete: "off", spellcheck: "false" });
    const where = h("input.field", { type: "text", maxlength: 4000, "aria-label": "Command or address", placeholder: "npx some-server  or  http://127.0.0.1:8000/mcp", dir: "ltr", autocomplete: "off", spellcheck: "false" });
    const said = h("p.note.bad", { hidden: true, role: "alert", dir: "auto" });
    const button = h("button.button.primary", {}, "Add");
    const asked = sheet("Add tools of another program", h("p.quiet", {}, "A command is started on this computer with your rights: add only what you trust. An address is a server that runs already; what a tool is asked goes to it."),
      h("form.stack", { onsubmit: async (event) => {
        event.preventDefault();
        said.hidden = true;
        button.disabled = true;
        button.textContent = "Trying it…";
        const text = where.value.trim();
        try {
          const added = await post("tools", { name: name.value.trim(), [/^https?:\/\//i.test(text) ? "url" : "command"]: text });
          asked.close();
          toast(`Added: ${count(added.length, "tool")}. Each call asks you first`);
          this.open();
        } catch (problem) { said.hidden = false; said.textContent = problem.message; }
        button.disabled = false;
        button.textContent = "Add";
      } }, h("label", {}, "Name", name), h("label", {}, "Command or address", where), button), said);
    name.focus();
  }

  askRemove(name) {
    const asked = sheet("Remove these tools?", h("p", { dir: "auto" }, name), h("p.quiet", {}, "The server is taken out of the list, with what you permitted. The program itself is not touched."), h("div.row", {},
      h("button.button.danger", { type: "button", onclick: async () => {
        asked.close();
        try { await remove(`tools/${part(name)}`); toast(`${name} is removed`); } catch (problem) { toast(problem.message, "bad"); }
        this.open();
      } }, "Remove"), h("button.button", { type: "button", onclick: () => asked.close() }, "Keep them")));
  }
}
