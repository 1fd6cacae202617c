// Proof of work for a form of the public (ALTCHA, proof of work v2). It is done while the citizen reads; who sends before
// that waits and is told. Where a browser cannot, the field stays empty and the server asks a second step.

for (const proof of document.querySelectorAll("[data-cv-proof]")) prove(proof);

function prove(proof) {
  if (!globalThis.crypto?.subtle || !globalThis.Worker) return; // no TLS, or an old browser
  const form = proof.closest("form");
  const [sentence, part] = proof.querySelectorAll("[role=status] span"), progress = proof.querySelector("progress");
  const worker = new Worker(new URL("proof-worker.js", import.meta.url));
  let waiting = null, isOver = false, said = 0;

  const end = (payload) => {
    isOver = true;
    worker.terminate();
    proof.querySelector("[name=altcha]").value = payload;
    progress.hidden = true;
    sentence.textContent = part.textContent = "";
    if (waiting) form.requestSubmit(waiting.isConnected ? waiting : null);
  };
  const advance = (percent) => {
    progress.value = percent;
    const quarter = Math.floor(percent / 25) * 25;
    if (!waiting || quarter <= said) return;
    said = quarter;
    part.textContent = `${quarter} %`;
  };

  form.addEventListener("submit", (event) => {
    if (isOver) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    waiting = event.submitter ?? form.querySelector("[type=submit]");
    sentence.textContent = proof.dataset.waiting;
    progress.hidden = false;
  }, true);
  worker.addEventListener("message", ({ data }) => (data.payload === undefined ? advance(data.percent) : end(data.payload)));
  worker.addEventListener("error", () => end(""));
  worker.postMessage(proof.dataset.cvProof);
}
