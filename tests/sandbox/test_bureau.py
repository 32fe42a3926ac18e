"""The bureau: the gross export goes in, and what comes out adds up to the cent."""

import csv
import io
import signal
from collections.abc import Callable

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from stdnum.nl import bsn as bsn_check

from sandbox.bureau.rates import withhold
from tests.standins import Running

HEADER = (
    "run_ref;worker_ref;bsn;birth_date;period;gross_cents;holiday_allowance_cents;paid_minutes;contract_kind"
)
BSNS = [f"9999{n:05d}" for n in range(400) if bsn_check.is_valid(f"9999{n:05d}")]  # a range for tests


def row(n: int, **more: object) -> str:
    fields = {
        "run_ref": "2026-11",
        "worker_ref": f"W{n}",
        "bsn": BSNS[n],
        "birth_date": "1990-05-31",
        "period": "2026-11",
        "gross_cents": 900_00 + 411_17 * n,
        "holiday_allowance_cents": 0,
        "paid_minutes": 3600,
        "contract_kind": "permanent",
        **more,
    }
    return ";".join(str(value) for value in fields.values())


def export(*rows: str, header: str = HEADER, version: str = "# gross-export/1") -> bytes:
    return "\n".join([version, header, *rows, ""]).encode()


@pytest.fixture(scope="module")
def bureau(starts: Callable[..., Running]) -> Running:
    return starts("bureau")


@pytest.fixture(autouse=True)
def no_switches(bureau: Running):
    yield
    requests.delete(f"{bureau.url}/_sandbox/faults", timeout=10)


def send(bureau: Running, body: bytes) -> requests.Response:
    return requests.post(f"{bureau.url}/runs", data=body, timeout=10)


def net(bureau: Running, run: str) -> tuple[str, list[dict[str, str]]]:
    text = requests.get(f"{bureau.url}/runs/{run}/net.csv", timeout=10).text
    notice, rest = text.split("\n", 1)
    return notice, list(csv.DictReader(io.StringIO(rest), delimiter=";"))


def cents(line: dict[str, str]) -> dict[str, int]:
    return {name: int(value) for name, value in line.items() if name.endswith("_cents")}


class TestRun:
    def test_gives_net_and_withheld_that_make_the_gross_again(self, bureau: Running):
        # Given the pay of six workers, one of them over two months
        body = export(*[row(n, run_ref="A") for n in range(6)], row(0, run_ref="A", period="2026-10"))

        # When it is sent
        answer = send(bureau, body)

        # Then each worker has one line that adds up, and the file says what it is not
        assert answer.status_code == 202
        told = answer.json()
        assert (told["workers"], told["run_ref"]) == (6, "A")
        notice, lines = net(bureau, told["id"])
        assert notice.startswith("# rates are invented")
        assert [line["worker_ref"] for line in lines] == [f"W{n}" for n in range(6)]
        for line in map(cents, lines):
            withheld = line["withheld_tax_cents"] + line["employee_premium_cents"]
            assert line["net_cents"] + withheld == line["gross_cents"]
        assert sum(cents(line)["gross_cents"] for line in lines) == told["gross_cents"]
        assert cents(lines[0])["gross_cents"] == 2 * 900_00

    def test_gives_the_same_answer_for_the_same_file(self, bureau: Running):
        body = export(row(1, run_ref="B"))
        assert send(bureau, body).json() == send(bureau, body).json()

    def test_is_refused_with_other_contents_under_the_same_name(self, bureau: Running):
        send(bureau, export(row(1, run_ref="C")))
        again = send(bureau, export(row(1, run_ref="C", gross_cents=1)))
        assert again.status_code == 409
        assert "C" in again.json()["errors"][0]

    def test_is_not_known_when_it_was_never_sent(self, bureau: Running):
        assert requests.get(f"{bureau.url}/runs/run_x/net.csv", timeout=10).status_code == 404

    @pytest.mark.parametrize(
        ("body", "sentence"),
        [
            (export(row(1, bsn="123456789")), "Line 3: the BSN of W1 fails the eleven-test."),
            (export(row(1), row(1)), "Line 4: W1 in 2026-11 is on line 3 already."),
            (export(row(1), row(1, worker_ref="W9")), "Line 4: the BSN is that of W1 on line 3 already."),
            (export(row(1), row(2, run_ref="other")), "Line 4: the run is other"),
            (export(row(1), row(2, gross_cents="-")), "Line 4: gross_cents '-'"),
            (export(row(1), row(2, holiday_allowance_cents="-1")), "Line 4: holiday_allowance_cents '-1'"),
            (export(row(1, gross_cents="12.5")), "Line 3: gross_cents '12.5'"),
            (export(row(1, period="november")), "Line 3: the period 'november'"),
            (export(row(1, birth_date="31-05-1990")), "Line 3: the birth date"),
            (export("a;b"), "Line 3: it has not 9 fields."),
            (export(row(1) + ";x"), "Line 3: it has not 9 fields."),
            (export(row(1), header=HEADER + ";hobby"), "Line 2: the column 'hobby' is not known."),
            (export(row(1), header=HEADER.replace(";bsn", "")), "Line 2: the column 'bsn' is missing."),
            (export(row(1), version="# gross-export/9"), "Line 1 must be"),
            (export(), "The file has no lines with pay."),
            (b"", "Line 1 must be"),
            (export(row(1)).replace(b"W1", b"\xff"), "The file is not UTF-8"),
        ],
    )
    def test_is_refused_with_a_sentence_that_names_the_line(
        self, bureau: Running, body: bytes, sentence: str
    ):
        answer = send(bureau, body)
        assert answer.status_code == 422
        assert any(told.startswith(sentence) for told in answer.json()["errors"]), answer.json()

    def test_survives_a_kill(self, starts: Callable[..., Running]):
        bureau = starts("bureau")
        run = send(bureau, export(row(3))).json()["id"]
        before = net(bureau, run)
        bureau.stop(signal.SIGKILL)

        bureau.start()

        assert net(bureau, run) == before


class TestSwitches:
    def test_make_the_mistakes_that_the_product_must_find(self, bureau: Running):
        run = send(bureau, export(*[row(n, run_ref="D") for n in range(4)])).json()["id"]
        _, right = net(bureau, run)

        bureau.post("/_sandbox/faults", lose_worker="W0", double_worker="W1", off_by_a_cent="W2")
        _, wrong = net(bureau, run)

        assert [line["worker_ref"] for line in wrong] == ["W1", "W1", "W2", "W3"]
        assert cents(wrong[2])["net_cents"] == cents(right[2])["net_cents"] + 1
        requests.delete(f"{bureau.url}/_sandbox/faults", timeout=10)
        assert net(bureau, run)[1] == right


class TestWithhold:
    @given(st.integers(0, 20_000_00))
    def test_never_takes_more_than_the_pay_nor_gives_any(self, gross: int):
        kept = withhold(gross)
        assert kept.tax_cents >= 0
        assert kept.tax_cents + kept.employee_premium_cents <= gross

    @given(st.integers(0, 20_000_00), st.integers(0, 20_000_00))
    def test_leaves_more_net_to_who_earns_more(self, one: int, other: int):
        low, high = sorted((one, other))

        def net_of(gross: int) -> int:
            kept = withhold(gross)
            return gross - kept.tax_cents - kept.employee_premium_cents

        assert net_of(low) <= net_of(high) + 1  # rounding may cost a cent

    def test_takes_a_growing_share(self):
        shares = [withhold(euros * 100).tax_cents / (euros * 100) for euros in (1_000, 2_000, 4_000, 8_000)]
        assert shares == sorted(shares)
        assert shares[0] < shares[-1] / 3
