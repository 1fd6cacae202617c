// Chooses all letters of the page with one press, and none with the next; each has its own box without this, too.

const button = document.querySelector("[data-mail-choose-all]");
const boxes = () => [...document.querySelectorAll('input[name="item"]')];

if (button) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const all = boxes();
    const isChosen = all.every((box) => box.checked);
    for (const box of all) box.checked = !isChosen;
  });
}
