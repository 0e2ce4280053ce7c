"""A real Asterisk in a folder of its own, run without root, with the configuration the hotline writes."""

from __future__ import annotations

import os
import platform
import random
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import httpx

from config.embedded import processes
from config.settings import ROOT

UNPACKED = ROOT / ".switch" / "root"
LIBRARIES = UNPACKED / "usr" / "lib" / f"{platform.machine()}-linux-gnu"

# Only what calls need: a switch that loads everything takes seconds to start and complains for pages.
MODULES = """
app_dial app_playback app_stack app_stasis bridge_builtin_features bridge_holding bridge_simple bridge_softmix
chan_bridge_media chan_pjsip codec_alaw codec_ulaw codec_resample codec_gsm format_gsm format_pcm format_wav
codec_opus_open_source
func_callerid func_channel func_env func_strings pbx_config func_pjsip_endpoint
res_ari res_ari_applications res_ari_asterisk
res_ari_bridges res_ari_channels res_ari_device_states res_ari_endpoints res_ari_events res_ari_model
res_ari_playbacks res_ari_recordings res_ari_sounds res_crypto res_format_attr_opus res_http_websocket
res_musiconhold res_pjproject res_pjsip res_pjsip_authenticator_digest res_pjsip_acl res_pjsip_caller_id
res_pjsip_dtmf_info res_pjsip_endpoint_identifier_ip res_pjsip_endpoint_identifier_user res_pjsip_header_funcs
res_pjsip_nat res_pjsip_outbound_authenticator_digest res_pjsip_outbound_registration res_pjsip_path
res_pjsip_pubsub res_pjsip_refer res_pjsip_registrar res_pjsip_rfc3326 res_pjsip_sdp_rtp res_pjsip_session
res_pjsip_transport_websocket res_rtp_asterisk res_sorcery_astdb res_sorcery_config res_sorcery_memory
res_sorcery_realtime res_srtp res_stasis res_stasis_answer res_stasis_device_state res_stasis_playback
res_stasis_recording res_stasis_snoop res_timing_timerfd res_websocket_client
"""


SIP_PORTS = range(10_000, 20_000, 2)
"""Below those that the kernel gives to whoever connects somewhere: a port chosen now is still free when a telephone
starts. They listen by UDP and TCP, and by TLS one above."""


def free_sip_port() -> int:
    """A port at which nobody listens, nor at the next."""
    while True:
        port = random.choice(SIP_PORTS)
        try:
            with socket.socket() as tcp, socket.socket() as tls, socket.socket(type=socket.SOCK_DGRAM) as udp:
                for probe, at in ((tcp, port), (tls, port + 1), (udp, port)):
                    probe.bind(("", at))
        except OSError:
            continue
        return port


class Pbx:
    """`etc` is where its configuration belongs; ARI answers at `ari_port`."""

    def __init__(self, folder: Path, ari_port: int) -> None:
        self.folder = folder
        self.etc = folder / "etc"
        self.ari_port = ari_port
        self.process: subprocess.Popen[bytes] | None = None
        for name in ("etc", "db", "keys/keys", "spool/recording", "run", "log"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        directories = {
            "astetcdir": self.etc, "astmoddir": LIBRARIES / "asterisk" / "modules",
            "astvarlibdir": UNPACKED / "var" / "lib" / "asterisk", "astdbdir": folder / "db",
            "astkeydir": folder / "keys", "astdatadir": UNPACKED / "usr" / "share" / "asterisk",
            "astagidir": folder, "astspooldir": folder / "spool", "astrundir": folder / "run",
            "astlogdir": folder / "log", "astsbindir": UNPACKED / "usr" / "sbin",
        }  # fmt: skip
        self._write("asterisk.conf", "[directories]\n", *(f"{k} => {v}\n" for k, v in directories.items()))
        wanted = (f"load = {name}.so\n" for name in MODULES.split())
        self._write("modules.conf", "[modules]\nautoload = no\n", *wanted)
        self._write("logger.conf", "[general]\n[logfiles]\nconsole => notice,warning,error,verbose\n")
        for name in ("cdr.conf", "cel.conf"):
            self._write(name, "[general]\nenable = no\n")
        self._write("features.conf", "[general]\n")

    def _write(self, name: str, *lines: str) -> None:
        (self.etc / name).write_text("".join(lines))

    def start(self) -> None:
        """Up, and its interface answers."""
        loader = next(LIBRARIES.glob("ld-linux*.so*"), None) or next(UNPACKED.glob("lib*/ld-linux*.so*"))
        self.process = processes.start(
            (
                str(loader), "--library-path", f"{LIBRARIES}:{LIBRARIES / 'pulseaudio'}",
                str(UNPACKED / "usr" / "sbin" / "asterisk"), "-f", "-C", str(self.etc / "asterisk.conf"),
            ),
            log=self.folder / "log" / "console",
            environment=dict(os.environ),
        )  # fmt: skip
        processes.wait_until(self._is_up, 30, f"Asterisk ({self.log()[-2000:]})")

    def _is_up(self) -> bool:
        try:
            # 401 as well: it answers, and whoever asks here has no password.
            return (
                httpx.get(f"http://127.0.0.1:{self.ari_port}/ari/asterisk/info", timeout=1).status_code < 500
            )
        except httpx.HTTPError:
            return False

    def log(self) -> str:
        path = self.folder / "log" / "console"
        return path.read_text(errors="replace") if path.exists() else ""

    def stored_recordings(self) -> list[Path]:
        return list((self.folder / "spool" / "recording").glob("*.wav"))

    def kill(self) -> None:
        """`kill -9`."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        shutil.rmtree(self.folder / "run", ignore_errors=True)
        (self.folder / "run").mkdir()

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            processes.stop(self.process)


def wait_for(truth, seconds: float = 10, what: str = "it") -> None:
    """Until `truth()` is true; an AssertionError with `what` if it never is."""
    end = time.monotonic() + seconds
    while not (found := truth()):
        assert time.monotonic() < end, f"{what() if callable(what) else what} never became true"
        time.sleep(0.05)
    return found
