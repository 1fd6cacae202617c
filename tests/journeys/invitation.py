"""An invitation to a meeting from another authority: signed by openssl, with a date to answer and files to look at."""

from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from tests.mail.pki import Pki, run
from tests.mail.previews.files import pdf, picture

AUTHOR = "vanthu@soxaydung.example"
CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//soxaydung//VI
METHOD:REQUEST
BEGIN:VEVENT
UID:hop-12@soxaydung.example
DTSTAMP:20260101T010000Z
DTSTART:20300110T010000Z
DTEND:20300110T030000Z
SUMMARY:Họp quy hoạch hẻm 12
LOCATION:Phòng họp A
ORGANIZER;CN=Nguyễn Thị Hoa:mailto:{author}
ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:{to}
END:VEVENT
END:VCALENDAR
"""


def invitation(to: str, folder: Path) -> tuple[bytes, Path]:
    """Return a signed letter, and the file of the root certificate by which it is believed."""
    pki = Pki(folder)
    root = pki.holder("root", is_authority=True, common="Cơ quan chứng thực")
    signer = pki.holder("signer", issuer=root, mails=(AUTHOR,), common="Nguyễn Thị Hoa")
    content = EmailMessage(policy=SMTP)
    content.set_content("Kính mời đồng chí dự họp.")
    calendar = CALENDAR.format(author=AUTHOR, to=to).replace("\n", "\r\n")
    content.add_attachment(calendar.encode(), "text", "calendar", params={"method": "REQUEST"})
    content.add_attachment(pdf("Tờ trình"), "application", "pdf", filename="Tờ trình.pdf")
    content.add_attachment(picture("PNG"), "image", "png", filename="Sơ đồ.png")
    del content["MIME-Version"]
    (folder / "content").write_bytes(content.as_bytes())
    signed = run(
        "cms", "-sign", "-in", folder / "content", "-signer", signer.path, "-inkey", signer.key_path
    ).stdout
    head = f"From: {AUTHOR}\r\nTo: {to}\r\nSubject: Hop\r\nMessage-ID: <hop-12@soxaydung.example>\r\n"
    return head.encode() + signed.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"), root.path
