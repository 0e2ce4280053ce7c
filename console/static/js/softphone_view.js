// What the telephone in the browser shows: one button with its state, mute and keypad in a talk, and a menu with the
// devices. It decides nothing.
import { choose, chosen, devices, testTone, watchLevel } from "./softphone_devices.js";
import { icon, make } from "./parts.js";
import { fill, words } from "./words.js";

const TONES = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];
const HUES = { elsewhere: "quiet", starting: "quiet", trouble: "late", lost: "waiting", ready: "good" };
const slot = document.getElementById("softphone");
const menu = document.getElementById("menu-softphone");
const keypad = document.getElementById("menu-keypad");
let drawn = "";
let stopLevel = null;
let current = null;

/** `phone` is the state of softphone.js; presses call `deeds`. */
export function drawSoftphone(phone, deeds) {
  if (!slot) return;
  current = { phone, deeds };
  const off = phone.phase === "off";
  const call = phone.line?.call ?? null;
  const { hue, text } = summary(phone, call);
  const now = off ? "" : [hue, text, Boolean(call?.established), Boolean(call?.muted)].join();
  if (now !== drawn) {
    drawn = now;
    const held = slot.contains(document.activeElement) ? document.activeElement.dataset.control : null;
    const sounds = slot.querySelectorAll("audio"); // the voices stay where they are
    slot.replaceChildren(...(off ? [] : buttons(hue, text, call, deeds)), ...sounds);
    if (held) (slot.querySelector(`[data-control="${held}"]`) ?? slot.querySelector("button"))?.focus();
  }
  if (menu.matches(":popover-open")) drawState(phone, call, deeds);
  if (!call?.established && keypad.matches(":popover-open")) keypad.hidePopover();
}

function summary(phone, call) {
  const say = words.softphone;
  if (phone.trouble) return { hue: "late", text: say.trouble[phone.trouble][1] };
  if (call?.established && call.muted) return { hue: "waiting", text: say.muted };
  const grade = call?.established && phone.stretch ? gradeOf(phone) : null;
  if (grade) return { hue: { good: "good", fair: "waiting", poor: "late" }[grade], text: fill(say.voice, { q: say.grades[grade] }) };
  return { hue: HUES[phone.phase], text: say[phone.phase] };
}

const gradeOf = ({ grades, stretch }) => grades.find(([least]) => stretch.score >= least)?.[1] ?? "poor";

function buttons(hue, text, call, deeds) {
  const say = words.softphone;
  const state = make("button", { type: "button", class: "button small quiet state", "data-control": "softphone", "data-hue": hue, popovertarget: "menu-softphone" },
    icon("headset"), make("span", { class: "dot", "aria-hidden": "true" }), make("span", { class: "visually-hidden" }, `${say.telephone} `), make("span", { "data-softphone-state": true }, text));
  if (!call?.established) return [state];
  const mute = make("button", { type: "button", class: `button small ${call.muted ? "is-on" : ""}`, "data-control": "mute", "aria-pressed": String(call.muted), "aria-keyshortcuts": "Shift+F8", onclick: deeds.mute },
    icon(call.muted ? "microphone-off" : "microphone"), make("span", {}, say.mute), make("kbd", { class: "key", "aria-hidden": "true" }, "⇧F8"));
  const keys = make("button", { type: "button", class: "button small", "data-control": "keypad", popovertarget: "menu-keypad" }, make("span", {}, say.keypad));
  return [mute, keys, state];
}

// -- the menu

function drawState(phone, call, deeds) {
  const say = words.softphone;
  const place = menu.querySelector("[data-state]");
  const lines = phone.trouble ? say.trouble[phone.trouble] : [say[`${phone.phase}Long`] ?? say[phone.phase]];
  const { stretch } = phone;
  place.replaceChildren(
    make("p", { class: phone.trouble ? "strong" : "" }, lines[0]),
    ...(phone.trouble ? [make("p", { class: "muted small" }, lines[2])] : []),
    ...(call?.established && stretch
      ? [make("p", { class: "muted small" }, fill(say.figures, { loss: (100 * stretch.loss).toFixed(1), jitter: Math.round(stretch.jitter), trip: Math.round(stretch.roundTrip), score: stretch.score.toFixed(1) }))]
      : []),
    ...(phone.trouble ? [act(say.retry, deeds.retry)] : []),
    ...(phone.phase === "elsewhere" ? [act(say.useHere, deeds.takeHere)] : []),
  );
}

const act = (label, deed) => make("button", { type: "button", class: "button small primary", onclick: deed }, label);

async function drawMenu() {
  const { phone, deeds } = current;
  const say = words.softphone;
  const level = make("meter", { class: "level", min: "0", max: "1" });
  const noise = make("input", { type: "checkbox" });
  noise.checked = chosen("noise") !== "0";
  noise.addEventListener("change", () => change("noise", noise.checked ? "1" : "0"));
  menu.replaceChildren(
    make("p", { class: "title" }, say.telephone),
    make("div", { class: "stack tight", "data-state": true }),
    make("div", { class: "stack tight devices", "data-devices": true }),
    make("div", { class: "stack tight devices" },
      make("label", { class: "stack tight" }, make("span", {}, say.level), level),
      make("label", { class: "choice" }, noise, ` ${say.noise}`),
      make("button", { type: "button", class: "button small", "data-stays": true, onclick: () => testTone() }, say.test)),
  );
  drawState(phone, phone.line?.call ?? null, deeds);
  if (phone.stream) stopLevel = watchLevel(phone.stream, (loud) => (level.value = loud));
  const found = await devices();
  const rows = [["microphone", found.audioinput], ["speaker", found.audiooutput], ["ring", found.audiooutput]];
  menu.querySelector("[data-devices]").replaceChildren(...rows.map(([name, list]) => row(name, list)));
}

function row(name, list) {
  const say = words.softphone;
  const options = [["", say.systemChoice], ...list.map((one) => [one.id, one.label])];
  const select = make("select", { class: "input", name }, ...options.map(([id, label]) => make("option", { value: id, selected: id === chosen(name) }, label)));
  select.addEventListener("change", () => change(name, select.value));
  return make("label", { class: "stack tight" }, make("span", {}, say.device[name]), select);
}

async function change(name, value) {
  choose(name, value);
  await current.deeds.changed(name);
  stopLevel?.();
  stopLevel = null;
  const level = menu.querySelector(".level");
  if (menu.matches(":popover-open") && current.phone.stream) stopLevel = watchLevel(current.phone.stream, (loud) => (level.value = loud));
}

menu?.addEventListener("toggle", ({ newState }) => {
  if (newState === "open" && current) drawMenu();
  else {
    stopLevel?.();
    stopLevel = null;
  }
});

keypad?.addEventListener("toggle", ({ newState }) => {
  if (newState !== "open") return;
  const pressed = make("output", { class: "pressed mono", "aria-live": "polite" });
  const press = (tone) => {
    current.deeds.press(tone);
    pressed.textContent = (pressed.textContent + tone).slice(-20);
  };
  keypad.replaceChildren(make("p", { class: "title" }, words.softphone.keypadHint), pressed,
    make("div", { class: "keys" }, ...TONES.map((tone) => make("button", { type: "button", class: "button", "data-stays": true, onclick: () => press(tone) }, tone))));
  keypad.onkeydown = (event) => {
    if (!TONES.includes(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    press(event.key);
  };
  keypad.querySelector("button").focus();
});
