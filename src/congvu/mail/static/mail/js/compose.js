// Adds a contact of the address book to a recipient field without a round trip; the button works without this, too.

const add = (button) => {
  const pick = document.getElementById("pick");
  const field = document.getElementById(`id_${button.dataset.mailAdd}`);
  const chosen = pick.value.trim();
  if (!chosen) {
    pick.focus();
    return;
  }
  const before = field.value.trim().replace(/,$/, "");
  field.value = before ? `${before}, ${chosen}` : chosen;
  pick.value = "";
  pick.focus();
  field.dispatchEvent(new Event("change", { bubbles: true }));
};

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-mail-add]");
  if (!button) return;
  event.preventDefault();
  add(button);
});

// Enter in the picker adds to the first field instead of sending
document.getElementById("pick")?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  add(document.querySelector('[data-mail-add="to"]'));
});
