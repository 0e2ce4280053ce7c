// Files go up while the form is still being filled in; each becomes a box of the form, and a refusal is told by name.
import { make } from "./parts.js";

const token = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";

async function send(url, file) {
  const body = new FormData();
  body.append("file", file);
  const response = await fetch(url, { method: "POST", body, headers: { Accept: "application/json", "X-CSRFToken": token() } });
  const told = response.headers.get("Content-Type")?.includes("json") ? await response.json() : {};
  if (!response.ok) throw new Error(told.detail || `${file.name}: ${response.status}`);
  return told;
}

async function take(place, file) {
  const line = make("li", { "aria-busy": "true" }, `${file.name} …`);
  place.querySelector("[data-list]").append(line);
  try {
    const kept = await send(place.dataset.files, file);
    const box = make("input", { type: "checkbox", name: place.dataset.name, value: kept.token, checked: true });
    line.replaceChildren(make("label", { class: "choice" }, box, ` ${kept.filename}`));
    box.dispatchEvent(new Event("change", { bubbles: true }));
  } catch (refusal) {
    line.className = "refused";
    line.setAttribute("role", "alert");
    line.replaceChildren(refusal.message.includes(file.name) ? refusal.message : `${file.name}: ${refusal.message}`);
  }
  line.removeAttribute("aria-busy");
}

document.addEventListener("change", (event) => {
  const place = event.target.matches("[data-choose]") && event.target.closest("[data-files]");
  if (!place) return;
  for (const file of event.target.files) take(place, file);
  event.target.value = "";
});
