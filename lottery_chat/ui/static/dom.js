// Make elements without ever parsing HTML: every value becomes a text node or a checked attribute.

const SVG = "http://www.w3.org/2000/svg";
const ALLOWED = /^(aria-[a-z]+|data-[a-z]+|role|type|href|target|rel|id|title|dir|lang|for|name|placeholder|tabindex|value|min|max|step|start|colspan|scope|accept|multiple|hidden|disabled|checked|selected|open|download|autocomplete|rows|maxlength|enterkeyhint|spellcheck)$/;

/** h("button.primary", {onclick, "aria-label": "Send"}, "text", child) → element. Strings are text, never markup. */
export function h(name, props = {}, ...children) {
  const [tag, ...classes] = name.split(".");
  const element = document.createElement(tag || "div");
  if (classes.length) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on") && typeof value === "function") element.addEventListener(key.slice(2), value);
    else if (ALLOWED.test(key)) element.setAttribute(key, value === true ? "" : String(value));
    else throw new Error(`attribute ${key} is not allowed`);
  }
  add(element, children);
  return element;
}

function add(element, children) {
  for (const child of children.flat(4)) {
    if (child === null || child === undefined || child === false || child === "") continue;
    element.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

/** Replace what an element holds. */
export function fill(element, ...children) {
  element.replaceChildren();
  add(element, children);
  return element;
}

/** Set text only when it changed, so that screen readers and selections are left alone. */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
  return element;
}

const PATHS = {
  plus: "M12 5v14M5 12h14",
  send: "M12 19V5M6 11l6-6 6 6",
  stop: "M7 7h10v10H7z",
  clip: "M8 12.5l6-6a3 3 0 114.2 4.2l-8 8a5 5 0 01-7-7l7.5-7.5",
  file: "M7 3h7l4 4v14H7zM14 3v4h4",
  gear: "M12 9a3 3 0 100 6 3 3 0 000-6zM12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2.2 2.2M16.2 16.2l2.2 2.2M5.6 18.4l2.2-2.2M16.2 7.8l2.2-2.2",
  search: "M11 5a6 6 0 100 12 6 6 0 000-12zM20 20l-4.6-4.6",
  close: "M6 6l12 12M18 6L6 18",
  menu: "M4 7h16M4 12h16M4 17h16",
  panel: "M4 5h16v14H4zM14 5v14",
  check: "M5 12.5l4.5 4.5L19 7.5",
  cross: "M7 7l10 10M17 7L7 17",
  copy: "M9 9h10v11H9zM6 15H5V4h10v2",
  retry: "M19 12a7 7 0 11-2.2-5.1M19 4v4h-4",
  tree: "M6 5v14M6 9h6M6 17h6M14 7h5v4h-5zM14 15h5v4h-5z",
  more: "M6 11.6v.8M12 11.6v.8M18 11.6v.8",
  pen: "M5 19l1-4L16 5l3 3L9 18zM14 7l3 3",
  bin: "M5 7h14M10 7V5h4v2M7 7l1 13h8l1-13",
  down: "M12 5v14M6 13l6 6 6-6",
  left: "M14 6l-6 6 6 6",
  right: "M10 6l6 6-6 6",
  sum: "M17 6H7l6 6-6 6h10",
  proof: "M12 3l8 4v5c0 4.5-3.2 8-8 9-4.8-1-8-4.5-8-9V7zM8.5 12l2.5 2.5 4.5-5",
  compare: "M12 4v16M5 8h4M5 12h4M15 12h4M15 16h4",
  bookmark: "M7 4h10v16l-5-4-5 4z",
  flask: "M9 4h6M10 4v6l-5 8.5a1 1 0 001 1.5h12a1 1 0 001-1.5L14 10V4M8 15h8",
  play: "M8 5l11 7-11 7z",
  dot: "M12 11.4v1.2",
  globe: "M12 4a8 8 0 100 16 8 8 0 000-16zM4 12h16M12 4c3 2.5 3 13.5 0 16M12 4c-3 2.5-3 13.5 0 16",
};

/** A small drawn icon, hidden from screen readers. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/** A button with an icon and a label for those who cannot see it. */
export function iconButton(name, label, onclick, props = {}) {
  return h("button.icon-button", { type: "button", "aria-label": label, title: label, onclick, ...props }, icon(name));
}

let live = null;

/** Say a change of state once, politely, to screen readers. */
export function announce(text) {
  live ??= document.body.appendChild(h("div.unseen", { role: "status", "aria-live": "polite", id: "said" }));
  live.textContent = text;
}

/** A short line at the foot of the page that goes by itself. */
export function toast(text, kind = "") {
  const line = h(`div.toast${kind ? "." + kind : ""}`, {}, text);
  document.getElementById("toasts").append(line);
  announce(text);
  setTimeout(() => line.remove(), kind === "bad" ? 9000 : 3500);
}

/** Put text on the clipboard, also where the page is not on a secure address. */
export async function copy(text, said = "Copied") {
  if (navigator.clipboard && window.isSecureContext) await navigator.clipboard.writeText(text).catch(() => fallback(text));
  else fallback(text);
  toast(said);
}

function fallback(text) {
  const area = h("textarea.unseen", {});
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

/** Open a small menu under a button; one at a time, Escape and a click elsewhere close it. */
export function menu(button, entries) {
  const open = document.querySelector(".menu");
  open?.remove();
  if (open && open.owner === button) return;
  const list = h("div.menu", { role: "menu" });
  list.owner = button;
  const shut = () => {
    list.remove();
    document.removeEventListener("pointerdown", outside, true);
    button.setAttribute("aria-expanded", "false");
  };
  const outside = (event) => !list.contains(event.target) && !button.contains(event.target) && shut();
  for (const entry of entries) {
    if (entry instanceof Node) {
      if (entry.localName === "button") { entry.setAttribute("role", "menuitemradio"); entry.setAttribute("aria-checked", entry.getAttribute("aria-pressed") ?? "false"); entry.removeAttribute("aria-pressed"); }
      list.append(entry);
      continue;
    }
    const item = h(`button.menu-item${entry.bad ? ".bad" : ""}`, { type: "button", role: "menuitem", disabled: entry.disabled, onclick: () => { shut(); entry.run(); } }, entry.icon && icon(entry.icon), h("span.grow", {}, entry.text, entry.note && h("small", {}, entry.note)), entry.mark && icon("check"));
    list.append(item);
  }
  list.addEventListener("keydown", (event) => {
    const items = [...list.querySelectorAll("button:not(:disabled), input, a")];
    const at = items.indexOf(document.activeElement);
    if (event.key === "Escape") { event.stopPropagation(); shut(); button.focus(); }
    else if (event.key === "Tab") { shut(); button.focus(); }  // the next Tab goes on from the button
    else if (event.key === "Home") { event.preventDefault(); items[0]?.focus(); }
    else if (event.key === "End") { event.preventDefault(); items[items.length - 1]?.focus(); }
    else if (event.key === "ArrowDown") { event.preventDefault(); items[(at + 1) % items.length]?.focus(); }
    else if (event.key === "ArrowUp") { event.preventDefault(); items[(at - 1 + items.length) % items.length]?.focus(); }
  });
  document.body.append(list);
  const box = button.getBoundingClientRect();
  const width = list.offsetWidth, height = list.offsetHeight;
  list.style.left = `${Math.max(8, Math.min(box.left, innerWidth - width - 8))}px`;
  list.style.top = `${box.bottom + height + 8 > innerHeight ? Math.max(8, box.top - height - 4) : box.bottom + 4}px`;
  button.setAttribute("aria-expanded", "true");
  setTimeout(() => document.addEventListener("pointerdown", outside, true));
  list.querySelector("button:not(:disabled), input, a")?.focus();
}

/** A dialog over the page; returns the <dialog>. Closing removes it. */
export function sheet(title, ...children) {
  const dialog = h("dialog.sheet", { "aria-label": title });
  const shut = iconButton("close", "Close", () => dialog.close());
  add(dialog, [h("header.sheet-head", {}, h("h2", { dir: "auto" }, title), shut), children]);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

export const size = (bytes) => (bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : bytes >= 1e6 ? `${Math.round(bytes / 1e6)} MB` : bytes >= 1e3 ? `${Math.round(bytes / 1e3)} kB` : `${bytes} B`);
export const span = (seconds) => (seconds >= 90 ? `${Math.round(seconds / 60)} min` : seconds >= 10 ? `${Math.round(seconds)} s` : seconds >= 0.05 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds * 1000)} ms`);
export const count = (number, one, many = one + "s") => `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
/** A moment in the clock of this computer: 2026-11-23 16:24; what is no date stays as it is. */
export function when(iso) {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return iso;
  const two = (number) => String(number).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`;
}
