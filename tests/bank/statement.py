"""A small camt.053 to change one thing of."""

OUR_IBAN = "NL91ABNA0417164300"


def entry(
    cents: int, *, ref: str = "", details: str = "", sign: str = "", status: str = "<Cd>BOOK</Cd>", extra: str = "",
    currency: str = "EUR",
) -> str:  # fmt: skip
    sign = sign or ("CRDT" if cents > 0 else "DBIT")
    return f"""<Ntry><Amt Ccy="{currency}">{euro(cents)}</Amt><CdtDbtInd>{sign}</CdtDbtInd>{extra}
      <Sts>{status}</Sts><BookgDt><Dt>2026-11-25</Dt></BookgDt><AcctSvcrRef>{ref or abs(cents)}</AcctSvcrRef>
      <NtryDtls>{details}</NtryDtls></Ntry>"""


def details(
    cents: int, *, end_to_end: str = "NOTPROVIDED", sign: str = "", words: str = "", who: str = ""
) -> str:
    direction = f"<CdtDbtInd>{sign}</CdtDbtInd>" if sign else ""
    return f"""<TxDtls><Refs><EndToEndId>{end_to_end}</EndToEndId></Refs><Amt Ccy="EUR">{euro(cents)}</Amt>{direction}
      <RltdPties>{who}</RltdPties><RmtInf><Ustrd>{words}</Ustrd></RmtInf></TxDtls>"""


def euro(cents: int) -> str:
    return f"{abs(cents) // 100}.{abs(cents) % 100:02d}"


def balance(kind: str, cents: int, *, currency: str = "EUR") -> str:
    sign = "CRDT" if cents >= 0 else "DBIT"
    return f"""<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy="{currency}">{euro(cents)}</Amt>
      <CdtDbtInd>{sign}</CdtDbtInd><Dt><Dt>2026-11-25</Dt></Dt></Bal>"""


def statement(
    *entries: str,
    opening: int = 100_00,
    closing: int,
    name: str = "S1",
    iban: str = OUR_IBAN,
    currency: str = "EUR",
) -> str:
    return f"""<Stmt><Id>{name}</Id><Acct><Id><IBAN>{iban}</IBAN></Id></Acct>
      {balance("OPBD", opening, currency=currency)}{balance("CLBD", closing, currency=currency)}{"".join(entries)}</Stmt>"""


def file(*statements: str, version: str = "08") -> bytes:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt><!-- a bank may say things -->
{"".join(statements)}</BkToCstmrStmt></Document>""".encode()
