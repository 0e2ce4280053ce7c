// The call bar. The server's answer to GET /calls/bar is the truth; live events only say when to look again, except
// ringing, which is shown at once from the event itself.
import { saveAll } from "./autosave.js";
import { drawBar } from "./callbar_view.js";
import { confirmed } from "./dialog.js";
import { handsAreFree, holdsTyping, mustStay } from "./hands.js";
import { ask } from "./net.js";
import { announce, takesText, visit } from "./parts.js";
import { hushLetters } from "./shortcuts.js";
import { onLive } from "./socket.js";
import { telephone } from "./softphone.js";
import { ring, silence } from "./sound.js";
import { openTargets } from "./targets.js";
import { toast } from "./toasts.js";
import { fill, words } from "./words.js";

const bar = document.getElementById("callbar");
const HUSH_MS = 3000;
const TITLE_MARK = /^☎ [^|]+\| /;
let state = null;
let shownCall = null;
let popping = null; // the call whose page waits for the hands to be free
// Answers may overtake one another: one that was asked for before the answer now shown is old news.
let turns = 0;
let taken = 0;
const nextTurn = () => (turns += 1);

async function refresh() {
  const turn = nextTurn();
  try {
    take(await ask(bar.dataset.stateUrl), turn);
  } catch (refusal) {
    if (refusal.status !== 401) bar.querySelector("[data-presence-word]").textContent = words.call.unreachable;
  }
}

function take(next, turn) {
  if (!next || !("presence" in next) || turn < taken) return;
  taken = turn;
  const before = state?.call;
  state = next;
  drawBar(bar, state, deeds);
  const { call } = state;
  if (before?.call_no !== call?.call_no) closeMenusOfTalk();
  if (call?.state === "ringing") rings(call);
  else silence();
  if (call?.state !== "ringing") document.title = document.title.replace(TITLE_MARK, "");
  const mine = (call?.role ?? "agent") === "agent"; // who listens or is consulted stays where they are
  const answered = mine && call?.state === "talking" && call.direction === "in" && call.call_no !== shownCall;
  if (answered && (before?.call_no === call.call_no || !before)) showCall(call.call_no);
  if (!call && !state.presence.wrap_until) shownCall = null;
  document.dispatchEvent(new CustomEvent("call:changed", { detail: state }));
}

/** What was begun for one talk is not done to the next. */
function closeMenusOfTalk() {
  for (const menu of document.querySelectorAll("#menu-targets:popover-open, #menu-emergency:popover-open")) menu.hidePopover();
}

function rings(call) {
  ring();
  const text = fill(words.call.incoming, { n: call.number_masked || "?" });
  announce(text, true);
  if (!TITLE_MARK.test(document.title)) document.title = `☎ ${call.number_masked || ""}| ${document.title}`;
}

const pageOf = (callNo) => `/workbench?call=${encodeURIComponent(callNo)}`;
const isShown = (callNo) => location.pathname === "/workbench" && new URLSearchParams(location.search).get("call") === callNo;

/** The screen pop: the workbench with this call, when the hands are free; not over what nothing saves. */
async function showCall(callNo) {
  shownCall = callNo;
  popping = callNo;
  if (!mustStay()) await handsAreFree();
  if (popping !== callNo) return;
  popping = null;
  if (isShown(callNo) || mustStay()) return;
  await saveAll();
  hushLetters(HUSH_MS);
  visit(pageOf(callNo));
}

/** The same by a press; who is there already goes on typing where they are. */
async function register(callNo) {
  popping = null;
  if (isShown(callNo)) {
    const form = document.querySelector(".workbench [data-case]");
    const types = form?.contains(document.activeElement) && takesText(document.activeElement);
    if (!types) form?.querySelector("[name=title]")?.focus();
    return;
  }
  if (holdsTyping() && !(await confirmed(words.call.leaveTyping))) return;
  visit(pageOf(callNo));
}

async function deed(path, body = {}) {
  const turn = nextTurn();
  try {
    const answer = await ask(path, { method: "POST", body });
    if (answer?.presence && "call" in answer) take(answer, turn);
    else await refresh();
  } catch (refusal) {
    if (refusal.status !== 401) toast(refusal.message || words.failed, refusal.status >= 400 && refusal.status < 500 ? "waiting" : "late");
    await refresh();
  }
}

const onCall = (verb, body) => () => state?.call && deed(`/calls/${encodeURIComponent(state.call.call_no)}/${verb}`, body);
const deeds = {
  answer: () => {
    telephone.answer();
    onCall("answer")();
  },
  hangup: onCall("hangup"),
  hold: onCall("hold"),
  resume: onCall("resume"),
  finish: () => deed("/calls/wrap-up/finish"),
  extend: () => deed("/calls/wrap-up/extend"),
  presence: (to, reason, seat) => deed("/calls/presence", { state: to, ...(reason && { reason }), ...(seat && { seat }) }),
  takeTo: () => openTargets(document.getElementById("menu-targets"), deeds),
  consult: (target) => onCall("consult", target)(),
  transfer: (target) => onCall("transfer", target)(),
  together: onCall("room/bring-together"),
  handOver: onCall("room/hand-over"),
  sendAway: onCall("room/send-away"),
  emergency: (number) => {
    if (!state?.call) return;
    onCall("emergency", { number })();
    toast(fill(words.call.emergencyRung, { n: number }), "waiting");
  },
  forward: (number) => deed("/calls/forward", { number }),
  help: onCall("room/help"),
  pauseRecording: () => onCall("room/pause-recording", { paused: !state?.call?.recording_paused })(),
  keepPaused: onCall("room/keep-paused"),
  takeOver: onCall("room/take-over"),
  listen: (callNo, mode) => deed(`/calls/${encodeURIComponent(callNo)}/listen`, { mode }),
  dial: (number) => deed("/calls/dial", { number }),
  read: (message) => deed(`/calls/messages/${message}/read`),
  ringMe: () => deed("/calls/ring-me"),
  register: () => state?.call && register(state.call.call_no),
};

// Keys of the call bar: function keys, because no Chinese input method takes them, they work while typing, and
// neither Chromium nor Firefox needs these four (docs/interface.md).
const KEYS = {
  F2: () => {
    if (state?.call?.state === "ringing") deeds.answer();
    else if (state?.presence.state === "wrap_up") deeds.finish();
    else if (state?.call) deeds.register();
  },
  // With a guest on the line the citizen would hear what is said to the guest: that is pressed by its own name.
  F4: () => (state?.call?.state === "held" ? !withGuest() && deeds.resume() : state?.call?.state === "talking" && deeds.hold()),
  F8: () => {
    if (!state) return; // nothing to choose from yet
    const menu = document.getElementById("menu-presence");
    menu.togglePopover();
    if (menu.matches(":popover-open")) menu.querySelector("input, button")?.focus();
    else bar.querySelector("[data-presence]").focus();
  },
  F9: () => state?.call && state.call.state !== "ringing" && deeds.hangup(),
};
const withGuest = () => state.call.guests?.some((one) => one.role !== "supervisor");
const inTalk = () => ["talking", "held"].includes(state?.call?.state) && (state.call.role ?? "agent") === "agent";
const SHIFTED = {
  F9: () => inTalk() && bar.querySelector("[data-control=emergency]")?.click(),
  F2: () => inTalk() && deeds.help(),
  // Never records again: a moment later it might be pressed for the opposite.
  F7: () => inTalk() && (state.call.recording_paused ? deeds.keepPaused() : deeds.pauseRecording()),
  F8: () => telephone.toggleMute(),
  F4: () => inTalk() && !withGuest() && deeds.takeTo(),
};

if (bar) {
  document.addEventListener("keydown", (event) => {
    const keys = event.shiftKey ? SHIFTED : KEYS;
    if (!keys[event.code] || event.altKey || event.ctrlKey || event.metaKey || event.repeat) return;
    event.preventDefault();
    keys[event.code]();
  });
  bar.querySelector("form[data-dial]").addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    const field = event.target.elements.number;
    if (field.value.trim()) deeds.dial(field.value.trim()).then(() => (field.value = ""));
  });
  bar.querySelector("[data-ring-me]")?.addEventListener("click", deeds.ringMe);
  onLive("call:ringing", (call) => {
    if (state) take({ ...state, call: { state: "ringing", direction: "in", ...call } }, nextTurn());
    refresh();
  });
  // Buttons of pages that concern a call, on the floor for one.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-listen], [data-call-back]");
    if (button?.dataset.listen) deeds.listen(button.dataset.listen, button.dataset.mode);
    else if (button) deed(button.dataset.callBack);
  });
  document.addEventListener("call:listen", ({ detail }) => deeds.listen(detail.callNo, detail.mode));
  document.addEventListener("call:take-over", ({ detail }) => deed(`/calls/${encodeURIComponent(detail.callNo)}/room/take-over`));
  onLive("call:help", ({ agent, asked }) => asked && toast(fill(words.call.asksForHelp, { n: agent }), "waiting"));
  onLive("recording:resumes", () => {
    toast(words.call.recordingResumes, "waiting");
    announce(words.call.recordingResumes, true);
    refresh();
  });
  onLive("recording:resumed", () => {
    toast(words.call.recordingResumed, "waiting");
    announce(words.call.recordingResumed, true);
    refresh();
  });
  onLive("ring:failed", ({ aside }) => {
    const text = aside ? words.call.setAside : words.call.notRung;
    toast(text, "late");
    announce(text, true);
    refresh();
  });
  onLive("listen:over", (call) => {
    const text = fill(words.call.listenOver, { n: call.call_no });
    toast(text, "waiting");
    announce(text, true);
  });
  onLive("call:elsewhere", (call) => {
    const text = fill(words.call.elsewhere, { n: call.number_masked || words.call.withheld });
    toast(text, "running");
    announce(text, true);
    showCall(call.call_no);
  });
  for (const name of ["call:changed", "call:answered", "call:held", "call:resumed", "call:ended", "presence", "message"]) onLive(name, refresh);
  onLive("connect", refresh);
  document.addEventListener("hotline:look-again", refresh);
  document.addEventListener("hotline:reconnected", refresh);
  refresh();
}
