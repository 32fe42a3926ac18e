"""`make hammer` and `make storm` at a small size, and a bug that the hammer must see."""

from benchmarks import hammer, planted, storm


def test_hammer_finds_no_double_and_no_drift(committed_db):
    found = hammer.run(160)

    assert found.is_whole
    assert found.outcomes["spent"] == 32
    assert found.outcomes["already paid"] > 0


def test_storm_ends_with_the_books_of_the_stand_in(committed_db):
    found = storm.run(60)

    assert found.faults == []
    assert found.counts["signed with another secret"] == found.counts["an hour old"] > 0


def test_a_planted_bug_is_seen(committed_db):
    bug = next(bug for bug in planted.BUGS if bug.noticed_by == "hammer")

    with planted.planted(bug):
        assert not hammer.run(480).is_whole
