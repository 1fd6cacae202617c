"""The fictional agency: its units, its people, and what they write to each other. Nobody here is real."""

from dataclasses import dataclass
from pathlib import Path

import yaml

from congvu.base.texts import Texts

SLUG = "phuong-binh-minh"
DOMAIN = "binhminh.example"
ZONE = "Asia/Ho_Chi_Minh"
NAME: Texts = {
    "vi": "Ủy ban nhân dân phường Bình Minh (hư cấu)",
    "kk": "Биньминь кварталының халық комитеті (ойдан шығарылған)",
    "ru": "Народный комитет квартала Биньминь (вымышленный)",
    "en": "People's Committee of Bình Minh Ward (fictional)",
}
PASSWORD = "binh-minh-2026"  # noqa: S105 -- a demonstration's, printed on purpose


@dataclass(frozen=True, slots=True)
class UnitPlan:
    """A unit to be opened; the root is the agency itself."""

    code: str
    name: Texts


@dataclass(frozen=True, slots=True)
class PersonPlan:
    """A person to be appointed, and their habits: of a hundred windows how many they use, and how fast they answer."""

    key: str
    full_name: str
    unit: str
    title: Texts
    rank: str = "staff"
    functions: tuple[str, ...] = ()
    windows: int = 95
    prompt: int = 90
    leaves: bool = False


UNITS = (
    UnitPlan("van-phong", {"vi": "Văn phòng", "kk": "Кеңсе", "ru": "Канцелярия", "en": "Office"}),
    UnitPlan(
        "kinh-te",
        {
            "vi": "Phòng Kinh tế, Hạ tầng và Đô thị",
            "kk": "Экономика, инфрақұрылым және қала шаруашылығы бөлімі",
            "ru": "Отдел экономики, инфраструктуры и городского хозяйства",
            "en": "Economy, Infrastructure and Urban Affairs",
        },
    ),
    UnitPlan(
        "van-hoa",
        {
            "vi": "Phòng Văn hóa – Xã hội",
            "kk": "Мәдениет және әлеуметтік істер бөлімі",
            "ru": "Отдел культуры и социальных вопросов",
            "en": "Culture and Social Affairs",
        },
    ),
)

OFFICIAL: Texts = {"vi": "Chuyên viên", "kk": "Маман", "ru": "Специалист", "en": "Official"}
HEAD: Texts = {
    "vi": "Trưởng phòng",
    "kk": "Бөлім басшысы",
    "ru": "Начальник отдела",
    "en": "Head of division",
}

PEOPLE = (
    PersonPlan(
        "chi",
        "Lê Thị Chi",
        SLUG,
        {"vi": "Chủ tịch", "kk": "Төрайым", "ru": "Председатель", "en": "Chairwoman"},
        "agency_leader",
        ("head", "legal_officer"),
        98,
        85,
    ),
    PersonPlan(
        "an",
        "Nguyễn Thị An",
        "van-phong",
        {"vi": "Văn thư", "kk": "Іс жүргізуші", "ru": "Делопроизводитель", "en": "Registry clerk"},
        functions=("clerk", "citizen_reception"),
        windows=99,
        prompt=97,
    ),
    PersonPlan("binh", "Trần Văn Bình", "kinh-te", OFFICIAL, windows=84, prompt=80),
    PersonPlan(
        "khanh", "Phạm Quốc Khánh", "kinh-te", HEAD, "division_head", ("head",), windows=94, prompt=86
    ),
    PersonPlan("ha", "Đỗ Thu Hà", "kinh-te", OFFICIAL, windows=90, prompt=72),
    PersonPlan(
        "lan",
        "Võ Ngọc Lan",
        "van-hoa",
        HEAD,
        "division_head",
        ("head", "legal_officer"),
        windows=96,
        prompt=90,
    ),
    PersonPlan("minh", "Hoàng Đức Minh", "van-hoa", OFFICIAL, windows=88, prompt=82),
    PersonPlan("son", "Bùi Thanh Sơn", "van-hoa", OFFICIAL, windows=90, prompt=80, leaves=True),
    PersonPlan(
        "ngoc",
        "Đặng Hồng Ngọc",
        "van-phong",
        {
            "vi": "Quản trị hệ thống",
            "kk": "Жүйе әкімшісі",
            "ru": "Системный администратор",
            "en": "System administrator",
        },
        functions=("administrator", "mail_administrator"),
        windows=97,
        prompt=90,
    ),
    PersonPlan(
        "tuan",
        "Mai Anh Tuấn",
        "van-phong",
        {"vi": "Thanh tra viên", "kk": "Аудитор", "ru": "Аудитор", "en": "Auditor"},
        functions=("auditor", "ethics_officer"),
        windows=96,
        prompt=90,
    ),
)


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter between people of the agency (keys), of one of the regulation's kinds."""

    kind: str
    author: str
    to: tuple[str, ...]
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A letter from outside, to a person (key) or to the agency's own address."""

    name: str
    address: str
    to: str
    subject: str
    body: str
    automatic: bool


@dataclass(frozen=True, slots=True)
class Words:
    """Everything that is written in the demonstration."""

    letters: tuple[Letter, ...]
    asked: tuple[Asked, ...]
    reasons: dict[str, list[str]]


def words() -> Words:
    """Read what the people write."""
    said = yaml.safe_load(Path(__file__).with_name("demonstration_letters.yaml").read_bytes())
    return Words(
        letters=tuple(
            Letter(one["kind"], one["from"], tuple(one["to"]), one["subject"], one["body"])
            for one in said["letters"]
        ),
        asked=tuple(
            Asked(
                one["name"],
                one["address"],
                one["to"],
                one["subject"],
                one["body"],
                one.get("automatic", False),
            )
            for one in said["asked"]
        ),
        reasons=said["reasons"],
    )
