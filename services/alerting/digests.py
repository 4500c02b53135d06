"""Puts off what is beyond a subscription's rate: lanes in, one digest when the hour allows it, its attempts out."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from itertools import count

from services.alerting.attempts import Attempts
from services.alerting.clock import Clock
from services.alerting.lanes import Lane
from services.alerting.limiter import Limiter
from services.alerting.records import Attempt
from services.common.logging import get_logger

log = get_logger(__name__)

Told = dict[Lane, list[Attempt]]


@dataclass(eq=False)
class _Collecting:
    """One digest before it is sent."""

    name: str
    lanes: list[Lane] = field(default_factory=list)
    told: "asyncio.Future[Told]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    task: "asyncio.Task[None] | None" = None


class Digests:
    """The digests of one worker, one at a time for each subscription; they count as one message each."""

    def __init__(
        self,
        attempts: Attempts,
        limiter: Limiter,
        clock: Clock,
        gate: Callable[[str], AbstractAsyncContextManager[None]],
    ) -> None:
        self._attempts = attempts
        self._limiter = limiter
        self._clock = clock
        self._gate = gate
        self._collecting: dict[str, _Collecting] = {}
        self._number = count()

    async def attempts_for(self, lane: Lane) -> list[Attempt] | None:
        """None where the lane's head may go by itself; else the attempts at what the lane held when its digest went.

        Waits with the lane until then. The lane is busy on return, so that its records are not cut off.
        """
        head = lane.queue[0]
        subscription = head.alert.subscription_id
        limit = self._attempts.limit(subscription)
        if limit is None or head.redelivery is not None:
            return None
        if subscription not in self._collecting and not await self._limiter.take(
            subscription, head.alert_id, limit
        ):
            return None
        return await self._join(subscription, lane)

    async def _join(self, subscription: str, lane: Lane) -> list[Attempt]:
        collecting = self._collecting.get(subscription)
        if collecting is None:
            # a name of its own at each restart too: the alert that began it is in no other digest's name
            name = f"{lane.queue[0].alert_id}/digest/{next(self._number)}"
            collecting = self._collecting[subscription] = _Collecting(name)
            collecting.task = asyncio.create_task(self._run(subscription, collecting))
        collecting.lanes.append(lane)
        try:
            return (await asyncio.shield(collecting.told)).get(lane, [])
        except asyncio.CancelledError:
            # its partition goes to another worker, which tells what it held
            collecting.lanes.remove(lane)
            raise

    async def _run(self, subscription: str, collecting: _Collecting) -> None:
        try:
            await self._until_allowed(subscription, collecting)
            async with self._gate(subscription), self._attempts.turn(subscription):
                told = await self._send(subscription, collecting)
        except Exception as error:
            # a defect of ours; the alerts are still on their topic, for the next start
            log.exception("digest_failed", subscription=subscription)
            collecting.told.set_exception(error)
        else:
            collecting.told.set_result(told)
        finally:
            self._close(subscription, collecting)

    def _close(self, subscription: str, collecting: _Collecting) -> None:
        """Whoever comes from now on is in the next one."""
        if self._collecting.get(subscription) is collecting:
            del self._collecting[subscription]

    async def _until_allowed(self, subscription: str, collecting: _Collecting) -> None:
        while (limit := self._attempts.limit(subscription)) is not None:
            wait = await self._limiter.take(subscription, collecting.name, limit)
            if wait <= 0:
                return
            await self._clock.sleep(min(max(wait, 0.001), 60.0))

    async def _send(self, subscription: str, collecting: _Collecting) -> Told:
        self._close(subscription, collecting)
        lanes = [lane for lane in collecting.lanes if lane.queue and not lane.leaving]
        for lane in lanes:
            lane.busy = True
        held = [(lane, pending) for lane in lanes for pending in lane.queue]
        if not held:
            return {}
        made = await self._attempts.make_together([pending for _, pending in held])
        told: Told = {lane: [] for lane in lanes}
        for (lane, _), attempt in zip(held, made, strict=True):
            told[lane].append(attempt)
        return told
