"""Whether an Ed25519 signature is true (RFC 8032 §5.1.7), for extract-signed().

Written out because this room imports no cryptographic library, and because verifying handles no
secret: nothing here has to run in constant time. Points are in extended coordinates (x, y, z, t)
with x = X/Z, y = Y/Z, x·y = T/Z.
"""

from __future__ import annotations

from hashlib import sha512
from typing import TypeAlias

_P = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_ROOT_OF_MINUS_ONE = pow(2, (_P - 1) // 4, _P)

_Point: TypeAlias = tuple[int, int, int, int]
_NEUTRAL: _Point = (0, 1, 1, 0)


def is_signed(words: bytes, signature: bytes, key: bytes) -> bool:
    """Whether the 64 bytes are the signature of the words by the owner of the 32-byte key."""
    if len(signature) != 64 or len(key) != 32:
        return False
    owner, commitment = _point(key), _point(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if owner is None or commitment is None or scalar >= _ORDER:
        return False
    digest = sha512(signature[:32] + key + words).digest()
    challenge = int.from_bytes(digest, "little") % _ORDER
    return _same(_times(scalar, _BASE), _sum(commitment, _times(challenge, owner)))


def _point(text: bytes) -> _Point | None:
    """A point from its 32 bytes: y, and the sign of x in the highest bit (§5.1.3)."""
    number = int.from_bytes(text, "little")
    sign, y = number >> 255, number & ((1 << 255) - 1)
    x = _x_of(y, sign)
    return None if x is None else (x, y, 1, x * y % _P)


def _x_of(y: int, sign: int) -> int | None:
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    if square == 0:
        return None if sign else 0
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT_OF_MINUS_ONE % _P
    if (x * x - square) % _P:
        return None
    return _P - x if x & 1 != sign else x


def _sum(one: _Point, two: _Point) -> _Point:
    x1, y1, z1, t1 = one
    x2, y2, z2, t2 = two
    a, b = (y1 - x1) * (y2 - x2) % _P, (y1 + x1) * (y2 + x2) % _P
    c, d = 2 * t1 * t2 * _D % _P, 2 * z1 * z2 % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _times(scalar: int, point: _Point) -> _Point:
    result = _NEUTRAL
    while scalar:
        if scalar & 1:
            result = _sum(result, point)
        point = _sum(point, point)
        scalar >>= 1
    return result


def _same(one: _Point, two: _Point) -> bool:
    return (one[0] * two[2] - two[0] * one[2]) % _P == 0 == (one[1] * two[2] - two[1] * one[2]) % _P


_BASE_Y = 4 * pow(5, -1, _P) % _P
_BASE_X = _x_of(_BASE_Y, 0) or 0
_BASE: _Point = (_BASE_X, _BASE_Y, 1, _BASE_X * _BASE_Y % _P)
