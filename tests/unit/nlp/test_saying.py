"""Who says so, language by language, and whose word an event rests on."""

import pytest

from services.nlp.attribution import attributions, origin_of, told_by
from services.nlp.claims import claimants_in
from services.nlp.credits import origin_terms
from services.nlp.saying import grammars
from services.nlp.text import Section, Sentence
from tests.factories import report


@pytest.mark.parametrize(
    ("language", "text", "named"),
    [
        ("en", "Two shells hit the depot, the head of the town's defence council said on Telegram.",
         ["the head of the town's defence council"]),
        ("en", "It was announced by the regional prosecutor's office that two had died.",
         ["the regional prosecutor's office"]),
        ("en", "Four died, according to a release put out from the headquarters in Ramstein.",
         ["a release put out from the headquarters in Ramstein"]),
        ("en", "Ten days of calm are due under the text that Muscat and Doha put out last night.",
         ["Muscat and Doha"]),
        ("en", "In a communique the general staff said an assembly of rebels had been hit.", ["the general staff"]),
        ("en", "Nine were hurt, says the driver of the lorry that was following.", ["the driver of the lorry"]),
        ("en", "A blast was heard in Odesa, southern Ukraine, said a company that watches fires.", ["a company"]),
        ("en", "Residents of a hamlet by the lake, in central Mali, say a drone fired on them.",
         ["Residents of a hamlet by the lake"]),
        ("en", "In his channel, the governor put the toll at nine.", ["the governor"]),
        ("en", "The United States struck a depot blamed on the group.", []),
        ("en", "The raid was confirmed by the spokesman of the coalition.", ["the spokesman of the coalition"]),
        ("en", "A missile killed two, the mayor, Oleh Dubko, said.", ["the mayor"]),
        ("fr", "Le porte-parole de l'armée, le lieutenant Jules Ngoy, a confirmé la mort de deux civils.",
         ["Le porte-parole de l'armée"]),
        ("tr", "Valilikten yapılan açıklamada iki kişinin öldüğü belirtildi.", ["Valilikten"]),
        ("en", "Five people were hurt, regional governor Petro Hnat said.", ["regional governor Petro Hnat"]),
        ("fr", "Un chauffeur est mort, a appris l'Agence Logone Presse (ALP) auprès d'un responsable.",
         ["l'Agence Logone Presse (ALP)", "un responsable"]),
        ("fr", "Trois personnes ont été tuées, a indiqué vendredi le gouverneur de la province.",
         ["le gouverneur de la province"]),
        ("fr", "L'armée a annoncé un cessez-le-feu.", ["L'armée"]),
        ("fr", "D'après le maire, deux civils sont morts.", ["le maire"]),
        ("es", "Dos soldados murieron, informó el jueves el gobernador del Cauca.", ["el gobernador del Cauca"]),
        ("es", "El alcalde dijo que hubo tres heridos.", ["El alcalde"]),
        ("ar", "قتل ستة أشخاص في السوق، بحسب ما أفاد مصدر طبي في المدينة.", ["مصدر طبي في المدينة"]),
        ("ar", "وقالت وزارة الصحة إن خمسة قتلوا.", ["وزارة الصحة"]),
        ("uk", "Про це повідомила в Telegram міська голова.", ["міська голова"]),
        ("uk", "За словами мера, двоє загинули.", ["мера"]),
        ("ru", "Как написал в телеграме глава областной администрации, дом разрушен.",
         ["глава областной администрации"]),
        ("ru", "В Минобороны заявили, что сбили пять дронов.", ["Минобороны"]),
        ("tr", "Valilik, saldırıda iki askerin yaralandığını açıkladı.", ["Valilik"]),
        ("tr", "Milli Savunma Bakanlığı iki askerin öldüğünü duyurdu.", ["Milli Savunma Bakanlığı"]),
        ("he", "שני בני אדם נפצעו, כך הודיעה המשטרה.", ["המשטרה"]),
        ("he", "לפי משרד הבריאות, חמישה נהרגו.", ["משרד הבריאות"]),
        ("en", "Halima Bello, the commissioner for health, said nine people had died.", ["Halima Bello"]),
        ("en", "Dr Ana Paz, on duty there, said the men were shot at close range.", ["Dr Ana Paz"]),
        ("en", "'They carried knives,' said an uncle of two of them.", ["an uncle of two of them"]),
        ("en", "Relatives in Kobo town, North Wollo, told Sheger they had buried nine men.",
         ["Relatives in Kobo town"]),
        ("en", "The pause announced by Ankara took effect at noon.", ["Ankara"]),
        ("en", "Fighting will stop at noon, according to the accord.", []),
        ("en", "Ten-day ceasefire announced in Kadugli", []),
        ("en", "Per the navy, four sailors were hurt; that is ten per cent of the crew.", ["the navy"]),
        ("en", "The group on Friday published the names of nine people it says soldiers shot.", ["The group"]),
        ("en", "The brigade says farewell to two of its men.", []),
        ("en", "The fire was put out by four in the morning.", []),
        ("en", "The Observatory for Rights (ORX) said five had died.", ["The Observatory for Rights (ORX)"]),
        ("fr", "L'Observatoire des droits (ODX) fait état de neuf morts.", ["L'Observatoire des droits (ODX)"]),
        ("fr", "Un premier bilan fait état de neuf morts, selon la gendarmerie.", ["la gendarmerie"]),
        ("fr", "Deux soldats sont morts, a fait savoir le ministère de la Défense.",
         ["le ministère de la Défense"]),
        ("fr", "Aucune annonce n'a été faite ; un diplomate qui a révélé le raid se tait.", []),
        ("fr", "Dix morts, selon un bilan provisoire de la préfecture.", ["la préfecture"]),
        ("en", "Ten died, according to a count by the war monitors.", ["the war monitors"]),
        ("es", "Tres muertos, según un balance preliminar de la Policía.", ["la Policía"]),
        ("pt", "“Fugimos todos”, contou uma moradora.", ["uma moradora"]),
        ("ar", "وبحسب شهود عيان فإن القصف استمر ساعتين.", ["شهود عيان"]),
        ("es", "Dos murieron, según indicó la policía.", ["la policía"]),
        ("es", "El Ejército Nacional comunicó que dos soldados murieron.", ["El Ejército Nacional"]),
        ("es", "Murieron seis, cuenta la presidenta de la junta.", ["la presidenta de la junta"]),
        ("pt", "Cinco pessoas morreram, disse à Lusa o administrador do distrito.",
         ["o administrador do distrito"]),
        ("pt", "Um motorista que seguia atrás disse à Lusa ter visto seis corpos.",
         ["Um motorista que seguia atrás"]),
        ("pt", "Segundo a polícia, o segundo ataque matou três.", ["a polícia"]),
        ("ar", "أعلنت وزارة الدفاع وقفا لإطلاق النار لمدة أسبوع.", ["وزارة الدفاع"]),
        ("ar", "وأفاد الهلال الأحمر بمقتل ثلاثة.", ["الهلال الأحمر"]),
        ("uk", "Двоє поранених, повідомив журналістам очільник області.", ["очільник області"]),
        ("ru", "В пресс-службе округа рассказали, что сбили два дрона.", ["пресс-службе округа"]),
        ("tr", "Anadolu Ajansı'nın haberine göre iki kişi öldü.", ["Anadolu Ajansı'nın"]),
        ("tr", "Kaymakamlık iki kişinin öldüğünü, birinin yaralandığını açıkladı.", ["Kaymakamlık"]),
        ("tr", "Saldırıyı örgüt üstlendi.", []),
        ("he", "דובר צה\"ל מסר כי שני חיילים נפצעו.", ["דובר צה\"ל"]),
    ],
)  # fmt: skip
def test_sources_are_found_in_each_languages_shapes(language: str, text: str, named: list[str]) -> None:
    assert [text[start:end] for start, end in grammars()[language].sources(text)] == named


def test_what_a_study_found_and_a_camera_shows_is_no_source_of_a_happening() -> None:
    assert told_by("Pieces found in the yard carry markings.", "en") == []
    assert told_by("Film of 11 March shows a flash.", "en") == []


def test_a_language_without_words_of_saying_names_no_source() -> None:
    assert attributions("Powiedział burmistrz.", "pl") == []


def sentences(*texts: str) -> list[Sentence]:
    """The body of a report."""
    return [Sentence(n * 500, n * 500 + len(t), t, Section.BODY, n) for n, t in enumerate(texts)]


def claimed(*texts: str, of: int = 0, title: str = "Shells on the port") -> list[str]:
    """Whom the event of one sentence rests on."""
    body = sentences(*texts)
    titles = [Sentence(0, len(title), title, Section.TITLE, 0)]
    return [said.text for said in claimants_in(body[of], 10, body, titles, "en")]


def test_the_sentence_beside_names_the_source_where_the_events_own_does_not() -> None:
    assert claimed("Shells hit the port at dawn.", "Two people died, the mayor said.") == ["the mayor"]
    assert claimed("The mayor said on Monday.", "Shells hit the port at dawn.", of=1) == ["The mayor"]
    assert claimed("Shells hit the port.", title="Governor's office said so") == ["Governor's office"]


def test_a_titles_source_is_named_in_full_by_the_story() -> None:
    said = claimed("Nine died, the rights group ORX said.", title="Toll is nine, rights group says")
    assert said == ["the rights group ORX"]
    titles = [Sentence(0, 31, "Toll is nine, rights group says", Section.TITLE, 0)]
    body = sentences("Nine died, the rights group ORX said.")
    assert [c.text for c in claimants_in(titles[0], 3, body, titles, "en")] == ["the rights group ORX"]


def test_an_office_is_named_with_whom_it_is_held_by() -> None:
    assert claimed("Shells hit the port, according to the governor of the province, Musa Bala.") == [
        "the governor of the province, Musa Bala"
    ]


def test_a_dispatch_is_of_the_agency_in_its_first_words() -> None:
    terms = origin_terms()
    assert origin_of(report(text="BERA (NPA) - Shells hit the port."), terms) == "agency:npa"
    assert origin_of(report(text="Shells (mortar) - hit the port."), terms) == "publisher:orontes_wire"


def test_a_report_of_what_a_paper_was_told_relays_the_paper() -> None:
    told = report(text="Six people died on the road, the commissioner told the Coastal Plains News.")
    assert origin_of(told, origin_terms()) == "agency:coastal_plains_news"
    assert (
        origin_of(told.model_copy(update={"source": "Coastal Plains News"}), [])
        == "publisher:coastal_plains_news"
    )


def test_a_title_names_its_speaker_beside_a_colon_but_no_place() -> None:
    assert claimed("Shells hit the port.", title="Four killed in port: police") == ["police"]
    assert claimed("Shells hit the port.", title="Harbour mayor: four killed") == ["Harbour mayor"]
    assert claimed("Shells hit the port.", title="Idlib: four killed") == []
    assert claimed("Shells hit the port.", title="Порт під вогнем — ОВА") == ["ОВА"]
    assert claimed("Shells hit the port.", title="الدفاع المدني: أربعة قتلى") == ["الدفاع المدني"]


def test_an_account_of_the_reporters_own_looks_no_further() -> None:
    assert claimed("I watched shells hit the port.", "Two people died, the mayor said.") == []


def test_a_pronoun_is_no_source() -> None:
    assert claimed("Shells hit the port, she said.", "Nobody came, according to the coast guard.") == [
        "the coast guard"
    ]
