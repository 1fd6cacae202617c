"""Areas as maps give them: GeoJSON (RFC 7946), well formed and hostile."""

import json

import pytest

from congvu.petitions import geojson

SQUARE = [[[105.0, 20.0], [105.1, 20.0], [105.1, 20.1], [105.0, 20.1], [105.0, 20.0]]]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "json"),
        ("[" * 100_000, "json"),
        ("[1]", "shape"),
        ('{"type": "Point", "coordinates": [1, 2]}', "shape"),
        ('{"type": "FeatureCollection", "features": []}', "shape"),
        ('{"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1]]]}', "ring"),
        ('{"type": "Polygon", "coordinates": [[[0, 0], [1, "x"], [1, 1], [0, 0]]]}', "ring"),
        ('{"type": "Polygon", "coordinates": [[[20, 105], [21, 105], [21, 106], [20, 105]]]}', "range"),
        ('{"type": "Polygon", "coordinates": [[[NaN, 0], [1, 0], [1, 1], [0, 0]]]}', "range"),
        (" " * 5_000_001, "large"),
    ],
)
def test_what_is_no_area_is_refused_with_its_reason(text, reason):
    with pytest.raises(geojson.GeoJsonError) as refused:
        geojson.read(text)
    assert refused.value.reason == reason


def test_a_collection_of_features_brings_codes_names_and_holes():
    hole = [[105.02, 20.02], [105.05, 20.02], [105.05, 20.05], [105.02, 20.02]]
    polygon = {"type": "MultiPolygon", "coordinates": [[*SQUARE, hole]]}
    features = [
        {"type": "Feature", "properties": {"code": "p1", "name": "Phường 1"}, "geometry": polygon},
        {"type": "Feature", "properties": {"code": "p2", "name": {"ru": "Два"}}, "geometry": polygon},
    ]
    found = geojson.read(json.dumps({"type": "FeatureCollection", "features": features}))
    assert [(one.code, one.name, len(one.rings)) for one in found] == [
        ("p1", {"": "Phường 1"}, 2),
        ("p2", {"ru": "Два"}, 2),
    ]
