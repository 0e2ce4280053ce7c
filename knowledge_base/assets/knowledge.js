// Knowledge in the panel and on its pages: quoting tells the form beside it, copying is counted.
import { ask } from "/static/js/net.js";
import { onLive } from "/static/js/socket.js";
import { toast } from "/static/js/toasts.js";

/** Count a use, and say what became of the text meanwhile. A count that is lost harms nobody. */
function used(where, facts) {
  ask(where, { method: "POST", body: facts })
    .then((told) => told?.message && toast(told.message, "late"))
    .catch(() => {});
}

document.addEventListener("click", (event) => {
  const quote = event.target.closest("[data-knowledge-insert]");
  if (quote) {
    const { used: where, itemId, title, answer, source, rank, passage, bare } = quote.closest("[data-used]").dataset;
    const search = quote.closest("[data-search-id]")?.dataset.searchId;
    // Whoever takes the answer into a form also counts the use: only there is it known for what it was used.
    quote.dispatchEvent(new CustomEvent("knowledge:insert", { bubbles: true, detail: { where, itemId, title, answer, source, search, rank, passage, bare: bare !== undefined } }));
    return;
  }
  const sending = event.target.closest("[data-knowledge-send]");
  if (sending) {
    const { itemId, rank } = sending.closest("[data-used]").dataset;
    const search = sending.closest("[data-search-id]")?.dataset.searchId;
    sending.dispatchEvent(new CustomEvent("knowledge:send", { bubbles: true, detail: { itemId, search, rank } }));
    return;
  }
  const copied = event.target.closest(".kb-passage .close");
  if (copied) used(copied.closest("[data-used]").dataset.used, { kind: "copied" });
});

// The bar of an import moves with each message; when the job is through, the page asks for itself again.
onLive("knowledge:import", ({ id, done, total, state }) => {
  const bar = document.querySelector(`#import-progress[data-import="${id}"]`);
  if (!bar) return;
  if (!["reading", "entering", "undoing"].includes(state)) return window.htmx.trigger(bar, "kb:moved");
  bar.querySelector("[data-done]").textContent = done;
  bar.querySelector("[data-total]").textContent = total;
  Object.assign(bar.querySelector("progress"), { max: total || 1, value: done });
});
