// The page "Check a receipt": the file is read and checked in this browser, and stays here. Where the browser lacks what
// the check needs, the form goes to the server as without script.

import { explain } from "./explain.js";
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
  const policy = policyFile ? new TextDecoder().decode(await octetsOf(policyFile)) : null;
  let verdict = await verify(data, { policy });
  const known = verdict.facts && Object.hasOwn(said.keys, verdict.facts.origin) ? said.keys[verdict.facts.origin] : null;
  if (known) verdict = await verify(data, { policy, key: known });
  return section(verdict, known !== null);
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

function section(verdict, isKnown) {
  const title = element("h2", { id: "answer-title" }, verdict.ok ? said.proven : said.not_proven);
  const notes = [said.here, ...(verdict.ok ? [isKnown ? said.known : said.unknown] : [])];
  const notice = element("div", { className: `cv-notice cv-notice--${verdict.ok ? "good" : "bad"}` }, title,
    ...notes.map((note) => element("p", {}, note)));
  const parts = explain(verdict, said.sentences).flatMap(([heading, sentences]) => [
    element("h3", {}, heading),
    element("ul", {}, ...sentences.map((sentence) => element("li", {}, sentence))),
  ]);
  const made = element("section", { tabIndex: -1 }, notice, ...parts, ...fingerprint(verdict.facts));
  made.setAttribute("aria-labelledby", "answer-title");
  made.dataset.reasons = verdict.reasons.join(" ");
  return made;
}

function fingerprint(facts) {
  if (!facts) return [];
  return [
    element("h3", {}, said.fingerprint),
    element("p", {}, element("code", {}, facts.fingerprint)),
    element("p", {}, element("a", { href: said.logs }, said.logs_title)),
  ];
}
