"""Holds one incident against many subscriptions: how long it takes, and how many want it.

    python -m benchmarks.matching [--subscriptions 1000]

The filters are made so that none is told apart early: a third have a polygon around the place, a third a circle, all a
negation.
"""

import argparse
import statistics
import sys
import time

from schemas.subscription import Filters
from services.alerting.facts import Facts
from services.alerting.match import compiled
from tests.factories import incident

LIMIT_MS = 5.0
ROUNDS = 100


def main() -> int:
    """Exit code 1 where the median is not under the limit."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--subscriptions", type=int, default=1000)
    count = parser.parse_args().subscriptions
    matchers = [compiled(_filters(number)) for number in range(count)]
    told, took = incident(), []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        facts = Facts(told)
        found = sum(matcher(facts) for matcher in matchers)
        took.append((time.perf_counter() - started) * 1000)
    median, best = statistics.median(took), min(took)
    print(f"{found} of {count} want it; median {median:.2f} ms, best {best:.2f} ms of {ROUNDS} rounds")
    return 0 if median < LIMIT_MS else 1


def _filters(number: int) -> Filters:
    lat, lon, far = 35.93, 36.63, 0.5
    ring = [(lon - far, lat - far), (lon + far, lat - far), (lon + far, lat + far), (lon - far, lat + far)]
    area = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    where: list[dict[str, object]] = [{"area": area}, {"near": {"lat": lat, "lon": lon, "radius_km": 20}}, {}]
    asked = {"kinds": ["air_strike"], "countries": ["SY"], "min_killed": number % 5, **where[number % 3]}
    return Filters.model_validate({**asked, "not": {"sources": [f"wire {number}"], "actors": ["nobody"]}})


if __name__ == "__main__":
    sys.exit(main())
