// The line to the switch: one registration, one call at a time. Loaded only by who telephones in the browser.
import { UA, WebSocketInterface } from "../vendor/jssip.esm.min.js";
import { soundOn } from "./softphone_devices.js";

const CANDIDATES_TAKE_MS = 800; // a STUN server that does not answer must not hold up the call
const LEG = "X-Hotline-Leg";

/** `told` has `registered()`, `lost()`, `refused(cause)`, `rings(call)`, `picked(call)`, `ended(call)`. */
export class Line {
  constructor({ url, seat, password, ice, browser }, told) {
    this.told = told;
    this.ice = ice;
    this.call = null;
    const host = new URL(url).hostname;
    this.ua = new UA({
      sockets: [new WebSocketInterface(url)],
      uri: `sip:${seat}@${host}`,
      password,
      contact_uri: `sip:${browser}@browser.invalid;transport=ws`, // by this name the hotline knows it from a stranger
      register: true,
      register_expires: 120,
      session_timers: false,
      connection_recovery_min_interval: 1,
      connection_recovery_max_interval: 8,
      user_agent: "hotline",
    });
    this.ua.on("registered", () => told.registered());
    this.ua.on("disconnected", () => told.lost());
    this.ua.on("registrationFailed", ({ cause, response }) => (response ? told.refused(cause) : told.lost()));
    this.ua.on("newRTCSession", ({ originator, session, request }) => originator === "remote" && this.#offered(session, request));
    this.ua.start();
  }

  #offered(session, request) {
    if (this.call) return session.terminate({ status_code: 486 });
    const call = { session, leg: request.getHeader(LEG) ?? "", established: false, muted: false, element: null };
    this.call = call;
    session.on("peerconnection", ({ peerconnection }) => this.#hear(call, peerconnection));
    let waiting = null;
    session.on("icecandidate", ({ ready }) => {
      waiting ??= setTimeout(ready, CANDIDATES_TAKE_MS);
    });
    session.on("confirmed", () => {
      call.established = true;
      this.told.picked(call);
    });
    for (const end of ["ended", "failed"]) {
      session.on(end, () => {
        clearTimeout(waiting);
        call.element?.remove();
        if (this.call === call) this.call = null;
        this.told.ended(call);
      });
    }
    this.told.rings(call);
  }

  #hear(call, connection) {
    connection.addEventListener("track", ({ track, streams }) => {
      const element = document.createElement("audio");
      element.autoplay = true;
      element.srcObject = streams[0] ?? new MediaStream([track]);
      call.element = element;
      document.getElementById("softphone").append(element);
      soundOn(element);
    });
  }

  answer(stream) {
    if (this.call && !this.call.established && !this.call.answering) {
      this.call.answering = true;
      this.call.session.answer({ mediaStream: stream, pcConfig: { iceServers: this.ice } });
    }
  }

  mute(on) {
    const { session } = this.call;
    this.call.muted = on;
    on ? session.mute({ audio: true }) : session.unmute({ audio: true });
  }

  press(tone) {
    this.call?.session.sendDTMF(tone, { transportType: "RFC2833", duration: 160, interToneGap: 80 });
  }

  /** Another microphone, in the middle of the talk. */
  async speakInto(stream) {
    const [track] = stream.getAudioTracks();
    track.enabled = !this.call?.muted;
    const sender = this.call?.session.connection?.getSenders().find((one) => one.track?.kind === "audio" || one.dtmf);
    await sender?.replaceTrack(track);
  }

  hangUp() {
    if (this.call && !this.call.session.isEnded()) this.call.session.terminate();
  }

  /** Off the line, saying so to the switch; a call is hung up, unless it goes on in another window. */
  stop({ leave = false } = {}) {
    if (!leave) this.hangUp();
    this.call?.element?.remove();
    this.ua.removeAllListeners();
    if (leave) this.ua.transport?.disconnect();
    else this.ua.stop();
  }
}
