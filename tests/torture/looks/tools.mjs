// Looks at pages with pa11y and Lighthouse. Reads {browser, modules, pages: [{number, address, tools}]}; writes a line
// when a tool has seen a page, and one for each thing that it found.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { text } from "node:stream/consumers";

const { browser: program, modules, pages } = JSON.parse(await text(process.stdin));
const require = createRequire(`${modules}/`);
const pa11y = require("pa11y");
const puppeteer = require("puppeteer");
const lighthouse = (await import(pathToFileURL(require.resolve("lighthouse")))).default;
const say = (found) => process.stdout.write(`${JSON.stringify(found)}\n`);

const ARGUMENTS = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--no-first-run"];
const browser = await puppeteer.launch({ executablePath: program, args: ARGUMENTS });

async function askPa11y({ number, address }) {
  const found = await pa11y(address, { browser, standard: "WCAG2AA", timeout: 60_000 });
  say({ number, tool: "pa11y" });
  for (const { code, message, context } of found.issues) say({ number, tool: "pa11y", rule: code, what: message, node: context });
}

async function askLighthouse({ number, address }) {
  const page = await browser.newPage();
  const flags = {
    onlyCategories: ["accessibility", "best-practices"],
    disableFullPageScreenshot: true,
    disableStorageReset: true,
    logLevel: "silent",
  };
  const { lhr } = await lighthouse(address, flags, undefined, page);
  const scores = Object.fromEntries(Object.values(lhr.categories).map(({ id, score }) => [id, score]));
  say({ number, tool: "lighthouse", scores });
  for (const category of Object.values(lhr.categories)) {
    for (const { id, weight } of category.auditRefs) {
      const { score, title, details } = lhr.audits[id];
      if (weight && score !== null && score < 1) say({ number, tool: "lighthouse", rule: id, what: title, node: JSON.stringify(details?.items ?? []).slice(0, 400) });
    }
  }
  await page.close();
}

const ask = { pa11y: askPa11y, lighthouse: askLighthouse };
for (const page of pages) {
  for (const tool of page.tools) {
    try { await ask[tool](page); } catch (error) { say({ number: page.number, tool, rule: "failed", what: String(error), node: "" }); }
  }
}
await browser.close();
