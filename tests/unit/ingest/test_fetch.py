"""What servers may do to a fetch, over a real network on this machine: it ends in time, in bounds, or says why not."""

import asyncio
import gzip
import time
import zlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from services.common.ssrf import GuardedTransport
from services.ingest.feeds import fetch as fetch_module
from services.ingest.feeds.fetch import Fetched, Fetcher, FetchError, FetchProblem, Limits
from services.ingest.inflate import BrokenError, Inflater, TooLargeError
from tests.unit.ingest.sites import (
    Answer,
    conditional,
    endless,
    packed,
    page,
    redirect,
    serving,
    silent,
    slow_loris,
)

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
QUICK = Limits(total_seconds=0.5)
FETCHER = Fetcher("tocsin-test", lambda: NOW, allow_private=True)


async def get(answer: Answer, limits: Limits = FETCHER.limits) -> Fetched:
    async with serving({"/feed": answer}) as site:
        return await replace(FETCHER, limits=limits).get(site.url("/feed"))


async def problem(answer: Answer, limits: Limits = FETCHER.limits) -> FetchError:
    started = time.monotonic()
    with pytest.raises(FetchError) as caught:
        await get(answer, limits)
    assert time.monotonic() - started < limits.total_seconds + 2
    return caught.value


async def test_an_answer_comes_with_its_validators() -> None:
    fetched = await get(page(b"<rss/>", etag='"1"', last_modified="Wed, 04 Mar 2026 11:00:00 GMT"))
    assert (fetched.body, fetched.etag, fetched.is_modified) == (b"<rss/>", '"1"', True)
    assert fetched.last_modified == "Wed, 04 Mar 2026 11:00:00 GMT"


async def test_not_modified() -> None:
    async with serving({"/feed": conditional(b"<rss/>", '"1"')}) as site:
        fetched = await FETCHER.get(site.url("/feed"), {"if-none-match": '"1"'})
        assert (fetched.status, fetched.is_modified, fetched.body) == (304, False, b"")
        assert site.asked[0][1]["user-agent"] == "tocsin-test"


@pytest.mark.parametrize(
    "answer", [packed(b"<rss/>"), page(zlib.compress(b"<rss/>"), content_encoding="deflate")]
)
async def test_packed_answers_are_unpacked(answer: Answer) -> None:
    assert (await get(answer)).body == b"<rss/>"


@pytest.mark.parametrize("answer", [slow_loris(), silent()])
async def test_a_slow_server_is_left(answer: Answer) -> None:
    assert (await problem(answer, QUICK)).problem is FetchProblem.TIMEOUT


async def test_an_endless_body_ends_at_the_bound() -> None:
    assert (await problem(endless(b"<a>" * 10_000))).problem is FetchProblem.TOO_LARGE


async def test_endless_headers_end() -> None:
    assert (await problem(endless(b"x-more: 1\r\n" * 100, b"HTTP/1.1 200 OK\r\n"))).problem in (
        FetchProblem.BAD_ANSWER,
        FetchProblem.TIMEOUT,
    )


async def test_the_endless_body_of_a_redirect_is_not_read() -> None:
    head = b"HTTP/1.1 302 Found\r\nlocation: /feed\r\n\r\n"
    assert (await problem(endless(b"x" * 10_000, head))).problem is FetchProblem.REDIRECTS


async def test_a_gzip_bomb_ends_at_the_bound() -> None:
    bomb = gzip.compress(b"\0" * 200_000_000)
    assert len(bomb) < 1_000_000
    assert (await problem(page(bomb, content_encoding="gzip"))).problem is FetchProblem.TOO_LARGE


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (redirect("/feed"), FetchProblem.REDIRECTS),
        (redirect("http://[bad"), FetchProblem.CONNECTION),
        (redirect("file:///etc/passwd"), FetchProblem.BAD_ANSWER),
        (page(b"not gzip", content_encoding="gzip"), FetchProblem.BAD_ANSWER),
        (page(gzip.compress(b"cut off" * 99)[:-9], content_encoding="gzip"), FetchProblem.BAD_ANSWER),
        (page(b"?", content_encoding="br"), FetchProblem.BAD_ANSWER),
        (page(b"", "404 Not Found"), FetchProblem.CLIENT_ERROR),
        (page(b"", "410 Gone"), FetchProblem.GONE),
        (page(b"", "500 Oops"), FetchProblem.SERVER_ERROR),
        (page(b"", "204 No Content"), FetchProblem.BAD_ANSWER),
    ],
)
async def test_no_answer_to_read(answer: Answer, why: FetchProblem) -> None:
    assert (await problem(answer)).problem is why


@pytest.mark.parametrize(
    ("status", "told", "seconds"),
    [
        ("429 Too Many Requests", "120", 120),
        ("429 Too Many Requests", "Wed, 04 Mar 2026 12:01:30 GMT", 90),
        ("503 Service Unavailable", "Wed, 04 Mar 2026 11:00:00 GMT", 0),
        ("503 Service Unavailable", "soon", None),
    ],
)
async def test_how_long_to_stay_away(status: str, told: str, seconds: float | None) -> None:
    error = await problem(page(b"", status, retry_after=told))
    assert error.retry_after == seconds
    assert error.problem in (FetchProblem.RATE_LIMITED, FetchProblem.SERVER_ERROR)


async def test_redirects_are_followed() -> None:
    async with serving({"/old": redirect("/new"), "/new": page(b"<rss/>")}) as site:
        fetched = await FETCHER.get(site.url("/old"))
    assert fetched.url.endswith("/new")
    assert fetched.body == b"<rss/>"


async def test_a_private_address_is_refused() -> None:
    async with serving({"/feed": page(b"secret")}) as site:
        with pytest.raises(FetchError) as caught:
            await replace(FETCHER, allow_private=False).get(site.url("/feed"))
        assert caught.value.problem is FetchProblem.FORBIDDEN_ADDRESS
        assert site.asked == []


async def test_a_redirect_to_a_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first host counts as public here, so that it is the redirect that is judged."""
    async with serving(
        {"/feed": redirect("http://metadata.example/secret"), "/secret": page(b"key")}
    ) as site:

        async def resolve(host: str, port: int) -> Sequence[str]:
            return ["127.0.0.1"] if host == "news.example" else ["169.254.169.254"]

        class Transport(GuardedTransport):
            async def _checked(self, host: str, port: int) -> Sequence[str]:
                return ["127.0.0.1"] if host == "news.example" else await super()._checked(host, port)

        monkeypatch.setattr(
            fetch_module, "guarded_transport", lambda *_: Transport(allow_http=True, resolve=resolve)
        )
        with pytest.raises(FetchError) as caught:
            await FETCHER.get(f"http://news.example:{site.port}/feed")
        assert caught.value.problem is FetchProblem.FORBIDDEN_ADDRESS
        assert [path for path, _ in site.asked] == ["/feed"]


async def test_nobody_there() -> None:
    async with serving({}) as site:
        url = site.url("/feed")
    with pytest.raises(FetchError) as caught:
        await FETCHER.get(url)
    assert caught.value.problem is FetchProblem.CONNECTION


async def test_an_error_holds_nothing_of_the_url() -> None:
    async with serving({"/feed": page(b"", "500 Oops")}) as site:
        url = site.url("/feed").replace("127.0.0.1", "user:hunter2@127.0.0.1") + "?key=hunter2"
        with pytest.raises(FetchError) as caught:
            await FETCHER.get(url)
    assert "hunter2" not in repr(caught.value)


async def test_one_slow_server_does_not_delay_the_others() -> None:
    async with serving({"/slow": silent(), "/quick": page(b"<rss/>")}) as site:
        slow = [asyncio.create_task(FETCHER.get(site.url("/slow"))) for _ in range(50)]
        started = time.monotonic()
        await FETCHER.get(site.url("/quick"))
        assert time.monotonic() - started < 2
        for task in slow:
            task.cancel()
        await asyncio.gather(*slow, return_exceptions=True)


def test_unpacking_piece_by_piece() -> None:
    whole = b"Shells hit the port. " * 1_000
    packed_bytes = gzip.compress(whole[:7_000]) + gzip.compress(whole[7_000:])
    inflater = Inflater(len(whole))
    assert b"".join(inflater.feed(packed_bytes[i : i + 11]) for i in range(0, len(packed_bytes), 11)) == whole
    inflater.close()
    with pytest.raises(TooLargeError):
        Inflater(len(whole) - 1).feed(packed_bytes)
    with pytest.raises(BrokenError):
        Inflater(100).feed(b"nonsense")
