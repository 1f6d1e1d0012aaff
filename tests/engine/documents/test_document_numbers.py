"""Numbers of documents: one after the other, each once, whatever happens at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from engine.documents.numbering import next_number
from engine.documents.tables import NumberSeries
from engine.store.database import Store


def take(store: Store, kind: str = "罚", year: int = 2024, agency: str = "源教") -> str:
    with store.transaction() as session:
        return next_number(session, agency, kind, year)


def test_the_first_number_of_a_series_is_one_and_the_next_is_two(store: Store) -> None:
    assert take(store) == "源教罚〔2024〕1号"
    assert take(store) == "源教罚〔2024〕2号"


def test_each_agency_kind_and_year_has_a_series_of_its_own(store: Store) -> None:
    take(store)
    assert take(store, kind="告") == "源教告〔2024〕1号"
    assert take(store, year=2025) == "源教罚〔2025〕1号"
    assert take(store, agency="东教") == "东教罚〔2024〕1号"


def test_one_step_may_take_several_numbers(store: Store) -> None:
    with store.transaction() as session:
        taken = [next_number(session, "源教", "罚", 2024) for _ in range(3)]
    assert taken == [f"源教罚〔2024〕{number}号" for number in (1, 2, 3)]


def test_a_number_of_a_step_that_is_rolled_back_is_given_to_the_next(store: Store) -> None:
    take(store)

    def fails() -> None:
        with store.transaction() as session:
            assert next_number(session, "源教", "罚", 2024) == "源教罚〔2024〕2号"
            raise RuntimeError("the step fails after it took its number")

    with pytest.raises(RuntimeError, match="the step fails"):
        fails()
    assert take(store) == "源教罚〔2024〕2号"


def test_steps_at_the_same_time_leave_no_gap_and_take_no_number_twice(store: Store) -> None:
    workers, rounds = 6, 8
    together = Barrier(workers)

    def work(worker: int) -> list[str]:
        together.wait()
        kept = []
        for turn in range(rounds):
            try:
                with store.transaction() as session:
                    number = next_number(session, "源教", "罚", 2024)
                    if (worker + turn) % 3 == 0:
                        raise RuntimeError("some of the steps fail")
            except RuntimeError:
                continue
            kept.append(number)
        return kept

    with ThreadPoolExecutor(workers) as pool:
        taken = [number for kept in pool.map(work, range(workers)) for number in kept]
    assert sorted(taken) == sorted(f"源教罚〔2024〕{number}号" for number in range(1, len(taken) + 1))
    with store.reading() as session:
        assert session.get_one(NumberSeries, ("源教", "罚", 2024)).last == len(taken)


@pytest.mark.parametrize(
    ("agency", "kind", "year"), [("", "罚", 2024), ("源教", "", 2024), ("源教", "罚", 24)]
)
def test_a_series_without_a_full_name_is_refused(sqlite_system, agency: str, kind: str, year: int) -> None:  # type: ignore[no-untyped-def]
    with sqlite_system.store.transaction() as session, pytest.raises(ValueError, match="no number series"):
        next_number(session, agency, kind, year)
