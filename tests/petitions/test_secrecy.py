"""State secrets at every door: what carries a mark is refused, and that it was is evidence, without a word of it."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from congvu.base import clock
from congvu.directory.policies import OPERATOR
from congvu.ledger.models import Outbox
from congvu.ledger.queries import evidence
from congvu.petitions.actions import answering
from congvu.petitions.actions.api_keys import give_key
from congvu.petitions.actions.steps import SecrecyError
from congvu.petitions.guarding import checking
from congvu.petitions.guarding.pace import Pace
from congvu.petitions.models import Petition, Service, UnsentPetition
from congvu.petitions.submissions import File
from tests.petitions.citizen import SITE, Citizen
from tests.petitions.conftest import NOW
from tests.petitions.open311_client import hand_in
from tests.petitions.test_desk_taking import CALL
from tests.petitions.test_who_may import taken

pytestmark = pytest.mark.django_db(transaction=True)
MARKED = "TỐI MẬT\n\nKế hoạch"


@pytest.fixture(autouse=True)
def _now(data_folder, monkeypatch):
    monkeypatch.setattr(checking, "_pace", Pace(timedelta(minutes=1)))
    with clock.demonstration(NOW):
        yield


def refusals(agency) -> set[tuple[str, str, str, bool]]:
    """Return what evidence says of refusals: channel, mark, who wrote, and whether about a petition."""
    waiting = Outbox.objects.filter(agency=agency.handle).order_by("pk").values_list("entry", flat=True)
    said = [
        one for one in evidence(list(waiting), agency=agency.handle) if one.kind == "petitions.words.refused"
    ]
    assert all(one.disclosures.keys() <= {"actor", "petition"} for one in said)
    return {
        (*one.attributes.values(), one.disclosures["actor"], "petition" in one.disclosures) for one in said
    }


def test_the_portal_notes_what_it_refuses_as_often_as_somebody_may_send(agency, lamp, settings):
    settings.CONGVU_PETITION_PACE = 4
    dung = Citizen()
    dung.sends("place", place="Phố Huế")
    dung.sends("what", 422, content=MARKED)
    dung.sends("files", 422, documents=SimpleUploadedFile("MẬT - a.pdf", b"%PDF-1.4"))
    Service.objects.create(agency=agency, code="site", name={"vi": "Góp ý"}, sort="feedback")
    dung.sends(f"{SITE}/feedback/", 429, content="TUYỆT MẬT", name="Dung", email="d@d.example")
    assert refusals(agency) == {
        ("portal", "top_secret", "citizen", False),
        ("portal", "secret", "citizen", False),
    }
    assert not Petition.objects.exists()


def test_the_place_is_looked_at_before_anything_is_sent(agency, lamp, law):
    dung = Citizen()
    dung.asks(place="TỐI MẬT")
    dung.copies(dung.sends("check", 200))
    assert refusals(agency) == {("portal", "top_secret", "citizen", False)}
    assert UnsentPetition.objects.get().petition is None


def test_officials_programs_and_followers_are_refused_with_evidence_too(agency, lamp, an, binh, client_of):
    petition = taken(lamp)
    client_of(an).post(reverse("petitions:new"), CALL | {"service": lamp.handle, "content": MARKED})
    client_of(binh).post(reverse("petitions:act", args=[petition.handle, "note"]), {"text": MARKED})
    secret = give_key(agency=agency, label="App", by=OPERATOR, at=NOW).secret
    said = {"api_key": secret, "service_code": lamp.code, "address_string": "Phố Huế", "description": MARKED}
    assert hand_in(said).status_code == 400
    assert refusals(agency) == {
        ("phone", "top_secret", an.person.handle, False),
        ("desk", "top_secret", binh.person.handle, True),
        ("app", "top_secret", "citizen", False),
    }


def test_what_shows_an_answer_and_names_of_its_files_are_words_too(lamp, binh):
    petition, paper = taken(lamp), File(name="MẬT - a.pdf", media_type="application/pdf", data=b"x")
    for shown in ({"proof": "TỐI MẬT"}, {"proof": "", "files": [paper]}):
        with pytest.raises(SecrecyError):
            answering.answer(petition, text="Đã sửa", by=binh, at=NOW, **shown)
