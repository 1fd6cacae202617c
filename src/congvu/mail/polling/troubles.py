"""Why a mailbox elsewhere could not be looked into, in closed words, and what they say."""

CONNECTION, TLS, LOGIN, FOLDER, ANSWER, TIME, ADDRESS, STORAGE = (
    "connection",
    "tls",
    "login",
    "folder",
    "answer",
    "time",
    "address",
    "storage",
)
SENTENCES = {
    CONNECTION: "the server cannot be reached",
    TLS: "no encrypted connection with a certificate that is trusted; for one of your own give --authority",
    LOGIN: "user name or password is not taken",
    FOLDER: "there is no such folder",
    ANSWER: "the server answers what nobody can understand, or more than it may",
    TIME: "the server took too long",
    ADDRESS: "the official address was withdrawn",
    STORAGE: "what was found could not be stored here",
}


class TroubleError(Exception):
    """A visit has failed; the argument is one of the words."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word
