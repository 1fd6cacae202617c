"""What an agency sets: services to begin with, questions, areas and routes."""

import pytest

from congvu.directory.policies import OPERATOR, NotAllowedError
from congvu.petitions import attributes
from congvu.petitions.actions import setting
from congvu.petitions.actions.setting import BadRingsError, Offer, Question, UnknownWordError
from congvu.petitions.models import Service
from congvu.petitions.places import OutsideError, area_at, unit_for
from tests.petitions.conftest import NOW

pytestmark = pytest.mark.django_db(transaction=True)
SQUARE = [[[105.0, 20.0], [105.1, 20.0], [105.1, 20.1], [105.0, 20.1], [105.0, 20.0]]]


@pytest.mark.parametrize("country", setting.COUNTRIES)
def test_services_to_begin_with_are_loaded_once_and_speak_four_languages(agency, office, country):
    made = setting.load(agency, country, unit=office, by=OPERATOR, at=NOW)
    assert setting.load(agency, country, unit=office, by=OPERATOR, at=NOW) == []
    assert len(made) == Service.objects.count() == len(setting.offers(country))
    texts = [one.name for one in made] + [one.group for one in made]
    texts += [question.description for one in made for question in attributes.of(one)]
    assert {tuple(sorted(one)) for one in texts} == {("en", "kk", "ru", "vi")}


def test_a_complaint_cannot_be_made_public_by_a_setting(agency, office):
    open_ = Offer(code="c", name={"vi": "Khiếu nại"}, sort="complaint", is_confidential=False)
    assert setting.set_service(agency, open_, unit=office, by=OPERATOR, at=NOW).is_confidential


def test_questions_are_asked_in_their_order_and_answers_must_fit(agency, office):
    asked = (
        Question(code="n", description={"vi": "Bao nhiêu?"}, datatype="number", required=True),
        Question(
            code="k",
            description={"vi": "Loại?"},
            datatype="multivaluelist",
            values=[{"key": "a", "name": {}}],
        ),
    )
    service = setting.set_service(
        agency, Offer(code="s", name={"vi": "S"}, attributes=asked), unit=office, by=OPERATOR, at=NOW
    )
    assert attributes.checked(service, {"n": "3,5", "k": "a", "x": "?"}) == {"n": "3,5", "k": ["a"]}
    with pytest.raises(attributes.BadAnswersError) as refused:
        attributes.checked(service, {"n": "ba", "k": ["a", "b"]})
    assert refused.value.faults == {"n": "number", "k": "choice"}


def test_a_route_of_the_service_goes_before_one_of_the_area(agency, office, lamp):
    area = setting.draw_area(agency, code="w", name={"vi": "Phường"}, rings=SQUARE, by=OPERATOR, at=NOW)
    setting.draw_area(
        agency, code="t", name={"vi": "Thành phố"}, rings=SQUARE, is_territory=True, by=OPERATOR, at=NOW
    )
    setting.set_route(area, service=lamp, unit=office, by=OPERATOR, at=NOW)
    assert unit_for(lamp, area_at(agency, 20.05, 105.05)) == office
    with pytest.raises(OutsideError):
        area_at(agency, 21.0, 105.05)
    setting.set_route(area, service=lamp, unit=None, by=OPERATOR, at=NOW)
    lamp.unit = None
    assert unit_for(lamp, area) is None


def test_what_cannot_be_meant_is_refused(agency, binh):
    with pytest.raises(UnknownWordError):
        setting.set_service(
            agency, Offer(code="s", name={"vi": "S"}, sort="wish"), unit=None, by=OPERATOR, at=NOW
        )
    with pytest.raises(BadRingsError):
        setting.draw_area(agency, code="w", name={"vi": "P"}, rings=[[[0, 0], [1, 1]]], by=OPERATOR, at=NOW)
    with pytest.raises(NotAllowedError):
        setting.load(agency, "vn", unit=None, by=binh, at=NOW)
