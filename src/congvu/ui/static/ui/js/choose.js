// <button data-cv-choose="name of the boxes" hidden>: chooses all of the page with one press, and none with the next;
// each has its own box without this, too.

const button = document.querySelector("[data-cv-choose]");

if (button) {
  const boxes = () => [...document.querySelectorAll(`input[type="checkbox"][name="${button.dataset.cvChoose}"]`)];
  button.hidden = false;
  button.addEventListener("click", () => {
    const all = boxes();
    const isChosen = all.every((box) => box.checked);
    for (const box of all) box.checked = !isChosen;
  });
}
