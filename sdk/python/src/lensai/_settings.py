"""The settings of a Lens, checked once, when it is made."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import List, Optional
from urllib.parse import urlsplit

from ._errors import LensConfigError

#: A stream of verdicts that was silent for longer than this is taken for dead (docs/api.md).
STALE_AFTER_S = 10.0
EVENTS_PER_BATCH_MAX = 1000
#: Half of what the server takes, so that no batch is ever too large.
BATCH_BYTES_MAX = 1024 * 1024
#: An event is a few hundred bytes; one beyond this is a mistake and would crowd out others.
EVENT_BYTES_MAX = 64 * 1024


@dataclass(frozen=True)
class Settings:
    """Checked settings. Units are in the names; see `Lens` for what each does."""

    api_key: str
    base_url: str
    environment: Optional[str]
    on_unreachable: str
    first_verdict_timeout_s: float
    queue_events_max: int
    queue_bytes_max: int
    batch_wait_s: float
    request_timeout_s: float
    exit_timeout_s: float
    hold_timeout_s: float
    throttle_wait_s: float
    max_tokens_assumed: Optional[int]
    auth_retry_s: float


def read_settings(
    *,
    api_key: Optional[str],
    base_url: Optional[str],
    environment: Optional[str],
    on_unreachable: str,
    first_verdict_timeout_s: float,
    queue_events_max: int,
    queue_bytes_max: int,
    exit_timeout_s: float,
    hold_timeout_s: float,
    throttle_wait_s: float,
    max_tokens_assumed: Optional[int],
    auth_retry_s: float,
) -> Settings:
    """Settings, with LENS_API_KEY and LENS_URL for what was not given.

    Raises LensConfigError, which names all that is bad.
    """
    key = api_key if api_key is not None else os.environ.get("LENS_API_KEY", "")
    url = base_url if base_url is not None else os.environ.get("LENS_URL", "")
    wrong = _wrong_key(key) + _wrong_url(url)
    if on_unreachable not in ("allow", "deny"):
        wrong.append(f"on_unreachable is {on_unreachable!r}; it must be 'allow' or 'deny'")
    for name, least, value in (
        ("first_verdict_timeout_s", 0, first_verdict_timeout_s),
        ("exit_timeout_s", 0, exit_timeout_s),
        ("hold_timeout_s", 0.05, hold_timeout_s),
        ("throttle_wait_s", 0, throttle_wait_s),
        ("auth_retry_s", 0, auth_retry_s),
        ("max_tokens_assumed", 1, 1 if max_tokens_assumed is None else max_tokens_assumed),
        ("queue_events_max", 1, queue_events_max),
        ("queue_bytes_max", EVENT_BYTES_MAX, queue_bytes_max),
    ):
        if not value >= least:
            wrong.append(f"{name} is {value!r}; it must be at least {least}")
    if wrong:
        raise LensConfigError("Lens cannot start: " + "; ".join(wrong) + ".")
    return Settings(
        api_key=key,
        base_url=url.rstrip("/"),
        environment=environment,
        on_unreachable=on_unreachable,
        first_verdict_timeout_s=first_verdict_timeout_s,
        queue_events_max=queue_events_max,
        queue_bytes_max=queue_bytes_max,
        batch_wait_s=0.25,
        request_timeout_s=10.0,
        exit_timeout_s=exit_timeout_s,
        hold_timeout_s=hold_timeout_s,
        throttle_wait_s=throttle_wait_s,
        max_tokens_assumed=max_tokens_assumed,
        auth_retry_s=auth_retry_s,
    )


def _wrong_key(key: str) -> List[str]:
    if not key:
        return ["the API key is missing: pass api_key or set LENS_API_KEY to a key of your project"]
    # The key itself is a secret, so the message does not quote it.
    if not key.isascii() or not key.isprintable() or " " in key:
        return ["the API key (api_key or LENS_API_KEY) holds spaces or characters that no key has"]
    return []


def _wrong_url(url: str) -> List[str]:
    if not url:
        return ["the URL of ingest is missing: pass base_url or set LENS_URL, such as https://ingest.example.com"]
    try:
        parts = urlsplit(url)
        port_readable = parts.port is None or parts.port > 0
    except ValueError:
        port_readable, parts = False, urlsplit("")
    plain = not (parts.query or parts.fragment or parts.username or parts.password)
    if parts.scheme not in ("http", "https") or not parts.hostname or not port_readable or not plain:
        return [
            "the URL of ingest (base_url or LENS_URL) must be http:// or https:// with a host, and no query or "
            "credentials, such as https://ingest.example.com"
        ]
    return []
