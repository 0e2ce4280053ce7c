// The telephone in the browser. It follows the call bar: where a person sits at a seat whose telephone is the browser,
// this window registers with the switch, rings, picks up and measures. What a call is and when it is over, the bar says.
import { ask } from "./net.js";
import { announce } from "./parts.js";
import { onLive } from "./socket.js";
import { chosen, openMicrophone, soundOn, Trouble } from "./softphone_devices.js";
import { browserName, disown, own } from "./softphone_owner.js";
import { Meter } from "./softphone_quality.js";
import { drawSoftphone } from "./softphone_view.js";
import { beep } from "./sound.js";
import { toast } from "./toasts.js";
import { words } from "./words.js";

const LOOK_AGAIN_MS = 5000; // whether the window that was the telephone is gone
const SETTLES_MS = 1500; // how long the bar and the line may disagree about a call
const PATIENCE_MS = 20_000; // of a lost line, until the floor is told

// phase: off · elsewhere · starting · trouble · lost · ready
const phone = { phase: "off", trouble: "", line: null, stream: null, meter: null, stretch: null, grades: [], everRegistered: false };
let bar = null; // the newest state of the call bar
let wanted = ""; // the call that was answered before its ring had arrived here
let seen = { leg: "", at: 0 }; // since when the bar has shown this leg
let timers = {};

const later = (name, ms, deed) => {
  clearTimeout(timers[name]);
  timers[name] = setTimeout(deed, ms);
};
const sits = () => Boolean(bar?.presence.telephone?.in_browser);
const show = (changes = {}) => {
  Object.assign(phone, changes);
  drawSoftphone(phone, deeds);
};

/** What the call bar's buttons ask of the telephone; nothing happens where it is not in this window. */
export const telephone = {
  answer() {
    if (!phone.line) return;
    if (phone.line.call) phone.line.answer(phone.stream);
    else wanted = bar?.call?.call_no ?? ""; // the bar heard of it before the line did
  },
  toggleMute() {
    const call = phone.line?.call;
    if (!call?.established) return;
    phone.line.mute(!call.muted);
    announce(call.muted ? words.softphone.muted : words.softphone.unmuted);
    show();
  },
};

const deeds = {
  retry: () => begin(),
  takeHere: () => begin({ steal: true, fromAnother: true }),
  mute: telephone.toggleMute,
  press: (tone) => phone.line?.press(tone),
  async changed(name) {
    if (name === "speaker" && phone.line?.call?.element) await soundOn(phone.line.call.element);
    if (name === "microphone" || name === "noise") await changeMicrophone();
  },
};

// -- being the telephone

async function begin({ steal = false, fromAnother = false } = {}) {
  if (!sits() || phone.phase === "starting") return;
  show({ phase: "starting", trouble: "" });
  if (!navigator.locks) return stumble(new Trouble("insecure"));
  if (!(await own({ steal, lost: () => leave("elsewhere") }))) return waitElsewhere();
  try {
    phone.stream ??= await openMicrophone();
    watchMicrophone();
    const body = { browser: browserName(), from_another: fromAnother };
    const registration = await ask("/calls/telephone", { method: "POST", body });
    const { Line } = await import("./softphone_line.js");
    if (phone.phase !== "starting") return;
    show({ grades: registration.grades, everRegistered: false, line: new Line({ ...registration, browser: browserName() }, told) });
    later("patience", PATIENCE_MS, () => phone.phase !== "ready" && stumble(new Trouble("not_registered")));
  } catch (error) {
    if (error.status === 409 && error.body?.where === "another-browser") leave("elsewhere");
    else if (error instanceof Trouble) stumble(error);
    else if (error.status === 401) leave("off");
    else {
      leave("off");
      toast(error.message || words.failed, "late");
      later("again", PATIENCE_MS, () => phone.phase === "off" && begin());
    }
  }
}

/** Another window is the telephone; if it goes, this one becomes it. */
function waitElsewhere() {
  show({ phase: "elsewhere" });
  later("elsewhere", LOOK_AGAIN_MS, async () => {
    const { held } = await navigator.locks.query();
    if (phone.phase !== "elsewhere") return;
    if (held.some((one) => one.name === "telephone")) waitElsewhere();
    else begin();
  });
}

/** Stop being the telephone. A call is not hung up by that: it goes on where the telephone is now. */
function leave(phase) {
  for (const name of Object.keys(timers)) clearTimeout(timers[name]);
  const { line } = phone;
  const goesOn = phase === "elsewhere" && Boolean(line?.call);
  endMeter();
  phone.line = null;
  line?.stop({ leave: goesOn });
  closeMicrophone();
  disown();
  show({ phase, stretch: null });
}

/** It does not work: no calls are to ring here. In a talk what still works goes on. */
async function stumble(trouble) {
  if (!phone.line?.call) leave("trouble");
  show({ phase: phone.line ? phone.phase : "trouble", trouble: trouble.kind });
  announce(words.softphone.trouble[trouble.kind][0], true);
  try {
    await ask("/calls/telephone/trouble", { method: "POST", body: { kind: trouble.kind } });
  } catch {
    return; // the bar itself says that the hotline is out of reach
  }
  document.dispatchEvent(new CustomEvent("hotline:look-again"));
}

// -- the microphone

function watchMicrophone() {
  const [track] = phone.stream.getAudioTracks();
  track.onended = () => changeMicrophone({ unplugged: true });
}

function closeMicrophone() {
  for (const track of phone.stream?.getTracks() ?? []) {
    track.onended = null;
    track.stop();
  }
  phone.stream = null;
}

async function changeMicrophone({ unplugged = false } = {}) {
  if (!phone.stream) return;
  try {
    const next = await openMicrophone();
    closeMicrophone();
    phone.stream = next;
    watchMicrophone();
    if (phone.line?.call?.established) await phone.line.speakInto(next);
    if (unplugged) toast(words.softphone.otherMicrophone.replace("{n}", next.getAudioTracks()[0].label), "waiting");
    show({ trouble: "" });
  } catch (error) {
    if (unplugged) closeMicrophone();
    stumble(unplugged && error.kind === "no_microphone" ? new Trouble("unplugged") : error);
  }
}

navigator.mediaDevices?.addEventListener("devicechange", () => {
  if (phone.phase === "trouble" && ["unplugged", "no_microphone"].includes(phone.trouble)) begin();
  else show();
});

// -- what the line tells

const told = {
  registered() {
    const first = !phone.everRegistered;
    clearTimeout(timers.patience);
    show({ phase: "ready", trouble: "", everRegistered: true, registeredAt: first ? Date.now() : phone.registeredAt });
    agree();
  },
  lost() {
    if (phone.phase === "ready") show({ phase: "lost" });
    later("patience", PATIENCE_MS, () => phone.phase !== "ready" && stumble(new Trouble("not_registered")));
  },
  refused: () => stumble(new Trouble("not_registered")),
  rings(call) {
    show();
    if (wanted && wanted === bar?.call?.call_no) telephone.answer();
    wanted = "";
    agree();
  },
  picked(call) {
    const tell = (report) => tellQuality(call, report);
    phone.meter = new Meter(call.session.connection, { show: (stretch) => show({ stretch }), tell });
    show();
  },
  ended() {
    endMeter();
    show({ stretch: null });
    later("agree", SETTLES_MS, agree);
  },
};

function endMeter() {
  phone.meter?.stop();
  phone.meter = null;
}

function tellQuality(call, report) {
  const callNo = call.callNo ?? bar?.call?.call_no;
  if (callNo && call.leg) ask(`/calls/${encodeURIComponent(callNo)}/quality`, { method: "POST", body: { leg: call.leg, ...report }, keepalive: true }).catch(() => {});
}

// -- the bar and the line agree

/** The bar is the truth: what it shows and the line has not is asked for anew, what it does not show any more ends. */
function agree() {
  const { line } = phone;
  const shown = bar?.call ?? null;
  if (!line) return;
  const mine = line.call;
  if (mine && shown?.leg === mine.leg) {
    mine.callNo = shown.call_no;
    pickUpByItself(mine, shown);
  } else if (mine?.callNo) later("over", SETTLES_MS, () => bar?.call?.leg !== mine.leg && line.call === mine && line.hangUp());
  if (shown?.leg && !mine && phone.phase === "ready" && isLost(shown)) {
    later("back", SETTLES_MS, () => bar?.call?.leg === shown.leg && !line.call && phone.line === line && isLost(bar.call) && comeBack(bar.call));
  }
}

/** Picked up, but not by this window; or rung before it had a line. */
const isLost = (call) => call.picked_up || (seen.leg === call.leg && seen.at < phone.registeredAt);

async function comeBack(call) {
  try {
    await ask(`/calls/${encodeURIComponent(call.call_no)}/come-back`, { method: "POST", body: { leg: call.leg } });
  } catch {
    return;
  }
  document.dispatchEvent(new CustomEvent("hotline:look-again"));
}

function pickUpByItself(call, shown) {
  if (call.established || call.answering || call.toned || !shown.picks_up) return;
  if (shown.picks_up === "at_once") return telephone.answer();
  call.toned = true;
  beep(chosen("speaker")).then(() => phone.line?.call === call && telephone.answer());
}

document.addEventListener("call:changed", ({ detail }) => {
  bar = detail;
  const leg = bar.call?.leg ?? "";
  if (seen.leg !== leg) seen = { leg, at: Date.now() };
  if (!sits()) {
    if (phone.phase !== "off") leave("off");
  } else if (phone.phase === "off") begin();
  else agree();
});

onLive("telephone", ({ browser, from_another, taken }) => {
  if (taken) {
    if (!browser) toast(words.softphone.seatTaken.replace("{n}", taken), "late");
    else if (browser === browserName() && !["off", "elsewhere", "trouble"].includes(phone.phase)) stumble(new Trouble("taken"));
  } else if (browser !== browserName()) {
    if (phone.phase !== "off" && phone.phase !== "elsewhere") {
      leave("elsewhere");
      toast(words.softphone.takenAway, "waiting");
    }
  } else if (from_another && phone.phase !== "elsewhere") toast(words.softphone.takenHere, "good");
});

window.addEventListener("pagehide", () => endMeter());
