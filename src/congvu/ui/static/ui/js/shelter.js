// What a form keeps on this computer while the server does not answer. It lies encrypted (AES-GCM) under a key that
// only a signed-in page gets from the server: the next person at the computer finds nothing that can be read.
// Where the browser has no Web Crypto (pages without TLS), nothing is kept.

const PREFIX = "cv-shelter:";
const DAYS = 30;
const whole = (owner, name) => `${PREFIX}${owner}:${name}`;
const octets = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const text = (buffer) => {
  let letters = "";
  for (const octet of new Uint8Array(buffer)) letters += String.fromCharCode(octet);
  return btoa(letters);
};
const cipher = (key) => crypto.subtle.importKey("raw", octets(key), "AES-GCM", false, ["encrypt", "decrypt"]);

// The names of what an owner has here; what is too old to be missed goes.
export function names(owner) {
  try {
    const start = whole(owner, "");
    const found = Object.keys(localStorage).filter((one) => one.startsWith(start));
    const old = found.filter((one) => Date.now() - JSON.parse(localStorage.getItem(one)).at > DAYS * 86400000);
    for (const one of old) localStorage.removeItem(one);
    return found.filter((one) => !old.includes(one)).map((one) => one.slice(start.length));
  } catch { // no storage in this window
    return [];
  }
}

// Keeps a value; false when the browser cannot.
export async function put(owner, name, key, value) {
  try {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const plain = new TextEncoder().encode(JSON.stringify(value));
    const closed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await cipher(key), plain);
    localStorage.setItem(whole(owner, name), JSON.stringify({ at: Date.now(), iv: text(iv), closed: text(closed) }));
    return true;
  } catch {
    return false;
  }
}

// Returns {at, value}; null when there is nothing, or nothing that this key opens.
export async function get(owner, name, key) {
  try {
    const kept = JSON.parse(localStorage.getItem(whole(owner, name)));
    const way = { name: "AES-GCM", iv: octets(kept.iv) };
    const plain = await crypto.subtle.decrypt(way, await cipher(key), octets(kept.closed));
    return { at: kept.at, value: JSON.parse(new TextDecoder().decode(plain)) };
  } catch {
    return null;
  }
}

export function drop(owner, name) {
  try {
    localStorage.removeItem(whole(owner, name));
  } catch { /* no storage in this window */ }
}
