"""One trace from a report to its webhook, a new span at each hop."""

from services.common import tracing


def test_a_child_keeps_the_trace_and_takes_a_new_span() -> None:
    root = tracing.new_traceparent()
    child = tracing.child(root)
    assert tracing.is_valid(root)
    assert tracing.is_valid(child)
    assert tracing.trace_id(child) == tracing.trace_id(root)
    assert child != root


def test_without_a_parent_a_trace_begins() -> None:
    assert tracing.is_valid(tracing.child(None))


def test_what_is_not_a_traceparent_is_told() -> None:
    assert not tracing.is_valid("00-xyz-1-01")
    assert not tracing.is_valid("")
