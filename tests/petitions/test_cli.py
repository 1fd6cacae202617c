"""congvu petitions: services, letters taken in, and the keys of programs, for whoever runs the machine."""

import pytest

from congvu.cli.__main__ import main
from congvu.petitions.models import ApiKey
from congvu.petitions.queries.api_keys import key

pytestmark = pytest.mark.django_db


def test_a_key_is_given_listed_and_withdrawn(agency, data_folder, capsys):
    assert main(["petitions", "key", "list"]) == 0
    assert capsys.readouterr().out == "There is no key. `congvu petitions key give` makes one.\n"
    assert main(["petitions", "key", "give", "City app"]) == 0
    secret = capsys.readouterr().out.rsplit(" ", 1)[1].strip()
    row = ApiKey.objects.get()
    assert key(secret, agency=agency) == row
    assert main(["petitions", "key", "list", "--agency", "ubnd"]) == 0
    listed = capsys.readouterr().out
    assert (listed.startswith(f"{row.handle}  City app: given on "), secret in listed) == (True, False)
    assert main(["petitions", "key", "withdraw", row.handle]) == 0
    assert key(secret, agency=agency) is None
    assert main(["petitions", "key", "withdraw", row.handle]) == 2
    assert capsys.readouterr().err == "congvu: the key of City app was withdrawn already\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["give", " "], "say whose key it is, in 80 characters at most"),
        (["withdraw", "unknown"], "there is no key unknown; `congvu petitions key list` names them"),
        (["list", "--agency", "nobody"], "name one agency with --agency; there are: ubnd"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(agency, data_folder, capsys, arguments, said):
    assert main(["petitions", "key", *arguments]) == 2
    assert capsys.readouterr().err == f"congvu: {said}\n"


@pytest.mark.django_db(transaction=True)
def test_services_are_loaded_and_an_address_takes_letters_in(agency, office, data_folder, capsys):
    assert main(["petitions", "services", "load", "vn", "--unit", "vp"]) == 0
    assert main(["petitions", "services", "load", "vn"]) == 0
    loaded, again = capsys.readouterr().out.splitlines()
    assert (loaded.endswith(" services were opened."), again) == (
        True,
        "All of these services are there already.",
    )
    assert main(["petitions", "services", "list"]) == 0
    assert capsys.readouterr().out.startswith("street-lamp          Đèn đường (report; vp)\n")
    assert main(["petitions", "intake", "open", "vanphong@ubnd.example", "other"]) == 0
    assert main(["petitions", "intake", "open", "vanphong@ubnd.example", "other"]) == 2
    assert main(["petitions", "intake", "open", "nobody@ubnd.example", "other"]) == 2
    assert main(["petitions", "intake", "list"]) == 0
    assert capsys.readouterr().out.endswith("vanphong@ubnd.example  becomes other\n")
    assert main(["petitions", "intake", "close", "vanphong@ubnd.example"]) == 0
    assert main(["petitions", "intake", "close", "vanphong@ubnd.example"]) == 2
