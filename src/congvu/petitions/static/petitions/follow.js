// A letter's link ends in #number.key: browsers send no such part to any server, so that no log knows the key. Here it
// fills in the form and is taken out of the address.

const form = document.querySelector("[data-cv-follow]");
const [number, key] = decodeURIComponent(location.hash.slice(1)).split(".");
if (number && key) {
  history.replaceState(null, "", location.pathname);
  form.elements.number.value = number;
  form.elements.key.value = key;
  form.requestSubmit();
}
