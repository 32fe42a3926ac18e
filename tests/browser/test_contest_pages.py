"""Why me, and not agreeing, on a phone and on a desk."""

import pytest

from identity import clock
from scheduling import contesting, publishing
from scheduling.models import Assignment
from tests import build, build_work
from tests.browser.conftest import assert_sound
from tests.build import NOON
from tests.build_work import MONDAY

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [390, 1280])
def test_the_pages_have_no_faults_and_fit(committed_db, open_page, shoot, width):
    build.organisation(phone="076 123 45 67")
    worker = build_work.worker()
    build.booking()
    publishing.publish(build_work.plan().pk, by=build.user(), at=NOON)
    row, reviewer = Assignment.objects.get(), build.member("coordinator", where=build.neighbourhood())
    clock.shift_to(NOON)

    def seen(name, path, by):
        page = open_page(path, by=by, width=width)
        shoot(page, f"{name}-{width}")
        assert_sound(page, name)
        return page

    why = seen("why-me", f"/werk/{row.ref}/waarom/", worker.user)
    why.get_by_label("Wilt u zeggen waarom?").fill("Ik heb dan les.")
    why.get_by_role("button", name="Ik ben het er niet mee eens").click()
    why.get_by_text("Een mens kijkt hiernaar. U").wait_for()
    seen("why-me-waits", f"/werk/{row.ref}/waarom/", worker.user)
    seen("my-hours", f"/werk/uren/{MONDAY}/", worker.user)
    seen("contests", "/kantoor/niet-eens/", reviewer)
    made = contesting.waiting([row.visit.neighbourhood_id])[0]
    seen("contest", f"/kantoor/niet-eens/{made.ref}/", reviewer)
    contesting.answer(made.pk, keeps=False, words="Een ander gaat.", by=reviewer, at=NOON)
    seen("contests-to-change", "/kantoor/niet-eens/", reviewer)
    seen("why-me-answered", f"/werk/{row.ref}/waarom/", worker.user)
