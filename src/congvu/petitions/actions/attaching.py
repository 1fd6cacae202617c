"""Files of a petition and of what was said about it later, with the rows that name them."""

import hashlib
from collections.abc import Sequence

from congvu.base import handles
from congvu.petitions.models import Attachment, Petition, Step
from congvu.petitions.submissions import File


def attach(  # no-evidence: what they came with is recorded, with their digest
    petition: Petition,
    files: Sequence[File],
    blobs: Sequence[str],
    *,
    step: Step | None = None,
    is_public: bool = False,
) -> None:
    """Write down files that are stored as `blobs`; of an answer or an addition they belong to its step."""
    Attachment.objects.bulk_create(
        Attachment(
            agency=petition.agency,
            handle=handles.new(),
            petition=petition,
            step=step,
            blob=blob,
            public_blob=blob if is_public else "",
            **one.columns(),
        )
        for one, blob in zip(files, blobs, strict=True)
    )


def disclosed(files: Sequence[File]) -> dict[str, str]:
    """Return what evidence says of files: SHA-256 of their SHA-256 digests, in their order, a line each."""
    if not files:
        return {}
    lines = "".join(f"{hashlib.sha256(one.data).hexdigest()}\n" for one in files)
    return {"files": hashlib.sha256(lines.encode()).hexdigest()}
