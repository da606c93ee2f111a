"""Fields: what a column of a list of companies can hold, and what such columns are called."""

from __future__ import annotations

from enum import StrEnum


class Field(StrEnum):
    """What a column holds, as far as a definition asks for it."""

    COMPANY = "company"
    WEBSITE = "website"
    EMAIL = "email"
    INDUSTRY = "industry"
    NAICS = "naics"
    EMPLOYEES = "employees"
    REVENUE = "revenue"
    GEOGRAPHY = "geography"
    OWNERSHIP = "ownership"
    FOUNDED = "founded"
    STAGE = "stage"
    BUSINESS_MODEL = "business-model"
    TOOLS = "tools"
    HIRED_ON = "hired-on"
    HIRED_WHAT = "hired-what"
    FUNDED_ON = "funded-on"
    FUNDED_WHAT = "funded-what"
    LAUNCHED_ON = "launched-on"
    LAUNCHED_WHAT = "launched-what"
    EXPANDED_ON = "expanded-on"
    EXPANDED_WHAT = "expanded-what"
    JOB_POSTED_ON = "job-posted-on"
    JOB_POSTED_WHAT = "job-posted-what"
    SWITCHED_ON = "switched-on"
    SWITCHED_WHAT = "switched-what"
    GROWTH = "headcount-growth"
    # Of customers and deals.
    OUTCOME = "outcome"
    CLOSED_ON = "closed-on"
    OPENED_ON = "opened-on"
    BOUGHT_ON = "bought-on"
    CHURNED_ON = "churned-on"
    CHURNED = "churned"
    LTV = "ltv"
    DAYS_TO_CLOSE = "days-to-close"
    TENURE = "tenure"
    EXPANSION = "expansion"
    REFERRALS = "referrals"
    REFERRED = "referred"
    CHAMPION = "champion"
    SIGNER = "signer"
    PAYER = "payer"


USUAL_NAMES: dict[Field, tuple[str, ...]] = {
    # In the order of preference: what is said of the company before what is said of a person.
    Field.COMPANY: (
        *("company", "company name", "account", "account name", "organization", "organisation"),
        *("organization name", "organisation name", "employer"),
        *("company name for emails", "customer", "customer name", "business name", "name"),
    ),
    Field.WEBSITE: (
        *("website", "company website", "company domain", "domain", "website url", "company url"),
        *(
            "organization website",
            "company domain name",
            "homepage",
            "web site",
            "url",
            "account domain",
            "root domain",
        ),
    ),
    Field.EMAIL: (
        *("email", "work email", "email address", "business email", "contact email"),
        *("lead email", "primary email"),
    ),
    Field.INDUSTRY: (
        *("industry", "company industry", "primary industry", "linkedin industry", "sector"),
        *("account industry", "organization industry", "vertical", "industries", "category"),
        *("industry tags", "company industries", "primary industry sector", "branche"),
    ),
    Field.NAICS: ("naics", "naics code", "naics codes", "primary naics", "primary naics code"),
    Field.EMPLOYEES: (
        *("employees", "# employees", "number of employees", "no of employees", "num employees"),
        *("employee count", "employees count", "company employee count", "company employees"),
        *("headcount", "company headcount", "staff count", "employee range", "company size"),
        *("team size", "size", "employee size", "numberofemployees", "estimated num employees"),
        *("linkedin employees", "full time employees"),
        *("mitarbeiter", "mitarbeiterzahl", "anzahl der mitarbeiter", "anzahl mitarbeiter"),
    ),
    Field.REVENUE: (
        *("revenue", "annual revenue", "company revenue", "revenue range", "estimated revenue"),
        *("company annual revenue", "organization revenue", "arr", "revenue usd", "turnover"),
        *("annual revenue usd", "estimated revenue range", "revenue in 000s usd"),
        *("revenue range in usd", "revenue range usd", "umsatz", "jahresumsatz"),
    ),
    Field.GEOGRAPHY: (
        *("company country", "hq country", "headquarters country", "country", "country code"),
        *("company location", "headquarters location", "headquarters", "hq", "hq location"),
        *("office location", "geography", "location", "locations", "all locations", "region"),
        *("regions", "territory", "billing country", "country region", "land", "land region"),
    ),
    Field.OWNERSHIP: (
        *("ownership", "ownership type", "ownership structure", "company type", "backing"),
        *("funding status", "owned by", "type of company"),
    ),
    Field.FOUNDED: (
        *("founded", "founded year", "year founded", "founding year", "founded on"),
        *("founded date", "year established", "established", "company founded year"),
        *("year started", "incorporated on", "jahr der gründung", "gründungsjahr"),
    ),
    Field.STAGE: (
        *("stage", "company stage", "funding stage", "growth stage", "last funding type"),
        *("latest funding stage", "last round type"),
    ),
    Field.BUSINESS_MODEL: (
        *("business model", "model", "business type", "b2b b2c", "revenue model", "gtm model"),
    ),
    Field.TOOLS: (
        *("tools", "technologies", "tech stack", "technology", "stack", "technologies used"),
        *("company technologies", "web technologies", "builtwith", "software used"),
        *("installed technologies", "technographics", "tech", "crm"),
    ),
    Field.HIRED_ON: (
        *("hired on", "hired at", "hire date", "new hire date", "leader hired on"),
        *("last leadership hire date", "job change date", "new leader on", "job started on"),
        *("leadership change date", "last hire date"),
    ),
    Field.HIRED_WHAT: (
        *("hired", "hired title", "hired what", "new hire", "new hire title", "hired role"),
        *("leader hired", "last leadership hire", "new leader", "new leader title"),
        *("leadership change", "job change title", "last hire"),
    ),
    Field.FUNDED_ON: (
        *("funded on", "last raised at", "last funding date", "last funding on", "raised on"),
        *("latest funding date", "last funding at", "funding date", "last round date"),
        *("last raised on", "date of last funding", "last funding round date"),
    ),
    Field.FUNDED_WHAT: (
        *("latest funding", "last funding type", "last funding round", "funding round"),
        *("last round", "funded what", "raised", "last funding", "last funding stage"),
        *("latest funding stage", "last round type", "last funding round type"),
    ),
    Field.LAUNCHED_ON: ("launched on", "launch date", "product launch date", "launched at"),
    Field.LAUNCHED_WHAT: ("launched", "launch", "launched what", "product launch"),
    Field.EXPANDED_ON: ("expanded on", "expansion date", "expanded at", "new office date"),
    Field.EXPANDED_WHAT: ("expanded", "expanded what", "expanded to", "new office", "new market"),
    Field.JOB_POSTED_ON: (
        *("job posted on", "posted on", "job post date", "job posting date", "job posted at"),
        *("last job posted on", "latest job date"),
    ),
    Field.JOB_POSTED_WHAT: (
        *("job posted", "posted job", "job posting", "job title posted", "open roles"),
        *("open positions", "job posting title", "job openings", "posted job title"),
    ),
    Field.SWITCHED_ON: ("switched on", "switch date", "tech change date", "tool removed on"),
    Field.SWITCHED_WHAT: ("switched", "switched from", "tool dropped", "removed technology"),
    Field.GROWTH: (
        *("headcount growth", "employee growth", "headcount growth 12m", "headcount growth 6m"),
        *("headcount growth %", "employee growth 12 months", "employee growth 6 months"),
        *("company headcount growth", "headcount growth 6 month", "headcount growth 12 month"),
        *("12 month headcount growth", "6 month headcount growth", "yoy headcount growth"),
    ),
    Field.OUTCOME: (
        *("outcome", "deal stage", "dealstage", "stage", "status", "result", "deal status"),
        *("won", "is won", "won lost", "opportunity stage", "deal outcome"),
    ),
    Field.CLOSED_ON: (
        *("closed on", "close date", "closed date", "closed at", "date closed", "closedate"),
        *("won on", "decided on", "close day"),
    ),
    Field.OPENED_ON: (
        *("opened on", "engage date", "create date", "created on", "opened at", "created date"),
        *("deal created on", "first touch", "createdate", "opportunity created"),
    ),
    Field.BOUGHT_ON: (
        *("bought on", "customer since", "signup date", "purchase date", "signed on"),
        *("start date", "contract start", "became customer on", "close date", "closed on"),
    ),
    Field.CHURNED_ON: (
        *("churned on", "churn date", "cancelled on", "canceled on", "end date", "churned at"),
        *("cancellation date", "contract end"),
    ),
    Field.CHURNED: ("churned", "churn flag", "churn", "is churned", "has churned"),
    Field.LTV: (
        *("ltv", "lifetime value", "customer lifetime value", "clv", "total revenue"),
        *("customer ltv", "close value", "deal value", "deal amount", "amount", "acv", "mrr"),
    ),
    Field.DAYS_TO_CLOSE: (
        *("days to close", "sales cycle", "sales cycle days", "cycle days", "cycle length"),
        *("time to close", "days to win"),
    ),
    Field.TENURE: (
        *("tenure", "tenure months", "months active", "tenure days", "months retained"),
        *("customer age", "months as customer", "months with us"),
    ),
    Field.EXPANSION: (
        *("expansion", "expansion revenue", "expanded by", "net expansion", "nrr"),
        *("net revenue retention", "expansion mrr", "upsell", "expansion %"),
    ),
    Field.REFERRALS: (
        *("referrals", "referrals made", "number of referrals", "referrals given"),
        *("customers referred", "referred others"),
    ),
    Field.REFERRED: (
        *("referred", "came by referral", "referral", "is referral", "source", "lead source"),
        *("referral source", "how they found us", "acquisition channel", "referred by"),
    ),
    Field.CHAMPION: ("champion", "champion title", "champion role", "brought by"),
    Field.SIGNER: ("signer", "signed by", "signer title", "signed off by", "decision maker"),
    Field.PAYER: ("payer", "paid by", "budget holder", "payer title", "budget owner"),
}
"""What columns are usually called, spelt as `column_key` does, by CRMs and data providers."""
