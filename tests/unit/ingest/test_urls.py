"""One spelling for each article's address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.urls import UrlError, canonical_url, host_of


@pytest.mark.parametrize(
    ("told", "canonical"),
    [
        ("HTTP://Example.COM:80", "http://example.com/"),
        ("https://example.com:443/a#part", "https://example.com/a"),
        ("https://example.com:8443/a", "https://example.com:8443/a"),
        ("https://example.com/a?utm_source=x&UTM_Medium=y&fbclid=1&gclid=2", "https://example.com/a"),
        ("https://example.com/a?b=2&utm_source=x&a=1&", "https://example.com/a?b=2&a=1"),
        ("https://example.com/A/b%2fc", "https://example.com/A/b%2Fc"),
        (
            "https://example.com/сводка?q=а",
            "https://example.com/%D1%81%D0%B2%D0%BE%D0%B4%D0%BA%D0%B0?q=%D0%B0",
        ),
        ("https://user:secret@example.com/a", "https://example.com/a"),
        ("https://Новини.укр/1", "https://xn--b1amarcd.xn--j1amh/1"),
        ("https://example.com./a", "https://example.com/a"),
        ("https://[2001:DB8::1]:443/a", "https://[2001:db8::1]/a"),
        ("  https://example.com/50%  ", "https://example.com/50%25"),
    ],
)
def test_canonical(told: str, canonical: str) -> None:
    assert canonical_url(told) == canonical


@pytest.mark.parametrize(
    "told",
    [
        "",
        "example.com/a",
        "ftp://example.com/a",
        "javascript:alert(1)",
        "https://",
        "https:///a",
        "https://a b/",
        "https://example.com/a b",
        "https://example.com:99999/",
        "https://example.com:x/",
        "https://[::1/",
        "https://exa<mple.com/",
        "https://example.com/\ud800",
        "https://example.com/" + "a" * 3000,
    ],
)
def test_refused(told: str) -> None:
    with pytest.raises(UrlError):
        canonical_url(told)


@given(st.text() | st.text().map(lambda rest: "https://example.com/" + rest))
def test_canonical_twice_is_canonical_once(told: str) -> None:
    try:
        once = canonical_url(told)
    except UrlError:
        return
    assert once.isascii()
    try:
        assert canonical_url(once) == once
    except UrlError as error:
        # escaping made it longer than a URL may be
        assert "longer" in str(error)


def test_host_of() -> None:
    assert host_of("https://www.example.com/a") == "example.com"
