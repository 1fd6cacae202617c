// allauth's scripts report a key that did not answer; say it in the reader's words.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const notice = document.querySelector("[data-cv-key-error]");
  notice.hidden = false;
  notice.scrollIntoView({ block: "nearest" });
});
