"""A citizen at the agency's pages, with no account and no script."""

import re
from datetime import timedelta

from django.test import Client

from congvu.base import clock

SITE = "/1022/ubnd"
DIGITS = re.compile(r"Please copy these digits: ([\d ]+)")
STAMP = re.compile(r'name="stamp" value="([^"]+)"')
READ = timedelta(seconds=20)


class Citizen:
    """Somebody who goes from page to page; `at` is where they are."""

    def __init__(self, service: str = "street-lamp") -> None:
        self.client = Client(headers={"accept-language": "en"})
        self.service = service
        self.read = 0

    def opens(self, page: str, status: int = 200):
        """Look at a page of the service, or at an address below the agency's."""
        return self._shown(self.client.get(self._address(page)), status)

    def sends(self, page: str, status: int = 302, **answers):
        """Send a page's form; return the answer, or where it leads to."""
        answer = self._shown(self.client.post(self._address(page), answers), status)
        return answer.url.rsplit("/", 2)[1] if status == 302 else answer

    def asks(self, **answers):
        """Answer all pages up to the last one."""
        said = {"place": "Trước trường học", "content": "Đèn đường không sáng."} | answers
        if self.service == "street-lamp":
            self.sends("place", place=said["place"])
        self.sends("what", content=said["content"])
        self.sends("files")
        return self.tells(**{name: said[name] for name in ("name", "email") if name in said})

    def tells(self, **who) -> str:
        """Say who asks; return the page that comes next: `similar` only if there is something to show."""
        page = self.sends("who", **who)
        answer = self.client.get(self._address(page))
        return answer.url.rsplit("/", 2)[1] if answer.status_code == 302 else page

    def copies(self, prove):
        """Copy the digits of the second step, as fast as people read."""
        text = prove.content.decode()
        said = {"stamp": STAMP.search(text)[1], "digits": DIGITS.search(text)[1]}
        self.read += 1
        with clock.demonstration(clock.now() + self.read * READ):
            return self.client.post(self._address("check"), said)

    def asked(self, **answers) -> tuple[str, str]:
        """Ask for the service to the end; return number and key."""
        self.asks(**answers)
        assert self.copies(self.sends("check", 200)).status_code == 302
        return kept(self.opens("done"))

    def follows(self, number: str, key: str):
        """Come in with number and key."""
        return self.client.post(f"{SITE}/follow/", {"number": number, "key": key})

    def _address(self, page: str) -> str:
        return page if page.startswith("/") else f"{SITE}/new/{self.service}/{page}/"

    @staticmethod
    def _shown(answer, status: int):
        assert answer.status_code == status, answer.content.decode()[:3000]
        return answer


def kept(done) -> tuple[str, str]:
    """Return number and key from the page that shows them."""
    text = done.content.decode()
    return re.search(r'id="number">([^<]+)', text)[1], re.search(r'id="key">([^<]+)', text)[1]
