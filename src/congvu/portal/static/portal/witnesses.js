// Who must have cosigned a checkpoint (c2sp.org/tlog-policy), who did (c2sp.org/tlog-cosignature), and if that is enough.

import { base64, equal, hex, isSigned, joined, keyId, octets, Unreadable } from "./receipt.js";

const LARGEST_POLICY = 256 * 1024;
const FOREIGN = /[\x00-\x08\x0b-\x1f\x7f]/;
const COSIGNER = /^([^\x00-\x20\x7f+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/u;
const COUNT = /^[1-9][0-9]{0,2}$/;
const COSIGNING = { 4: ["Ed25519", 32, 64, "raw"], 6: ["ML-DSA-44", 1312, 2420, "raw-public"] };

const refuse = (part) => { throw new Unreadable(part); };

// The policy of a text; every rule of the format binds, because a misread policy is a wrong trust.
export async function policy(text, part) {
  const found = { logs: [], witnesses: new Map(), groups: new Map(), quorum: "" };
  if (text.length > LARGEST_POLICY || FOREIGN.test(text)) refuse(part);
  for (const line of text.split("\n")) await take(found, line.replace(/^[ \t]+|[ \t]+$/g, "").split(/[ \t]+/), part);
  const publics = new Set([...found.witnesses.values()].map((one) => hex(one.public)));
  if (!found.quorum || publics.size !== found.witnesses.size) refuse(part);
  return found;
}

async function take(found, [sort, ...words], part) {
  const isTaken = (name) => name === "none" || found.witnesses.has(name) || found.groups.has(name);
  const [first, second, ...rest] = words;
  if (sort === "" || sort.startsWith("#")) return;
  if (sort === "log" && (words.length === 1 || words.length === 2) && !found.logs.includes(first)) {
    found.logs.push(first);
  } else if (sort === "witness" && (words.length === 2 || words.length === 3) && !isTaken(first)) {
    found.witnesses.set(first, await cosigner(second, part));
  } else if (sort === "group" && words.length >= 2 && !isTaken(first)) {
    found.groups.set(first, { threshold: threshold(found, second, rest, part), members: rest });
  } else if (sort === "quorum" && words.length === 1 && !found.quorum && isTaken(first)) {
    found.quorum = first;
  } else refuse(part);
}

// How many members of a group are enough; each is named before and in no other group.
function threshold(found, count, members, part) {
  const number = { any: 1, all: members.length }[count] || (COUNT.test(count) ? Number(count) : 0);
  const inGroups = new Set([...found.groups.values()].flatMap((one) => one.members));
  const isFree = (name) => (found.witnesses.has(name) || found.groups.has(name)) && !inGroups.has(name);
  const fits = number >= 1 && number <= members.length && new Set(members).size === members.length;
  return fits && members.every(isFree) ? number : refuse(part);
}

// The key of a witness from its vkey.
export async function cosigner(text, part) {
  const match = COSIGNER.exec(text) ?? refuse(part);
  const data = base64(match[3], part);
  const [, size] = COSIGNING[data[0]] ?? refuse(part);
  if (data.length - 1 !== size || hex(await keyId(match[1], data)) !== match[2]) refuse(part);
  return { name: match[1], id: match[2], sort: data[0], public: data.slice(1) };
}

// Whether cosignatures are in order and right, and whether they are enough by the given policy or else the receipt's.
export async function witnessing(receipt, given) {
  const names = [...receipt.policy.witnesses];
  const places = receipt.cosignatures.map(
    (said) => names.findLastIndex(([, one]) => one.name === said.name && one.id === said.id));
  const inOrder = places.every((place, at) => place >= 0 && (!at || places[at - 1] < place));
  if (!inOrder) return { inOrder, wrong: false, witnessing: null };
  const told = [];
  for (const [at, said] of receipt.cosignatures.entries()) {
    const [name, key] = names[places[at]];
    told.push({ said, name, key, standing: await standing(receipt, said, key) });
  }
  const wrong = told.some((one) => one.standing === "wrong");
  return { inOrder, wrong, witnessing: wrong ? null : counted(told, given ?? receipt.policy, given) };
}

export async function standing(receipt, said, key) {
  const [algorithm, , length, format] = COSIGNING[key.sort];
  if (said.value.length !== length) return "wrong";
  const message = key.sort === 4
    ? joined(octets(`cosignature/v1\ntime ${said.at}\n`), receipt.signed)
    : subtree(receipt, said, key);
  const answer = await isSigned(key.public, said.value, message, algorithm, format);
  return answer === null ? "unchecked" : answer ? "counted" : "wrong";
}

// What an ML-DSA-44 cosignature signs.
function subtree(receipt, said, key) {
  const prefixed = (text) => joined([octets(text).length % 256], octets(text));
  const number = (value) =>
    Uint8Array.from({ length: 8 }, (_, at) => Number((BigInt(value) >> BigInt(8 * (7 - at))) & 255n));
  return joined(octets("subtree/v1\n\0"), prefixed(key.name), number(said.at), prefixed(receipt.origin),
    new Uint8Array(8), number(receipt.size), receipt.root);
}

function counted(told, policyInForce, given) {
  const known = [...policyInForce.witnesses];
  const held = new Set(["none"]);
  const by = told.map(({ said, name, key, standing: found }) => {
    const own = known.findLast(([, one]) =>
      one.name === key.name && one.id === key.id && one.sort === key.sort && equal(one.public, key.public))?.[0];
    if (found === "counted" && own !== undefined) held.add(own);
    return {
      name: own ?? name, key: `${key.name}+${key.id}`, algorithm: COSIGNING[key.sort][0],
      at: new Date(said.at * 1000).toISOString().replace(".000Z", "Z"),
      standing: own === undefined ? "unnamed" : found,
    };
  });
  const count = held.size - 1;
  for (const [name, { threshold: enough, members }] of policyInForce.groups) {
    if (members.filter((one) => held.has(one)).length >= enough) held.add(name);
  }
  const source = given ? "given" : known.length ? "receipt" : "";
  return { policy: source, met: held.has(policyInForce.quorum), count, of: known.length, by };
}
