"""Open311: 100,000 documents written in XML and in JSON, and the two compared after reading them anew."""

import argparse
import json
import random
import time

from congvu.standards.open311 import mapping
from tests.standards import georeport, spark


def main(arguments: list[str]) -> None:
    """Print how many documents differ, and how long writing took; then the JSON line."""
    parser = argparse.ArgumentParser(prog="python -m bench open311_mapping")
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--members", type=int, default=100, help="documents of one answer")
    parser.add_argument("--seed", type=int, default=311)
    told = parser.parse_args(arguments)
    wrong = octets = 0
    spent = {"xml": 0.0, "json": 0.0}
    chance = random.Random(told.seed)  # noqa: S311 -- a measurement that can be repeated, no secret
    for name, value in georeport.answers(told.documents, chance, members=told.members):
        begun = time.process_time()
        xml = mapping.to_xml(name, value)
        between = time.process_time()
        written = mapping.to_json(value)
        spent["xml"] += between - begun
        spent["json"] += time.process_time() - between
        octets += len(xml)
        wrong += spark.read(xml) != json.loads(written)
    rates = {form: round(told.documents / seconds) for form, seconds in spent.items()}
    print(f"{told.documents:,} documents, {octets:,} characters of XML: {wrong} answers differ")
    print(f"documents a second of one core: {rates['xml']:,} in XML, {rates['json']:,} in JSON")
    print(json.dumps({"documents": told.documents, "differences": wrong, "per_second": rates}))
