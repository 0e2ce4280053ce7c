"""Every setting of the hotline: typed, from the environment, validated once at start.

`docs/settings.md` is written from this class by `./manage settings docs`; a test holds the two together.
"""

from __future__ import annotations

import os
import re
import secrets
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
# Both stand in what browsers are told: in a header and in a page's settings.
_WEBSOCKET = re.compile(r"wss?://[A-Za-z0-9.\-\[\]:]+(/[A-Za-z0-9._~/\-]*)?")
_ICE_SERVER = re.compile(r"(stuns?|turns?):[A-Za-z0-9.\-\[\]:]+(\?transport=(udp|tcp))?")


class Settings(BaseSettings):
    """Read from the environment by upper-cased name (`PORT`, `VAR_DIR`, …)."""

    model_config = SettingsConfigDict(env_prefix="", extra="ignore", env_ignore_empty=True)

    # -- where it runs
    host: str = Field("127.0.0.1", description="Address the web server listens on.")
    port: int = Field(12345, ge=1, le=65535, description="Port the web server listens on.")
    public_base_url: str = Field(
        "", description="Address by which others reach us; default `http://HOST:PORT`."
    )
    trusted_proxies: int = Field(
        0, ge=0, le=5, description="How many reverse proxies stand before us and set X-Forwarded-*."
    )
    secure_cookies: bool = Field(
        False, description="Send cookies over https only. Switch on wherever https is spoken."
    )
    var_dir: Path = Field(
        Path("var"), description="Everything that changes: embedded data, files, search index, logs."
    )

    # -- what it runs on
    database_url: str = Field(
        "", description="`postgresql+psycopg://…`; empty: an embedded PostgreSQL under VAR_DIR."
    )
    redis_url: str = Field("", description="`redis://…` or `unix://…`; empty: an embedded Redis.")
    database_pool: int = Field(20, ge=2, le=200, description="Pooled connections per process.")
    statement_timeout_ms: int = Field(
        15_000, ge=0, description="A statement of a web request longer than this is cancelled; 0: never."
    )

    # -- secrets; where empty, made at first start and kept under VAR_DIR/secrets
    secret_key: str = Field("", description="Signs sessions and forms.")
    telephony_secret: str = Field("", description="Signs telephony events and commands (HMAC-SHA256).")
    field_key: str = Field(
        "", description="32 bytes as 64 hex digits: encrypts personal data. Losing it loses the data."
    )

    # -- the city
    city_name: str = Field("", description="Shown in the head of every page; empty: the one in the data.")
    city_zone: str = Field("Asia/Shanghai", description="Time zone of the screen and of working time.")
    default_language: str = Field("zh", pattern="^(zh|en)$", description="Language before sign-in.")
    phone_region: str = Field("CN", description="Region in which numbers without +code are read.")

    # -- processes
    web_workers: int = Field(1, ge=1, le=64, description="Web processes.")
    web_threads: int = Field(
        320, ge=8, le=2000, description="Threads per web process; each open page holds one for its socket."
    )
    clock_interval_ms: int = Field(
        200, ge=20, le=5000, description="How often the clock process looks for due timers and outbox rows."
    )

    # -- the telephone switch (docs/switch.md); only `./manage switch` needs these
    asterisk_url: str = Field("http://127.0.0.1:8088", description="Asterisk's REST interface (ARI).")
    asterisk_user: str = Field("hotline", description="Its user.")
    asterisk_password: str = Field("", description="And password; empty: made at first start and kept.")
    asterisk_trunk: str = Field("trunk", description="Asterisk's name of the line to the city's numbers.")
    prompts_dir: Path | None = Field(
        None, description="Prompts as WAV files, readable by Asterisk; default `VAR_DIR/prompts`."
    )
    speech_command: str = Field(
        "espeak-ng -v {voice} -s 155 -w {file} -- {text}",
        description="Program that speaks prompts nobody has recorded: writes {file}, a WAV, of {text} by {voice}.",
    )
    switch_patience: float = Field(
        5.0, ge=1, le=30, description="Seconds a caller waits for an answer of ours before the apology."
    )

    # -- a carrier that speaks TwiML (docs/twiml.md)
    twiml_account: str = Field("", description="Our account at the carrier (`AC…`); empty: there is none.")
    twiml_token: str = Field("", description="Its token: proves the carrier's requests, and ours to it.")
    twiml_number: str = Field("", description="Our number there, shown to who is called (`+86…`).")
    twiml_public_url: str = Field(
        "", description="Address under which the carrier reaches us; default PUBLIC_BASE_URL."
    )
    twiml_rest_url: str = Field("https://api.twilio.com", description="The carrier's REST interface.")
    twiml_sip_domain: str = Field("", description="Domain at the carrier under which SIP seats register.")

    # -- the telephone in the workbench (docs/softphone.md)
    softphone_url: str = Field(
        "", description="Where browsers reach the switch, `wss://…/ws`; empty: no telephone in the browser."
    )
    softphone_ice: str = Field(
        "", description="STUN and TURN servers for it, `stun:host:3478 turn:host:3478 …`, between blanks."
    )
    softphone_turn_user: str = Field("", description="User name for the TURN servers.")
    softphone_turn_password: str = Field("", description="Their password; every signed-on browser learns it.")

    # -- people
    idle_minutes: int = Field(30, ge=1, le=1440, description="Signed out after so long without a request.")
    session_hours: int = Field(12, ge=1, le=168, description="Signed out after so long in any case.")
    lockout_attempts: int = Field(5, ge=1, le=100, description="Wrong passwords before an account rests.")
    lockout_minutes: int = Field(15, ge=1, le=1440, description="How long it rests.")

    # -- files
    upload_max_mb: int = Field(20, ge=1, le=1024, description="Largest file a person may attach.")

    # -- knowledge
    search_engine: str = Field(
        "whoosh",
        pattern="^(whoosh|tantivy)$",
        description="What searches the knowledge base; `tantivy` for large stocks (`pip install .[tantivy]`).",
    )
    search_by_meaning: bool = Field(
        True,
        description="Find also what means nearly the same without sharing a word: 20 MB in each process that searches.",
    )
    correction_days: int = Field(
        3,
        ge=1,
        le=60,
        description="Working days in which a report of an error in the knowledge base is answered.",
    )
    review_months: int = Field(12, ge=1, le=60, description="Months after which new knowledge is read again.")
    import_max_mb: int = Field(
        200, ge=1, le=4096, description="Largest sum of files of one import, unpacked."
    )
    import_max_files: int = Field(5000, ge=1, le=100_000, description="Most files of one import, unpacked.")

    # -- where files and recordings are kept
    s3_bucket: str = Field(
        "",
        pattern=r"^([a-z0-9][a-z0-9.\-]{1,61}[a-z0-9])?$",
        description="Keep files and recordings in this bucket (`pip install .[s3]`); empty: in VAR_DIR.",
    )
    s3_endpoint: str = Field(
        "", pattern=r"^(https?://[^/]+/?)?$", description="Where that S3-compatible store answers."
    )
    s3_region: str = Field("", description="Its region; empty: asked for.")
    s3_access_key: str = Field("", description="Who we are there.")
    s3_secret_key: str = Field("", description="What proves it.")

    # -- recordings
    recording_days: int = Field(
        180, ge=1, le=3650, description="Recordings are deleted after so many days, unless held."
    )
    recording_pause_seconds: int = Field(
        120,
        ge=10,
        le=3600,
        description="So long an agent's pause of the recording lasts; then it goes on by itself.",
    )

    # -- text messages
    sms_gateway_url: str = Field(
        "", description="Where text messages are posted to; empty: none is sent, and their list says so."
    )
    sms_gateway_token: str = Field("", description="Bearer token of that gateway.")

    # -- operation
    log_level: str = Field("INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="Least level logged.")
    log_format: str = Field("text", pattern="^(text|json)$", description="`json` for log collectors.")
    metrics_token: str = Field(
        "",
        description="Bearer token for which `/metrics` gives Prometheus its figures; empty: there are none.",
    )
    demo: bool = Field(
        False,
        description="Demonstration: names its people on the sign-in page and offers “ring me”. Never in service.",
    )
    demo_days: int = Field(90, ge=0, le=400, description="Days of history the demonstration city is given.")
    demo_cases: int = Field(5000, ge=0, le=100_000, description="Cases in that history.")
    simulate_rate: float = Field(1.5, ge=0, le=6000, description="Simulated calls a minute under `make run`.")
    simulate_agents: int = Field(6, ge=0, le=2000, description="Simulated agents under `make run`.")

    @field_validator("city_zone")
    @classmethod
    def _zone_exists(cls, value: str) -> str:
        ZoneInfo(value)
        return value

    @field_validator("var_dir")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value if value.is_absolute() else ROOT / value

    @field_validator("softphone_url")
    @classmethod
    def _websocket(cls, value: str) -> str:
        if value and not _WEBSOCKET.fullmatch(value):
            raise ValueError("must be an address like wss://switch.city.example:8089/ws")
        return value

    @field_validator("softphone_ice")
    @classmethod
    def _ice_servers(cls, value: str) -> str:
        for one in value.split():
            if not _ICE_SERVER.fullmatch(one):
                raise ValueError(f"{one!r} is no stun:, turn: or turns: server")
        return value

    @field_validator("database_url")
    @classmethod
    def _psycopg(cls, value: str) -> str:
        for plain in ("postgresql://", "postgres://"):
            if value.startswith(plain):
                return "postgresql+psycopg://" + value.removeprefix(plain)
        if value and not value.startswith("postgresql+psycopg://"):
            raise ValueError("must start with postgresql+psycopg://")
        return value

    @field_validator("field_key")
    @classmethod
    def _thirty_two_bytes(cls, value: str) -> str:
        if value and len(bytes.fromhex(value)) != 32:
            raise ValueError("must be 64 hex digits (32 bytes)")
        return value

    @model_validator(mode="after")
    def _bucket_somewhere(self) -> Settings:
        if self.s3_bucket and not self.s3_endpoint:
            raise ValueError("S3_BUCKET needs S3_ENDPOINT")
        return self

    def model_post_init(self, _context: object) -> None:
        for name in ("secret_key", "telephony_secret", "field_key", "asterisk_password"):
            if not getattr(self, name):
                setattr(self, name, _kept_secret(self.var_dir / "secrets" / name))
        if not self.public_base_url:
            self.public_base_url = f"http://{self.host}:{self.port}"


def _kept_secret(path: Path) -> str:
    """The secret kept at `path`, made on first use. Two processes starting at once agree on one."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        pass
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(secrets.token_hex(32))
    try:
        os.link(draft, path)  # atomic, and fails if somebody was first: then theirs is the secret
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text().strip()


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The settings of this process, read from its environment once."""
    return Settings()  # type: ignore[call-arg]


def settings() -> Settings:
    """The settings of the current app, or of the process where there is no app."""
    from flask import current_app, has_app_context

    return current_app.config["SETTINGS"] if has_app_context() else get_settings()
