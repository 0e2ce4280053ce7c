// A quiet double tone while a call rings; it can be switched off in the call bar.
import { icon } from "./parts.js";

const OFF = "ring-sound-off";
const EVERY_MS = 2500;
const BEEP_MS = 450;
let context = null;
let device = localStorage.getItem("softphone-ring") ?? "";
let timer = null;
const toggle = document.querySelector("[data-sound]");
const on = () => localStorage.getItem(OFF) !== "1";

function tone(at, hertz, context) {
  const [source, volume] = [context.createOscillator(), context.createGain()];
  source.frequency.value = hertz;
  volume.gain.setValueAtTime(0.0001, at);
  volume.gain.exponentialRampToValueAtTime(0.08, at + 0.03);
  volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.32);
  source.connect(volume).connect(context.destination);
  source.start(at);
  source.stop(at + 0.35);
}

/** Ring on this device, where the browser can; empty: the system's choice. */
export function ringOn(id) {
  device = id;
  if (context) context.setSinkId?.(id).catch(() => {});
}

/** A short tone before a telephone picks up by itself; heard even with the ringing sound off. */
export async function beep(on_device) {
  const own = new AudioContext();
  await own.setSinkId?.(on_device).catch(() => {});
  tone(own.currentTime, 880, own);
  await new Promise((done) => setTimeout(done, BEEP_MS));
  own.close();
}

/** What the page sounds through, on the device that was chosen for ringing. */
function loudspeaker() {
  if (!context) {
    context = new AudioContext();
    if (device) ringOn(device);
  }
  // Browsers allow sound only after a person has touched the page; until then the bar and the title say it.
  if (context.state === "suspended") context.resume();
  return context;
}

function once() {
  if (!on()) return;
  const through = loudspeaker();
  tone(through.currentTime, 660, through);
  tone(through.currentTime + 0.35, 880, through);
}

export function ring() {
  if (timer) return;
  once();
  timer = setInterval(once, EVERY_MS);
}

/** Three rising tones, once: somebody needs help. */
export function chime() {
  if (!on()) return;
  const through = loudspeaker();
  for (const [n, hertz] of [523, 784, 1047].entries()) tone(through.currentTime + n * 0.18, hertz, through);
}

export function silence() {
  clearInterval(timer);
  timer = null;
}

function draw() {
  toggle.setAttribute("aria-pressed", String(on()));
  toggle.querySelector("svg").replaceWith(icon(on() ? "bell" : "bell-off"));
}

if (toggle) {
  draw();
  toggle.addEventListener("click", () => {
    localStorage.setItem(OFF, on() ? "1" : "0");
    draw();
  });
}
