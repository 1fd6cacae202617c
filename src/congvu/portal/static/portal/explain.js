// Says a verdict in words, as congvu_verify.explain does. The sentences come with the page, from congvu_verify.

import { toBase64 } from "./receipt.js";

// What the receipt is not to blame for.
const GIVEN = new Set(["no_file", "given_key", "given_policy", "given_closing"]);

// Returns [[heading, sentences], ...]; `sentences` are those of one language by their codes.
export function explain(verdict, sentences) {
  const say = speaker(sentences);
  const word = (code) => (Object.hasOwn(sentences, code) ? sentences[code] : code.slice(code.indexOf("=") + 1));
  if (!verdict.facts) {
    const result = [say(verdict.readable ? "refused" : "unreadable"), ...verdict.reasons.map((one) => say(`because.${one}`))];
    const advice = verdict.reasons.every((one) => GIVEN.has(one)) ? ["advice.given"] : ["advice.original", "advice.rely"];
    return [[say("heading.result"), result], [say("heading.advice"), advice.map((one) => say(one))]];
  }
  const { facts } = verdict;
  const told = facts.witnessing;
  const isCompared = facts.trust === "compared";
  const isWitnessed = told.met && told.count > 0;
  const result = [
    say(isCompared ? "proven.compared" : "proven.receipt"),
    isWitnessed ? witnessed(told, say) : say("proven.alone"),
    ...(facts.closing ? [say(`closing.${facts.closing}`)] : []),
    ...(facts.demonstration ? [say("demonstration")] : []),
  ];
  const limits = [
    ...(isCompared ? [] : ["limit.owner"]),
    "limit.truth", "limit.content", "limit.persons", "limit.clock",
    ...(isWitnessed ? [] : ["limit.witness"]),
    ...(told.policy === "receipt" ? ["limit.policy"] : []),
  ];
  return [
    [say("heading.result"), result],
    [say("heading.proven"), proven(facts, say, sentences)],
    [say("heading.entry"), entry(facts, say, word)],
    ...(told.policy ? [[say("heading.witnesses"), witnesses(told, say)]] : []),
    [say("heading.limits"), limits.map((limit) => say(limit))],
    [say("heading.key"), keyCheck(facts, isCompared, say)],
  ];
}

// What congvu_verify.explain_conflict says of a proof that a log misbehaved.
export function explainConflict(conviction, sentences) {
  const say = speaker(sentences);
  const { ok, reasons, conflict, both, compared } = conviction;
  if (!ok) return [[say("heading.result"), [say("conflict.none"), ...reasons.map((one) => say(`because.${one}`))]]];
  const [first, second] = conflict.heads;
  const sort = first.size === second.size ? "same_size" : "other_prefix";
  const heads = conflict.heads.map(({ origin, size, root }) =>
    say("conflict.head", { origin, size, root: toBase64(root) }));
  return [
    [say("heading.result"), [say("conflict.proven"), say(`conflict.${sort}`)]],
    [say("heading.proven"), both.length ? [...heads, say("conflict.both", { names: both.map(printable).join(", ") })] : heads],
    [say("heading.limits"), [say("conflict.who"), say("conflict.which")]],
    [say("heading.key"), [...(compared ? [] : [say("key.unchecked")]), say("key.print", conflict)]],
    [say("heading.advice"), [say("conflict.advice")]],
  ];
}

const speaker = (sentences) => (code, values = {}) =>
  sentences[code].replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
const minute = (at) => `${at.slice(0, 10)} ${at.slice(11, 19)} UTC`;

function proven(facts, say, sentences) {
  const act = `act.${facts.kind}`;
  return [
    Object.hasOwn(sentences, act) ? say(act) : say("act", { kind: facts.kind }),
    say("entered", { origin: facts.origin, index: facts.index, at: minute(facts.at) }),
    say("signed", { size: facts.size }),
  ];
}

function witnessed(told, say) {
  const names = told.by.filter((one) => one.standing === "counted").map((one) => printable(one.name)).join(", ");
  return say(`witnessed.${told.policy}`, { names, count: told.count, of: told.of });
}

function witnesses(told, say) {
  const enough = told.met && told.count ? "met" : told.met ? "nobody" : "short";
  const lines = told.by.map((one) => say(`witness.${one.standing}`, {
    name: printable(one.name), key: printable(one.key), algorithm: one.algorithm, at: minute(one.at),
  }));
  return [say(`quorum.${enough}`, { count: told.count, of: told.of }), ...lines];
}

function entry(facts, say, word) {
  const lines = [
    ["kind", facts.kind], ["at", facts.at], ["agency", facts.agency], ["id", facts.id],
    ...Object.entries(facts.attributes).map(([name, value]) => [name, word(`${name}=${value}`)]),
    ...Object.entries(facts.disclosed),
  ];
  const said = lines.map(([name, value]) => `${word(`=${name}`)}: ${printable(value)}`);
  return facts.withheld ? [...said, say("withheld", { count: facts.withheld })] : said;
}

function keyCheck(facts, isCompared, say) {
  const shown = say("key.print", { fingerprint: facts.fingerprint });
  return isCompared ? [shown] : [say("key.unchecked"), shown, say("key.compare"), say("key.again", { key: facts.key })];
}

// Shows letters that steer or turn the direction of writing as their code.
function printable(text) {
  const code = (letter) => letter.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
  return Array.from(text, (letter) => (/[\p{C}\p{Z}]/u.test(letter) && letter !== " " ? `<U+${code(letter)}>` : letter))
    .join("");
}
