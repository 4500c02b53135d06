"""Two hundred reports of forty shapes: ten kinds of happening, each in four theatres, each told five times."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

TOWNS = {
    "Ukraine": "Kharkiv Odesa Kherson Zaporizhzhia Dnipro Lviv Mykolaiv Sumy Poltava Chernihiv".split(),  # noqa: SIM905
    "Syria": "Idlib Aleppo Homs Hama Manbij Raqqa Latakia Daraa Tartus Palmyra".split(),  # noqa: SIM905
    "Sudan": "Khartoum Omdurman Nyala Kassala Kosti Geneina Sennar Dongola Atbara Rabak".split(),  # noqa: SIM905
    "DR Congo": "Goma Bukavu Mbandaka Bunia Beni Butembo Kisangani Lubumbashi Kananga Uvira".split(),  # noqa: SIM905
}
"""Ten in each of four theatres, so that no two shapes are one happening."""

FIRST = (
    "An air strike hit a market in {town}, {country}, on {day}, killing {few} people, hospital staff said.",
    "A drone strike on a fuel depot in {town}, {country}, on {day} killed {few} workers, the fire service said.",
    "Artillery shelling hit a school in {town}, {country}, on {day} and killed {few} people, teachers said.",
    "Rockets hit a residential district of {town}, {country}, on {day}, killing {few} people, medics said.",
    "A car bomb exploded outside a bank in {town}, {country}, on {day}, killing {few} people, police said.",
    "A roadside mine blew up a bus near {town}, {country}, on {day}, killing {few} passengers, the mayor said.",
    "Gunmen shot dead {few} villagers at a mosque in {town}, {country}, on {day}, a local official said.",
    "Clashes between the army and rebels in {town}, {country}, on {day} killed {few} fighters, witnesses said.",
    "Gunmen abducted {few} aid workers in {town}, {country}, on {day}, their agency said.",
    "The army shot down {few} drones over {town}, {country}, on {day}, the air force said.",
)

OUTLETS = ("Northern Wire", "Harbour Post", "Evening Courier", "Riverside Daily", "Capital Monitor")
ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Shape:
    """One happening."""

    number: int
    template: str
    town: str
    country: str

    def report(self, told: int, run: str, now: datetime) -> dict[str, Any]:
        """The report of the round `told`: news, a second outlet, a raised toll, a copy of it, an unrelated line."""
        day = now - timedelta(days=1)
        few = ("seven", "seven", "nine", "nine", "nine")[told]
        text = self.template.format(town=self.town, country=self.country, day=f"{day:%A}", few=few)
        extra = (
            "",
            " Ambulances were at the scene.",
            " The toll rose overnight.",
            " The toll rose overnight.",
            "",
        )
        if told == ROUNDS - 1:
            text = f"The football club of {self.town} bought a striker on {day:%A}; fans lit fireworks."
        return {
            "url": f"https://{OUTLETS[told].split()[0].lower()}.example/{run}/{self.number}/{told}",
            "source": OUTLETS[told],
            "title": f"{self.town}: report {told}",
            "text": text + extra[told],
            "published_at": now.isoformat(),
            "language": "en",
        }


SHAPES = tuple(
    Shape(number * len(TOWNS) + theatre, template, TOWNS[country][number], country)
    for number, template in enumerate(FIRST)
    for theatre, country in enumerate(TOWNS)
)


def rounds(run: str, days_ago: int) -> Iterator[list[dict[str, Any]]]:
    """Five rounds of forty reports: within a round the order of the incidents does not matter.

    Each test has days of its own, so that what it tells happened to no other.
    """
    now = datetime.now(UTC).replace(microsecond=0) - timedelta(days=days_ago)
    for told in range(ROUNDS):
        yield [shape.report(told, run, now) for shape in SHAPES]
