"""Whose word two reports rest on."""

import pytest

from schemas.incident import IncidentEvidence
from services.dedup.picture import telling_of
from services.dedup.voice_terms import voice_terms, words_of
from services.dedup.voices import rest_on_one_word
from tests.factories import event, report_ref


@pytest.mark.parametrize(
    ("ours", "theirs", "one"),
    [
        (["the mayor"], ["the mayor"], True),
        (["the district police officer of the town"], ["the district police officer"], True),
        (["IGAD's ceasefire monitors"], ["IGAD's monitors"], True),
        (["SOHR"], ["SOHR", "residents"], True),
        (["SOHR"], ["the White Helmets"], False),
        (["SOHR", "the White Helmets"], ["SOHR", "the mayor"], False),
        (["a hospital worker"], ["a hospital worker"], False),
        (["residents"], ["residents"], False),
        (["two security sources"], ["two security sources"], False),
        (["the medical source"], ["the medical source"], False),
        (["the mayor"], [], False),
    ],
)
def test_claimants(ours: list[str], theirs: list[str], one: bool) -> None:
    a, b = (telling_of(event(n, claimants=tuple(names))) for n, names in ((1, ours), (2, theirs)))
    assert rest_on_one_word(a, b) is rest_on_one_word(b, a) is one


def test_a_report_that_credits_the_other_ones_publisher_relays_it() -> None:
    agency = telling_of(event(1, report=report_ref(1, source="Plains News Agency", publisher=None)))
    paper = telling_of(event(2, claimants=("the Plains News Agency",)))
    assert rest_on_one_word(agency, paper)


@pytest.mark.parametrize(
    ("ours", "theirs", "one"),
    [
        ("the regional governor", "the head of the regional administration", True),
        ("the governor", "глава областной администрации", True),
        ("начальник ОВА", "очільник області", True),
        ("the governor's office of Mardin", "Valilik", True),
        ("the mayor of Chernihiv", "міський голова", True),
        ("El alcalde de Argelia", "the mayor", True),
        ("Le commandant de la police", "a spokeswoman for the police", True),
        ("Washington's envoy", "the United States envoy", True),
        ("the Turkish defence ministry", "وزارة الدفاع التركية", True),
        ("Lebanon's Civil Defence", "الدفاع المدني", True),
        ("the task force's spokesman", "a spokesman of the army's joint task force", True),
        ("CENTCOM", "US Central Command", True),
        ("Cairo and Doha", "Egypt and Qatar", True),
        ("the district police officer", "police", True),
        ("the hospital's director", "مدير المستشفى", True),
        ("the coast guard", "Garde-côtes", True),
        ("l'armée", "the army's spokesman in the province", True),
        ("the Popular Defence Brigades", "the PDB", True),
        ("the Rovuma News Group", "RNG", True),
        ("Volyn Governor Petro Hnat", "начальник Волинської ОВА", True),
        ("the State Department", "Washington", True),
        ("Turkey", "Turkey's defence ministry", True),
        ("the military's media wing", "the ISPR", True),
        ("the general staff", "l'armée", True),
        ("a Chinese special envoy", "China's emissary", True),
        ("le Réseau des droits (RDX)", "the rights group RDX", True),
        ("the monitoring group Skyview", "Skyview", True),
        ("an official, Ada Obi", "Ada Obi", True),
        ("Governor Ada Obi", "Ada Obi", True),
        ("O Ministério da Defesa", "the defence ministry", True),
        ("o administrador do distrito", "the district administrator", True),
        ("MSB'den", "the defence ministry", True),
        ("DIG Ada Obi", "DIG Musa Bala", False),
        ("a Turkish soldier", "a Turkish soldier", False),
        ("Washington", "the Ukrainian foreign ministry", False),
        ("Washington", "the health ministry", False),
        ("o motorista", "o motorista", False),
        ("la tía del niño", "el tío del niño", False),
        ("the governor", "the mayor", False),
        ("the provincial police", "the district police", False),
        ("Ukraine's interior ministry", "Russia's interior ministry", False),
        ("the mayor of Kramatorsk", "the mayor of Druzhkivka", False),
        ("the army", "the Arakan Army", False),
        ("Pakistan's military", "the Indian army", False),
        ("the envoy of Qatar", "Egypt", False),
        ("an official of the health ministry", "the health ministry", False),
        ("un responsable de la police", "la police", False),
        ("مصدر أمني", "مصدر أمني", False),
        ("мешканці селища", "мешканці селища", False),
        ("it", "it", False),
    ],
)
def test_offices_are_compared_across_words_and_languages(ours: str, theirs: str, one: bool) -> None:
    a, b = (telling_of(event(n, claimants=(name,))) for n, name in ((1, ours), (2, theirs)))
    assert rest_on_one_word(a, b) is rest_on_one_word(b, a) is one


def test_a_report_whose_first_source_was_there_has_its_own_account() -> None:
    own = telling_of(event(1, claimants=("a shopkeeper", "the mayor")))
    relayed = telling_of(event(2, claimants=("the mayor", "a shopkeeper")))
    mayor = telling_of(event(3, claimants=("the mayor",)))
    assert not rest_on_one_word(own, mayor)
    assert rest_on_one_word(relayed, mayor)


def test_a_publisher_is_known_by_its_initials() -> None:
    agency = telling_of(event(1, report=report_ref(1, source="Agence Logone Presse", publisher=None)))
    paper = telling_of(event(2, claimants=("ALP",)))
    other = telling_of(event(2, claimants=("AXP",)))
    assert rest_on_one_word(agency, paper) is rest_on_one_word(paper, agency) is True
    assert not rest_on_one_word(agency, other)


@pytest.mark.parametrize(
    ("outlet", "claimants", "one"),
    [
        ("Bala Telegram", ("the governor of the province, Musa Bala",), True),
        ("Harbour Mayor's channel", ("the mayor",), True),
        ("State Emergency Service", ("rescuers", "the emergency service"), True),
        ("Harbour Mayor's channel", ("the mayor", "the police"), False),
        ("Harbour Mayor's channel", ("a resident", "the mayor"), False),
        ("Army Times", ("the army",), False),
        ("Sahel Press", ("the governor of the Sahel",), False),
    ],
)
def test_an_offices_own_channel_is_its_voice(outlet: str, claimants: tuple[str, ...], one: bool) -> None:
    channel = telling_of(event(1, report=report_ref(1, source=outlet, publisher=None)))
    paper = telling_of(event(2, claimants=claimants))
    assert rest_on_one_word(channel, paper) is rest_on_one_word(paper, channel) is one


def test_the_army_is_that_of_the_outlets_own_country_where_two_countries_write() -> None:
    def told(number: int, outlet: str) -> IncidentEvidence:
        report = report_ref(number, source=outlet, publisher=None)
        return telling_of(event(number, report=report, claimants=("the army",)))

    india, pakistan, wire = told(1, "Radio India"), told(2, "Pakistan Post"), told(3, "Plains Wire")
    assert not rest_on_one_word(india, pakistan)
    assert rest_on_one_word(india, wire)


def test_an_agency_credited_in_a_dateline_is_known_by_its_name() -> None:
    paper = telling_of(event(1, origin="agency:npa", claimants=("residents",)))
    naming = telling_of(event(2, claimants=("the Northern Press Agency",)))
    itself = telling_of(event(3, report=report_ref(3, source="Northern Press Agency", publisher=None)))
    assert rest_on_one_word(paper, naming)
    assert rest_on_one_word(itself, paper)


def test_the_words_of_the_voices_are_well_formed() -> None:
    terms = voice_terms()
    listed = [
        *(role.terms for role in terms.roles), *(o.terms for o in terms.organisations), *terms.lands.values(),
        *terms.levels.values(), terms.mouths, terms.anyone, terms.witnesses, terms.indefinite, terms.empty,
        terms.singular, terms.channels, terms.press,
    ]  # fmt: skip
    assert all(
        len(words_of(term.replace("*", ""))) >= len(term.split()) for group in listed for term in group
    )
    assert all(len(set(group)) == len(group) for group in listed)
    keys = [role.key for role in terms.roles] + [o.key for o in terms.organisations]
    assert len(set(keys)) == len(keys)
    assert not [w for w in terms.mouths if w in terms.anyone]
