// Says on every page of the mailbox that this computer holds text that the server has not, and lists it under Drafts.
import * as shelter from "../../ui/js/shelter.js";
import { ask, draftOf } from "./pulse.js";

const notice = document.querySelector("[data-mail-kept]");
const list = document.querySelector("[data-mail-kept-list]");

async function show() {
  const { owner, pulse } = notice.dataset;
  const drafts = [...new Set(shelter.names(owner).map(draftOf))];
  if (!drafts.length) return;
  const { state, sent = [], held = [] } = await ask(pulse, owner, drafts);
  if (state !== "here") return;
  for (const name of shelter.names(owner)) if (sent.includes(draftOf(name))) shelter.drop(owner, name);
  const names = shelter.names(owner);
  notice.hidden = Boolean(list) || !names.length;
  if (list) await fill(names, held);
}

async function fill(names, held) {
  const { owner } = notice.dataset;
  const { key, compose, draft } = list.dataset;
  for (const name of names) {
    const copy = await shelter.get(owner, name, key);
    if (!copy) continue;
    const row = list.querySelector("template").content.cloneNode(true);
    const link = row.querySelector("a");
    const way = held.includes(draftOf(name)) ? draft.replace("a".repeat(26), draftOf(name)) : compose;
    link.href = `${way}#kept=${encodeURIComponent(name)}`;
    if (copy.value.subject.trim()) link.textContent = copy.value.subject;
    row.querySelector("time").textContent = new Date(copy.at).toLocaleString(document.documentElement.lang);
    row.querySelector("[data-body]").textContent = copy.value.body.slice(0, 140);
    list.querySelector("ul").append(row);
    list.hidden = false;
  }
}

if (notice) show();
