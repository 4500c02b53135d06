"""Numbers in words of languages beside English."""

import pytest

from services.nlp.number_words import first_number
from services.nlp.text import plain


@pytest.mark.parametrize(
    ("text", "language", "number"),
    [
        ("onze fidèles", "fr", 11),
        ("quatre-vingt-dix morts", "fr", 90),
        ("deux soldats et trois civils", "fr", 2),
        ("treinta y cuatro personas", "es", 34),
        ("ciento veinte", "es", 120),
        ("pelo menos seis pessoas", "pt", 6),
        ("dois civis e um soldado", "pt", 2),
        ("on bir kişi", "tr", 11),
        ("yirmi beş asker", "tr", 25),
        ("سبعة عشر مدنيا", "ar", 17),
        ("أربع وعشرون", "ar", 24),
        ("двадцать три человека", "ru", 23),
        ("п'ятеро людей", "uk", 5),
        ("۱۲ شهيدا", "ar", 12),
        ("two people on the bus", "en", None),
        ("personne", "fr", None),
    ],
)
def test_the_first_number(text: str, language: str, number: int | None) -> None:
    assert first_number(plain(text), language) == number
