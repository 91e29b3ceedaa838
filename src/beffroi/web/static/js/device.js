// The visits that wait on this device: sent when there is a network, kept 14 days at most, wiped at log-out.
(() => {
  function fresh() {
    if (crypto.randomUUID) return crypto.randomUUID();
    return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  // A form that the browser brings back was sent already: what is typed in it now is something else.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) for (const number of document.querySelectorAll('input[name="client_id"]')) number.value = fresh();
  });

  const told = document.getElementById("device");
  if (!told || !window.indexedDB) return;
  const DAY = 86400000;
  const DAYS_KEPT = 14;
  const DAYS_QUIET = 10;
  const PATIENCE = 20000;
  const STORE = "visits";
  const say = told.dataset;

  function opened() {
    return new Promise((done, failed) => {
      const request = indexedDB.open("beffroi", 1);
      request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "id" });
      request.onsuccess = () => done(request.result);
      request.onerror = () => failed(request.error);
    });
  }

  async function inStore(mode, act) {
    const base = await opened();
    try {
      return await new Promise((done, failed) => {
        const transaction = base.transaction(STORE, mode);
        const request = act(transaction.objectStore(STORE));
        transaction.oncomplete = () => done(request.result);
        transaction.onerror = transaction.onabort = () => failed(transaction.error);
      });
    } finally {
      base.close();
    }
  }

  const keep = (visit) => inStore("readwrite", (store) => store.put(visit));
  const forget = (id) => inStore("readwrite", (store) => store.delete(id));
  const kept = (id) => inStore("readonly", (store) => store.get(id));

  const gone = []; // what this page erased because its days were over

  async function waiting() {
    const every = await inStore("readonly", (store) => store.getAll());
    const limit = Date.now() - DAYS_KEPT * DAY;
    const over = every.filter((visit) => visit.at < limit);
    await Promise.all(over.map((visit) => forget(visit.id)));
    gone.push(...over.filter((visit) => visit.user === say.user).map((visit) => visit.title));
    return every.filter((visit) => visit.at >= limit && visit.user === say.user).sort((one, other) => one.at - other.at);
  }

  function token() {
    const found = document.cookie.split("; ").find((cookie) => cookie.startsWith("csrftoken="));
    return found ? decodeURIComponent(found.slice("csrftoken=".length)) : "";
  }

  async function post(visit) {
    const answer = await fetch(say.send, {
      method: "POST",
      redirect: "manual",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
      body: JSON.stringify(visit.fields),
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (answer.type === "opaqueredirect") return { state: "expired" };
    if (answer.ok) return { state: "sent", ...(await answer.json()) };
    if (answer.status === 422) return { state: "refused", ...(await answer.json()) };
    return { state: "later", status: answer.status };
  }

  async function send(visit) {
    let outcome;
    try {
      outcome = await post(visit);
    } catch {
      return { state: "offline" };
    }
    if (outcome.state === "sent") await forget(visit.id);
    if (outcome.state === "refused") {
      if (outcome.code === "already_noted") visit.fields.visit = "";
      if (outcome.code === "number_taken") visit.fields.client_id = fresh();
      await keep({ ...visit, refused: outcome.sentences });
    }
    return outcome;
  }

  // One at a time in all the tabs of the browser; what was refused waits for somebody to correct it.
  const inTurn = (act) => (navigator.locks ? navigator.locks.request("beffroi-visits", act) : act());

  function flush(only) {
    return inTurn(async () => {
      let last = { state: "nothing" };
      for (const visit of await waiting()) {
        if (only ? visit.id !== only : visit.refused) continue;
        last = await send(visit);
        if (last.state === "offline" || last.state === "expired") break;
      }
      await show(last);
      return last;
    });
  }

  function button(text, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "btn btn-sm btn-outline-secondary";
    made.textContent = text;
    made.addEventListener("click", act);
    return made;
  }

  function line(...parts) {
    const made = document.createElement("p");
    made.append(...parts.flatMap((part) => [part, " "]));
    return made;
  }

  function linked(text, address) {
    const made = document.createElement("a");
    made.href = address;
    made.textContent = text;
    return made;
  }

  // With the guide whose questions it answers.
  function resumption(visit) {
    const guide = visit.fields.guide ? `?guide=${encodeURIComponent(visit.fields.guide)}` : "";
    return linked(say.resume, `${say.form}${guide}#${visit.id}`);
  }

  function refusal(visit) {
    const erase = () => { if (confirm(say.sure)) forget(visit.id).then(() => show({})); };
    return line(`${visit.title} : ${visit.refused.join(" ")}`, resumption(visit), button(say.erase, erase));
  }

  function pending(visit) {
    const age = Math.floor((Date.now() - visit.at) / DAY);
    const soon = age >= DAYS_QUIET ? ` · ${say.soon.replace("%n", DAYS_KEPT - age)}` : "";
    return line(`${visit.title}${soon}`, resumption(visit));
  }

  async function show(last) {
    const all = await waiting();
    const refused = all.filter((visit) => visit.refused);
    const ready = all.filter((visit) => !visit.refused);
    const lines = [];
    if (ready.length) lines.push(line((ready.length === 1 ? say.one : say.many).replace("%n", ready.length), button(say.now, () => flush())));
    if (ready.length && last.state === "expired") lines.push(line(say.expired, linked(say.enter, `${say.logIn}?next=${encodeURIComponent(location.pathname)}`)));
    if (ready.length && last.state === "later") lines.push(line(say.later.replace("%n", last.status)));
    lines.push(...ready.map(pending), ...refused.map(refusal));
    if (gone.length) lines.push(line(say.gone.replace("%names", gone.join(", "))));
    told.replaceChildren(...lines);
    told.hidden = !lines.length;
  }

  const keptNames = async () => (await caches.keys()).filter((name) => name.startsWith("beffroi-"));

  async function wipeCaches() {
    for (const name of await keptNames()) await caches.delete(name);
  }

  async function wipeWorkers() {
    for (const worker of await navigator.serviceWorker.getRegistrations()) await worker.unregister();
  }

  // What somebody else typed on this device waits for them.
  async function wipeOwn() {
    for (const visit of await waiting()) await forget(visit.id);
  }

  async function mayLeave() {
    try {
      await flush();
      const left = await waiting();
      return !left.length || confirm(say.leave.replace("%n", left.length));
    } catch {
      return true; // a device that keeps nothing keeps nobody in
    }
  }

  async function leave(form) {
    if (!(await mayLeave())) return;
    await Promise.allSettled([wipeOwn(), wipeCaches(), wipeWorkers()]);
    form.submit();
  }

  // The pages kept for whoever was here before are not for who is here now.
  async function keepOwnPages() {
    const mark = "/whose-pages"; // no page: whose the kept ones are
    for (const name of await keptNames()) {
      const cache = await caches.open(name);
      const before = await cache.match(mark);
      if (before && (await before.text()) === say.user) continue;
      for (const one of await cache.keys()) if (new URL(one.url).pathname.startsWith(say.scope)) await cache.delete(one);
      await cache.put(mark, new Response(say.user));
    }
  }

  document.addEventListener("submit", (event) => {
    if (new URL(event.target.action).pathname !== say.logOut) return;
    event.preventDefault();
    leave(event.target);
  });
  window.addEventListener("online", () => flush());
  window.beffroiDevice = { keep, kept, flush, fresh, user: say.user };
  flush().catch(() => { /* a device that keeps nothing has nothing to send */ });
  const owned = keepOwnPages().catch(() => { /* nothing is kept here */ });

  if (!("serviceWorker" in navigator) || !location.pathname.startsWith(say.scope)) return;
  navigator.serviceWorker.register(say.worker, { scope: say.scope }).then(() => navigator.serviceWorker.ready).then(async (ready) => {
    await owned;
    await keepOwnPages();
    ready.active.postMessage("renew"); // the form, its guide and the targets of the week, as they are now
  }).catch(() => { /* without a worker the form still queues what is typed */ });
})();
