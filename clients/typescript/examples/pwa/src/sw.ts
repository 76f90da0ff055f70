/// <reference lib="webworker" />
// Keeps the files of the app, so that it opens without a network. The log and the rules are kept by the app itself.

declare const self: ServiceWorkerGlobalScope;
/** Changes with every build: the files of a build belong together. */
declare const BUILD: string;

const CACHE = `app-${BUILD}`;
const FILES = ["./", "app.js", "app.css", "manifest.webmanifest", "icon.svg", "icon-180.png", "icon-192.png", "icon-512.png"];

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(CACHE)
      .then((cache) => cache.addAll(FILES.map((file) => new Request(file, { cache: "reload" }))))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(self.registration.scope)) return;
  event.respondWith(caches.match(request, { ignoreSearch: true, cacheName: CACHE }).then((kept) => kept ?? fetch(request)));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.matchAll({ type: "window" }).then(([open]) => open ? open.focus() : self.clients.openWindow("./")).then(() => {}));
});
