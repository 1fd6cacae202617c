// Verifies a receipt in the browser, as congvu_verify.py does on a machine: the same steps, the same codes, the same
// facts. It asks no network; SHA-256 and signatures are the browser's own (Web Crypto). tests/portal compares the two.

import { canonical, parse } from "./canonical.js";
import { concern, failuresOfClosing, readClosing } from "./closings.js";
import { policy as readPolicy, witnessing } from "./witnesses.js";

export const LARGEST_FILE = 64 * 1024;
const LARGEST_NUMBER = Number.MAX_SAFE_INTEGER;
const FIELDS = ["congvu", "disclosures", "entry", "key", "proof"];
const LEAF_FIELDS = ["agency", "at", "attributes", "digests", "id", "kind", "version"];
const SALT_BYTES = 16;
const LAST_SECOND = 253402300799n; // of the year 9999

const KEY = /^([!-*,-~]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})$/;
const SIGNED = "\u2014 (?<signer>[!-*,-~]+) (?<signature>[A-Za-z0-9+/]{91}=)\n";
const HEAD =
  "(?<text>(?<origin>[!-*,-~]+)\n(?<size>0|[1-9][0-9]{0,15})\n(?<root>[A-Za-z0-9+/]{43}=)\n)\n" + SIGNED +
  "(?<cosignatures>(?:\u2014 [^\\x00-\\x20\\x7f+]+ [A-Za-z0-9+/]+={0,2}\n){0,100})$";
const PROOF = new RegExp(
  "^c2sp\\.org/tlog-proof@v1\nindex (?<index>0|[1-9][0-9]{0,15})\n(?<path>(?:[A-Za-z0-9+/]{43}=\n){0,63})\n" +
  HEAD, "u");
const LONE_HEAD = new RegExp(`^${HEAD}`, "u");
const POLICY = new RegExp("^(?<text>(?:[^\n]+\n)+)\n" + SIGNED + "$", "u");
const INSTANT = /^([0-9]{4})-([0-9]{2})-([0-9]{2})T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{6}Z$/;
const KIND = /^[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+$/;
const HANDLE = /^[!-~]{1,64}$/;
const NAME = /^[a-z][a-z0-9_]*$/;
const DIGEST = /^[A-Za-z0-9_-]{43}$/;

export class Unreadable extends Error {}
export const refuse = (code) => { throw new Unreadable(code); };

const encoder = new TextEncoder();
export const octets = (text) => encoder.encode(text);
const decode = (data) => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data);
export const sha256 = async (data) => new Uint8Array(await crypto.subtle.digest("SHA-256", data));
export const hex = (data) => Array.from(data, (one) => one.toString(16).padStart(2, "0")).join("");
export const equal = (one, other) => one.length === other.length && one.every((octet, at) => octet === other[at]);
export const toBase64 = (data) => btoa(Array.from(data, (one) => String.fromCharCode(one)).join(""));
export const isText = (value) => typeof value === "string";
const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const isNumber = (value) => typeof value === "bigint" && value >= -LARGEST_NUMBER && value <= LARGEST_NUMBER;
export const hasFields = (value, fields) => isObject(value) && Object.keys(value).sort().join() === fields.join();

export function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) { whole.set(part, at); at += part.length; }
  return whole;
}

// Whether this browser has what the check needs; where not, the page asks the server.
export async function canVerify() {
  try {
    await crypto.subtle.importKey("raw", new Uint8Array(32).fill(1), "Ed25519", false, ["verify"]);
    return true;
  } catch { // no secure page, or an old browser
    return false;
  }
}

// Returns {ok, readable, reasons, facts}; never throws for what the octets hold.
export async function verify(data, { key = null, policy = null, closing = null } = {}) {
  try {
    if (key !== null) await readKey(key, "given_key");
    const given = policy === null ? null : await readPolicy(policy, "given_policy");
    const end = closing === null ? null : await readClosing(closing);
    const receipt = await read(data);
    const keys = [...(key === null ? [] : [[key]]), ...(given && given.logs.length ? [given.logs] : [])];
    const said = await witnessing(receipt, given);
    const reasons = [...await failures(receipt, keys, given, said), ...await failuresOfClosing(receipt, given, end)];
    const concerns = concern(receipt, end);
    const facts = reasons.length ? null : await factsOf(receipt, keys.length > 0, said.witnessing, concerns);
    return { ok: !reasons.length, readable: true, reasons, facts };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { ok: false, readable: false, reasons: [error.message], facts: null };
  }
}

// ---- reading: the file must have its one form

async function read(data) {
  if (data.length > LARGEST_FILE) refuse("too_large");
  const bundle = json(data);
  const fields = isObject(bundle) ? Object.keys(bundle).filter((name) => name !== "policy").sort() : [];
  if (fields.join() !== FIELDS.join() || bundle.congvu !== "receipt/1") refuse("not_receipt");
  const { disclosures, ...texts } = bundle;
  if (!Array.isArray(disclosures) || ![...Object.values(texts), ...disclosures].every(isText)) refuse("not_receipt");
  if (!equal(octets(canonicalOr(bundle, "not_canonical") + "\n"), data)) refuse("not_canonical");
  const key = await readKey(bundle.key, "key");
  const leafBytes = base64(bundle.entry, "entry");
  return {
    key: bundle.key, keyName: key.name, keyId: key.id, public: key.public,
    leafBytes, leaf: readLeaf(leafBytes), disclosures: await readDisclosures(disclosures),
    ...readProof(bundle.proof),
    ...await readReceiptsPolicy(bundle.policy),
  };
}

export function json(data) {
  try {
    return parse(decode(data));
  } catch (error) {
    return refuse(error.message === "repeated" ? "repeated_field" : "not_json");
  }
}

export function canonicalOr(value, code) {
  const text = canonical(value);
  return text === null ? refuse(code) : text;
}

// The value of a part that is itself RFC 8785 JSON.
function readPart(data, part) {
  try {
    const value = json(data);
    if (equal(octets(canonicalOr(value, part)), data)) return value;
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
  }
  return refuse(part);
}

// The octets of standard base64 in its one canonical spelling.
export function base64(text, part) {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4) refuse(part);
  let data;
  try {
    data = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  } catch {
    refuse(part);
  }
  return toBase64(data) === text ? data : refuse(part);
}

function base64url(text, part) {
  if (/[+/]/.test(text)) refuse(part);
  const padding = "=".repeat((4 - (text.length % 4)) % 4);
  return base64(text.replaceAll("-", "+").replaceAll("_", "/") + padding, part);
}

export const keyId = async (name, data) => (await sha256(joined(octets(name + "\n"), data))).slice(0, 4);

// Name, id and public key of a verifier key (c2sp.org/signed-note).
export async function readKey(text, part) {
  const match = KEY.exec(text) ?? refuse(part);
  const data = base64(match[3], part);
  const idOctets = await keyId(match[1], data);
  if (data[0] !== 1 || hex(idOctets) !== match[2]) refuse(part);
  return { name: match[1], id: match[2], idOctets, public: data.slice(1) };
}

function readLeaf(data) {
  const leaf = readPart(data, "entry");
  const isLeaf = hasFields(leaf, LEAF_FIELDS) && matches(HANDLE, leaf.agency) && matches(HANDLE, leaf.id) &&
    isNumber(leaf.version) && matches(KIND, leaf.kind) && isInstant(leaf.at) &&
    areAttributes(leaf.attributes) && areDigests(leaf.digests);
  return isLeaf ? leaf : refuse("entry");
}

const matches = (pattern, value) => isText(value) && pattern.test(value);
const areDigests = (value) =>
  Array.isArray(value) && value.every((one) => matches(DIGEST, one)) && isSorted(value);
const areAttributes = (value) => isObject(value) && Object.entries(value).every(
  ([name, item]) => NAME.test(name) && (isText(item) || typeof item === "boolean" || isNumber(item)));

function isInstant(value) {
  const match = isText(value) && INSTANT.exec(value);
  if (!match) return false;
  const [year, month, day] = match.slice(1).map(Number);
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return year > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

// Whether texts ascend, by their letters' numbers, so that none stands twice.
export function isSorted(texts) {
  const numbers = texts.map((text) => Array.from(text, (letter) => letter.codePointAt(0)));
  return numbers.every((one, at) => !at || isBefore(numbers[at - 1], one));
}

function isBefore(one, other) {
  const at = one.findIndex((number, place) => number !== other[place]);
  return at < 0 ? one.length < other.length : at < other.length && one[at] < other[at];
}

// {digest: [name, value]} of SD-JWT disclosures (RFC 9901, section 4.2.1).
async function readDisclosures(texts) {
  if (!isSorted(texts)) refuse("disclosure_order");
  const found = new Map();
  for (const text of texts) {
    const said = readPart(base64url(text, "disclosure"), "disclosure");
    if (!Array.isArray(said) || said.length !== 3 || !said.every(isText)) refuse("disclosure");
    const [salt, name, value] = said;
    if (base64url(salt, "disclosure").length < SALT_BYTES || !NAME.test(name)) refuse("disclosure");
    const digest = toBase64(await sha256(octets(text))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
    found.set(digest, [name, value]);
  }
  return found;
}

// The parts of a tlog-proof.
function readProof(text) {
  const found = PROOF.exec(text)?.groups;
  if (!found || Math.max(Number(found.index), Number(found.size)) > LARGEST_NUMBER) refuse("proof");
  return {
    index: Number(found.index),
    path: found.path.split("\n").slice(0, -1).map((line) => base64(line, "proof")),
    ...headOf(found),
    size: Number(found.size),
  };
}

// The parts of a checkpoint that bears the log's signature, and then cosignatures.
export const readHead = (note) => headOf(LONE_HEAD.exec(note)?.groups ?? refuse("proof"));

function headOf(found) {
  const signature = base64(found.signature, "proof");
  return {
    signed: octets(found.text),
    origin: found.origin,
    size: BigInt(found.size),
    root: base64(found.root, "proof"),
    signer: found.signer, signerId: hex(signature.slice(0, 4)), signature: signature.slice(4),
    cosignatures: found.cosignatures.split("\n").slice(0, -1).map(readCosignature),
  };
}

function readCosignature(line) {
  const [, name, encoded] = line.split(" ");
  const data = base64(encoded, "proof");
  const at = data.slice(4, 12).reduce((number, octet) => number * 256n + BigInt(octet), 0n);
  if (at <= 0n || at > LAST_SECOND) refuse("proof");
  return { name, id: hex(data.slice(0, 4)), at: Number(at), value: data.slice(12) };
}

// The policy that the agency names, and the parts of its signature; no witnesses where it names none.
async function readReceiptsPolicy(note) {
  const nobody = { logs: [], witnesses: new Map(), groups: new Map(), quorum: "none" };
  if (note === undefined) return { policy: nobody, policySigned: null };
  const found = POLICY.exec(note)?.groups ?? refuse("policy");
  const signature = base64(found.signature, "policy");
  const policySigned = {
    text: octets(found.text), signer: found.signer, id: hex(signature.slice(0, 4)), signature: signature.slice(4),
  };
  return { policy: await readPolicy(found.text, "policy"), policySigned };
}

// ---- proving

// The code of everything that does not hold; of each list of keys one must be the receipt's.
async function failures(receipt, keys, given, said) {
  const found = [];
  const yieldIf = (fails, code) => { if (fails) found.push(code); };
  yieldIf(keys.some((known) => !known.includes(receipt.key)), "other_key");
  yieldIf(receipt.origin !== receipt.keyName, "other_log");
  const isOwn = receipt.signer === receipt.keyName && receipt.signerId === receipt.keyId;
  yieldIf(!isOwn, "other_signer");
  yieldIf(isOwn && !await isSigned(receipt.public, receipt.signature, receipt.signed), "signature");
  const isWithin = receipt.index < receipt.size;
  yieldIf(!isWithin, "beyond_the_log");
  const root = isWithin && await rootOf(receipt.index, receipt.size, receipt.leafBytes, receipt.path);
  yieldIf(isWithin && !(root && equal(root, receipt.root)), "not_in_the_log");
  const digests = new Set(receipt.leaf.digests);
  yieldIf([...receipt.disclosures.keys()].some((digest) => !digests.has(digest)), "foreign_disclosure");
  const names = new Set([...receipt.disclosures.values()].map(([name]) => name));
  yieldIf(names.size !== receipt.disclosures.size, "ambiguous_disclosure");
  yieldIf(receipt.policySigned && !await isPolicySigned(receipt), "policy_signature");
  if (!said.inOrder) found.push("cosigner");
  else if (said.wrong) found.push("cosignature");
  else if (given && !said.witnessing.met) found.push("quorum");
  return found;
}

export async function isSigned(publicKey, signature, message, algorithm = "Ed25519", format = "raw") {
  try {
    const key = await crypto.subtle.importKey(format, publicKey, algorithm, false, ["verify"]);
    return await crypto.subtle.verify(algorithm, key, signature, message);
  } catch (error) {
    if (error.name === "NotSupportedError" || error instanceof TypeError) return null; // the browser lacks the algorithm
    return false;
  }
}

async function isPolicySigned(receipt) {
  const { text, signer, id, signature } = receipt.policySigned;
  const isOwn = signer === receipt.keyName && id === receipt.keyId;
  return isOwn && await isSigned(receipt.public, signature, text);
}

// The tree hash that leaf and path lead to, null when the path's length is wrong (RFC 6962, section 2.1.1).
async function rootOf(index, size, leaf, path) {
  if (size === 1) return path.length ? null : sha256(joined([0], leaf));
  if (!path.length) return null;
  let left = 1;
  while (left * 2 < size) left *= 2;
  const last = path.at(-1);
  const isLeft = index < left;
  const half = await rootOf(isLeft ? index : index - left, isLeft ? left : size - left, leaf, path.slice(0, -1));
  return half && sha256(isLeft ? joined([1], half, last) : joined([1], last, half));
}

async function factsOf(receipt, isCompared, witnessed, closing) {
  const { leaf } = receipt;
  const number = (value) => (typeof value === "bigint" ? Number(value) : value);
  const attributes = Object.entries(leaf.attributes).map(([name, value]) => [name, number(value)]);
  return {
    kind: leaf.kind, version: Number(leaf.version), at: leaf.at, agency: leaf.agency, id: leaf.id,
    attributes: Object.fromEntries(attributes),
    disclosed: Object.fromEntries([...receipt.disclosures.values()].sort(([one], [other]) => (one < other ? -1 : 1))),
    withheld: leaf.digests.length - receipt.disclosures.size,
    origin: receipt.origin, index: receipt.index, size: receipt.size,
    demonstration: receipt.origin.startsWith("demonstration."),
    key: receipt.key, fingerprint: await fingerprint(receipt.key),
    trust: isCompared ? "compared" : "receipt",
    witnessing: witnessed,
    closing,
  };
}

// SHA-256 over the verifier key's text, in groups of four hex digits.
export const fingerprint = async (key) => hex(await sha256(octets(key))).match(/.{4}/g).join(" ");
