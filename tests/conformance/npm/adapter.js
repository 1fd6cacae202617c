// Puts sigstore's JavaScript behind a pipe: one JSON request a line in, one answer a line out. It decides nothing itself.
"use strict";
const Module = require("module");
const path = require("path");
const readline = require("readline");

const own = Module._load;
Module._load = (name, ...rest) =>
  name === "@sigstore/core"
    ? { crypto: own(path.join(__dirname, "sigstore/core/crypto.js"), ...rest) }
    : own(name, ...rest);

const { verifyCheckpoint } = require("./sigstore/verify/tlog/checkpoint.js");
const { verifyMerkleInclusion } = require("./sigstore/verify/tlog/merkle.js");
const { createPublicKey } = require("./sigstore/core/crypto.js");

const octets = (text) => Buffer.from(text, "base64");

function check({ note, key, id, name, leaf, index, path: hashes }) {
  const log = { logID: octets(id), baseURL: name, publicKey: createPublicKey(octets(key)) };
  const inclusionProof = { logIndex: index, hashes: hashes.map(octets), checkpoint: { envelope: note } };
  const entry = { canonicalizedBody: octets(leaf), inclusionProof };
  verifyMerkleInclusion(entry, verifyCheckpoint(entry, [log]));
}

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  let answer = {};
  try {
    check(JSON.parse(line));
  } catch (error) {
    answer = { error: String(error.message) };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
});
