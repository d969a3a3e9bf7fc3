"""Dates as styles write them. A date is ISO 8601 of any precision: ``2008``, ``2008-06``, ``2008-06-01``."""

from __future__ import annotations

from datetime import date

from glossary.errors import InvalidValue

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_BLUEBOOK = ["Jan.", "Feb.", "Mar.", "Apr.", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec."]


def year(iso: str) -> str:
    return iso[:4]


def chinese(iso: str) -> str:
    """2008年6月1日."""
    return "".join(str(int(part)) + unit for part, unit in zip(iso.split("-"), "年月日", strict=False) if part)


def american(iso: str) -> str:
    """June 1, 2008 (Chicago 6.38)."""
    return _month_first(iso, _MONTHS)


def bluebook(iso: str) -> str:
    """Dec. 29, 2007 (Bluebook table T12)."""
    return _month_first(iso, _BLUEBOOK)


def british(iso: str) -> str:
    """1 June 2008 (OSCOLA 3.1.4 and the manual of legal citation)."""
    return _day_first(iso, _MONTHS)


def mla(iso: str) -> str:
    """29 Dec. 2007 (MLA 5.68-5.83)."""
    return _day_first(iso, _BLUEBOOK)


def apa(iso: str) -> str:
    """2007, December 29 (APA 9.13); n.d. where there is none (9.17)."""
    if not iso:
        return "n.d."
    words = american(iso).partition(",")[0] if len(iso) == 10 else american(iso).rpartition(" ")[0]
    return f"{iso[:4]}, {words}" if words else iso[:4]


def day(text: str, name: str) -> str:
    """The text, which is a whole date or empty. Raises `InvalidValue`."""
    try:
        if text and date.fromisoformat(text).isoformat() != text:
            raise ValueError
    except ValueError:
        raise InvalidValue(name, text, "write a date as 2026-11-22") from None
    return text


def _parts(iso: str, months: list[str]) -> tuple[str, str, str]:
    found = [*iso.split("-"), "", ""]
    return found[0], months[int(found[1]) - 1] if found[1] else "", str(int(found[2])) if found[2] else ""


def _month_first(iso: str, months: list[str]) -> str:
    year, month, day = _parts(iso, months)
    return f"{month} {day}, {year}" if day else " ".join(filter(None, (month, year)))


def _day_first(iso: str, months: list[str]) -> str:
    year, month, day = _parts(iso, months)
    return " ".join(filter(None, (day, month, year)))
