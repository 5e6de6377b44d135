"""Which network addresses and host names a page may be fetched from: public ones only. No I/O but a socket bind.

`ipaddress.is_global` alone is wrong: it calls NAT64, 6to4, site-local and multicast addresses global (measured).
"""

from __future__ import annotations

import ipaddress
import re
import socket
import unicodedata

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NEVER = tuple(
    ipaddress.ip_network(one)
    for one in (
        "0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15",
        "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "::/128", "::1/128", "100::/64",
        "2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
        "64:ff9b:1::/48",
    )
)  # fmt: skip
_COMPATIBLE = ipaddress.ip_network("::/96")
_TRANSLATED = ipaddress.ip_network("::ffff:0:0:0/96")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_6TO4 = ipaddress.ip_network("2002::/16")
_TEREDO = ipaddress.ip_network("2001::/32")
_GLOBAL_V6 = ipaddress.ip_network("2000::/3")

_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?")
_LOCAL_ENDINGS = frozenset(
    "localhost local internal lan home intranet private corp localdomain arpa onion test invalid example".split()
)


def embedded(address: Address) -> list[Address]:
    """Return the address and the IPv4 addresses carried inside it (mapped, compatible, NAT64, 6to4, Teredo)."""
    found: list[Address] = [address]
    if isinstance(address, ipaddress.IPv6Address):
        low = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if address.ipv4_mapped is not None:
            return [address.ipv4_mapped]
        if any(address in network for network in (_COMPATIBLE, _TRANSLATED, _NAT64)):
            found.append(low)
        if address in _6TO4:
            found.append(ipaddress.IPv4Address(int(address) >> 80 & 0xFFFFFFFF))
        if address in _TEREDO:
            found += [ipaddress.IPv4Address(~int(address) & 0xFFFFFFFF)]
    return found


def why_not_public(address: str) -> str:
    """Return why an address may not be contacted, or "" for a public one."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return f"{address!r} is not an address"
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.scope_id:
        return f"{address} names a network interface"
    for one in embedded(parsed):
        if any(one.version == network.version and one in network for network in _NEVER):
            return f"{address} is reserved or on a private network"
        if one.is_private or one.is_loopback or one.is_link_local or one.is_multicast or one.is_unspecified:
            return f"{address} is on this computer or a private network"
        if isinstance(one, ipaddress.IPv6Address) and one not in _GLOBAL_V6 and one not in _NAT64:
            return f"{address} is not a public address"
    if is_own(parsed):
        return f"{address} is this computer"
    return ""


def is_own(address: Address) -> bool:
    """Say whether the address belongs to an interface of this computer: only then can a socket be bound to it."""
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.bind((str(address), 0))
    except OSError:
        return False
    return True


def checked_host(host: str) -> str:
    """Return a host in its plain form: an address as it is, a name in lower-case ASCII without a final dot.

    Raises:
        ValueError: not a public name, or an address in a form that programs read differently (127.1, 0x7f.1).
    """
    plain = unicodedata.normalize("NFKC", host).replace("。", ".").lower()
    if "%" in plain or any(ord(one) < 33 for one in plain):
        raise ValueError(f"the host {host!r} holds signs that do not belong there")
    if plain.startswith("[") and plain.endswith("]"):
        return str(ipaddress.IPv6Address(plain[1:-1]))
    if ":" in plain:
        return str(ipaddress.IPv6Address(plain))
    plain = plain.removesuffix(".")
    if not plain.isascii():
        plain = plain.encode("idna").decode("ascii")
    labels = plain.split(".")
    if re.fullmatch(r"\d+|0x[0-9a-f]*", labels[-1]):
        # What ends in a number is an IPv4 address for a browser: only the four plain decimal parts are taken.
        return str(ipaddress.IPv4Address(plain))
    if len(plain) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise ValueError(f"{host!r} is not a host name")
    if len(labels) == 1 or labels[-1] in _LOCAL_ENDINGS:
        raise ValueError(f"{host!r} is a name inside a private network")
    return plain
