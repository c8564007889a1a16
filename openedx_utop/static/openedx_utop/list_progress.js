// Keeps the page of a list up to date while a worker deals with it; without it, a link does the same.
const EVERY = 3000;
const address = document.querySelector("[data-utop-list]").dataset.utopList;

async function look() {
  try {
    const answer = await fetch(address, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const bar = page.getElementById("utop-progress");
    if (answer.ok && !bar) {
      location.reload();
      return;
    }
    if (bar && bar.value !== document.getElementById("utop-progress").value) {
      document.getElementById("utop-progress").value = bar.value;
      document.getElementById("utop-progress-said").textContent = page.getElementById("utop-progress-said").textContent;
    }
  } catch {
    // No network for a moment: the next look tells.
  }
  setTimeout(look, EVERY);
}

setTimeout(look, EVERY);
