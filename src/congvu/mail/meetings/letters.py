"""The words of letters about meetings, which their recipients read: in the language of the agency that sends them."""

from dataclasses import dataclass

WORDS = {
    "vi": {
        "accepted": "Nhận lời",
        "tentative": "Có thể tham dự",
        "declined": "Không tham dự",
        "cancelled": "Hủy họp",
    },
    "kk": {
        "accepted": "Келісім",
        "tentative": "Мүмкін",
        "declined": "Бас тарту",
        "cancelled": "Жиналыс болмайды",
    },
    "ru": {
        "accepted": "Принято",
        "tentative": "Возможно",
        "declined": "Отклонено",
        "cancelled": "Встреча отменена",
    },
    "en": {
        "accepted": "Accepted",
        "tentative": "Tentative",
        "declined": "Declined",
        "cancelled": "Cancelled",
    },
}
_SENTENCES = {
    "vi": {
        "accepted": "Tôi nhận lời tham dự cuộc họp.",
        "tentative": "Tôi có thể tham dự cuộc họp, chưa chắc chắn.",
        "declined": "Tôi không tham dự được cuộc họp.",
        "cancelled": "Cuộc họp này không diễn ra.",
    },
    "kk": {
        "accepted": "Мен жиналысқа қатысамын.",
        "tentative": "Мен жиналысқа қатысуым мүмкін, әлі нақты емес.",
        "declined": "Мен жиналысқа қатыса алмаймын.",
        "cancelled": "Бұл жиналыс болмайды.",
    },
    "ru": {
        "accepted": "Я приму участие во встрече.",
        "tentative": "Возможно, я приму участие во встрече; пока не уверен.",
        "declined": "Я не смогу принять участие во встрече.",
        "cancelled": "Эта встреча не состоится.",
    },
    "en": {
        "accepted": "I will come to the meeting.",
        "tentative": "I may come to the meeting; it is not certain yet.",
        "declined": "I cannot come to the meeting.",
        "cancelled": "This meeting does not take place.",
    },
}
_INVITED = {
    "vi": ("Mời họp", "Thời gian", "Địa điểm"),
    "kk": ("Жиналысқа шақыру", "Уақыты", "Орны"),
    "ru": ("Приглашение на встречу", "Время", "Место"),
    "en": ("Invitation to a meeting", "Time", "Place"),
}


@dataclass(frozen=True, slots=True)
class Words:
    """Subject and text of a letter."""

    subject: str
    text: str


def answer(word: str, *, summary: str, when: str, comment: str, language: str) -> Words:
    """Say an answer or a cancellation to people whose program reads no calendars."""
    known = language if language in WORDS else "en"
    lines = [_SENTENCES[known][word], "", summary, when, *(["", comment] if comment else [])]
    return Words(f"{WORDS[known][word]}: {summary}".strip(), "\n".join(lines).rstrip() + "\n")


def invitation(*, when: str, place: str, language: str) -> str:
    """Say below a letter to what it invites."""
    title, time, where = _INVITED.get(language, _INVITED["en"])
    return "\n".join([title, f"{time}: {when}", *([f"{where}: {place}"] if place else [])])
