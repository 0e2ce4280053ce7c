// Short messages at the lower edge, in a live region that outlives page changes.
import { icon, make, onContent, within } from "./parts.js";
import { words } from "./words.js";

const STAY_MS = { good: 5000, quiet: 5000, running: 6000, waiting: 12000, late: 0 };

/** Show `text`. Bad news stays until it is closed; the same news does not stand there twice. */
export function toast(text, hue = "quiet") {
  const region = document.getElementById("toasts");
  if (!region || !text) return null;
  const shown = make("div", { class: `toast ${hue}`, role: hue === "late" || hue === "waiting" ? "alert" : null },
    icon(hue === "quiet" ? "info" : hue),
    make("span", { class: "grow" }, text),
    make("button", { type: "button", class: "close", "aria-label": words.close, onclick: () => shown.remove() }, icon("close")),
  );
  for (const one of [...region.children]) if (one.className === shown.className && one.textContent === shown.textContent) one.remove();
  region.append(shown);
  while (region.children.length > 4) region.firstElementChild.remove();
  if (STAY_MS[hue]) setTimeout(() => shown.matches(":hover, :focus-within") || shown.remove(), STAY_MS[hue]);
  return shown;
}

const HUES = ["good", "waiting", "late", "running", "quiet"];
onContent((root) => {
  for (const flash of within(root, "[data-toast]")) {
    toast(flash.textContent.trim(), HUES.find((hue) => flash.classList.contains(hue)));
    flash.remove();
  }
});
