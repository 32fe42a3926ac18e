"""What counts is changed in two steps: first what it would do, then kept; and hours are shown per worker."""

from dataclasses import asdict
from datetime import timedelta

import pytest

from events.models import Event
from scheduling import weight_trial, weighting
from scheduling.engine.model import Weights
from scheduling.engine.stop import Iterations
from scheduling.models import Weighting
from tests import build, build_work
from tests.build_work import MONDAY

pytestmark = pytest.mark.django_db
PAGE = "/kantoor/rooster-gewichten/"
FAIR = "/kantoor/eerlijk/"
WEEK = timedelta(weeks=1)


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(weight_trial.trial, "__kwdefaults__", {"stop": lambda: Iterations(50)})


@pytest.fixture
def coordinator():
    return build.member("coordinator", where=build.neighbourhood())


@pytest.fixture
def client(visitor, coordinator):
    return visitor(coordinator)


def filled(**changed):
    return {**asdict(Weights()), "why": "Minder reizen", "where": build.neighbourhood().ref, **changed}


class TestWeights:
    def test_are_kept_after_what_they_do_was_shown(self, client, coordinator):
        build_work.published_visit()
        said = client.post(PAGE, filled(travel=4))
        assert not Weighting.objects.exists()
        assert "van 1 naar 4" in said.content.decode()
        travel = said.context["trial"].parts[0]
        assert (travel.weight_now, travel.weight_then) == (1, 4)

        said = client.post(PAGE, {"bewaar": said.context["token"]}, follow=True)

        row = Weighting.objects.get()
        assert (row.version, row.weights["travel"], row.why, row.by) == (1, 4, "Minder reizen", coordinator)
        assert "Minder reizen" in said.content.decode()
        assert Event.objects.get(kind="weighting.changed").payload["weights"]["travel"] == 4
        assert weighting.weights().travel == 4

    @pytest.mark.parametrize("token", ["", "zomaar", '{"weights": {}}'])
    def test_are_not_kept_unseen(self, client, token):
        said = client.post(PAGE, {"bewaar": token}, follow=True)
        assert "Bekijk eerst" in said.content.decode()
        assert not Weighting.objects.exists()

    def test_are_not_kept_over_those_of_a_colleague(self, client):
        token = client.post(PAGE, filled(travel=4)).context["token"]
        weighting.change(asdict(Weights(late=3)), why="Avonden", instead_of=0, by=build.user(), at=build.NOON)
        said = client.post(PAGE, {"bewaar": token}, follow=True)
        assert "Een collega heeft dit net veranderd" in said.content.decode()
        assert weighting.weights() == Weights(late=3)

    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            ({"travel": ""}, "travel"), ({"travel": "-1"}, "travel"), ({"travel": "veel"}, "travel"), ({"why": " "}, "why"),
            ({}, "__all__"), ({"where": "zomaar"}, "where"), ({"late": "1001"}, "late"), ({"short": "1.5"}, "short"),
        ],
    )  # fmt: skip
    def test_that_make_no_sense_are_said_and_kept_in_the_form(self, client, changed, field):
        said = client.post(PAGE, filled(**changed))
        assert "token" not in said.context
        assert list(said.context["form"].errors) == [field]
        assert field == "where" or all(value in said.content.decode() for value in changed.values())
        assert "Minder reizen" in said.content.decode() or field == "why"

    def test_are_shown_without_a_week_to_try_them_on(self, client):
        said = client.post(PAGE, filled(travel=4))
        assert "nog geen rooster gepubliceerd" in said.content.decode()
        assert said.context["token"]

    def test_are_tried_on_weeks_of_ones_own_alone(self, client):
        far = build.neighbourhood("Noord")
        assert "token" not in client.post(PAGE, filled(travel=4, where=far.ref)).context


class TestFairHours:
    def test_say_who_stands_behind(self, client):
        ahead, behind = build_work.worker("Anna A."), build_work.worker("Bilal B.")
        this_week = build.NOON.date() - timedelta(days=build.NOON.weekday())
        build_work.worked_before(ahead, this_week - WEEK, minutes=1800)
        build_work.worked_before(behind, this_week - WEEK, minutes=1200)
        page = client.get(FAIR)
        ((_place, rows, _drawn, finding),) = page.context["blocks"]
        assert [(row.worker, row.gap) for row in rows] == [(behind, 600), (ahead, 0)]
        assert "1 van 2 mensen" in finding
        assert "Bilal B." in finding
        assert "67%" in page.content.decode()

    def test_of_four_weeks_leave_older_ones_out(self, client):
        worker = build_work.worker()
        this_week = build.NOON.date() - timedelta(days=build.NOON.weekday())
        for back in range(1, 7):
            build_work.worked_before(worker, this_week - back * WEEK, minutes=600)
        ((_place, (row,), *_rest),) = client.get(f"{FAIR}?weken=4").context["blocks"]
        assert (row.weeks, row.worked) == (4, 2400)
        ((_place, (row,), *_rest),) = client.get(FAIR).context["blocks"]
        assert (row.weeks, row.worked) == (6, 3600)

    def test_of_nobody_say_so(self, client):
        assert "nog geen week gewerkt" in client.get(FAIR).content.decode()

    def test_of_another_neighbourhood_are_not_shown(self, visitor):
        worker = build_work.worker("Anna A.")
        build_work.worked_before(worker, MONDAY - 2 * WEEK, minutes=600)
        stranger = visitor(build.member("coordinator", where=build.neighbourhood("Noord")))
        assert "Anna A." not in stranger.get(FAIR).content.decode()
