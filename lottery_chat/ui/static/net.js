// Talk to this computer: questions go through Gradio's events, everything else through the page's own routes.

/** A sentence for the person, from the server or about not reaching it. */
export class Problem extends Error {}

let reached = () => {};
/** Be told at each request whether the server answers. */
export function onReach(tell) { reached = tell; }

async function request(method, path, body) {
  const wanted = { method, headers: {} };
  if (body !== undefined) {
    wanted.body = JSON.stringify(body);
    wanted.headers["Content-Type"] = "application/json";
  }
  let reply;
  try {
    reply = await fetch(path, wanted);
  } catch {
    reached(false);
    throw new Problem("The chat does not answer. Is it still running on this computer?");
  }
  reached(true);
  if (reply.status === 401) location.assign("/");
  const values = await reply.json().catch(() => ({}));
  if (!reply.ok) throw Object.assign(new Problem(values.error || `The chat answered ${reply.status}. Reload the page.`), { said: true });
  return values;
}

export const get = (path) => request("GET", `/page/api/${path}`);
export const post = (path, body = {}) => request("POST", `/page/api/${path}`, body);
export const patch = (path, body) => request("PATCH", `/page/api/${path}`, body);
export const remove = (path) => request("DELETE", `/page/api/${path}`);
export const part = encodeURIComponent;

/** Ask, through Gradio's event `begin`; returns {run, conversation}. */
export async function begin(question) {
  const reply = await request("POST", "/gradio_api/run/begin", { data: [question] });
  const begun = reply.data?.[0] ?? {};
  if (!begun.run) throw new Problem(begun.error || "The question could not be asked. Try again.");
  return begun;
}

/** Send a file through Gradio's upload route, then keep it; `tell(0..1)` while it goes. Returns the document.
 *  `into` may name a conversation (for that one alone) or a collection; `to` is the route that keeps it. */
export function upload(file, tell, into = {}, to = "documents") {
  return new Promise((done, failed) => {
    const form = new FormData();
    form.append("files", file, file.name);
    const sent = new XMLHttpRequest();
    sent.open("POST", "/gradio_api/upload");
    sent.upload.onprogress = (event) => event.lengthComputable && tell(event.loaded / event.total);
    sent.onerror = () => failed(new Problem(`${file.name} could not be sent. Is the chat still running?`));
    sent.onload = () => {
      if (sent.status === 413) return failed(new Problem(`${file.name} is too big: files may have up to 200 MB.`));
      if (sent.status !== 200) return failed(new Problem(`${file.name} could not be taken (${sent.status}). Try again.`));
      post(to, { path: JSON.parse(sent.responseText)[0], title: file.name, ...into }).then(done, failed);
    };
    sent.send(form);
  });
}

/** Hand each event of a run to `take` from its start until it ends; goes on by itself after a lost connection.
 *  Returns the run's problem or ""; null when the events are numbered anew (the chat was started again): begin again. */
export async function follow(run, take, wanted = () => true) {
  let next = 0;
  let failures = 0;
  let numbering = null;
  while (wanted()) {
    let page;
    try {
      page = await get(`runs/${part(run)}/events?after=${next}&wait=0.5`);
      failures = 0;
    } catch (problem) {
      if (problem.said || ++failures > 300) throw problem;
      await pause(Math.min(250 * failures, 2000));
      continue;
    }
    numbering ??= page.numbering;
    if (page.numbering !== numbering) return null;
    if (page.events.length) take(page.events);
    next = page.next;
    if (page.done && !page.events.length) return page.error;
    await pause(document.hidden ? 1000 : 70);
  }
  return "";
}

/** Download what a route makes; a disk without room for it is told as a sentence first (throws Problem). */
export async function download(path) {
  await get("everything/room");
  const link = document.createElement("a");
  link.href = `/page/api/${path}`;
  link.download = "";
  document.body.append(link);
  link.click();
  link.remove();
}

/** The files of a drop, those of dropped folders too (at most 5,000). Call it inside the event. */
export async function dropped(transfer) {
  const entries = [...transfer.items].map((one) => one.webkitGetAsEntry?.()).filter(Boolean);
  const plain = [...transfer.files];
  if (!entries.some((one) => one.isDirectory)) return plain;
  const files = [];
  const walk = async (entry) => {
    if (files.length >= 5000) return;
    if (entry.isFile) { await new Promise((done) => entry.file((file) => { files.push(file); done(); }, done)); return; }
    const reader = entry.createReader();
    for (;;) {
      const some = await new Promise((done) => reader.readEntries(done, () => done([])));
      if (!some.length) return;
      for (const one of some) await walk(one);
    }
  };
  for (const entry of entries) await walk(entry);
  return files;
}

export const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
