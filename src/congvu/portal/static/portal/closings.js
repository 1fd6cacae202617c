// The note by which an agency closed a log whose key was stolen, or that is lost; as congvu_verify.py reads and weighs it.

import { base64, equal, isSigned, octets, readKey, refuse } from "./receipt.js";
import { policy as readPolicy, witnessing } from "./witnesses.js";

const LARGEST = 256 * 1024;
const CLOSING = new RegExp(
  "^(?<text>congvu log closing v1\n(?<reason>stolen|lost)\n(?<closed>[!-~]+)\n(?<next>[!-~]+)\n" +
  "(?<size>0|[1-9][0-9]{0,15})\n(?<root>[A-Za-z0-9+/]{43}=)\n(?<policy>(?:[^\n]+\n)*))\n" +
  "(?<signatures>(?:\u2014 [!-*,-~]+ [A-Za-z0-9+/]{91}=\n){1,2})$", "u");
const PART = "given_closing";

// What a closing says; the next log's key must have signed it, and nobody but the closed one's beside.
export async function readClosing(note) {
  const found = (note.length <= LARGEST && CLOSING.exec(note)?.groups) || refuse(PART);
  if (Number(found.size) > Number.MAX_SAFE_INTEGER) refuse(PART);
  const keys = [await readKey(found.next, PART), await readKey(found.closed, PART)];
  const lines = found.signatures.split("\n").slice(0, -1);
  for (const [at, line] of lines.entries()) {
    const [, signer, encoded] = line.split(" ");
    const signature = base64(encoded, PART);
    const { name, idOctets, public: key } = keys[at];
    const isOwn = signer === name && equal(signature.slice(0, 4), idOctets);
    if (!isOwn || !await isSigned(key, signature.slice(4), octets(found.text))) refuse(PART);
  }
  const { reason, closed, next } = found;
  const policy = found.policy ? await readPolicy(found.policy, PART) : null;
  return { reason, closed, next, size: Number(found.size), root: base64(found.root, PART), policy };
}

// Why a receipt of a closed log proves nothing: after a theft its key alone vouches for nobody.
export async function failuresOfClosing(receipt, given, closing) {
  if (closing === null || receipt.keyName !== closing.closed.split("+")[0]) return [];
  const found = receipt.key === closing.closed ? [] : ["other_key"];
  if (receipt.size === closing.size && !equal(receipt.root, closing.root)) found.push("closed_history");
  if (closing.reason === "lost") return found;
  if (receipt.size > closing.size) found.push("closed");
  else if (receipt.size < closing.size && !await isWitnessed(receipt, given ?? closing.policy)) {
    found.push("closed_unwitnessed");
  }
  return found;
}

async function isWitnessed(receipt, policy) {
  if (policy === null) return false;
  const { wrong, inOrder, witnessing: told } = await witnessing(receipt, policy);
  return inOrder && !wrong && told.met && told.count > 0;
}

// How a closing concerns a receipt: "" where none was given.
export function concern(receipt, closing) {
  if (closing === null) return "";
  if (receipt.key === closing.closed) return receipt.size <= closing.size ? "within" : "beyond";
  return receipt.key === closing.next ? "next" : "other";
}
