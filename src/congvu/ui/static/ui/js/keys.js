// Single keys in a list (the mailbox, the queue of requests), for who has not switched them off (WCAG 2.1.4). They act only while no field is being
// filled in and no dialog is open, and never with Ctrl, Alt or Meta: those belong to browsers and screen readers.

const dialog = document.getElementById("shortcuts");
const FILLED = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), select, textarea, [contenteditable]";
const ROW = "li, tr, article";

const items = () => [...document.querySelectorAll(dialog.dataset.cvItems)]; // the link of each row
const current = () => items().find((one) => one === document.activeElement || one.closest(ROW).contains(document.activeElement));

function go(step) {
  const all = items();
  const here = all.indexOf(current());
  all[here < 0 ? 0 : Math.min(Math.max(here + step, 0), all.length - 1)]?.focus();
}

function press(key) {
  const [element] = document.querySelectorAll(`[data-cv-key="${CSS.escape(key)}"]`);
  if (!element) return false;
  const folded = element.closest("details");
  if (folded) folded.open = true;
  if (element.matches(`${FILLED}, [data-cv-key-focus]`)) element.focus();
  else element.click();
  return true;
}

const ACTS = {
  j: () => go(1),
  k: () => go(-1),
  o: () => current()?.click(),
  x: () => current()?.closest(ROW)?.querySelector("input[type=checkbox]")?.click(),
  "?": () => dialog.showModal(),
};

// On a keyboard with other letters (Cyrillic), the key in the same place counts.
const meant = (event) => (/^Key[A-Z]$/.test(event.code) && !/^[a-z]$/i.test(event.key) ? event.code[3] : event.key).toLowerCase();

document.addEventListener("keydown", (event) => {
  const key = meant(event);
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.defaultPrevented) return;
  if (event.shiftKey && /^\p{L}$/u.test(key)) return;
  if (event.repeat && key !== "j" && key !== "k") return;
  if (event.target.closest(FILLED) || document.querySelector("dialog[open]")) return;
  if (key in ACTS) ACTS[key]();
  else if (key.length !== 1 || !press(key)) return;
  event.preventDefault();
});

for (const button of document.querySelectorAll("[data-cv-keys]")) {
  button.hidden = false;
  button.addEventListener("click", () => dialog.showModal());
}
