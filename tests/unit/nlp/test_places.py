"""Finding and resolving places."""

import pytest

from services.nlp.gazetteer import Gazetteer
from services.nlp.places import PlaceFinder
from services.nlp.reader import ReportReader
from tests.unit.nlp.reports import ringing


@pytest.fixture(scope="module")
def finder() -> PlaceFinder:
    return PlaceFinder(Gazetteer.open())


def found(finder: PlaceFinder, text: str) -> list[tuple[str, str | None]]:
    return [(text[p.start : p.end], p.country) for p in finder.find(text, finder.context(text))]


def test_what_a_town_is_called_now_comes_before_what_another_was(finder: PlaceFinder) -> None:
    text = "Rockets fell on Sloviansk, Ukraine"
    (town, _) = finder.find(text, finder.context(text))
    assert town.entry is not None
    assert round(town.entry.lat, 1) == 48.8  # Nikopol was once Sloviansk too


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Shells fell on Kharkiv, Ukraine.", [("Kharkiv", "UA"), ("Ukraine", "UA")]),
        ("He was born in Alexandria, Louisiana, in 1950.", [("Alexandria", "US"), ("Louisiana", "US")]),
        ("A bomb in Maaret al-Noman, Syria", [("Maaret al-Noman", "SY"), ("Syria", "SY")]),
        ("У селі під Харковом", [("Харковом", "UA")]),
        ("غارة على مدينة رفح", [("رفح", "PS")]),
        ("The speaker was John Lincoln.", []),
        ("a bakery off Baghdad Street", []),
        ("Reading the paper in March", []),
        ("Iraq's trains and Lebanon’s roads", [("Iraq", "IQ"), ("Lebanon", "LB")]),
        ("A fire in Lebanon, Tennessee, in June", [("Lebanon", "US"), ("Tennessee", "US")]),
        ("Dec 4: the agency SANA wrote", []),
        ("Boats crossed the Dnipro river near Kherson, Ukraine", [("Kherson", "UA"), ("Ukraine", "UA")]),
        ("A market in Dnipro, Ukraine", [("Dnipro", "UA"), ("Ukraine", "UA")]),
        ("Lebanon sent doctors; a shell fell in Tyre", [("Lebanon", "LB"), ("Tyre", "LB")]),
        ("Le Soudan et la Syrie", [("Soudan", "SD"), ("Syrie", "SY")]),
        ("Irak'ın kuzeyinde, Hakkari'de", [("Irak", "IQ"), ("Hakkari", "TR")]),
        ("Selon l'Agence France-Presse", []),
        ("En Borbón, Ecuador, murieron seis", [("Borbón", "EC"), ("Ecuador", "EC")]),
        ("The State Department and the Red Cross", []),
        ("On Téra-Bankilaré road in Niger", [("Téra", "NE"), ("Niger", "NE")]),
        ("shells near Kyauk Taw, Myanmar", [("Kyauk Taw", "MM"), ("Myanmar", "MM")]),
        ("The army was in the Tyre district, Lebanon", [("Tyre", "LB"), ("Lebanon", "LB")]),
        ("The camps of Damascus said nothing", []),
        ("A market in Damascus, Syria", [("Damascus", "SY"), ("Syria", "SY")]),
        ("Talks between Kyiv and its neighbours", []),
        ("قصف على المدينة يوم الخميس، وكان في بلدة قرب القرية", []),
        ("سقطت قذيفة على بلدة سرمين بريف إدلب", [("سرمين", "SY"), ("إدلب", "SY")]),
        ("طائرة فوق الباب الخشبي", []),
        ("A blast in the west of the Afghan capital", [("Afghan capital", "AF")]),
        ("Rain fell on Somalia's capital, said Mali", [("Somalia's capital", "SO"), ("Mali", "ML")]),
        ("Herders left Somalia's Juba for the hills", [("Somalia", "SO")]),
        ("Rockets fell on Sloviansk, Ukraine", [("Sloviansk", "UA"), ("Ukraine", "UA")]),
        ("قصف مدينة الباب قرب حلب", [("الباب", "SY"), ("حلب", "SY")]),
    ],
)
def test_found(finder: PlaceFinder, text: str, places: list[tuple[str, str | None]]) -> None:
    assert found(finder, text) == places


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("BEIRUT (Reuters) - An air strike killed two people in Palmyra on Thursday.", "Palmyra"),
        ("An air strike killed two people in Raqqa on Thursday, a ministry in Ankara said.", "Raqqa"),
        ("A shell hit a house in Khan Younis, in the Gaza Strip, on Friday.", "Khan Younis"),
    ],
)
def test_the_events_place_is_not_the_speakers(reader: ReportReader, text: str, place: str) -> None:
    assert [event.place.name for event in ringing(reader, text) if event.place] == [place]


@pytest.mark.parametrize(
    ("text", "place", "country"),
    [
        ("A lorry bomb went off beside a ministry in Kabul, Afghanistan, on Thursday.", "Kabul", "AF"),
        ("Gunmen shot dead two guards in Khartoum, Sudan, on Thursday.", "Khartoum", "SD"),
        ("Rockets struck central Baghdad on Thursday and wounded four.", "Baghdad", "IQ"),
        ("Kyiv said a drone strike killed two people in Kherson on Thursday.", "Kherson", "UA"),
        ("قتل طفلان في غارة على مدينة إدلب اليوم", "Idlib", "SY"),
    ],
)
def test_a_capital_is_a_place_where_it_is_meant_as_a_town(
    reader: ReportReader, text: str, place: str, country: str
) -> None:
    (event,) = ringing(reader, text)
    assert event.place is not None
    assert (event.place.name, event.place.country) == (place, country)


@pytest.mark.parametrize(
    "text",
    [
        "Moscow's answer to talks between Kyiv and Ankara was an air strike that killed two on Thursday.",
        "Damascus denied on Thursday that it knew of the shelling, which killed two people.",
    ],
)
def test_a_capital_that_means_a_government_is_none(reader: ReportReader, text: str) -> None:
    assert [event.place.lat for event in ringing(reader, text) if event.place] == []


def test_the_countryside_of_a_town_reaches_further_than_the_town(reader: ReportReader) -> None:
    (event,) = ringing(reader, "قتل طفل بقصف مدفعي على ريف حلب اليوم")
    assert event.place is not None
    assert event.place.radius_km >= 40


def test_a_namesake_far_from_what_holds_it_is_another(finder: PlaceFinder) -> None:
    text = "A jet hit a school in Nyaung Kone village, Tabayin Township, Myanmar."
    assert found(finder, text) == [("Tabayin", "MM"), ("Myanmar", "MM")]


def test_a_province_is_told_before_its_name(finder: PlaceFinder) -> None:
    text = "en el norte de la provincia de Esmeraldas, Ecuador"
    assert [p.entry.radius_km > 50 for p in finder.find(text, finder.context(text)) if p.entry] == [True]
    text = "над территорией Брянской области"
    assert [p.country for p in finder.find(text, finder.context(text))] == ["RU"]
