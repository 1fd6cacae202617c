// Judges a proof that a log misbehaved, two heads of its key that conflict, as congvu_verify.convict does.

import {
  base64, canonicalOr, equal, fingerprint, hasFields, hex, isSigned, isSorted, isText, joined, json, LARGEST_FILE,
  octets, readHead, readKey, refuse, sha256, Unreadable,
} from "./receipt.js";
import { cosigner, standing } from "./witnesses.js";

const FIELDS = ["congvu", "first", "key", "path", "prefix", "second", "witnesses"];

// Whether a file wants to be such a proof, and not a receipt.
export function isConflict(data) {
  try {
    return json(data.slice(0, LARGEST_FILE))?.congvu === "conflict/1";
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return false;
  }
}

// Returns {ok, readable, reasons, conflict, both, compared}; `both` names the witnesses that cosigned both heads.
export async function convict(data, { key = null } = {}) {
  try {
    const conflict = await read(data);
    if (key !== null) await readKey(key, "given_key");
    const reasons = await failures(conflict, key);
    const both = [...conflict.witnesses.values()].filter(({ id }) =>
      conflict.heads.every((head) => head.cosignatures.some((said) => said.id === id)));
    const names = both.map(({ name }) => name);
    return { ok: !reasons.length, readable: true, reasons, conflict, both: names, compared: key !== null };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { ok: false, readable: false, reasons: [error.message], conflict: null, both: [], compared: false };
  }
}

async function read(data) {
  if (data.length > LARGEST_FILE) refuse("too_large");
  const bundle = json(data);
  if (!hasFields(bundle, FIELDS) || bundle.congvu !== "conflict/1") refuse("not_conflict");
  const { path, witnesses, ...texts } = bundle;
  const isOfTexts = (list) => Array.isArray(list) && list.every(isText);
  if (![path, witnesses, Object.values(texts)].every(isOfTexts)) refuse("not_conflict");
  const isCanonical = equal(octets(canonicalOr(bundle, "not_canonical") + "\n"), data);
  if (!isCanonical || !isSorted(witnesses)) refuse("not_canonical");
  const key = await readKey(bundle.key, "key");
  const found = {
    key, text: bundle.key, fingerprint: await fingerprint(bundle.key),
    heads: [readHead(bundle.first), readHead(bundle.second)],
    prefix: base64(bundle.prefix, "proof"),
    path: path.map((one) => base64(one, "proof")),
    witnesses: new Map(),
  };
  for (const text of witnesses) found.witnesses.set(text, await cosigner(text, "policy"));
  return found;
}

// The code of everything that does not hold.
async function failures({ key, text, heads, prefix, path, witnesses }, given) {
  const found = [];
  if (given !== null && given !== text) found.push("other_key");
  if (heads.some((head) => head.origin !== key.name)) found.push("other_log");
  if (heads.some((head) => head.signer !== key.name || head.signerId !== key.id)) found.push("other_signer");
  else if (!await areSigned(heads, key)) found.push("signature");
  if (!await areInConflict(heads, prefix, path)) found.push("no_conflict");
  return [...found, ...await failuresOfCosigners(heads, witnesses)];
}

async function areSigned(heads, key) {
  const answers = await Promise.all(heads.map((head) => isSigned(key.public, head.signature, head.signed)));
  return answers.every(Boolean);
}

// Whether heads, the smaller first, are of two histories: other roots of one size, or a beginning that differs.
async function areInConflict([first, second], prefix, path) {
  if (first.size === second.size) return hex(first.root) < hex(second.root) && !prefix.length && !path.length;
  return first.size < second.size && !equal(prefix, first.root) && await isPrefix(prefix, first.size, second, path);
}

// What is wrong with the witnesses' lines: each known, in the order of the keys, right, and none unused.
async function failuresOfCosigners(heads, witnesses) {
  const names = new Map([...witnesses].map(([text, { name, id }]) => [`${name} ${id}`, text]));
  const told = heads.map((head) => head.cosignatures.map(({ name, id }) => names.get(`${name} ${id}`) ?? ""));
  const used = new Set(told.flat());
  const isEachUsed = used.size === witnesses.size && [...used].every((text) => witnesses.has(text));
  if (!isEachUsed || !told.every(isSorted)) return ["cosigner"];
  for (const [at, head] of heads.entries()) {
    for (const [place, said] of head.cosignatures.entries()) {
      if (await standing(head, said, witnesses.get(told[at][place])) === "wrong") return ["cosignature"];
    }
  }
  return [];
}

// Whether the tree of a head begins with a tree of this size and root (RFC 9162, section 2.1.4.2).
async function isPrefix(prefix, size, head, path) {
  if (size === 0n) return !path.length && equal(prefix, await sha256(octets("")));
  const [start, ...rest] = size & (size - 1n) ? path : [prefix, ...path];
  if (!start) return false;
  let [at, last, before, after] = [size - 1n, head.size - 1n, start, start];
  while (at & 1n) { at >>= 1n; last >>= 1n; }
  for (const hash of rest) {
    if (last === 0n) return false;
    if (at & 1n || at === last) {
      [before, after] = [await node(hash, before), await node(hash, after)];
      while (at && !(at & 1n)) { at >>= 1n; last >>= 1n; }
    } else {
      after = await node(after, hash);
    }
    at >>= 1n;
    last >>= 1n;
  }
  return last === 0n && equal(before, prefix) && equal(after, head.root);
}

const node = (left, right) => sha256(joined([1], left, right));
