/* Learners in front of beat.js, which runs as it is: only the clock, the network and the learner around it are not real.
   All visits share one virtual time, so that the messages of all can be taken to the server together. */
window.World = (source, visits, seed) => {
  const random = () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const names = ["document", "performance", "setTimeout", "setInterval", "clearInterval", "fetch", "addEventListener", "sessionStorage",
    "IntersectionObserver", "Math", "Date", "crypto"];
  const script = new Function(...names, source);
  const math = Object.create(Math);
  math.random = random;
  const crypto = { getRandomValues: (bytes) => bytes.map(() => Math.floor(random() * 2 ** 32)) };
  let now = 0;
  let order = 0;
  let sent = [];
  const queue = [];
  const waiting = new Map();

  const isBefore = (one, other) => one.at < other.at || (one.at === other.at && one.order < other.order);
  const push = (at, run) => {
    let place = queue.push({ at, run, order: (order += 1) }) - 1;
    for (let above; place && isBefore(queue[place], queue[(above = (place - 1) >> 1)]); place = above)
      [queue[place], queue[above]] = [queue[above], queue[place]];
  };
  const pop = () => {
    const first = queue[0];
    const last = queue.pop();
    if (queue.length) {
      queue[0] = last;
      for (let place = 0; ;) {
        let least = place;
        for (const below of [2 * place + 1, 2 * place + 2])
          if (below < queue.length && isBefore(queue[below], queue[least])) least = below;
        if (least === place) break;
        [queue[place], queue[least]] = [queue[least], queue[place]];
        place = least;
      }
    }
    return first;
  };

  /* The clock of a machine stands still while it sleeps. */
  const clock = (tab) => (tab.asleepSince === null ? now : tab.asleepSince) - tab.slept;

  const open = (tab, idle) => {
    const heard = {};
    const on = (name, listener) => (heard[name] ||= []).push(listener);
    const off = (name, listener) => { heard[name] = heard[name].filter((other) => other !== listener); };
    const lease = document.createElement("span");
    lease.dataset.utopLease = `${tab.visit}/${now}/${idle}`;
    Object.assign(lease.dataset, { utopBeatSeconds: 30, utopIdleSeconds: idle / 1000, utopMediaSeconds: 1200,
      utopBeatsUrl: "/beats/", utopLeasesUrl: "/leases/", utopQuestion: "?", utopAnswer: "!" });
    document.createElement("div").append(lease);
    const page = { alive: true, edge: false, prompt: null, asked: false, media: null, observer: null, sentinel: false };
    page.tell = (name, event, edge = false) => {
      page.edge = edge;
      (heard[name] || []).forEach((listener) => listener(event));
      page.edge = false;
    };
    const fakeDocument = {
      body: { append: (element) => { page.prompt = element; } },
      readyState: "complete",
      cookie: "csrftoken=x",
      pictureInPictureElement: null,
      get hidden() { return !tab.visible; },
      get visibilityState() { return tab.visible ? "visible" : "hidden"; },
      getElementsByClassName: () => [lease],
      querySelector: () => null,
      querySelectorAll: () => [],
      createElement: (name) => document.createElement(name),
      addEventListener: on,
      removeEventListener: off,
      dispatchEvent: () => true,
    };
    page.document = fakeDocument;
    let timers = 0;
    const live = new Set();
    const wait = (id, callback, due) => push(now + Math.max(0, due - clock(tab)), () => {
      if (!page.alive || !live.has(id)) return;
      if (tab.asleepSince !== null) return push(tab.wakes, () => wait(id, callback, due));
      if (clock(tab) < due) return wait(id, callback, due);
      live.delete(id);
      callback();
      notice(tab, page);
    });
    const send = (url, { body }) => new Promise((resolve, reject) => {
      const id = (order += 1);
      waiting.set(id, { page, resolve, reject });
      sent.push({ id, at: now, visit: tab.visit, edge: page.edge, beat: url === "/beats/", body });
    });
    const opened = clock(tab);
    page.edge = true;
    script(
      fakeDocument,
      { now: () => clock(tab) - opened },
      (callback, after = 0, ...rest) => {
        live.add(timers += 1);
        wait(timers, () => callback(...rest), clock(tab) + after);
        return timers;
      },
      (callback, every) => {
        const id = (timers += 1);
        const again = () => {
          live.add(id);
          wait(id, () => { again(); callback(); }, clock(tab) + every);
        };
        again();
        return id;
      },
      (id) => live.delete(id),
      send,
      on,
      { getItem: () => tab.stored, setItem: (_key, value) => { tab.stored = value; } },
      class { constructor(callback) { page.observer = callback; } observe() {} },
      math,
      { now: () => 1.7e12 + now },
      crypto,
    );
    page.edge = false;
    return page;
  };

  /* Somebody who looks at the page answers « Still there? », three times in four, some seconds later. */
  const notice = (tab, page) => {
    if (!page.prompt || !page.prompt.firstChild) { page.asked = false; return; }
    if (page.asked) return;
    page.asked = true;
    if (!tab.attended || random() > 0.75) return;
    push(now + 2000 + 8000 * random(), () => page.alive && tab.attended && input(page));
  };
  const input = (page) => page.tell("mousemove", { type: "mousemove", isTrusted: true, target: null });
  const advance = (tab, page, media) => push(now + 250, () => {
    if (page.media !== media || !page.alive) return;
    if (tab.asleepSince === null) {
      media.currentTime += 0.25 * media.playbackRate;
      page.tell("timeupdate", { isTrusted: true, target: media });
    }
    advance(tab, page, media);
  });

  const actions = {
    open: (tab, idle) => { actions.close(tab); tab.visible = true; tab.page = open(tab, idle); },
    close: (tab) => {
      if (!tab.page) return;
      tab.page.tell("pagehide", {}, true);
      tab.page.alive = false;
      tab.page = null;
    },
    hide: (tab) => { tab.visible = false; tab.page?.tell("visibilitychange", {}, true); },
    show: (tab) => { tab.visible = true; tab.page?.tell("visibilitychange", {}, true); },
    input: (tab) => tab.page && input(tab.page),
    /* The frame is as long as the unit and its parent scrolls: an element comes or goes without moving. */
    scroll: (tab) => {
      const { page } = tab;
      if (!page) return;
      const entry = (isIntersecting) => ({ target: page.prompt, boundingClientRect: { top: 100 }, isIntersecting });
      if (!page.sentinel) page.observer([entry(true)]);
      page.sentinel = !page.sentinel;
      page.observer([entry(page.sentinel)]);
    },
    play: (tab, rate) => {
      if (!tab.page) return;
      const media = { currentTime: 0, playbackRate: rate, paused: false, ended: false, loop: false, muted: false };
      tab.page.media = media;
      advance(tab, tab.page, media);
    },
    stop: (tab) => { if (tab.page?.media) { tab.page.media.paused = true; tab.page.media = null; } },
    float: (tab) => { if (tab.page) tab.page.document.pictureInPictureElement = tab.page.media; },
    dock: (tab) => {
      if (!tab.page) return;
      tab.page.document.pictureInPictureElement = null;
      tab.page.tell("leavepictureinpicture", {}, true);
    },
    sleep: (tab, until) => { tab.asleepSince = now; tab.wakes = until; },
    wake: (tab) => { tab.slept += now - tab.asleepSince; tab.asleepSince = null; },
    attend: (tab) => { tab.attended = true; },
    ignore: (tab) => { tab.attended = false; },
  };

  visits.forEach((tabs, visit) => tabs.forEach((script) => {
    const tab = { visit, page: null, visible: true, stored: null, slept: 0, asleepSince: null, wakes: 0, attended: false };
    script.forEach(([at, name, value]) => push(at, () => actions[name](tab, value)));
  }));

  const answered = ({ id, status, retry, body }) => {
    const { page, resolve, reject } = waiting.get(id);
    waiting.delete(id);
    if (!page.alive) return;
    if (!status) return reject(new TypeError("lost"));
    resolve({ ok: status === 200, status, headers: { get: () => retry }, json: async () => body });
  };
  const understood = () => new Promise((done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = done;
    port2.postMessage(0);
  });

  /* From one tick to the next: give the answers, then run until something was sent, `deadline` or the end of all. */
  return async (tick, answers, deadline) => {
    answers.forEach(answered);
    await understood();
    while (!sent.length && now < deadline && (queue.length || waiting.size)) {
      const first = queue.length ? Math.ceil(queue[0].at / tick) * tick : deadline;
      const end = Math.min(Math.max(now + tick, first), deadline);
      while (queue.length && queue[0].at <= end) {
        const { at, run } = pop();
        now = Math.max(now, at);
        run();
      }
      now = end;
    }
    const messages = sent;
    sent = [];
    return { now, messages, over: !queue.length && !waiting.size };
  };
};
