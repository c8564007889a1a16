/* Signs of life of one unit, sent to the server, which alone decides what they are worth.
   What is pressed or typed is never read: only that something was. */
{
  const KEY = "utop-tab";
  const MEMORY = { id: "", seq: 0, left: 0 };
  const SIGNALS = "pointerdown pointermove keydown touchstart wheel input selectionchange focusin".split(" ");
  const WARNING = 30000;
  const REPLAYS = 2;
  const KEPT = 40;
  // Away for less, the unit only changed.
  const GRACE = 5000;
  const YOUTUBE = /^https:\/\/www\.youtube(-nocookie)?\.com$/;
  const SENTINELS = "p, li, h2, h3, h4, tr, img, label, pre";

  const clock = () => performance.now();
  // crypto.randomUUID is missing without https.
  const newId = () => [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join("");
  const leased = () => {
    const elements = [...document.querySelectorAll("[data-utop-lease]")];
    return elements.find((element) => element.parentElement.getClientRects().length) || elements[0];
  };

  // A tab keeps its name over units; with storage blocked, each is a tab.
  const stored = () => {
    try { return JSON.parse(sessionStorage.getItem(KEY)) || MEMORY; } catch { return MEMORY; }
  };
  const store = (tab) => {
    Object.assign(MEMORY, tab);
    try { sessionStorage.setItem(KEY, JSON.stringify(tab)); } catch {}
  };

  const start = () => {
    const unit = leased();
    if (!unit) return;
    const { utopIdleSeconds, utopBeatSeconds, utopMediaSeconds, utopQuestion, utopAnswer } = unit.dataset;
    const idle = utopIdleSeconds * 1000;
    let interval = utopBeatSeconds * 1000;
    const unattended = utopMediaSeconds * 1000;
    let lastSignal = clock();
    let lastInput = lastSignal;
    let replays = 0;
    let acknowledgedAt = NaN;
    // How long the page was away, if the server may not know, and the first message since. Loading is not.
    let away = document.hidden ? 0 : -lastSignal;
    let first = Infinity;
    let present = false;
    let pausedUntil = 0;
    let renewing = false;
    let playing = null;
    let timer = 0;
    let asking = 0;
    // Not acknowledged: told again after an outage.
    let missed = [];

    // Empty at first: screen readers announce what comes into a region that they know.
    const prompt = document.createElement("div");
    prompt.className = "utop-prompt";
    prompt.setAttribute("role", "status");
    prompt.setAttribute("aria-live", "polite");
    document.body.append(prompt);
    const onScreen = new Set();

    const isVisible = () => document.visibilityState === "visible" || !!document.pictureInPictureElement;
    const quiet = () => clock() - lastSignal;
    const alone = () => clock() - lastInput;
    const counts = (media) => media && !media.paused && !media.ended && media.playbackRate > 0 && !(media.loop && media.muted);

    const isAttended = () => alone() <= unattended + WARNING && replays <= REPLAYS;
    const isDue = () => idle - quiet() <= WARNING || (counts(playing) && alone() >= unattended);

    const ask = () => {
      if (!present) return;
      if (!isDue()) return plan();
      if (prompt.firstChild) return;
      const text = document.createElement("p");
      const button = document.createElement("button");
      text.textContent = utopQuestion;
      button.type = "button";
      button.textContent = utopAnswer;
      button.addEventListener("click", (event) => {
        prompt.replaceChildren();
        listen(event);
      });
      prompt.append(text, button);
      // Amid what is on the screen: the frame is as long as the unit.
      prompt.style.top = 0;
      const { top, height } = prompt.getBoundingClientRect();
      const seen = [...onScreen].map((element) => element.getBoundingClientRect());
      const middle = (Math.min(...seen.map((box) => box.bottom)) + Math.max(...seen.map((box) => box.top))) / 2;
      prompt.style.top = `${Math.max(0, (middle || 0) - top - height / 2)}px`;
    };

    const plan = () => {
      clearTimeout(asking);
      const rest = idle - WARNING - quiet();
      asking = setTimeout(ask, Math.max(1000, counts(playing) ? Math.min(rest, unattended - alone()) : rest));
    };

    // Jitter goes downwards only: three beats fit into the silence that is forgiven.
    const schedule = () => {
      clearTimeout(timer);
      const rest = idle - quiet();
      if (!present || rest <= 0) return;
      plan();
      const pace = interval * (1 - Math.random() / 10);
      timer = setTimeout(beat, Math.max(Math.min(pace, rest), pausedUntil - clock(), 1000));
    };

    const renew = async (element) => {
      if (renewing) return;
      renewing = true;
      try {
        const token = /(?:^|; )csrftoken=([^;]*)/.exec(document.cookie);
        const answer = await fetch(element.dataset.utopLeasesUrl, {
          method: "POST",
          credentials: "same-origin",
          headers: { "Content-Type": "application/json", "X-CSRFToken": token?.[1] || "" },
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

    const understand = async (answer, element, seq, sentAt) => {
      if ([429, 503].includes(answer.status)) {
        pausedUntil = clock() + (Number(answer.headers.get("Retry-After")) || 30) * 1000;
        return schedule();
      }
      const detail = await answer.json();
      if (!answer.ok) return String(detail.type).endsWith("expired-lease") && renew(element);
      element.dataset.utopLease = detail.lease;
      interval = detail.next * 1000;
      if (detail.status === "duplicate") {
        if (seq !== stored().seq) return;
        // A duplicated tab has copied our name.
        store({ id: newId(), seq: 0 });
        missed = [];
        first = away = Infinity;
        return present && beat();
      }
      missed = missed.filter((kept) => kept[0] > seq);
      acknowledgedAt = Math.max(acknowledgedAt || 0, sentAt);
      if (seq >= first) away = 0;
      document.dispatchEvent(new CustomEvent("utop:beat", { detail }));
    };

    const beat = () => {
      const element = leased();
      const sentAt = clock();
      if (!element || sentAt < pausedUntil) return schedule();
      const tab = stored();
      const id = tab.id || newId();
      const seq = tab.seq + 1;
      store({ ...tab, id, seq });
      const silence = Math.round(quiet());
      const input = Math.round(alone());
      first = Math.min(first, seq);
      if (missed.length < KEPT) missed.push([seq, sentAt, silence, input, seq === first]);
      const body = JSON.stringify({
        lease: element.dataset.utopLease,
        client: id,
        seq,
        quiet: silence,
        input,
        elapsed: Math.round(sentAt - acknowledgedAt),
        appeared: away > GRACE,
        missed: missed.map(([number, at, ...rest]) => [number, Math.round(sentAt - at), ...rest]),
        media: counts(playing) && isAttended()
          ? { position: Math.round(playing.currentTime * 1000), rate: playing.playbackRate, playing: true }
          : null,
      });
      // Text needs no preflight, and the lease says who: no cookie.
      fetch(element.dataset.utopBeatsUrl, { method: "POST", body, keepalive: true, credentials: "omit" })
        .then((answer) => understand(answer, element, seq, sentAt))
        .catch(() => {});
      schedule();
    };

    // After a silence at once: the next message may get lost.
    const signal = (toPrompt) => {
      const silence = quiet();
      lastSignal = clock();
      // It must not vanish under a finger.
      if (prompt.firstChild && !isDue() && !toPrompt) prompt.replaceChildren();
      if (present && silence > 2 * interval) beat();
    };

    const act = (event) => {
      if (!isVisible()) return;
      lastInput = clock();
      replays = 0;
      signal(event && prompt.contains(event.target));
    };

    // Once called, it rests for a while: a pointer moves often.
    const hear = (how) => SIGNALS.forEach((name) => document[how](name, listen, { passive: true, capture: true }));
    const listen = (event) => {
      if (!event.isTrusted) return;
      hear("removeEventListener");
      setTimeout(hear, 5000, "addEventListener");
      act(event);
    };

    const appear = () => {
      if (present) return;
      present = true;
      first = Infinity;
      const since = Date.now() - stored().left;
      away = since >= 0 ? Math.max(0, away + since) : Infinity;
      if (quiet() <= idle) beat();
    };

    const leave = () => {
      if (!present) return;
      if (quiet() <= idle) beat();
      store({ ...stored(), left: Date.now() });
      present = false;
      clearTimeout(timer);
      prompt.replaceChildren();
    };

    const look = () => (isVisible() ? appear() : leave());

    const positions = new WeakMap();
    const watchMedia = ({ target, isTrusted }) => {
      const before = positions.get(target);
      positions.set(target, target.currentTime);
      if (target.currentTime < before) replays += 1;
      if (!isTrusted || target.currentTime === before || !counts(target) || !isVisible()) return;
      playing = target;
      if (isAttended()) signal();
    };

    // YouTube's player, another site's page, tells ours what changes.
    const players = new Map();
    const watchPlayer = ({ origin, source, data, isTrusted }) => {
      if (!YOUTUBE.test(origin)) return;
      const player = players.get(source) || { playbackRate: 1 };
      players.set(source, player);
      try { Object.assign(player, JSON.parse(data).info); } catch { return; }
      player.paused = player.playerState !== 1;
      watchMedia({ target: player, isTrusted });
    };

    // A unit's frame never scrolls, its parent does: what comes or goes without moving was scrolled.
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

    hear("addEventListener");
    document.addEventListener("timeupdate", watchMedia, true);
    document.addEventListener("leavepictureinpicture", () => setTimeout(look), true);
    document.addEventListener("visibilitychange", look);
    document.addEventListener("freeze", leave);
    document.addEventListener("resume", look);
    addEventListener("online", () => present && beat());
    addEventListener("message", watchPlayer);
    addEventListener("pagehide", leave);
    addEventListener("pageshow", look);
    const observer = new IntersectionObserver(watchScreen);
    [...document.querySelectorAll(SENTINELS)].slice(0, 500).forEach((element) => observer.observe(element));
    look();
  };

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
}
