"""Why something failed: one closed list for logs, metric labels and dead-letter headers alike."""

from enum import StrEnum


class FailureReason(StrEnum):
    """A reason; its text is the label value. Adding one is a change of the metrics' contract."""

    DECODE_ERROR = "decode_error"  # the bytes are not JSON, or not the topic's schema
    ENVELOPE_ERROR = "envelope_error"  # CloudEvents headers missing or contradictory
    TOO_LARGE = "too_large"  # the result would exceed the topic's record limit
    REFUSED = "refused"  # a correction that cannot be carried out: no such incident, or it was merged
    HANDLER_ERROR = "handler_error"  # the handler raised; a defect of ours
    STUCK = "stuck"  # the record was in hand at three starts of the service
    BROKER_UNAVAILABLE = "broker_unavailable"
    CACHE_UNAVAILABLE = "cache_unavailable"
    STALE_PROJECTION = "stale_projection"
    TIMEOUT = "timeout"  # an endpoint did not answer in time
    CONNECTION_ERROR = "connection_error"  # refused, reset, DNS or TLS
    FORBIDDEN_ADDRESS = "forbidden_address"  # an endpoint's name leads to a private address
    REDIRECT = "redirect"  # 3xx counts as a failure (Standard Webhooks)
    CLIENT_ERROR = "client_error"  # 4xx other than 410 and 429
    GONE = "gone"  # 410: the endpoint asks to be disabled
    RATE_LIMITED = "rate_limited"  # 429
    SERVER_ERROR = "server_error"  # 5xx
    UNKNOWN_SUBSCRIPTION = "unknown_subscription"  # removed before its alert was delivered
    ATTEMPTS_EXHAUSTED = "attempts_exhausted"
    EXPIRED = "expired"  # an alert that could not be delivered while it was of use
