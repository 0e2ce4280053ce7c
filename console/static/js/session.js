// When the session ends under a person's hands: they sign in again in a dialog over the page, and what they typed is
// saved where it belongs. The dialog holds the door's own form, second factor and all. A minute or two before an idle
// session ends it says so; who is there prolongs it without noticing.
import { ask } from "./net.js";
import { make } from "./parts.js";
import { socket } from "./socket.js";
import { toast } from "./toasts.js";
import { fill, running, words } from "./words.js";

const DOOR = "/sign-in";
const WARN_S = 120;
const THERE_S = 60;
const meta = (name, page = document) => page.querySelector(`meta[name="${name}"]`)?.content ?? "";
const dialog = document.getElementById("signed-out");
const tabs = "BroadcastChannel" in window ? new BroadcastChannel("hotline-session") : null;
let afterwards = [];

// -- the door in a dialog

async function knock(url, init = {}) {
  const response = await fetch(url, { ...init, headers: { Accept: "text/html" } });
  return { page: new DOMParser().parseFromString(await response.text(), "text/html"), url: response.url };
}

async function open({ detail }) {
  if (!dialog) return;
  if (detail?.again) afterwards.push(detail.again);
  if (dialog.open) return;
  dialog.showModal();
  try {
    show(await knock(DOOR));
  } catch {
    dialog.close();
    toast(words.failed, "late");
  }
}

function show({ page, url }) {
  if (meta("person", page)) return back(meta("person", page), meta("csrf-token", page));
  const form = page.querySelector(".door-panel form");
  if (!form) return window.location.assign(url); // a first password, a new second factor: that is a page of its own
  const place = dialog.querySelector("[data-door]");
  place.replaceChildren(document.importNode(form, true));
  const shown = place.querySelector("form");
  shown.action = new URL(form.getAttribute("action") || url, url).pathname;
  if (shown.elements.login) shown.elements.login.value ||= dialog.dataset.login;
  if (shown.elements.next) shown.elements.next.value = dialog.dataset.next;
  (shown.querySelector("[aria-invalid=true]") ?? shown.elements.password ?? shown.elements.code)?.focus();
}

dialog?.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.method === "dialog") return;
  event.preventDefault();
  event.stopPropagation();
  const button = form.querySelector("[type=submit]");
  button?.setAttribute("aria-disabled", "true");
  try {
    show(await knock(form.getAttribute("action"), { method: "POST", body: new URLSearchParams(new FormData(form)) }));
  } catch {
    button?.removeAttribute("aria-disabled");
    toast(words.failed, "late");
  }
});

/** Signed in again, here or in another tab: the page goes on with the new session's token. */
function back(person, token, told = false) {
  if (!told) tabs?.postMessage({ person, token });
  if (person !== meta("person")) return window.location.assign("/"); // somebody else: not a word of this page is theirs
  document.querySelector('meta[name="csrf-token"]').content = token;
  for (const field of document.querySelectorAll('input[name="csrf_token"]')) field.value = token;
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
  if (dialog.open) dialog.close();
  asked();
  socket?.disconnect().connect();
  document.dispatchEvent(new CustomEvent("hotline:reconnected"));
  for (const again of afterwards.splice(0)) again();
  toast(words.signedInAgain, "good");
}

tabs?.addEventListener("message", ({ data }) => dialog?.open && back(data.person, data.token, true));
dialog?.addEventListener("close", () => (afterwards = []));
document.addEventListener("hotline:signed-out", open);

// -- before an idle session ends

const IDLE_S = Number(meta("idle-seconds"));
const WHEN = "session:asked";
let touchedAt = Date.now();
let strip = null;

/** The server has just heard of this person, in whichever tab. */
const asked = () => localStorage.setItem(WHEN, String(Date.now()));
const ago = (moment) => (Date.now() - Number(moment)) / 1000;
const stay = () => ask("/shell/counts").then(asked, () => {});

async function watch() {
  if (dialog.open) return;
  const left = IDLE_S - ago(localStorage.getItem(WHEN) ?? Date.now());
  if (left > WARN_S) return hideStrip();
  if (ago(touchedAt) < THERE_S || document.querySelector("[data-stays-signed-in]")) {
    hideStrip();
    return stay();
  }
  if (left > 0) return drawStrip(left);
  hideStrip();
  await ask("/sign-out", { method: "POST" }).catch(() => {});
  return document.dispatchEvent(new CustomEvent("hotline:signed-out"));
}

function drawStrip(left) {
  if (!strip) {
    strip = make("div", { class: "strip", role: "alert" }, make("span", { class: "text" }),
      make("button", { type: "button", class: "button small", onclick: stayHere }, words.stay));
    document.getElementById("offline").after(strip);
  }
  strip.querySelector(".text").textContent = fill(words.idleSoon, { t: running(left) });
}

function hideStrip() {
  strip?.remove();
  strip = null;
}

function stayHere() {
  hideStrip();
  stay();
}

if (dialog && IDLE_S) {
  asked();
  for (const name of ["pointerdown", "keydown"]) {
    document.addEventListener(name, () => {
      touchedAt = Date.now();
      if (strip) stayHere();
    }, { capture: true, passive: true });
  }
  document.addEventListener("htmx:afterOnLoad", asked);
  setInterval(watch, 1000);
  socket?.on("connect_error", (error) => error.message === "signed out" && document.dispatchEvent(new CustomEvent("hotline:signed-out")));
}
