// The visits that wait on this device: sent when there is a network, kept 14 days at most, wiped at log-out.
(() => {
  const told = document.getElementById("device");
  if (!told || !window.indexedDB) return;
  const DAYS_KEPT = 14;
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

  async function waiting() {
    const every = await inStore("readonly", (store) => store.getAll());
    const limit = Date.now() - DAYS_KEPT * 86400000;
    await Promise.all(every.filter((visit) => visit.at < limit).map((visit) => forget(visit.id)));
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
    return { state: "later" };
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
      await keep({ ...visit, refused: outcome.sentences });
    }
    return outcome;
  }

  // One at a time in all the tabs of the browser; what was refused waits for somebody to correct it.
  function flush(only) {
    return navigator.locks.request("beffroi-visits", async () => {
      let last = { state: "nothing" };
      for (const visit of await waiting()) {
        if (only ? visit.id !== only : visit.refused) continue;
        last = await send(visit);
        if (last.state === "offline" || last.state === "expired") break;
      }
      await show(last.state);
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

  function refusal(visit) {
    const erase = () => { if (confirm(say.sure)) forget(visit.id).then(() => show("")); };
    return line(`${visit.title} : ${visit.refused.join(" ")}`, linked(say.resume, `${say.form}#${visit.id}`), button(say.erase, erase));
  }

  async function show(state) {
    const all = await waiting();
    const refused = all.filter((visit) => visit.refused);
    const ready = all.length - refused.length;
    const lines = [];
    if (ready) lines.push(line((ready === 1 ? say.one : say.many).replace("%n", ready), button(say.now, () => flush())));
    if (ready && state === "expired") lines.push(line(say.expired, linked(say.enter, `${say.logIn}?next=${encodeURIComponent(location.pathname)}`)));
    lines.push(...refused.map(refusal));
    told.replaceChildren(...lines);
    told.hidden = !lines.length;
  }

  async function wipe() {
    await inStore("readwrite", (store) => store.clear());
    for (const name of await caches.keys()) if (name.startsWith("beffroi-")) await caches.delete(name);
    for (const worker of await navigator.serviceWorker.getRegistrations()) await worker.unregister();
  }

  async function leave(form) {
    await flush();
    const left = await waiting();
    if (left.length && !confirm(say.leave.replace("%n", left.length))) return;
    await wipe();
    form.submit();
  }

  document.addEventListener("submit", (event) => {
    if (new URL(event.target.action).pathname !== say.logOut) return;
    event.preventDefault();
    leave(event.target);
  });
  window.addEventListener("online", () => flush());
  window.beffroiDevice = { keep, kept, flush, user: say.user };
  flush();

  if (!("serviceWorker" in navigator) || !location.pathname.startsWith(say.scope)) return;
  navigator.serviceWorker.register(say.worker, { scope: say.scope }).then(() => navigator.serviceWorker.ready).then((ready) => {
    ready.active.postMessage("renew"); // the form, its guide and the targets of the week, as they are now
  }).catch(() => { /* without a worker the form still queues what is typed */ });
})();
