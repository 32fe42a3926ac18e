"""Whatever arrives as a bank file is read or refused with a sentence; nothing else ever happens."""

from contextlib import suppress

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bank import statements
from kernel.errors import Refused
from payroll import bureau_format, pain002
from tests.bank.statement import details, entry, file, statement

GOOD = file(
    statement(
        entry(-5_00, details=details(-3_00, end_to_end="A") + details(-2_00)), entry(8_85), closing=103_85
    )
)
NET = b"run_ref;worker_ref;gross_cents;withheld_tax_cents;employee_premium_cents;net_cents\nr;w;100;20;0;80\n"
READERS = (statements.read, pain002.read, bureau_format.read)


def reads_or_refuses(body: bytes) -> None:
    for read in READERS:
        with suppress(Refused):
            read(body)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A good file of which a part is gone, doubled or overwritten."""
    body = draw(st.sampled_from([GOOD, NET, GOOD.decode().encode("utf-16")]))
    start = draw(st.integers(0, len(body)))
    end = draw(st.integers(start, min(len(body), start + 80)))
    return body[:start] + draw(st.one_of(st.just(body[start:end] * 2), st.binary(max_size=40))) + body[end:]


@given(damaged())
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_damaged_file_is_read_or_refused(body):
    reads_or_refuses(body)


@given(st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_noise_is_refused(body):
    reads_or_refuses(body)


@given(st.binary(min_size=1, max_size=4), st.integers(0, len(GOOD) - 1))
@settings(max_examples=200, deadline=None)
def test_a_statement_that_still_reads_still_says_when_it_does_not_tie(noise, place):
    """Money is never read wrong in silence: what is left adds up, or is refused."""
    try:
        found = [read.check() for read in statements.read(GOOD[:place] + noise + GOOD[place + len(noise) :])]
    except Refused:
        return
    for read in found:
        assert read.opening_cents + sum(line.cents for line in read.lines) == read.closing_cents
