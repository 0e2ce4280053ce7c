// Small behaviours: copy, frames that scroll, theme, choose all, boxes that send their form.
import { make, icon, onContent, within } from "./parts.js";
import { toast } from "./toasts.js";
import { words } from "./words.js";

onContent((root) => {
  for (const source of within(root, "[data-copy]")) {
    if (source.dataset.ready) continue;
    source.dataset.ready = "1";
    const copy = async () => {
      await navigator.clipboard?.writeText(source.dataset.copy || source.textContent.trim());
      toast(words.copied, "good");
    };
    source.after(make("button", { type: "button", class: "close", "aria-label": words.copy, title: words.copy, onclick: copy }, icon("copy")));
  }
});

// What scrolls must be reached by keyboard.
onContent((root) => {
  for (const frame of within(root, ".grid-frame:not([tabindex])")) {
    if (frame.scrollWidth <= frame.clientWidth && frame.scrollHeight <= frame.clientHeight) continue;
    frame.tabIndex = 0;
    frame.setAttribute("role", "group");
  }
});

document.addEventListener("click", (event) => {
  const choice = event.target.closest("[data-theme-choice]");
  if (!choice) return;
  event.preventDefault();
  document.documentElement.dataset.theme = choice.value;
  document.cookie = `theme=${choice.value}; path=/; max-age=31536000; samesite=lax`;
  for (const one of document.querySelectorAll("[data-theme-choice]")) one.setAttribute("aria-pressed", String(one === choice));
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-choose-all]")) {
    for (const box of event.target.closest(".grid").querySelectorAll("tbody input[type=checkbox]")) {
      if (box.checked !== event.target.checked) box.click();
    }
  }
  if (event.target.matches("[data-send-on-change]")) event.target.form.requestSubmit();
});
