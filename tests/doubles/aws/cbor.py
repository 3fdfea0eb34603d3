"""CBOR (RFC 8949) as far as Smithy's RPC v2 uses it: both lengths of strings, lists and maps, tag 1 for times."""

from __future__ import annotations

import datetime
import struct
from typing import Any


class Malformed(ValueError):
    """Bytes that are no CBOR of Smithy's."""


_BREAK = object()


def dumps(value: Any) -> bytes:
    """The bytes of a value."""
    if value is None:
        return b"\xf6"
    if isinstance(value, bool):
        return b"\xf5" if value else b"\xf4"
    if isinstance(value, int):
        return _head(0, value) if value >= 0 else _head(1, -1 - value)
    if isinstance(value, float):
        return b"\xfb" + struct.pack(">d", value)
    if isinstance(value, datetime.datetime):
        return b"\xc1" + dumps(value.timestamp())
    if isinstance(value, bytes):
        return _head(2, len(value)) + value
    if isinstance(value, str):
        text = value.encode()
        return _head(3, len(text)) + text
    if isinstance(value, (list, tuple)):
        return _head(4, len(value)) + b"".join(dumps(item) for item in value)
    if isinstance(value, dict):
        pairs = (dumps(str(key)) + dumps(item) for key, item in value.items())
        return _head(5, len(value)) + b"".join(pairs)
    raise TypeError(f"{type(value).__name__} has no CBOR")


def _head(major: int, argument: int) -> bytes:
    if argument < 24:
        return bytes([major << 5 | argument])
    for code, form, limit in ((24, ">B", 1 << 8), (25, ">H", 1 << 16), (26, ">I", 1 << 32), (27, ">Q", 1 << 64)):
        if argument < limit:
            return bytes([major << 5 | code]) + struct.pack(form, argument)
    raise OverflowError(argument)


def loads(data: bytes) -> Any:
    """The value of bytes; `Malformed` if they are none, or more than one."""
    reader = _Reader(data)
    value = reader.item()
    if reader.at != len(data):
        raise Malformed(f"{len(data) - reader.at} bytes after the value")
    return value


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, count: int) -> bytes:
        if self.at + count > len(self.data):
            raise Malformed("ends too early")
        self.at += count
        return self.data[self.at - count : self.at]

    def item(self) -> Any:
        first = self.take(1)[0]
        major, low = first >> 5, first & 31
        if major == 7:
            return self.simple(low)
        if low == 31:
            return self.indefinite(major)
        argument = self.argument(low)
        if major == 0:
            return argument
        if major == 1:
            return -1 - argument
        if major == 2:
            return self.take(argument)
        if major == 3:
            return self.take(argument).decode()
        if major == 4:
            return [self.item() for _ in range(argument)]
        if major == 5:
            return {self.item(): self.item() for _ in range(argument)}
        if argument != 1:
            raise Malformed(f"tag {argument}")
        return datetime.datetime.fromtimestamp(float(self.item()), datetime.UTC)

    def argument(self, low: int) -> int:
        if low < 24:
            return low
        if low > 27:
            raise Malformed(f"length code {low}")
        return int.from_bytes(self.take(1 << (low - 24)), "big")

    def simple(self, low: int) -> Any:
        if low in (20, 21):
            return low == 21
        if low in (22, 23):
            return None
        if low == 31:
            return _BREAK
        forms = {25: ">e", 26: ">f", 27: ">d"}
        if low not in forms:
            raise Malformed(f"simple value {low}")
        return struct.unpack(forms[low], self.take(1 << (low - 24)))[0]

    def indefinite(self, major: int) -> Any:
        items = []
        while (item := self.item()) is not _BREAK:
            items.append(item)
        if major == 2:
            return b"".join(items)
        if major == 3:
            return "".join(items)
        if major == 4:
            return items
        if major == 5:
            return dict(zip(items[::2], items[1::2], strict=True))
        raise Malformed(f"indefinite length of major type {major}")
