// How a talk sounds: figures from the browser's own statistics, and the score people would give.
const EVERY_MS = 3000;
const TELL_EVERY = 5; // samples
const TOO_POOR = { loss: 0.03, jitter: 30, roundTrip: 400 };

/** The mean opinion score to expect (the E-model of ITU-T G.107, cut down to what a browser can measure): `loss`
 * is a share, the others milliseconds. */
export function score({ loss, jitter, roundTrip }) {
  const delay = roundTrip / 2 + 2 * jitter + 20; // the jitter buffer and the codec wait as well
  const impaired = delay < 160 ? delay / 40 : (delay - 120) / 10;
  const r = Math.max(0, Math.min(93.2, 93.2 - impaired - 250 * loss));
  return Math.max(1, 1 + 0.035 * r + 0.000007 * r * (r - 60) * (100 - r));
}

/** The figures of one moment from `RTCPeerConnection.getStats()`; sums since the beginning. */
export function read(stats) {
  const found = { sent: 0, received: 0, lost: 0, lost_there: 0, jitter: 0, round_trip: 0, codec: "" };
  let path = null;
  for (const one of stats.values()) {
    if (one.type === "inbound-rtp" && one.kind === "audio") {
      found.received = one.packetsReceived ?? 0;
      found.lost = Math.max(0, one.packetsLost ?? 0);
      found.jitter = 1000 * (one.jitter ?? 0);
      found.codec = stats.get(one.codecId)?.mimeType ?? "";
    } else if (one.type === "outbound-rtp" && one.kind === "audio") found.sent = one.packetsSent ?? 0;
    else if (one.type === "remote-inbound-rtp" && one.kind === "audio") {
      found.lost_there = Math.max(0, one.packetsLost ?? 0);
      found.round_trip = 1000 * (one.roundTripTime ?? 0);
    } else if (one.type === "candidate-pair" && one.nominated && one.currentRoundTripTime) path = 1000 * one.currentRoundTripTime;
  }
  found.round_trip ||= path ?? 0;
  return found;
}

/** Watch a connection: `show(stretch)` every three seconds, `tell(report)` at intervals; `stop()` tells the last. */
export class Meter {
  constructor(connection, { show, tell }) {
    Object.assign(this, { connection, show, tell, began: Date.now(), samples: 0, warnings: 0 });
    this.sums = { jitter: 0, round_trip: 0, score: 0 };
    this.worst = { jitter: 0, round_trip: 0, score: 5 };
    this.last = null;
    this.timer = setInterval(() => this.sample(), EVERY_MS);
  }

  async sample() {
    if (this.connection.connectionState === "closed") return;
    const now = read(await this.connection.getStats());
    const before = this.last ?? { received: 0, lost: 0, sent: 0, lost_there: 0 };
    this.last = now;
    const share = (lost, all) => (all > 0 ? Math.min(1, Math.max(0, lost) / all) : 0);
    const gone = now.lost - before.lost;
    const here = share(gone, now.received - before.received + gone);
    const there = share(now.lost_there - before.lost_there, now.sent - before.sent);
    const stretch = { loss: Math.max(here, there), jitter: now.jitter, roundTrip: now.round_trip };
    stretch.score = score(stretch);
    this.samples += 1;
    if (stretch.score < 3.6 || Object.entries(TOO_POOR).some(([name, limit]) => stretch[name] > limit)) this.warnings += 1;
    for (const [name, value] of [["jitter", now.jitter], ["round_trip", now.round_trip], ["score", stretch.score]]) {
      this.sums[name] += value;
      this.worst[name] = name === "score" ? Math.min(this.worst[name], value) : Math.max(this.worst[name], value);
    }
    this.show(stretch);
    if (this.samples % TELL_EVERY === 0) this.tell(this.report());
  }

  /** A QualityReport without its leg; null while nothing was measured. */
  report(ended = false) {
    if (!this.samples) return null;
    const mean = (name) => this.sums[name] / this.samples;
    const { sent, received, lost, lost_there, codec } = this.last;
    return {
      seconds: Math.round((Date.now() - this.began) / 1000), codec, sent, received, lost, lost_there,
      jitter: mean("jitter"), worst_jitter: this.worst.jitter,
      round_trip: mean("round_trip"), worst_round_trip: this.worst.round_trip,
      score: mean("score"), worst_score: this.worst.score, warnings: this.warnings, ended,
    };
  }

  stop() {
    clearInterval(this.timer);
    const report = this.report(true);
    if (report) this.tell(report);
  }
}
