"""Places: the countries that a definition names, and the country that a cell means.

Names and codes are ISO 3166's, as pycountry has them; the regions are those that sales teams
speak of, made of whole countries (UN M49 where it has the region).
"""

from __future__ import annotations

import re
from functools import cache

from icptest.icp.phrases import Phrases, phrase_key, says_nothing

_NORTH_AMERICA = "US CA MX"
_DACH = "DE AT CH"
_NORDICS = "DK FI IS NO SE"
_BENELUX = "BE NL LU"
_UK_AND_IRELAND = "GB IE"
_EUROPEAN_UNION = "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE"
_EUROPE = (
    f"{_EUROPEAN_UNION} GB CH NO IS LI AD AL BA BY FO GI GG IM JE MC MD ME MK RS RU SM UA VA XK"
)
_MIDDLE_EAST = "AE BH EG IL IQ IR JO KW LB OM PS QA SA SY TR YE"
_AFRICA = (
    "AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG ER ET GA GH GM GN GQ GW KE KM LR LS LY MA MG ML MR "
    "MU MW MZ NA NE NG RW SC SD SL SN SO SS ST SZ TD TG TN TZ UG ZA ZM ZW"
)
_LATIN_AMERICA = "AR BO BR BZ CL CO CR CU DO EC GT GY HN HT JM MX NI PA PE PR PY SR SV TT UY VE"
_OCEANIA = "AU NZ FJ PG"
_ASIA = (
    "AF AM AZ BD BN BT CN GE HK ID IN JP KG KH KR KZ LA LK MM MN MO MV MY NP PH PK SG TH TJ TL TM "
    "TW UZ VN"
)
_REGIONS = {
    "north america": _NORTH_AMERICA,
    "america canada": "US CA",
    "dach": _DACH,
    "nordics": _NORDICS,
    "scandinavia": "DK NO SE",
    "benelux": _BENELUX,
    "uk ireland": _UK_AND_IRELAND,
    "uki": _UK_AND_IRELAND,
    "british isles": _UK_AND_IRELAND,
    "european union": _EUROPEAN_UNION,
    "eu": _EUROPEAN_UNION,
    "europe": _EUROPE,
    "emea": f"{_EUROPE} {_MIDDLE_EAST} {_AFRICA}",
    "middle east": _MIDDLE_EAST,
    "africa": _AFRICA,
    "latin america": _LATIN_AMERICA,
    "latam": _LATIN_AMERICA,
    "south america": "AR BO BR CL CO EC GY PE PY SR UY VE",
    "oceania": _OCEANIA,
    "anz": "AU NZ",
    "asia": f"{_ASIA} {_MIDDLE_EAST.replace('EG ', '')}",
    "apac": f"{_ASIA} {_OCEANIA}",
    "asia pacific": f"{_ASIA} {_OCEANIA}",
}
_MORE_NAMES = {
    "us": "US",
    "u s": "US",
    "korea": "KR",
    "u s a": "US",
    "america": "US",
    "united states america": "US",
    "uk": "GB",
    "u k": "GB",
    "great britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "northern ireland": "GB",
    "uae": "AE",
    "russia": "RU",
    "turkey": "TR",
    "ivory coast": "CI",
    "holland": "NL",
    "czech republic": "CZ",
    "deutschland": "DE",
    "espa\u00f1a": "ES",
    "italia": "IT",
    "brasil": "BR",
    "m\u00e9xico": "MX",
    "\u00f6sterreich": "AT",
    "schweiz": "CH",
    "hong kong": "HK",
    "macau": "MO",
    "kosovo": "XK",
    "philipines": "PH",
}
_US_STATES = (
    " AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM "
    "NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC "
)
_CANADIAN_PROVINCES = " AB BC MB NB NL NS NT NU ON PE QC SK YT "
_SEVERAL = re.compile(r"[;|\n]")


def country_of(name: str) -> str | None:
    """Return the two-letter code of a country by name or code, or None where it is none."""
    return _names().get(phrase_key(name).strip())


def countries_of(name: str) -> frozenset[str] | None:
    """Return the countries of a region or of one country, or None where it is neither."""
    region = _REGIONS.get(phrase_key(name).strip())
    if region is not None:
        return frozenset(region.split())
    country = country_of(name)
    return None if country is None else frozenset((country,))


class Places:
    """Where a company must be.

    Args:
        texts: Countries, regions ("DACH", "North America"), or any words that must stand in
            the cell, such as a city.
    """

    def __init__(self, texts: tuple[str, ...]) -> None:
        found = [(text, countries_of(text)) for text in texts]
        self._countries = frozenset(code for _, codes in found if codes for code in codes)
        self._words = tuple(text for text, codes in found if codes is None)

    def said_by(self, cell: str) -> bool | None:
        """Tell whether a location lies in one of the places.

        Of several locations in a cell (";" between them) one is enough. None where the cell is
        empty, or where it names no country that is known and countries were asked for.
        """
        if says_nothing(cell):
            return None
        places = [_read_place(place) for place in _SEVERAL.split(cell) if not says_nothing(place)]
        if any(codes and codes <= self._countries for codes in places):
            return True
        if any(codes & self._countries for codes in places):
            return None  # "Europe", where Germany was asked for
        if self._words and Phrases(self._words).said_by(cell):
            return True
        # "San Francisco Bay Area" names no country, and may lie in the one asked for.
        return None if self._countries and not all(places) else False


def _read_place(text: str) -> frozenset[str]:
    """Return the countries that one location can lie in: "Austin, TX" -> US; none: unknown."""
    whole = countries_of(text)
    if whole is not None:
        return whole
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not parts:
        return frozenset()
    country = _by_state(parts) or country_of(parts[-1])
    if country is None and len(parts) > 1:
        country = country_of(parts[0])
    return frozenset((country,)) if country else frozenset()


def _by_state(parts: list[str]) -> str | None:
    """Return the country of "Austin, TX": "San Francisco, CA" is California."""
    if len(parts) == 1:
        return None
    last, before = (f" {part.upper()} " for part in (parts[-1], parts[-2]))
    states = _US_STATES + _CANADIAN_PROVINCES
    after_state = len(parts) > 2 and before in states  # noqa: PLR2004 - a city, a state, a country
    if after_state:  # "Toronto, ON, CA" ends with its country
        return None
    if last in _US_STATES:
        return "US"
    return "CA" if last in _CANADIAN_PROVINCES else None


@cache
def _names() -> dict[str, str]:
    import pycountry  # noqa: PLC0415 - reads its tables, and few commands ask for places

    names: dict[str, str] = {}
    for country in pycountry.countries:
        written = (
            *(country.alpha_2, country.alpha_3, country.name, country.name.partition(",")[0]),
            *(getattr(country, "common_name", ""), getattr(country, "official_name", "")),
        )
        for name in filter(None, written):
            names.setdefault(phrase_key(name).strip(), country.alpha_2)
    # Two countries, or a country and a state, share these names: they mean neither.
    for shared in ("congo", "virgin islands", "georgia"):
        names.pop(shared, None)
    return {**names, **_MORE_NAMES}


def countries_in(cell: str) -> tuple[frozenset[str], ...]:
    """Return the countries of each location of a cell (";" between them), as far as known."""
    places = (_read_place(place) for place in _SEVERAL.split(cell) if not says_nothing(place))
    return tuple(codes for codes in places if codes)
