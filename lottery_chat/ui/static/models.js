// A model as a row: what it is, where it runs, whether it fits this machine; chosen by a click.

import { h, icon, toast, size } from "./dom.js";
import { post } from "./net.js";

const PLACES = { embedded: "built in", ollama: "Ollama", openai: "another server" };

/** Where a model runs, in words. */
export const place = (where) => PLACES[where.toLowerCase()] ?? where;

/** One model with size, licence and whether it fits; chosen by a click. */
export function modelRow(one, choose) {
  const facts = [place(one.where), one.size && size(one.size), one.licence, one.window && `window ${one.window.toLocaleString("en")} tokens`].filter(Boolean).join(" · ");
  const state = one.chosen ? "answers now" : one.installed ? "on this computer" : "not fetched yet";
  const automatic = one.name === "auto";
  return h(`button.model-row${one.chosen ? ".chosen" : ""}`, { type: "button", "aria-pressed": String(one.chosen), onclick: choose },
    h("span.model-words", {}, h("b", { dir: "auto" }, automatic ? "Automatic" : one.name), facts && h("small", {}, facts), one.note && h("small", { dir: "auto" }, one.note)),
    automatic ? "" : h("span.model-state", {}, one.chosen && icon("check"), h("small", {}, state), h(`small.${one.fits ? "fits" : "bad"}`, {}, one.fits ? "fits this machine" : "too big for this machine")));
}

/** Automatic first: it is the default. */
export const inOrder = (models) => [...models].sort((a, b) => (b.name === "auto") - (a.name === "auto"));

export async function chooseModel(one) {
  try {
    await post("models/choose", { name: one.name });
    toast(one.name === "auto" ? "The best model that fits this computer answers" : one.installed ? `${one.name} answers from the next question on` : `${one.name} is being fetched`);
  } catch (problem) { toast(problem.message, "bad"); }
}
