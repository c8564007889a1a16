// Puts the code of the moment, and how many have signed, into the page, before the code on show expires.
const EVERY_MS = 15_000;

function shown() {
  return document.getElementById("utop-live-code");
}

async function renew() {
  try {
    const answer = await fetch(location.href, { cache: "no-store", redirect: "error" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("utop-live-code");
    if (fresh) shown().replaceWith(document.adoptNode(fresh));
  } catch {
    // The network is away: the next round tries again.
  } finally {
    plan();
  }
}

function plan() {
  const left = Number(shown().dataset.seconds) * 1000 + 500;
  setTimeout(renew, Math.min(EVERY_MS, left));
}

plan();
