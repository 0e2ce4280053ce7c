// Microphone, headset and ring device: chosen once, remembered in this browser, missed in words.
import { ringOn } from "./sound.js";

/** `kind` is a word of TelephoneTrouble. */
export class Trouble extends Error {
  constructor(kind) {
    super(kind);
    this.kind = kind;
  }
}

const KINDS = { NotAllowedError: "denied", SecurityError: "denied", NotFoundError: "no_microphone", NotReadableError: "in_use", AbortError: "in_use" };
const key = (name) => `softphone-${name}`;

/** `microphone`, `speaker`, `ring`: the id of the device, empty for the system's choice; `noise`: "0" keeps the noise. */
export const chosen = (name) => localStorage.getItem(key(name)) ?? "";
export function choose(name, value) {
  localStorage.setItem(key(name), value);
  if (name === "ring") ringOn(value);
}

/** The microphone's sound. Throws Trouble; a chosen device that is not there gives way to the system's choice. */
export async function openMicrophone() {
  if (!window.isSecureContext || !navigator.mediaDevices) throw new Trouble("insecure");
  const wanted = { echoCancellation: true, noiseSuppression: chosen("noise") !== "0", autoGainControl: chosen("noise") !== "0" };
  const open = (device) => navigator.mediaDevices.getUserMedia({ audio: { ...wanted, ...(device && { deviceId: { exact: device } }) } });
  try {
    return await open(chosen("microphone"));
  } catch (error) {
    if (error.name !== "OverconstrainedError" && error.name !== "NotFoundError") throw new Trouble(KINDS[error.name] ?? "in_use");
  }
  try {
    return await open("");
  } catch (error) {
    throw new Trouble(KINDS[error.name] ?? "in_use");
  }
}

/** `{audioinput: [{id, label}], audiooutput: […]}` */
export async function devices() {
  const found = { audioinput: [], audiooutput: [] };
  for (const one of (await navigator.mediaDevices?.enumerateDevices()) ?? []) {
    if (one.deviceId && one.deviceId !== "default") found[one.kind]?.push({ id: one.deviceId, label: one.label || one.deviceId.slice(0, 8) });
  }
  return found;
}

/** Let `element` sound on the chosen headset, where the browser can. */
export async function soundOn(element) {
  try {
    await element.setSinkId?.(chosen("speaker"));
  } catch {
    await element.setSinkId?.(""); // it is gone: better the system's choice than silence
  }
}

/** Show how loud `stream` is, 0 … 1, until the answer is called. */
export function watchLevel(stream, show) {
  const context = new AudioContext();
  const ear = context.createAnalyser();
  ear.fftSize = 512;
  context.createMediaStreamSource(stream).connect(ear);
  const wave = new Float32Array(ear.fftSize);
  const timer = setInterval(() => {
    ear.getFloatTimeDomainData(wave);
    const loud = Math.sqrt(wave.reduce((sum, one) => sum + one * one, 0) / wave.length);
    show(Math.min(1, Math.max(0, 1 + Math.log10(loud + 1e-6) / 3)));
  }, 80);
  return () => {
    clearInterval(timer);
    context.close();
  };
}

/** A second of a clear tone in the headset. */
export async function testTone() {
  const context = new AudioContext();
  const [source, volume, out] = [context.createOscillator(), context.createGain(), context.createMediaStreamDestination()];
  source.frequency.value = 440;
  volume.gain.value = 0.2;
  source.connect(volume).connect(out);
  const element = new Audio();
  element.srcObject = out.stream;
  await soundOn(element);
  source.start();
  await element.play();
  setTimeout(() => {
    element.pause();
    context.close();
  }, 1000);
}
