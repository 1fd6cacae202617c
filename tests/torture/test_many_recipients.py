"""One letter to five thousand mailboxes, through the gate into a real Dovecot: each gets it once, with one outcome."""

from collections import Counter

import pytest

from congvu.base import clock
from congvu.directory.actions.addresses import give_unit_address
from congvu.directory.models import Unit
from congvu.directory.policies import OPERATOR
from congvu.directory.queries import legal_day
from congvu.ledger import sequencer
from congvu.mail.models import Item, Message, Receipt
from congvu.mail.outcomes import queries
from tests.conftest import FOUNDED_AT
from tests.mail.gate.conftest import Lmtp, gate, imap, opened
from tests.mail.letters import raw
from tests.torture.proof import tell

__all__ = ["gate", "imap", "opened"]
pytestmark = [pytest.mark.torture, pytest.mark.django_db(transaction=True)]
RECIPIENTS = 5_000


def test_five_thousand_recipients_each_get_the_letter_once(gate, imap, agency):
    office = Unit.objects.filter(agency=agency).first()
    names = [f"so{number}" for number in range(RECIPIENTS)]
    for name in names:
        give_unit_address(unit=office, local_part=name, by=OPERATOR, now=FOUNDED_AT)
    waiting = [f"{name}@ubnd.example" for name in names]
    data, transactions = raw(to="undisclosed-recipients:;", subject="Giấy mời"), 0
    with Lmtp("127.0.0.1", gate.port(), timeout=600) as client:
        while waiting:
            said = client.hand_in(*waiting, data=data)
            assert set(Counter(code for code, _ in said.values())) <= {250, 452}
            waiting = [one for one, (code, _) in said.items() if code == 452]
            transactions += 1
    sequencer.settle()
    outcomes = Counter(Receipt.objects.filter(step="delivered").values_list("recipient", flat=True))
    lie = Counter(len(imap.messages(name)) for name in names[:: RECIPIENTS // 50])
    now = clock.now()
    faults = queries.count(agency, legal_day(agency, now), now=now).faults
    tell(
        "many recipients",
        recipients=RECIPIENTS,
        transactions=transactions,
        messages=Message.objects.count(),
        in_boxes=Item.objects.count(),
        with_one_outcome=sum(count == 1 for count in outcomes.values()),
    )
    assert (len(outcomes), set(outcomes.values()), Item.objects.count()) == (RECIPIENTS, {1}, RECIPIENTS)
    assert (Message.objects.count(), lie, faults) == (1, {1: 50}, [])
