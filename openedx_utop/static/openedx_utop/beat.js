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
  const REST = 10000;

  // Text needs no preflight; the lease says who: no cookie.
  const post = async (url, body, options) => {
    const answer = await fetch(url, { method: "POST", body, keepalive: true, credentials: "omit", ...options });
    return { status: answer.status, detail: await answer.json().catch(() => 0), pause: answer.headers.get("Retry-After") };
  };

  const clock = () => performance.now();
  const on = (names, listener) => names.split(" ").forEach((name) => addEventListener(name, listener, true));
  const newId = () => crypto.getRandomValues(new Uint32Array(3)).join("");

  // A tab keeps its name over units; without storage, each is a tab.
  let tab = { seq: 0 };
  const recall = () => {
    try { tab = JSON.parse(sessionStorage.getItem(KEY)) || tab; } catch {}
  };
  const store = () => {
    try { sessionStorage.setItem(KEY, JSON.stringify(tab)); } catch {}
  };

  const start = () => {
    const leases = document.getElementsByClassName("utop-lease");
    let shown;
    const leased = () => {
      if (leases.length === 1 && shown?.isConnected) return shown;
      return (shown = [...leases].find((element) => element.parentElement.getClientRects().length) || leases[0]);
    };
    // Sequences repeat it.
    if (!leased() || document.querySelector(".utop-prompt")) return;
    const unit = { ...shown.dataset };
    const idle = unit.utopIdleSeconds * 1000;
    let interval = unit.utopBeatSeconds * 1000;
    const unattended = unit.utopMediaSeconds * 1000;
    const renewed = new WeakMap();
    const leaseOf = (element) => renewed.get(element) || element.dataset.utopLease;
    let lastSignal = clock();
    let lastInput = lastSignal;
    let replays = 0;
    let acknowledgedAt = NaN;
    // How long away, if the server may not know, and the first message since.
    let away = document.hidden ? 0 : -lastSignal;
    let first = Infinity;
    let present = false;
    let pausedUntil = 0;
    // Jitter goes downwards: three beats fit into a silence forgiven.
    const rest = (interval / Math.ceil(interval / REST)) * (1 - Math.random() / 10);
    let rests = 0;
    let playing, timer, worker, answered, isResting, isFree;
    // Told after an outage.
    let missed = [];

    // Empty: screen readers announce what comes in.
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
    const isDue = () => quiet() + rest / 2 > idle - WARNING || (counts(playing) && alone() + rest / 2 > unattended);

    const ask = () => {
      if (prompt.firstChild) return;
      const text = document.createElement("p");
      text.textContent = unit.utopQuestion;
      const button = document.createElement("button");
      button.textContent = unit.utopAnswer;
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

    // One timer, never set anew: that costs.
    const wake = () => {
      if (isResting) hear();
      else if (isDue()) ask();
      if ((rests += 1) >= Math.floor(interval / rest) && quiet() <= idle) beat(true);
      const left = idle - quiet();
      if (left > 0 && left <= rest) setTimeout(() => present && quiet() >= idle && beat(), Math.ceil(left));
    };

    const renew = async (element) => {
      const body = JSON.stringify({ lease: leaseOf(element) });
      const token = /(?:^|; )csrftoken=([^;]*)/.exec(document.cookie);
      const headers = { "Content-Type": "application/json", "X-CSRFToken": token?.[1] || "" };
      const { detail } = await post(unit.utopLeasesUrl, body, { headers, credentials: "same-origin" });
      if (!detail.lease) return;
      renewed.set(element, detail.lease);
      if (present) beat();
    };

    const understand = ({ status, detail, pause }, element, seq, sentAt) => {
      if (status === 429 || status === 503) pausedUntil = clock() + (Number(pause) || 30) * 1000;
      if (!detail) return;
      if (status >= 300) return /expired-lease$/.test(detail.type) && renew(element).catch(() => {});
      renewed.set(element, detail.lease);
      interval = detail.next * 1000;
      if (detail.status === "duplicate") {
        if (seq !== tab.seq) return;
        // A tab's copy has its name.
        tab = { id: newId(), seq: 0 };
        missed = [];
        first = away = Infinity;
        return present && beat();
      }
      while (missed[0]?.[0] <= seq) missed.shift();
      acknowledgedAt = Math.max(acknowledgedAt || 0, sentAt);
      if (seq >= first) away = 0;
      document.dispatchEvent(new CustomEvent("utop:beat", { detail }));
    };

    // A request costs most: a worker, this file again, makes those that can wait.
    const hire = () => {
      try { worker ||= new Worker(unit.utopScript); } catch { return; }
      worker.onmessage = ({ data }) => {
        isFree = true;
        if (data) answered(data);
      };
    };

    const beat = (mayWait) => {
      const element = leased();
      const sentAt = clock();
      if (!element || sentAt < pausedUntil) return;
      rests = 0;
      tab.id ||= newId();
      const seq = (tab.seq += 1);
      const silence = Math.round(quiet());
      const input = Math.round(alone());
      first = Math.min(first, seq);
      if (missed.length < KEPT) missed.push([seq, sentAt, silence, input, seq === first]);
      const body = JSON.stringify({
        lease: leaseOf(element),
        client: tab.id,
        seq,
        quiet: silence,
        input,
        elapsed: Math.round(sentAt - acknowledgedAt),
        appeared: away > GRACE,
        missed: missed.map((kept) => [kept[0], Math.round(sentAt - kept[1]), kept[2], kept[3], kept[4]]),
        media: counts(playing) && isAttended()
          ? { position: Math.round(playing.currentTime * 1000), rate: playing.playbackRate, playing: true }
          : null,
      });
      const understood = (answer) => understand(answer, element, seq, sentAt);
      if (mayWait && isFree) {
        isFree = false;
        answered = understood;
        return worker.postMessage({ url: unit.utopBeatsUrl, body });
      }
      if (mayWait && unit.utopScript) hire();
      post(unit.utopBeatsUrl, body).then(understood).catch(() => {});
    };

    // At once after a silence: the next may get lost.
    const signal = (event) => {
      const silence = quiet();
      lastSignal = clock();
      // Not under a finger.
      if (prompt.firstChild && !isDue() && !prompt.contains(event?.target)) prompt.replaceChildren();
      if (present && silence > 2 * interval) beat();
    };

    // What was heard rests until the page wakes.
    const often = new Set(SIGNALS);
    const hear = () => {
      isResting = false;
      for (const name of often) document.addEventListener(name, listen, true);
    };

    const act = (event) => {
      if (!present) return;
      isResting = true;
      for (const name of often) document.removeEventListener(name, listen, true);
      lastInput = clock();
      replays = 0;
      signal(event);
    };

    const listen = (event) => {
      if (!event.isTrusted) return;
      often.add(event.type);
      act(event);
    };

    const appear = () => {
      if (present) return;
      present = true;
      hear();
      timer = setInterval(wake, rest);
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
      clearInterval(timer);
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

    // The frame never scrolls: what comes without moving was scrolled.
    let tops;
    const watchScreen = (entries) => {
      if (tops && isResting) return;
      tops ||= new WeakMap();
      for (const { target, boundingClientRect: { top } } of entries) {
        if (tops.get(target) === top) act();
        tops.set(target, top);
      }
    };

    hear();
    often.clear();
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
    onmessage = ({ data }) => post(data.url, data.body).catch(() => 0).then(postMessage);
    postMessage(0);
  }
}
