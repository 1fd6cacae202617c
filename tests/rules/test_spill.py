"""A dictionary that spills over answers as one that does not, wherever its values lie."""

from hypothesis import given, settings
from hypothesis import strategies as st

from congvu.rules.replay import scratch
from congvu.rules.spill import Form, Spilled

KEYS = st.sampled_from("abcdefgh")
ACTS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["put", "keep"]), KEYS, st.integers(0, 99)),
        st.tuples(st.sampled_from(["get", "change", "has", "cool", "settle", "asked"]), KEYS, st.just(0)),
    ),
    max_size=60,
)
FORM: Form[list[int]] = Form(
    pack=lambda one: (repr(one), one[0]), unpack=lambda text: [int(text[1:-1])], columns=("first",)
)


@settings(max_examples=300)
@given(ACTS, st.integers(0, 4))
def test_it_answers_as_a_dictionary(acts, hot):
    plain: dict[str, list[int]] = {}
    with scratch() as file:
        spilled = Spilled[list[int]](file, "kept", hot=hot, form=FORM)
        for act, key, number in acts:
            match act:
                case "put":
                    plain[key], spilled[key] = [number], [number]
                case "keep":
                    assert spilled.setdefault(key, [number]) == plain.setdefault(key, [number])
                case "change":
                    if key in plain:
                        plain[key][0] += 1
                        spilled[key][0] += 1
                case "has":
                    assert (key in spilled) == (key in plain)
                case "asked":
                    cold = {one for one in plain if not dict.__contains__(spilled, one)}
                    assert spilled.asked("first >= 50", ()) >= {one for one in cold if plain[one][0] >= 50}
                case _:
                    getattr(spilled, act, spilled.cool)() if act != "get" else None
            if act == "cool":
                assert len(spilled) <= hot
            assert spilled.get(key) == plain.get(key)
        assert dict(spilled.all()) == plain
        assert [key for (key,) in file.execute("SELECT key FROM kept ORDER BY key")] == sorted(plain)


def test_one_table_is_left_of_many():
    with scratch() as file:
        spilled = Spilled[list[int]](file, "kept", hot=10, form=FORM)
        for number in range(1_000):
            spilled[f"{number % 400}"] = [number]
            spilled.cool()
        assert len(spilled.runs) > 50
        assert len(list(spilled.all())) == 400
        assert len(spilled.runs) == 1
        assert spilled["7"] == [807]
        tables = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name LIKE 'kept_%'"
        assert file.execute(tables).fetchone() == (2,)  # the empty one of the beginning, too
