"""Bytes packed by a stranger in, the bytes within them out, bounded: a gzip bomb ends where the bound is."""

import zlib
from collections.abc import Iterator

_AUTO_DETECTED = 32 + zlib.MAX_WBITS  # gzip or zlib
STEP_BYTES = 64 * 1024


class TooLargeError(ValueError):
    """What was unpacked is larger than the bound."""


class BrokenError(ValueError):
    """Neither gzip nor zlib, or cut off."""


class Inflater:
    """Unpacks gzip (several members, too) or zlib, piece by piece."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._count = 0
        self._unpacker = zlib.decompressobj(_AUTO_DETECTED)

    def feed(self, packed: bytes) -> bytes:
        """What the next piece holds. Raises `TooLargeError`, `BrokenError`."""
        return b"".join(self.pieces(packed))

    def pieces(self, packed: bytes) -> Iterator[bytes]:
        """The same in steps of at most `STEP_BYTES`."""
        while packed:
            if self._unpacker.eof:
                self._unpacker = zlib.decompressobj(_AUTO_DETECTED)
            yield self._step(packed)
            packed = self._unpacker.unconsumed_tail or self._unpacker.unused_data

    def _step(self, packed: bytes) -> bytes:
        try:
            unpacked = self._unpacker.decompress(packed, STEP_BYTES)
        except zlib.error:
            raise BrokenError("is not the gzip that its header promises") from None
        self._count += len(unpacked)
        if self._count > self._limit:
            raise TooLargeError(f"is larger than {self._limit} bytes once unpacked")
        return unpacked

    def close(self) -> None:
        """Raises `BrokenError` where the end is missing."""
        if not self._unpacker.eof:
            raise BrokenError("ends before its gzip does")
