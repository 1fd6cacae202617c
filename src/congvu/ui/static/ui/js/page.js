// What every page may need: toggle, menus, confirmation, drop zone, copy, shortcuts, focus on errors.
// Each is switched on by a data-cv-… attribute, so that fragments from htmx work without being wired.

import * as shelter from "./shelter.js";

const on = (type, selector, act) =>
  document.addEventListener(type, (event) => {
    const element = event.target.closest?.(selector);
    if (element) act(element, event);
  });

// <button data-cv-toggle="class" aria-controls="id">
on("click", "[data-cv-toggle]", (button) => {
  const target = document.getElementById(button.getAttribute("aria-controls"));
  const open = target.classList.toggle(button.dataset.cvToggle);
  button.setAttribute("aria-expanded", String(open));
});

// <details class="cv-menu">: closed by Escape, by a press elsewhere and by leaving with Tab
const openMenus = () => document.querySelectorAll("details.cv-menu[open]");
document.addEventListener("click", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("focusin", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// <form data-cv-sign-out="question" data-cv-owner="…">: text that only this computer has goes with the sign-out, asked
// about before; it goes once the sign-out has come about.
const LEAVING = "cv-leaving";
document.addEventListener("submit", ({ target: form }) => {
  if (!form.matches("[data-cv-sign-out]")) return;
  if (shelter.names(form.dataset.cvOwner).length) form.dataset.cvConfirm = form.dataset.cvSignOut;
}, true);
on("submit", "[data-cv-sign-out]", (form) => sessionStorage.setItem(LEAVING, form.dataset.cvOwner));
const left = sessionStorage.getItem(LEAVING);
if (left) {
  sessionStorage.removeItem(LEAVING);
  if (!document.querySelector("[data-cv-sign-out]")) for (const name of shelter.names(left)) shelter.drop(left, name);
}

// <form data-cv-confirm="question"> or <button data-cv-confirm="question">
function ask(question) {
  const dialog = document.getElementById("cv-confirm");
  dialog.querySelector("#cv-confirm-text").textContent = question;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((answer) => {
    dialog.addEventListener("close", () => answer(dialog.returnValue === "yes"), { once: true });
  });
}
document.addEventListener("submit", async (event) => {
  const form = event.target;
  const question = event.submitter?.dataset.cvConfirm ?? form.dataset.cvConfirm;
  if (!question || form.dataset.cvConfirmed) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!(await ask(question))) return;
  form.dataset.cvConfirmed = "yes";
  form.requestSubmit(event.submitter);
  delete form.dataset.cvConfirmed;
}, true);
// hx-confirm asks through the same dialog
document.addEventListener("htmx:confirm", async (event) => {
  if (!event.detail.question) return;
  event.preventDefault();
  if (await ask(event.detail.question)) event.detail.issueRequest(true);
});

// <div data-cv-drop> around a file input
const fileInput = (zone) => zone.querySelector('input[type="file"]');
const showName = (zone) => {
  zone.querySelector(".cv-drop__name").textContent = [...fileInput(zone).files].map((file) => file.name).join(", ");
};
on("dragover", "[data-cv-drop]", (zone, event) => {
  event.preventDefault();
  zone.classList.add("cv-drop--over");
});
on("dragleave", "[data-cv-drop]", (zone) => zone.classList.remove("cv-drop--over"));
on("drop", "[data-cv-drop]", (zone, event) => {
  event.preventDefault();
  zone.classList.remove("cv-drop--over");
  if (!event.dataTransfer.files.length) return;
  fileInput(zone).files = event.dataTransfer.files;
  fileInput(zone).dispatchEvent(new Event("change", { bubbles: true }));
});
on("change", "[data-cv-drop] input[type=file]", (input) => showName(input.closest("[data-cv-drop]")));

// <button data-cv-copy="id of the text" data-done="Copied">
on("click", "[data-cv-copy]", async (button) => {
  await navigator.clipboard.writeText(document.getElementById(button.dataset.cvCopy).textContent.trim());
  const label = button.querySelector("[aria-live]");
  const before = label.textContent;
  label.textContent = button.dataset.done;
  setTimeout(() => { label.textContent = before; }, 2500);
});

// data-cv-shortcut="alt+r": presses or focuses the element. A modifier is required (WCAG 2.1.4).
const pressed = (event) =>
  [event.ctrlKey && "ctrl", event.altKey && "alt", event.shiftKey && "shift", event.key.toLowerCase()]
    .filter(Boolean).join("+");
document.addEventListener("keydown", (event) => {
  if (!event.altKey && !event.ctrlKey) return;
  const wanted = pressed(event);
  for (const element of document.querySelectorAll("[data-cv-shortcut]")) {
    if (element.dataset.cvShortcut !== wanted) continue;
    event.preventDefault();
    if (element.matches("input, select, textarea")) element.focus();
    else element.click();
    return;
  }
});

// the reader's zone, for the times of the next page
document.cookie = `zone=${Intl.DateTimeFormat().resolvedOptions().timeZone}; path=/; max-age=31536000; SameSite=Lax`;

// the error summary takes the focus when the page comes back refused
document.querySelector("[data-cv-focus]")?.focus();
document.addEventListener("htmx:afterSwap", (event) => {
  event.detail.target?.querySelector?.("[data-cv-focus]")?.focus();
});
