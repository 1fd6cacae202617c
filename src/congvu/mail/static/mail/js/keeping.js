// Keeps what is being written: on this computer at once, on the server as soon as it answers. Nothing is ever sent
// without a press; a press while the server does not answer sends nothing and says so.
import * as shelter from "../../ui/js/shelter.js";
import { ask, draftOf } from "./pulse.js";

const form = document.querySelector(".cv-composer");
const { owner, key, pulse } = form.dataset;
const TYPED = ["to", "cc", "communication", "subject", "body", "meeting_start", "meeting_end", "meeting_zone", "meeting_place"];
const NAMES = [...TYPED, "sender", "answers", "forwards", "draft", "seen"];
const AGAIN = 10000; // milliseconds between two looks for the server
const named = () => `${form.elements.draft.value}.${form.elements.revision.value}`;
const written = (values) => TYPED.map((one) => (values[one] ?? "").replaceAll("\r\n", "\n"));
const typed = () => Object.fromEntries(NAMES.filter((one) => form.elements[one]).map((one) => [one, form.elements[one].value]));

let edits = 0;
let asked = 0; // edits that the running request carries
let copies = new Set(); // names under which this computer holds what this page shows
let mayKeep = true; // not while the text carries a mark of state secrecy
let isSent = false;
let isLooking = false;
let waiting = 0;
let soon = 0;

const clock = (at) => new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hour12: false }).format(at);

function say(state, { at = Date.now(), isUnsent = false } = {}) {
  const words = (name) => document.getElementById("states").content.querySelector(`[data-state="${name}"]`).cloneNode(true);
  const said = words(state);
  for (const time of said.querySelectorAll("time")) time.textContent = clock(at);
  const saved = document.getElementById("saved");
  saved.dataset.state = state;
  saved.replaceChildren(...(isUnsent ? [words("unsent")] : []), said);
}

async function keepHere() {
  if (!mayKeep) return false;
  const name = named();
  copies.add(name);
  return shelter.put(owner, name, key, typed());
}

function forget() {
  clearTimeout(soon);
  for (const name of copies) shelter.drop(owner, name);
  copies = new Set();
}

// Looks for the server; says what is the matter unless it answers, and looks again later.
async function look(isUnsent = false) {
  clearTimeout(waiting);
  const isKept = await keepHere();
  const { state, token } = await ask(pulse, owner);
  if (state === "here") {
    form.elements.csrfmiddlewaretoken.value = token; // a new one after another sign-in
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
    return true;
  }
  say(isKept ? state : "alone", { isUnsent });
  waiting = setTimeout(again, AGAIN);
  return false;
}

async function again() {
  if (await look()) htmx.trigger(form, "keep");
}

// Takes back the newest text that this computer kept of this draft, unless somebody types already.
async function restore() {
  const wanted = new URLSearchParams(location.hash.slice(1)).get("kept");
  const opened = await Promise.all(shelter.names(owner).map(async (name) => ({ name, copy: await shelter.get(owner, name, key) })));
  const readable = opened.filter((one) => one.copy).sort((one, other) => other.copy.at - one.copy.at);
  const shown = JSON.stringify(written(typed()));
  for (const { name, copy } of readable) { // what the server has, as after "Keep both"
    const isHeld = form.elements.seen.value && JSON.stringify(written(copy.value)) === shown;
    if (isHeld && draftOf(name) !== form.elements.draft.value) shelter.drop(owner, name);
  }
  const mine = readable.find(({ name }) => (wanted ? name === wanted : draftOf(name) === form.elements.draft.value));
  if (!mine || edits) return;
  const { seen } = form.elements;
  const isOwn = seen.value === mine.name.split(".")[1]; // the server holds an earlier text of the same window
  const values = { ...mine.copy.value, ...(isOwn && { seen: seen.value }) };
  for (const [name, value] of Object.entries(values)) if (form.elements[name]) form.elements[name].value = value;
  copies.add(mine.name);
  edits += 1;
  if (JSON.stringify(written(typed())) !== shown) say("found", { at: mine.copy.at });
  htmx.trigger(form, "keep");
}

for (const kind of ["input", "change"]) {
  form.addEventListener(kind, () => {
    edits += 1;
    clearTimeout(soon);
    soon = setTimeout(keepHere, 300);
  });
}
form.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target !== form) return;
  if (isSent || document.getElementById("both").childElementCount) event.preventDefault();
  else asked = edits;
});
form.addEventListener("htmx:beforeSwap", (event) => {
  if (event.target.id !== "saved" || new URL(event.detail.xhr.responseURL).pathname === form.getAttribute("hx-post")) return;
  event.detail.shouldSwap = false; // the page of the sign-in came instead
  look();
});
form.addEventListener("htmx:afterSettle", () => {
  const { state } = document.getElementById("saved").dataset;
  if (state === "secret") forget();
  mayKeep = state !== "secret";
  if (state === "kept" && edits === asked) forget();
});
for (const kind of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  form.addEventListener(kind, (event) => { if (event.target === form) look(); });
}
window.addEventListener("online", () => edits && again());
window.addEventListener("offline", () => edits && look());

// A press waits for the server's pulse; without it nothing leaves this page.
form.addEventListener("submit", async (event) => {
  if (isSent) {
    if (isSent !== "going") event.preventDefault();
    isSent = true;
    return;
  }
  event.preventDefault();
  if (isLooking) return;
  isLooking = true;
  const isHere = await look(event.submitter?.value === "send");
  isLooking = false;
  if (!isHere) return;
  if (["discard", "theirs"].includes(event.submitter?.value)) forget();
  isSent = "going";
  form.dataset.cvConfirmed = "yes"; // it was asked before the pulse
  form.requestSubmit(event.submitter);
  delete form.dataset.cvConfirmed;
});
window.addEventListener("pageshow", () => { isSent = false; });

window.addEventListener("load", restore); // htmx listens by then
