/* Signs of life of one unit; the server decides what they are worth. Never what is pressed or typed. */
{
  const KEY = "utop-tab";
  const SIGNALS = "mousedown mousemove touchstart keydown wheel input selectionchange focusin".split(" ");
  const WARNING = 30000;
  const KEPT = 40;
  // Else the unit changed.
  const GRACE = 5000;
  const YOUTUBE = /^https:\/\/www\.youtube(-nocookie)?\.com$/;
  const SENTINELS = "p, li, h2, h3, tr, img, label";
  const FEW = 30;
  const REST = 9000;

  // Text needs no preflight; the lease says who: no cookie.
  const post = async (url, body, options) => {
    const answer = await fetch(url, { method: "POST", body, keepalive: true, credentials: "omit", ...options });
    return [answer.status, await answer.json().catch(() => 0), answer.headers.get("Retry-After")];
  };

  const clock = () => performance.now();
  const on = (names, listener) => names.split(" ").forEach((name) => addEventListener(name, listener, true));
  const newId = () => crypto.getRandomValues(new Uint32Array(3)).join("");
  const leased = () => {
    const elements = [...document.querySelectorAll("[data-utop-lease]")];
    return elements.find((element) => element.parentElement.getClientRects().length) || elements[0];
  };

  // A tab keeps its name over units; without storage, each is a tab. To write costs: only what leaves does.
  let tab = { seq: 0 };
  const recall = () => {
    try { tab = JSON.parse(sessionStorage.getItem(KEY)) || tab; } catch {}
  };
  const store = () => {
    try { sessionStorage.setItem(KEY, JSON.stringify(tab)); } catch {}
  };

  const start = () => {
    const unit = leased();
    // Sequences repeat it.
    if (!unit || document.querySelector(".utop-prompt")) return;
    const { utopIdleSeconds, utopBeatSeconds, utopMediaSeconds, utopQuestion, utopAnswer, utopScript } = unit.dataset;
    const idle = utopIdleSeconds * 1000;
    let interval = utopBeatSeconds * 1000;
    const unattended = utopMediaSeconds * 1000;
    let lastSignal = clock();
    let lastInput = lastSignal;
    let replays = 0;
    let acknowledgedAt = NaN;
    // How long the page was away, if the server may not know, and the first message since.
    let away = document.hidden ? 0 : -lastSignal;
    let first = Infinity;
    let present = false;
    let pausedUntil = 0;
    let playing, timer, asking, worker;
    let isFree = false;
    // Told again after an outage.
    let missed = [];

    // Empty at first: screen readers announce what comes in.
    const prompt = document.createElement("div");
    prompt.className = "utop-prompt";
    prompt.setAttribute("role", "status");
    prompt.setAttribute("aria-live", "polite");
    document.body.append(prompt);

    const isVisible = () => document.visibilityState === "visible" || document.pictureInPictureElement;
    const quiet = () => clock() - lastSignal;
    const alone = () => clock() - lastInput;
    const counts = (media) => media && !media.paused && !media.ended && media.playbackRate > 0 && !(media.loop && media.muted);

    const isAttended = () => alone() <= unattended + WARNING && replays < 3;
    const isDue = () => idle - quiet() <= WARNING || (counts(playing) && alone() >= unattended);

    const ask = () => {
      if (!present || prompt.firstChild) return;
      if (!isDue()) return plan();
      const text = document.createElement("p");
      text.textContent = utopQuestion;
      const button = document.createElement("button");
      button.textContent = utopAnswer;
      button.onclick = ({ isTrusted }) => {
        prompt.replaceChildren();
        if (isTrusted) act();
      };
      prompt.append(text, button);
      screen.observe(document.documentElement);
    };

    // Amid what is seen: the frame is long.
    const screen = new IntersectionObserver(([{ intersectionRect: seen }]) => {
      screen.disconnect();
      prompt.style.top = 0;
      const own = prompt.getBoundingClientRect();
      prompt.style.top = `${Math.max(0, seen.top - own.top + (seen.height - own.height) / 2)}px`;
    });

    const plan = () => {
      clearTimeout(asking);
      const rest = idle - WARNING - quiet();
      asking = setTimeout(ask, Math.max(1000, counts(playing) ? Math.min(rest, unattended - alone()) : rest));
    };

    // Jitter goes downwards only: three beats fit into a silence forgiven.
    const schedule = () => {
      clearTimeout(timer);
      const rest = idle - quiet();
      if (!present || rest <= 0) return;
      plan();
      const pace = interval * (1 - Math.random() / 10);
      timer = setTimeout(beat, Math.max(Math.min(pace, rest), pausedUntil - clock(), 1000), true);
    };

    const renew = async (element) => {
      const body = JSON.stringify({ lease: element.dataset.utopLease });
      const token = /(?:^|; )csrftoken=([^;]*)/.exec(document.cookie);
      const headers = { "Content-Type": "application/json", "X-CSRFToken": token?.[1] || "" };
      const [, { lease }] = await post(element.dataset.utopLeasesUrl, body, { headers, credentials: "same-origin" });
      if (!lease) return;
      element.dataset.utopLease = lease;
      if (present) beat();
    };

    const understand = ([status, detail, pause], element, seq, sentAt) => {
      if ([429, 503].includes(status)) {
        pausedUntil = clock() + (Number(pause) || 30) * 1000;
        return schedule();
      }
      if (!detail) return;
      if (status >= 300) return /expired-lease$/.test(detail.type) && renew(element).catch(() => {});
      element.dataset.utopLease = detail.lease;
      interval = detail.next * 1000;
      if (detail.status === "duplicate") {
        if (seq !== tab.seq) return;
        // A tab's copy has its name.
        tab = { id: newId(), seq: 0 };
        missed = [];
        first = away = Infinity;
        return present && beat();
      }
      missed = missed.filter((kept) => kept[0] > seq);
      acknowledgedAt = Math.max(acknowledgedAt || 0, sentAt);
      if (seq >= first) away = 0;
      document.dispatchEvent(new CustomEvent("utop:beat", { detail }));
    };

    // A request costs a page more than all else: a worker, this file again, makes those that can wait.
    const employ = (answered) => {
      const isThere = isFree;
      isFree = false;
      try { worker ||= new Worker(utopScript); } catch { return; }
      worker.onmessage = ({ data }) => {
        isFree = true;
        if (data && isThere) answered(data);
      };
      return isThere;
    };

    const beat = (mayWait) => {
      const element = leased();
      const sentAt = clock();
      if (!element || sentAt < pausedUntil) return schedule();
      tab.id ||= newId();
      const seq = (tab.seq += 1);
      const silence = Math.round(quiet());
      const input = Math.round(alone());
      first = Math.min(first, seq);
      if (missed.length < KEPT) missed.push([seq, sentAt, silence, input, seq === first]);
      const body = JSON.stringify({
        lease: element.dataset.utopLease,
        client: tab.id,
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
      const answered = (answer) => understand(answer, element, seq, sentAt);
      const request = [element.dataset.utopBeatsUrl, body];
      if (mayWait && utopScript && employ(answered)) worker.postMessage(request);
      else post(...request).then(answered).catch(() => {});
      schedule();
    };

    // After a silence at once: the next may get lost.
    const signal = (toPrompt) => {
      const silence = quiet();
      lastSignal = clock();
      // Not under a finger.
      if (prompt.firstChild && !isDue() && !toPrompt) prompt.replaceChildren();
      if (present && silence > 2 * interval) beat();
    };

    const act = (event) => {
      if (!isVisible()) return;
      lastInput = clock();
      replays = 0;
      signal(event && prompt.contains(event.target));
    };

    // Once heard, it rests for a while: a pointer moves often.
    const resting = [];
    const hear = (name) => document.addEventListener(name, listen, { once: true, passive: true, capture: true });
    const listen = (event) => {
      if (!event.isTrusted) return hear(event.type);
      if (resting.push(event.type) === 1) setTimeout(() => resting.splice(0).forEach(hear), REST);
      act(event);
    };

    const appear = () => {
      if (present) return;
      present = true;
      first = Infinity;
      recall();
      const since = Date.now() - tab.left;
      away = since >= 0 ? Math.max(0, away + since) : Infinity;
      if (quiet() <= idle) beat();
    };

    const leave = () => {
      if (!present) return;
      if (quiet() <= idle) beat();
      tab.left = Date.now();
      store();
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

    // YouTube's player tells what changes.
    const players = new Map();
    const watchPlayer = ({ origin, source, data, isTrusted }) => {
      if (!YOUTUBE.test(origin)) return;
      const target = players.get(source) || { playbackRate: 1 };
      players.set(source, target);
      try { Object.assign(target, JSON.parse(data).info); } catch { return; }
      target.paused = target.playerState !== 1;
      watchMedia({ target, isTrusted });
    };

    // The frame never scrolls: what comes or goes without moving was scrolled.
    const tops = new WeakMap();
    const watchScreen = (entries) => {
      for (const { target, boundingClientRect: { top } } of entries) {
        if (tops.get(target) === top) act();
        tops.set(target, top);
      }
    };

    SIGNALS.forEach(hear);
    on("timeupdate", watchMedia);
    on("message", watchPlayer);
    on("visibilitychange resume pageshow", look);
    on("leavepictureinpicture", () => setTimeout(look));
    on("freeze pagehide", leave);
    on("online", () => present && beat());
    const observer = new IntersectionObserver(watchScreen);
    document.querySelectorAll(SENTINELS).forEach((element, rank, { length }) => {
      if (rank % Math.ceil(length / FEW) === 0) observer.observe(element);
    });
    look();
  };

  if (self.document) start();
  else {
    onmessage = ({ data }) => post(...data).catch(() => 0).then(postMessage);
    postMessage(0);
  }
}
