// Page changes: a boosted link or form swaps #main alone; title, focus, scroll and the head's marks follow.
import { onContent, visit } from "./parts.js";
import { ask } from "./net.js";
import { toast } from "./toasts.js";
import { words } from "./words.js";

const SLOW_MS = 300;
const isPage = (xhr) => xhr.getResponseHeader("Content-Type")?.includes("text/html");
// An error page of ours has the frame; what a proxy says while we are away has not, and is not put into the page.
const isOurs = (xhr) => isPage(xhr) && xhr.responseText.includes('id="main"');

document.addEventListener("htmx:configRequest", (event) => {
  const link = event.detail.elt;
  // A file to download is the browser's business.
  if (event.detail.boosted !== false && link.matches?.("a[download]")) {
    event.preventDefault();
    window.location.assign(link.href);
  }
});

document.addEventListener("htmx:beforeSwap", (event) => {
  const { detail } = event;
  const status = detail.xhr.status;
  const reading = detail.requestConfig.verb === "get";
  if (status >= 400 && status !== 422) {
    if (detail.boosted && reading && isOurs(detail.xhr)) {
      detail.shouldSwap = true; // the designed error page, in the frame
    } else {
      detail.shouldSwap = false; // a refused deed leaves the form as it is, and says why
      return;
    }
  }
  if (status === 422) detail.shouldSwap = true;
  if (!detail.boosted) return;
  if (!isPage(detail.xhr)) {
    detail.shouldSwap = false;
    if (reading) window.location.assign(detail.pathInfo.requestPath);
    return;
  }
  detail.target = document.getElementById("main");
  detail.swapOverride = status === 422 ? "outerHTML" : "outerHTML show:window:top";
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.boosted || event.detail.target?.id === "main") arrived();
});
document.addEventListener("htmx:historyRestore", arrived);

/** The page in #main is a new one: put the focus where reading begins, and mark its link in the head. */
function arrived() {
  const menu = document.activeElement?.closest(":popover-open");
  // A page that comes by itself takes no key from a menu that was opened meanwhile. Reading begins once that is closed,
  // where the browser finds nothing to give the focus back to.
  const left = () => document.activeElement === document.body || menu.contains(document.activeElement);
  if (menu) menu.addEventListener("toggle", () => left() && beginReading(), { once: true });
  else beginReading();
  markCurrent();
  for (const field of document.querySelectorAll("[data-here]")) field.value = location.pathname + location.search;
}

function beginReading() {
  const main = document.getElementById("main");
  const start = main.querySelector("[data-focus], [autofocus]") ?? main.querySelector("h1[tabindex]") ?? main;
  if (!main.contains(document.activeElement) || document.activeElement === main) start.focus({ preventScroll: !start.dataset.focus });
}

function markCurrent() {
  const links = [...document.querySelectorAll(".head .nav a, .menu a[data-endpoint]")];
  const path = location.pathname;
  const under = (href) => path === href || path.startsWith(`${href.replace(/\/$/, "")}/`);
  const best = links.map((a) => a.getAttribute("href")).filter(under).sort((a, b) => b.length - a.length)[0];
  for (const link of links) {
    if (link.getAttribute("href") === best) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

// -- slow and failed requests

let asked = 0;
let slow;
document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  asked += 1;
  // Only a page that is being left fades: a part that loads beside it must not dim what somebody types.
  if (detail.boosted || detail.target?.id === "main") document.body.classList.add("is-leaving");
  slow ??= setTimeout(() => document.body.classList.add("is-slow"), SLOW_MS);
});
document.addEventListener("htmx:afterRequest", () => {
  asked = Math.max(0, asked - 1);
  if (asked) return;
  clearTimeout(slow);
  slow = undefined;
  document.body.classList.remove("is-slow", "is-leaving");
});

for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => {
    // While the strip says that the connection is away, what the page asks for by itself fails without another word.
    const { boosted, requestConfig } = event.detail;
    // What looks numbers up posts, to keep them out of addresses, and reads all the same.
    const byItself = !boosted && (requestConfig?.verb === "get" || requestConfig?.elt?.hasAttribute("data-reads"));
    if (!byItself || document.getElementById("offline")?.hidden !== false) toast(words.failed, "late");
  });
}

document.addEventListener("htmx:responseError", (event) => {
  const { xhr, boosted, requestConfig } = event.detail;
  if (xhr.status === 401) {
    const again = requestConfig.verb === "get" && boosted ? () => visit(requestConfig.path) : undefined;
    document.dispatchEvent(new CustomEvent("hotline:signed-out", { detail: { again } }));
    return;
  }
  if (boosted && requestConfig.verb === "get" && isOurs(xhr)) return;
  const told = isPage(xhr) ? new DOMParser().parseFromString(xhr.responseText, "text/html") : null;
  toast(told?.querySelector("[data-error]")?.dataset.error ?? words.failed, xhr.status < 500 ? "waiting" : "late");
});

// -- one deed once: a form that was sent is not sent again while the answer is awaited

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method === "dialog") return;
  if (form.dataset.sent) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  if (form.method === "post") {
    form.dataset.sent = "1";
    setTimeout(() => delete form.dataset.sent, 8000);
  }
}, true);
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt?.closest?.("form");
  if (form) delete form.dataset.sent;
});

// -- the small numbers in the head

const QUIET_MS = 5 * 60 * 1000;
let lastTouch = Date.now();
for (const name of ["pointerdown", "keydown"]) {
  document.addEventListener(name, () => (lastTouch = Date.now()), { capture: true, passive: true });
}

let pending;
/** Ask for the counters soon. Only for a person who is there: a request of ours must not keep a session awake. */
export function refreshCounts() {
  if (pending || document.hidden || Date.now() - lastTouch > QUIET_MS) return;
  pending = setTimeout(async () => {
    try {
      showCounts(await ask("/shell/counts"));
    } catch {
      // The next change asks again.
    } finally {
      pending = undefined;
    }
  }, 2000);
}

function showCounts(counts) {
  for (const badge of document.querySelectorAll("[data-count]")) {
    const n = counts[badge.dataset.count] ?? 0;
    badge.hidden = !n;
    badge.textContent = n || "";
  }
}

onContent((root) => {
  if (root.id === "main" || root === document.body) markCurrent();
});
