"""A seat whose telephone is the workbench in a real Chromium: its microphone sends a tone, what it plays is heard."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from accounts.models import Person
from tests.support.people import signed_in_client
from tests.switch.conftest import IN_BROWSER, Exchange
from tests.switch.telephone import TONES
from tests.switch.tones import write_tone

PATIENCE_MS = 60_000
HEARS = """(tones) => {
    const element = document.querySelector("#softphone audio");
    if (!element || element.paused) return [];
    if (window.heardFrom !== element) {
        window.heardFrom = element;
        const context = new AudioContext();
        window.ear = context.createAnalyser();
        window.ear.fftSize = 8192;
        window.ear.smoothingTimeConstant = 0;
        context.createMediaStreamSource(element.srcObject).connect(window.ear);
    }
    const loud = new Float32Array(window.ear.frequencyBinCount);
    window.ear.getFloatFrequencyData(loud);
    const width = window.ear.context.sampleRate / window.ear.fftSize;
    const at = (hertz) => Math.max(...[-2, -1, 0, 1, 2].map((n) => loud[Math.round(hertz / width) + n]));
    return Object.keys(tones).filter((name) => at(tones[name]) > -50);
}"""


class BrowserTelephone:
    """One window at the seat. For `who_hears_whom` it is a telephone like the others."""

    number = IN_BROWSER

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def state(self) -> Locator:
        return self.page.locator("[data-softphone-state]")

    def control(self, name: str) -> Locator:
        return self.page.locator(f"#callbar [data-control={name}]")

    def sign_on(self) -> None:
        expect(self.page.locator("#menu-presence [name=seat]")).to_be_attached(timeout=PATIENCE_MS)
        self.page.keyboard.press("F8")
        self.page.locator("#menu-presence [name=seat]").fill(IN_BROWSER)
        self.page.keyboard.press("Enter")

    def is_ready(self) -> None:
        expect(self.state).to_have_text("电话就绪", timeout=PATIENCE_MS)

    def hears(self) -> set[str]:
        return set(self.page.evaluate(HEARS, TONES))


@contextmanager
def chromium_with_a_voice(folder: Path) -> Iterator[Browser]:
    """Chromium whose microphone hears a tone."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "Chromium is missing: make browser"
    tone = folder / "voice.wav"
    write_tone(tone, TONES[IN_BROWSER], 30)
    flags = [
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-audio-capture={tone}",
        *([] if os.geteuid() else ["--no-sandbox"]),
    ]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        yield browser
        browser.close()


def open_workbench(
    exchange: Exchange, browser: Browser, person: Person, *, microphone: bool = True
) -> BrowserContext:
    """A browser session signed in as them."""
    address = exchange.hotline.address
    context = browser.new_context(
        base_url=address,
        locale="zh-CN",
        viewport={"width": 1440, "height": 900},
        permissions=["microphone"] if microphone else [],
    )
    context.set_default_timeout(PATIENCE_MS)
    # A tone is what noise suppression is made to take away.
    context.add_init_script("localStorage.setItem('softphone-noise', '0')")
    cookie = signed_in_client(exchange.app, person).get_cookie("hotline")
    context.add_cookies([{"name": "hotline", "value": cookie.value, "url": address}])
    return context
