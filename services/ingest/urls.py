"""The canonical URL of an article: an address as told goes in, one spelling of it comes out."""

import re
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

MAX_URL_CHARACTERS = 2_048
DEFAULT_PORTS = {"http": 80, "https": 443}

# parameters that name the reader's way to the article, never the article
TRACKING_PREFIXES = ("utm_", "at_", "ns_", "mc_", "pk_", "mtm_", "hsa_", "oly_", "vero_")
TRACKING_NAMES = frozenset(
    """
    fbclid gclid dclid gbraid wbraid gclsrc msclkid twclid ttclid yclid igshid igsh li_fat_id
    rb_clickid s_cid cmpid cmp ito xtor ref_src ref_url smid smtyp wickedid mkt_tok _ga _gl _hsenc
    _hsmi __twitter_impression ocid srnd taid guccounter guce_referrer guce_referrer_sig
    fb_action_ids fb_action_types
    """.split()  # noqa: SIM905 - names, as a reader scans them
)

_KEPT_IN_PATH = "/%:@!$&'()*+,;=~-._"
_KEPT_IN_QUERY = _KEPT_IN_PATH + "?"
_ESCAPE = re.compile("%[0-9a-fA-F]{2}")
_BLANK = re.compile("[\\s\x00-\x1f\x7f\ud800-\udfff]")


class UrlError(ValueError):
    """Not the address of an article; the text says why and repeats nothing of it."""


def canonical_url(told: str) -> str:
    """Scheme and host in lower case, no default port, credentials, fragment or tracking parameters (RFC 3986, 6.2).

    The other parameters keep their order. Applying it twice changes nothing. Raises `UrlError`.
    """
    parts = _split(told.strip())
    host = _host(parts)
    port = _port(parts)
    netloc = host if port is None else f"{host}:{port}"
    path = _escaped(parts.path, _KEPT_IN_PATH) or "/"
    return urlunsplit((parts.scheme, netloc, path, _query(parts.query), ""))


def host_of(url: str) -> str:
    """The host of a canonical URL, without `www.`: the outlet's name where no other was told."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _split(told: str) -> SplitResult:
    if len(told) > MAX_URL_CHARACTERS:
        raise UrlError(f"is longer than {MAX_URL_CHARACTERS} characters")
    if _BLANK.search(told):
        raise UrlError("holds a space or another character that no URL holds")
    try:
        parts = urlsplit(told)
    except ValueError:
        raise UrlError("is not a URL") from None
    if parts.scheme not in DEFAULT_PORTS:
        raise UrlError("is not an http or https URL")
    return parts


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    if not host:
        raise UrlError("names no host")
    if ":" in host:
        return f"[{host}]"
    try:
        host = host if host.isascii() else host.encode("idna").decode()
    except UnicodeError:
        raise UrlError("has a host that is no domain name") from None
    if not re.fullmatch(r"[a-z0-9._-]+", host):
        raise UrlError("has a host that is no domain name")
    return host


def _port(parts: SplitResult) -> int | None:
    try:
        port = parts.port
    except ValueError:
        raise UrlError("has a port that is no number up to 65535") from None
    return None if port == DEFAULT_PORTS[parts.scheme] else port


def _query(query: str) -> str:
    kept = [pair for pair in query.split("&") if pair and not _is_tracking(pair.partition("=")[0])]
    return _escaped("&".join(kept), _KEPT_IN_QUERY)


def _is_tracking(name: str) -> bool:
    name = name.lower()
    return name in TRACKING_NAMES or name.startswith(TRACKING_PREFIXES)


def _escaped(part: str, kept: str) -> str:
    """Escapes in capitals; what may not stand in a URL escaped, a `%` that begins no escape included."""
    whole = _ESCAPE.sub(lambda found: found.group().upper(), part)
    return quote(re.sub("%(?![0-9A-F]{2})", "%25", whole), safe=kept)
