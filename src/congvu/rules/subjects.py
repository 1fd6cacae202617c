"""What a book is about, in one word: from its id, else from the events that it speaks of."""

from collections import Counter

from congvu.rules.book import Book
from congvu.rules.feeding import needed

SUBJECTS = ("mail", "documents", "archive", "petitions", "staff", "social", "other")
BY_ID = {
    "mail": "mail",
    "email": "mail",
    "archive": "archive",
    "archives": "archive",
    "records": "archive",
    "retention": "archive",
    "clerical": "documents",
    "document": "documents",
    "documents": "documents",
    "correspondence": "documents",
    "petition": "petitions",
    "petitions": "petitions",
    "complaint": "petitions",
    "complaints": "petitions",
    "denunciation": "petitions",
    "denunciations": "petitions",
    "appeals": "petitions",
    "reception": "petitions",
    "hotline": "petitions",
    "1022": "petitions",
    "staff": "staff",
    "discipline": "staff",
    "emulation": "staff",
    "ethics": "staff",
    "conduct": "staff",
    "rating": "staff",
    "social": "social",
    "media": "social",
    "press": "social",
    "networks": "social",
}
BY_EVENT = {
    "mail": "mail",
    "document": "documents",
    "documents": "documents",
    "archive": "archive",
    "petition": "petitions",
    "petitions": "petitions",
    "staff": "staff",
    "social": "social",
}


def subject(book: Book) -> str:
    """Return one of SUBJECTS."""
    named = (BY_ID.get(word) for part in reversed(book.id.split(".")) for word in part.split("-"))
    found = next((one for one in named if one), None)
    if found:
        return found
    kinds = (BY_EVENT.get(kind.split(".")[0]) for norm in book.norms for kind in needed(norm))
    counted = Counter(one for one in kinds if one)
    return counted.most_common(1)[0][0] if counted else "other"
