"""Accounts: which company a person belongs to, as far as an address or a website tells."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

# Mailbox providers anyone can join: their domain says nothing about a company.
_FREE_MAIL_DOMAINS = """
126.com 163.com 139.com aim.com aliyun.com alice.it aol.com aon.at arcor.de att.net bbox.fr
bellsouth.net bigpond.com bluewin.ch bol.com.br btinternet.com charter.net comcast.net cox.net
daum.net earthlink.net email.com email.cz excite.com fastmail.com fastmail.fm free.fr freenet.de
frontier.com gmail.com gmx.at gmx.ch gmx.com gmx.de gmx.net googlemail.com hanmail.net hey.com
home.nl hotmail.co.uk hotmail.com hotmail.de hotmail.es hotmail.fr hotmail.it hushmail.com
icloud.com inbox.com inbox.ru interia.pl juno.com laposte.net libero.it list.ru live.co.uk
live.com live.fr live.nl mac.com mail.com mail.ru me.com msn.com naver.com netscape.net
netzero.net ntlworld.com o2.pl onet.pl optonline.net orange.fr outlook.com outlook.de outlook.es
outlook.fr pm.me proton.me protonmail.com qq.com rambler.ru rediffmail.com rocketmail.com
sbcglobal.net seznam.cz sfr.fr shaw.ca sina.com sky.com skynet.be sohu.com sympatico.ca
t-online.de talktalk.net terra.com.br tin.it tiscali.it tuta.com tutanota.com ukr.net uol.com.br
verizon.net virgilio.it virginmedia.com vodafone.it wanadoo.fr web.de wp.pl xtra.co.nz yahoo.ca
yahoo.co.in yahoo.co.jp yahoo.co.uk yahoo.com yahoo.com.br yahoo.de yahoo.es yahoo.fr yahoo.in
yahoo.it yandex.com yandex.ru ymail.com zoho.com zohomail.com
"""
FREE_MAIL = frozenset(_FREE_MAIL_DOMAINS.split())

# A scheme only before "//": "acme.com:8080" is a host and a port.
_HOST = re.compile(r"(?:(?:[a-z][a-z0-9+.-]*:)?//)?(?:[^@/\s]*@)?([^/:?#\s]+)", re.IGNORECASE)


@lru_cache(maxsize=65536)
def registrable_domain(host: str) -> str | None:
    """Return the domain a company registers ("mail.acme.co.uk" -> "acme.co.uk"), or None.

    By the Public Suffix List (publicsuffix.org), bundled with publicsuffixlist.
    """
    host = host.strip().rstrip(".").lower()
    if "." not in host or host.replace(".", "").isdigit():
        return None
    if not host.isascii():
        try:
            host = host.encode("idna").decode()
        except UnicodeError:
            return None
    domain: str | None = _suffixes().privatesuffix(host)
    return domain


def account_of(address: str | None, website: str | None) -> str | None:
    """Return the account of a person: the company's registrable domain, or None.

    Args:
        address: Normalised e-mail address.
        website: Website as a list gives it, with or without a scheme.
    """
    if address is not None:
        domain = registrable_domain(address.rpartition("@")[2])
        if domain is not None and domain not in FREE_MAIL:
            return domain
    if website:
        found = _HOST.match(website.strip())
        domain = registrable_domain(found[1]) if found else None
        if domain is not None and domain not in FREE_MAIL and domain != "linkedin.com":
            return domain
    return None


@cache
def _suffixes() -> PublicSuffixList:
    from publicsuffixlist import PublicSuffixList  # noqa: PLC0415 - loads its list, 0.05 s

    return PublicSuffixList()
