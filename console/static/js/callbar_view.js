// What the call bar shows for a state; it decides nothing.
import { fit } from "./callbar_fit.js";
import { icon, make } from "./parts.js";
import { fill, running, words } from "./words.js";

const HUES = { idle: "good", reserved: "waiting", talking: "running", wrap_up: "waiting", not_ready: "late", signed_out: "quiet" };

/** Draw `state` (the answer of GET /calls/bar) into `bar`; presses call `deeds`. */
export function drawBar(bar, state, deeds) {
  const { presence, call } = state;
  bar.classList.toggle("has-call", Boolean(call));
  bar.classList.toggle("is-ringing", call?.state === "ringing");
  bar.classList.toggle("is-wrap-up", presence.state === "wrap_up");
  drawPresence(bar, presence);
  drawCall(bar.querySelector("[data-call]"), call, presence);
  replaceControls(bar.querySelector("[data-controls]"), controls(state, deeds));
  drawMenu(document.getElementById("menu-presence"), state, deeds);
  drawMessages(document.querySelector("[data-bar-messages]"), state.messages ?? [], deeds);
  const queue = bar.querySelector("[data-queue]");
  queue.textContent = state.queue?.waiting ? fill(words.call.waiting, { n: state.queue.waiting }) : "";
  const may = new Set(state.may ?? []);
  bar.querySelector("form[data-dial]").hidden = !may.has("dial");
  const ringMe = bar.querySelector("[data-ring-me]");
  if (ringMe) ringMe.hidden = !may.has("ring_me");
  fit(bar);
}

function drawPresence(bar, presence) {
  const button = bar.querySelector("[data-presence]");
  button.dataset.hue = presence.hue ?? HUES[presence.state] ?? "quiet";
  bar.querySelector("[data-presence-word]").textContent = presence.reason_label || presence.label || presence.state;
  const timer = bar.querySelector("[data-presence-timer]");
  if (presence.since && presence.state !== "signed_out") timer.dataset.since = presence.since;
  else delete timer.dataset.since;
  timer.textContent = presence.since && presence.state !== "signed_out" ? running((Date.now() - Date.parse(presence.since)) / 1000) : "";
}

function drawCall(place, call, presence) {
  if (!call) {
    const wrapping = presence.state === "wrap_up" && presence.wrap_until;
    place.replaceChildren(wrapping
      ? make("span", {}, `${words.call.wrapUp} `, timer("until", presence.wrap_until))
      : make("span", { class: "muted" }, words.call.none));
    return;
  }
  const since = call.state === "talking" || call.state === "held" ? call.answered_at : null;
  place.replaceChildren(
    make("span", { class: "number" }, call.number_masked || "–"),
    make("span", {}, words.call[call.state] ?? call.state, " ", since ? timer("since", since) : null),
    call.queue && !call.guests?.length ? make("span", { class: "badge quiet queue-name", title: call.queue }, call.queue) : "",
    call.asked_by ? make("span", { class: "badge waiting" }, fill(words.call.askedBy, { n: call.asked_by })) : "",
    ...(call.guests ?? []).map((one) =>
      make("span", { class: `badge guest ${one.here ? "running" : "waiting"}` }, `${one.name || one.role_label} ${one.here ? words.call.isHere : words.call.isRung}`)),
    call.state === "ringing" && call.waited ? make("span", { class: "muted small" }, fill(words.call.waited, { d: running(call.waited) })) : "",
  );
}

function timer(kind, moment) {
  const seconds = (kind === "since" ? Date.now() - Date.parse(moment) : Date.parse(moment) - Date.now()) / 1000;
  return make("span", { class: "timer", "aria-live": "off", [`data-${kind}`]: moment }, running(seconds));
}

function controls({ call, presence }, deeds) {
  const { call: say } = words;
  if (call?.state === "ringing") return [press("answer", say.answer, "F2", deeds.answer, "answer", "phone")];
  if (call?.state === "dialling") return [press("hangup", say.hangup, "F9", deeds.hangup, "danger", "hangup")];
  if (call?.role === "supervisor") return listening(call, deeds);
  if (call?.role === "colleague") return [press("hangup", say.leave, "F9", deeds.hangup, "danger", "hangup")];
  if (call?.state === "talking" || call?.state === "held") return talking(call, deeds);
  if (presence.state === "wrap_up") {
    return [press("finish", say.finish, "F2", deeds.finish, "primary", "check"), press("extend", say.extend, "", deeds.extend)];
  }
  return [];
}

/** What an agent can do in a talk; with a guest on the line, what becomes of the three. */
function talking(call, deeds) {
  const { call: say } = words;
  const guest = (call.guests ?? []).find((one) => one.role !== "supervisor");
  const buttons = [
    call.state === "held" ? resume(guest, deeds) : press("hold", say.hold, "F4", deeds.hold, "", "pause"),
    press("hangup", say.hangup, "F9", deeds.hangup, "danger", "hangup"),
    press("register", say.register, "F2", deeds.register),
    !guest && opens("menu-targets", press("take-to", say.takeTo, "⇧F4", deeds.takeTo)),
    !guest && emergency(deeds),
    ...(guest ? withGuest(call, guest, deeds) : []),
    toggle("help", call.help, say.help, say.helpAsked, deeds.help, "⇧F2"),
    ...pauseOfRecording(call, deeds),
  ];
  return buttons.filter(Boolean);
}

/** What becomes of a guest. Each stands in its place from the moment they are rung until they leave, so that whoever
 * presses as the guest answers, or presses twice, does not hand over a citizen they meant to keep. */
function withGuest(call, guest, deeds) {
  const { call: say } = words;
  const rung = guest.here ? "" : say.guestIsRung;
  return [
    press("send-away", say.sendAway, "", deeds.sendAway),
    unless(rung || (call.state === "held" ? "" : say.areTogether), press("together", say.together, "", deeds.together, "primary")),
    unless(rung, press("hand-over", say.handOver, "", deeds.handOver)),
  ];
}

/** A button that may not be pressed now stays and says why (dialog.js stops the press). */
function unless(reason, button) {
  if (!reason) return button;
  button.setAttribute("aria-disabled", "true");
  button.title = reason;
  return button;
}

/** While it is paused, for how long still: what is said when it goes on is kept. To keep it paused stands last, from the
 * beginning, so that nothing moves when the time runs out. */
function pauseOfRecording(call, deeds) {
  const { call: say } = words;
  const button = toggle("pause-recording", call.recording_paused, say.pauseRecording, say.recordingPaused, deeds.pauseRecording, call.recording_paused ? "" : "⇧F7");
  if (!call.recording_paused) return [button];
  button.title = say.recordingGoesOn;
  if (!call.recording_resumes) return [button];
  const left = timer("until", call.recording_resumes);
  left.dataset.warns = words.call.recordingWarns;
  left.classList.toggle("is-soon", Date.parse(call.recording_resumes) - Date.now() <= words.call.recordingWarns * 1000);
  button.querySelector("span").append(" ", left);
  return [button, press("keep-paused", say.keepPaused, "⇧F7", deeds.keepPaused, "quiet")];
}

/** Its place is never another button's: with a guest it stays and says what is pressed instead. */
function resume(guest, deeds) {
  return unless(guest && words.call.resumeWithGuest, press("resume", words.call.resume, "F4", deeds.resume, "primary"));
}

function opens(menu, button) {
  button.dataset.opens = menu;
  button.setAttribute("aria-haspopup", "dialog");
  return button;
}

function listening(call, deeds) {
  const { call: say } = words;
  const modes = ["monitor", "whisper", "barge"].map((mode) => {
    const button = press(`listen-${mode}`, say[mode], "", () => deeds.listen(call.call_no, mode));
    button.setAttribute("aria-pressed", String(call.mode === mode));
    return button;
  });
  return [
    ...modes,
    call.mode === "barge" && press("take-over", say.takeOver, "", deeds.takeOver, "primary"),
    press("hangup", say.leave, "F9", deeds.hangup, "danger", "hangup"),
  ].filter(Boolean);
}

/** Four numbers one press away: the menu's keys are 1 to 4, and what is pressed is rung at once. */
function emergency(deeds) {
  const button = press("emergency", words.call.emergency, "⇧F9", () => openEmergencies(button, deeds), "danger");
  return opens("menu-emergency", button);
}

function openEmergencies(button, deeds) {
  const menu = document.getElementById("menu-emergency");
  const choose = (number) => {
    menu.hidePopover();
    deeds.emergency(number);
  };
  const rows = Object.entries(words.call.emergencies).map(([number, name], n) =>
    make("button", { type: "button", class: "button danger", "data-number": number, onclick: () => choose(number) },
      make("kbd", { class: "key", "aria-hidden": "true" }, String(n + 1)), make("b", {}, number), make("span", {}, name)));
  menu.replaceChildren(make("p", { class: "title" }, words.call.emergencyNow), ...rows);
  menu.onkeydown = (event) => {
    const row = rows[Number(event.code.replace(/^(Digit|Numpad)/, "")) - 1];
    if (!row || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    row.click();
  };
  menu.showPopover();
  rows[0].focus();
}

function toggle(name, on, off_label, on_label, deed, key = "") {
  const button = press(name, on ? on_label : off_label, key, deed, on ? "is-on" : "quiet");
  button.setAttribute("aria-pressed", String(Boolean(on)));
  return button;
}

// The second press of a double click meets the button that took the place of the first: it is no press of that one.
const press = (name, label, key, deed, kind = "", glyph = null) =>
  make("button", { type: "button", class: `button small ${kind}`, "data-control": name, "aria-keyshortcuts": key?.replace("⇧", "Shift+") || null, title: key ? `${label} (${key})` : null, onclick: (event) => event.detail > 1 || deed(event) },
    glyph ? icon(glyph) : null, make("span", {}, label), key ? make("kbd", { class: "key", "aria-hidden": "true" }, key) : null);

/** Swap the buttons, keeping the focus: on the same control, else on the first. */
function replaceControls(place, next) {
  const held = place.contains(document.activeElement) ? document.activeElement.dataset.control : null;
  const shown = (one) => `${one.dataset.control} ${one.textContent} ${one.getAttribute("aria-pressed")} ${one.title}`;
  const same = [...place.children].map(shown).join() === next.map(shown).join();
  if (same) return;
  place.replaceChildren(...next);
  if (held) (next.find((one) => one.dataset.control === held) ?? next[0] ?? document.querySelector("[data-presence]")).focus();
}

function drawMenu(menu, state, deeds) {
  if (menu.matches(":popover-open") && menu.childElementCount) return; // not under the hand
  const { presence, reasons = [] } = state;
  const { call: say } = words;
  const item = (label, current, deed) => make("button", { type: "button", "aria-pressed": String(current), onclick: deed }, label);
  if (presence.state === "signed_out") {
    const offers = presence.offers ?? [];
    const seatOf = (offer) => (!offer?.in_browser && localStorage.getItem("seat")) || offer?.seat || presence.seat || "";
    const seat = make("input", { class: "input", name: "seat", autocomplete: "off", maxlength: "20", value: seatOf(offers[0]), "aria-label": say.seat });
    const form = make("form", { class: "stack tight sign-on" }, whichTelephone(offers, (offer) => (seat.value = seatOf(offer))), make("label", {}, say.seat, seat), make("button", { class: "button primary" }, say.signOn));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopPropagation();
      const inBrowser = offers.some((one) => one.in_browser && one.seat === seat.value.trim());
      if (!inBrowser) localStorage.setItem("seat", seat.value.trim()); // a desk phone belongs to this desk
      deeds.presence("idle", "", seat.value.trim());
      menu.hidePopover();
    });
    menu.replaceChildren(form);
    return;
  }
  menu.replaceChildren(
    item(say.idle, presence.state === "idle", () => deeds.presence("idle")),
    make("p", { class: "title" }, say.notReady),
    ...reasons.map((one) => item(one.label, presence.state === "not_ready" && presence.reason === one.value, () => deeds.presence("not_ready", one.value))),
    make("hr"),
    forwardForm(presence, deeds, menu),
    make("hr"),
    item(say.signOff, false, () => deeds.presence("signed_out")),
  );
}

/** Where there are seats of both kinds: telephone in this browser or on the desk, the one used last first. */
function whichTelephone(offers, chosen) {
  const { softphone: say } = words;
  if (new Set(offers.map((one) => one.in_browser)).size < 2) return null;
  const choices = offers.map((offer, at) => {
    const radio = make("input", { type: "radio", name: "telephone", checked: at === 0 });
    radio.addEventListener("change", () => chosen(offer));
    return make("label", { class: "choice" }, radio, ` ${offer.in_browser ? say.telephone : say.deskPhone}`);
  });
  return make("fieldset", { class: "plain stack tight" }, make("legend", { class: "visually-hidden" }, say.whichTelephone), ...choices);
}

/** Forwarding: calls for this agent ring elsewhere until they sign off. */
function forwardForm(presence, deeds, menu) {
  const { call: say } = words;
  if (presence.forwards_to) {
    const stop = () => {
      deeds.forward("");
      menu.hidePopover();
    };
    return make("button", { type: "button", "aria-pressed": "true", onclick: stop }, fill(say.forwarded, { n: presence.forwards_to }));
  }
  const number = make("input", { class: "input", type: "tel", autocomplete: "off", maxlength: "20", "aria-label": say.forwardTo, placeholder: say.forwardTo });
  const form = make("form", { class: "row nowrap forward" }, number, make("button", { class: "button small" }, say.forward));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    if (!number.value.trim()) return;
    deeds.forward(number.value.trim());
    menu.hidePopover();
  });
  return form;
}

/** What the floor wrote; it stays until it is read. */
function drawMessages(place, messages, deeds) {
  const shown = [...place.children].map((one) => one.dataset.message).join();
  if (shown === messages.map((one) => String(one.id)).join()) return;
  place.replaceChildren(...messages.map((one) =>
    make("div", { class: "strip", "data-message": one.id }, icon("info"), make("span", { class: "grow" }, make("b", {}, one.by), ` ${one.words}`),
      make("button", { type: "button", class: "button small", onclick: () => deeds.read(one.id) }, words.call.read))));
}
