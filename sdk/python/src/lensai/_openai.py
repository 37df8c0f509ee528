"""Wraps a client of the openai package: a subclass of its own class, made at run time.

`_prepare_options` is where the package lets a subclass act before each attempt: what it raises reaches the caller raw,
before any HTTP, and copies of the client inherit it. `request` sees each logical call and its result.
"""

from __future__ import annotations

import inspect
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Dict, Mapping, Optional, TypeVar

from ._admission import Steps, run, run_async
from ._ahead import Request, kind_of
from ._call import Call
from ._context import NAME_UNITS_MAX, clip
from ._log import quiet
from ._tap import tap

if TYPE_CHECKING:
    from ._lens import Lens

Client = TypeVar("Client")

#: POSTs whose every call is an event; `/completions` is also the end of `/chat/completions`.
_TOKEN_PATHS = ("/completions", "/responses", "/embeddings")
#: POSTs that are an event when their answer has usage.
_PERHAPS_TOKEN_PATHS = ("/responses/compact", "/images/generations", "/images/edits", "/audio/transcriptions",
                        "/audio/translations")
#: POSTs that cost money elsewhere, or later: they are guarded and not counted.
_OTHER_SPENDING_PATHS = ("/images/variations", "/audio/speech", "/videos", "/remix", "/batches", "/fine_tuning/jobs",
                         "/runs", "/submit_tool_outputs")
_COUNTED_PATHS = _TOKEN_PATHS + _PERHAPS_TOKEN_PATHS
_SPENDING_PATHS = _COUNTED_PATHS + _OTHER_SPENDING_PATHS
_USAGE_CHUNK_PATHS = ("/completions",)
#: Azure rejects stream_options in versions of its API before this one.
_AZURE_USAGE_CHUNK_SINCE = "2024-09-01"

_current: ContextVar[Optional[Call]] = ContextVar("lensai_call", default=None)


def wrap_client(
    lens: Lens, client: Client, provider: Optional[str], ask_for_usage: bool, downgrade: bool
) -> Client:
    """A client like `client`, sharing its connections, whose calls `lens` guards and counts."""
    kind = type(client)
    if getattr(kind, "_lensai_lens", None) is lens:
        return client
    if not all(callable(getattr(kind, name, None)) for name in ("_prepare_options", "request", "copy")):
        raise TypeError(
            f"lens.wrap() takes a client of the openai package (OpenAI, AsyncOpenAI, AzureOpenAI or "
            f"AsyncAzureOpenAI), not {kind.__module__}.{kind.__qualname__}"
        )
    base: Any = getattr(kind, "_lensai_base", kind)
    hooks = _AsyncHooks if inspect.iscoroutinefunction(base.request) else _SyncHooks
    azure = any(parent.__name__ == "BaseAzureClient" for parent in base.__mro__)
    wrapped = type(
        base.__name__,
        (hooks, base),
        {
            "_lensai_lens": lens,
            "_lensai_base": base,
            "_lensai_provider": provider or ("azure" if azure else "openai"),
            "_lensai_asks": ask_for_usage,
            "_lensai_downgrades": downgrade,
            "__module__": base.__module__,
            "__doc__": base.__doc__,
        },
    )
    # copy() makes its result from self.__class__, so it does the whole construction, in every version.
    shell: Any = object.__new__(wrapped)
    shell.__dict__.update(client.__dict__)
    copied: Client = shell.copy()
    return copied


class _Hooks:
    _lensai_lens: Lens
    _lensai_provider: str
    _lensai_asks: bool

    _lensai_downgrades: bool

    @quiet
    def _lensai_call(self, options: Any, streamed: bool) -> Optional[Call]:
        path = _spending_path(options)
        if path is None:
            return None
        return Call(
            self._lensai_lens._record,
            self._lensai_lens._holds.finish_later,
            provider=self._lensai_provider,
            body=options.json_data,
            streamed=streamed,
            counts=path.endswith(_COUNTED_PATHS),
            always_counts=path.endswith(_TOKEN_PATHS),
        )

    def _lensai_steps(self, options: Any) -> Optional[Steps]:
        """The waits of a request before it may be sent; raises when it may not."""
        path = _spending_path(options)
        if path is None:
            return None
        # Without one, something of ours has failed; what stops calls does not hang on it.
        call = _current.get() or self._lensai_call(options, False)
        if call is None:
            self._lensai_lens.check()
            return None
        if self._lensai_lens._passes(call):
            return None
        body = _body_of(options)
        model = body.get("model")
        request = Request(kind_of(path), body, call.bounds)
        name = clip(model, NAME_UNITS_MAX) if isinstance(model, str) else None
        return self._lensai_lens._admitting(call, name, request)

    @quiet
    def _lensai_downgrade(self, options: Any) -> None:
        call = _current.get()
        if not self._lensai_downgrades or call is None or not call.counts:
            return
        model = _body_of(options).get("model")
        if not isinstance(model, str):
            return
        instead = self._lensai_lens._model_for(call, model)
        if instead is None or instead == model:
            return
        extra = getattr(options, "extra_json", None)
        if isinstance(extra, dict) and "model" in extra:
            options.extra_json = {**extra, "model": instead}
        else:
            options.json_data = {**options.json_data, "model": instead}
        call.asked_for(_body_of(options))

    @quiet
    def _lensai_ask_for_usage(self, options: Any) -> None:
        call, body = _current.get(), options.json_data
        if call is None or not call.streamed or not isinstance(body, dict) or not self._lensai_asks_here():
            return
        if not _path(options).endswith(_USAGE_CHUNK_PATHS):
            return
        extra = getattr(options, "extra_json", None) or {}
        asked = body.get("stream_options") or {}
        if "stream_options" in extra or not isinstance(asked, dict) or "include_usage" in asked:
            return
        options.json_data = {**body, "stream_options": {**asked, "include_usage": True}}
        call.usage_asked_for = True

    def _lensai_asks_here(self) -> bool:
        version = getattr(self, "_api_version", None)
        return self._lensai_asks and (not isinstance(version, str) or version[:10] >= _AZURE_USAGE_CHUNK_SINCE)

    @quiet
    def _lensai_result(self, call: Call, result: Any, streamed: bool) -> None:
        response = getattr(result, "http_response", None)
        if response is None:
            response = result.response if streamed and hasattr(result, "response") else result
        if not call.counts:
            call.answered({})
        elif not hasattr(response, "iter_bytes"):
            call.data_came(first=False)
            call.answered(_answer_of(result))
        elif not streamed and getattr(response, "is_stream_consumed", False):
            call.data_came(first=False)
            call.answered(_answer_of(_json_of(response)))
        else:
            self._lensai_lens._follow(call.request_id, tap(response, call, self._lensai_lens._abandoned))


class _SyncHooks(_Hooks):
    def request(self, cast_to: Any, options: Any, *args: Any, **kwargs: Any) -> Any:
        streamed = bool(kwargs.get("stream"))
        call = self._lensai_call(options, streamed)
        if call is None:
            return super().request(cast_to, options, *args, **kwargs)  # type: ignore[misc]
        token = _current.set(call)
        try:
            result = super().request(cast_to, options, *args, **kwargs)  # type: ignore[misc]
        except BaseException as error:
            call.failed(error)
            raise
        finally:
            _current.reset(token)
        self._lensai_result(call, result, streamed)
        return result

    def _prepare_options(self, options: Any) -> Any:
        if _spending_path(options) is not None:
            self._lensai_lens._guard_ready()
            self._lensai_downgrade(options)
            steps = self._lensai_steps(options)
            if steps is not None:
                run(steps)
        prepared = super()._prepare_options(options)  # type: ignore[misc]
        # The oldest versions return nothing and go on with what they gave.
        prepared = options if prepared is None else prepared
        self._lensai_ask_for_usage(prepared)
        return prepared


class _AsyncHooks(_Hooks):
    async def request(self, cast_to: Any, options: Any, *args: Any, **kwargs: Any) -> Any:
        streamed = bool(kwargs.get("stream"))
        call = self._lensai_call(options, streamed)
        if call is None:
            return await super().request(cast_to, options, *args, **kwargs)  # type: ignore[misc]
        token = _current.set(call)
        try:
            result = await super().request(cast_to, options, *args, **kwargs)  # type: ignore[misc]
        except BaseException as error:
            call.failed(error)
            raise
        finally:
            _current.reset(token)
        self._lensai_result(call, result, streamed)
        return result

    async def _prepare_options(self, options: Any) -> Any:
        if _spending_path(options) is not None:
            await self._lensai_lens._guard_ready_async()
            self._lensai_downgrade(options)
            steps = self._lensai_steps(options)
            if steps is not None:
                await run_async(steps)
        prepared = await super()._prepare_options(options)  # type: ignore[misc]
        prepared = options if prepared is None else prepared
        self._lensai_ask_for_usage(prepared)
        return prepared


def _body_of(options: Any) -> Mapping[str, Any]:
    """What will be sent, with what the caller adds to it; nothing for a request that is no JSON object."""
    body, extra = options.json_data, getattr(options, "extra_json", None)
    if not isinstance(body, Mapping):
        return {}
    return {**body, **extra} if isinstance(extra, Mapping) else body


def _path(options: Any) -> str:
    return "/" + str(options.url).split("?")[0].strip("/")


def _spending_path(options: Any) -> Optional[str]:
    """The path of a request that costs money, or None."""
    if str(options.method).lower() != "post":
        return None
    path = _path(options)
    return path if path.endswith(_SPENDING_PATHS) else None


def _answer_of(result: Any) -> Dict[str, Any]:
    """What an answer tells of itself, whether it came as a model, a mapping, or something else."""
    usage, parts = _part(result, "usage"), {}
    if usage is not None and not isinstance(usage, dict):
        dump = getattr(usage, "model_dump", None) or getattr(usage, "dict", None)
        usage = dump(exclude_unset=True) if callable(dump) else None
    for name in ("id", "model", "service_tier"):
        parts[name] = _part(result, name)
    return {**parts, "usage": usage}


def _part(result: Any, name: str) -> Any:
    return result.get(name) if isinstance(result, dict) else getattr(result, name, None)


def _json_of(response: Any) -> Any:
    try:
        return response.json()
    except ValueError:
        return {}
