"""A copy alone is no delivery; the log of the agency's Dovecot makes one of it, whichever comes first."""

import pytest

from congvu.mail.dovecot.models import ImapCopy
from congvu.mail.hosts.dovecot import EVENTS
from congvu.mail.models import Item, Receipt
from tests.mail.dovecot.test_evidence import read_log, say
from tests.mail.journal.test_journal import BINH, copy_of
from tests.mail.letters import raw
from tests.mail.polling.conftest import drop

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("imap", [{"extra": EVENTS}], indirect=True),
]


@pytest.mark.parametrize("is_copy_first", [True, False])
def test_the_log_tells_that_a_copied_letter_was_delivered(journal, imap, agency, binh, is_copy_first):
    data = raw()
    if is_copy_first:
        copy_of(BINH, data=data, port=journal.port())
    drop(imap, user=BINH, data=data)
    read_log(imap)
    if not is_copy_first:
        copy_of(BINH, data=data, port=journal.port())
    say(imap, "UID FETCH 1 (BODY[])")
    read_log(imap)
    item = Item.objects.get()
    steps = list(Receipt.objects.order_by("id").values_list("step", flat=True))
    assert (steps, item.owes_acknowledgement, item.opened_at is not None) == (
        ["accepted", "journaled", "delivered", "fetched", "opened"],
        True,
        True,
    )
    assert ImapCopy.objects.get().item == item
