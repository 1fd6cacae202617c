"""Letters to citizens, several in one transaction: what fails, went on or may not leave holds up no other."""

import errno
from datetime import UTC, datetime, timedelta

import pytest

from congvu.base import blobs
from congvu.ledger.models import Ledger
from congvu.mail import messages
from congvu.mail.models import Message
from congvu.mail.parcels import SecrecyMarkError, unsealed
from congvu.petitions import tasks
from congvu.petitions.actions import arranging, telling
from congvu.petitions.actions.receiving import receive
from congvu.petitions.models import Step
from congvu.petitions.submissions import Submission, Who
from tests.petitions.conftest import NOW

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def three(law, lamp):
    """Lamps of three citizens who wait for their letters."""
    names = ("dung", "hoa", "mai")
    given = [
        Submission(
            service=lamp,
            channel="portal",
            content="Đèn hỏng.",
            language="vi",
            who=Who(name=name, email=f"{name}@citizen.example"),
            place="Chợ",
        )
        for name in names
    ]
    return [receive(one, at=NOW).petition for one in given]


def told() -> list[str]:
    """Return the numbers that stand in the letters, in the order of the letters."""
    return [one.subject.split("]")[0].strip("[") for one in Message.objects.order_by("pk")]


def bytes_kept() -> set[str]:
    """Return the blobs that lie on disk."""
    return set(blobs.stored_before(datetime.max.replace(tzinfo=UTC)))


def waiting() -> set[str]:
    return {one.petition.number for one in Step.objects.filter(tells=True, told_at=None)}


def test_each_gets_their_own_letter_and_it_is_noted_with_its_step(three):
    assert tasks.work(NOW) == 3
    assert told() == [one.number for one in three]
    for one in three:
        ((handle, at),) = set(Step.objects.filter(petition=one, tells=True).values_list("message", "told_at"))
        letter = Message.objects.get(handle=handle)
        assert (at, f"[{one.number}]" in letter.subject) == (NOW, True)
        assert one.number in messages.read(blobs.get(letter.blob)).text
        kinds = set(Step.objects.filter(petition=one).values_list("kind", flat=True))
        assert {"stage.notified", "term.notified"} <= kinds
    assert tasks.work(NOW) == 0


def test_one_whose_letter_cannot_be_written_holds_up_no_other(three, monkeypatch):
    parcel = telling.parcel

    def written(petition, steps, *, now):
        if petition.pk == three[1].pk:
            raise OSError
        return parcel(petition, steps, now=now)

    with monkeypatch.context() as patch:
        patch.setattr(telling, "parcel", written)
        assert tasks.work(NOW) == 2
    assert (told(), waiting()) == ([three[0].number, three[2].number], {three[1].number})
    assert tasks.work(NOW) == 1
    assert told() == [three[0].number, three[2].number, three[1].number]


def test_what_fails_while_it_is_stored_leaves_nothing_behind(three, monkeypatch):
    give, before = telling._give_notice, bytes_kept()

    def fail(told, **named):
        give(told, **named)
        if three[2].pk in {petition.pk for petition, _ in told}:
            raise OSError

    with monkeypatch.context() as patch:
        patch.setattr(telling, "_give_notice", fail)
        with pytest.raises(OSError):  # noqa: PT011 -- its own
            telling.tell(three, at=NOW)
        assert (told(), len(waiting()), bytes_kept()) == ([], 3, before)
        assert tasks.work(NOW) == 2
    assert (told(), waiting()) == ([three[0].number, three[1].number], {three[2].number})
    assert len(bytes_kept() - before) == 2


def test_nobody_is_told_twice_by_two_who_tell_at_once(three, monkeypatch):
    parcel, again = telling.parcel, []

    def written(petition, steps, *, now):
        made = parcel(petition, steps, now=now)
        if not again:
            again.append(True)
            assert telling.tell(three, at=NOW) == 3
        return made

    monkeypatch.setattr(telling, "parcel", written)
    before = bytes_kept()
    with pytest.raises(telling.ToldMeanwhileError):
        telling.tell(three, at=NOW)
    assert (len(told()), len(bytes_kept() - before)) == (3, 3)


def test_nobody_is_written_to_while_the_evidence_is_sealed(three):
    Ledger.objects.update(sealed="forked")
    before = bytes_kept()
    assert (tasks.work(NOW), told(), bytes_kept()) == (0, [], before)
    Ledger.objects.update(sealed="")
    assert tasks.work(NOW) == 3


def test_a_full_disk_ends_the_round(three, monkeypatch, caplog):
    def fail(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(telling, "store", fail)
        assert tasks.work(NOW) == 0
    assert [one.getMessage() for one in caplog.records] == ["citizens could not be told together"]
    assert tasks.work(NOW) == 3


def test_one_that_went_on_while_the_letters_were_written_gets_another_in_the_next_round(
    three, monkeypatch, chi
):
    parcel, went_on = telling.parcel, []

    def written(petition, steps, *, now):
        made = parcel(petition, steps, now=now)
        if petition.pk == three[0].pk and not went_on:
            went_on.append(arranging.note(petition, text="Đã xem.", by=chi, at=LATER))
        return made

    with monkeypatch.context() as patch:
        patch.setattr(telling, "parcel", written)
        assert telling.tell(three, at=NOW) == 2
    assert (told(), waiting()) == ([three[1].number, three[2].number], {three[0].number})
    assert tasks.work(LATER) == 1


def test_a_letter_that_may_not_leave_is_withheld_and_the_others_go(three, monkeypatch):
    def opened(made):
        if made.recipients == ("hoa@citizen.example",):
            raise SecrecyMarkError("mật")
        return unsealed(made)

    with monkeypatch.context() as patch:
        patch.setattr(telling, "unsealed", opened)
        assert telling.tell(three, at=NOW) == 2
    assert told() == [three[0].number, three[2].number]
    withheld = Step.objects.filter(petition=three[1], is_withheld=True)
    assert set(withheld.values_list("tells", "told_at")) == {(False, None)}
    assert waiting() == set()
