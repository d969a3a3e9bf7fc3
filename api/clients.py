"""Who asks, by what name, and under which id: from header fields only as far as the settings trust them."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import count

from glossary.serving import Network, Serving

_SANE_ID = re.compile(rb"(?!glossary_)[A-Za-z0-9._:-]{1,64}")
_FOR = re.compile(r"""for=(?:"([^"]*)"|([^;,\s"]*))""", re.IGNORECASE)
_PORT = re.compile(r"(\[[^\]]*\]|[^:\[\]]*)(?::[0-9]{1,5})?")
_FIELDS = re.compile(rb"\r\n(host|x-request-id|x-forwarded-for|forwarded):[ \t]*([^\r\n]*?)[ \t]*(?=\r\n)", re.IGNORECASE)  # fmt: skip
_MADE = f"{os.urandom(4).hex()}-".encode()
_numbers = count(1)
_V6_NETWORK = 64
Fields = Iterable[tuple[bytes, bytes]]


def request_id(given: bytes = b"") -> bytes:
    """The id that the client or a proxy gave, if it is sane: 1 to 64 letters, digits and ``._:-``, and no key; else a new one."""
    return given if given and _SANE_ID.fullmatch(given) else _MADE + b"%x" % next(_numbers)


def fields_of(head: bytes) -> list[tuple[bytes, bytes]]:
    """Those fields of a plain request's head that matter here, their names in lower case."""
    return [(name.lower(), value) for name, value in _FIELDS.findall(head)]


def who_asks(peer: str, fields: Fields, trusted: tuple[Network, ...], header: str = "X-Forwarded-For") -> str:
    """The address of the client, as quotas know it: of IPv6 the network of 64 bits, which is one household's.

    Where the peer is a trusted proxy, the last address that is none in the ``header`` that it writes, X-Forwarded-For or
    Forwarded (RFC 7239): what stands before it, or in the other, the client may have made up.
    """
    address = _address(peer)
    if trusted and address and _within(address, trusted):
        for told in reversed(_told(fields, header)):
            said = _address(told)
            if said is None:
                break
            address = said
            if not _within(address, trusted):
                break
    if address is None:
        return peer
    if address.version == 6 and address.ipv4_mapped:
        return str(address.ipv4_mapped)
    if address.version == 6:
        return str(ipaddress.ip_network((address, _V6_NETWORK), strict=False))
    return str(address)


def right_host(serving: Serving, fields: Fields) -> bool:
    """Whether the Host field names one of the hosts of the settings; true where they name none."""
    if not serving.hosts:
        return True
    host = next((value for name, value in fields if name == b"host"), b"").decode("latin-1")
    named = _PORT.fullmatch(host.strip().lower())
    return named is not None and named[1].rstrip(".") in serving.hosts


def _told(fields: Fields, header: str) -> list[str]:
    wanted = header.lower().encode()
    said = ",".join(value.decode("latin-1") for name, value in fields if name == wanted)
    if wanted == b"forwarded":
        return [quoted or bare for quoted, bare in _FOR.findall(said)]
    return [part.strip() for part in said.split(",") if part.strip()]


@lru_cache(256)
def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    for form in (text, (_PORT.fullmatch(text) or ("", ""))[1]):
        try:
            return ipaddress.ip_address(form.strip("[]"))
        except ValueError:
            continue
    return None


def _within(address: ipaddress.IPv4Address | ipaddress.IPv6Address, networks: tuple[Network, ...]) -> bool:
    return any(address in network for network in networks)
