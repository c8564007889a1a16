/* Signs of life of one unit, sent to the server, which alone decides what they are worth.
   What is pressed or typed is never read: only that something was. */
{
  const KEY = "utop-tab";
  const MEMORY = { id: "", seq: 0 };
  const SIGNALS = ["pointerdown", "pointermove", "keydown", "touchstart", "wheel", "input", "selectionchange", "focusin"];
  const WARNING = 30000;
  const REPLAYS = 2;
  const KEPT = 40;
  const SENTINELS = "p, li, h2, h3, h4, tr, img, label, pre";

  const clock = () => performance.now();
  // Not crypto.randomUUID: it is missing on pages without https.
  const newId = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const leased = () => {
    const elements = [...document.querySelectorAll("[data-utop-lease]")];
    return elements.find((element) => element.parentElement.getClientRects().length) || elements[0];
  };

  // A tab keeps its name over units; storage may be blocked, then each document is a tab of its own.
  const stored = () => {
    try { return JSON.parse(sessionStorage.getItem(KEY)) || MEMORY; } catch { return MEMORY; }
  };
  const store = (tab) => {
    Object.assign(MEMORY, tab);
    try { sessionStorage.setItem(KEY, JSON.stringify(tab)); } catch { /* MEMORY has it. */ }
  };
  const nextMessage = () => {
    const { id, seq } = stored();
    const tab = { id: id || newId(), seq: seq + 1 };
    store(tab);
    return tab;
  };

  const start = () => {
    const first = leased();
    if (!first) return;
    const idle = first.dataset.utopIdleSeconds * 1000;
    let interval = first.dataset.utopBeatSeconds * 1000;
    const unattended = first.dataset.utopMediaSeconds * 1000;
    let lastSignal = clock();
    let lastInput = lastSignal;
    let replays = 0;
    let acknowledgedAt = null;
    let appearances = 0;
    let acknowledgedAppearances = 0;
    let toldAppearances = 0;
    let present = false;
    let pausedUntil = 0;
    let renewing = false;
    let playing = null;
    let timer = 0;
    let asking = 0;
    // Beats that nobody has acknowledged: after an outage the server is told of the first ones again.
    let missed = [];

    // In the page from the start, empty: screen readers announce only what comes into a region that they know.
    const prompt = document.createElement("div");
    prompt.className = "utop-prompt";
    prompt.setAttribute("role", "status");
    prompt.setAttribute("aria-live", "polite");
    document.body.append(prompt);
    const onScreen = new Set();

    const isVisible = () => document.visibilityState === "visible" || !!document.pictureInPictureElement;
    const quiet = () => clock() - lastSignal;
    const alone = () => clock() - lastInput;
    // A silent loop is a decoration, not a video that somebody watches.
    const counts = (media) => media && !media.paused && !media.ended && media.playbackRate > 0 && !(media.loop && media.muted);

    const isAttended = () => alone() <= unattended + WARNING && replays <= REPLAYS;
    const isDue = () => idle - quiet() <= WARNING || (counts(playing) && alone() >= unattended);

    const ask = () => {
      if (!present) return;
      if (!isDue()) return plan();
      if (prompt.firstChild) return;
      const text = document.createElement("p");
      const button = document.createElement("button");
      text.textContent = first.dataset.utopQuestion;
      button.type = "button";
      button.textContent = first.dataset.utopAnswer;
      button.addEventListener("click", (event) => {
        prompt.replaceChildren();
        listen(event);
      });
      prompt.append(text, button);
      // The frame is as long as the unit: only what is known to be on the screen says where the learner looks.
      const [...seen] = onScreen;
      const place = (seen[seen.length >> 1] || first.parentElement).getBoundingClientRect().top;
      prompt.style.top = 0;
      prompt.style.top = `${place - prompt.getBoundingClientRect().top}px`;
    };

    const plan = () => {
      clearTimeout(asking);
      const rest = idle - WARNING - quiet();
      asking = setTimeout(ask, Math.max(1000, counts(playing) ? Math.min(rest, unattended - alone()) : rest));
    };

    // Jitter goes downwards only: three beats must fit into the silence that the server forgives.
    const schedule = () => {
      clearTimeout(timer);
      const rest = idle - quiet();
      if (!present || rest <= 0) return;
      plan();
      const regular = Math.min(interval * (1 - Math.random() / 10), rest);
      timer = setTimeout(beat, Math.max(regular, pausedUntil - clock(), 1000));
    };

    const renew = async (element) => {
      if (renewing) return;
      renewing = true;
      try {
        const token = /(?:^|; )csrftoken=([^;]*)/.exec(document.cookie);
        const answer = await fetch(element.dataset.utopLeasesUrl, {
          method: "POST",
          credentials: "same-origin",
          headers: { "Content-Type": "application/json", "X-CSRFToken": token ? token[1] : "" },
          body: JSON.stringify({ lease: element.dataset.utopLease }),
        });
        if (answer.ok) {
          element.dataset.utopLease = (await answer.json()).lease;
          if (present) beat();
        }
      } finally {
        renewing = false;
      }
    };

    const understand = async (answer, element, { seq, sentAt, appearance }) => {
      if (answer.status === 429 || answer.status === 503) {
        pausedUntil = clock() + (Number(answer.headers.get("Retry-After")) || 30) * 1000;
        return schedule();
      }
      const detail = await answer.json();
      if (!answer.ok) return String(detail.type).endsWith("expired-lease") ? renew(element) : undefined;
      element.dataset.utopLease = detail.lease;
      interval = detail.next * 1000;
      if (detail.status === "duplicate") {
        if (seq !== stored().seq) return undefined; // Only overtaken on the way.
        // A duplicated browser tab has copied our name: take another one.
        store({ id: newId(), seq: 0 });
        missed = [];
        appearances += 1;
        return present && beat();
      }
      missed = missed.filter((kept) => kept[0] > seq);
      acknowledgedAt = Math.max(acknowledgedAt || 0, sentAt);
      acknowledgedAppearances = Math.max(acknowledgedAppearances, appearance);
      document.dispatchEvent(new CustomEvent("utop:beat", { detail }));
    };

    const beat = () => {
      const element = leased();
      const sentAt = clock();
      const appearance = appearances;
      if (!element || sentAt < pausedUntil) return schedule();
      const { id, seq } = nextMessage();
      const silence = Math.round(quiet());
      const input = Math.round(alone());
      if (missed.length < KEPT) missed.push([seq, sentAt, silence, input, appearance > toldAppearances]);
      toldAppearances = appearance;
      const body = JSON.stringify({
        lease: element.dataset.utopLease,
        client: id,
        seq,
        quiet: silence,
        input,
        elapsed: acknowledgedAt === null ? null : Math.round(sentAt - acknowledgedAt),
        appeared: appearance > acknowledgedAppearances,
        missed: missed.map(([number, at, ...rest]) => [number, Math.round(sentAt - at), ...rest]),
        media: counts(playing) && isAttended()
          ? { position: Math.round(playing.currentTime * 1000), rate: playing.playbackRate, playing: true }
          : null,
      });
      // A string is sent as text/plain, without preflight; the lease says who, so no cookie is needed.
      fetch(element.dataset.utopBeatsUrl, { method: "POST", body, keepalive: true, credentials: "omit" })
        .then((answer) => understand(answer, element, { seq, sentAt, appearance }))
        .catch(() => { /* Lost: the next beat makes up for it. */ });
      schedule();
    };

    // After a long silence at once, so that the server sees its true length.
    const signal = (toPrompt) => {
      const silence = quiet();
      lastSignal = clock();
      // On its way to the button: it must not vanish under the finger.
      if (!isDue() && !toPrompt) prompt.replaceChildren();
      if (present && silence > Math.max(idle - interval, interval)) beat();
    };

    const act = (toPrompt) => {
      if (!isVisible() || alone() < 1000) return;
      lastInput = clock();
      replays = 0;
      signal(toPrompt);
    };

    const listen = (event) => event.isTrusted && act(prompt.contains(event.target));

    const appear = () => {
      if (present) return;
      present = true;
      appearances += 1;
      if (quiet() <= idle) beat();
    };

    const leave = () => {
      if (!present) return;
      if (quiet() <= idle) beat();
      present = false;
      clearTimeout(timer);
      prompt.replaceChildren();
    };

    const look = () => (isVisible() ? appear() : leave());

    // Only a position that moves is a signal.
    const positions = new WeakMap();
    const watchMedia = ({ target, isTrusted }) => {
      const before = positions.get(target);
      positions.set(target, target.currentTime);
      if (target.currentTime < before) replays += 1;
      if (!isTrusted || target.currentTime === before || !counts(target) || !isVisible()) return;
      playing = target;
      if (isAttended()) signal();
    };

    // A unit's frame never scrolls, its parent does. What enters or leaves the screen without having moved in its own
    // document was scrolled to by somebody.
    const tops = new WeakMap();
    const watchScreen = (entries) => {
      const scrolled = entries.filter(({ target, boundingClientRect, isIntersecting }) => {
        onScreen[isIntersecting ? "add" : "delete"](target);
        const before = tops.get(target);
        tops.set(target, boundingClientRect.top);
        return before === boundingClientRect.top;
      });
      if (scrolled.length) act();
    };

    SIGNALS.forEach((name) => document.addEventListener(name, listen, { passive: true, capture: true }));
    document.addEventListener("timeupdate", watchMedia, true);
    document.addEventListener("leavepictureinpicture", () => setTimeout(look), true);
    document.addEventListener("visibilitychange", look);
    document.addEventListener("freeze", leave);
    document.addEventListener("resume", look);
    addEventListener("online", () => present && beat());
    addEventListener("pagehide", leave);
    addEventListener("pageshow", look);
    const observer = new IntersectionObserver(watchScreen);
    [...document.querySelectorAll(SENTINELS)].slice(0, 500).forEach((element) => observer.observe(element));
    look();
  };

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
}
