"""Domains that look like the agency's, and addresses that show what they are."""

import pytest

from congvu.mail import lookalikes, mime
from congvu.mail.door import answers, inspection

CYRILLIC_A = "\u0430"


@pytest.mark.parametrize(
    "author",
    [
        f"Chi <chi@ubnd.ex{CYRILLIC_A}mple>",
        f"<chi@ubnd.ex{CYRILLIC_A}mple>",
        "chi@ubnd.xn--exmple-4nf",
        f'"chi@ubnd.ex{CYRILLIC_A}mple" <x@elsewhere.example>',
        "chi@ubnd.\uff45xample",  # fullwidth
        "chi@ubn\u0501.example",
    ],
)
def test_a_domain_that_looks_like_ours_is_refused_from_outside(author) -> None:
    head = mime.entity(f"From: {author}\r\n\r\n".encode())
    assert inspection.stranger_fault(head, lambda domain: domain == "ubnd.example") == answers.CLAIMS_US


@pytest.mark.parametrize(
    "author", ["chi@ubnd.example.org", "dung@dan.example", "chi@ủbnd.example", "x@пример.example"]
)
def test_other_domains_are_let_in(author) -> None:
    head = mime.entity(f"From: {author}\r\n\r\n".encode())
    assert inspection.stranger_fault(head, lambda domain: domain == "ubnd.example") is None


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("dung@dan.example", "dung@dan.example"),
        ("dung@bìnhdương.example", "dung@bìnhdương.example"),
        ("ermek@әкімдік.example", "ermek@әкімдік.example"),
        (f"x@ex{CYRILLIC_A}mple.example", "x@xn--exmple-4nf.example"),
        ("x@\u0441\u043e\u0441\u043e.example", "x@xn--n1aahb.example"),
        ("x@p\u0131n.example", "x@xn--pn-hpa.example"),
        ("", ""),
        ("nobody", "nobody"),
        ("\u0421\u0430\u0440\u0430", "\u0421\u0430\u0440\u0430"),  # a name, not an address
    ],
)
def test_letters_that_could_deceive_are_shown_as_dns_holds_them(address, shown) -> None:
    assert lookalikes.shown(address) == shown
