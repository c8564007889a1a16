/* The course page: the iframe is as high as its content, and the outline follows what happens in it. */
"use strict";

(() => {
  let asked = 0;

  async function refresh() {
    const turn = (asked += 1);
    const response = await fetch(window.location.href, { headers: { Accept: "text/html" } });
    if (!response.ok) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    // A slow answer must not put back what a later one has brought.
    if (turn !== asked) return;
    document.querySelectorAll("[data-refresh]").forEach((part) => {
      const fresh = page.getElementById(part.id);
      if (!fresh) return;
      const focused = part.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
      part.replaceChildren(...fresh.childNodes);
      if (focused) part.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
    });
  }

  window.addEventListener("message", (event) => {
    const frames = [...document.querySelectorAll("iframe[data-follows-content]")];
    const frame = frames.find((candidate) => candidate.contentWindow === event.source);
    if (!frame || event.origin !== window.location.origin) return;
    const { type, payload } = event.data || {};
    if (type === "plugin.resize") frame.style.height = `${payload.height}px`;
    if (type === "utop:path-changed" || type === "demo:progress") refresh();
    if (type === "demo:save") window.location.reload();
    if (type === "demo:cancel") window.location.assign(frame.dataset.back);
  });
})();
