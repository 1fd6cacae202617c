"""The fixed cast, and an installation of their own for tests.

Chi heads the office, An is its clerk, Bình its official; Ngọc administers from the root unit; Ermek serves in
Kazakhstan. All were appointed in 2010, and stand as the acts leave them that the product uses.
"""

import gc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.management.commands import flush
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from hypothesis import HealthCheck, settings
from whitenoise.middleware import WhiteNoiseMiddleware

from congvu.base import clock
from congvu.directory import queries
from congvu.directory.actions.agencies import found_agency
from congvu.directory.actions.appointments import appoint
from congvu.directory.actions.people import register_person
from congvu.directory.actions.posts import create_post
from congvu.directory.models import Unit
from congvu.directory.policies import OPERATOR
from congvu.directory.web.access import SEAT_KEY
from tests.base.websites import Site, site
from tests.cast import APPOINTED_ON, FOUNDED_AT, new_seat, new_unit

# A busy machine is no fault of what is tested.
settings.register_profile("congvu", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("congvu")


def pytest_collection_finish() -> None:
    """Let the collector of garbage pass over the tests themselves: they stay until the end."""
    gc.freeze()


@pytest.fixture
def web() -> Iterator[Site]:
    """Give a web server of this machine whose pages the test sets."""
    with site() as found:
        yield found


@pytest.fixture
def data_folder(tmp_path: Path, settings) -> Path:
    """Give the test a data folder of its own, beside the database."""
    settings.CONGVU_DATA = tmp_path / "data"
    settings.CONGVU_CHECKPOINT_COPY = tmp_path / "copy"
    settings.CONGVU_DATA.mkdir()
    return settings.CONGVU_DATA


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> None:
    """Have it noted that migrations made the tables, which were made at once: `congvu init` asks."""
    with django_db_blocker.unblock():
        recorder = MigrationRecorder(connection)
        recorder.ensure_schema()
        for package, name in MigrationLoader(None).disk_migrations:
            recorder.record_applied(package, name)


@pytest.fixture(autouse=True, scope="session")
def _no_rights_made_anew() -> Iterator[None]:
    """Keep the emptying of tables short: nothing here uses the rights that Django makes for every model after it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flush, "emit_post_migrate_signal", lambda *_: None)
        yield


@pytest.fixture(autouse=True, scope="session")
def _static_files_found_once() -> Iterator[None]:
    """Let all test clients share one list of static files, which none of them changes."""
    listed, find = {}, WhiteNoiseMiddleware.add_files_from_finders

    def share(middleware: WhiteNoiseMiddleware) -> None:
        if not listed:
            find(middleware)
            listed.update(middleware.files)
        middleware.files = listed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", share)
        yield


@pytest.fixture(autouse=True)
def _nobody_locked_out() -> Iterator[None]:
    yield
    cache.clear()


@pytest.fixture
def agency(db):
    """The demonstration agency `ubnd` with its office `vp`, both with an address."""
    founded = found_agency(
        slug="ubnd",
        name={"vi": "Ủy ban nhân dân tỉnh Lam Sơn", "en": "People's Committee of Lam Son"},
        domain="ubnd.example",
        by=OPERATOR,
        now=FOUNDED_AT,
        demonstration=True,
    )
    new_unit(
        founded,
        code="vp",
        name={"vi": "Văn phòng", "en": "Office"},
        boxes={"vanphong": "unit", "ubnd": "agency"},
    )
    return founded


@pytest.fixture
def seat_of(agency) -> Callable:
    """Appoint somebody: `seat_of("Trần Thị Dung", unit="vp", title=..., functions=[...])` -> Seat."""

    def appointed(
        full_name: str,
        *,
        unit: str,
        title: dict[str, str],
        functions: tuple[str, ...] = (),
        rank: str = "staff",
        at=agency,
        local_part: str = "",
    ):
        post = create_post(
            unit=Unit.objects.get(agency=at, code=unit),
            title=title,
            rank=rank,
            functions=functions,
            by=OPERATOR,
            now=FOUNDED_AT,
        )
        person = register_person(agency=at, full_name=full_name, by=OPERATOR, now=FOUNDED_AT)
        made = appoint(
            person=person,
            post=post,
            valid_from=APPOINTED_ON,
            local_part=local_part,
            by=OPERATOR,
            now=FOUNDED_AT,
        )
        made.account.password_is_initial = False  # the cast has signed in before
        made.account.save(update_fields=["password_is_initial"])
        return queries.seat(made.account, clock.now())

    return appointed


@pytest.fixture
def an(agency):
    """An, registry clerk (văn thư) of the office, who receives citizens (tiếp công dân)."""
    return new_seat(
        "Nguyễn Thị An",
        at=agency,
        unit="vp",
        title={"vi": "Văn thư", "en": "Registry clerk"},
        functions=("clerk", "citizen_reception"),
        local_part="an",
    )


@pytest.fixture
def binh(agency):
    """Bình, official (chuyên viên) of the office."""
    return new_seat(
        "Trần Văn Bình",
        at=agency,
        unit="vp",
        title={"vi": "Chuyên viên", "en": "Official"},
        local_part="binh",
    )


@pytest.fixture
def chi(agency):
    """Chi, head of the office (thủ trưởng), who is legal officer too."""
    return new_seat(
        "Lê Kim Chi",
        at=agency,
        unit="vp",
        title={"vi": "Chánh Văn phòng", "en": "Head of the office"},
        functions=("head", "legal_officer"),
        rank="department_head",
        local_part="chi",
    )


@pytest.fixture
def ngoc(agency):
    """Ngọc, administrator of the agency and of its mail, in the root unit."""
    return new_seat(
        "Phạm Minh Ngọc",
        at=agency,
        unit="ubnd",
        title={"vi": "Quản trị viên", "en": "Administrator"},
        functions=("administrator", "mail_administrator"),
        local_part="ngoc",
    )


@pytest.fixture
def akimat(db):
    """Another agency: the Kazakh `akimat`."""

    return found_agency(
        slug="akimat",
        name={
            "kk": "Сарыарқа ауданының әкімдігі",
            "ru": "Акимат района Сарыарка",
            "en": "Akimat of Saryarka",
        },
        domain="akimat.example",
        zone="Asia/Almaty",
        calendar="kz",
        language="kk",
        by=OPERATOR,
        now=FOUNDED_AT,
        demonstration=True,
    )


@pytest.fixture
def ermek(agency, akimat):
    """Ermek, an official in Kazakhstan."""
    title = {"kk": "Бас маман", "ru": "Главный специалист", "en": "Chief specialist"}
    return new_seat("Ермек Нұрланұлы", unit="akimat", title=title, at=akimat, local_part="ermek")


@pytest.fixture
def client_of() -> Callable:
    """Sign a seat in: `client_of(seat)` -> Django test client that acts on that post."""

    def signed_in(seat):

        client = Client()
        client.force_login(seat.account, backend="congvu.directory.web.backend.SeatedBackend")
        session = client.session
        session[SEAT_KEY] = seat.membership.handle
        session.save()
        return client

    return signed_in
