"""Whom a report relays: what its text credits, and what its outlet is called."""

import pytest

from services.nlp.attribution import origin_of
from services.nlp.credits import known_as, origin_terms
from tests.factories import report


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Ten soldiers died on Monday, a security source told AFP.", "agency:afp"),
        ("Dix soldats sont morts, a appris l'AFP auprès d'un officier.", "agency:afp"),
        ("C'est l'Agence France-Presse, citant un officier, qui a révélé le raid.", "agency:afp"),
        ("AFP, citing a security source, reported ten dead.", "agency:afp"),
        ("قتل عشرة جنود، بحسب وكالة فرانس برس.", "agency:afp"),
        ("Ten died, the Associated Press reported.", "agency:ap"),
        ("Дроны сбиты, передаёт Рейтер.", "agency:reuters"),
        ("Diez soldados murieron, informó a EFE una fuente militar.", "agency:efe"),
        ("Morreram dez soldados, disse à Lusa fonte policial.", "agency:lusa"),
        ("Anadolu Ajansı'nın haberine göre iki asker öldü.", "agency:anadolu"),
        ("За даними Укрінформ, поранено двох.", "agency:ukrinform"),
        ("Речь о дронах, сообщает Интерфакс-Украина.", "agency:interfax_ukraine"),
        ("Ten soldiers died. (With Coast Wire)", "agency:coast_wire"),
        ("Ten soldiers died. Source: Reuters", "agency:reuters"),
        ("A reporter of Reuters fell in the strike.", "publisher:orontes_wire"),
        ("Shells fell on SANAA at dawn.", "publisher:orontes_wire"),
        ("Shells fell at dawn, a grocer told Orontes.", "publisher:orontes_wire"),
    ],
)
def test_an_agency_is_known_in_any_of_its_names_where_it_is_credited(text: str, key: str) -> None:
    assert origin_of(report(text=text), origin_terms()) == key


@pytest.mark.parametrize(
    ("outlet", "key"),
    [
        ("AFP", "agency:afp"),
        ("The Associated Press", "agency:ap"),
        ("Anadolu Ajansı", "agency:anadolu"),
        ("Press Trust of India", "agency:pti"),
        ("Reuters news agency", "agency:reuters"),
        ("Sudan Wire", None),
        ("Qatar Agency", None),
    ],
)
def test_an_agencys_own_report_has_its_key(outlet: str, key: str | None) -> None:
    assert known_as(outlet, origin_terms()) == key
