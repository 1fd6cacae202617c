"""Receipts of other sides as they come: PEC, ETSI evidence, notifications of mail programs."""

ABOUT = "m1@ubnd.example"
DUNG = "dung@pec.example"


def daticert(
    kind="avvenuta-consegna",
    *,
    about=ABOUT,
    consegna=DUNG,
    errore="nessuno",
    when=("23/11/2026", "09:30:00", "+0700"),
    more="",
) -> bytes:
    day, hour, zone = when
    given = f"<consegna>{consegna}</consegna>" if consegna else ""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<postacert tipo="{kind}" errore="{errore}">
  <intestazione>
    <mittente>binh@ubnd.example</mittente>
    <destinatari tipo="certificato">{DUNG}</destinatari>
    <risposte>binh@ubnd.example</risposte>
    <oggetto>Giấy mời</oggetto>
  </intestazione>
  <dati>
    <gestore-emittente>Posta Esempio S.p.A.</gestore-emittente>
    <data zona="{zone}"><giorno>{day}</giorno><ora>{hour}</ora></data>
    <identificativo>opec1.2026@pec.example</identificativo>
    <msgid>&lt;{about}&gt;</msgid>
    <ricevuta tipo="completa"/>{given}{more}
  </dati>
</postacert>
""".encode()


def evidence(event="ContentHandover", *, about=ABOUT, recipient=DUNG) -> bytes:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<e:Evidence xmlns:e="http://uri.etsi.org/19522/v1#">
  <e:EvidenceIdentifier>ev-7</e:EvidenceIdentifier>
  <e:ERDSEventId>http://uri.etsi.org/19522/Event/{event}</e:ERDSEventId>
  <e:EventTime>2026-11-23T02:30:00Z</e:EventTime>
  <e:EvidenceIssuerDetails><e:Name>Registered Delivery Ltd</e:Name></e:EvidenceIssuerDetails>
  <e:RecipientDetails><e:Identifier>mailto:{recipient}</e:Identifier></e:RecipientDetails>
  <e:UserContentInfo><e:AppLayerIdentifier>{about}</e:AppLayerIdentifier></e:UserContentInfo>
</e:Evidence>
""".encode()


def mixed(document: bytes, *, name="daticert.xml", kind="application/xml") -> bytes:
    """A body: words for people, and a document."""
    return (
        b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
        b"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nRicevuta\r\n"
        + f'--b\r\nContent-Type: {kind}; name="{name}"\r\n'.encode()
        + f'Content-Disposition: attachment; filename="{name}"\r\n\r\n'.encode()
        + document.replace(b"\n", b"\r\n")
        + b"\r\n--b--\r\n"
    )


def letter(body: bytes, *fields: str, sender="posta-certificata@pec.example", message_id="r1@pec.example"):
    head = [
        f"From: {sender}",
        "To: binh@ubnd.example",
        "Subject: CONSEGNA",
        f"Message-ID: <{message_id}>",
        "Date: Mon, 23 Nov 2026 09:31:00 +0700",
        "MIME-Version: 1.0",
        *fields,
    ]
    return "\r\n".join(head).encode() + b"\r\n" + body


def receipt(kind="avvenuta-consegna", *fields: str, message_id="r1@pec.example", **particulars) -> bytes:
    about = particulars.get("about", ABOUT)
    named = (f"X-Ricevuta: {kind}", f"X-Riferimento-Message-ID: <{about}>")
    return letter(mixed(daticert(kind, **particulars)), *named, *fields, message_id=message_id)


def notification(
    *, about=ABOUT, recipient=DUNG, disposition="manual-action/MDN-sent-manually; displayed"
) -> bytes:
    body = (
        b'Content-Type: multipart/report; report-type=disposition-notification; boundary="b"\r\n\r\n'
        b"--b\r\nContent-Type: text/plain\r\n\r\nRead.\r\n"
        b"--b\r\nContent-Type: message/disposition-notification\r\n\r\n"
        b"Reporting-UA: pc; Thunderbird\r\n"
        + f"Final-Recipient: rfc822; {recipient}\r\nOriginal-Message-ID: <{about}>\r\n".encode()
        + f"Disposition: {disposition}\r\n".encode()
        + b"\r\n--b--\r\n"
    )
    return letter(body, sender=recipient, message_id="n1@pec.example")
