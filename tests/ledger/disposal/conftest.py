"""An office with a letter that everything of the product has touched, and one beside it that stays."""

from dataclasses import dataclass

import pytest

from congvu.base import clock, derived
from congvu.directory.queries import Seat
from congvu.ledger import queries as ledger
from congvu.ledger import readers
from congvu.ledger.disposal.actions import deciding
from congvu.ledger.disposal.actions.deciding import Choice
from congvu.ledger.disposal.models import Disposal
from congvu.ledger.disposal.tasks import tend
from congvu.ledger.sequencer import settle
from congvu.mail.actions import acknowledging, drafts, opening
from congvu.mail.actions.accepting import accept
from congvu.mail.actions.drafts import Written
from congvu.mail.models import Item, Message, Receipt
from congvu.mail.readers import SearchIndex
from tests.conduct.conftest import _monday_morning, at, judge, office
from tests.ledger.disposal.attacker import Attacker
from tests.mail.letters import incoming, submitted

__all__ = ["_monday_morning", "judge", "office"]
SECRET = "Đơn tố cáo vụ Kim Liên"
WORDS = ("tố cáo vụ Kim Liên", "phongvien@baochi.example", "bi-mat-m1@baochi.example", "thửa đất 4711")
STAYS = "Lịch họp giao ban"


@dataclass
class Story:
    """Who plays, the letter that goes, and how a disposal is driven."""

    clerk: Seat
    official: Seat
    head: Seat
    letter: Message
    entry_id: str = ""

    @property
    def agency(self) -> str:
        return self.clerk.agency.handle

    def entry(self, kind: str = "mail.message.accepted") -> str:
        """Return the first entry of a kind about the letter."""
        return next(
            one.id
            for one in ledger.entries_from(self.agency, 0, 0, 10_000)
            if one.kind == kind and one.disclosures.get("message") == self.letter.handle
        )

    def entries(self) -> list[str]:
        """Return every entry about the letter."""
        found = ledger.entries_from(self.agency, 0, 0, 10_000)
        return [one.id for one in found if self.letter.handle in one.disclosures.values()]

    def propose(self, **chosen) -> Disposal:
        """Propose to destroy the letter, or what is said."""
        chosen = chosen or {"entries": [self.entry()]}
        choice = Choice(basis="Điều 16 Luật Lưu trữ 2024", reason="Hết thời hạn bảo quản", **chosen)
        made = deciding.propose(choice, agency=self.agency, by=self.clerk.person.handle, at=clock.now())
        tend(clock.now())
        return made

    def begin(self, **chosen) -> Disposal:
        """Propose, approve and begin."""
        made = self.propose(**chosen)
        deciding.approve(made.handle, agency=self.agency, by=self.head.person.handle, at=clock.now())
        return deciding.begin(made.handle, agency=self.agency, by=self.clerk.person.handle, at=clock.now())

    def destroy(self, **chosen) -> Disposal:
        """Do all that, and let the machine work to its end."""
        return self.finish(self.begin(**chosen))

    def finish(self, one: Disposal) -> Disposal:
        """Let the machine work, as the clerk does, until it has nothing more to do."""
        for _ in range(20):
            settle()
            if not tend(clock.now()):
                break
        one.refresh_from_db()
        return one


@pytest.fixture
def story(office, seat_of, an, binh, judge, data_folder) -> Story:
    """A letter arrived, was opened and acknowledged in time by one and not by another, previewed, found, answered."""
    outside = {"sender": f"Phóng viên <{WORDS[1]}>", "mail_from": WORDS[1], "message_id": WORDS[2]}
    text = f"Về {WORDS[3]} đã nêu."
    accept(
        [
            incoming(
                "binh@ubnd.example", "an@ubnd.example", at=at("10:01"), subject=SECRET, text=text, **outside
            )
        ]
    )
    accept(
        [submitted(an, "binh@ubnd.example", at=at("10:02"), subject=STAYS, message_id="o-lai@ubnd.example")]
    )
    letter = Message.objects.get(subject=SECRET)
    item = Item.objects.get(message=letter, mailbox__person=binh.person)
    clock.set_demonstration(at("10:05"))
    opening.open_message(seat=binh, item=item, now=at("10:05"))
    if item.owes_acknowledgement:
        acknowledging.acknowledge(seat=binh, item=item, now=at("10:06"))
    written = Written(
        sender=binh.address, to=WORDS[1], subject=f"Trả lời: {SECRET}", body=f"> {text}", answers=letter
    )
    drafts.keep(seat=binh, written=written, now=at("10:07"))
    derived.keep(letter.blob, "0-1.png", b"\x89PNG drawn from the letter")
    judge(at("17:30"))
    settle()
    while readers.advance(SearchIndex(), agency=an.agency.handle):
        pass
    head = seat_of(
        "Đỗ Văn Sơn", unit="ubnd", title={"vi": "Chủ tịch"}, functions=("head",), rank="agency_leader"
    )
    told = Story(clerk=an, official=binh, head=head, letter=letter)
    told.entry_id = told.entry()
    return told


@pytest.fixture
def attacker(story, data_folder) -> Attacker:
    """Somebody who noted everything of the letter while it was there."""
    made = Attacker(data_folder, story.agency)
    names = {story.letter.handle, story.letter.blob, story.letter.digest}
    names |= set(Receipt.objects.filter(message=story.letter).values_list("handle", flat=True))
    names |= set(Item.objects.filter(message=story.letter).values_list("handle", flat=True))
    made.note(story.entries(), words=[*WORDS, *names])
    made.note_key(story.letter.blob)
    return made


@pytest.fixture
def candidates(story) -> list[str]:
    """All that the directory knows, and what was known of the letter."""
    from congvu.directory.models import Address, Membership, Person, Post, Unit  # noqa: PLC0415 -- what is listed

    handles = [
        one
        for table in (Person, Membership, Post, Unit, Address)
        for one in table.objects.values_list("handle", flat=True)
    ]
    names = list(Person.objects.values_list("full_name", flat=True))
    from congvu.mail.models import Mailbox  # noqa: PLC0415 -- as above

    boxes = list(Mailbox.objects.values_list("handle", flat=True))
    addresses = [f"{one}@ubnd.example" for one in Address.objects.values_list("local_part", flat=True)]
    return [*handles, *names, *boxes, *addresses, *WORDS, SECRET, story.letter.handle, story.letter.digest]
