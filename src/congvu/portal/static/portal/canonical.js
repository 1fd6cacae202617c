// JSON as receipts are spelled: read without forgiving anything, and written in its one canonical form (RFC 8785).
// JSON.parse would take numbers as fractions and let a name stand twice.

const DEEPEST = 900;
const LONGEST_NUMBER = 4300; // digits, as Python reads them
const TOKEN = /[ \t\n\r]*(?:([{}[\],:])|"((?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*)"|(-?(?:0|[1-9][0-9]*))(?![0-9.eE])|(true|false|null))/y;
const WORDS = { true: true, false: false, null: null };

// Returns the value, whole numbers as BigInt; throws an Error, "repeated" when a name stands twice in an object.
export function parse(text) {
  const reader = { text, at: 0 };
  const value = readValue(reader, next(reader), 0);
  if (/[^ \t\n\r]/.test(text.slice(reader.at))) throw new Error("not JSON");
  return value;
}

function next(reader) {
  TOKEN.lastIndex = reader.at;
  const match = TOKEN.exec(reader.text);
  if (!match) throw new Error("not JSON");
  reader.at = TOKEN.lastIndex;
  return match;
}

function readValue(reader, match, depth) {
  const [, sign, text, number, word] = match;
  if (depth > DEEPEST) throw new Error("too deep");
  if (sign === "{") return readObject(reader, depth);
  if (sign === "[") return readList(reader, depth);
  if (number !== undefined) return readNumber(number);
  if (word !== undefined) return WORDS[word];
  if (text === undefined && sign !== undefined) throw new Error("not JSON");
  return JSON.parse(match[0]);
}

function readNumber(text) {
  if (text.replace("-", "").length > LONGEST_NUMBER) throw new Error("not JSON");
  return BigInt(text);
}

function readList(reader, depth) {
  const found = [];
  let match = next(reader);
  if (match[1] === "]") return found;
  for (;;) {
    found.push(readValue(reader, match, depth + 1));
    const sign = next(reader)[1];
    if (sign === "]") return found;
    if (sign !== ",") throw new Error("not JSON");
    match = next(reader);
  }
}

function readObject(reader, depth) {
  const found = new Map();
  let isRepeated = false;
  let match = next(reader);
  while (match[1] !== "}") {
    if (found.size || isRepeated) {
      if (match[1] !== ",") throw new Error("not JSON");
      match = next(reader);
    }
    if (match.slice(1).some((one, at) => at !== 1 && one !== undefined)) throw new Error("not JSON");
    const name = JSON.parse(match[0]);
    if (next(reader)[1] !== ":") throw new Error("not JSON");
    isRepeated ||= found.has(name);
    found.set(name, readValue(reader, next(reader), depth + 1));
    match = next(reader);
  }
  if (isRepeated) throw new Error("repeated");
  return Object.fromEntries(found);
}

// Returns the canonical text, null for letters that UTF-8 cannot write (halves of a pair).
export function canonical(value) {
  const text = written(value);
  return text.isWellFormed() ? text : null;
}

function written(value) {
  if (typeof value === "string") return value.isWellFormed() ? JSON.stringify(value) : "\ud800";
  if (typeof value === "bigint") return value.toString();
  if (Array.isArray(value)) return `[${value.map(written).join(",")}]`;
  if (value === null || typeof value !== "object") return String(value);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${written(name)}:${written(value[name])}`).join(",")}}`;
}
