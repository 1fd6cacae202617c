"""What nobody may: of another agency, of another unit, about what is confidential."""

from datetime import timedelta

import pytest

from congvu.base import blobs
from congvu.directory import policies as directory
from congvu.directory.actions.units import open_unit
from congvu.directory.models import Unit
from congvu.directory.policies import OPERATOR
from congvu.ledger import queries as ledger
from congvu.petitions.actions import answering, arranging, citizens, sending, setting
from congvu.petitions.actions.receiving import receive
from congvu.petitions.actions.setting import Offer
from congvu.petitions.actions.steps import WrongStateError
from congvu.petitions.models import Attachment, Petition, Service
from congvu.petitions.policies import NotAllowedError, may_read
from congvu.petitions.queries import duplicates
from congvu.petitions.queries import petitions as queries
from congvu.petitions.submissions import File, Submission, Who
from tests.conftest import APPOINTED_ON, FOUNDED_AT
from tests.petitions.conftest import NOW

pytestmark = pytest.mark.django_db(transaction=True)
DUNG = Who(name="Phạm Thị Dung", email="dung@citizen.example")


def taken(service: Service, **said) -> Petition:
    """Return a petition without any book of rules."""
    given = {
        "content": "Đèn đường không sáng.",
        "place": "Trước trường học",
        "who": DUNG,
        "channel": "portal",
    }
    return receive(Submission(service=service, language="vi", **given | said), at=NOW).petition


def test_the_clerk_of_another_agency_may_nothing(lamp, akimat, seat_of):
    stranger = seat_of(
        "Айгүл", unit="akimat", title={"kk": "Кеңсе"}, functions=("clerk", "head"), at=akimat, local_part="a"
    )
    lamp.forwards_at_once = False
    lamp.save()
    petition, other = taken(lamp, competence="unclear"), taken(lamp)
    unit = Unit.objects.get(agency=akimat)
    said = {"by": stranger, "at": NOW}
    acts = (
        lambda: sending.forward(petition, units=[unit], is_told=True, **said),
        lambda: sending.redirect(petition, to="Sở", text="Vì", is_told=True, **said),
        lambda: sending.guide(petition, text="Của ta", **said),
        lambda: sending.escalate(petition, ground="slow", text="Chậm", **said),
        lambda: answering.refuse(petition, reason="Không", is_told=True, **said),
        lambda: answering.tell_term(petition, **said),
        lambda: arranging.merge(petition, into=other, **said),
        lambda: arranging.link(petition, other=other, **said),
        lambda: arranging.release(petition, content="x", pictures=(), **said),
        lambda: arranging.note(petition, text="x", **said),
    )
    for act in acts:
        with pytest.raises(NotAllowedError):
            act()
    assert [one.kind for one in queries.steps(petition)] == ["petition.received", "petition.registered"]


def test_the_agencys_head_sends_on_what_no_unit_has_yet(lamp, an, office, seat_of):
    lamp.forwards_at_once = False
    lamp.save()
    petition = taken(lamp)
    chair = seat_of("Đỗ Hải", unit="ubnd", title={"vi": "Chủ tịch"}, functions=("head",), local_part="hai")
    sent = sending.forward(petition, units=[office], is_told=True, by=chair, at=NOW)
    assert sent.unit == office


def test_who_serves_in_two_agencies_acts_only_in_that_of_the_seat(lamp, ermek, binh):
    petition = taken(lamp)
    Petition.objects.update(assignee=ermek.person)
    assert not may_read(ermek, Petition.objects.get())
    with pytest.raises(NotAllowedError):
        sending.hand_back(petition, by=ermek, at=NOW)


def test_an_agency_cannot_name_units_and_services_of_another(agency, office, lamp, akimat):
    unit = Unit.objects.get(agency=akimat)
    with pytest.raises(directory.NotAllowedError):
        setting.set_service(agency, Offer(code="s", name={"vi": "S"}), unit=unit, by=OPERATOR, at=NOW)
    ring = [[[71.0, 51.0], [71.1, 51.0], [71.1, 51.1], [71.0, 51.0]]]
    area = setting.draw_area(akimat, code="a", name={"kk": "А"}, rings=ring, by=OPERATOR, at=NOW)
    for service, answering_unit in ((lamp, unit), (None, office)):
        with pytest.raises(directory.NotAllowedError):
            setting.set_route(area, service=service, unit=answering_unit, by=OPERATOR, at=NOW)


def test_a_complaint_stays_confidential_when_its_service_takes_reports_now(complaint, office, binh, chi, an):
    petition = taken(complaint)
    report = Offer(code=complaint.code, name={"vi": "Phản ánh"}, sort="report")
    setting.set_service(complaint.agency, report, unit=office, by=OPERATOR, at=NOW)
    found = Petition.objects.select_related("service").get(pk=petition.pk)
    assert [may_read(one, found) for one in (binh, chi, an)] == [False, True, True]
    assert [queries.within_reach(one).count() for one in (binh, chi, an)] == [0, 1, 1]
    with pytest.raises(arranging.ConfidentialError):
        arranging.release(found, content="x", pictures=(), by=chi, at=NOW)


def test_nobody_says_me_too_to_what_nobody_may_know(complaint):
    with pytest.raises(WrongStateError):
        citizens.endorse(taken(complaint), at=NOW)


def test_only_pictures_of_the_petition_are_shown_and_no_cover_outlives_its_release(lamp, an):
    photo = File(name="a.jpg", media_type="image/jpeg", data=b"photo")
    paper = File(name="b.pdf", media_type="application/pdf", data=b"paper")
    first, second = taken(lamp, files=[photo, paper]), taken(lamp, files=[photo])
    handles = list(Attachment.objects.values_list("handle", flat=True))
    arranging.release(first, content="Đèn", pictures=handles, by=an, at=NOW)
    rows = Attachment.objects.order_by("id").values_list("petition", "media_type", "public_blob")
    assert [(one, kind) for one, kind, shown in rows if shown] == [(first.pk, "image/jpeg")]
    row, covered = Attachment.objects.order_by("id")[0], blobs.put(b"covered")
    Attachment.objects.filter(pk=row.pk).update(public_blob=covered)
    arranging.release(first, content="Đèn", pictures=[row.handle], by=an, at=NOW)
    assert blobs.get(covered) == b"covered"
    arranging.release(first, content="", pictures=(), by=an, at=NOW)
    assert (blobs.missing([covered, row.blob]), second.public_content) == ({covered}, "")


def test_nobody_is_shown_what_is_linked_or_similar_beyond_their_reach(lamp, complaint, binh, an, seat_of):
    report, other = taken(lamp), taken(lamp)
    arranging.link(report, other=taken(complaint), by=an, at=NOW)
    assert [len(queries.linked(report, seat=one)) for one in (an, binh)] == [1, 0]
    stranger = seat_of("Người Lạ", unit="ubnd", title={"vi": "Chuyên viên"})
    said = {"content": report.content, "place": report.place, "but": report, "now": NOW}
    found = [duplicates.similar(lamp, seat=one, **said) for one in (binh, stranger)]
    assert [[one.petition.pk for one in some] for some in found] == [[other.pk], []]


def test_a_petition_goes_to_no_unit_that_is_closed(agency, lamp):
    closed = open_unit(
        parent=Unit.objects.get(agency=agency, parent=None),
        code="old",
        name={"vi": "Phòng cũ"},
        valid_from=APPOINTED_ON,
        by=OPERATOR,
        now=FOUNDED_AT,
    )
    Unit.objects.filter(pk=closed.pk).update(valid_to=NOW.date())
    Service.objects.update(unit=closed)
    petition = taken(Service.objects.select_related("agency", "unit").get())
    assert (petition.unit, petition.state) == (None, "received")


def test_nobody_brings_up_what_no_unit_has_and_a_later_unit_answers_in_its_own_time(lamp, office, an, chi):
    lamp.forwards_at_once = False
    lamp.save()
    petition = taken(lamp)
    with pytest.raises(WrongStateError):
        sending.escalate(petition, ground="slow", text="Chậm", by=an, at=NOW)
    at = [NOW + timedelta(hours=hour) for hour in range(5)]
    for one in at[:2]:
        sending.forward(petition, units=[office], by=an, is_told=False, at=one)
    sending.escalate(petition, ground="slow", text="Chậm", by=chi, at=at[2])
    for one in at[3:]:
        sending.forward(petition, units=[office], by=an, is_told=False, at=one)
    assert _forwarded(petition, "escalated") == [False, False, True, False]


def test_nobody_who_wrote_by_post_without_an_address_for_mail_was_told(lamp):
    said = [("post", Who(name="Dung", address="1 Lê Lợi")), ("post", DUNG), ("phone", Who())]
    given = [taken(lamp, channel=channel, who=who) for channel, who in said]
    assert [_forwarded(one, "confirmed") for one in given] == [[False], [True], [True]]


def _forwarded(petition: Petition, attribute: str) -> list[bool]:
    """Return what the evidence of each forwarding says."""
    ids = [one.entry for one in queries.steps(petition) if one.kind == "petition.forwarded"]
    return [one.attributes[attribute] for one in ledger.evidence(ids, agency=petition.agency.handle)]
