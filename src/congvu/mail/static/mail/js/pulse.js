// Asks whether the server answers, and to whom: "here", "away" (signed out), "other" (somebody else) or "offline".

export async function ask(url, owner, drafts = []) {
  try {
    const query = new URLSearchParams(drafts.map((one) => ["draft", one]));
    const answer = await fetch(`${url}?${query}`, {
      redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(8000),
    });
    if (answer.type === "opaqueredirect") return { state: "away" };
    if (!answer.ok) return { state: "offline" };
    const said = await answer.json();
    return { state: said.owner === owner ? "here" : "other", ...said };
  } catch {
    return { state: "offline" };
  }
}

// A copy is called "draft.revision": two windows with one draft do not write over each other.
export const draftOf = (name) => name.split(".")[0];
