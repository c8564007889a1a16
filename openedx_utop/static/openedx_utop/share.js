// Sharing, copying and printing: offered where the browser can.
for (const button of document.querySelectorAll("[data-utop-share]")) {
  button.hidden = !navigator.share;
  button.addEventListener("click", () => {
    navigator.share({ title: button.dataset.title, url: button.dataset.utopShare }).catch(() => {});
  });
}

for (const button of document.querySelectorAll("[data-utop-copy]")) {
  button.hidden = !navigator.clipboard;
  const said = document.getElementById(button.getAttribute("aria-describedby"));
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(button.dataset.utopCopy);
      said.textContent = button.dataset.copied;
    } catch {
      said.textContent = button.dataset.refused;
    }
  });
}

for (const button of document.querySelectorAll("[data-utop-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
