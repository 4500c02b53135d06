"""Whether two names of places are spellings of one."""

import pytest

from services.common.spelling import Alike, alike, fold, skeleton


@pytest.mark.parametrize(
    ("a", "b", "says"),
    [
        ("Kyauk Taw", "Kyauktaw", Alike.SAME),
        ("Tell Hamis", "Tal Hamees", Alike.SAME),
        ("al-Mansoura", "Mansura", Alike.SAME),
        ("Dabiq village", "Dabeq", Alike.SAME),
        ("Horodok", "Городок", Alike.SAME),
        ("Al-Khafsah", "الخفسة", Alike.SAME),
        ("Tha Yet Ta Pin", "Thayattabin", Alike.SAME),
        ("کندز", "Kunduz", Alike.SAME),
        ("Kwaya community", "Kwaya", Alike.SAME),
        ("Barangay Limpongo", "Limpongo", Alike.SAME),
        ("Hays", "Hais", Alike.SAME),
        ("al-Basira", "al-Busayrah", Alike.SAME),
        ("Badenko", "Potunka", Alike.OTHER),
        ("Hajin", "Susah", Alike.OTHER),
        ("Camp 14", "Camp 16", Alike.OTHER),
        ("Novoselivka", "Novoselydivka", Alike.OTHER),
        ("Bria", "Mora", Alike.OTHER),
        ("The Dam", "سد تشرين", Alike.UNSURE),
    ],
)
def test_alike(a: str, b: str, says: Alike) -> None:
    assert alike(a, b) is alike(b, a) is says


def test_a_name_of_signs_alone_is_like_itself() -> None:
    assert alike("--", "--") is Alike.SAME
    assert alike("", "Hajin") is Alike.OTHER


def test_spellings_fold_together() -> None:
    assert fold("Ma`arrat an-Nu‘mān") == "maarrat an numan"
    assert skeleton(fold("Maaret al-Noman")) == skeleton(fold("Ma'arrat al-Nu'man"))
