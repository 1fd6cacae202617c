"""An administrator gives programs their keys on a page, and withdraws them."""

import pytest

from congvu.petitions.models import ApiKey
from congvu.petitions.queries.api_keys import key

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_administrator_gives_a_key_shown_once_and_withdraws_it(ngoc, client_of, agency, data_folder):
    browser = client_of(ngoc)
    page = browser.post("/petitions/keys/", {"label": " City  app "})
    secret = page.context["secret"]
    row = ApiKey.objects.get()
    assert (row.label, key(secret, agency=agency), secret in page.content.decode()) == ("City app", row, True)
    assert page["Cache-Control"] == "no-store"
    again = browser.get("/petitions/keys/").content.decode()
    assert ("City app" in again, secret in again) == (True, False)
    asked = browser.get(f"/petitions/keys/{row.handle}/withdraw/")
    assert (asked.status_code, key(secret, agency=agency)) == (200, row)
    for _twice in range(2):
        assert browser.post(f"/petitions/keys/{row.handle}/withdraw/")["Location"] == "/petitions/keys/"
    assert key(secret, agency=agency) is None
    assert browser.post("/petitions/keys/", {"label": ""}).context["form"].errors == {
        "label": ["Say whose key it is."]
    }


def test_nobody_else_sees_keys(an, ngoc, client_of, agency, data_folder):
    assert client_of(an).get("/petitions/keys/").status_code == 403
    assert client_of(an).post("/petitions/keys/", {"label": "x"}).status_code == 403
    assert ApiKey.objects.count() == 0
