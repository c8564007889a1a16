/* The choice of a trade: its forms are sent in place, and the server's panel takes the place of the former. */
"use strict";

window.UtopSectorChoice = function UtopSectorChoice(runtime, element) {
  const root = (element.jquery ? element[0] : element).querySelector(".utop-choice");
  if (!root) return;
  const panel = root.querySelector("[data-panel]");
  const status = root.querySelector("[data-status]");
  const held = () => panel.querySelector("[data-held]")?.dataset.held || "";
  const way = () => `${held()} ${panel.querySelector("[data-held]")?.dataset.level || ""}`;
  const csrfToken = () => {
    const cookie = document.cookie.split("; ").find((one) => one.startsWith(`${root.dataset.csrfCookie}=`));
    return cookie ? decodeURIComponent(cookie.slice(cookie.indexOf("=") + 1)) : "";
  };

  /* The server looks for itself whether a trade is held; a failure is made up for at the next visit. */
  const complete = () => {
    const headers = { "Content-Type": "application/json", "X-CSRFToken": csrfToken() };
    return fetch(runtime.handlerUrl(element, "chosen"), { method: "POST", headers, body: "{}" }).catch(() => undefined);
  };

  async function send(form, button) {
    const body = new URLSearchParams(new FormData(form));
    if (button?.name) body.set(button.name, button.value);
    const headers = { "Utop-Panel": "1", "X-CSRFToken": csrfToken() };
    const answer = await fetch(form.getAttribute("action"), { method: "POST", headers, body });
    const said = await answer.text();
    if (answer.headers.has("Utop-Panel")) return replace(said);
    const isSentence = (answer.headers.get("Content-Type") || "").startsWith("text/plain");
    status.textContent = isSentence ? said : root.dataset.failed;
  }

  function replace(html) {
    const before = way();
    panel.innerHTML = html;
    status.textContent = "";
    panel.querySelector("[data-said], [aria-invalid=true], [data-answer]")?.focus();
    if (!held() || way() === before) return;
    // Not waited for: the panel is there, and what is asked of it next must not get lost.
    complete().then(() => window.parent.postMessage({ type: "utop:path-changed" }, "*"));
  }

  /* One request at a time, whatever the number of clicks. */
  let busy = false;
  root.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busy) return;
    const button = event.submitter || event.target.querySelector("[type=submit]");
    busy = true;
    button?.setAttribute("aria-disabled", "true");
    status.textContent = root.dataset.working;
    try {
      await send(event.target, button);
    } catch {
      status.textContent = root.dataset.failed;
    } finally {
      busy = false;
      button?.removeAttribute("aria-disabled");
    }
  });

  panel.hidden = false;
  if (root.dataset.held === "yes" && root.dataset.completed === "no") complete();
};
