import pytest

from kernel.errors import Refused
from kernel.refs import ALPHABET, new_ref


class TestNewRef:
    def test_has_twelve_characters_that_nobody_mixes_up(self):
        refs = {new_ref() for _ in range(2000)}

        assert len(refs) == 2000
        assert all(len(ref) == 12 and set(ref) <= set(ALPHABET) for ref in refs)
        assert not set(ALPHABET) & set("01oilu")


class TestRefused:
    def test_code_is_the_name_of_the_class(self):
        class NotEnoughCheques(Refused):
            pass

        with pytest.raises(Refused, match="two hours short") as caught:
            raise NotEnoughCheques("You are two hours short.")
        assert caught.value.code == "NotEnoughCheques"

    def test_a_class_may_keep_its_own_code(self):
        class Renamed(Refused):
            code = "OldName"

        class Below(Renamed):
            pass

        assert (Renamed.code, Below.code) == ("OldName", "Below")
