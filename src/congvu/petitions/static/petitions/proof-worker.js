// Finds the counter from which a challenge's key was derived (ALTCHA, proof of work v2, PBKDF2).

const AT_ONCE = 8; // derivations; the browser spreads them over its processors
const LAST = 1_000; // of the counters that our server draws
const MOST = 1_000_000;

const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const hex = (buffer) => Array.from(new Uint8Array(buffer), (octet) => octet.toString(16).padStart(2, "0")).join("");

async function derived(parameters, counter) {
  const nonce = bytes(parameters.nonce), password = new Uint8Array(nonce.length + 4);
  password.set(nonce);
  new DataView(password.buffer).setUint32(nonce.length, counter);
  const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: bytes(parameters.salt), iterations: parameters.cost };
  return hex(await crypto.subtle.deriveBits(how, key, parameters.keyLength * 8));
}

async function solve(challenge) {
  const began = performance.now(), { parameters } = challenge;
  for (let first = 0; first < MOST; first += AT_ONCE) {
    const counters = Array.from({ length: AT_ONCE }, (_, index) => first + index);
    const keys = await Promise.all(counters.map((counter) => derived(parameters, counter)));
    const found = keys.findIndex((key) => key.startsWith(parameters.keyPrefix));
    if (found >= 0) return { counter: counters[found], derivedKey: keys[found], time: performance.now() - began };
    postMessage({ percent: Math.min(99, (first / LAST) * 100) });
  }
  throw new Error("no solution");
}

addEventListener("message", async ({ data }) => {
  try {
    const challenge = JSON.parse(data);
    postMessage({ payload: btoa(JSON.stringify({ challenge, solution: await solve(challenge) })) });
  } catch {
    postMessage({ payload: "" });
  }
});
