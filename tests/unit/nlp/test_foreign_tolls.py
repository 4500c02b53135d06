"""Bands of killed and injured in languages beside English."""

import time

import pytest

from services.nlp.foreign_tolls import languages, tolls
from services.nlp.text import plain

Band = tuple[int, int | None]


@pytest.mark.parametrize(
    ("language", "sentence", "killed", "injured"),
    [
        ("fr", "Les assaillants ont ouvert le feu, tuant neuf bergers et en blessant vingt et un.", (9, 9), (21, 21)),
        ("fr", "Huit personnes, dont cinq femmes, ont péri.", (8, 8), None),
        ("fr", "Dix-neuf soldats et un civil ont été tués.", (20, 20), None),
        ("fr", "Une vingtaine de morts et au moins deux douzaines de blessés.", (20, 20), (24, None)),
        ("fr", "Le tir a fait trois blessés.", None, (3, 3)),
        ("fr", "Un drone a tué trois habitants.", (3, 3), None),
        ("fr", "Le missile a touché la voiture, tuant son conducteur.", (1, 1), None),
        ("fr", "Trois drones ont été abattus.", None, None),
        ("fr", "Le tir n'a fait aucune victime.", (0, 0), (0, 0)),
        ("es", "Un patrullero murió y dos resultaron heridos a las 9:40 del 3 de junio.", (1, 1), (2, 2)),
        ("es", "Los sicarios mataron a cuatro hombres.", (4, 4), None),
        ("es", "Murieron treinta y cuatro personas.", (34, 34), None),
        ("es", "Dos policías y un civil murieron.", (3, 3), None),
        ("es", "Murió una vendedora y otras cuatro personas resultaron heridas.", (1, 1), (4, 4)),
        ("es", "Un hombre de 51 años murió.", (1, 1), None),
        ("es", "No hubo heridos.", (0, 0), (0, 0)),
        ("pt", "Homens armados decapitaram dois pescadores.", (2, 2), None),
        ("pt", "Pelo menos seis pessoas morreram e cerca de trinta casas arderam.", (6, None), None),
        ("tr", "Mayın patladı, 2 asker şehit oldu, 5 asker yaralandı.", (2, 2), (5, 5)),
        ("tr", "Valilik iki askerin öldüğünü, dördünün yaralandığını açıkladı.", (2, 2), (4, 4)),
        ("tr", "Üç İHA etkisiz hale getirildi.", None, None),
        ("ar", "استشهاد مقاتلين اثنين وإصابة راع", (2, 2), (1, 1)),
        ("ar", "أدت الغارة إلى سقوط شهيد وإصابة ما لا يقل عن عشرين", (1, 1), (20, None)),
        ("uk", "Троє людей загинули, ще п'ятеро поранені.", (3, 3), (5, 5)),
        ("uk", "Загинула 61-річна жінка.", (1, 1), None),
        ("ru", "Погибли два человека, одиннадцать ранены.", (2, 2), (11, 11)),
        ("ru", "Погиб 29-летний оператор.", (1, 1), None),
        ("en", "Two soldiers were killed.", None, None),
    ],
)  # fmt: skip
def test_bands(language: str, sentence: str, killed: Band | None, injured: Band | None) -> None:
    found = {t.field: (t.band.min, t.band.max) for t in tolls(plain(sentence), language)}
    assert (found.get("killed"), found.get("injured")) == (killed, injured)


def test_a_sum_over_many_incidents_is_marked() -> None:
    assert [t.band.cumulative for t in tolls("plus de 500 morts depuis janvier", "fr")] == [True]
    assert [t.band.cumulative for t in tolls("trois morts depuis lundi", "fr")] == [False]
    assert [t.band.cumulative for t in tolls("han muerto 40 personas, 12 muertos desde enero", "es")] == [
        True
    ]


@pytest.mark.parametrize("words", ["a ", "un ", "la ", "dos ", "deux morts et ", "aaaa"])
@pytest.mark.parametrize("language", sorted(languages()))
def test_a_text_made_to_be_slow_is_not(language: str, words: str) -> None:
    started = time.process_time()
    tolls(words * (8000 // len(words)), language)
    assert time.process_time() - started < 2
