"""Bands of killed and injured."""

import pytest

from services.nlp.text import plain
from services.nlp.tolls import tolls

Band = tuple[int, int | None]


def bands(sentence: str) -> dict[str, Band]:
    found: dict[str, Band] = {}
    for toll in tolls(plain(sentence), sentence):
        if not toll.band.cumulative:
            found.setdefault(toll.field, (toll.band.min, toll.band.max))
    return found


@pytest.mark.parametrize(
    ("sentence", "killed", "injured"),
    [
        ("At least four officers died and nine passers-by were hurt.", (4, None), (9, 9)),
        ("Six were killed and more than thirty wounded.", (6, 6), (31, None)),
        ("Staff spoke of six dead and between 14 and 18 wounded.", (6, 6), (14, 18)),
        ("The strike killed between four and five civilians.", (4, 5), None),
        ("Raiders came at dawn, killing fourteen people and wounding sixteen.", (14, 14), (16, 16)),
        ("A bomb killed nineteen soldiers.", (19, 19), None),
        ("Two, including a child, were killed.", (2, 2), None),
        ("4/7 Soldier killed at the gate, two people hurt.", (1, 1), (2, 2)),
        ("The families buried nine and think that more lie in the well.", (9, 9), None),
        ("The landslide buried nine people for an hour.", None, None),
        ("Of those aboard four could not be saved, the spokesman said.", (4, 4), None),
        ("Six travellers lost their lives near the ford.", (6, 6), None),
        ("A shepherd lost his life to a drone.", (1, 1), None),
        ("Seventeen people were laid to rest at noon.", (17, 17), None),
        ("A trio of insurgents died when the aircraft came.", (3, 3), None),
        ("The command said that it had neutralised thirteen.", (13, 13), None),
        ("She counted fourteen corpses in the yard.", (14, 14), None),
        ("The mayor counts e1even civilians wounded.", None, (11, 11)),
        ("No one was killed, as the shift had ended.", (0, 0), None),
        ("Nobody was wounded.", (0, 0), (0, 0)),
        ("No loss of life occurred.", (0, 0), (0, 0)),
        ("The rocket fell in a field without causing casualties.", (0, 0), (0, 0)),
        ("No serviceman was injured.", (0, 0), (0, 0)),
        ("Four Wazalendo were killed on the ridge.", (4, 4), None),
        ("Seven people filling cans at the well were shot dead.", (7, 7), None),
        ("Three men who had gone back for their herd were killed.", (3, 3), None),
        ("At least twelve fighters are believed to have been killed.", (12, None), None),
        ("Five members of the Northern Freedom Fighters were killed.", (5, 5), None),
        ("Nine khwarij, a commander among them, met their end.", (9, 9), None),
        ("One vigilante lost his life.", (1, 1), None),
        ("A sexton aged 61 was killed.", (1, 1), None),
        ("A night watchman of 58 was killed.", (1, 1), None),
        ("The blast went off early, killing a Somali cook.", (1, 1), None),
        ("It ended with the martyrdom of its driver.", (1, 1), None),
        ("The ministry counted eleven martyrs.", (11, 11), None),
        ("At least six monks and novices were killed.", (6, None), None),
        ("A captain and a sepoy embraced martyrdom.", (2, 2), None),
        ("The head of the guard of Ulang and two constables lost their lives.", (3, 3), None),
        ("It hit the yard, killing eight people, two neighbours and a deacon told the paper.", (8, 8), None),
        ("It hit the yard, killing nine, a trader reached by telephone said.", (9, 9), None),
        ("Police saw four blanket-covered bodies.", (4, 4), None),
        ("Anton Bilyk, 36, died at the gate.", (1, 1), None),
        ("Another 35 arrived with bullet wounds.", None, (35, 35)),
        ("Six passengers received shrapnel wounds.", None, (6, 6)),
        ("The mine killed two soldiers and wounded a third.", (2, 2), (1, 1)),
        ("A shell led to the death of one person and the injury of another.", (1, 1), (1, 1)),
        ("Three more were flown to a hospital in the capital.", None, (3, 3)),
        ("Nineteen more have died of burns, bringing the dead to 31.", (31, 31), None),
        ("The number of people killed in the raid on the camp now stands at 27.", (27, 27), None),
        ("Forty sheep were killed.", None, None),
        ("The storm killed the power.", None, None),
        (
            "Fifteen members of the Haddad family, including seven children, were reportedly killed.",
            (15, 15),
            None,
        ),
        ("The shell killed a couple and their two daughters.", (4, 4), None),
        ("A woman of 60 was killed in her bed and a driver was wounded.", (1, 1), (1, 1)),
        ("A ward cleaner and two patients died, and five of us have burns.", (3, 3), (5, 5)),
        ("Dozens were wounded.", None, (24, 99)),
        ("The strike killed one man and wounded others.", (1, 1), (2, None)),
        ("Up to 40 fighters were killed.", (0, 40), None),
        ("The air raid killed six hundred and twelve people.", (612, 612), None),
        ("Firemen said nobody was hurt.", (0, 0), (0, 0)),
        ("Five paramedics sustained minor injuries.", None, (5, 5)),
        ("The rockets caused 27 casualties, nine of them fatal.", (9, 9), (18, 18)),
        (
            "Air strikes on Thursday killed seven, bringing the toll since April to more than 950 civilians.",
            (7, 7),
            None,
        ),
        (
            "The toll of Sunday's air raid on a mill has climbed to nine after two more bodies were found.",
            (9, 9),
            None,
        ),
        ("The number of dead rose from 11 to 14 when three of the wounded died.", (14, 14), None),
        ("The raid killed eight people, a trader said.", (8, 8), None),
        ("There were 17 raids on the town.", None, None),
        ("On the 3rd of May 2021 five members of the Haddad family were killed.", (5, 5), None),
        ("The shell killed a woman, Salma Haddad (31), and her two sons.", (3, 3), None),
        ("Samir Haddad, aged 40, was killed along with his wife and three daughters.", (5, 5), None),
        ("The Haddad Brigade was formed that year.", None, None),
        ("The raid killed six men of one crew, two of them cousins, and injured a child.", (6, 6), (1, 1)),
        ("The captain and his nephew were killed.", (2, 2), None),
        ("Two guards died, and the driver of a milk van lost an arm.", (2, 2), (1, 1)),
        ("The number of wounded stays at 31.", None, (31, 31)),
        ("The blast killed four, among them a nurse, and wounded as many.", (4, 4), (4, 4)),
        ('"Dozens" of wounded lay in the corridor.', None, (24, 99)),
        ("Soldier killed at the gate, six people hurt.", (1, 1), (6, 6)),
        ("Syria's war has killed more than 500,000 people since it started in 2011.", None, None),
        ("A man aged 47 lives there.", None, None),
    ],
)
def test_bands(sentence: str, killed: Band | None, injured: Band | None) -> None:
    found = bands(sentence)
    assert (found.get("killed"), found.get("injured")) == (killed, injured)


def test_a_sum_over_many_incidents_is_marked() -> None:
    found = tolls(plain("Over 550 civilians have been killed since the offensive began in late April."))
    assert [t.band.cumulative for t in found] == [True]


def test_offsets_point_at_the_words() -> None:
    sentence = "On Monday nine men (all of one crew) were killed."
    toll = tolls(plain(sentence))[0]
    assert sentence[toll.start : toll.end].startswith("nine men")
