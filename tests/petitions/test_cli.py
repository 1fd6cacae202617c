"""congvu petitions: services, letters taken in, and the keys of programs, for whoever runs the machine."""

from datetime import UTC, date, datetime

import pytest

from congvu.cli.__main__ import main
from congvu.ledger.readers import advance
from congvu.ledger.sequencer import settle
from congvu.petitions.actions.receiving import receive
from congvu.petitions.models import ApiKey, Petition
from congvu.petitions.queries.api_keys import key
from congvu.petitions.submissions import Submission
from congvu.rules.actions import adopt
from congvu.rules.readers import Judge
from tests.petitions.conftest import NOW

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
    assert main(["petitions", "intake", "open", "1022@ubnd.example", "other"]) == 2
    assert main(["petitions", "intake", "open", "1022@elsewhere.example", "other", "--unit", "vp"]) == 2
    assert main(["petitions", "intake", "open", "1022@ubnd.example", "other", "--unit", "vp"]) == 0
    assert main(["petitions", "intake", "list"]) == 0
    listed = "vanphong@ubnd.example  becomes other\n1022@ubnd.example  becomes other\n"
    assert capsys.readouterr().out.endswith(listed)
    assert main(["petitions", "intake", "close", "vanphong@ubnd.example"]) == 0
    assert main(["petitions", "intake", "close", "vanphong@ubnd.example"]) == 2


@pytest.mark.django_db(transaction=True)
def test_time_limits_are_reckoned_anew_once_the_rules_were_read(agency, lamp, chi, data_folder, capsys):
    adopted = datetime(2026, 1, 4, 1, tzinfo=UTC)
    adopt(by=chi, book="vn.hcmc.1022-2025", valid_from=date(2026, 1, 5), number="01/QĐ", at=adopted)
    given = Submission(service=lamp, channel="portal", content="x", language="vi", place="Chợ")
    assert receive(given, at=NOW).petition.due_at is None
    settle()
    while advance(Judge(), agency=agency.handle):
        pass
    assert [main(["petitions", "reckon"]) for _ in range(2)] == [0, 0]
    assert capsys.readouterr().out == (
        "1 reckoned, 1 with another due time.\n1 reckoned, 0 with another due time.\n"
    )
    assert Petition.objects.get().due_at == datetime(2026, 3, 12, 17, tzinfo=UTC)
