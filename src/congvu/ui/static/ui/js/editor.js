// The editor of a book: line numbers beside the text, and problems that lead to their line.

const text = document.querySelector("[data-cv-editor]");
const numbers = document.querySelector(".cv-editor__numbers");

if (text && numbers) {
  let shown = 0;
  const count = () => {
    const lines = text.value.split("\n").length;
    if (lines === shown) return;
    shown = lines;
    numbers.textContent = Array.from({ length: lines }, (_, index) => index + 1).join("\n");
  };
  const follow = () => { numbers.scrollTop = text.scrollTop; };
  numbers.hidden = false;
  count();
  text.addEventListener("input", count);
  text.addEventListener("scroll", follow);

  // what is too large for the server is said here, where nothing is lost by it
  const notice = document.querySelector("[data-cv-too-large]");
  const weigh = () => {
    const octets = new Blob([text.value]).size;
    notice.hidden = octets <= Number(text.dataset.cvLargest);
  };
  weigh();
  text.addEventListener("input", weigh);

  // leaving with unsaved words asks first
  let saved = text.value;
  addEventListener("beforeunload", (event) => { if (text.value !== saved) event.preventDefault(); });
  text.form.addEventListener("submit", (event) => {
    if (notice.hidden) {
      saved = text.value;
      return;
    }
    event.preventDefault();
    notice.focus();
  });
}

// <a data-cv-line="12">: selects the line in the text
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-cv-line]");
  if (!link || !text) return;
  event.preventDefault();
  const lines = text.value.split("\n");
  const line = Math.min(Number(link.dataset.cvLine), lines.length) - 1;
  const start = lines.slice(0, line).reduce((sum, one) => sum + one.length + 1, 0);
  text.focus();
  text.setSelectionRange(start, start + lines[line].length);
  const height = parseFloat(getComputedStyle(text).lineHeight);
  text.scrollTop = Math.max(0, (line - 4) * height);
});
