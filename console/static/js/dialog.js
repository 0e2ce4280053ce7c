// Dialogs of the platform: data-dialog="ID" opens one; data-confirm="question" asks before a deed.
import { fill } from "./words.js";

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    document.querySelector(":popover-open")?.hidePopover();
    document.getElementById(opener.dataset.dialog)?.showModal();
    return;
  }
  // A press on the veil closes; a press inside does not.
  if (event.target.nodeName === "DIALOG" && event.target.open) event.target.close();
  if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
});

/** Ask; resolves to whether the person said yes. */
export function confirmed(question) {
  const dialog = document.getElementById("confirm");
  dialog.querySelector("[data-confirm-text]").textContent = fill(question, {});
  const yes = dialog.querySelector("[data-confirm-yes]");
  return new Promise((resolve) => {
    let answer = false;
    const agree = () => {
      answer = true;
      dialog.close();
    };
    yes.addEventListener("click", agree);
    dialog.querySelector("[data-confirm-no]").addEventListener("click", () => dialog.close(), { once: true });
    dialog.addEventListener("close", () => {
      yes.removeEventListener("click", agree);
      resolve(answer);
    }, { once: true });
    dialog.showModal();
    yes.focus();
  });
}

document.addEventListener("click", async (event) => {
  const asking = event.target.closest("[data-confirm]");
  if (!asking || asking.getAttribute("aria-disabled") === "true") return;
  if (asking.dataset.agreed) {
    delete asking.dataset.agreed;
    return;
  }
  event.preventDefault();
  event.stopPropagation();
  if (await confirmed(asking.dataset.confirm)) {
    asking.dataset.agreed = "1";
    asking.click();
  }
}, true);

// A button that may not be pressed now stays reachable, so that its reason can be read; it does nothing.
document.addEventListener("click", (event) => {
  if (event.target.closest('[aria-disabled="true"]')) {
    event.preventDefault();
    event.stopPropagation();
  }
}, true);

document.addEventListener("htmx:confirm", async (event) => {
  if (!event.detail.question) return;
  event.preventDefault();
  if (await confirmed(event.detail.question)) event.detail.issueRequest(true);
});
