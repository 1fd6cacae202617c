"""Agencies that show two histories while two of their five witnesses help them: how soon the others find out.

The heads, trees and comparisons are the product's own; the network between the witnesses is a table. In each round
the log grows in both histories and is cosigned, and every honest witness compares as the clerk does: with those whom
its own policy names, and with those whom the log's public policy names.
"""

import collections
import os
import random
from dataclasses import dataclass, field

import pytest

from congvu.standards import checkpoints, conflicts, cosignatures, merkle, notes, tiles
from congvu.standards.checkpoints import Checkpoint
from congvu.standards.quorums import Group, Policy, Witness
from tests.torture.proof import tell

AGENCIES = int(os.environ.get("CONGVU_TORTURE_AGENCIES", "100"))
ROUNDS = 50
HUBS = 3  # inspectorate, archive, press
FORK = 20

pytestmark = pytest.mark.torture


@dataclass
class History:
    """One of the two trees of a forking log, with the tiles of every head that it signed."""

    files: dict[str, bytes] = field(default_factory=dict)
    edge: tiles.Edge = tiles.EMPTY

    def grow(self, entries: list[bytes]) -> None:
        growth = self.edge.append(entries)
        self.files.update(growth.files)
        self.edge = growth.edge

    def read(self, path: str) -> bytes:
        try:
            return self.files[path]
        except KeyError as error:
            raise FileNotFoundError(path) from error

    def head(self, origin: str) -> Checkpoint:
        return Checkpoint(origin, self.edge.size, self.edge.root())


@dataclass
class Agency:
    """A log that forks, its five witnesses, and which of the two histories each was shown."""

    signer: notes.SignerKey
    witnesses: list[int]  # numbers of installations, the hubs first
    liars: set[int]
    view: dict[int, int]  # of the honest: history 0 or 1
    shows_tiles: bool
    shows_policy: bool
    histories: tuple[History, History] = field(default_factory=lambda: (History(), History()))
    heads: dict[int, list[tuple[Checkpoint, str]]] = field(default_factory=dict)
    questions: dict[int, list[str]] = field(default_factory=lambda: collections.defaultdict(list))

    def grow(self, chance: random.Random, at: int) -> None:
        for number, history in enumerate(self.histories):
            count = chance.randint(1, 5) if at else FORK
            words = ["same" if not at else f"history {number}"] * count
            history.grow([f"{word} {at} {turn}".encode() for turn, word in enumerate(words)])
        for one in self.witnesses:
            if one not in self.liars:
                head = self.histories[self.view[one]].head(self.signer.name)
                self.heads.setdefault(one, []).insert(0, (head, checkpoints.sign(head, self.signer)))

    def shown_by(self, one: int, to: int) -> str:
        """Return what a witness shows: the honest their newest head; who lies, what the other one knows already."""
        if one in self.liars:
            return self.heads[to][0][1] if to % 2 else ""
        return self.heads[one][0][1]

    def compare(self, one: int, note: str) -> bytes | None:
        """Compare a head with what a witness saw, over the tiles that the log shows to it."""
        head = checkpoints.verify(note, key=self.signer.verifier)
        known = self.heads[one]
        ours, our_note = next((mine for mine in known if mine[0].size == head.size), known[0])
        read = self.histories[self.view[one]].read if self.shows_tiles else None
        try:
            evidence = conflicts.compare(ours, head, read)
        except conflicts.UnprovenError:
            self.questions[one].append(note)
            return None
        if evidence is None:
            return None
        return conflicts.build(evidence, key=self.signer.verifier, one=our_note, other=note)

    def round(self, policies: dict[int, list[int]]) -> bytes | None:
        """Let every honest witness compare once; return the first proof."""
        for one in self.witnesses:
            if one in self.liars:
                continue
            others = set(policies[one]) & set(self.witnesses)
            others |= set(self.witnesses) if self.shows_policy else self.liars
            shown = [self.shown_by(other, one) for other in sorted(others - {one})]
            for note in [*self.questions.pop(one, []), *filter(None, shown)]:
                if proof := self.compare(one, note):
                    return proof
        return None


def agencies(
    chance: random.Random, *, hubs: bool, tiles_: bool, policy: bool
) -> tuple[list[Agency], dict[int, list[int]]]:
    """Return agencies, each with five witnesses of whom two lie, and whom each installation's policy names."""
    policies = {number: _five(chance, number, hubs=hubs) for number in range(AGENCIES + HUBS)}
    made = []
    for number in range(HUBS, AGENCIES + HUBS):
        five = policies[number]
        liars = set(chance.sample(five, 2))
        honest = [one for one in five if one not in liars]
        chance.shuffle(honest)
        made.append(
            Agency(
                signer=notes.SignerKey(f"a{number}.example/log/a/2026", chance.randbytes(32)),
                witnesses=five,
                liars=liars,
                view={one: int(place > 0) for place, one in enumerate(honest)},
                shows_tiles=tiles_,
                shows_policy=policy,
            )
        )
    return made, policies


def _five(chance: random.Random, number: int, *, hubs: bool) -> list[int]:
    everybody = [one for one in range(AGENCIES + HUBS) if one != number]
    first = [one for one in range(HUBS) if one != number] if hubs else []
    rest = [one for one in everybody if one not in first]
    return first + chance.sample(rest, 5 - len(first))


@pytest.mark.parametrize(
    ("hubs", "tiles_", "policy", "caught"),
    [
        (True, True, True, "all"),
        (True, True, False, "all"),  # a log that names to each witness only those who lie
        (False, True, True, "all"),
        (
            True,
            False,
            True,
            "some",
        ),  # a log that shows tiles to nobody: only heads of one size can be compared
        (False, True, False, "few"),  # no common witness, and a policy that hides the honest ones
    ],
)
def test_how_many_rounds_a_fork_lives(seed, hubs, tiles_, policy, caught):
    chance = random.Random(seed)  # noqa: S311 -- a test that can be repeated
    made, policies = agencies(chance, hubs=hubs, tiles_=tiles_, policy=policy)
    rounds: collections.Counter[int] = collections.Counter()
    doubted = 0
    for agency in made:
        agency.grow(chance, 0)
        for number in range(1, ROUNDS + 1):
            agency.grow(chance, number)
            if proof := agency.round(policies):
                assert conflicts.verify(proof).key == agency.signer.verifier
                rounds[number] += 1
                break
        else:
            doubted += bool(agency.questions)
    alive = len(made) - rounds.total()
    tell(
        "gossip",
        agencies=len(made),
        seed=seed,
        common_witnesses=hubs,
        log_shows_tiles=tiles_,
        log_shows_its_policy=policy,
        rounds_until_proven=dict(sorted(rounds.items())),
        unproven=alive,
        unproven_but_doubted=doubted,
    )
    assert alive == {"all": 0, "doubted": doubted}.get(caught, alive)
    if caught == "hardly":
        assert alive > len(made) / 2  # this is why common witnesses, or an honest policy, are needed


def test_the_split_is_worth_an_attack(seed):
    """With two of five who sign everything, both histories get the three cosignatures that the policy asks for."""
    secrets = [cosignatures.generate(f"w{number}.example", cosignatures.ED25519) for number in range(5)]
    policy = Policy(
        witnesses=tuple(Witness(f"w{number}", one.key) for number, one in enumerate(secrets)),
        groups=(Group("five", 3, tuple(f"w{number}" for number in range(5))),),
        quorum="five",
    )
    heads = [Checkpoint("a.example/log/a/2026", 21, merkle.leaf_hash(b"%d" % number)) for number in range(2)]
    for head, signers in zip(heads, (secrets[:3], [*secrets[:2], *secrets[3:]]), strict=True):
        lines = "".join(one.cosign(head.format(), at=1) for one in signers)
        found = cosignatures.cosigned(f"{head.format()}\n{lines}", known=policy.cosigners())
        assert policy.is_met([one.key for one in found])
    assert seed is not None
