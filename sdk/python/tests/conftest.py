"""Real parts: the openai package, the provider stand-in in a process of its own, and an ingest over HTTP."""

from __future__ import annotations

import json
import os
import subprocess
import time
import urllib.request
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List

import pytest
from fake_ingest import KEY, FakeIngest
from odd_providers import OddProvider

import lensai
from lensai._log import forget_warnings

ROOT = Path(__file__).resolve().parents[3]


class Provider:
    """The stand-in, and what it began."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.base_url = f"{url}/v1"

    def calls(self) -> List[Dict[str, Any]]:
        with urllib.request.urlopen(f"{self.url}/_sandbox/calls", timeout=5) as answer:
            calls: List[Dict[str, Any]] = json.load(answer)["calls"]
            return calls


@pytest.fixture(scope="session")
def provider() -> Iterator[Provider]:
    # Its stdin is our pipe: it ends with us, even when we are killed.
    process = subprocess.Popen(
        ["node", "--import", "tsx", "sandbox/provider/main.ts"],
        cwd=ROOT,
        env={**os.environ, "PROVIDER_PORT": "0", "PROVIDER_PER_TOKEN_MS": "1", "PROVIDER_ENDS_WITH_STDIN": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None and process.stdin is not None
    try:
        yield Provider(json.loads(process.stdout.readline())["url"])
    finally:
        process.stdin.close()
        process.wait(10)
        process.stdout.close()


@pytest.fixture()
def ingest() -> Iterator[FakeIngest]:
    forget_warnings()
    fake = FakeIngest()
    yield fake
    fake.stop()


@pytest.fixture()
def make_lens(ingest: FakeIngest) -> Iterator[Callable[..., lensai.Lens]]:
    made: List[lensai.Lens] = []

    def make(**options: Any) -> lensai.Lens:
        lens = lensai.Lens(**{"api_key": KEY, "base_url": ingest.url, **options})
        made.append(lens)
        return lens

    yield make
    for lens in made:
        lens.close(timeout_s=0)


@pytest.fixture()
def lens(make_lens: Callable[..., lensai.Lens]) -> lensai.Lens:
    return make_lens()


def eventually(holds: Callable[[], Any], within_s: float = 5.0) -> Any:
    """Waits until `holds()` is truthy and returns that."""
    until = time.monotonic() + within_s
    while True:
        value = holds()
        if value:
            return value
        assert time.monotonic() < until, "it did not become so in time"
        time.sleep(0.01)


def sent(lens: lensai.Lens, ingest: FakeIngest) -> List[Dict[str, Any]]:
    """Every event that was acknowledged, after a flush; none may have been refused, none sent as two."""
    assert lens.flush(5)
    assert lens.stats().acknowledged == len(ingest.events)
    assert ingest.rejections == []
    return ingest.events


@pytest.fixture()
def limited_provider() -> Iterator[OddProvider]:
    odd = OddProvider()
    yield odd
    odd.close()


@pytest.fixture()
def broken_provider() -> Iterator[str]:
    odd = OddProvider(breaks=True)
    yield odd.url
    odd.close()
