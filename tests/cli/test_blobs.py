"""Bytes that nothing names are found and destroyed; what a row names, and what is young, stays."""

import argparse
import os
from datetime import timedelta

import pytest

from congvu.base import blobs, clock
from congvu.base.blobs import BlobMissingError
from congvu.cli.blobs import run_strays, strays
from congvu.mail.actions import drafts
from congvu.mail.actions.accepting import accept
from congvu.mail.actions.drafts import Written
from congvu.mail.compose import File
from congvu.mail.models import DraftFile, Message
from tests.mail.letters import NOW, incoming

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_a_crash_left_is_destroyed_and_nothing_else(agency, an, binh, data_folder, capsys):
    accept([incoming("binh@ubnd.example")])
    file = File(filename="a.txt", content_type="text/plain", content=b"a")
    drafts.keep(seat=binh, written=Written(sender=binh.address, files=[file]), now=NOW)
    left, young = blobs.put(b"left by a crash"), blobs.put(b"being stored now")
    week_ago = clock.now().timestamp() - timedelta(days=7).total_seconds()
    for path in (data_folder / "blobs").glob("*/*"):
        if path.name != young:
            os.utime(path, (week_ago, week_ago))
    assert list(strays(clock.now() - timedelta(days=1))) == [left]
    run_strays(argparse.Namespace(destroy=False))
    assert blobs.get(left) == b"left by a crash"
    run_strays(argparse.Namespace(destroy=True))
    with pytest.raises(BlobMissingError):
        blobs.get(left)
    assert blobs.get(young) == b"being stored now"
    assert blobs.get(DraftFile.objects.get().blob) == b"a"
    assert blobs.get(Message.objects.get().blob)
    run_strays(argparse.Namespace(destroy=True))
    assert capsys.readouterr().out.splitlines() == [
        "1 older than a day that nothing names: found; --destroy destroys them",
        "1 older than a day that nothing names: destroyed",
        "Nothing is left over.",
    ]
