// The page "Check a receipt": the file is read and checked in this browser, and stays here. Where the browser lacks what
// the check needs, the form goes to the server as without script.

import { convict, isConflict } from "./conflict.js";
import { explain, explainConflict } from "./explain.js";
import { canVerify, verify } from "./receipt.js";

const form = document.querySelector("[data-cv-check]");
const said = JSON.parse(document.getElementById("check-data").textContent);
const place = document.getElementById("check-answer");

const element = (name, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};
const octetsOf = async (file) => new Uint8Array(await file.arrayBuffer());

if (await canVerify()) {
  document.querySelector("[data-cv-check-here]").hidden = false;
  form.addEventListener("submit", async (event) => {
    const [file] = form.elements.receipt.files;
    if (!file) return; // the server says what is missing
    event.preventDefault();
    const shown = await answer(file, form.elements.policy.files[0]);
    place.replaceChildren(shown, element("h2", {}, said.another));
    shown.focus();
  });
}

async function answer(file, policyFile) {
  if (file.size > said.largest) return refusal(said.too_large);
  const data = await octetsOf(file);
  const unlike = unlikeAReceipt(data);
  if (unlike) return refusal(unlike);
  if (isConflict(data)) return convicted(data);
  const policy = policyFile ? new TextDecoder().decode(await octetsOf(policyFile)) : null;
  const closing = closingOf(data);
  let verdict = await verify(data, { policy, closing });
  const known = publishedKey(verdict.facts?.origin);
  if (known) verdict = await verify(data, { policy, closing, key: known });
  const titles = verdict.ok ? [said.proven, "good"] : [said.not_proven, "bad"];
  return section(verdict, titles, known, [...explain(verdict, said.sentences).flatMap(part), ...fingerprint(verdict.facts)]);
}

async function convicted(data) {
  let conviction = await convict(data);
  const known = publishedKey(conviction.conflict?.heads[0].origin);
  if (known) conviction = await convict(data, { key: known });
  const titles = conviction.ok ? [said.convicted, "warning"] : [said.not_convicted, "bad"];
  return section(conviction, titles, known, explainConflict(conviction, said.sentences).flatMap(part));
}

const publishedKey = (origin = "") => (Object.hasOwn(said.keys, origin) ? said.keys[origin] : null);

// The closing of the log whose key a receipt names, where one of this place was closed.
function closingOf(data) {
  const [, origin] = /"key":"([^"+]+)\+/.exec(new TextDecoder().decode(data)) ?? [];
  return origin && Object.hasOwn(said.closings, origin) ? said.closings[origin] : null;
}

// Why octets cannot be a receipt at all; empty when they may be one.
function unlikeAReceipt(data) {
  if (!data.length) return said.empty;
  const found = said.beginnings.find(([numbers]) => numbers.every((number, at) => data[at] === number));
  if (found) return found[1];
  const start = data.slice(0, 3).join() === "239,187,191" ? data.slice(3) : data;
  return start.find((octet) => ![0x20, 0x09, 0x0d, 0x0a].includes(octet)) === 0x7b ? "" : said.foreign;
}

function refusal(text) {
  const notice = element("div", { className: "cv-notice cv-notice--bad", tabIndex: -1 }, element("p", {}, text));
  notice.setAttribute("role", "alert");
  return notice;
}

function section({ ok, reasons }, [title, tone], known, parts) {
  const notes = [said.here, ...(ok ? [known ? said.known : said.unknown] : [])];
  const notice = element("div", { className: `cv-notice cv-notice--${tone}` },
    element("h2", { id: "answer-title" }, title), ...notes.map((note) => element("p", {}, note)));
  const made = element("section", { tabIndex: -1 }, notice, ...parts);
  made.setAttribute("aria-labelledby", "answer-title");
  made.dataset.reasons = reasons.join(" ");
  return made;
}

const part = ([heading, sentences]) => [
  element("h3", {}, heading),
  element("ul", {}, ...sentences.map((sentence) => element("li", {}, sentence))),
];

function fingerprint(facts) {
  if (!facts) return [];
  return [
    element("h3", {}, said.fingerprint),
    element("p", {}, element("code", {}, facts.fingerprint)),
    element("p", {}, element("a", { href: said.logs }, said.logs_title)),
  ];
}
