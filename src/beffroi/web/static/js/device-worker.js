// Keeps what the visit's form is made of. The lines above this one say which files, and change with them.
const PATIENCE = 6000;

async function install() {
  const cache = await caches.open(CACHE);
  await cache.addAll(SHELL);
}

async function activate() {
  const old = (await caches.keys()).filter((name) => name.startsWith("beffroi-") && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function renew() {
  const cache = await caches.open(CACHE);
  for (const page of PAGES) {
    const answer = await fetch(page, { redirect: "manual" }).catch(() => null);
    if (answer && answer.ok) await cache.put(page, answer);
  }
}

async function kept(request) {
  const cache = await caches.open(CACHE);
  return cache.match(request, { ignoreSearch: true, ignoreVary: true });
}

function inTime(request) {
  const late = new Promise((_, failed) => setTimeout(() => failed(new Error("late")), PATIENCE));
  return Promise.race([fetch(request), late]);
}

// A page that is kept comes in time or as it was; any other takes the time it takes, and a file is never a page.
async function page(request) {
  const { pathname, searchParams } = new URL(request.url);
  const isFile = searchParams.has("format");
  try {
    return await (PAGES.includes(pathname) && !isFile ? inTime(request) : fetch(request));
  } catch (trouble) {
    if (isFile) return Response.error();
    return (await kept(pathname)) || ((await kept(PAGES[0])) ? Response.redirect(PAGES[0]) : Response.error());
  }
}

async function file(request) {
  try {
    return await fetch(request);
  } catch (trouble) {
    return (await kept(request)) || Response.error();
  }
}

self.addEventListener("install", (event) => event.waitUntil(install().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("message", (event) => { if (event.data === "renew") event.waitUntil(renew()); });
self.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  if (method !== "GET" || !url.startsWith(self.location.origin)) return;
  if (mode === "navigate") event.respondWith(page(event.request));
  else if (new URL(url).pathname.startsWith(FILES)) event.respondWith(file(event.request));
});
